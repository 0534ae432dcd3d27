/**
 * What it costs a host to load a package: CPU time and memory for requiring every node file, in a fresh process each
 * that has loaded what the host has; ours, `require('axios')`, node-red-node-twilio and n8n's own Twilio nodes in turns.
 * Needs `npm run pack`.
 */
import { execFile } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { installed } from '../tools/hosts/installed.mjs';
import { installedN8n } from '../tools/n8n/install.mjs';
import { assertQuiet, inTurns, median, ratioOf, rounded } from './measuring.mjs';

const run = promisify(execFile);
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

const probe = `
const files = JSON.parse(process.argv[1]);
const nothing = () => {};
const RED = new Proxy(nothing, { get: () => RED, apply: () => RED });
for (const module of JSON.parse(process.argv[2])) require(module);
global.gc();
const before = process.memoryUsage();
const started = process.cpuUsage();
for (const file of files) { const set = require(file); const init = set.default || set; if (process.argv[3] === 'init' && typeof init === 'function') init(RED); }
const { user, system } = process.cpuUsage(started);
global.gc();
const after = process.memoryUsage();
console.log(JSON.stringify({ ms: (user + system) / 1000, mb: (after.heapUsed + after.external - before.heapUsed - before.external) / 1048576 }));
process.exit(0);
`;

const ROUNDS = 9;
const GOAL = { atMost: 0.5 };
const NODE_RED = ['crypto', 'http', 'https', 'express'];
const N8N = ['n8n-workflow'];
const N8N_TWILIO = [
	'nodes/Twilio/Twilio.node.js',
	'nodes/Twilio/TwilioTrigger.node.js',
	'credentials/TwilioApi.credentials.js',
];

/** One load in a process of its own. */
async function load({ files, present, init }) {
	const args = [JSON.stringify(files), JSON.stringify(present), init ? 'init' : ''];
	const { stdout } = await run(process.execPath, ['--expose-gc', '-e', probe, ...args], {
		cwd: root,
		env: { ...process.env, NODE_PATH: path.join(root, 'node_modules') },
	});
	return JSON.parse(stdout);
}

const filesOf = (folder, names) => Object.values(names).map((file) => path.join(folder, file));

/** @returns {Promise<import('./run.mjs').Row[]>} */
export async function benchmark() {
	const manifest = async (folder) => JSON.parse(await fs.readFile(path.join(folder, 'package.json'), 'utf8'));
	const nodeRed = path.join(root, 'node-red');
	const nodeRedFiles = filesOf(nodeRed, (await manifest(nodeRed))['node-red'].nodes);
	const n8n = (await manifest(root)).n8n;
	const twilio = path.join(await installed('bench-twilio'), 'node_modules', 'node-red-node-twilio');
	const modules = path.join(await installedN8n(), 'node_modules');
	const loads = {
		axios: { files: ['axios'], present: NODE_RED },
		again: { files: ['axios'], present: NODE_RED },
		nodeRed: { files: nodeRedFiles, present: NODE_RED, init: true },
		nodeRedInFlow: {
			files: [...nodeRedFiles, path.join(nodeRed, 'resources', 'exotel-editor.js')],
			present: NODE_RED,
			init: true,
		},
		twilio: { files: filesOf(twilio, (await manifest(twilio))['node-red'].nodes), present: NODE_RED, init: true },
		n8n: { files: filesOf(root, [...n8n.nodes, ...n8n.credentials]), present: N8N },
		n8nTwilio: {
			files: filesOf(path.join(modules, 'n8n-nodes-base', 'dist'), N8N_TWILIO),
			// These find the n8n-workflow beside them.
			present: N8N.map((name) => path.join(modules, name)),
		},
	};
	const memory = Object.fromEntries(Object.keys(loads).map((name) => [name, []]));
	const seen = await inTurns(
		Object.fromEntries(
			Object.entries(loads).map(([name, what]) => [
				name,
				async () => {
					const { ms, mb } = await load(what);
					memory[name].push(mb);
					return ms;
				},
			]),
		),
		ROUNDS,
	);
	assertQuiet(seen.axios, seen.again, "require('axios')");
	const names = {
		axios: "require('axios')",
		nodeRed: '@exonodes/node-red-exotel',
		n8n: '@exonodes/n8n-nodes-exotel',
		twilio: 'node-red-node-twilio',
		n8nTwilio: "n8n's Twilio nodes",
	};
	const shown = (name) => `${rounded(median(seen[name]), 1)} ms of CPU time, ${rounded(median(memory[name]), 1)} MB`;
	const rows = (ours, theirs, goal) =>
		[
			['CPU time', seen],
			['memory', memory],
		].map(([what, figures]) => ({
			name: `load ${names[ours]}, ${what} against ${names[theirs]}`,
			value: rounded(ratioOf(figures[ours], figures[theirs])),
			unit: '×',
			...goal,
			against: `${names[theirs]} (${shown(theirs)})`,
			note: shown(ours),
		}));
	return [
		...rows('nodeRed', 'axios', GOAL),
		...rows('nodeRed', 'twilio', GOAL),
		{
			name: `load ${names.nodeRed} and its core, CPU time`,
			value: rounded(median(seen.nodeRedInFlow), 1),
			unit: 'ms',
			note: `with the first node in a flow; ${rounded(median(memory.nodeRedInFlow), 1)} MB`,
		},
		...rows('n8n', 'axios', GOAL),
		...rows('n8n', 'n8nTwilio', GOAL),
		{
			name: `load ${names.n8n}, CPU time`,
			value: rounded(median(seen.n8n), 1),
			unit: 'ms',
			atMost: 25,
			note: 'CPU time, beside n8n-workflow',
		},
	];
}
