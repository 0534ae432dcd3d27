/**
 * Follows the calls one node placed until they end. It belongs to the running Node-RED, not to the node's instance: a
 * redeploy detaches the old instance and attaches the new one, and whatever happened in between comes out of the new
 * one.
 *
 * What is known about a call is one entry per attempt to place it. Callbacks name the attempt; so do our own questions
 * to Exotel, asked when no callback can come or the last one stays away. `ended` goes out once per call.
 */
import { advance, emptyTimeline, ExotelError, type Call, type CallEvent } from '../../exotel/index';
import type { Deploys } from '../deploys';
import type { Message, OutMessage } from '../host';
import { ENDED_KEPT_MS, storeKey, KEPT_MS, type CallStore, type Kept } from './call-store';
import { keepMessage } from './kept-message';
import { Outbox } from './outbox';
import { Questions } from './questions';
import { unknownCall } from './unknown-call';

/** Callbacks that overtook the answer to their call: a call has four events at most, so more are repetitions. */
const MOST_EARLY = 50;
/** Spreads the first questions after a restart. */
const LONGEST_JITTER_MS = 10_000;
/** No request that places a call waits longer for its answer, pacing and repeats after 429 included. */
const ANSWER_WAIT_MS = 5 * 60 * 1000;
/**
 * After this long without an end, the end is reported as unknown. Longer than Exotel's longest call, shorter than
 * `KEPT_MS`.
 */
const GIVE_UP_MS = 24 * 60 * 60 * 1000;

/** The outputs of a node that follows calls. */
export type Output = 'placed' | 'progress' | 'ended';

/** What is kept about one call. Plain JSON. */
export interface FollowedCall extends Kept {
	attemptId: string | null;
	sid: string | null;
	api: Call['api'];
	/** Properties of the message that placed the call. */
	kept: Record<string, unknown>;
	timeline: ReturnType<typeof emptyTimeline> | null;
	ended: boolean;
	/** An unknown outcome has been reported; only a callback can bring more. */
	unknown?: boolean;
	/** ms since 1970. */
	placedAt: number;
	/** When to ask Exotel next, ms since 1970; null when only a callback can tell (the call's id is not known). */
	askAt: number | null;
	asked: number;
}

/** What a node instance does for its follower. */
export interface FollowingNode {
	store: CallStore<FollowedCall>;
	send(output: Output, message: OutMessage): void;
	/** Reads a call from Exotel. */
	ask(sid: string, api: Call['api'], signal: AbortSignal): Promise<{ call: Call; event: CallEvent | null }>;
	/** Milliseconds to wait before the question number `asked` + 1. */
	pause(asked: number): number;
	/** The last thing that happened, for the status line, and how many calls are open. */
	happened(what: string, open: number): void;
	/** Reports a failure to the Catch nodes. */
	report(error: Error, msg: Message): void;
	warn(reason: unknown): void;
}

/** The follower of one node. */
export class CallFollower {
	#node: FollowingNode | null = null;
	/** Stays when the instance is closed: a request under way still has to write down what came of it. */
	#store: CallStore<FollowedCall> | null = null;
	readonly #outbox: Outbox<[Output, OutMessage]>;
	#send: ((message: [Output, OutMessage]) => void) | null = null;
	readonly #removed = new AbortController();
	/** Attempts whose request is under way here, with the callbacks that came before its answer. */
	readonly #placing = new Map<string, CallEvent[]>();
	/** Open calls placed by this process. A call that another copy placed is asked about there. */
	readonly #questions = new Questions((key) => this.#inOrder(key, () => this.#ask(key)));
	/** Work on one call is done in order. */
	readonly #order = new Map<string, Promise<void>>();

	/** @param deploys the deploys of the Node-RED: nothing is sent while one goes on. */
	constructor(deploys: Pick<Deploys, 'running' | 'afterStart'> | null = null) {
		this.#outbox = new Outbox(deploys);
	}

	/** Aborted when the node is deleted; a redeploy does not disturb a request that is placing a call. */
	get signal(): AbortSignal {
		return this.#removed.signal;
	}

	/** A (new) instance of the node is being made: from now on its store counts. */
	prepare(node: FollowingNode): void {
		this.#store = node.store;
	}

	/** All nodes of the flow are there: what waited goes out, open calls of the store are taken up. */
	async attach(node: FollowingNode): Promise<void> {
		this.#node = node;
		this.#send = ([output, message]) => node.send(output, message);
		this.#outbox.open(this.#send);
		try {
			for (const [key, call] of await node.store.entries()) {
				if (call.ended || call.unknown === true || this.#questions.has(key) || this.#placing.has(key)) continue;
				// Without an id, the process that was placing the call ended before Exotel's answer; another copy may
				// still wait for it.
				// Known from callbacks alone: placed elsewhere.
				if (call.sid !== null && call.askAt === null) continue;
				const at = call.askAt ?? call.placedAt + ANSWER_WAIT_MS;
				// Copies that were restarted together must not ask in the same moment: the first to hear of the end
				// tells the others.
				this.#questions.at(
					key,
					Math.max(at, Date.now()) + Math.random() * Math.min(LONGEST_JITTER_MS, node.pause(0)),
				);
			}
		} catch (reason) {
			node.warn(reason);
		}
		if (this.#node === node) this.#questions.start();
	}

	/** The instance is being closed. */
	detach(node: FollowingNode, removed: boolean): void {
		if (this.#node === node) {
			this.#node = null;
			if (this.#send) this.#outbox.close(this.#send);
		}
		this.#questions.stop();
		if (!removed) return;
		this.#removed.abort(new Error('The node was deleted.'));
		this.#outbox.empty();
		this.#questions.clear();
	}

	/** A request that places a call is about to be sent. */
	async begin(attemptId: string, msg: Message, api: Call['api']): Promise<string[]> {
		const key = storeKey('attempt', attemptId);
		const kept = keepMessage(msg);
		this.#placing.set(key, []);
		await this.#write(key, { ...blank(attemptId, api), kept: kept.properties });
		return kept.dropped;
	}

	/** Exotel took the call. Early callbacks are released once `announce` has sent the *placed* message. */
	async placed(attemptId: string, call: Call, announce: () => void): Promise<void> {
		const key = storeKey('attempt', attemptId);
		await this.#inOrder(key, async () => {
			const entry = (await this.#read(key)) ?? blank(attemptId, call.api);
			const askAt = this.#firstQuestion();
			await this.#write(key, { ...entry, sid: call.sid, askAt });
			if (!entry.ended) this.#questions.at(key, askAt);
			announce();
			await this.#release(key);
		});
		this.#node?.happened('placed', this.#questions.size);
	}

	/** Nobody knows whether Exotel took the call; a late callback will tell. */
	async unknown(attemptId: string, announce: () => void): Promise<void> {
		const key = storeKey('attempt', attemptId);
		await this.#inOrder(key, async () => {
			const entry = await this.#read(key);
			if (entry) await this.#write(key, { ...entry, unknown: true });
			announce();
			await this.#release(key);
		});
	}

	/** Exotel refused the call, or it was never asked. */
	async refused(attemptId: string): Promise<void> {
		const key = storeKey('attempt', attemptId);
		this.#placing.delete(key);
		this.#questions.forget(key);
		await this.#store?.delete(key);
	}

	/** Something happened to a call. Calls this node knows nothing about are followed as well. */
	received(event: CallEvent, attemptId: string | null): Promise<void> {
		const key = attemptId === null ? storeKey('call', event.call.sid) : storeKey('attempt', attemptId);
		const held = this.#placing.get(key);
		if (held) {
			held.push(event);
			if (held.length > MOST_EARLY) held.shift();
			return Promise.resolve();
		}
		return this.#inOrder(key, () => this.#advance(key, event, attemptId));
	}

	/** Sends a message now, or when the node is back. */
	emit(output: Output, message: OutMessage): void {
		if (!this.#removed.signal.aborted) this.#outbox.put([output, message]);
	}

	/** Reports the failure of a request whose node was redeployed meanwhile. */
	report(error: Error, msg: Message): void {
		this.#node?.report(error, msg);
	}

	async #release(key: string): Promise<void> {
		const early = this.#placing.get(key) ?? [];
		this.#placing.delete(key);
		for (const event of early) await this.#advance(key, event, null);
	}

	async #advance(key: string, event: CallEvent, attemptId: string | null): Promise<void> {
		const known = await this.#read(key);
		const entry = known ?? blank(attemptId, event.call.api);
		if (entry.ended) return;
		const step = advance(entry.timeline ?? emptyTimeline(event.call.sid), event);
		// After the end only the fact that it ended is needed: nothing may come out a second time.
		const next: FollowedCall = {
			...entry,
			sid: event.call.sid,
			askAt: step.ended ? null : (entry.askAt ?? (known === null ? null : this.#firstQuestion())),
			// A copy: the flow owns what it is sent, and may change it.
			timeline: step.ended ? null : structuredClone(step.timeline),
			kept: step.ended ? {} : entry.kept,
			ended: step.ended,
			expiresAt: step.ended ? Date.now() + ENDED_KEPT_MS : entry.expiresAt,
		};
		await this.#write(key, next);
		// A late callback named the call of an unknown outcome: from now on its end can be asked for.
		if (next.askAt !== null && entry.unknown === true && !this.#questions.has(key))
			this.#questions.at(key, next.askAt);
		if (step.emit) this.#tell(step.emit, entry);
	}

	#tell(event: CallEvent, entry: FollowedCall): void {
		const { id, type, party, at, source, call, raw } = event;
		const ended = type === 'terminal';
		const exotel = { event: { id, type, party, at, source }, attemptId: entry.attemptId, raw };
		this.emit(ended ? 'ended' : 'progress', {
			...structuredClone(entry.kept),
			payload: ended ? call : event,
			exotel,
		});
		// "answered" is what a call that goes on shows.
		this.#node?.happened(
			!ended ? type : call.outcome === null || call.outcome === 'answered' ? 'ended' : call.outcome,
			this.#questions.size,
		);
	}

	#read(key: string): Promise<FollowedCall | null> {
		return this.#store?.get(key) ?? Promise.resolve(null);
	}

	async #write(key: string, call: FollowedCall): Promise<void> {
		if (call.ended || call.askAt === null) this.#questions.forget(key);
		await this.#store?.set(key, call);
	}

	#firstQuestion(): number {
		return Date.now() + (this.#node?.pause(0) ?? 60_000);
	}

	#inOrder(key: string, work: () => Promise<void>): Promise<void> {
		const before = this.#order.get(key) ?? Promise.resolve();
		const mine = before.then(work).catch((reason: unknown) => this.#node?.warn(reason));
		this.#order.set(key, mine);
		void mine.then(() => {
			if (this.#order.get(key) === mine) this.#order.delete(key);
		});
		return mine;
	}

	async #ask(key: string): Promise<void> {
		const entry = await this.#read(key);
		const node = this.#node;
		if (entry === null || entry.ended) return;
		if (node === null) {
			this.#questions.at(key, Date.now());
			return;
		}
		if (entry.sid === null) {
			if (entry.unknown !== true) await this.#reportUnknown(key, { ...entry, unknown: true }, 'restarted');
			return;
		}
		if (Date.now() - entry.placedAt > GIVE_UP_MS) {
			await this.#reportUnknown(key, { ...entry, ended: true }, 'no-end-seen');
			return;
		}
		try {
			const { event } = await node.ask(entry.sid, entry.api, this.signal);
			if (event) {
				await this.#advance(key, event, entry.attemptId);
				return;
			}
		} catch (reason) {
			// Too early, paced out, or Exotel is down: the next question will tell. The callback may still come.
			if (!(reason instanceof ExotelError)) node.warn(reason);
		}
		const asked = entry.asked + 1;
		const askAt = Date.now() + node.pause(asked);
		await this.#write(key, { ...entry, asked, askAt });
		this.#questions.at(key, askAt);
	}

	async #reportUnknown(key: string, entry: FollowedCall, reason: 'restarted' | 'no-end-seen'): Promise<void> {
		await this.#write(
			key,
			entry.ended
				? { ...entry, askAt: null, timeline: null, kept: {}, expiresAt: Date.now() + ENDED_KEPT_MS }
				: entry,
		);
		this.emit('ended', {
			...entry.kept,
			payload: unknownCall({ sid: entry.sid, api: entry.api }),
			exotel: { attemptId: entry.attemptId, reason, raw: null },
		});
		this.#node?.happened('unknown', this.#questions.size);
	}
}

function blank(attemptId: string | null, api: Call['api']): FollowedCall {
	const now = Date.now();
	return {
		attemptId,
		sid: null,
		api,
		kept: {},
		timeline: null,
		ended: false,
		placedAt: now,
		askAt: null,
		asked: 0,
		expiresAt: now + KEPT_MS,
	};
}
