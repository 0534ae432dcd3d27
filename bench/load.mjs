/**
 * What it costs a host to load a package: milliseconds and megabytes of heap for requiring every node file, in a fresh
 * process each that has loaded what the host has, median of nine. Ours beside node-red-node-twilio in the same run.
 */
import { execFile } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { installed } from '../tools/hosts/installed.mjs';

const run = promisify(execFile);
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

const probe = `
const files = JSON.parse(process.argv[1]);
const nothing = () => {};
const RED = new Proxy(nothing, { get: () => RED, apply: () => RED });
for (const module of process.argv[2] === 'n8n' ? ['n8n-workflow'] : ['crypto', 'http', 'https', 'express']) require(module);
global.gc();
const before = process.memoryUsage();
const started = process.hrtime.bigint();
for (const file of files) { const set = require(file); const init = set.default || set; if (process.argv[2] === 'node-red' && typeof init === 'function') init(RED); }
const ms = Number(process.hrtime.bigint() - started) / 1e6;
global.gc();
const after = process.memoryUsage();
console.log(JSON.stringify({ ms, mb: (after.heapUsed + after.external - before.heapUsed - before.external) / 1048576, rssMb: (after.rss - before.rss) / 1048576 }));
`;

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** Loads `files` nine times, each in a process of its own. */
async function loadOften(files, host, nodePath) {
	const seen = [];
	for (let round = 0; round < 9; round++) {
		const { stdout } = await run(process.execPath, ['--expose-gc', '-e', probe, JSON.stringify(files), host], {
			env: { ...process.env, NODE_PATH: nodePath },
		});
		seen.push(JSON.parse(stdout));
	}
	return {
		ms: median(seen.map((one) => one.ms)),
		mb: median(seen.map((one) => one.mb)),
		rssMb: median(seen.map((one) => one.rssMb)),
	};
}

/** @returns {Promise<{ name: string, value: number, unit: string, note?: string }[]>} */
export async function benchmark() {
	const modules = path.join(root, 'node_modules');
	const nodeRed = JSON.parse(await fs.readFile(path.join(root, 'node-red', 'package.json'), 'utf8'));
	const n8n = JSON.parse(await fs.readFile(path.join(root, 'package.json'), 'utf8'));
	const twilio = await installed('bench-twilio');
	const twilioFolder = path.join(twilio, 'node_modules', 'node-red-node-twilio');
	const twilioManifest = JSON.parse(await fs.readFile(path.join(twilioFolder, 'package.json'), 'utf8'));

	const ours = await loadOften(
		Object.values(nodeRed['node-red'].nodes).map((file) => path.join(root, 'node-red', file)),
		'node-red',
		modules,
	);
	const theirs = await loadOften(
		Object.values(twilioManifest['node-red'].nodes).map((file) => path.join(twilioFolder, file)),
		'node-red',
		path.join(twilio, 'node_modules'),
	);
	const rows = [
		{ name: 'load @exonodes/node-red-exotel', value: ours.ms, unit: 'ms', note: 'goal < 60' },
		{ name: 'load @exonodes/node-red-exotel', value: ours.mb, unit: 'MB heap', note: 'goal < 10' },
		{ name: 'load @exonodes/node-red-exotel', value: ours.rssMb, unit: 'MB rss' },
		{ name: 'load node-red-node-twilio', value: theirs.ms, unit: 'ms', note: 'for comparison' },
		{ name: 'load node-red-node-twilio', value: theirs.mb, unit: 'MB heap', note: 'for comparison' },
		{ name: 'load node-red-node-twilio', value: theirs.rssMb, unit: 'MB rss', note: 'for comparison' },
	];
	const files = [...n8n.n8n.nodes, ...n8n.n8n.credentials].map((file) => path.join(root, file));
	const present = await Promise.all(
		files.map((file) =>
			fs.access(file).then(
				() => true,
				() => false,
			),
		),
	);
	if (present.every(Boolean)) {
		const inN8n = await loadOften(files, 'n8n', modules);
		rows.push({ name: 'load @exonodes/n8n-nodes-exotel', value: inN8n.ms, unit: 'ms', note: 'goal < 30' });
		rows.push({ name: 'load @exonodes/n8n-nodes-exotel', value: inN8n.mb, unit: 'MB heap' });
	}
	return rows;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) console.table(await benchmark());
