/** Tracked calls in memory, bounded in bytes and by time. */
import type { Clock } from '../http/transport';
import type { CallStore } from './call-store';
import { hasEnded, isStoredRecord, type StoredRecord } from './records';

/** Bytes of one memory store: about 20,000 running calls, or 33,000 that have ended. */
const MAX_STORE_BYTES = 32 * 1024 * 1024;
/** What a record takes besides its text: two map entries, an object, the key. An upper estimate, bytes. */
const RECORD_OVERHEAD_BYTES = 200;
/** A store that is full is reported this often, not with every event. */
const REPORT_EVERY_MS = 60_000;

/** Options of a memory store. */
export interface MemoryStoreOptions {
	clock: Pick<Clock, 'now' | 'elapsed'>;
	maxBytes?: number;
	/** `count` records were dropped since the last report, the least recently written first; at most once a minute. */
	onDropped(count: number): void;
}

interface MemoryRecord {
	/** JSON: exact weight, and nothing that was handed out can change it. */
	text: string;
	expiresAt: number;
	/** The same on the clock that only runs forward: the time of day may be set forward while a call runs. */
	keptUntil: number;
	bytes: number;
	/** Records of a lower value are dropped first. */
	value: number;
}

/** Value of what an attempt left that is known from callbacks alone: its name may be made up. */
const UNPLACED_VALUE = 0;
/** Records of that value at most, two for each attempt. */
const MAX_UNPLACED = 10_000;
/** And the share of the store that they may take. */
const UNPLACED_SHARE = 1 / 4;
const MAX_VALUE = 3;
/** What is freed at once, so that a full store does not look through everything at each write. */
const SPARE = 1 / 10;

/**
 * Attempts known from callbacks alone are dropped first, then calls of others, then our calls that have ended, and our
 * open ones last.
 */
export function recordValue(record: StoredRecord): number {
	if (record.kind === 'search') return MAX_VALUE;
	if (record.kind === 'sid' && record.attemptId === null) return 1;
	if (!record.polled) return UNPLACED_VALUE;
	return hasEnded(record) ? 2 : MAX_VALUE;
}

/** Records in memory. When it is full, the least valuable and least recently written ones make room. */
export class MemoryStore implements CallStore {
	readonly #records = new Map<string, MemoryRecord>();
	readonly #options: MemoryStoreOptions;
	#bytes = 0;
	/** Number and bytes of the records of `UNPLACED_VALUE`. */
	readonly #unplaced = { count: 0, bytes: 0 };
	#dropped = 0;
	#reportedAt = -Infinity;

	constructor(options: MemoryStoreOptions) {
		this.#options = options;
	}

	/** Weight of everything kept, bytes. */
	get bytes(): number {
		return this.#bytes;
	}

	/**
	 * Until when ends were searched for; `Infinity` where no search is made. What expires later is kept, however long
	 * the host is off or the search fails: the next search meets the ended call again.
	 */
	searchedUntil = Infinity;

	/** What expired by now may be dropped from the host's store, ms since 1970. */
	get expiredBy(): number {
		return Math.min(this.#options.clock.now(), this.searchedUntil);
	}

	/** How many records are kept. */
	get size(): number {
		return this.#records.size;
	}

	get(key: string): Promise<StoredRecord | null> {
		const record = this.#living(key);
		return Promise.resolve(record === null ? null : parseRecord(record.text));
	}

	/** True when a record is kept that has not expired. */
	has(key: string): boolean {
		return this.#living(key) !== null;
	}

	set(key: string, record: StoredRecord): Promise<void> {
		this.#remove(key);
		const text = JSON.stringify(record);
		const bytes = RECORD_OVERHEAD_BYTES + 2 * key.length + Buffer.byteLength(text);
		const { expiresAt } = record;
		const keptUntil = this.#options.clock.elapsed() + expiresAt - this.#options.clock.now();
		const kept: MemoryRecord = { text, expiresAt, keptUntil, bytes, value: recordValue(record) };
		this.#records.set(ownText(key), kept);
		this.#count(kept, 1);
		if (this.#isFull() || this.#hasTooManyUnplaced()) this.#makeRoom();
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
		const elapsed = this.#options.clock.elapsed();
		for (const [key, record] of this.#records) if (this.#hasExpired(record, elapsed)) this.#remove(key);
	}

	#hasExpired({ keptUntil, expiresAt }: MemoryRecord, elapsed: number): boolean {
		return keptUntil <= elapsed && expiresAt <= this.searchedUntil;
	}

	#living(key: string): MemoryRecord | null {
		const record = this.#records.get(key);
		if (record === undefined) return null;
		if (!this.#hasExpired(record, this.#options.clock.elapsed())) return record;
		this.#remove(key);
		return null;
	}

	#remove(key: string): void {
		const record = this.#records.get(key);
		if (record === undefined) return;
		this.#records.delete(key);
		this.#count(record, -1);
	}

	#count({ bytes, value }: MemoryRecord, sign: 1 | -1): void {
		this.#bytes += sign * bytes;
		if (value !== UNPLACED_VALUE) return;
		this.#unplaced.count += sign;
		this.#unplaced.bytes += sign * bytes;
	}

	/** True when less than `spare`, a part of the whole, is left. */
	#isFull(spare = 0): boolean {
		return this.#bytes > this.#maxBytes * (1 - spare);
	}

	#hasTooManyUnplaced(spare = 0): boolean {
		const { count, bytes } = this.#unplaced;
		return count > MAX_UNPLACED * (1 - spare) || bytes > this.#maxBytes * UNPLACED_SHARE * (1 - spare);
	}

	get #maxBytes(): number {
		return this.#options.maxBytes ?? MAX_STORE_BYTES;
	}

	#makeRoom(): void {
		this.tidy();
		const { onDropped } = this.#options;
		let dropped = 0;
		if (this.#hasTooManyUnplaced()) {
			dropped += this.#drop(UNPLACED_VALUE, () => this.#hasTooManyUnplaced(SPARE));
		}
		for (let value = 0; value <= MAX_VALUE && this.#isFull(); value += 1) {
			dropped += this.#drop(value, () => this.#isFull(SPARE));
		}
		this.#dropped += dropped;
		const now = this.#options.clock.elapsed();
		if (this.#dropped === 0 || now - this.#reportedAt < REPORT_EVERY_MS) return;
		this.#reportedAt = now;
		onDropped(this.#dropped);
		this.#dropped = 0;
	}

	/** Drops records of a value, the least recently written first, while more has to go; says how many. */
	#drop(value: number, mustGoOn: () => boolean): number {
		let dropped = 0;
		for (const [key, record] of this.#records) {
			if (!mustGoOn()) break;
			if (record.value !== value) continue;
			this.#remove(key);
			dropped += 1;
		}
		return dropped;
	}
}

/** A copy: a text that was cut out of a longer one, here a callback's body, keeps all of that in memory. */
function ownText(text: string): string {
	return Buffer.from(text).toString();
}

function parseRecord(text: string): StoredRecord | null {
	const value: unknown = JSON.parse(text);
	return isStoredRecord(value) ? value : null;
}
