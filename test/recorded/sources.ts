/** The product's modules as a new process has them: nothing is left of what they kept in memory. */
import { createRequire } from 'node:module';
import path from 'node:path';

const { cache } = createRequire(__filename);
const root = path.resolve(__dirname, '../..');
const folders = ['exotel', 'node-red', 'nodes'].map((folder) => path.join(root, folder) + path.sep);

/** Forgets the loaded modules of the product. Whoever needs one afterwards loads it anew. */
export function forgetSources(): void {
	for (const file of Object.keys(cache))
		if (folders.some((folder) => file.startsWith(folder))) Reflect.deleteProperty(cache, file);
}
