/**
 * Keeps an account under Exotel's limit of 200 requests a minute (facts 1.3): no window of 60 seconds, wherever it
 * starts, sees more turns than the limit. First come, first served, but for polls, which ask how a call is doing:
 * while other requests wait they have every second turn, so that the end of a call is found however many are to be
 * placed, and never more than half of a minute's turns, so that no flood of reports keeps a call from being placed.
 */
import { ExotelError } from '../errors';
import type { Clock } from './transport';

/** How one turn is taken. */
export interface TurnOptions {
	/** True for a request that asks how a call is doing; false by default. */
	isPoll?: boolean;
	/** Latest moment (by `Clock.elapsed`) at which the turn is still of use. */
	until?: number;
	/** Called once, before waiting, with the milliseconds to wait. */
	onWait?: (ms: number) => void;
}

/** Hands out turns to send. Share one per account in a process. */
export interface Pacer {
	/**
	 * Resolves when it is this caller's turn.
	 * @throws ExotelError `rate-limit` at once when the turn would come after `until` or too many are waiting; the
	 * signal's reason when aborted.
	 */
	take(signal?: AbortSignal, options?: TurnOptions): Promise<void>;
	/** Gives no turn for so many milliseconds: Exotel requires a pause (429 with `Retry-After`). */
	pause(ms: number): void;
	/** How many are waiting. */
	readonly waiting: number;
	/** Counts by this limit from now on, also for those who wait; turns already taken and a pause stay. */
	setRate(perMinute: number): void;
}

/** How a pacer is set up. */
export interface PacerOptions {
	/** Requests in any 60 seconds; 200 by default. A number below 1 counts as 1. */
	perMinute?: number;
	/** How many polls, and how many others, may wait at once; 2000 by default: ten minutes. Bounds the memory. */
	maxWaiting?: number;
	clock: Clock;
}

/** Exotel's limit. */
export const DEFAULT_REQUESTS_PER_MINUTE = 200;
const MINUTE_MS = 60_000;

class AccountPacer implements Pacer {
	readonly #clock: Clock;
	readonly #maxWaiting: number;
	#limit: number;
	/** When the turns of the last minute were taken, oldest first; after a lower rate was set, more than `#limit`. */
	readonly #turns: number[] = [];
	/** Those of polls. */
	readonly #pollTurns: number[] = [];
	#lastWasPoll = false;
	#pausedUntil = Number.NEGATIVE_INFINITY;
	readonly #polls = new Set<() => void>();
	readonly #others = new Set<() => void>();
	#running = false;
	#sleeping: AbortController | undefined;

	constructor({ perMinute = DEFAULT_REQUESTS_PER_MINUTE, maxWaiting = 2000, clock }: PacerOptions) {
		this.#clock = clock;
		this.#maxWaiting = maxWaiting;
		this.#limit = limitOf(perMinute);
	}

	get waiting(): number {
		return this.#polls.size + this.#others.size;
	}

	setRate(perMinute: number): void {
		const limit = limitOf(perMinute);
		if (limit === this.#limit) return;
		this.#limit = limit;
		this.#sleeping?.abort();
	}

	pause(ms: number): void {
		this.#pausedUntil = Math.max(this.#pausedUntil, this.#clock.elapsed() + Math.max(0, ms));
	}

	take(signal?: AbortSignal, options: TurnOptions = {}): Promise<void> {
		if (signal?.aborted === true) return Promise.reject(reasonOf(signal));
		const { isPoll = false, until = Number.POSITIVE_INFINITY } = options;
		const now = this.#clock.elapsed();
		const turn = isPoll ? this.#pollTurnAt(this.#polls.size) : this.#otherTurnAt(this.#others.size);
		if (turn <= now && this.#others.size === 0 && !(isPoll && this.#polls.size > 0)) {
			this.#record(now, isPoll);
			return Promise.resolve();
		}
		const waitMs = Math.max(0, turn - now);
		const queue = isPoll ? this.#polls : this.#others;
		if (queue.size >= this.#maxWaiting || turn > until) return Promise.reject(this.#limitError(waitMs));
		options.onWait?.(waitMs);
		return this.#wait(queue, signal);
	}

	#wait(queue: Set<() => void>, signal: AbortSignal | undefined): Promise<void> {
		return new Promise<void>((resolve, reject) => {
			const admit = (): void => {
				signal?.removeEventListener('abort', giveUp);
				resolve();
			};
			const giveUp = (): void => {
				queue.delete(admit);
				if (this.waiting === 0) this.#sleeping?.abort();
				reject(reasonOf(signal));
			};
			signal?.addEventListener('abort', giveUp, { once: true });
			queue.add(admit);
			if (!this.#running) void this.#run();
			// It may be asleep until the next poll.
			else if (queue === this.#others && queue.size === 1) this.#sleeping?.abort();
		});
	}

	/** When the poll at this place of its queue can be let through at the earliest. */
	#pollTurnAt(place: number): number {
		const before = Math.min(this.#others.size, place + (this.#lastWasPoll ? 1 : 0));
		const [limit, notBefore] = [Math.ceil(this.#limit / 2), this.#pausedUntil];
		return Math.max(this.#turnAt(place + before), turnAt(this.#pollTurns, { place, limit, notBefore }));
	}

	/** The same for any other request. */
	#otherTurnAt(place: number): number {
		return this.#turnAt(place + Math.min(this.#polls.size, place));
	}

	#turnAt(place: number): number {
		return turnAt(this.#turns, { place, limit: this.#limit, notBefore: this.#pausedUntil });
	}

	#record(at: number, isPoll: boolean): void {
		this.#lastWasPoll = isPoll;
		for (const turns of isPoll ? [this.#turns, this.#pollTurns] : [this.#turns]) {
			while (turns[0] !== undefined && turns[0] <= at - MINUTE_MS) turns.shift();
			turns.push(at);
		}
	}

	/** Whose turn is next, and when. */
	#next(now: number): { isPoll: boolean; turn: number } {
		const [turn, pollTurn] = [this.#turnAt(0), this.#pollTurnAt(0)];
		const mayPoll = this.#others.size === 0 || (!this.#lastWasPoll && pollTurn <= Math.max(now, turn));
		const isPoll = this.#polls.size > 0 && mayPoll;
		return { isPoll, turn: isPoll ? pollTurn : turn };
	}

	/** The one loop that lets waiters through; runs only while requests wait. */
	async #run(): Promise<void> {
		this.#running = true;
		let now = this.#clock.elapsed();
		while (this.waiting > 0) {
			now = Math.max(now, this.#clock.elapsed());
			const { isPoll, turn } = this.#next(now);
			if (turn <= now) {
				this.#admit(isPoll ? this.#polls : this.#others);
				this.#record(now, isPoll);
				continue;
			}
			this.#sleeping = new AbortController();
			const { signal } = this.#sleeping;
			await this.#clock.sleep(turn - now, signal).catch(() => undefined);
			// A timer may end a millisecond early, and a pause or another rate may have been set meanwhile: trust the
			// sleep, look again.
			if (!signal.aborted) now = turn;
		}
		this.#running = false;
	}

	#admit(queue: Set<() => void>): void {
		for (const first of queue) {
			queue.delete(first);
			return first();
		}
	}

	#limitError(waitMs: number): ExotelError {
		const limit = `The account's limit of ${this.#limit} requests a minute is used up`;
		const wait = `this one would have to wait ${Math.ceil(waitMs / 1000)} s, with ${this.waiting} others before it`;
		return new ExotelError('rate-limit', `${limit}: ${wait}.`, {
			hint: 'Send fewer requests at a time, or raise the limit in the account if Exotel gave you a higher one.',
			retryable: true,
			retryAfterMs: waitMs,
		});
	}
}

/** When the waiter at a place of a queue has its turn: `turns` were taken, `limit` of them may be in a minute. */
function turnAt(turns: readonly number[], queue: { place: number; limit: number; notBefore: number }): number {
	const { place, limit, notBefore } = queue;
	const before = turns[turns.length - limit + (place % limit)];
	const slot = before === undefined ? Number.NEGATIVE_INFINITY : before + MINUTE_MS;
	return Math.max(slot, notBefore) + MINUTE_MS * Math.floor(place / limit);
}

function limitOf(perMinute: number): number {
	return Number.isFinite(perMinute) ? Math.max(1, Math.floor(perMinute)) : DEFAULT_REQUESTS_PER_MINUTE;
}

/** The reason of an aborted signal, as an error. */
function reasonOf(signal: AbortSignal | undefined): Error {
	const reason: unknown = signal?.reason;
	return reason instanceof Error ? reason : new Error('The request was stopped.');
}

/** Builds a pacer. */
export function createPacer(options: PacerOptions): Pacer {
	return new AccountPacer(options);
}
