/**
 * Whether a callback costs the same however much there is: in a real Node-RED with 1, 100 and 1,000 webhook nodes, and
 * in the core with up to 100,000 calls that are still running. Needs `npm run pack`.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { median, quietTurns, ratioOf, rounded } from './measuring.mjs';
import { callbacks, openNodeRed } from './node-red.mjs';
import { flows, pathToken } from './node-red-flows.mjs';
import { COUNTED } from './passages.mjs';

const NODES = [1, 100, 1000];
const OPEN_CALLS = [0, 1000, 10_000, 100_000];
const ROUNDS = 11;
const REQUESTS = 1500;
/** Requests before the first round: what runs often is compiled by then. */
const WARM_UP = 6000;
const path = '/exotel/events';

/** Noise is met round by round: the part as a whole is not repeated. */
export const attempts = 1;

/** @returns {Promise<import('./run.mjs').Row[]>} */
export async function benchmark() {
	return [...(await byOpenCalls()), ...(await byNodes())];
}

function row(name, seen, first) {
	return (count) => ({
		name: `${name}: ${count.toLocaleString('en')}`,
		value: rounded(ratioOf(seen[count], seen[first])),
		unit: '×',
		atMost: 1.1,
		against: `${first} (${Math.round(median(seen[first]))} µs)`,
		note: `${Math.round(median(seen[count]))} µs of CPU time`,
	});
}

/** One Node-RED that is deployed anew for each round, so that what is compiled is the same for all. */
async function byNodes() {
	const host = await openNodeRed({ adminRoot: '/admin' });
	const cost = (count) => host.cost(callbacks(path, pathToken(path), 'JSON', count));
	const withNodes = (count) => async () => {
		await host.deploy(flows({ callEventNodes: count }));
		// What a deploy leaves to do is done then.
		await cost(2 * REQUESTS);
		return cost(REQUESTS);
	};
	try {
		await withNodes(1)();
		await cost(WARM_UP);
		const contestants = { again: withNodes(1) };
		for (const count of NODES) contestants[count] = withNodes(count);
		const seen = await quietTurns(contestants, ROUNDS, ['1', 'again'], 'a Node-RED with one node');
		return NODES.slice(1).map(row(COUNTED.nodes, seen, 1));
	} finally {
		await host.close();
	}
}

/** A new process for each round: of two that do the same, one may be slower for all its life. */
async function byOpenCalls() {
	const withCalls = (count) => async () => {
		const child = fork(fileURLToPath(new URL('./scale-tracker.mjs', import.meta.url)), [String(count)], {
			execArgv: ['--expose-gc'],
		});
		return (await once(child, 'message'))[0];
	};
	const contestants = { again: withCalls(0) };
	for (const count of OPEN_CALLS) contestants[count] = withCalls(count);
	const seen = await quietTurns(contestants, ROUNDS, ['0', 'again'], 'a tracker without open calls');
	return OPEN_CALLS.slice(1).map(row(COUNTED.calls, seen, 0));
}
