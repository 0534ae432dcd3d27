/**
 * Programs that do their work and end, such as npm and compilers: none of them, and nothing that they start, outlives
 * this process.
 */
import { once } from 'node:events';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { startNode, stopNode } from './child.mjs';

const tree = path.join(path.dirname(fileURLToPath(import.meta.url)), 'tree.mjs');
const running = new Set();

/**
 * Runs a program to its end.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<void>}
 * @throws Error with all that it printed, when it fails or is stopped
 */
export async function runProgram(command, args, options = {}) {
	const child = startNode([tree, command, ...args], { ...options, detached: process.platform !== 'win32' });
	running.add(child);
	const streams = [child.stdout, child.stderr];
	let output = '';
	for (const stream of streams) stream.on('data', (chunk) => (output += chunk));
	// There is no event `close` of a process whose channel was closed from here.
	const [[code]] = await Promise.all([once(child, 'exit'), ...streams.map((stream) => once(stream, 'end'))]);
	running.delete(child);
	if (code !== 0) throw new Error(`${[command, ...args].join(' ')} failed:\n${output}`);
}

/** Stops what runs, with all that it has started, and waits for its end. */
export async function stopPrograms() {
	await Promise.all([...running].map(stopNode));
}
