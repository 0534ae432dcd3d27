/**
 * Keeps an account under Exotel's limit of 200 requests a minute (facts 1.3). First come, first served; no window of 60
 * seconds, wherever it starts, sees more than the limit.
 */
import { ExotelError } from '../errors';
import type { Clock } from './transport';

/** How one turn is taken. */
export interface TurnOptions {
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
	/** How many may wait at once; 2000 by default, the turns of ten minutes. Bounds the memory of a runaway flow. */
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
	#pausedUntil = Number.NEGATIVE_INFINITY;
	#queue: (() => void)[] = [];
	#running = false;
	#sleeping: AbortController | undefined;

	constructor({ perMinute = DEFAULT_REQUESTS_PER_MINUTE, maxWaiting = 2000, clock }: PacerOptions) {
		this.#clock = clock;
		this.#maxWaiting = maxWaiting;
		this.#limit = limitOf(perMinute);
	}

	get waiting(): number {
		return this.#queue.length;
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
		const now = this.#clock.elapsed();
		const turn = this.#turnAt(this.waiting);
		if (this.waiting === 0 && turn <= now) {
			this.#record(now);
			return Promise.resolve();
		}
		const waitMs = Math.max(0, turn - now);
		if (this.waiting >= this.#maxWaiting || (options.until !== undefined && turn > options.until)) {
			return Promise.reject(this.#limitError(waitMs));
		}
		options.onWait?.(waitMs);
		return this.#wait(signal);
	}

	#wait(signal: AbortSignal | undefined): Promise<void> {
		return new Promise<void>((resolve, reject) => {
			const admit = (): void => {
				signal?.removeEventListener('abort', giveUp);
				resolve();
			};
			const giveUp = (): void => {
				this.#queue = this.#queue.filter((waiter) => waiter !== admit);
				if (this.waiting === 0) this.#sleeping?.abort();
				reject(reasonOf(signal));
			};
			signal?.addEventListener('abort', giveUp, { once: true });
			this.#queue.push(admit);
			if (!this.#running) void this.#run();
		});
	}

	/** When the waiter at this place of the queue can be let through at the earliest. */
	#turnAt(place: number): number {
		const rounds = MINUTE_MS * Math.floor(place / this.#limit);
		const before = this.#turns[this.#turns.length - this.#limit + (place % this.#limit)];
		const slot = before === undefined ? Number.NEGATIVE_INFINITY : before + MINUTE_MS;
		return Math.max(slot, this.#pausedUntil) + rounds;
	}

	#record(at: number): void {
		while (this.#turns[0] !== undefined && this.#turns[0] <= at - MINUTE_MS) this.#turns.shift();
		this.#turns.push(at);
	}

	/** The one loop that lets waiters through; runs only while requests wait. */
	async #run(): Promise<void> {
		this.#running = true;
		let now = this.#clock.elapsed();
		while (this.waiting > 0) {
			now = Math.max(now, this.#clock.elapsed());
			const turn = this.#turnAt(0);
			if (turn <= now) {
				this.#record(now);
				this.#queue.shift()?.();
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
