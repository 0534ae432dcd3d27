/**
 * What a webhook costs a real Node-RED with the packed package: CPU time of its process for each status callback and
 * each Connect request, as a ratio to the flow somebody builds by hand from `http in`, a function and `http response`.
 * Both take turns in one process; a second copy of the hand-built flow shows how quiet the machine is. Needs
 * `npm run pack`.
 */
import fs from 'node:fs/promises';
import { deploy, freePort, scratchUserDir, startNodeRed } from '../tools/hosts/node-red.mjs';
import { callback, connectQuery, contentTypes, encoders } from './exotel-requests.mjs';
import { inTurns, median, openLanes, quantile, quietTurns, ratioOf, requestBytes, rounded } from './measuring.mjs';
import { flows, pathToken, TOKEN } from './node-red-flows.mjs';

/** A round is long enough that asking for the CPU time, which costs some milliseconds of it, hardly counts. */
const ROUNDS = 15;
const PER_ROUND = 1000;
const LANES = 8;
const RATE = 200;
const RATED_REQUESTS = 400;
const RATED_ROUNDS = 5;
/**
 * Requests of each kind before anything is measured: what runs often is compiled by then, on both sides. With fewer the
 * compiling, which counts as CPU time, falls into the rounds (decision 070).
 */
const WARM_UP = 6000;
const SHORT_WARM_UP = 3000;
const CREDENTIALS = { account: { apiKey: 'bench-key', apiToken: 'bench-token', webhookToken: TOKEN } };

let calls = 0;

/** The requests of one round, each about a call of its own. */
export function callbacks(path, token, encoding, count) {
	return Array.from({ length: count }, () =>
		requestBytes({
			path: `${path}?token=${token}`,
			headers: { 'content-type': contentTypes[encoding] },
			body: encoders[encoding](callback(calls++)),
		}),
	);
}

function connects(path, token, count) {
	return Array.from({ length: count }, () =>
		requestBytes({
			method: 'GET',
			path: `${path}?token=${token}&${connectQuery(calls++)}`,
			headers: { 'exotel-version': '1.0' },
		}),
	);
}

const isOk = ({ status, body }) => {
	if (status !== 200) throw new Error(`A request was answered with ${status}: ${body}`);
};
const isConnect = (answer) => {
	isOk(answer);
	if (!answer.body.includes('"+919812345678"')) throw new Error(`Not the answer to a Connect: ${answer.body}`);
};

/** A Node-RED whose settings open a port that tells what the process has used. */
export async function openNodeRed({ settings = '', adminRoot = '' } = {}) {
	const userDir = await scratchUserDir();
	const usagePort = await freePort();
	const nodeRed = await startNodeRed({
		userDir,
		settings: `${settings} ${adminRoot === '' ? '' : `httpAdminRoot: '${adminRoot}',`}
	benchUsage: require('node:http').createServer((request, response) => {
		if (request.url === '/gc') global.gc?.();
		const { user, system } = process.cpuUsage();
		response.end(JSON.stringify({ cpu: user + system, heap: process.memoryUsage().heapUsed }));
	}).listen(${usagePort}, '127.0.0.1') && undefined,`,
	});
	const usage = async (path = '/') => (await fetch(`http://127.0.0.1:${usagePort}${path}`)).json();
	const lanes = openLanes(nodeRed.port, LANES);
	return {
		nodeRed,
		lanes,
		deploy: (nodes) => deploy(nodeRed, nodes, { credentials: CREDENTIALS, adminRoot }),
		/** Microseconds of CPU time for each of these requests. */
		async cost(requests, check = isOk) {
			const before = (await usage()).cpu;
			await lanes.all(requests, check);
			// What Node-RED does after its answer belongs to the request.
			await new Promise((resolve) => setTimeout(resolve, 30));
			return ((await usage()).cpu - before) / requests.length;
		},
		async close() {
			lanes.close();
			await nodeRed.stop();
			await fs.rm(userDir, { recursive: true, force: true });
		},
	};
}

/** How much is measured; `npm run bench` measures all, `--short` the ratios at one root. */
const FULL = { warmUp: WARM_UP, roots: ['/admin', ''], rated: true };
const SHORT = { warmUp: SHORT_WARM_UP, roots: ['/admin'], rated: false };

/** Noise is met round by round below: the part as a whole is not repeated. */
export const attempts = 1;

/** @returns {Promise<import('./run.mjs').Row[]>} */
export async function benchmark({ short = false } = {}) {
	const extent = short ? SHORT : FULL;
	const rows = [];
	for (const adminRoot of extent.roots) rows.push(...(await atRoot(adminRoot, extent)));
	return rows;
}

/** Makes the requests of a round and says how they are checked. */
const posts = (path, token, encoding) => ({ make: (count) => callbacks(path, token, encoding, count), check: isOk });
const asks = (path, token) => ({ make: (count) => connects(path, token, count), check: isConnect });
const ours = (encoding) => posts('/exotel/events', pathToken('/exotel/events'), encoding);

/** Ours and what it is compared with, by the name of the figures. */
const CONTESTANTS = {
	JSON: ours('JSON'),
	'JSON by hand': posts('/hand', TOKEN, 'JSON'),
	'JSON by hand again': posts('/hand-again', TOKEN, 'JSON'),
	floor: posts('/floor', '', 'JSON'),
	form: ours('form'),
	'form by hand': posts('/hand', TOKEN, 'form'),
	multipart: ours('multipart'),
	'multipart by hand': posts('/hand-upload', TOKEN, 'multipart'),
	connect: asks('/exotel/connect', pathToken('/exotel/connect')),
	'connect by hand': asks('/hand-connect', TOKEN),
};

async function atRoot(adminRoot, { warmUp, rated }) {
	const host = await openNodeRed({ adminRoot });
	const where = `editor at ${adminRoot === '' ? '/' : adminRoot}`;
	try {
		await host.deploy(flows());
		for (const { make, check } of Object.values(CONTESTANTS)) await host.cost(make(warmUp), check);
		const turns = Object.entries(CONTESTANTS).map(([name, { make, check }]) => [
			name,
			() => host.cost(make(PER_ROUND), check),
		]);
		const same = ['JSON by hand', 'JSON by hand again'];
		const seen = await quietTurns(Object.fromEntries(turns), ROUNDS, same, `the hand-built flow, ${where}`);
		const row = (name, figure, against, more) => ({
			name: `${name}, ${where}`,
			value: rounded(ratioOf(seen[figure], seen[against])),
			unit: '×',
			against: `by hand (${Math.round(median(seen[against]))} µs of CPU time)`,
			note: `${Math.round(median(seen[figure]))} µs`,
			...more,
		});
		const spent = (name, figure) => ({
			name: `${name}, CPU time, ${where}`,
			value: Math.round(median(seen[figure])),
			unit: 'µs',
		});
		const callback = (encoding) =>
			row(`Node-RED status callback (${encoding}) → event`, encoding, `${encoding} by hand`, { atMost: 0.6 });
		return [
			callback('JSON'),
			row('http in + http response alone', 'floor', 'JSON by hand', { note: 'for comparison' }),
			callback('form'),
			callback('multipart'),
			row('Node-RED Connect request → validated answer', 'connect', 'connect by hand', { atMost: 0.7 }),
			spent('Node-RED status callback (JSON)', 'JSON'),
			spent('Node-RED status callback (multipart)', 'multipart'),
			spent('Node-RED Connect request', 'connect'),
			...(rated ? [await atRate(host, where)] : []),
		];
	} finally {
		await host.close();
	}
}

/** The slowest of a hundred answers at a steady rate. */
async function atRate({ lanes }, where) {
	const p99 = async (path, token) => quantile(await lanes.atRate(connects(path, token, RATED_REQUESTS), RATE), 0.99);
	const seen = await inTurns(
		{
			ours: () => p99('/exotel/connect', pathToken('/exotel/connect')),
			hand: () => p99('/hand-connect', TOKEN),
		},
		RATED_ROUNDS,
	);
	return {
		name: `Node-RED Connect request, 99 of 100 answered within, ${RATE} a second, ${where}`,
		value: rounded(ratioOf(seen.ours, seen.hand)),
		unit: '×',
		atMost: 1,
		against: `by hand (${rounded(median(seen.hand), 1)} ms)`,
		note: `${rounded(median(seen.ours), 1)} ms`,
	};
}
