/**
 * A lock between processes of this computer: a file with the id of its holder, who touches it all the time. A holder
 * that has ended, or that no longer touches it, has lost it.
 */
import fs from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const BEAT_MS = 1_000;
/** After so many looks at a file that was not touched, its holder is taken for ended: its id may be another's by now. */
const SILENT_LOOKS = 20;
/** Between a look at a lost lock and its removal another process may have taken it: it is over by then. */
const SETTLE_MS = 100;

/**
 * Does `work` while nobody else who asks for this lock does theirs.
 *
 * @template T
 * @param {string} file
 * @param {{ waits: (holder: number) => void, beatMs?: number }} options
 *   `waits` is told once when another process has to be waited for
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(file, { waits, beatMs = BEAT_MS }, work) {
	await take(file, waits, beatMs);
	const touch = () => fs.utimes(file, new Date(), new Date()).catch(() => undefined);
	const beat = setInterval(touch, beatMs);
	try {
		return await work();
	} finally {
		clearInterval(beat);
		// Whoever took this process for ended has it now.
		if ((await look(file)).pid === process.pid) await fs.rm(file, { force: true });
	}
}

async function take(file, waits, beatMs) {
	let last;
	let silent = 0;
	let told = false;
	while (!((await create(file)) && (await isKept(file)))) {
		const { pid, touched } = await look(file);
		silent = touched === last ? silent + 1 : 0;
		last = touched;
		if ((pid && !isAlive(pid)) || silent > SILENT_LOOKS) {
			await fs.rm(file, { force: true });
			continue;
		}
		if (pid && !told) waits(pid);
		told ||= Boolean(pid);
		await sleep(beatMs);
	}
}

/** False when another process, which saw the same lost lock, removed this one's in its place. */
async function isKept(file) {
	await sleep(SETTLE_MS);
	return (await look(file)).pid === process.pid;
}

/** False when it is there. */
async function create(file) {
	try {
		await fs.writeFile(file, String(process.pid), { flag: 'wx' });
		return true;
	} catch (error) {
		if (error.code === 'EEXIST') return false;
		throw error;
	}
}

/** `pid` is missing while the file is being written, and when it is gone. */
async function look(file) {
	try {
		const [text, { mtimeMs }] = await Promise.all([fs.readFile(file, 'utf8'), fs.stat(file)]);
		return { pid: Number(text), touched: mtimeMs };
	} catch {
		return {};
	}
}

/** True when there is a process with this id. */
export function isAlive(pid) {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return error.code === 'EPERM';
	}
}
