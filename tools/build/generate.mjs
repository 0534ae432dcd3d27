/**
 * Everything that is generated from the core's descriptions of its fields.
 *
 *   node tools/build/generate.mjs [editor] [reference]     (both without a name)
 *
 * `editor`: per Node-RED node its packed html (template and literal definition), texts and icon in `node-red/dist`, and
 * the bundle of the core and all forms. `reference`: the tables of `docs/reference`. n8n needs no step: its nodes read
 * the same descriptions when they are loaded.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import coreOptions from './core-options.cjs';
import { bundleEditor, linkCore } from './editor-bundle.mjs';
import { loadForms, nodeTypes } from './forms.mjs';
import { root } from './load.mjs';
import { nodeDefinition } from './node-definition.mjs';
import { referencePages } from './reference.mjs';

const INDENT = /^\t+/gm;
/** The script is loaded once, by the account's file: Node-RED loads the files in the order of the manifest. */
const SCRIPT = '<script src="resources/@exonodes/node-red-exotel/exotel-editor.js"></script>\n';

/** Copies catalogues and help without their indentation, as the forms: the tarball is held below 200 kB. */
async function copyTexts(from, to) {
	for (const name of await fs.readdir(from, { recursive: true })) {
		const extension = path.extname(name);
		if (extension === '') continue;
		const text = await fs.readFile(path.join(from, name), 'utf8');
		await fs.mkdir(path.dirname(path.join(to, name)), { recursive: true });
		const plain = extension === '.json' ? JSON.stringify(JSON.parse(text)) : text.replace(INDENT, '');
		await fs.writeFile(path.join(to, name), plain);
	}
}

async function editor() {
	const { forms, fieldNames } = await loadForms();
	for (const { type, target, folder } of await nodeTypes()) {
		const form = forms.find((one) => one.type === type);
		if (form === undefined) throw new Error(`No editor.ts defines the form of ${type}.`);
		const template = (await fs.readFile(path.join(folder, 'editor.html'), 'utf8')).replace(INDENT, '');
		const script = form.config ? SCRIPT : '';
		await fs.mkdir(path.join(target, 'icons'), { recursive: true });
		await fs.writeFile(path.join(target, `${type}.html`), script + template + nodeDefinition(form, fieldNames));
		await fs.copyFile(path.join(root, 'icons', 'exotel-node-red.svg'), path.join(target, 'icons', 'exotel.svg'));
		await copyTexts(path.join(folder, 'locales'), path.join(target, 'locales'));
	}
	await bundleEditor(coreOptions);
	await linkCore(path.join(root, 'node-red', 'dist'));
}

async function reference() {
	const folder = path.join(root, 'docs', 'reference');
	await fs.rm(folder, { recursive: true, force: true });
	await fs.mkdir(folder, { recursive: true });
	for (const [name, text] of await referencePages()) await fs.writeFile(path.join(folder, name), text);
}

const steps = { editor, reference };
const named = process.argv.slice(2);
for (const name of named.length > 0 ? named : Object.keys(steps)) {
	const step = steps[name];
	if (step === undefined) throw new Error(`No such step: ${name}. There are: ${Object.keys(steps).join(', ')}.`);
	await step();
}
