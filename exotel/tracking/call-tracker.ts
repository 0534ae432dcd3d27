/**
 * The call tracker: follows calls from the make-call request to their end, by callbacks and by polling Exotel. Work on
 * one call is serial, but a poll or the make-call request never holds up a callback: both run outside the queue, only
 * what came of them goes through it. Every event is announced once and in order, the end once (see steps.ts). It
 * owns no timer and no storage: the host hands in a clock, a store and a way to poll.
 */
import { isAgentEvent, type Call, type CallEvent } from '../call/call';
import type { TrackerHost } from './announcements';
import { Announcer } from './announcer';
import { AttemptRecords } from './attempt-records';
import { CallIndex } from './call-index';
import { needsConfirmation, type ConfirmedEnd } from './end-confirmation';
import { FollowedAttempts, UNFINISHED_WAIT_MS } from './followed-attempts';
import { KeyedQueue } from './keyed-queue';
import { pollOnce } from './poll-once';
import { firstPollsWithinMs, PollScheduler } from './poll-scheduler';
import { ReportedEnds } from './reported-ends';
import { EndSearch } from './end-search';
import { settlementOf } from './seen-events';
import {
	keptFrom,
	needsTakingUp,
	newEntry,
	RESPONSE_WAIT_MS,
	storeKey,
	TIDY_EVERY_MS,
	withFirstPoll,
	type AttemptRecord,
	type AttemptStart,
} from './records';
import { firstPollAt, onEvent, onResponse, onUnknown, type Step } from './steps';
import type { TrackerStore } from './store';

/** Tracks the calls of one node. `Details`: what the host knows of a response and wants to have back with it. */
export class CallTracker<Details = null> {
	/** The search for ends that no callback reported. */
	readonly search: EndSearch;
	readonly #host: TrackerHost<Details>;
	readonly #store: TrackerStore;
	readonly #queue = new KeyedQueue();
	readonly #announcer: Announcer<Details>;
	readonly #index: CallIndex;
	readonly #scheduler: PollScheduler;
	readonly #reported: ReportedEnds;
	/** Attempts whose request is under way in this process. */
	readonly #requesting = new Set<string>();
	readonly #attempts: AttemptRecords;
	readonly #followed: FollowedAttempts;
	#tidying: AbortController | null = null;
	#started = false;

	constructor(host: TrackerHost<Details>, store: TrackerStore) {
		this.#host = host;
		this.#store = store;
		this.search = new EndSearch(store, host.clock);
		this.#attempts = new AttemptRecords(store);
		this.#followed = new FollowedAttempts(host.clock);
		this.#announcer = new Announcer(host, store, this.#queue);
		this.#index = new CallIndex({ store, queue: this.#queue, clock: host.clock, announcer: this.#announcer });
		this.#reported = new ReportedEnds(host, this.#index, (confirmed) => this.#take(confirmed));
		this.#scheduler = new PollScheduler(host.clock, (key) => this.#poll(key));
	}

	/** Calls that were placed, or are being placed, and have not ended. */
	get openCalls(): number {
		return this.#followed.size;
	}

	/**
	 * Polling begins, and every open call of the store is taken up: with a SID it is polled, without one announced as
	 * unknown (`restarted`) when the response cannot come any more. Unsent ends are sent. Never rejects.
	 */
	async start(): Promise<void> {
		if (this.#tidying !== null) return;
		const tidying = new AbortController();
		this.#tidying = tidying;
		void this.#tidy(tidying.signal);
		this.#scheduler.start();
		await this.#takeUp();
	}

	/** Until the store could be read once this is tried again: a store may start later than the host. */
	async #takeUp(): Promise<void> {
		const afterRestart = !this.#started;
		const kept = await this.#store.entries();
		this.#started = this.#store.isRead;
		if (afterRestart) this.#announcer.announceUnsent(kept);
		const within = (count: number): number => firstPollsWithinMs(count, this.#host.pollAfterMs(0));
		if (afterRestart) this.#reported.takeUp(kept, within);
		const open = kept.flatMap(([key, record]) =>
			!this.#followed.has(key) && needsTakingUp(record) ? [{ key, record }] : [],
		);
		const spreadMs = within(open.length);
		for (const { key, record } of open) {
			this.#followed.add(key, record.requestedAt);
			const firstAt = firstPollAt(record, afterRestart, this.#host.clock.now());
			this.#scheduler.at(key, firstAt + this.#host.random() * spreadMs);
		}
	}

	/** Polling stops until `start`; callbacks are taken all the same, and requests under way are not disturbed. */
	stop(): void {
		this.#tidying?.abort();
		this.#tidying = null;
		this.#scheduler.stop();
	}

	/** A make-call request is about to be sent. Never rejects. */
	async begin(start: AttemptStart): Promise<void> {
		const key = storeKey('attempt', start.attemptId);
		this.#requesting.add(key);
		this.#followed.add(key);
		await this.#queue.run(key, () => this.#attempts.set(key, newEntry(start, this.#host.clock.now())));
	}

	/** The request of an attempt waits `ms` before it is sent; twice as long when polls come first. Never rejects. */
	async delayed(attemptId: string, ms: number): Promise<void> {
		const key = storeKey('attempt', attemptId);
		await this.#queue.run(key, async () => {
			const record = await this.#attempts.get(key);
			if (record?.phase !== 'requested') return;
			await this.#attempts.set(key, { ...record, requestedAt: this.#host.clock.now() + 2 * ms });
		});
	}

	/** The response came: Exotel took the call. */
	placed(attemptId: string, call: Call, details: Details): Promise<void> {
		const { api } = call;
		return this.#respond({ attemptId, api }, (record) => onResponse(record, call, details, this.#host.clock.now()));
	}

	/** No usable response came; Exotel may have taken the call. `start` is used when the attempt was dropped. */
	unknown(start: AttemptStart, details: Details): Promise<void> {
		return this.#respond(start, (record) => onUnknown(record, 'no-response', details));
	}

	/** Exotel refused the request, or it was never sent. A callback that named the attempt before counts more. */
	async refused(attemptId: string): Promise<void> {
		const key = storeKey('attempt', attemptId);
		await this.#queue.run(key, async () => {
			this.#requesting.delete(key);
			const record = await this.#attempts.get(key);
			if (record !== null && record.sid !== null) return this.#plan(key, record);
			this.#disown(key);
			await this.#store.delete(key);
		});
	}

	/**
	 * A callback came; its address may name an attempt. Resolves when it is announced, or kept to be put to Exotel;
	 * with false when too many are kept: it is to be sent again. Never rejects.
	 */
	async received(event: CallEvent, attemptId: string | null): Promise<boolean> {
		try {
			const isDoubted = needsConfirmation(event) && this.#host.confirmsEnds?.() === true;
			if (isDoubted) return await this.#reported.report(event, attemptId);
			// What happens to an agent's phone settles no attempt, whatever its address names.
			await this.#take({ event, attemptIds: attemptId === null || isAgentEvent(event) ? [] : [attemptId] });
		} catch (reason) {
			this.#fault(reason);
		}
		return true;
	}

	async #take({ event, attemptIds }: ConfirmedEnd): Promise<void> {
		for (const attemptId of attemptIds) if (await this.#settle(attemptId, event)) return;
		const isStrange = attemptIds.length > 0 && (await this.#index.attemptOf(event.call.sid)) === null;
		if (!isStrange) await this.#receivedUnnamed(event);
	}

	/** Applies a callback that names the attempt; false when its SID is not the attempt's. */
	#settle(attemptId: string, event: CallEvent): Promise<boolean> {
		const key = storeKey('attempt', attemptId);
		return this.#queue.run(key, async () => {
			const now = this.#host.clock.now();
			const kept = await this.#attempts.get(key);
			const known = kept?.sid ?? null;
			if (settlementOf({ attemptId, sid: known }, event, attemptId) !== 'settles') return false;
			// A made-up attempt must neither settle the call of another one nor keep it from one of ours.
			const owner = known === null ? await this.#index.attemptOf(event.call.sid, kept !== null) : attemptId;
			if (owner !== null && owner !== attemptId) return false;
			// An attempt without a record: placed elsewhere, or before a restart without a store.
			const entry = newEntry({ attemptId, api: event.call.api }, now);
			const record: AttemptRecord = kept ?? { ...entry, phase: 'open', polled: false };
			if (record.phase === 'unknown') this.#followed.add(key);
			await this.#apply(key, record, onEvent(record, event, now));
			// A callback without a status ends nothing, but something happened.
			if (event.type === 'dial' && kept !== null && kept.phase !== 'ended') this.#scheduler.soon(key);
			return true;
		});
	}

	/** A callback without attempt settles nothing: Exotel is polled when the call is ours, else it is passed on. */
	async #receivedUnnamed(event: CallEvent): Promise<void> {
		const attemptId = await this.#index.receive(event);
		if (attemptId === null) return;
		const attemptKey = storeKey('attempt', attemptId);
		const attempt = await this.#attempts.get(attemptKey);
		if (attempt === null) await this.#index.passOn(event);
		// The end that a search at Exotel found is Exotel's own answer.
		else if (event.source === 'sweep') await this.#settle(attemptId, event);
		else if (attempt.phase !== 'ended') this.#scheduler.soon(attemptKey);
	}

	/** The request of an attempt is over. */
	async #respond(start: AttemptStart, stepOf: (record: AttemptRecord) => Step<Details>): Promise<void> {
		const key = storeKey('attempt', start.attemptId);
		await this.#queue.run(key, async () => {
			this.#requesting.delete(key);
			this.#followed.add(key);
			const record = (await this.#attempts.get(key)) ?? newEntry(start, this.#host.clock.now());
			const step = stepOf(record);
			await this.#apply(key, record, step);
			// A callback gave the SID, the response never came: the call is polled.
			if (step.record === record && record.sid !== null && record.phase !== 'ended') this.#scheduler.soon(key);
		});
	}

	/** Keeps, announces and plans what a step says. */
	async #apply(key: string, before: AttemptRecord, step: Step<Details>): Promise<void> {
		const now = this.#host.clock.now();
		const planned = withFirstPoll(step.record, now + this.#host.pollAfterMs(0));
		const noted = this.#announcer.noted(planned, step.announcements);
		const record = noted === before ? before : keptFrom(noted, now);
		if (record !== before) await this.#attempts.set(key, record);
		for (const announcement of step.announcements) this.#announcer.announce(key, announcement);
		for (const warning of step.warnings ?? []) this.#host.warn(warning);
		const ends = before.phase !== 'ended' && record.phase === 'ended';
		const hadCallbacks = (before.sid === null || ends) && (await this.#index.link(record));
		// Callbacks without attempt came before its SID was known to be ours: how is the call?
		if (before.sid === null && hadCallbacks) this.#scheduler.soon(key);
		this.#plan(key, record);
	}

	#plan(key: string, record: AttemptRecord): void {
		if (record.phase === 'requested') return;
		if (record.phase !== 'open') this.#disown(key);
		else if (record.nextPollAt !== null && this.#followed.has(key)) this.#scheduler.at(key, record.nextPollAt);
	}

	#disown(key: string): void {
		this.#followed.delete(key);
		this.#scheduler.forget(key);
	}

	/** One poll, or what is due for a call that cannot be polled. Never rejects. */
	async #poll(key: string): Promise<void> {
		try {
			const record = await this.#attempts.get(key);
			if (record === null || record.phase === 'ended') return this.#disown(key);
			const event = record.sid === null ? null : await pollOnce(this.#host, { sid: record.sid, api: record.api });
			await this.#queue.run(key, () => this.#polled(key, event));
		} catch (reason) {
			this.#fault(reason);
			// A fault ends no call.
			if (this.#followed.has(key)) this.#scheduler.at(key, this.#host.clock.now() + this.#host.pollAfterMs(1));
		}
	}

	async #polled(key: string, event: CallEvent | null): Promise<void> {
		// Read again: another process may have written the end meanwhile.
		const record = await this.#attempts.get(key);
		if (record === null) this.#disown(key);
		else if (event !== null && !this.#followed.isTooEarly(key, record, event))
			await this.#apply(key, record, onEvent(record, event, this.#host.clock.now()));
		else if (record.phase === 'requested') {
			if (this.#requesting.has(key)) return;
			// Whoever sends the request may have put it off since this was planned.
			const lost = record.requestedAt + RESPONSE_WAIT_MS;
			if (this.#host.clock.now() < lost) this.#scheduler.at(key, lost);
			else await this.#apply(key, record, onUnknown(record, 'restarted'));
		} else if (record.phase !== 'open') this.#disown(key);
		else if (this.#followed.has(key)) await this.#pollAgain(key, record, event);
		else if (event !== null) this.#scheduler.at(key, this.#host.clock.now() + UNFINISHED_WAIT_MS);
	}

	/** The call goes on, or its record is not finished: another poll, or none after Exotel's longest call. */
	async #pollAgain(key: string, record: AttemptRecord, end: CallEvent | null): Promise<void> {
		const pollCount = record.pollCount + 1;
		const waitMs = end === null ? this.#host.pollAfterMs(pollCount) : UNFINISHED_WAIT_MS;
		const next = this.#followed.polledAgain(key, { ...record, pollCount }, waitMs);
		if (next === null && end !== null) return await this.#polled(key, end);
		if (next === null) return await this.#apply(key, record, onUnknown(record, 'no-end-found'));
		await this.#attempts.set(key, next);
		this.#plan(key, next);
	}

	#fault(reason: unknown): void {
		this.#host.warn({ code: 'fault', reason });
	}

	async #tidy(signal: AbortSignal): Promise<void> {
		for (;;) {
			await this.#host.clock.sleep(TIDY_EVERY_MS, signal).catch(() => undefined);
			if (signal.aborted) return;
			await this.#store.tidy().catch((reason) => this.#fault(reason));
			if (!this.#started) await this.#takeUp();
		}
	}
}
