/** The forms of the Node-RED nodes: each is the default export of the `editor.ts` beside its node. */
import fs from 'node:fs/promises';
import path from 'node:path';
import { load, root } from './load.mjs';

const source = path.join(root, 'node-red');

/** The node types of the package: where their sources are and where Node-RED looks for the built files. */
export async function nodeTypes() {
	const manifest = JSON.parse(await fs.readFile(path.join(source, 'package.json'), 'utf8'));
	return Object.entries(manifest['node-red'].nodes).map(([type, compiled]) => {
		const target = path.dirname(path.join(source, compiled));
		return { type, target, folder: path.join(source, path.relative(path.join(source, 'dist'), target)) };
	});
}

/** TypeScript that imports every form as `forms`, relative to `node-red/`. */
export async function importForms() {
	const types = await nodeTypes();
	const imports = types.map(({ folder }, index) => {
		const file = path.relative(source, path.join(folder, 'editor')).split(path.sep).join('/');
		return `import form${index} from './${file}';`;
	});
	return `${imports.join('\n')}\nexport const forms = [${types.map((_type, index) => `form${index}`).join(', ')}];\n`;
}

/** All forms, and the functions that list their fields. */
export async function loadForms() {
	const contents = `${await importForms()}export { fieldNames } from './editor/form';\n`;
	return load(contents, source);
}
