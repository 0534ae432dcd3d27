/** What the files of a package take of the core at run time; the rest of it is for the other package. */
'use strict';

const fs = require('node:fs/promises');
const path = require('node:path');

const root = path.resolve(__dirname, '..', '..');
const IMPORT = /^(?:import|export) \{([^}]*)\} from '[./]+exotel(?:\/index)?';/gm;

/** The names, sorted, that the TypeScript files below these folders import from `exotel/index.ts`. */
async function coreNames(folders) {
	const names = new Set();
	for (const folder of folders) {
		for (const name of await fs.readdir(path.join(root, folder), { recursive: true })) {
			if (!name.endsWith('.ts') || /(?:^|[\\/])(?:node_modules|dist)[\\/]/.test(name)) continue;
			const text = await fs.readFile(path.join(root, folder, name), 'utf8');
			for (const [, list] of text.matchAll(IMPORT))
				for (const one of list.split(',').map((written) => written.trim()))
					if (one !== '' && !one.startsWith('type ')) names.add(one.split(' as ')[0]);
		}
	}
	return [...names].sort();
}

/** The entry of a bundle of the core with what these folders need, as esbuild's `stdin`. */
async function coreEntry(folders) {
	return {
		contents: `export { ${(await coreNames(folders)).join(', ')} } from './index';`,
		resolveDir: path.join(root, 'exotel'),
		loader: 'ts',
	};
}

module.exports = { coreEntry };
