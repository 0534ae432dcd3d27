// What the page knows about the simulator: its clock, its accounts, its flows. Views read it and are told when it changes.
import { ask } from './control-api.js';

const listeners = new Set();
let anchor = { time: Date.now(), speed: 1, at: performance.now() };

/** Everything read from the API that is not a call. */
export const state = { about: null, clock: null, flows: [], chaos: null };

/** Simulated time now, epoch milliseconds, run on from the last reading. */
export function simulatedNow() {
	return anchor.time + (performance.now() - anchor.at) * anchor.speed;
}

/** Simulated seconds per real second; 0 = the clock stands still. */
export function simulatedSpeed() {
	return anchor.speed;
}

/** Calls `run` after each change of the state. */
export function onStateChange(run) {
	listeners.add(run);
}

/** Takes over a reading of the clock. */
export function readClock(clock) {
	if (!clock) return;
	const time = typeof clock.now === 'number' ? clock.now : Date.parse(clock.now);
	if (Number.isFinite(time)) anchor = { time, speed: Number(clock.speed ?? 1), at: performance.now() };
	state.clock = clock;
	tell();
}

/** Reads what `names` name again; all of it by default. */
export async function refresh(names = ['about', 'clock', 'flows', 'chaos']) {
	await Promise.all(
		names.map(async (name) => {
			const answer = await ask(name);
			if (name === 'clock') readClock(answer);
			else if (name === 'flows') state.flows = answer.flows ?? [];
			else state[name] = answer;
		}),
	);
	tell();
}

function tell() {
	for (const run of listeners) run();
}
