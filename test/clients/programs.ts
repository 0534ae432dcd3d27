/** The programs that run the clients: which are on this machine, and how one is run. */
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = path.resolve(__dirname, '..', '..');

/** How a client is run. */
export interface Program {
	command: string;
	/** Before the client's file. */
	options: string[];
	environment: Record<string, string>;
	/** Folder of the PHP library "Requests", for the samples that include it. */
	phpRequests?: string;
}

/** Runs a program in a folder. @returns what it printed */
export async function runProgram(program: Program, client: string[], folder: string): Promise<string> {
	const { stdout } = await run(program.command, [...program.options, ...client], {
		cwd: folder,
		env: { PATH: process.env.PATH, NO_PROXY: '127.0.0.1', ...program.environment },
		timeout: 60_000,
	});
	return stdout;
}

/** The first command that can do this. @throws Error that says what to install */
async function firstThatRuns(commands: string[], check: string[], install: string): Promise<string> {
	for (const command of commands) {
		const can = await run(command, check).then(
			() => true,
			() => false,
		);
		if (can) return command;
	}
	throw new Error(`not on this machine; on Debian: ${install}`);
}

/** Node with the client and the library that are pinned in tools/exotel-node. */
async function node(): Promise<Program> {
	const tool = pathToFileURL(path.join(root, 'tools', 'hosts', 'installed.mjs')).href;
	const { installed } = (await import(tool)) as { installed(name: string): Promise<string> };
	const environment = { NODE_PATH: path.join(await installed('exotel-node'), 'node_modules') };
	return { command: process.execPath, options: ['--no-deprecation'], environment };
}

async function php(): Promise<Program> {
	const extension = 'exit(extension_loaded("curl") ? 0 : 1);';
	const command = await firstThatRuns(['php'], ['-r', extension], 'apt-get install php-cli php-curl');
	const phpRequests = process.env.PHP_REQUESTS ?? '/usr/share/wordpress/wp-includes';
	if (!fs.existsSync(path.join(phpRequests, 'Requests', 'Transport', 'cURL.php')))
		throw new Error(
			'the library "Requests" is missing; PHP_REQUESTS can say in which folder its class-requests.php is',
		);
	return { command, options: [], environment: {}, phpRequests };
}

/** Finds a program. @throws Error that says why it cannot be run here */
export const programs: Record<string, () => Promise<Program>> = {
	node,
	php,
	curl: async () => ({
		command: await firstThatRuns(['sh'], ['-c', 'curl --version'], 'apt-get install curl'),
		options: [],
		environment: {},
	}),
	python: async () => ({
		command: await firstThatRuns(
			['python3', '/usr/bin/python3'],
			['-c', 'import requests'],
			'apt-get install python3-requests',
		),
		options: [],
		environment: {},
	}),
	ruby: async () => ({
		command: await firstThatRuns(['ruby'], ['-e', "require 'net/http'"], 'apt-get install ruby'),
		options: [],
		environment: {},
	}),
};
