/**
 * Keeps an account under Exotel's limit of 200 requests a minute (Exotel fact sheet 1.3). First come, first served; no
 * window of 60 seconds, wherever it starts, sees more than the limit. Taking a turn costs the same however many are
 * waiting.
 */

import { ExotelError } from '../errors';
import type { Clock } from './transport';

/** How one turn is asked for. */
export interface TurnOptions {
	/** Latest moment (milliseconds since the epoch) at which the turn is still of use. */
	until?: number;
	/** Told once, before waiting, for how many milliseconds. */
	onWait?: (ms: number) => void;
}

/** Hands out turns to send. Share one per account in a process. */
export interface Pacer {
	/**
	 * Resolves when it is this caller's turn.
	 * @throws ExotelError `rate-limit` at once when the turn would come after `until` or too many are waiting; the
	 *   signal's reason when aborted.
	 */
	take(signal?: AbortSignal, options?: TurnOptions): Promise<void>;
	/** Lets nobody through for so many milliseconds: Exotel asked for a pause (429 with `Retry-After`). */
	pause(ms: number): void;
	/** How many are waiting. */
	readonly waiting: number;
}

/** How a pacer is set up. */
export interface PacerOptions {
	/** Requests in any 60 seconds; 200 by default. */
	perMinute?: number;
	/** How many may wait at once; 2000 by default, ten minutes' worth. Bounds the memory of a flow that runs away. */
	maxWaiting?: number;
	clock: Clock;
}

const minute = 60_000;

interface Waiter {
	admit: () => void;
	live: boolean;
}

/** Builds a pacer. `perMinute` below 1 counts as 1. */
export function createPacer({ perMinute = 200, maxWaiting = 2000, clock }: PacerOptions): Pacer {
	const limit = Number.isFinite(perMinute) ? Math.max(1, Math.floor(perMinute)) : 200;
	/** When the last `limit` turns were given: a ring, oldest at `oldest`. */
	const given = new Array<number>(limit).fill(Number.NEGATIVE_INFINITY);
	let oldest = 0;
	let pausedUntil = Number.NEGATIVE_INFINITY;
	/** Waiters in order; those who gave up stay as dead entries until they are reached or the queue is compacted. */
	let queue: Waiter[] = [];
	let head = 0;
	let waiting = 0;
	let running = false;
	let sleeping: AbortController | undefined;

	/** When the waiter at this place of the queue can be let through at the earliest. */
	function turnAt(place: number): number {
		const slot = (given[(oldest + (place % limit)) % limit] as number) + minute * (1 + Math.floor(place / limit));
		return Math.max(slot, pausedUntil + minute * Math.floor(place / limit));
	}

	function record(at: number): void {
		given[oldest] = at;
		oldest = (oldest + 1) % limit;
	}

	/** The one loop that lets waiters through; runs only while somebody waits. */
	async function run(): Promise<void> {
		running = true;
		let now = clock.now();
		while (waiting > 0) {
			const turn = turnAt(0);
			now = Math.max(now, clock.now());
			if (turn > now) {
				sleeping = new AbortController();
				await clock.sleep(turn - now, sleeping.signal).catch(() => undefined);
				// A timer may end a millisecond early and a pause may have been added meanwhile: believe the sleep,
				// look again.
				if (!sleeping.signal.aborted) now = turn;
				continue;
			}
			let next = queue[head++] as Waiter;
			while (!next.live) next = queue[head++] as Waiter;
			waiting--;
			record(now);
			next.live = false;
			next.admit();
			compact();
		}
		queue = [];
		head = 0;
		running = false;
	}

	/**
	 * Forgets those who have had their turn or given up, once they are many and the larger part: memory stays bounded.
	 */
	function compact(): void {
		const gone = queue.length - waiting;
		if (gone < 1000 || gone < waiting) return;
		queue = queue.slice(head).filter((waiter) => waiter.live);
		head = 0;
	}

	function take(signal?: AbortSignal, options: TurnOptions = {}): Promise<void> {
		if (signal?.aborted === true) return Promise.reject(signal.reason as Error);
		const now = clock.now();
		const turn = turnAt(waiting);
		if (waiting === 0 && turn <= now) {
			record(now);
			return Promise.resolve();
		}
		if (waiting >= maxWaiting || (options.until !== undefined && turn > options.until)) {
			return Promise.reject(
				new ExotelError(
					'rate-limit',
					`The account's limit of ${limit} requests a minute is used up: this one would have to wait ` +
						`${Math.ceil(Math.max(0, turn - now) / 1000)} s, with ${waiting} others before it.`,
					{
						hint:
							'Send fewer requests at a time, or raise the limit in the account if Exotel gave you a ' +
							'higher one.',
						retryable: true,
						retryAfterMs: Math.max(0, turn - now),
					},
				),
			);
		}
		options.onWait?.(Math.max(0, turn - now));
		return new Promise<void>((resolve, reject) => {
			const giveUp = () => {
				if (!waiter.live) return;
				waiter.live = false;
				waiting--;
				if (waiting === 0) sleeping?.abort();
				reject(signal?.reason as Error);
			};
			const waiter: Waiter = {
				live: true,
				admit: () => {
					signal?.removeEventListener('abort', giveUp);
					resolve();
				},
			};
			signal?.addEventListener('abort', giveUp, { once: true });
			queue.push(waiter);
			waiting++;
			compact();
			if (!running) void run();
		});
	}

	return {
		take,
		pause: (ms) => {
			pausedUntil = Math.max(pausedUntil, clock.now() + Math.max(0, ms));
		},
		get waiting() {
			return waiting;
		},
	};
}
