/**
 * Node programs that can be stopped in order on every system. Windows has no signals: `child.kill()` ends a process
 * there at once, whatever it does. So these have an IPC channel, and take its end for SIGTERM (ends-with-parent.cjs);
 * none of them outlives the process that started it, however that one ends.
 */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const preload = path.join(path.dirname(fileURLToPath(import.meta.url)), 'ends-with-parent.cjs');
/** What a program has to close in before it is ended at once. */
const GRACE_MS = 30_000;

/**
 * Starts a Node program; its output is piped.
 *
 * @param {string[]} args the script and its arguments, Node's own options first
 * @param {{ node?: string, cwd?: string, env?: NodeJS.ProcessEnv, detached?: boolean }} [options] `node`: the Node that runs it
 * @returns {import('node:child_process').ChildProcess}
 */
export function startNode(args, { node = process.execPath, ...options } = {}) {
	return spawn(node, ['--require', preload, ...args], { ...options, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
}

/**
 * Stops what `startNode` started, as SIGTERM does.
 *
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<number | null>} its exit code; null when it had to be ended at once
 */
export async function stopNode(child) {
	const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
	if (hasEnded()) return child.exitCode;
	const exited = new Promise((resolve) => child.once('exit', resolve));
	if (child.connected) child.disconnect();
	const force = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
	await exited;
	clearTimeout(force);
	return child.exitCode;
}
