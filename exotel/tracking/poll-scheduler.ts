/**
 * When to poll Exotel about which call: one wait for all open calls of a tracker, a few polls at once, and a minimum
 * gap between the polls of one call, so that a flood of callbacks cannot become a flood of requests.
 */
import type { Clock } from '../http/transport';

/** Seconds between polls when no callback can come: a call is short at first sight, long when it lasts. */
const POLL_INTERVALS: readonly number[] = [4, 4, 6, 10, 15, 20, 30];
const LAST_POLL_INTERVAL = 60;
/** Longest wait for a callback before Exotel is polled, ms. */
const MAX_QUIET_MS = 30 * 60 * 1000;
/** Spreads the first polls after a restart, ms. */
const MAX_JITTER_MS = 10_000;
/** The same per open call: half of Exotel's usual pace of 200 requests a minute, ms. */
const POLL_SPREAD_MS = 600;
/** Polls at once per tracker: the account's pace belongs to placing calls first. */
const MAX_CONCURRENT_POLLS = 5;
/** Smallest time between the starts of two polls of one call, ms. */
const MIN_POLL_GAP_MS = 4_000;
/** The same where a callback triggers the poll, ms. */
const MIN_EXTRA_POLL_GAP_MS = 10_000;
/** Longest time a host's timer can wait, ms. */
const MAX_SLEEP_MS = 0x7fffffff;

/**
 * Milliseconds to wait before poll number `pollCount` + 1. `quietMs`: when callbacks can come, Exotel is polled after
 * this long without an end; each further poll waits half as long again. Null: no callback can come.
 */
export function pollAfterMs(pollCount: number, quietMs: number | null): number {
	if (quietMs === null) return (POLL_INTERVALS[pollCount] ?? LAST_POLL_INTERVAL) * 1000;
	return Math.min(quietMs * 1.5 ** pollCount, MAX_QUIET_MS);
}

/**
 * Over how many ms the first polls of `count` open calls are spread: copies that were restarted together must not poll
 * in the same moment, nor one copy use up the account's pace. `firstAfterMs`: the usual wait before a first poll.
 */
export function firstPollsWithinMs(count: number, firstAfterMs: number): number {
	return Math.max(Math.min(MAX_JITTER_MS, firstAfterMs), count * POLL_SPREAD_MS);
}

/** One span between `start` and `stop`. */
interface Run {
	stopped: boolean;
	/** Ends the present wait. */
	interrupt: AbortController;
	/** When the present wait ends by itself. */
	armedFor: number;
}

/**
 * The polls of one tracker. Its own times are those of a clock that only runs forward: the time of day may be set back.
 */
export class PollScheduler {
	readonly #clock: Clock;
	readonly #poll: (key: string) => Promise<void>;
	readonly #due = new Map<string, number>();
	readonly #polling = new Set<string>();
	/** When each call was polled last; the oldest first. */
	readonly #polledAt = new Map<string, number>();
	#run: Run | null = null;

	/** `poll` makes one poll; it must not reject and must end. */
	constructor(clock: Clock, poll: (key: string) => Promise<void>) {
		this.#clock = clock;
		this.#poll = poll;
	}

	/** Polls `key` at `time` (ms since 1970) or as soon after as may be; never later than planned before. */
	at(key: string, time: number): void {
		this.#after(key, Math.max(0, time - this.#clock.now()), MIN_POLL_GAP_MS);
	}

	/** Polls `key` at once, or as soon as the gap to its last poll allows. */
	soon(key: string): void {
		this.#after(key, 0, MIN_EXTRA_POLL_GAP_MS);
	}

	#after(key: string, ms: number, gapMs: number): void {
		const earliest = (this.#polledAt.get(key) ?? -Infinity) + gapMs;
		const due = Math.min(Math.max(this.#clock.elapsed() + ms, earliest), this.#due.get(key) ?? Infinity);
		this.#due.set(key, due);
		if (this.#run !== null && due < this.#run.armedFor) this.#run.interrupt.abort();
	}

	/** Nothing is left to find out. */
	forget(key: string): void {
		this.#due.delete(key);
	}

	/** Polls what is due, from now on. */
	start(): void {
		if (this.#run !== null) return;
		const run = { stopped: false, interrupt: new AbortController(), armedFor: Infinity };
		this.#run = run;
		void this.#loop(run);
	}

	/** What is due waits for `start`; polls under way go on. */
	stop(): void {
		if (this.#run === null) return;
		this.#run.stopped = true;
		this.#run.interrupt.abort();
		this.#run = null;
	}

	async #loop(run: Run): Promise<void> {
		while (!run.stopped) {
			this.#startDue();
			run.interrupt = new AbortController();
			run.armedFor = this.#nextTime();
			const ms = Math.max(0, Math.min(run.armedFor - this.#clock.elapsed(), MAX_SLEEP_MS));
			// Rejects when interrupted: there is something new to look at.
			await this.#clock.sleep(ms, run.interrupt.signal).catch(() => undefined);
		}
	}

	#nextTime(): number {
		let time = Infinity;
		if (this.#polling.size >= MAX_CONCURRENT_POLLS) return time;
		for (const [key, due] of this.#due) if (due < time && !this.#polling.has(key)) time = due;
		return time;
	}

	#startDue(): void {
		const now = this.#clock.elapsed();
		for (const [key, due] of this.#due) {
			if (this.#polling.size >= MAX_CONCURRENT_POLLS) return;
			if (due > now || this.#polling.has(key)) continue;
			this.#due.delete(key);
			this.#polling.add(key);
			this.#note(key, now);
			void this.#poll(key).finally(() => {
				this.#polling.delete(key);
				this.#run?.interrupt.abort();
			});
		}
	}

	#note(key: string, now: number): void {
		this.#polledAt.delete(key);
		this.#polledAt.set(key, now);
		for (const [other, polledAt] of this.#polledAt) {
			if (polledAt + MIN_EXTRA_POLL_GAP_MS > now) break;
			this.#polledAt.delete(other);
		}
	}
}
