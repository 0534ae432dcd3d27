/** docs/troubleshooting.md has the entry that an error of the core leads to. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { ExotelError, helpByKind, type ErrorKind } from '../../exotel/errors';
import { knownErrorCodes, meaningOfCode } from '../../exotel/http/error-codes';
import { toExotelError } from '../../exotel/http/error-response';

const root = path.resolve(__dirname, '..', '..');
const page = fs.readFileSync(path.join(root, 'docs', 'troubleshooting.md'), 'utf8');
const entries = [...page.matchAll(/^<a id="([^"]+)"><\/a>\n\n### \S/gm)].map(([, id = '']) => id);
const kinds = Object.keys(helpByKind) as ErrorKind[];

const account = { region: 'mumbai', sid: 'acme1', timeZone: 'Asia/Kolkata', defaultCountry: 'IN' } as const;
const entryOf = ({ help }: ExotelError): string => help.split('#')[1] ?? '';

describe('the troubleshooting page', () => {
	it('every kind of error has an entry, and every code of Exotel', () => {
		for (const kind of kinds) assert.ok(entries.includes(entryOf(new ExotelError(kind, 'm'))), kind);
		for (const code of knownErrorCodes) {
			const meaning = meaningOfCode(code);
			assert.ok(meaning !== undefined);
			const { kind, help } = meaning;
			assert.ok(entries.includes(entryOf(new ExotelError(kind, 'm', { help }))), code);
		}
	});

	it('every entry that the sources name exists', () => {
		const { text } = sourcesNaming(/\bhelp: '([\w-]+)'/g);
		assert.ok(text.length > 10);
		assert.deepEqual(
			text.filter((entry) => !entries.includes(entry)),
			[],
		);
	});

	it('every code of an agent, a list or a call that has an entry of its own stands in that entry', () => {
		for (const code of knownErrorCodes) {
			const help = meaningOfCode(code)?.help;
			if (help !== undefined) assert.ok(section(help).includes(code), `${code} in ${help}`);
		}
	});

	it('an error that Exotel answers leads to the entry of what is wrong', () => {
		const entry = (status: number, body: object, resource?: 'recording' | 'call') => {
			const error = toExotelError(
				{ status, headers: {}, body: JSON.stringify(body) },
				account,
				resource === undefined ? undefined : { url: 'https://api.in.exotel.com/x', resource },
			);
			assert.ok(error !== null);
			return entryOf(error);
		};
		const v1 = (Status: number, Code?: number) => ({ RestException: { Status, Message: 'm', Code } });
		assert.equal(entry(401, v1(401)), '401');
		assert.equal(entry(402, v1(402)), '402');
		assert.equal(entry(403, v1(403)), '403');
		assert.equal(entry(403, v1(403, 340030)), 'kyc');
		assert.equal(entry(404, {}), 'region');
		assert.equal(entry(404, v1(404), 'call'), '404');
		assert.equal(entry(404, v1(404), 'recording'), 'recording');
		assert.equal(entry(429, v1(429)), '429');
		assert.equal(entry(503, v1(503, 35008)), 'exotel-error');
		assert.equal(
			entry(409, { response: { code: 409, status: 'failure', error_data: { code: 10706 } } }),
			'agent-busy',
		);
	});

	it('leads to every entry from its table of symptoms or from another entry', () => {
		assert.ok(entries.length >= 20);
		for (const entry of entries) {
			const linked = page.includes(`(#${entry})`) || kinds.some((kind) => helpByKind[kind] === entry);
			const byCode = knownErrorCodes.some((code) => meaningOfCode(code)?.help === entry);
			assert.ok(linked || byCode || sourcesNaming(/\bhelp: '([\w-]+)'/g).text.includes(entry), entry);
		}
	});
});

/** What the expression finds in the sources of the core and of the nodes. */
function sourcesNaming(expression: RegExp): { text: string[] } {
	const text = ['exotel', 'nodes', 'node-red'].flatMap((folder) =>
		fs
			.readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
			.filter((name) => name.endsWith('.ts') && !/(^|\/)(dist|node_modules)\//.test(name))
			.flatMap((name) => [...fs.readFileSync(path.join(root, folder, name), 'utf8').matchAll(expression)])
			.map(([, entry = '']) => entry),
	);
	return { text };
}

/** The text of an entry. */
function section(entry: string): string {
	const from = page.indexOf(`<a id="${entry}"></a>`);
	const next = page.indexOf('<a id="', from + 1);
	return page.slice(from, next < 0 ? undefined : next);
}
