/**
 * The calls the simulator remembers: bounded, newest last. When the limit is reached the oldest ended call is dropped,
 * and only if none has ended the oldest running one.
 */
import { releaseAnswer } from './run-ahead';
import type { Call } from '../model/call';

/** Calls by SID, in the order of their creation. */
export class CallLog {
	private readonly calls = new Map<string, Call>();
	/** calls dropped because of the limit since the start or the last reset */
	dropped = 0;

	constructor(private readonly limit: number) {}

	add(call: Call): void {
		while (this.calls.size >= this.limit) this.dropOne();
		this.calls.set(call.sid, call);
	}

	find(sid: string): Call | null {
		return this.calls.get(sid) ?? null;
	}

	/** The account's call; another account's call does not exist for it. */
	findFor(accountSid: string, sid: string): Call | null {
		const call = this.calls.get(sid);
		return call && call.accountSid === accountSid ? call : null;
	}

	/** Oldest first. */
	list(accountSid?: string): Call[] {
		const all = [...this.calls.values()];
		return accountSid === undefined ? all : all.filter((call) => call.accountSid === accountSid);
	}

	get size(): number {
		return this.calls.size;
	}

	clear(accountSid?: string): void {
		for (const call of this.list(accountSid)) this.forget(call);
		if (accountSid === undefined) this.dropped = 0;
	}

	private dropOne(): void {
		let oldest: Call | undefined;
		for (const call of this.calls.values()) {
			oldest ??= call;
			if (call.endedAt !== null) {
				oldest = call;
				break;
			}
		}
		if (oldest) this.forget(oldest);
		this.dropped++;
	}

	private forget(call: Call): void {
		call.dropped = true;
		if (call.agent?.busyWith === call.sid) call.agent.busyWith = null;
		this.calls.delete(call.sid);
		// a make-call request that waits for this call's first callback is answered all the same
		releaseAnswer(call);
	}
}
