/**
 * The calls the simulator remembers: bounded in number and bytes, newest last. When a limit is reached the oldest ended
 * calls are dropped, and only if none has ended the oldest running one.
 */
import { weightOf } from '../model/weight';
import type { Call } from '../model/call';
import type { CallState } from './call-state';

/** Bytes of all calls: 5,000 usual ones take a fifth of it; one with 200 deliveries of the longest texts takes 8 MB. */
const MAX_BYTES = 256 * 1024 * 1024;
/** Changes after which what changed is weighed; a change adds some ten thousand bytes at most. */
const CHANGES_TO_WEIGH = 50;

/** Calls by SID, in the order of their creation. */
export class CallLog {
	readonly #states = new Map<string, CallState>();
	readonly #limit: number;
	readonly #maxBytes: number;
	/** Bytes of each call when it was weighed last. */
	readonly #weights = new Map<string, number>();
	readonly #changed = new Set<Call>();
	#changes = 0;
	#bytes = 0;
	/** Calls dropped because of a limit since the start or the last reset. */
	dropped = 0;

	constructor(limit: number, maxBytes = MAX_BYTES) {
		this.#limit = limit;
		this.#maxBytes = maxBytes;
	}

	add(state: CallState): void {
		while (this.#states.size >= this.#limit) this.#dropOne();
		this.#states.set(state.call.sid, state);
		this.#changed.add(state.call);
		this.#weigh();
	}

	/** A call has grown. */
	changed(call: Call): void {
		this.#changed.add(call);
		this.#changes += 1;
		if (this.#changes >= CHANGES_TO_WEIGH) this.#weigh();
	}

	/** Bytes of all calls, as weighed last. */
	get bytes(): number {
		return this.#bytes;
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

	#weigh(): void {
		for (const call of this.#changed) {
			if (!this.#states.has(call.sid)) continue;
			const bytes = weightOf(call);
			this.#bytes += bytes - (this.#weights.get(call.sid) ?? 0);
			this.#weights.set(call.sid, bytes);
		}
		this.#changed.clear();
		this.#changes = 0;
		while (this.#bytes > this.#maxBytes && this.#states.size > 1) this.#dropOne();
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
		const { sid } = state.call;
		this.#states.delete(sid);
		this.#bytes -= this.#weights.get(sid) ?? 0;
		this.#weights.delete(sid);
		state.forget();
	}
}
