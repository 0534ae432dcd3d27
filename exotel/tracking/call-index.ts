/**
 * Which call SID belongs to which attempt, and how far the calls of others were reported: a callback to an address
 * without attempt leads to the attempt that placed its call, or is passed on as an event without attempt.
 */
import { isAgentEvent, isEnd, type AgentEvent, type CallEvent } from '../call/call';
import { advance } from '../call/timeline';
import type { Clock } from '../http/transport';
import type { Announcer } from './announcer';
import type { KeyedQueue } from './keyed-queue';
import { ENDED_KEPT_MS, KEPT_MS, storeKey, type AttemptRecord, type SidRecord } from './records';
import { boundedTimeline, seenStateOf, timelineFrom } from './seen-events';
import type { TrackerStore } from './store';

/** What the index shares with its tracker. */
export interface CallIndexParts {
	store: TrackerStore;
	queue: KeyedQueue;
	clock: Clock;
	announcer: Pick<Announcer<unknown>, 'noted' | 'announce'>;
}

/** The calls of one tracker by SID. */
export class CallIndex {
	readonly #parts: CallIndexParts;

	constructor(parts: CallIndexParts) {
		this.#parts = parts;
	}

	/**
	 * The attempt that placed the event's call; null when the event was passed on: there is none, or the event is about
	 * an agent.
	 */
	receive(event: CallEvent): Promise<string | null> {
		const { store, queue } = this.#parts;
		const key = storeKey('call', event.call.sid);
		return queue.run(key, async () => {
			const kept = await store.get(key);
			const record = kept?.kind === 'sid' ? kept : null;
			if (record === null || record.attemptId === null) await this.#passOn(key, record, event);
			else if (isAgentEvent(event)) await this.#passOnAgentEvent(key, record, event);
			else return record.attemptId;
			return null;
		});
	}

	/** Passes an event on although its call once belonged to an attempt, of which nothing is known any more. */
	passOn(event: CallEvent): Promise<void> {
		const key = storeKey('call', event.call.sid);
		return this.#parts.queue.run(key, () => this.#passOn(key, null, event));
	}

	/** The attempt that a SID belongs to; null while none is known. */
	async attemptOf(sid: string): Promise<string | null> {
		const kept = await this.#parts.store.get(storeKey('call', sid));
		return kept?.kind === 'sid' ? kept.attemptId : null;
	}

	/** From now on callbacks about the attempt's SID lead to it. True when there were some before. */
	link({ sid, attemptId, expiresAt, phase, polled }: AttemptRecord): Promise<boolean> {
		const { store, queue } = this.#parts;
		if (sid === null) return Promise.resolve(false);
		const key = storeKey('call', sid);
		return queue.run(key, async () => {
			const kept = await store.get(key);
			const revision = (kept?.revision ?? 0) + 1;
			// The store lets go of an ended call's link when it lets go of the call. What was reported of agents is
			// passed on from here, and still known after the end.
			const seen = kept?.kind === 'sid' ? (kept.timeline?.seen ?? []) : [];
			const timeline = { position: -1, ended: phase === 'ended', seen };
			const unsent = kept?.unsent;
			await store.set(key, {
				kind: 'sid',
				attemptId,
				polled,
				timeline,
				expiresAt,
				revision,
				...(unsent && { unsent }),
			});
			return kept !== null;
		});
	}

	/** Passes on what happened to an agent's phone during a call of ours, with what the host wants to have back. */
	async #passOnAgentEvent(key: string, record: SidRecord, event: AgentEvent): Promise<void> {
		const { store, announcer } = this.#parts;
		const { attemptId } = record;
		const { timeline, emit: next } = advance(timelineFrom(event.call.sid, record.timeline), event);
		await store.set(key, { ...record, timeline: seenStateOf(timeline), revision: record.revision + 1 });
		if (next === null) return;
		const attempt = attemptId === null ? null : await store.get(storeKey('attempt', attemptId));
		const context = attempt?.kind === 'attempt' ? attempt.context : {};
		// An agent pass-through does not say which way the call goes; one that an attempt placed goes out.
		const placed = { ...next, call: { ...next.call, direction: 'outbound' as const } };
		announcer.announce(key, { type: 'progress', attemptId, context, event: placed });
	}

	async #passOn(key: string, record: SidRecord | null, event: CallEvent): Promise<void> {
		const { store, clock, announcer } = this.#parts;
		const { timeline, emit: next, ended } = advance(timelineFrom(event.call.sid, record?.timeline ?? null), event);
		const type = next !== null && isEnd(next) ? 'ended' : 'progress';
		const announcement = next === null ? null : ({ type, attemptId: null, context: {}, event: next } as const);
		const unsent = record?.unsent;
		const kept: SidRecord = {
			kind: 'sid',
			attemptId: null,
			polled: false,
			timeline: ended ? seenStateOf(timeline) : boundedTimeline(timeline),
			expiresAt: clock.now() + (ended ? ENDED_KEPT_MS : KEPT_MS),
			revision: (record?.revision ?? 0) + 1,
			...(unsent && { unsent }),
		};
		await store.set(key, announcement === null ? kept : announcer.noted(kept, [announcement]));
		if (announcement !== null) announcer.announce(key, announcement);
	}
}
