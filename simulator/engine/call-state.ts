/** What belongs to a call while the simulator knows it, beside the record of what happened: its end, its deliveries. */
import type { Call } from '../model/call';

/** The state of one call. */
export class CallState {
	/** True while the call runs ahead of the clock, because its first callback comes before the make-call answer. */
	aheadOfClock = false;
	/** Resolves when the make-call answer is out of the way; callbacks wait for it. */
	answerSent: Promise<void> = Promise.resolve();
	/** The first attempts so far: they go out one after the other. */
	lastDelivery: Promise<void> | null = null;
	readonly #controller = new AbortController();
	#messages: number;
	#releaseAnswer: (() => void) | null = null;

	constructor(readonly call: Call) {
		// a call that was restored goes on counting
		this.#messages = call.deliveries.reduce((highest, { id }) => Math.max(highest, id), 0);
	}

	/** Aborted when the call is forgotten by a reset or because of the limit; nothing happens to it any more. */
	get signal(): AbortSignal {
		return this.#controller.signal;
	}

	/** The number of the call's next message, from 1. */
	nextMessageId(): number {
		return ++this.#messages;
	}

	/** Resolves when the make-call answer may be sent. */
	holdAnswer(): Promise<void> {
		return new Promise((resolve) => (this.#releaseAnswer = resolve));
	}

	/** Lets the API answer at last. */
	releaseAnswer(): void {
		this.#releaseAnswer?.();
		this.#releaseAnswer = null;
	}

	/** Ends everything that still runs for the call. */
	forget(): void {
		const { agent, sid } = this.call;
		if (agent?.busyWith === sid) agent.busyWith = null;
		this.#controller.abort();
		// a make-call request that waits for this call's first callback is answered all the same
		this.releaseAnswer();
	}
}
