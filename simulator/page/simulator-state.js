// What the page knows about the simulator: its clock, accounts, flows, switches, and the newest calls. Views read it
// and are called when it changes.
import { ask } from './control-api.js';

/** As in all examples; an open simulator knows no account before its first use. */
const DEFAULT_ACCOUNT = 'acme1';
const DEFAULT_EXOPHONE = '08047112233';

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
	const sid = currentAccount();
	const exoPhone = exoPhonesOf(sid)[0];
	if (about?.anyAccount) return { sid, key: 'key', token: 'token', exoPhone };
	return { sid, key: null, token: null, exoPhone };
}

/** SIDs of the accounts that can be chosen here. */
export function accountSids() {
	const known = (state.about?.accounts ?? []).map((account) => account.sid);
	return known.length === 0 ? [DEFAULT_ACCOUNT] : known;
}

/** The account of the newest call, else the first. */
export function currentAccount() {
	const sids = accountSids();
	const newest = state.calls[0]?.account;
	return sids.includes(newest) ? newest : sids[0];
}

/** ExoPhones as they are written in India, so that they need no escaping on a command line. */
export function exoPhonesOf(sid) {
	const account = (state.about?.accounts ?? []).find((candidate) => candidate.sid === sid);
	return (account?.exoPhones ?? [DEFAULT_EXOPHONE]).map((phone) => phone.replace(/^\+91(?=\d{10}$)/, '0'));
}

function tell() {
	for (const run of listeners) run();
}
