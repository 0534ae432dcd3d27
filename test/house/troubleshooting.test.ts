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

	it('has every message of the nodes in its table, with an entry that exists', () => {
		const [, table = ''] = /^## Messages of the nodes\n([\s\S]*)$/m.exec(page) ?? [];
		const rows = [...table.matchAll(/^\| (.+?) \| \[[\w-]+\]\(#([\w-]+)\) \|$/gm)];
		const messages = [...messagesOfCatalogues(), ...messagesInSources()].sort();
		assert.ok(messages.length > 20);
		assert.deepEqual(rows.map(([, message = '']) => message).sort(), messages);
		for (const [row, , entry = ''] of rows) assert.ok(entries.includes(entry), row);
	});

	it('has an entry for every error about how a workflow of n8n is built, which carries its address', () => {
		const { text: thrown } = sourcesNaming(/\b(new NodeOperationError|workflowFailure)\(/g);
		assert.ok(thrown.filter((one) => one === 'workflowFailure').length > 5);
		// Those in nodes/host/failure.ts: errors of n8n itself, of a field, and of a workflow.
		assert.equal(thrown.filter((one) => one === 'new NodeOperationError').length, 3);
		assert.ok(entries.includes('workflow'));
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

/** A text of a catalogue: text below keys. */
type Texts = { readonly [key: string]: string | Texts };

/** What the nodes of Node-RED say beside the errors of the core: `error`, `warning` and `refused` of their catalogues. */
function messagesOfCatalogues(): string[] {
	const below = (texts: Texts, isMessage: boolean): string[] =>
		Object.entries(texts).flatMap(([key, value]) => {
			const counts = isMessage || ['error', 'warning', 'refused'].includes(key);
			if (typeof value !== 'string') return key === 'form' || key === 'status' ? [] : below(value, counts);
			return counts && !key.endsWith('-hint') ? [value.replace(/__\w+__/g, '…')] : [];
		});
	return fs
		.readdirSync(path.join(root, 'node-red'), { recursive: true, encoding: 'utf8' })
		.filter((name) => /^(?:account|nodes\/[\w-]+)\/locales\/en-US\/.*\.json$/.test(name))
		.flatMap((name) =>
			below(JSON.parse(fs.readFileSync(path.join(root, 'node-red', name), 'utf8')) as Texts, false),
		);
}

/** Warnings that stand in the sources as text. */
function messagesInSources(): string[] {
	const { text } = sourcesNaming(/(?:node\.warn\(|return )`([^`]*\b(?:dropped|forgotten)\b[^`]*)`/g);
	return text.map((message) => message.replace(/\$\{[^}]*\}/g, '…'));
}

/** The text of an entry. */
function section(entry: string): string {
	const from = page.indexOf(`<a id="${entry}"></a>`);
	const next = page.indexOf('<a id="', from + 1);
	return page.slice(from, next < 0 ? undefined : next);
}
