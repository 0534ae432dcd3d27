/**
 * The calls the simulator remembers: bounded, newest last. When the limit is reached the oldest ended call is dropped,
 * and only if none has ended the oldest running one.
 */
import type { Call } from '../model/call';
import type { CallState } from './call-state';

/** Calls by SID, in the order of their creation. */
export class CallLog {
	readonly #states = new Map<string, CallState>();
	readonly #limit: number;
	/** Calls dropped because of the limit since the start or the last reset. */
	dropped = 0;

	constructor(limit: number) {
		this.#limit = limit;
	}

	add(state: CallState): void {
		while (this.#states.size >= this.#limit) this.#dropOne();
		this.#states.set(state.call.sid, state);
	}

	find(sid: string): Call | null {
		return this.#states.get(sid)?.call ?? null;
	}

	/** The account's call; another account's call does not exist for it. */
	findFor(accountSid: string, sid: string): Call | null {
		const call = this.find(sid);
		return call && call.accountSid === accountSid ? call : null;
	}

	/** Oldest first. */
	list(accountSid?: string): Call[] {
		const all = Array.from(this.#states.values(), ({ call }) => call);
		return accountSid === undefined ? all : all.filter((call) => call.accountSid === accountSid);
	}

	get size(): number {
		return this.#states.size;
	}

	clear(accountSid?: string): void {
		for (const state of [...this.#states.values()])
			if (accountSid === undefined || state.call.accountSid === accountSid) this.#forget(state);
		if (accountSid === undefined) this.dropped = 0;
	}

	#dropOne(): void {
		let oldest: CallState | undefined;
		for (const state of this.#states.values()) {
			oldest ??= state;
			if (state.call.endedAt === null) continue;
			oldest = state;
			break;
		}
		if (oldest) this.#forget(oldest);
		this.dropped++;
	}

	#forget(state: CallState): void {
		this.#states.delete(state.call.sid);
		state.forget();
	}
}
