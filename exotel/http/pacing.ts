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
	/** When turns of the last minute were taken, oldest first, by `Clock.elapsed`; for a pacer that takes over. */
	readonly recentTurns: readonly number[];
}

/** How a pacer is set up. */
export interface PacerOptions {
	/** Requests in any 60 seconds; 200 by default. A number below 1 counts as 1. */
	perMinute?: number;
	/** How many may wait at once; 2000 by default, the turns of ten minutes. Bounds the memory of a runaway flow. */
	maxWaiting?: number;
	clock: Clock;
	/** Turns taken from the pacer this one takes over from. */
	recentTurns?: readonly number[] | undefined;
}

/** Exotel's limit. */
export const DEFAULT_REQUESTS_PER_MINUTE = 200;
const MINUTE_MS = 60_000;

class AccountPacer implements Pacer {
	readonly #clock: Clock;
	readonly #limit: number;
	readonly #maxWaiting: number;
	/** When the last `#limit` turns were taken, oldest first. */
	readonly #turns: number[];
	/** Turns of a pacer with a higher limit, which this one cannot hold; a later one may. */
	readonly #earlierTurns: readonly number[];
	#pausedUntil = Number.NEGATIVE_INFINITY;
	#queue: (() => void)[] = [];
	#running = false;
	#sleeping: AbortController | undefined;

	constructor({ perMinute = DEFAULT_REQUESTS_PER_MINUTE, maxWaiting = 2000, clock, recentTurns = [] }: PacerOptions) {
		this.#clock = clock;
		this.#maxWaiting = maxWaiting;
		this.#limit = Number.isFinite(perMinute) ? Math.max(1, Math.floor(perMinute)) : DEFAULT_REQUESTS_PER_MINUTE;
		const latest = recentTurns.slice(-this.#limit);
		const free = new Array<number>(this.#limit - latest.length).fill(Number.NEGATIVE_INFINITY);
		this.#turns = [...free, ...latest];
		this.#earlierTurns = recentTurns.slice(0, -this.#limit);
	}

	get waiting(): number {
		return this.#queue.length;
	}

	get recentTurns(): readonly number[] {
		const minuteAgo = this.#clock.elapsed() - MINUTE_MS;
		return [...this.#earlierTurns, ...this.#turns].filter((turn) => turn > minuteAgo);
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
		const slot = (this.#turns[place % this.#limit] ?? Number.NEGATIVE_INFINITY) + MINUTE_MS;
		return Math.max(slot, this.#pausedUntil) + rounds;
	}

	#record(at: number): void {
		this.#turns.shift();
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
			// A timer may end a millisecond early, and a pause may have been added meanwhile: trust the sleep, look
			// again.
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

/** The reason of an aborted signal, as an error. */
function reasonOf(signal: AbortSignal | undefined): Error {
	const reason: unknown = signal?.reason;
	return reason instanceof Error ? reason : new Error('The request was stopped.');
}

/** Builds a pacer. */
export function createPacer(options: PacerOptions): Pacer {
	return new AccountPacer(options);
}
