/**
 * A real n8n process with the packed n8n package in its nodes folder, as "Settings → Community nodes → Install" leaves
 * it. Used by `npm run start:n8n` and by the tests on the real host.
 */
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { startNode, stopNode } from '../hosts/child.mjs';
import { npm } from '../hosts/npm.mjs';
import { freePort } from '../hosts/node-red.mjs';
import { keepDatabase, keepOutput, logLevel } from '../hosts/output.mjs';
import { installedN8n } from './install.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
/** n8n takes a quarter of a minute to start, and minutes on a busy machine. */
const READY_WITHIN_MS = 300_000;

export { freePort };

/** Where the package that `npm run pack` made lies. */
export async function packedN8n() {
	const folder = path.join(root, 'artifacts');
	const found = (await fs.readdir(folder).catch(() => [])).find(
		(name) => name.startsWith('exonodes-n8n-nodes-exotel-') && name.endsWith('.tgz'),
	);
	if (!found) throw new Error('There is no packed n8n package. Run "npm run pack" first.');
	return path.join(folder, found);
}

/** A scratch user folder in which the packed package is installed, and nothing else: no dependency, no peer. */
export async function scratchUserFolder() {
	const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'exonodes-n8n-'));
	await installPacked(folder);
	return folder;
}

/** Installs the packed package into a user folder, in place of one that is there. */
export async function installPacked(folder) {
	const nodes = path.join(folder, '.n8n', 'nodes');
	await fs.rm(path.join(nodes, 'node_modules'), { recursive: true, force: true });
	await fs.mkdir(nodes, { recursive: true });
	await fs.writeFile(
		path.join(nodes, 'package.json'),
		JSON.stringify({ name: 'installed-nodes', private: true, dependencies: {} }),
	);
	const flags = [
		'--legacy-peer-deps',
		'--ignore-scripts',
		'--no-audit',
		'--no-fund',
		'--no-package-lock',
		'--prefer-offline',
	];
	await npm(['install', ...flags, await packedN8n()], { cwd: nodes });
}

/** What a process needs of the system, on Windows as well; no setting of another n8n is handed on. */
function ofTheSystem() {
	const onWindows = ['SystemRoot', 'ComSpec', 'PATHEXT', 'TEMP', 'TMP', 'USERPROFILE', 'APPDATA', 'LOCALAPPDATA'];
	const names = ['PATH', 'HOME', 'TMPDIR', ...onWindows];
	return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}

/** Settings every process of a test or demo has: local only, no calls home, no unneeded modules. */
function settings({ userFolder, url, port, brokerPort }) {
	return {
		N8N_USER_FOLDER: userFolder,
		N8N_PORT: String(port),
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_RUNNERS_BROKER_PORT: String(brokerPort),
		N8N_WEBHOOK_URL: `${url}/`,
		WEBHOOK_URL: `${url}/`,
		N8N_EDITOR_BASE_URL: url,
		N8N_ENCRYPTION_KEY: 'exonodes-test-key-exonodes-test-key',
		N8N_SECURE_COOKIE: 'false',
		N8N_DIAGNOSTICS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
		N8N_TEMPLATES_ENABLED: 'false',
		N8N_PERSONALIZATION_ENABLED: 'false',
		N8N_HIRING_BANNER_ENABLED: 'false',
		N8N_UNVERIFIED_PACKAGES_ENABLED: 'true',
		N8N_DISABLED_MODULES: 'mcp-registry,insights,instance-ai',
		EXECUTIONS_DATA_SAVE_ON_SUCCESS: 'all',
		N8N_LOG_LEVEL: logLevel,
	};
}

/**
 * Starts one n8n process and waits until it is ready.
 *
 * @param {{ userFolder: string, command?: string[], port?: number, url?: string, environment?: Record<string, string>
 *   }} options
 *   `command`: `['start']`, `['worker', '--concurrency=5']` or `['webhook']`; `url`: the public address when it is
 * another process's
 * @returns {Promise<{ url: string, port: number, pid: number, log: () => string, exited: Promise<number | null>,
 *   stop: (signal?: 'SIGKILL') => Promise<void> }>} `stop` lets it close what it does, or ends it at once
 */
export async function startN8n({ userFolder, command = ['start'], port, url, environment = {} }) {
	const folder = await installedN8n();
	const listen = port ?? (await freePort());
	const own = `http://127.0.0.1:${listen}`;
	const child = startNode([path.join(folder, 'node_modules/n8n/bin/n8n'), ...command], {
		cwd: userFolder,
		env: {
			...ofTheSystem(),
			...settings({ userFolder, url: url ?? own, port: listen, brokerPort: await freePort() }),
			...environment,
		},
	});
	keepOutput(child, 'n8n');
	let text = '';
	for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += chunk));
	let ended = false;
	const exited = new Promise((resolve) =>
		child.on('exit', (code) => {
			ended = true;
			keepDatabase(path.join(userFolder, '.n8n', 'database.sqlite'), 'n8n', child.pid);
			resolve(code);
		}),
	);
	const stop = async (signal) => {
		if (signal && !ended) child.kill(signal);
		else await stopNode(child);
		await exited;
	};

	const health = command[0] === 'worker' ? `${own}/healthz` : `${own}/healthz/readiness`;
	const isMain = command[0] === 'start';
	const latest = Date.now() + READY_WITHIN_MS;
	// Another program at this port may answer as well: the process has to say it itself.
	while (!(await answers(health)) || (isMain && !text.includes('Editor is now accessible via'))) {
		if (ended) throw new Error(`n8n ${command.join(' ')} ended while starting:\n${text}`);
		if (Date.now() > latest) {
			await stop('SIGKILL');
			throw new Error(`n8n ${command.join(' ')} did not become ready:\n${text}`);
		}
		await new Promise((resolve) => setTimeout(resolve, 250));
	}
	return { url: own, port: listen, pid: child.pid, log: () => text, exited, stop };
}

async function answers(url) {
	try {
		return (await fetch(url, { signal: AbortSignal.timeout(2_000) })).ok;
	} catch {
		return false;
	}
}
