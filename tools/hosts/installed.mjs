/**
 * The real hosts and tools that are too large for `npm ci`: each `tools/<name>/` holds a package.json and a lock file;
 * this installs it once per machine into a cache folder outside the tree, keyed by the lock's content, and says where
 * it is.
 */
import crypto from 'node:crypto';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { npm } from './npm.mjs';

const tools = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const cache = path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache'), 'exonodes');

/** Written when an installation is complete. */
const READY = '.ready';

/**
 * Installs `tools/<name>` unless it is there already.
 *
 * @param {string} name folder below tools/
 * @param {string[]} flags further flags for `npm ci`
 * @param {(folder: string) => Promise<void>} [finish] what is left to do after `npm ci`, e.g. building a native module
 * @param {'ci' | 'install'} [command] `install` keeps to the lock file too, but forgives optional packages for other
 *   platforms that
 *   the registry of the machine where the lock was written does not have
 * @returns {Promise<string>} the folder that holds node_modules
 */
export async function installed(name, flags = [], finish = async () => {}, command = 'ci') {
	const folder = await folderOf(name);
	if (await isComplete(folder)) return folder;
	await fs.rm(folder, { recursive: true, force: true });
	await fs.mkdir(folder, { recursive: true });
	for (const file of ['package.json', 'package-lock.json'])
		await fs.copyFile(path.join(tools, name, file), path.join(folder, file));
	await npm([command, '--no-audit', '--no-fund', ...flags], { cwd: folder });
	await finish(folder);
	await fs.writeFile(path.join(folder, READY), '');
	return folder;
}

/** True when `installed` would find it there. */
export async function isInstalled(name) {
	return await isComplete(await folderOf(name));
}

async function folderOf(name) {
	const lock = await fs.readFile(path.join(tools, name, 'package-lock.json'));
	const key = crypto.createHash('sha256').update(lock).update(process.version).digest('hex').slice(0, 16);
	return path.join(cache, `${name}-${key}`);
}

async function isComplete(folder) {
	return await fs.access(path.join(folder, READY)).then(
		() => true,
		() => false,
	);
}
