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
