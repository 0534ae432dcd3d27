/**
 * Which English text each translation of the Node-RED catalogues was made from: `tools/translations/<language>.json`
 * holds, by key, the first 8 hex digits of the SHA-256 of that text. A test fails while they differ.
 *
 *   npm run translations:accept -- <language> [key …]     records that these translations (all without a key) are right
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadForms, nodeTypes } from './forms.mjs';
import { root } from './load.mjs';

/** The languages besides English. */
export const languages = ['de', 'ja', 'hi'];

const SHARED = 'exotel-account';
const recordOf = (language) => path.join(root, 'tools', 'translations', `${language}.json`);

/** The texts of a nested catalogue by their dotted keys. */
function flatten(texts, before = '') {
	return Object.entries(texts).flatMap(([key, value]) =>
		typeof value === 'string' ? [[before + key, value]] : flatten(value, `${before}${key}.`),
	);
}

/** The texts of one language by `<type>:<key>`. */
export async function catalogue(language) {
	const all = await nodeTypes();
	const texts = await Promise.all(
		all.map(async ({ type, folder }) => {
			const file = path.join(folder, 'locales', language, `${type}.json`);
			const own = flatten(JSON.parse(await fs.readFile(file, 'utf8')));
			return own.map(([key, text]) => [`${type}:${key}`, text]);
		}),
	);
	return new Map(texts.flat());
}

/** Label and options of every field that a form shows, as the core writes them in English. */
async function fieldTexts() {
	const { forms } = await loadForms();
	const shown = forms.flatMap((form) => Object.values(form.sources).map((source) => ({ form, source })));
	return shown.flatMap(({ form, source }) =>
		Object.entries(source.fields)
			.filter(([name]) => !form.except?.includes(name))
			.flatMap(([name, { label, options = [] }]) => [
				{ operation: source.name, part: `${name}.label`, text: label },
				...options.map((one) => ({
					operation: source.name,
					part: `${name}.option.${one.value}`,
					text: one.label,
				})),
			]),
	);
}

/**
 * The English text of every key that a language needs. A field's words are needed once for all operations
 * (`field.any.…`), and once more for an operation in which the English differs.
 */
export async function englishTexts(language) {
	const english = await catalogue('en-US');
	const translated = await catalogue(language);
	const problems = [];
	for (const { operation, part, text } of await fieldTexts()) {
		const own = `${SHARED}:field.${operation}.${part}`;
		const key = translated.has(own) ? own : `${SHARED}:field.any.${part}`;
		const known = english.get(key);
		if (known !== undefined && known !== text) {
			problems.push(`${own} is needed: "${text}" differs from "${known}" of another operation`);
		}
		english.set(key, text);
	}
	return { english, translated, problems };
}

/** The mark of an English text. */
export function hashOf(text) {
	return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

/** The recorded marks of a language by key. */
export async function recorded(language) {
	return JSON.parse(await fs.readFile(recordOf(language), 'utf8').catch(() => '{}'));
}

/** What is wrong with a language: missing, left-over and outdated translations, each with its key. */
export async function findProblems(language) {
	const { english, translated, problems } = await englishTexts(language);
	const marks = await recorded(language);
	const missing = [...english.keys()].filter((key) => !translated.has(key));
	const extra = [...translated.keys()].filter((key) => !english.has(key));
	const outdated = [...english].filter(([key, text]) => translated.has(key) && marks[key] !== hashOf(text));
	return [
		...problems,
		...missing.map((key) => `${key} has no translation`),
		...extra.map((key) => `${key} translates nothing`),
		...outdated.map(([key, text]) => `${key} was translated from another English text than "${text}"`),
	].map((problem) => `${language}: ${problem}`);
}

/** Records the present English text of these keys, or of all, as the one that was translated. */
export async function accept(language, keys) {
	const { english, translated } = await englishTexts(language);
	const unknown = keys.filter((key) => !english.has(key));
	if (unknown.length > 0) throw new Error(`No such text: ${unknown.join(', ')}`);
	const before = await recorded(language);
	const marks = [...english]
		.filter(([key]) => translated.has(key))
		.map(([key, text]) => [key, keys.length === 0 || keys.includes(key) ? hashOf(text) : before[key]])
		.filter(([, mark]) => mark !== undefined)
		.sort(([a], [b]) => (a < b ? -1 : 1));
	await fs.mkdir(path.dirname(recordOf(language)), { recursive: true });
	await fs.writeFile(recordOf(language), `${JSON.stringify(Object.fromEntries(marks), null, 2)}\n`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
	const [language = '', ...keys] = process.argv.slice(2);
	if (!languages.includes(language)) {
		console.error(`npm run translations:accept -- <${languages.join(' | ')}> [key …]`);
		process.exit(2);
	}
	await accept(language, keys);
	for (const problem of await findProblems(language)) console.log(problem);
}
