/**
 * The real hosts and tools that are too large for `npm ci`: each `tools/<name>/` holds a package.json and a lock file;
 * this installs it once per machine into a cache folder outside the tree, keyed by the lock file's content, and says
 * where it is. It is installed beside that folder and renamed when it is complete: one that was cut off is never used.
 */
import crypto from 'node:crypto';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { isAlive, withLock } from './lock.mjs';
import { npm } from './npm.mjs';

const tools = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const cache = path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache'), 'exonodes');

/** Written when an installation is complete. */
const READY = '.ready';
/** Between the name of a folder and the id of the process that is installing it. */
const PART = '.part-';

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
	await fs.mkdir(cache, { recursive: true });
	const waits = (pid) => console.error(`Waiting for process ${pid}, which installs ${name} in ${folder}.`);
	await withLock(`${folder}.lock`, { waits }, async () => {
		if (await isComplete(folder)) return;
		await removeUnfinished(folder);
		const part = `${folder}${PART}${process.pid}`;
		try {
			await install(part, { name, flags, finish, command });
			// It may be in use already, if the lock was lost meanwhile.
			if (await isComplete(folder)) return;
			// Of a version that installed in place.
			await fs.rm(folder, { recursive: true, force: true });
			await fs.rename(part, folder);
		} finally {
			await fs.rm(part, { recursive: true, force: true });
		}
	});
	return folder;
}

async function install(folder, { name, flags, finish, command }) {
	// Of an earlier process with the same id.
	await fs.rm(folder, { recursive: true, force: true });
	await fs.mkdir(folder);
	for (const file of ['package.json', 'package-lock.json'])
		await fs.copyFile(path.join(tools, name, file), path.join(folder, file));
	await npm([command, '--no-audit', '--no-fund', ...flags], { cwd: folder });
	await finish(folder);
	await fs.writeFile(path.join(folder, READY), '');
}

/** Removes what processes that have ended left of their installations. */
async function removeUnfinished(folder) {
	const begin = `${path.basename(folder)}${PART}`;
	for (const name of await fs.readdir(cache))
		if (name.startsWith(begin) && !isAlive(Number(name.slice(begin.length))))
			await fs.rm(path.join(cache, name), { recursive: true, force: true });
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
