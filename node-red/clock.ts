/** The time the core works with inside Node-RED: the process clock. */
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../exotel/index';

/** Longest time a timer of Node.js can wait. */
const MAX_TIMER_MS = 0x7fffffff;

/**
 * The process clock: the time of day for stamps, a monotonic one for durations. `sleep` ends early, with the signal's
 * reason, when the signal is aborted.
 */
export const processClock: Clock = {
	now: () => Date.now(),
	elapsed: () => Math.floor(performance.now()),
	async sleep(ms, signal) {
		try {
			await sleep(Math.min(ms, MAX_TIMER_MS), undefined, { signal });
		} catch (reason) {
			throw signal?.aborted === true ? signal.reason : reason;
		}
	},
	giveWay: () => nextTurn(),
};
