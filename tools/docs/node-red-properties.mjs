/** What a Node-RED node has in the JSON of a flow, made from its form. */
import fs from 'node:fs';
import path from 'node:path';
import { loadForms } from '../build/forms.mjs';
import { fieldDefault } from '../build/node-definition.mjs';
import { typeOf } from '../build/reference.mjs';
import { code, table } from './markdown.mjs';

/** The values of the selects of a form, by property. */
function choicesOf(html) {
	const selects = html.matchAll(/<select id="node-(?:config-)?input-(\w+)"[^>]*>([\s\S]*?)<\/select>/g);
	return Object.fromEntries(
		[...selects].map(([, name, inner]) => [name, [...inner.matchAll(/<option value="([^"]*)"/g)].map(([, one]) => one)]),
	);
}

function ownRow(name, { value, typed, required }, { labels, choices, texts }) {
	const words = Array.isArray(value) ? value : (choices[name] ?? []);
	const said = (word) => (texts[name]?.[word] === undefined ? '' : ` (${texts[name][word]})`);
	const list = words.map((word) => `${code(word)}${said(word)}`).join(', ');
	const one = typeof value === 'boolean' ? '`true` or `false`' : 'text';
	const chosen = Array.isArray(value) ? `a list of ${list}` : `one of ${list}`;
	return {
		name,
		about: labels[name] ?? '',
		type: list === '' ? one : chosen,
		usual: Array.isArray(value) ? 'all of them' : value,
		kind: typed?.type,
		required,
	};
}

function fieldRow(form, name) {
	const source = Object.values(form.sources).find(({ fields }) => name in fields);
	const field = source.fields[name];
	const modes = Object.keys(form.sources).filter((mode) => name in form.sources[mode].fields);
	const everywhere = form.mode === undefined || modes.length === Object.keys(form.sources).length;
	const [usual, kind] = fieldDefault(form, name, field.kind);
	const when = everywhere ? '' : ` Only with ${code(form.mode)} ${modes.map(code).join(' or ')}.`;
	return { name, about: `${field.description}${when}`, type: typeOf(field), usual, kind, required: field.required };
}

/** The properties of a form: name, meaning, value, value and type of a new node. */
function rowsOf(form, fieldNames, texts) {
	const account = { name: 'account', about: 'The id of an `exotel-account` node', type: 'text', usual: '', required: true };
	return [
		...(form.account ? [account] : []),
		...fieldNames(form).map((name) => fieldRow(form, name)),
		...Object.entries(form.own).map(([name, own]) => ownRow(name, own, texts)),
	];
}

const usualOf = ({ usual, kind, required }) => {
	const blank = required ? '**required**' : '–';
	const value = usual === '' ? blank : code(String(usual));
	return kind === undefined ? value : `${value}, type ${code(kind)}`;
};

/** What is in the JSON of a flow: as a table, and as a list for llms.txt; by node type. */
export async function nodeRedProperties(root) {
	const { forms, fieldNames } = await loadForms();
	return new Map(
		forms.map((form) => {
			const folder = path.join(root, 'node-red', form.config ? 'account' : `nodes/${form.type}`);
			const html = fs.readFileSync(path.join(folder, 'editor.html'), 'utf8');
			const catalogue = JSON.parse(
				fs.readFileSync(path.join(folder, 'locales', 'en-US', `${form.type}.json`), 'utf8'),
			);
			const texts = { labels: catalogue[form.type].label, choices: choicesOf(html), texts: catalogue[form.type] };
			const rows = rowsOf(form, fieldNames, texts);
			const secrets = (form.credentials ?? []).map(code).join(', ');
			const credentials = secrets === '' ? '' : `\n\nEntered in the form, never part of a flow: ${secrets}.`;
			return [
				form.type,
				{
					table: `${table(
						['Name', 'What it is for', 'Value', 'New node'],
						rows.map((row) => [code(row.name), row.about, row.type, usualOf(row)]),
					)}${credentials}`,
					list: `${rows.map((row) => `- ${code(row.name)} (${row.type}; ${usualOf(row)}): ${row.about}`).join('\n')}${credentials}`,
				},
			];
		}),
	);
}
