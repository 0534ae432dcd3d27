/**
 * What a starter keeps between two starts, in `.exonodes/<name>` of this repository: what was drawn, keys, calls, and
 * the ports. `npm start -- --fresh` begins anew.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import { isAlive } from '../hosts/lock.mjs';

/**
 * The folder of a starter and what it noted there.
 *
 * @param {{ root: string, name: string, isFresh: boolean }} options
 * @returns {Promise<{ folder: string, kept: Record<string, unknown> | null, keep: (state: object) => Promise<void>,
 *   leave: () => Promise<void> }>}
 *   `kept` is null at the first start; `keep` notes something for the next one; `leave` lets the next one in
 * @throws RangeError when another process works in this folder
 */
export async function startFolder({ root, name, isFresh }) {
	const folder = process.env.EXONODES_START_FOLDER ?? path.join(root, '.exonodes', name);
	const lock = path.join(folder, 'running.json');
	const running = await read(lock);
	if (running !== null && isAlive(running.pid))
		throw new RangeError(`This is running already (process ${running.pid}). Stop it there with Ctrl-C first.`);
	if (isFresh) await fs.rm(folder, { recursive: true, force: true });
	await fs.mkdir(folder, { recursive: true, mode: 0o700 });
	await fs.writeFile(lock, JSON.stringify({ pid: process.pid }));
	const file = path.join(folder, 'start.json');
	return {
		folder,
		kept: await read(file),
		keep: (state) => fs.writeFile(file, JSON.stringify(state), { mode: 0o600 }),
		leave: () => fs.rm(lock, { force: true }),
	};
}

/** Null when there is none, or when it was cut off while it was written. */
async function read(file) {
	try {
		return JSON.parse(await fs.readFile(file, 'utf8'));
	} catch {
		return null;
	}
}
