/**
 * What a webhook costs a real Node-RED with the packed package: CPU time of its process for each status callback and
 * each Connect request, as a ratio to the flow somebody builds by hand from `http in`, a function and `http response`.
 * Both take turns in one process; a second copy of the hand-built flow shows how quiet the machine is. Needs
 * `npm run pack`.
 */
import fs from 'node:fs/promises';
import { deploy, freePort, scratchUserDir, startNodeRed } from '../tools/hosts/node-red.mjs';
import { callback, connectQuery, contentTypes, encoders } from './exotel-requests.mjs';
import { assertQuiet, inTurns, median, openLanes, quantile, ratioOf, requestBytes, rounded } from './measuring.mjs';
import { flows, pathToken, TOKEN } from './node-red-flows.mjs';

/** Many short rounds: what else runs on the machine then meets both sides alike. */
const ROUNDS = 21;
const PER_ROUND = 150;
const LANES = 8;
const RATE = 200;
const RATED_REQUESTS = 600;
/** Requests of each kind before anything is measured: what runs often is compiled by then, on both sides. */
const WARM_UP = 1500;
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

/** How much is measured; `npm run bench` measures all, `--short` the ratios with fewer requests. */
const FULL = { rounds: ROUNDS, perRound: PER_ROUND, roots: ['/admin', ''], rated: true };
const SHORT = { ...FULL, roots: ['/admin'], rated: false };

/** @returns {Promise<import('./run.mjs').Row[]>} */
export async function benchmark({ short = false } = {}) {
	const extent = short ? SHORT : FULL;
	const rows = [];
	for (const adminRoot of extent.roots) rows.push(...(await atRoot(adminRoot, extent)));
	return rows;
}

/** Every flow has run often before one is measured: what is measured first would else pay for what both use. */
async function warmUp(host) {
	const paths = { JSON: ['/hand', '/hand-again', '/floor'], form: ['/hand'], multipart: ['/hand-upload'] };
	for (const [encoding, byHand] of Object.entries(paths)) {
		await host.cost(callbacks('/exotel/events', pathToken('/exotel/events'), encoding, WARM_UP));
		for (const path of byHand) await host.cost(callbacks(path, TOKEN, encoding, WARM_UP));
	}
	await host.cost(connects('/exotel/connect', pathToken('/exotel/connect'), WARM_UP), isConnect);
	await host.cost(connects('/hand-connect', TOKEN, WARM_UP), isConnect);
}

async function atRoot(adminRoot, { rounds, perRound, rated }) {
	const rows = [];
	const host = await openNodeRed({ adminRoot });
	const where = `editor at ${adminRoot === '' ? '/' : adminRoot}`;
	try {
		await host.deploy(flows());
		await warmUp(host);
		const add = (name, ours, theirs, more) =>
			rows.push({
				name: `${name}, ${where}`,
				value: rounded(ratioOf(ours, theirs)),
				unit: '×',
				against: `by hand (${Math.round(median(theirs))} µs of CPU time)`,
				note: `${Math.round(median(ours))} µs`,
				...more,
			});
		const cpu = {};
		for (const encoding of ['JSON', 'form', 'multipart']) {
			const byHand = encoding === 'multipart' ? '/hand-upload' : '/hand';
			const send = (path, token) => () => host.cost(callbacks(path, token, encoding, perRound));
			const contestants = {
				ours: send('/exotel/events', pathToken('/exotel/events')),
				hand: send(byHand, TOKEN),
			};
			if (encoding === 'JSON')
				Object.assign(contestants, { again: send('/hand-again', TOKEN), floor: send('/floor', '') });
			const seen = await inTurns(contestants, rounds);
			cpu[encoding] = median(seen.ours);
			if (encoding === 'JSON') assertQuiet(seen.hand, seen.again, `the hand-built flow, ${where}`);
			add(`Node-RED status callback (${encoding}) → event`, seen.ours, seen.hand, { atMost: 0.6 });
			if (encoding === 'JSON')
				add('http in + http response alone', seen.floor, seen.hand, { note: 'for comparison' });
		}
		const connect = (path, token) => () => host.cost(connects(path, token, perRound), isConnect);
		const asked = await inTurns(
			{
				ours: connect('/exotel/connect', pathToken('/exotel/connect')),
				hand: connect('/hand-connect', TOKEN),
			},
			rounds,
		);
		add('Node-RED Connect request → validated answer', asked.ours, asked.hand, { atMost: 0.7 });
		rows.push(
			...['JSON', 'multipart'].map((encoding) => ({
				name: `Node-RED status callback (${encoding}), CPU time, ${where}`,
				value: Math.round(cpu[encoding]),
				unit: 'µs',
			})),
			{ name: `Node-RED Connect request, CPU time, ${where}`, value: Math.round(median(asked.ours)), unit: 'µs' },
		);
		if (rated) rows.push(await atRate(host, where));
		return rows;
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
		5,
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
