/** The attempts that a process polls: it placed them, or took them up from the store. */
import type { CallEvent } from '../call/call';
import { isUnfinished } from '../call/unfinished';
import type { Clock } from '../http/transport';
import { keptFrom, NO_END_AFTER_MS, type AttemptRecord } from './records';

/** The record of a call that has ended is read again after this time, ms. */
export const UNFINISHED_WAIT_MS = 60_000;

/** When they were requested is kept on the clock that only runs forward: the time of day may be set during a call. */
export class FollowedAttempts {
	readonly #clock: Pick<Clock, 'now' | 'elapsed'>;
	readonly #requestedAt = new Map<string, number>();

	constructor(clock: Pick<Clock, 'now' | 'elapsed'>) {
		this.#clock = clock;
	}

	/** How many there are. */
	get size(): number {
		return this.#requestedAt.size;
	}

	has(key: string): boolean {
		return this.#requestedAt.has(key);
	}

	/** `requestedAt`: ms since 1970; now unless given. */
	add(key: string, requestedAt = this.#clock.now()): void {
		this.#requestedAt.set(key, this.#clock.elapsed() + requestedAt - this.#clock.now());
	}

	delete(key: string): void {
		this.#requestedAt.delete(key);
	}

	/**
	 * The record with its next poll, after `waitMs` or when polling ends, and its times by the time of day as it is set
	 * now; null when polling has ended.
	 */
	polledAgain(key: string, record: AttemptRecord, waitMs: number): AttemptRecord | null {
		const ageMs = this.#ageMs(key);
		if (ageMs >= NO_END_AFTER_MS) return null;
		const now = this.#clock.now();
		const nextPollAt = now + Math.min(waitMs, NO_END_AFTER_MS - ageMs);
		return keptFrom({ ...record, nextPollAt, requestedAt: now - ageMs }, now);
	}

	/**
	 * True when Exotel's answer to a poll leaves out what a later poll will find, also of an attempt that another
	 * process follows. The last poll takes what there is.
	 */
	isTooEarly(key: string, { phase, requestedAt }: AttemptRecord, { call }: CallEvent): boolean {
		const now = this.#clock.now();
		const ageMs = this.has(key) ? this.#ageMs(key) : now - requestedAt;
		return phase === 'open' && ageMs < NO_END_AFTER_MS && isUnfinished(call, now);
	}

	#ageMs(key: string): number {
		const elapsed = this.#clock.elapsed();
		return elapsed - (this.#requestedAt.get(key) ?? elapsed);
	}
}
