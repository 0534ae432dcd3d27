/**
 * Reading all of 100,000 calls from a server that takes a moment for each page, and writing them to a file: the stream
 * of the core with Node-RED's transport against a loop somebody writes with axios. Each export is a process of its own,
 * the server is this one.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { callSid } from './exotel-requests.mjs';
import { assertQuiet, inTurns, median, ratioOf, rounded } from './measuring.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.join(here, '..');
const ROUNDS = 5;
const PER_PAGE = 100;
/** What a page takes at least. Exotel takes longer; the longer, the less it matters who reads it. */
const PAGE_MS = 5;
/** No export takes longer, ms. */
const LIMIT_MS = 120_000;

/** A record as seed 004 prints it, with both legs. */
const record = (index) => ({
	Sid: callSid(index),
	ParentCallSid: '',
	DateCreated: '2026-11-20 15:58:45',
	DateUpdated: '2026-11-20 16:00:09',
	AccountSid: 'acme1',
	To: `0981${String(2_000_000 + (index % 999_999))}`,
	From: `0941374${String(1000 + (index % 8999))}`,
	PhoneNumberSid: '08047112233',
	Status: 'completed',
	StartTime: '2026-11-20 15:59:10',
	EndTime: '2026-11-20 15:59:57',
	Duration: '47',
	Price: '1.500',
	Direction: 'outbound-api',
	AnsweredBy: 'human',
	ForwardedFrom: '',
	CallerName: '',
	Uri: `/v1/Accounts/acme1/Calls/${callSid(index)}`,
	RecordingUrl: `https://s3-ap-southeast-1.amazonaws.com/exotelrecordings/acme1/${callSid(index)}.mp3`,
	Details: {
		ConversationDuration: 33,
		Legs: [{ Leg: { Id: 1, OnCallDuration: 43 } }, { Leg: { Id: 2, OnCallDuration: 33 } }],
		Leg1Status: 'completed',
		Leg2Status: 'completed',
	},
});

/** Serves the pages of one window; every other window has none. */
async function openServer(calls) {
	const last = calls / PER_PAGE - 1;
	const pages = Array.from({ length: last + 1 }, (_, page) => {
		const next = `/v1/Accounts/acme1/Calls.json?details=true&PageSize=${PER_PAGE}&SortBy=DateCreated:asc&After=p${page + 1}`;
		const Metadata = { Total: calls, PageSize: PER_PAGE, ...(page < last && { NextPageUri: next }) };
		const Calls = Array.from({ length: PER_PAGE }, (_none, index) => record(page * PER_PAGE + index));
		return Buffer.from(JSON.stringify({ Metadata, Calls }));
	});
	const nothing = Buffer.from(JSON.stringify({ Metadata: { Total: 0, PageSize: PER_PAGE }, Calls: [] }));
	const windows = { first: '' };
	const server = http.createServer((request, response) => {
		const { searchParams } = new URL(request.url, 'http://localhost');
		const range = searchParams.get('DateCreated') ?? '';
		if (windows.first === '') windows.first = range;
		const page = Number((searchParams.get('After') ?? 'p0').slice(1));
		const body = range === '' || range === windows.first ? pages[page] : nothing;
		const answer = () => response.writeHead(200, { 'content-type': 'application/json' }).end(body);
		setTimeout(answer, PAGE_MS);
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return {
		url: `http://127.0.0.1:${server.address().port}`,
		/** The next export begins anew. */
		reset: () => (windows.first = ''),
		close() {
			server.closeAllConnections();
			server.close();
		},
	};
}

/** The core and Node-RED's transport as one file. */
async function bundled(folder) {
	const outfile = path.join(folder, 'core.cjs');
	const door = ['exotel/index', 'node-red/account/transport', 'node-red/clock'];
	const contents = door.map((file) => `export * from ${JSON.stringify(path.join(root, file))};`).join('\n');
	await build({
		stdin: { contents, resolveDir: root, loader: 'ts' },
		bundle: true,
		platform: 'node',
		format: 'cjs',
		target: 'node20',
		external: ['axios'],
		outfile,
		logLevel: 'error',
	});
	// Node-RED's transport loads axios when it is first used.
	await fs.symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
	return outfile;
}

/** One export in its own process. */
async function exported(how, url, bundle, file) {
	const child = fork(path.join(here, 'export-client.mjs'), [how, url, bundle, file], {
		execArgv: ['--expose-gc'],
		timeout: LIMIT_MS,
	});
	let seen = null;
	child.on('message', (message) => (seen = message));
	await once(child, 'exit');
	if (seen === null) throw new Error(`The export with ${how} ended without a result.`);
	return seen;
}

/** @returns {Promise<import('./run.mjs').Row[]>} */
export async function benchmark({ short = false } = {}) {
	const calls = short ? 10_000 : 100_000;
	const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'exonodes-bench-'));
	const server = await openServer(calls);
	try {
		const bundle = await bundled(folder);
		const seen = { core: [], axios: [], again: [] };
		const timed = (name) => async () => {
			server.reset();
			const how = name === 'again' ? 'axios' : name;
			const one = await exported(how, server.url, bundle, path.join(folder, `${how}.csv`));
			if (one.calls !== calls) throw new Error(`${how} exported ${one.calls} of ${calls} calls.`);
			seen[name].push(one);
			return one.ms;
		};
		const names = Object.keys(seen);
		const took = await inTurns(Object.fromEntries(names.map((name) => [name, timed(name)])), ROUNDS);
		assertQuiet(took.axios, took.again, 'the export with axios');
		const middle = (name, what) => median(seen[name].map((one) => one[what]));
		const shown = (name) =>
			`${rounded(middle(name, 'ms') / 1000, 1)} s, ${rounded(middle(name, 'cpuMs') / 1000, 1)} s of CPU time, ` +
			`${rounded(middle(name, 'heapMb'), 1)} MB of heap`;
		const against = `a loop with axios (${shown('axios')})`;
		const heap = Math.abs(middle('core', 'heapMb') - middle('axios', 'heapMb'));
		return [
			{
				name: `export of ${calls.toLocaleString('en')} calls, speed`,
				value: rounded(ratioOf(took.axios, took.core)),
				unit: '×',
				atLeast: 1,
				against,
				note: `${shown('core')}; a page takes ${PAGE_MS} ms`,
			},
			{
				name: `export of ${calls.toLocaleString('en')} calls, difference of the heap in use`,
				value: rounded(heap, 1),
				unit: 'MB',
				atMost: 20,
				against,
			},
		];
	} finally {
		server.close();
		await fs.rm(folder, { recursive: true, force: true });
	}
}
