/** The built simulator as its users start it: a process of its own on a free port. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';

const cli = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', 'simulator', 'dist', 'cli.js');
/** It is ready within a second; this is for a machine that hangs. */
const READY_MS = 30_000;

/**
 * Starts the simulator. The documented 200 calls a minute are a limit of Exotel, not of a measurement.
 *
 * @param {string[]} options further options of its command line
 * @returns {Promise<{ url: string, pid: number, readyMs: number, calls(): Promise<number>, stop(): Promise<void> }>}
 */
export async function startSimulator(...options) {
	const spawned = performance.now();
	const child = spawn(process.execPath, [cli, '--port', '0', '--as-seen-in-the-field', ...options], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	const exited = once(child, 'exit');
	let printed = '';
	child.stdout.setEncoding('utf8').on('data', (chunk) => (printed += chunk));
	const late = AbortSignal.timeout(READY_MS);
	while (!/Base URL +\S+/.test(printed)) {
		const more = once(child.stdout, 'data', { signal: late });
		await Promise.race([more, exited.then(([code]) => Promise.reject(new Error(`The simulator ended: ${code}`)))]);
	}
	const url = /Base URL +(\S+)/.exec(printed)[1];
	return {
		url,
		pid: child.pid,
		readyMs: performance.now() - spawned,
		/** How many calls it holds. */
		calls: async () => (await (await fetch(`${url}/_simulator/api/state`)).json()).calls.kept,
		async stop() {
			child.kill('SIGTERM');
			await exited;
		},
	};
}
