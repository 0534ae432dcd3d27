/** The files of the repository: everything in the tree that .gitignore does not leave out. It needs no git. */
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import ignore from 'ignore';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** False for what .gitignore leaves out; the paths of folders end with a slash. */
const isKept = ignore()
	.add('.git')
	.add(fs.readFileSync(path.join(root, '.gitignore'), 'utf8'))
	.createFilter();

/**
 * The files, as paths from the root with slashes, in the order of their names.
 *
 * @param {string[]} [among] files and folders to look at, from the root; without it all of them
 * @returns {string[]}
 */
export function repositoryFiles(among = fs.readdirSync(root)) {
	return among
		.toSorted()
		.filter((name) => fs.existsSync(path.join(root, name)))
		.flatMap((name) => {
			const isFolder = fs.lstatSync(path.join(root, name)).isDirectory();
			if (!isKept(isFolder ? `${name}/` : name)) return [];
			if (!isFolder) return [name];
			return repositoryFiles(fs.readdirSync(path.join(root, name)).map((child) => `${name}/${child}`));
		});
}
