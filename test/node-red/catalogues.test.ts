/**
 * The message catalogues: every text the runtime and the forms ask for is there, none is left over, a status fits under
 * a node, and every help text has the parts Node-RED's style guide asks for.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { callbackSources, callEventTypes } from '../../exotel';
import { callOutcomes } from '../../exotel/call/call';
import { findingKeys } from '../../exotel/account-check/finding';
import manifest from '../../node-red/package.json';

const root = path.resolve(__dirname, '..', '..', 'node-red');
const types = Object.keys(manifest['node-red'].nodes);
const folderOf = (type: string): string =>
	type === 'exotel-account' ? path.join(root, 'account') : path.join(root, 'nodes', type);
const SHARED = 'exotel-account';
/** Node-RED recommends fewer than 20 characters; who did not answer needs some more. */
const LONGEST_STATUS = 25;

const eventTypes: readonly string[] = callEventTypes;
const reportSources: readonly string[] = callbackSources;
const findings: readonly string[] = findingKeys;

type Texts = { [key: string]: string | Texts };

function flatten(texts: Texts, before = ''): Map<string, string> {
	const flat = new Map<string, string>();
	for (const [key, value] of Object.entries(texts)) {
		if (typeof value === 'string') flat.set(before + key, value);
		else for (const [inner, text] of flatten(value, `${before}${key}.`)) flat.set(inner, text);
	}
	return flat;
}

const catalogue = (type: string, language = 'en-US'): Map<string, string> =>
	flatten(
		JSON.parse(fs.readFileSync(path.join(folderOf(type), 'locales', language, `${type}.json`), 'utf8')) as Texts,
	);

/** All our files that may ask for a text. */
function sources(): { file: string; text: string }[] {
	const found: { file: string; text: string }[] = [];
	const walk = (folder: string): void => {
		for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
			const file = path.join(folder, entry.name);
			if (entry.isDirectory()) {
				if (!['node_modules', 'dist', 'locales', 'examples', 'resources'].includes(entry.name)) walk(file);
			} else if (/\.(ts|html)$/.test(entry.name)) {
				found.push({ file: path.relative(root, file), text: fs.readFileSync(file, 'utf8') });
			}
		}
	};
	walk(root);
	return found;
}

/** The key as written: whole, or – where a program puts the last part in – as far as it is written. */
function asked(file: string, text: string): { type: string; key: string; whole: boolean }[] {
	const keys: { type: string; key: string; whole: boolean }[] = [];
	const [, own = SHARED] = /^nodes\/(exotel-[a-z-]+)\//.exec(file) ?? [];
	const note = (type: string, key: string): void => {
		const open = key.search(/\$\{|$/);
		keys.push({ type, key: key.slice(0, open), whole: open === key.length });
	};
	for (const [, type, key] of text.matchAll(
		/["'`;\]](exotel-[a-z-]+)\.([a-zA-Z0-9_.${}-]*[a-zA-Z0-9}_-])["'`;](?! \+)/g,
	))
		if (types.includes(type as string) && key !== 'write') note(type as string, `${type}.${key}`);
	for (const [, type, key] of text.matchAll(/["'`](exotel-[a-z-]+)\.([a-zA-Z0-9_.-]+[.-])['"`] \+/g))
		if (types.includes(type as string)) note(type as string, `${type}.${key}\${`);
	for (const [, key] of text.matchAll(/@exonodes\/node-red-exotel\/exotel-account:([a-zA-Z0-9_.${}-]+)["'`]/g))
		if (!(key as string).endsWith('.')) note(SHARED, key as string);
	// A form asks for its own texts without the name of its node.
	for (const [, key] of text.matchAll(/\bview\.word\(\s*['`]([a-zA-Z0-9_.${}-]+)/g)) note(own, `${own}.${key}`);
	for (const [, key, plus] of text.matchAll(/\bshared\(\s*['"]([a-zA-Z0-9_.-]+)['"]( \+)?/g))
		if (!(key as string).startsWith('field.')) note(SHARED, plus === undefined ? (key as string) : `${key}\${`);
	return keys;
}

/** tools/build/translations.mjs: the English texts behind the translations. */
const translations = (): Promise<{ findProblems(language: string): Promise<string[]> }> =>
	import(pathToFileURL(path.join(root, '..', 'tools', 'build', 'translations.mjs')).href);

describe('message catalogues', () => {
	const files = sources();
	const catalogues = new Map(types.map((type) => [type, catalogue(type)]));

	it('every text that is asked for by its whole name is there, and every beginning of a name has an end', () => {
		const missing: string[] = [];
		let count = 0;
		for (const { file, text } of files) {
			for (const { type, key, whole } of asked(file, text)) {
				count += 1;
				const keys = [...(catalogues.get(type) as Map<string, string>).keys()];
				if (whole ? !keys.includes(key) : !keys.some((one) => one.startsWith(key)))
					missing.push(`${file}: ${key}`);
			}
		}
		assert.ok(count > 200, `only ${count} keys were found: the search is wrong`);
		assert.deepEqual(missing, []);
	});

	it('no text is left over', () => {
		const all = files.map(({ text }) => text).join('\n');
		const unused: string[] = [];
		for (const [type, texts] of catalogues) {
			for (const key of texts.keys()) {
				// Texts of the fields are asked for by the core's names of the fields.
				if (/^field\./.test(key)) continue;
				const last = key.slice(key.lastIndexOf('.') + 1);
				const cut = last.indexOf('-');
				const written = [
					key,
					key.split('.').slice(-2).join('.'),
					`'${last}'`,
					`.${last}'`,
					`"${last}"`,
					`'${last.slice(0, cut + 1)}`,
					`.${last.slice(0, cut + 1)}`,
					`\`${last.slice(0, cut + 1)}`,
				];
				// Shown by the kind of an error, a broken rule, a finding, a fault of an address, a region, the outcome of a call, an
				// event or its source: words of the core.
				const byKind =
					key.startsWith('status.') ||
					key.startsWith('form.rule.') ||
					findings.includes(key.replace(/^finding\./, '')) ||
					key === 'form.address.private' ||
					/\.short\./.test(key) ||
					(/\.status\./.test(key) && callOutcomes.some((outcome) => outcome === last)) ||
					/\.status\.(agent|customer)-/.test(key) ||
					(/\.(status|events)\./.test(key) && eventTypes.includes(last)) ||
					(/\.sources\./.test(key) && reportSources.includes(last));
				if (!byKind && !written.slice(0, cut === -1 ? 5 : 8).some((one) => all.includes(one)))
					unused.push(`${type}: ${key}`);
			}
		}
		assert.deepEqual(unused, []);
	});

	it('every state a node shows has a text, short enough for its place', () => {
		for (const [type, texts] of catalogues) {
			for (const [key, text] of texts) {
				if (!/(^|\.)status\./.test(key)) continue;
				assert.ok(text.replace('__count__', '9999').length < LONGEST_STATUS, `${type} ${key}: ${text}`);
			}
		}
		for (const { file, text } of files) {
			const [, type] = /^nodes\/(exotel-[a-z-]+)\//.exec(file) ?? [];
			for (const [, key] of text.matchAll(/status\.show\('[a-z]+', '([a-z.-]+)'/g)) {
				const wanted = (key as string).startsWith('.') ? `status${key}` : `${type}.status.${key}`;
				assert.ok(
					catalogues
						.get((key as string).startsWith('.') ? SHARED : (type ?? 'exotel-make-call'))
						?.has(type === undefined ? wanted.replace('undefined', 'exotel-make-call') : wanted),
					`${file}: ${key}`,
				);
			}
		}
	});

	it('every outcome of a call has a text under the nodes that show it', () => {
		for (const type of ['exotel-get-call', 'exotel-make-call'])
			for (const outcome of callOutcomes)
				assert.ok(catalogues.get(type)?.has(`${type}.status.${outcome}`), `${type}: ${outcome}`);
	});

	for (const language of ['de', 'ja', 'hi']) {
		it(`${language} was translated from the English of today`, async () => {
			assert.deepEqual(await (await translations()).findProblems(language), []);
		});

		it(`${language} says everything English says, with the same values in it`, () => {
			const values = (text: string | undefined): string[] =>
				[...(text ?? '').matchAll(/__\w+__/g)].map(([value]) => value).sort();
			for (const [type, texts] of catalogues) {
				const translated = catalogue(type, language);
				const own = (key: string): boolean => !key.startsWith('field.');
				assert.deepEqual([...translated.keys()].filter(own).sort(), [...texts.keys()].filter(own).sort(), type);
				for (const [key, text] of texts) {
					// In English a broken rule is told in the core's own words.
					if (text === '__message__') assert.match(translated.get(key) ?? '', /__label__/, key);
					else assert.deepEqual(values(translated.get(key)), values(text), `${type} ${key}`);
				}
			}
		});
	}

	for (const type of types) {
		it(`the help of ${type} has an introduction and its parts in order`, () => {
			const help = fs.readFileSync(path.join(folderOf(type), 'locales', 'en-US', `${type}.html`), 'utf8');
			assert.match(help, new RegExp(`^<script type="text/html" data-help-name="${type}">\\s*<p>`));
			const parts = [...help.matchAll(/<h3>([^<]+)<\/h3>/g)].map(([, title]) => title);
			assert.deepEqual(
				parts,
				['Inputs', 'Outputs', 'Details', 'References'].filter((title) => parts.includes(title)),
			);
			assert.ok(parts.includes('Details'));
			const definition = fs.readFileSync(path.join(folderOf(type), 'editor.ts'), 'utf8');
			const has = (what: string): boolean => new RegExp(`\\b${what}: [1-9]`).test(definition);
			assert.deepEqual([parts.includes('Inputs'), parts.includes('Outputs')], [has('inputs'), has('outputs')]);
		});
	}
});
