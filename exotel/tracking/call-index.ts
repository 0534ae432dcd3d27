/**
 * Which call SID belongs to which attempt, and how far the calls of others were reported: a callback to an address
 * without attempt leads to the attempt that placed its call, or is passed on as an event without attempt.
 */
import { emptyCall, isAgentEvent, isEnd, withKnown, type CallEvent } from '../call/call';
import { callerInput } from '../call/caller-input';
import { advance } from '../call/timeline';
import type { Clock } from '../http/transport';
import type { Announcer } from './announcer';
import { MAX_NAMED, type ReportedEnd } from './end-confirmation';
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
	 * an agent. What a caller pressed or recorded during a call of ours is passed on as well.
	 */
	receive(event: CallEvent): Promise<string | null> {
		return this.#change(event.call.sid, async (key, record) => {
			const beside = isAgentEvent(event) ? event : callerInput(event);
			if (record === null || record.attemptId === null) await this.#passOn(key, record, event);
			else if (beside !== null) await this.#passOnBeside(key, record, beside);
			return isAgentEvent(event) ? null : (record?.attemptId ?? null);
		});
	}

	/**
	 * Passes on what a caller pressed or recorded, of an event that is an end nobody has confirmed yet: nothing else
	 * that it says about the call is believed.
	 */
	async receiveInput(event: CallEvent): Promise<void> {
		const input = callerInput(event);
		if (input === null) return;
		const { sid, api, from, to, exoPhone, direction, directionWord, digits, recordingUrl, recordingUrls } =
			input.call;
		const said = { from, to, exoPhone, direction, directionWord, digits, recordingUrl, recordingUrls };
		await this.receive({ ...input, call: { ...emptyCall(sid, api), ...said } });
	}

	/** Passes an event on although its call once belonged to an attempt, of which nothing is known any more. */
	passOn(event: CallEvent): Promise<void> {
		return this.#change(event.call.sid, (key, record) => {
			const timeline = { position: -1, ended: false, seen: record?.timeline?.seen ?? [] };
			return this.#passOn(key, record && { ...record, timeline }, event);
		});
	}

	/** The attempt that a SID belongs to; null while none is known. `placed`: of those that were placed here alone. */
	async attemptOf(sid: string, placed = false): Promise<string | null> {
		const kept = await this.#parts.store.get(storeKey('call', sid));
		return kept?.kind === 'sid' && (kept.polled || !placed) ? kept.attemptId : null;
	}

	/**
	 * Keeps that the end of a call was reported until Exotel has confirmed it or not. Gives the report with what
	 * earlier ones named, or null when the end was announced before, also to the attempts that are named.
	 */
	noteReport({ sid, apis, attemptIds }: ReportedEnd): Promise<ReportedEnd | null> {
		return this.#change(sid, async (key, record) => {
			const unended = await this.#unended(attemptIds);
			if (record?.timeline?.ended === true && unended.length === 0) return null;
			const before = record?.reported?.attemptIds ?? [];
			// Made-up ones leave a place for an attempt that was placed here.
			const isPlaced = unended.some(({ polled }) => polled);
			const named = isPlaced ? [...attemptIds, ...before] : [...before, ...attemptIds];
			const reported = {
				sid,
				apis: [...new Set([...(record?.reported?.apis ?? []), ...apis])],
				attemptIds: [...new Set(named)].slice(0, MAX_NAMED),
			};
			const { store, clock } = this.#parts;
			const expiresAt = clock.now() + KEPT_MS;
			const first = {
				kind: 'sid',
				attemptId: null,
				polled: false,
				timeline: null,
				expiresAt,
				revision: 0,
			} as const;
			const kept = record ?? first;
			await store.set(key, { ...kept, reported, revision: kept.revision + 1 });
			return reported;
		});
	}

	/** The report of a call that is kept; null when there is none any more. */
	async reportOf(sid: string): Promise<ReportedEnd | null> {
		const kept = await this.#parts.store.get(storeKey('call', sid));
		return kept?.kind === 'sid' ? (kept.reported ?? null) : null;
	}

	/** Those of the attempts that are known and wait for their end. */
	async #unended(attemptIds: readonly string[]): Promise<AttemptRecord[]> {
		const unended: AttemptRecord[] = [];
		for (const attemptId of attemptIds) {
			const kept = await this.#parts.store.get(storeKey('attempt', attemptId));
			if (kept?.kind === 'attempt' && kept.phase !== 'ended') unended.push(kept);
		}
		return unended;
	}

	/** Exotel did not confirm the end. `isOld`: false when the call has been reported again meanwhile. */
	forgetReport(sid: string, isOld: () => boolean): Promise<void> {
		return this.#change(sid, async (key, record) => {
			if (record?.reported === undefined || !isOld()) return;
			const kept: SidRecord = { ...record, revision: record.revision + 1 };
			delete kept.reported;
			const isEmpty = kept.attemptId === null && kept.timeline === null && kept.unsent === undefined;
			await (isEmpty ? this.#parts.store.delete(key) : this.#parts.store.set(key, kept));
		});
	}

	/** Does something with the record of a call, after what is under way for it. */
	#change<Result>(sid: string, work: (key: string, record: SidRecord | null) => Promise<Result>): Promise<Result> {
		const { store, queue } = this.#parts;
		const key = storeKey('call', sid);
		return queue.run(key, async () => {
			const kept = await store.get(key);
			return work(key, kept?.kind === 'sid' ? kept : null);
		});
	}

	/** From now on callbacks about the attempt's SID lead to it. True when there were some before. */
	link({ sid, attemptId, expiresAt, phase, polled }: AttemptRecord): Promise<boolean> {
		if (sid === null) return Promise.resolve(false);
		return this.#change(sid, async (key, record) => {
			const { timeline: before, unsent, revision = 0 } = record ?? {};
			const ended = phase === 'ended';
			// The store lets go of an ended call's link when it lets go of the call. What was reported of agents is
			// passed on from here, and still known after the end.
			const timeline = { position: -1, ended, seen: before?.seen ?? [] };
			await this.#parts.store.set(key, {
				...{ kind: 'sid', attemptId, polled, timeline, expiresAt, revision: revision + 1 },
				...(unsent && { unsent }),
				...stillReported(record, ended),
			});
			return record !== null;
		});
	}

	/**
	 * Passes on what happened during a call of ours and settles nothing: to an agent's phone, or what a caller pressed
	 * or recorded; with what the host wants to have back.
	 */
	async #passOnBeside(key: string, record: SidRecord, event: CallEvent): Promise<void> {
		const { store, announcer } = this.#parts;
		const { attemptId } = record;
		const { timeline, emit: next } = advance(timelineFrom(event.call.sid, record.timeline), event);
		await store.set(key, { ...record, timeline: seenStateOf(timeline), revision: record.revision + 1 });
		if (next === null) return;
		const attempt = attemptId === null ? null : await store.get(storeKey('attempt', attemptId));
		const { context, requested } = attempt?.kind === 'attempt' ? attempt : { context: {}, requested: {} };
		// An agent pass-through does not say which way the call goes; one that an attempt placed goes out.
		const call = { ...withKnown(next.call, requested), direction: 'outbound' as const };
		announcer.announce(key, { type: 'progress', attemptId, context, event: { ...next, call } });
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
			...stillReported(record, ended),
		};
		await store.set(key, announcement === null ? kept : announcer.noted(kept, [announcement]));
		if (announcement !== null) announcer.announce(key, announcement);
	}
}

/** The reported end of a record, as long as the call has not ended. */
function stillReported(record: SidRecord | null, ended: boolean): Pick<SidRecord, 'reported'> {
	return record?.reported === undefined || ended ? {} : { reported: record.reported };
}
