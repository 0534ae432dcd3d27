/**
 * The tracked calls of one node. They belong to the running Node-RED, not to the node's instance: a redeploy detaches
 * the old instance and attaches the new one, and whatever happened in between comes out of the new one.
 */
import {
	CallTracker,
	HealthMonitor,
	joinSignals,
	MemoryStore,
	TrackerStore,
	type Announcement,
	type CallStore,
	type TrackerHost,
	type TrackingHealth,
	type TrackerWarning,
} from '../../exotel/index';
import { processClock } from '../clock';
import type { Deploys } from '../deploys';
import type { Message } from '../host';
import { Outbox, type Sender } from './outbox';

/** What goes back to the node with the *placed* or *unknown* of a response: the message that started the call. */
export interface ResponseDetails {
	msg: Message;
	/** What `msg.exotel` will hold. */
	exotel: Record<string, unknown>;
}

/** What a node announces. */
export type NodeAnnouncement = Announcement<ResponseDetails>;

/** A failure that was not reported yet, because its node was being redeployed. */
export interface NodeFailure {
	type: 'failed';
	error: Error;
	msg: Message;
}

/** Calls of a deleted node, of which no message can say any more what became of them. */
export interface LostCalls {
	notPlaced: number;
	/** Placed, or perhaps. */
	unclear: number;
}

/** What the instance of a node does for its calls. */
export interface CallsInstance
	extends Sender<NodeAnnouncement | NodeFailure>, Pick<TrackerHost<ResponseDetails>, 'poll' | 'confirmsEnds'> {
	/** The user's context store; null for memory. */
	shared: CallStore | null;
	/** Whose context in which store that is; null for memory. */
	sharedName: string | null;
	pollAfterMs(pollCount: number): number;
	warn(warning: TrackerWarning): void;
	/** Writes to the log what a deleted node cannot report. */
	lost(calls: LostCalls): void;
}

/** The calls of one node id. */
export class NodeCalls {
	readonly tracker: CallTracker<ResponseDetails>;
	readonly outbox: Outbox<NodeAnnouncement | NodeFailure>;
	/** Messages whose make-call request is under way, and what is known of it, by attempt. */
	readonly requesting = new Map<string, ResponseDetails>();
	/** When ends that no callback reported are searched for next, ms since 1970; null before the first search. */
	nextSearchAt: number | null = null;
	readonly #removed = new AbortController();
	#requests = new AbortController();
	readonly #monitor = new HealthMonitor();
	readonly #store: TrackerStore;
	/** Stays when the instance is closed: a request under way still has to write down what came of it. */
	#instance: CallsInstance | null = null;
	#attached: CallsInstance | null = null;
	#lost: LostCalls = { notPlaced: 0, unclear: 0 };

	constructor(readonly deploys: Deploys) {
		this.outbox = new Outbox(deploys);
		const memory = new MemoryStore({
			clock: processClock,
			onDropped: (count) => this.#warn({ code: 'store-full', count }),
		});
		const shared = (): CallStore | null => this.#instance?.shared ?? null;
		const store = new TrackerStore({
			clock: processClock,
			memory,
			get shared() {
				return shared();
			},
			onFailed: (reason) => this.#warn({ code: 'store-failed', reason }),
			signal: this.signal,
		});
		this.#store = store;
		this.tracker = new CallTracker<ResponseDetails>(
			{
				clock: processClock,
				random: Math.random,
				poll: async (sid, api, signal) => {
					const joined = joinSignals(signal, this.signal);
					try {
						return (await this.#instance?.poll(sid, api, joined.signal)) ?? null;
					} finally {
						joined.release();
					}
				},
				confirmsEnds: () => this.#instance?.confirmsEnds?.() === true,
				pollAfterMs: (pollCount) => this.#instance?.pollAfterMs(pollCount) ?? 60_000,
				emit: (announcement, sent) => {
					this.#monitor.announced(announcement, processClock.now());
					this.announce(announcement, sent);
				},
				warn: (warning) => this.#warn(warning),
			},
			store,
		);
	}

	/** Aborted when the node is deleted; a redeploy does not disturb a request that is placing a call. */
	get signal(): AbortSignal {
		return this.#removed.signal;
	}

	/** Aborted when the node is deleted or disabled: what was not sent yet is not sent. */
	get requestSignal(): AbortSignal {
		return this.#requests.signal;
	}

	/** A (new) instance of the node is being made: from now on its settings count. */
	prepare(instance: CallsInstance): void {
		const before = this.#instance;
		this.#instance = instance;
		// A node that was moved to another tab has a context of its own there.
		if (before !== null && before.sharedName !== instance.sharedName) void this.#store.replaced();
		if (!this.signal.aborted && this.requestSignal.aborted) this.#requests = new AbortController();
	}

	/** All nodes of the flow are there: what waited goes out, open calls of the store are taken up. */
	attach(instance: CallsInstance): void {
		this.#attached = instance;
		this.outbox.open(instance);
		void this.tracker.start();
	}

	/** The instance is being closed. */
	detach(instance: CallsInstance): void {
		this.outbox.close(instance);
		if (this.#attached !== instance) return;
		this.#attached = null;
		this.tracker.stop();
	}

	/** What is not in the context store yet is written, as far as it takes it. */
	flush(): Promise<void> {
		return this.#store.flush();
	}

	/** The node was disabled: calls that wait for their turn are not placed, and what becomes of the others is kept. */
	disable(): void {
		this.#requests.abort(new Error('The node was disabled.'));
	}

	/** The node was deleted. */
	dispose(): void {
		const reason = new Error('The node was deleted.');
		this.#removed.abort(reason);
		this.#requests.abort(reason);
		for (const output of this.outbox.empty()) this.#lose(output);
		this.tracker.stop();
		this.#reportLost();
	}

	/** Sends an announcement now, or when the node is back; `sent` is called then. */
	announce(announcement: NodeAnnouncement, sent?: () => void): void {
		this.#put(announcement, sent);
	}

	/** How the tracking of these calls is doing. */
	health(): Promise<TrackingHealth> {
		return this.#monitor.read(this.#store);
	}

	/** Reports the failure of a message now, or when the node is back. */
	fail(error: Error, msg: Message): void {
		this.#put({ type: 'failed', error, msg });
	}

	/** What became of this request has been announced. */
	settled(attemptId: string): void {
		this.requesting.delete(attemptId);
		this.#reportLost();
	}

	#put(output: NodeAnnouncement | NodeFailure, sent?: () => void): void {
		if (!this.signal.aborted) {
			this.outbox.put(output, sent);
			return;
		}
		this.#lose(output);
		this.#reportLost();
	}

	#lose({ type }: NodeAnnouncement | NodeFailure): void {
		if (type === 'failed') this.#lost.notPlaced += 1;
		if (type === 'placed' || type === 'unknown') this.#lost.unclear += 1;
	}

	/** One line for all, after the last: thousands may have waited for their turn. */
	#reportLost(): void {
		if (!this.signal.aborted) return;
		setImmediate(() => {
			const { notPlaced, unclear } = this.#lost;
			if (this.requesting.size > 0 || notPlaced + unclear === 0) return;
			this.#lost = { notPlaced: 0, unclear: 0 };
			this.#instance?.lost({ notPlaced, unclear });
		});
	}

	#warn(warning: TrackerWarning): void {
		this.#instance?.warn(warning);
	}
}
