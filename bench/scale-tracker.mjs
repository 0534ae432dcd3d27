/**
 * A tracker in a process of its own, with so many calls that are still running: takes the ends of other calls, and hands
 * back the microseconds of CPU time that one took. A process each, so that the memory of one is not collected in the
 * time of another.
 */
import { callback } from './exotel-requests.mjs';
import { loadCore } from './core.mjs';

const EVENTS = 20_000;
const account = { region: 'singapore', sid: 'acme1', timeZone: 'Asia/Kolkata', defaultCountry: 'IN' };
const core = await loadCore();
let next = 0;
const event = (more) =>
	core.readCallEvent(
		{ method: 'POST', headers: {}, body: JSON.stringify({ ...callback(next++), ...more }), receivedAt: Date.now() },
		account,
	);
const clock = { now: () => Date.now(), elapsed: () => performance.now(), sleep: () => new Promise(() => {}) };
// Room for all of them: what a full store does is another question.
const memory = new core.MemoryStore({ clock, maxBytes: 2 ** 30, onDropped() {} });
const store = new core.TrackerStore({ clock, memory, shared: null, onFailed() {} });
const tracker = new core.CallTracker(
	{ clock, random: Math.random, poll: async () => null, pollAfterMs: () => 60_000, emit() {}, warn() {} },
	store,
);
for (let call = 0; call < Number(process.argv[2]); call++)
	await tracker.received(event({ EventType: 'answered', Status: 'in-progress' }), null);

async function cost(count) {
	const events = Array.from({ length: count }, () => event());
	global.gc();
	const before = process.cpuUsage();
	for (const one of events) await tracker.received(one, null);
	const { user, system } = process.cpuUsage(before);
	return (user + system) / count;
}

// What runs often is compiled by then.
await cost(EVENTS);
process.send(await cost(EVENTS), () => process.exit(0));
