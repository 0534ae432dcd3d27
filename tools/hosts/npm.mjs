/** Runs npm the same way on every system. */
import path from 'node:path';
import { runProgram } from './programs.mjs';

/**
 * Runs npm with `args`.
 *
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} options
 */
export async function npm(args, options) {
	// Within `npm run …` npm says where its own script is.
	const script = process.env.npm_execpath ?? '';
	if (/^npm-cli\.[cm]?js$/.test(path.basename(script)))
		await runProgram(process.execPath, [script, ...args], options);
	else await runProgram(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, options);
}
