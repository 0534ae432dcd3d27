/**
 * Where tracked calls are kept. The memory store is bounded in bytes and by time. A store of the host's, which may be
 * shared by several processes or outlive a restart, stands beside it: when that one fails or hangs, tracking goes on in
 * memory and what it missed is written later.
 */
import type { Clock } from '../http/transport';
import type { CallStore } from './call-store';
import { KeyedQueue } from './keyed-queue';
import type { MemoryStore } from './memory-store';
import { MissedWrites } from './missed-writes';
import { SEARCH_KEY, isStoredRecord, newerOf, type StoredRecord } from './records';

/** A store that is down is reported this often, not with every event. */
const REPORT_EVERY_MS = 60_000;
/** Timeout of one access to the host's store, so that an event still leaves within a second. */
const ACCESS_TIMEOUT_MS = 300;
/** That time passes in so many turns: while the process itself is busy, its store cannot respond. */
const ACCESS_TURNS = 3;
/** The timeout for reading everything. */
const READ_ALL_TIMEOUT_MS = 30_000;
/** A store that hung is left alone this long. */
const PAUSE_AFTER_HANGING_MS = 5_000;
/** What was missed is tried again after this time, ms, then twice as long each time: no event may come for hours. */
const RETRY_AFTER_MS = PAUSE_AFTER_HANGING_MS + 100;
const RETRY_AT_MOST_MS = 60_000;
/** What was missed is written for this long, ms, when the host closes. */
const FLUSH_TIMEOUT_MS = 5_000;
/** Missed writes under way at once when the store is back. */
const CONCURRENT_WRITES = 50;
/** Keys that could not be read; beyond it the oldest is written without being read before. */
const MAX_UNREAD = 10_000;

/** Options of a tracker's store. */
export interface TrackerStoreOptions {
	clock: Clock;
	memory: MemoryStore;
	/** The host's store, or null for memory alone. */
	shared: CallStore | null;
	/** Ends the attempts to write what was missed. */
	signal?: AbortSignal;
	/** The host's store failed; at most once a minute. Also when it was down so long that something was forgotten. */
	onFailed(reason: unknown): void;
}

/** A memory store, with the host's store behind it when there is one. Never rejects. */
export class TrackerStore {
	readonly #options: TrackerStoreOptions;
	readonly #missed: MissedWrites;
	/** Writes to the host's store, one at a time for each key: a repeated one must not overtake a newer one. */
	readonly #writes = new KeyedQueue();
	/** Keys that could not be read and that memory does not have: what the host's store has may be newer. */
	readonly #unread = new Set<string>();
	#isRead = false;
	/** True when something was missed since all that was missed has been written. */
	#isBehind = false;
	/** Writing what was missed, while it goes on. */
	#catchUp: Promise<void> | null = null;
	#isRetrying = false;
	/** On the clock that only runs forward: the time of day may be set back. */
	#pausedUntil = -Infinity;
	#reportedAt = -Infinity;

	constructor(options: TrackerStoreOptions) {
		this.#options = options;
		this.#missed = new MissedWrites({
			clock: options.clock,
			memory: options.memory,
			onForgotten: (reason) => options.onFailed(reason),
		});
	}

	/** True when the host has a store of its own: what is written there may outlive this process. */
	get isShared(): boolean {
		return this.#options.shared !== null;
	}

	/** True once everything in the host's store could be read. */
	get isRead(): boolean {
		return this.#isRead || !this.isShared;
	}

	/** The record as it counts now; null when there is none or it has expired. */
	async get(key: string): Promise<StoredRecord | null> {
		const { memory, shared } = this.#options;
		const mine = await memory.get(key);
		if (shared === null) return mine;
		const theirs = await this.#access(() => shared.get(key));
		if (theirs.done) this.#unread.delete(key);
		else if (mine === null) this.#noteUnread(key);
		return this.#noted(newerOf(mine, theirs.done ? this.#counted(key, theirs.value) : null));
	}

	/** Writes a record. */
	async set(key: string, record: StoredRecord): Promise<void> {
		const { memory, shared } = this.#options;
		await memory.set(key, record);
		this.#noted(record);
		if (shared === null) return;
		await this.#writes.run(key, async () => {
			this.#missed.add(key, 'set');
			const done = this.#unread.delete(key)
				? await this.#repeat(key, 'set', shared)
				: (await this.#access(() => shared.set(key, structuredClone(record)))).done;
			this.#written(key, done);
		});
	}

	/** Drops a record. */
	async delete(key: string): Promise<void> {
		const { memory, shared } = this.#options;
		await memory.delete(key);
		if (key === SEARCH_KEY) memory.searchedUntil = Infinity;
		if (shared === null) return;
		await this.#writes.run(key, async () => {
			this.#missed.add(key, 'delete');
			const { done } = await this.#access(() => shared.delete(key));
			this.#written(key, done);
		});
	}

	/** All records that have not expired. */
	async entries(): Promise<[string, StoredRecord][]> {
		const { memory, shared } = this.#options;
		const found = new Map<string, StoredRecord>(await memory.entries());
		if (shared === null) return [...found];
		// What may be dropped there depends on how far the search has come.
		const search = await this.#access(() => shared.get(SEARCH_KEY));
		if (!search.done) return [...found];
		if (this.#noted(newerOf(found.get(SEARCH_KEY) ?? null, this.#living(search.value))) === null)
			memory.searchedUntil = Infinity;
		const theirs = await this.#access(() => shared.entries(memory.expiredBy), READ_ALL_TIMEOUT_MS);
		this.#isRead ||= theirs.done;
		for (const [key, value] of theirs.done ? theirs.value : []) {
			const record = newerOf(found.get(key) ?? null, this.#counted(key, value));
			if (record !== null) found.set(key, record);
		}
		return [...found];
	}

	/** Drops what has expired and writes what the host's store missed. */
	async tidy(): Promise<void> {
		const { memory, shared } = this.#options;
		memory.tidy();
		if (shared === null) return;
		// Most of these are never written.
		this.#unread.clear();
		await this.#writeMissed();
		await this.entries();
	}

	/** Writes what is being written or was missed, as far as the host's store takes it in time. */
	async flush(): Promise<void> {
		const { clock } = this.#options;
		if (!this.isShared || this.#missed.size === 0) return;
		this.#pausedUntil = -Infinity;
		// What is being written does not hold what was missed since it began.
		const work = (this.#catchUp ?? Promise.resolve()).then(() => this.#writeMissed());
		const timer = new AbortController();
		await Promise.race([work, clock.sleep(FLUSH_TIMEOUT_MS, timer.signal).catch(() => undefined)]);
		timer.abort();
	}

	/** The host's store is another one from now on: it gets everything that memory has. Never rejects. */
	async replaced(): Promise<void> {
		const note = (key: string) => this.#writes.run(key, () => Promise.resolve(this.#missed.add(key, 'set')));
		// Behind what is being written to the earlier one.
		await Promise.all((await this.#options.memory.entries()).map(([key]) => note(key)));
		await this.flush();
		void this.#retry();
	}

	/** A write is over. With the first that succeeds again the store is there again: it gets what it missed. */
	#written(key: string, done: boolean): void {
		if (done) this.#missed.remove(key);
		const isBack = done && this.#isBehind;
		this.#isBehind = !done;
		if (isBack) void this.#writeMissed();
		else if (!done) void this.#retry();
	}

	/** Until nothing is missed any more. */
	async #retry(): Promise<void> {
		if (this.#isRetrying) return;
		this.#isRetrying = true;
		const { clock, signal } = this.#options;
		for (let ms = RETRY_AFTER_MS; this.#missed.size > 0; ms = Math.min(2 * ms, RETRY_AT_MOST_MS)) {
			await clock.sleep(ms, signal).catch(() => undefined);
			if (signal?.aborted === true || !this.isShared) break;
			await this.#writeMissed();
		}
		this.#isRetrying = false;
	}

	#writeMissed(): Promise<void> {
		this.#catchUp ??= this.#writeAllMissed().finally(() => (this.#catchUp = null));
		return this.#catchUp;
	}

	/** Writes what the host's store missed, until it fails again. A key that it refuses holds up no other. */
	async #writeAllMissed(): Promise<void> {
		const keys = this.#missed.keys();
		// One first: a store that hangs keeps whatever it is given.
		for (let next = 0, count = 1; next < keys.length; next += count, count = CONCURRENT_WRITES) {
			const some = keys.slice(next, next + count);
			const done = await Promise.all(some.map((key) => this.#writeMissedOf(key)));
			this.#isBehind ||= done.includes(false);
			if (this.#isPaused || (count > 1 && !done.includes(true))) break;
		}
	}

	/** False when the store fails. */
	#writeMissedOf(key: string): Promise<boolean> {
		return this.#writes.run(key, async () => {
			const missed = this.#missed.of(key);
			const { shared } = this.#options;
			if (missed === null || shared === null) return true;
			const done = await this.#repeat(key, missed, shared);
			if (done) this.#missed.remove(key);
			return done;
		});
	}

	#noteUnread(key: string): void {
		this.#unread.add(key);
		const [oldest] = this.#unread;
		if (this.#unread.size > MAX_UNREAD && oldest !== undefined) this.#unread.delete(oldest);
	}

	/** Does what the host's store missed, unless another process has written something newer; false when it failed. */
	async #repeat(key: string, missed: 'set' | 'delete', shared: CallStore): Promise<boolean> {
		if (missed === 'delete') return (await this.#access(() => shared.delete(key))).done;
		const mine = await this.#options.memory.get(key);
		// Dropped from memory for want of room: what the host's store has is all there is.
		if (mine === null) return true;
		const theirs = await this.#access(() => shared.get(key));
		if (!theirs.done) return false;
		if (newerOf(mine, this.#living(theirs.value)) !== mine) return true;
		return (await this.#access(() => shared.set(key, mine))).done;
	}

	/** The host's copy of a record, unless it was deleted while that store was down. */
	#counted(key: string, value: unknown): StoredRecord | null {
		return this.#missed.of(key) === 'delete' ? null : this.#living(value);
	}

	#living(value: unknown): StoredRecord | null {
		return isStoredRecord(value) && value.expiresAt > this.#options.memory.expiredBy ? value : null;
	}

	/** The record; nothing that expired after the search in it is dropped. */
	#noted(record: StoredRecord | null): StoredRecord | null {
		if (record?.kind === 'search') this.#options.memory.searchedUntil = record.fullScanAt;
		return record;
	}

	async #access<Value>(
		work: () => Promise<Value>,
		timeoutMs = ACCESS_TIMEOUT_MS,
	): Promise<{ done: true; value: Value } | { done: false }> {
		const { clock } = this.#options;
		if (this.#isPaused) return { done: false };
		const timer = new AbortController();
		const timeout = this.#pass(timeoutMs, timer.signal).then(() => {
			this.#pausedUntil = clock.elapsed() + PAUSE_AFTER_HANGING_MS;
			throw new Error(`The store did not respond within ${timeoutMs} ms.`);
		});
		timeout.catch(() => undefined);
		try {
			return { done: true, value: await Promise.race([work(), timeout]) };
		} catch (reason) {
			this.#report(reason);
			return { done: false };
		} finally {
			timer.abort();
		}
	}

	get #isPaused(): boolean {
		return this.#options.clock.elapsed() < this.#pausedUntil;
	}

	async #pass(ms: number, signal: AbortSignal): Promise<void> {
		for (let turn = 0; turn < ACCESS_TURNS; turn += 1) await this.#options.clock.sleep(ms / ACCESS_TURNS, signal);
	}

	#report(reason: unknown): void {
		const now = this.#options.clock.elapsed();
		if (now - this.#reportedAt < REPORT_EVERY_MS) return;
		this.#reportedAt = now;
		this.#options.onFailed(reason);
	}
}
