// What the page knows about the simulator: its clock, accounts, flows, switches, and the newest calls. Views read it
// and
// are told when it changes.
import { ask } from './control-api.js';

const listeners = new Set();
let anchor = { time: Date.now(), speed: 1, at: performance.now() };

/** `about` is the control API's `state`; null until it has answered. `calls` are the rows the list holds. */
export const state = { about: null, calls: [] };

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
	if (!Number.isFinite(clock?.epochMs)) return;
	anchor = { time: clock.epochMs, speed: Number(clock.speed), at: performance.now() };
	if (state.about) state.about.clock = clock;
	tell();
}

/** Takes over the rows of the list. */
export function keepCalls(calls) {
	state.calls = calls;
	tell();
}

/** Reads everything but the calls again. */
export async function refreshState() {
	const about = await ask('state');
	state.about = about;
	readClock(about.clock);
}

/** Account, key and token that work here: any in an open simulator; a closed one does not tell its keys. */
export function credentials() {
	const { about } = state;
	const account = about?.accounts[0];
	// As it is written in India, so that it needs no escaping on a command line.
	const exoPhone = (account?.exoPhones[0] ?? '08047115777').replace(/^\+91(?=\d{10}$)/, '0');
	if (about?.anyAccount) return { sid: account?.sid ?? 'exotel', key: 'key', token: 'token', exoPhone };
	return { sid: account?.sid ?? '', key: null, token: null, exoPhone };
}

function tell() {
	for (const run of listeners) run();
}
