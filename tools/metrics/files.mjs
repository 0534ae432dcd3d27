/** The production files of each package. */
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { repositoryFiles } from '../files.mjs';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
export const packages = ['exotel', 'nodes', 'credentials', 'node-red', 'simulator'];

const GENERATED = /\.generated\.|^node-red\/resources\/exotel-rules\.js$/;

/** `{ package, name, text, source }` of every file; `source` is its syntax tree, or null when it is no TypeScript. */
export function productionFiles() {
	return repositoryFiles(packages)
		.filter((name) => /\.(?:ts|js|html)$/.test(name) && !GENERATED.test(name))
		.filter((name) => !name.includes('/examples/'))
		.map((name) => {
			const text = fs.readFileSync(path.join(root, name), 'utf8');
			const source = name.endsWith('.ts') ? ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true) : null;
			return { package: name.split('/')[0], name, text, source };
		});
}

/** The unit a file belongs to: its folder, or the file itself when it lies at the root of its package. */
export function unitOf(name) {
	return path.posix.dirname(name).includes('/') ? path.posix.dirname(name) : name;
}

/** Calls `visit` for a node and everything in it. */
export function walk(node, visit) {
	visit(node);
	node.forEachChild((child) => walk(child, visit));
}
