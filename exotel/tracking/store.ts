/**
 * Where tracked calls are kept. The memory store is bounded in bytes and by time. A store of the host's, which may be
 * shared by several processes or outlive a restart, stands beside it: when that one fails or hangs, tracking goes on in
 * memory and what it missed is written later.
 */
import type { Clock } from '../http/transport';
import { hasEnded, isStoredRecord, type StoredRecord } from './records';

/** A small key-value store. The host's may reject; `entries` may drop what has expired. */
export interface CallStore {
	get(key: string): Promise<unknown>;
	set(key: string, record: StoredRecord): Promise<void>;
	delete(key: string): Promise<void>;
	entries(): Promise<[string, unknown][]>;
}

/** Bytes of one memory store: about 20,000 running calls, or 100,000 that have ended. */
export const MAX_STORE_BYTES = 32 * 1024 * 1024;
/** What a record takes besides its text: two map entries, an object, the key. An upper estimate, bytes. */
const RECORD_OVERHEAD_BYTES = 200;
/** A store that is full, or down, is reported this often, not with every event. */
const REPORT_EVERY_MS = 60_000;
/** Timeout of one access to the host's store, so that an event still leaves within a second. */
const ACCESS_TIMEOUT_MS = 300;
/** The same for reading everything. */
const READ_ALL_TIMEOUT_MS = 30_000;
/** A store that hung is left alone this long. */
const PAUSE_AFTER_HANGING_MS = 5_000;

/** Options of a memory store. */
export interface MemoryStoreOptions {
	clock: Pick<Clock, 'now'>;
	maxBytes?: number;
	/** `count` records were dropped since the last report, the least recently written first; at most once a minute. */
	onDropped(count: number): void;
}

interface MemoryRecord {
	/** JSON: exact weight, and nothing that was handed out can change it. */
	text: string;
	expiresAt: number;
	bytes: number;
	/** Records of a lower value are dropped first. */
	value: number;
}

const MAX_VALUE = 2;

/** Calls of others are dropped before our calls that have ended, and these before our open ones. */
function valueOf(record: StoredRecord): number {
	if (record.kind === 'sid' && record.attemptId === null) return 0;
	return hasEnded(record) ? 1 : MAX_VALUE;
}

/** Records in memory. When it is full, the least valuable and least recently written ones make room. */
export class MemoryStore implements CallStore {
	readonly #records = new Map<string, MemoryRecord>();
	readonly #options: MemoryStoreOptions;
	#bytes = 0;
	#dropped = 0;
	#reportedAt = -Infinity;

	constructor(options: MemoryStoreOptions) {
		this.#options = options;
	}

	/** Weight of everything kept, bytes. */
	get bytes(): number {
		return this.#bytes;
	}

	/** How many records are kept. */
	get size(): number {
		return this.#records.size;
	}

	get(key: string): Promise<StoredRecord | null> {
		const record = this.#records.get(key);
		if (record === undefined) return Promise.resolve(null);
		if (record.expiresAt <= this.#options.clock.now()) {
			this.#remove(key);
			return Promise.resolve(null);
		}
		return Promise.resolve(parseRecord(record.text));
	}

	set(key: string, record: StoredRecord): Promise<void> {
		this.#remove(key);
		const text = JSON.stringify(record);
		const bytes = RECORD_OVERHEAD_BYTES + 2 * key.length + Buffer.byteLength(text);
		this.#records.set(key, { text, expiresAt: record.expiresAt, bytes, value: valueOf(record) });
		this.#bytes += bytes;
		if (this.#bytes > (this.#options.maxBytes ?? MAX_STORE_BYTES)) this.#makeRoom();
		return Promise.resolve();
	}

	delete(key: string): Promise<void> {
		this.#remove(key);
		return Promise.resolve();
	}

	entries(): Promise<[string, StoredRecord][]> {
		this.tidy();
		return Promise.resolve(
			[...this.#records].flatMap(([key, { text }]) => {
				const record = parseRecord(text);
				return record === null ? [] : [[key, record] as [string, StoredRecord]];
			}),
		);
	}

	/** Drops what has expired. */
	tidy(): void {
		const now = this.#options.clock.now();
		for (const [key, { expiresAt }] of this.#records) if (expiresAt <= now) this.#remove(key);
	}

	#remove(key: string): void {
		this.#bytes -= this.#records.get(key)?.bytes ?? 0;
		this.#records.delete(key);
	}

	#makeRoom(): void {
		this.tidy();
		const { maxBytes = MAX_STORE_BYTES, onDropped } = this.#options;
		let dropped = 0;
		// A tenth is freed at once, so that a full store does not look through everything at each write.
		const enough = maxBytes - maxBytes / 10;
		for (let value = 0; value <= MAX_VALUE && this.#bytes > maxBytes; value += 1) {
			for (const [key, record] of this.#records) {
				if (this.#bytes <= enough) break;
				if (record.value !== value) continue;
				this.#remove(key);
				dropped += 1;
			}
		}
		this.#dropped += dropped;
		const now = this.#options.clock.now();
		if (this.#dropped === 0 || now - this.#reportedAt < REPORT_EVERY_MS) return;
		this.#reportedAt = now;
		onDropped(this.#dropped);
		this.#dropped = 0;
	}
}

function parseRecord(text: string): StoredRecord | null {
	const value: unknown = JSON.parse(text);
	return isStoredRecord(value) ? value : null;
}

/** The copy that counts: the one that has ended, else the newer one. */
function newerOf(mine: StoredRecord | null, theirs: StoredRecord | null): StoredRecord | null {
	if (mine === null || theirs === null) return mine ?? theirs;
	if (hasEnded(mine) !== hasEnded(theirs)) return hasEnded(mine) ? mine : theirs;
	return theirs.revision > mine.revision ? theirs : mine;
}

/** Options of a tracker's store. */
export interface TrackerStoreOptions {
	clock: Clock;
	memory: MemoryStore;
	/** The host's store, or null for memory alone. */
	shared: CallStore | null;
	/** The host's store failed; at most once a minute. */
	onFailed(reason: unknown): void;
}

/** A memory store, with the host's store behind it when there is one. Never rejects. */
export class TrackerStore {
	readonly #options: TrackerStoreOptions;
	/** What the host's store missed: the last thing that was to be done to each key. */
	readonly #missed = new Map<string, 'set' | 'delete'>();
	#pausedUntil = -Infinity;
	#reportedAt = -Infinity;

	constructor(options: TrackerStoreOptions) {
		this.#options = options;
	}

	/** The record as it counts now; null when there is none or it has expired. */
	async get(key: string): Promise<StoredRecord | null> {
		const { memory, shared } = this.#options;
		const mine = await memory.get(key);
		if (shared === null) return mine;
		const theirs = await this.#access(() => shared.get(key));
		return newerOf(mine, theirs.done ? this.#living(theirs.value) : null);
	}

	/** Writes a record. */
	async set(key: string, record: StoredRecord): Promise<void> {
		const { memory, shared } = this.#options;
		await memory.set(key, record);
		if (shared === null) return;
		this.#missed.set(key, 'set');
		const { done } = await this.#access(() => shared.set(key, structuredClone(record)));
		if (done) this.#missed.delete(key);
	}

	/** Drops a record. */
	async delete(key: string): Promise<void> {
		const { memory, shared } = this.#options;
		await memory.delete(key);
		if (shared === null) return;
		this.#missed.set(key, 'delete');
		const { done } = await this.#access(() => shared.delete(key));
		if (done) this.#missed.delete(key);
	}

	/** All records that have not expired. */
	async entries(): Promise<[string, StoredRecord][]> {
		const { memory, shared } = this.#options;
		const found = new Map<string, StoredRecord>(await memory.entries());
		if (shared === null) return [...found];
		const theirs = await this.#access(() => shared.entries(), READ_ALL_TIMEOUT_MS);
		for (const [key, value] of theirs.done ? theirs.value : []) {
			const record = newerOf(found.get(key) ?? null, this.#living(value));
			if (record !== null) found.set(key, record);
		}
		return [...found];
	}

	/** Drops what has expired and writes what the host's store missed. */
	async tidy(): Promise<void> {
		const { memory, shared } = this.#options;
		memory.tidy();
		if (shared === null) return;
		for (const [key, missed] of [...this.#missed]) {
			if (!(await this.#repeat(key, missed, shared))) return;
			this.#missed.delete(key);
		}
		await this.entries();
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

	#living(value: unknown): StoredRecord | null {
		return isStoredRecord(value) && value.expiresAt > this.#options.clock.now() ? value : null;
	}

	async #access<Value>(
		work: () => Promise<Value>,
		timeoutMs = ACCESS_TIMEOUT_MS,
	): Promise<{ done: true; value: Value } | { done: false }> {
		const { clock } = this.#options;
		if (clock.now() < this.#pausedUntil) return { done: false };
		const timer = new AbortController();
		const timeout = clock.sleep(timeoutMs, timer.signal).then(() => {
			this.#pausedUntil = clock.now() + PAUSE_AFTER_HANGING_MS;
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

	#report(reason: unknown): void {
		const now = this.#options.clock.now();
		if (now - this.#reportedAt < REPORT_EVERY_MS) return;
		this.#reportedAt = now;
		this.#options.onFailed(reason);
	}
}
