/** Runs npm the same way on every system: Windows has `npm.cmd` only, which Node starts through a shell alone. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Runs npm with `args`.
 *
 * @param {string[]} args
 * @param {import('node:child_process').ExecFileOptions} options
 */
export async function npm(args, options) {
	// Within `npm run …` npm says where its own script is.
	const script = process.env.npm_execpath ?? '';
	const limits = { maxBuffer: 64 << 20, ...options };
	if (/^npm-cli\.[cm]?js$/.test(path.basename(script))) return await run(process.execPath, [script, ...args], limits);
	const isWindows = process.platform === 'win32';
	const quoted = isWindows ? args.map((argument) => `"${argument}"`) : args;
	return await run(isWindows ? 'npm.cmd' : 'npm', quoted, { ...limits, shell: isWindows });
}
