/**
 * A real Node-RED process with the packed Node-RED package in a scratch user directory, as a user would have it after
 * "Manage palette → Install". Used by `npm start` and by the tests on real hosts.
 */
import fs from 'node:fs/promises';
import { createRequire } from 'node:module';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { startNode, stopNode } from './child.mjs';
import { installed } from './installed.mjs';
import { npm } from './npm.mjs';
import { keepOutput, logLevel } from './output.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const require = createRequire(import.meta.url);

/** Where the package that `npm run pack` made lies. */
export async function packedNodeRed() {
	const folder = path.join(root, 'artifacts');
	const found = (await fs.readdir(folder)).find(
		(name) => name.startsWith('exonodes-node-red-exotel-') && name.endsWith('.tgz'),
	);
	if (!found) throw new Error('There is no packed Node-RED package. Run "npm run pack" first.');
	return path.join(folder, found);
}

/** A scratch user directory in which the packed package is installed. */
export async function scratchUserDir() {
	const userDir = await fs.mkdtemp(path.join(os.tmpdir(), 'exonodes-node-red-'));
	await installPacked(userDir);
	return userDir;
}

/** Installs the packed package into a user directory, beside what the palette manager has installed there. */
export async function installPacked(userDir) {
	const manifest = { name: 'node-red-project', description: 'A Node-RED Project', version: '0.0.1', private: true };
	await fs.mkdir(userDir, { recursive: true });
	const file = path.join(userDir, 'package.json');
	await fs.writeFile(file, JSON.stringify(manifest), { flag: 'wx' }).catch((error) => {
		if (error.code !== 'EEXIST') throw error;
	});
	// npm takes a tarball of the same version for the one that is installed.
	const modules = path.join(userDir, 'node_modules');
	await fs.rm(path.join(modules, '@exonodes', 'node-red-exotel'), { recursive: true, force: true });
	await fs.rm(path.join(modules, '.package-lock.json'), { force: true });
	const flags = ['--no-audit', '--no-fund', '--prefer-offline', '--no-package-lock'];
	await npm(['install', ...flags, await packedNodeRed()], { cwd: userDir });
}

/** The Node-RED of the dev dependencies (5.x, on the Node that runs this), or the floor (4.1 on Node 20). */
async function command(version) {
	if (version === 5)
		return {
			node: process.execPath,
			script: path.join(path.dirname(require.resolve('node-red/package.json')), 'red.js'),
		};
	const folder = await installed('node-red-4');
	return {
		node: path.join(folder, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node'),
		script: path.join(folder, 'node_modules', 'node-red', 'red.js'),
	};
}

/** A port nobody listens on. */
export async function freePort() {
	const server = net.createServer();
	await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address();
	await new Promise((resolve) => server.close(resolve));
	return port;
}

/**
 * Starts Node-RED and waits until its flows have started.
 *
 * @param {{ version?: 4 | 5, userDir: string, port?: number, settings?: string, environment?: Record<string, string> }}
 *   options
 *   `settings` is the text of further properties for settings.js, e.g. `httpAdminRoot: '/admin',`
 * @returns {Promise<{ url: string, port: number, process: import('node:child_process').ChildProcess, log: () => string,
 *   exited: Promise<number | null>, waitForLog: (text: string, after?: number) => Promise<void>, stop: () =>
 *   Promise<number | null> }>} `stop` gives the exit code; null when it had to be ended at once
 */
export async function startNodeRed({ version = 5, userDir, port, settings = '', environment = {} }) {
	const listen = port ?? (await freePort());
	const settingsFile = path.join(userDir, 'settings.js');
	await fs.writeFile(
		settingsFile,
		`module.exports = {
	uiHost: '127.0.0.1', uiPort: ${listen}, flowFile: 'flows.json', credentialSecret: 'exonodes', telemetry: { enabled: false, updateNotification: false },
	editorTheme: { tours: false, palette: { editable: false } }, logging: { console: { level: '${logLevel}', metrics: false, audit: false } },
	${settings}
};
`,
	);
	const { node, script } = await command(version);
	const child = startNode([script, '--settings', settingsFile, '--userDir', userDir], {
		node,
		cwd: userDir,
		env: { ...process.env, ...environment },
	});
	keepOutput(child, 'node-red');
	let text = '';
	const waiting = new Set();
	const gather = (chunk) => {
		text += chunk;
		for (const check of waiting) check();
	};
	child.stdout.on('data', gather);
	child.stderr.on('data', gather);
	const exited = new Promise((resolve) => child.on('exit', (code) => resolve(code)));

	/** Resolves as soon as the log holds `wanted` behind position `after`. */
	const waitForLog = (wanted, after = 0) =>
		new Promise((resolve, reject) => {
			const give = setTimeout(
				() => settle(reject, new Error(`Node-RED did not log "${wanted}":\n${text}`)),
				60_000,
			);
			const check = () => text.indexOf(wanted, after) >= 0 && settle(resolve);
			const settle = (how, value) => {
				clearTimeout(give);
				waiting.delete(check);
				how(value);
			};
			waiting.add(check);
			exited.then((code) => settle(reject, new Error(`Node-RED ended with ${code}:\n${text}`)));
			check();
		});

	// Without flows these two come in either order.
	await waitForLog('Server now running at');
	await waitForLog('Started flows');
	return {
		url: `http://127.0.0.1:${listen}`,
		port: listen,
		process: child,
		log: () => text,
		exited,
		waitForLog,
		stop: () => stopNode(child),
	};
}

/**
 * Deploys flows as the editor does, and waits until they have started.
 *
 * @param {{ url: string, log: () => string, waitForLog: (text: string, after?: number) => Promise<void> }} nodeRed
 * @param {object[]} flows
 * @param {{ credentials?: Record<string, Record<string, string>>, type?: 'full' | 'flows' | 'nodes', adminRoot?: string
 *   }} [options]
 *   `credentials` by node id
 */
export async function deploy(nodeRed, flows, { credentials = {}, type = 'full', adminRoot = '' } = {}) {
	const position = nodeRed.log().length;
	const withCredentials = flows.map((node) =>
		credentials[node.id] ? { ...node, credentials: credentials[node.id] } : node,
	);
	const response = await fetch(`${nodeRed.url}${adminRoot}/flows`, {
		method: 'POST',
		headers: { 'content-type': 'application/json', 'Node-RED-API-Version': 'v2', 'Node-RED-Deployment-Type': type },
		body: JSON.stringify({ flows: withCredentials }),
	});
	if (!response.ok) throw new Error(`Deploying answered ${response.status}: ${await response.text()}`);
	await nodeRed.waitForLog(type === 'full' ? 'Started flows' : 'Started modified', position);
	return response.json();
}
