/**
 * Whether a callback costs the same however much there is: in a real Node-RED with 1, 100 and 1,000 webhook nodes, and
 * in the core with up to 100,000 calls that are still running. Needs `npm run pack`.
 */
import { callback } from './exotel-requests.mjs';
import { loadCore } from './core.mjs';
import { assertQuiet, inTurns, median, ratioOf, rounded } from './measuring.mjs';
import { callbacks, openNodeRed } from './node-red.mjs';
import { flows, pathToken } from './node-red-flows.mjs';

const NODES = [1, 100, 1000];
const OPEN_CALLS = [0, 1000, 10_000, 100_000];
const ROUNDS = 7;
const PER_ROUND = 1000;
/** Requests before the first round: what runs often is compiled by then. */
const WARM_UP = 6000;
const account = { region: 'singapore', sid: 'acme1', timeZone: 'Asia/Kolkata', defaultCountry: 'IN' };
const path = '/exotel/events';

/** @returns {Promise<import('./run.mjs').Row[]>} */
export async function benchmark() {
	return [...(await byOpenCalls()), ...(await byNodes())];
}

function row(name, seen, first, more) {
	return (count) => ({
		name: `${name}: ${count.toLocaleString('en')}`,
		value: rounded(ratioOf(seen[count], seen[first])),
		unit: '×',
		atMost: 1.1,
		against: `${first} (${Math.round(median(seen[first]))} µs)`,
		note: `${Math.round(median(seen[count]))} µs of CPU time`,
		...more,
	});
}

async function byNodes() {
	const hosts = [];
	try {
		const contestants = {};
		for (const count of [...NODES, 'again']) {
			const host = await openNodeRed({ adminRoot: '/admin' });
			hosts.push(host);
			await host.deploy(flows({ callEventNodes: count === 'again' ? 1 : count }));
			await host.cost(callbacks(path, pathToken(path), 'JSON', WARM_UP));
			contestants[count] = () => host.cost(callbacks(path, pathToken(path), 'JSON', PER_ROUND));
		}
		const seen = await inTurns(contestants, ROUNDS);
		assertQuiet(seen[1], seen.again, 'two Node-REDs with one node');
		return NODES.slice(1).map(row('Node-RED callback, webhook nodes', seen, 1));
	} finally {
		for (const host of hosts) await host.close();
	}
}

async function byOpenCalls() {
	const core = await loadCore();
	let next = 0;
	const event = (more) =>
		core.readCallEvent(
			{
				method: 'POST',
				headers: {},
				body: JSON.stringify({ ...callback(next++), ...more }),
				receivedAt: Date.now(),
			},
			account,
		);
	const clock = { now: () => Date.now(), elapsed: () => performance.now(), sleep: () => new Promise(() => {}) };
	const contestants = {};
	for (const count of [...OPEN_CALLS, 'again']) {
		const memory = new core.MemoryStore({ clock, onDropped() {} });
		const store = new core.TrackerStore({ clock, memory, shared: null, onFailed() {} });
		const host = {
			clock,
			random: Math.random,
			poll: async () => null,
			pollAfterMs: () => 60_000,
			emit() {},
			warn() {},
		};
		const tracker = new core.CallTracker(host, store);
		for (let call = 0; call < (count === 'again' ? 0 : count); call++)
			await tracker.received(event({ EventType: 'answered', Status: 'in-progress' }), null);
		contestants[count] = async () => {
			const events = Array.from({ length: PER_ROUND * 5 }, () => event());
			const before = process.cpuUsage();
			for (const one of events) await tracker.received(one, null);
			const { user, system } = process.cpuUsage(before);
			return (user + system) / events.length;
		};
	}
	const seen = await inTurns(contestants, ROUNDS);
	assertQuiet(seen[0], seen.again, 'a tracker without open calls');
	return OPEN_CALLS.slice(1).map(row('core: callback tracked, open calls', seen, 0));
}
