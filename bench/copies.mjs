/**
 * Events a second of real Node-REDs with the packed package: one process, one on a context store in Redis, and 2 and 4
 * copies that share it, all on this machine, with what each component used of its processors. The sender hands the
 * requests to the copies in turns itself: a balancer in front would be measured with them. Needs `npm run pack`.
 */
import os from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { installed } from '../tools/hosts/installed.mjs';
import { until } from '../tools/n8n/client.mjs';
import { startRedis } from '../tools/n8n/services.mjs';
import { assertQuiet, inTurns, median, openLanes, ratioOf, rounded } from './measuring.mjs';
import { callbacks, openNodeRed } from './node-red.mjs';
import { flows, pathToken } from './node-red-flows.mjs';
import { ROWS } from './passages.mjs';
import { cpuOf } from './processes.mjs';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const ROUNDS = 7;
const EVENTS = 800;
const COPIES = 4;
const LANES = 8;
const WARM_UP = 1500;
const PATH = '/exotel/events';

/** The event node of the other benchmarks, with a store, and a counter of what it told. */
function countingFlows(store) {
	const all = flows().map((one) => (one.id === 'events' ? { ...one, store, wires: [['count']] } : one));
	const node = (id, type, more) => ({ id, type, z: 'tab', name: '', x: 100, y: 100, wires: [[]], ...more });
	const count = `global.set('told', (global.get('told') || 0) + 1);`;
	return [
		...all,
		node('count', 'function', { func: count, outputs: 1 }),
		node('told', 'http in', { url: '/told', method: 'get', upload: false, wires: [['told-f']] }),
		node('told-f', 'function', {
			func: `msg.payload = { told: global.get('told') || 0 }; return msg;`,
			outputs: 1,
			wires: [['told-r']],
		}),
		node('told-r', 'http response', { statusCode: '200', headers: {} }),
	];
}

const told = async (hosts) => {
	const counts = hosts.map(async ({ nodeRed }) => (await (await fetch(`${nodeRed.url}/told`)).json()).told);
	return (await Promise.all(counts)).reduce((sum, one) => sum + one, 0);
};

/** Sends events to these copies in turns, until their flows have been told of all. */
async function sendTo(hosts, count) {
	const before = await told(hosts);
	const each = hosts.map(({ nodeRed }) => ({
		lanes: openLanes(nodeRed.port, Math.max(1, LANES / hosts.length)),
		requests: callbacks(PATH, pathToken(PATH), 'JSON', count / hosts.length),
	}));
	const isOk = ({ status }) => {
		if (status !== 200) throw new Error(`An event was answered with ${status}.`);
	};
	const started = performance.now();
	await Promise.all(each.map(({ lanes, requests }) => lanes.all(requests, isOk)));
	await until(async () => (await told(hosts)) - before >= count, `${count} events were told`);
	const ms = performance.now() - started;
	for (const { lanes } of each) lanes.close();
	return ms;
}

const share = (part, whole) => `${Math.round((100 * part) / whole)} %`;

/** @returns {Promise<import('./run.mjs').Row[]>} */
export async function benchmark() {
	const redis = await startRedis();
	const opened = [];
	const open = async (settings, store) => {
		const host = await openNodeRed({ adminRoot: '/admin', settings });
		opened.push(host);
		await host.deploy(countingFlows(store));
		return host;
	};
	try {
		const client = path.join(await installed('redis'), 'node_modules', 'redis');
		const module = JSON.stringify(path.join(root, 'test', 'fixtures', 'redis-context', 'index.cjs'));
		const config = JSON.stringify({ url: `redis://127.0.0.1:${redis.port}`, client });
		const settings = `contextStorage: { default: { module: 'memory' }, shared: { module: require(${module}), config: ${config} } },`;
		const alone = await open('', '');
		const copies = [];
		while (copies.length < COPIES) copies.push(await open(settings, 'shared'));
		for (const host of opened) await sendTo([host], WARM_UP);

		const sets = {
			alone: [alone],
			one: copies.slice(0, 1),
			again: copies.slice(0, 1),
			two: copies.slice(0, 2),
			four: copies,
		};
		const used = Object.fromEntries(Object.keys(sets).map((name) => [name, { nodeRed: 0, redis: 0, ms: 0 }]));
		const cpu = async (hosts) => ({
			nodeRed: (await Promise.all(hosts.map(({ nodeRed }) => cpuOf(nodeRed.process.pid)))).reduce(
				(a, b) => a + b,
			),
			redis: await cpuOf(redis.pid),
		});
		const round = (name) => async (number) => {
			const before = await cpu(sets[name]);
			const ms = await sendTo(sets[name], EVENTS);
			const after = await cpu(sets[name]);
			if (number > 0) {
				for (const what of ['nodeRed', 'redis']) used[name][what] += after[what] - before[what];
				used[name].ms += ms;
			}
			return (EVENTS * 1000) / ms;
		};
		const seen = await inTurns(Object.fromEntries(Object.keys(sets).map((name) => [name, round(name)])), ROUNDS);
		assertQuiet(seen.one, seen.again, 'one Node-RED on Redis');
		const row = (rowName, name) => {
			const { nodeRed, redis: store, ms } = used[name];
			const parts = [`Node-RED ${share(nodeRed, ms)} of a core`, `Redis ${share(store, ms)}`];
			return {
				name: rowName,
				value: Math.round(median(seen[name])),
				unit: 'events/s',
				against:
					name === 'one' ? undefined : `one process on Redis, ${rounded(ratioOf(seen[name], seen.one))} ×`,
				note: `${parts.join(', ')}; ${os.cpus().length} cores`,
			};
		};
		const [one, two, four] = ROWS.copies;
		return [row(ROWS.alone, 'alone'), row(one, 'one'), row(two, 'two'), row(four, 'four')];
	} finally {
		for (const host of opened) await host.close();
		await redis.stop();
	}
}
