/** The reference pages: per operation of the core, and per answer to an applet, a table of its fields. */
import fs from 'node:fs/promises';
import path from 'node:path';
import { load, root } from './load.mjs';

const operationsFolder = path.join(root, 'exotel', 'operations');
const ANSWERS = ['connect', 'gather', 'greeting'];

/** Everything with fields: its name, fields, file and the comment at the top of the file. */
export async function described() {
	const files = (await fs.readdir(operationsFolder)).filter((name) => name.endsWith('.ts')).sort();
	const modules = [
		...files.map((name) => `operations/${name.slice(0, -3)}`),
		...ANSWERS.map((applet) => `applets/${applet}-answer-fields`),
	];
	const imports = modules.map((name, index) => `import * as m${index} from './${name}';`);
	const contents = `${imports.join('\n')}\nexport const modules = [${modules.map((_name, i) => `m${i}`).join(', ')}];`;
	const { modules: loaded } = await load(contents, path.join(root, 'exotel'));
	const found = modules.flatMap((file, index) => operationsIn(loaded[index]).map((one) => ({ ...one, file })));
	return Promise.all(found.map(async (one) => ({ ...one, intro: await introOf(one.file) })));
}

function operationsIn(exported) {
	const answer = ANSWERS.map((applet) => `${applet}Answer`).find((name) => exported[`${name}Fields`] !== undefined);
	if (answer !== undefined) return [{ name: answer, fields: exported[`${answer}Fields`] }];
	return Object.values(exported).filter((one) => typeof one?.request === 'function' && one.fields !== undefined);
}

/** The comment at the top of a file as one paragraph. */
async function introOf(file) {
	const text = await fs.readFile(path.join(root, 'exotel', `${file}.ts`), 'utf8');
	const [, comment = ''] = /^\/\*\*([\s\S]*?)\*\//.exec(text) ?? [];
	return comment
		.replace(/^\s*\* ?/gm, '')
		.replace(/\s+/g, ' ')
		.trim();
}

const code = (value) => `\`${value}\``;
const cell = (text) => String(text).replace(/\|/g, '\\|').replace(/\s+/g, ' ');

const KINDS = {
	phone: 'phone number',
	text: 'text',
	integer: 'whole number',
	number: 'number',
	boolean: 'true or false',
	choice: 'one of',
	'multi-choice': 'any of',
	url: 'web address',
	time: 'date and time',
};

function limitsOf({ min, max, unit = '' }) {
	if (min === 1 && max === undefined) return `at least 1 ${unit.replace(/s$/, '')}`;
	if (min !== undefined && max !== undefined) return `from ${min} to ${max} ${unit}`;
	if (min !== undefined) return `at least ${min} ${unit}`;
	return max === undefined ? unit : `at most ${max} ${unit}`;
}

/** Type and limits in words. */
export function typeOf(field) {
	const options = (field.options ?? []).map(({ value }) => code(value)).join(', ');
	const list = field.maxItems === undefined ? '' : listOf(field.maxItems);
	const parts = [
		`${KINDS[field.kind]}${options === '' ? '' : ` ${options}`}${field.allowUnknown ? ' or another word' : ''}`,
		field.sip ? 'or SIP address' : '',
		field.audio ? 'of a wav file' : '',
		limitsOf(field).trim() === '' ? '' : `, ${limitsOf(field).trim()}`,
		list,
		field.dependsOn === undefined ? '' : `; only with ${code(field.dependsOn)}`,
	];
	return parts
		.filter((part) => part !== '')
		.join(' ')
		.replace(/ ([,;])/g, '$1');
}

function listOf(max) {
	return Number.isFinite(max) ? `; a list of up to ${max}` : '; a list';
}

function defaultOf(field) {
	if (field.required) return '**required**';
	const value = Array.isArray(field.default) ? field.default.join(', ') : field.default;
	return value === undefined || value === '' ? '–' : code(value);
}

const HEADINGS = ['Name', 'Label', 'What it is for', 'Type and limits', 'Default', "Exotel's parameter", 'Source'];

function tableOf(fields) {
	const rows = Object.entries(fields).map(([name, field]) => [
		code(name),
		field.label,
		field.description,
		typeOf(field),
		defaultOf(field),
		field.parameter === undefined ? '–' : code(field.parameter),
		field.source ?? '–',
	]);
	return [HEADINGS, HEADINGS.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');
}

/** `connectNumbers` → `connect-numbers.md`. */
const pageOf = (name) => `${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}.md`;

const NOTE = '<!-- Made by `npm run generate` from the descriptions in exotel/; do not edit. -->';

/** The pages of `docs/reference`: file name → text. */
export async function referencePages() {
	const all = await described();
	const list = all.map(({ name }) => `- [${name}](${pageOf(name)})`).join('\n');
	const about =
		'The inputs of every operation, as the forms of both hosts show them and as requests are checked. *Source* names ' +
		"the page of Exotel's documentation (see [sources](../sources.md)) or the section of our [facts](../exotel-facts.md).";
	const index = `${NOTE}\n\n# Reference\n\n${about}\n\n${list}\n`;
	const pages = all.map(({ name, fields, intro }) => {
		const table = Object.keys(fields).length === 0 ? 'It has no inputs.' : tableOf(fields);
		return [pageOf(name), `${NOTE}\n\n# ${name}\n\n${intro}\n\n${table}\n`];
	});
	return new Map([['README.md', index], ...pages]);
}
