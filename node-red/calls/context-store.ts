/**
 * Tracked calls in a context store of the user's choice: there they outlive a restart and are shared by all Node-REDs
 * that use the same store. Context is keyed by node id.
 */
import { hasEnded, isStoredRecord, recordValue, type CallStore, type StoredRecord } from '../../exotel/index';
import { processClock } from '../clock';
import { properties, settingOf, type Red, type RedNode } from '../host';
import { Batches } from './batches';

/**
 * At most this many records per node, two for each call: two and a half hours of Exotel's full rate (200 a minute). The
 * oldest make room.
 */
export const MAX_CALLS = 60_000;
/** Characters of the calls that somebody reported and nobody placed here. They may be made up, of 16,000 each. */
const MAX_REPORTED_LENGTH = 64 * 1024 * 1024;
/** Reads of a context store under way at once while all of it is read, when it takes no lists. */
const CONCURRENT_READS = 50;
/** Keys in one list: a store hands out the values as the arguments of one function. */
const MAX_LIST = 5000;
/** A store that does not respond to a list in this time, ms, is read key by key. */
const LIST_TIMEOUT_MS = 5000;

/** Node context with callbacks, the only form every store offers. A list of keys has as many values. */
interface CallbackContext {
	get(key: string | string[], store: string, done: (error: Error | null, ...values: unknown[]) => void): void;
	set(key: string | string[], value: unknown, store: string, done: (error: Error | null) => void): void;
	keys(store: string, done: (error: Error | null, keys: string[]) => void): void;
}

/** What a context store may have of its own. */
interface ContextStoreOptions {
	/** Characters of the calls that somebody reported. */
	maxReportedLength?: number;
	/** True when the store is known to read and write lists. */
	takesLists?: boolean;
}

/**
 * The context store `storeName` of a node. Rejects when the store does. A record is one text: Node-RED's file store
 * writes a text several times faster than an object.
 */
export class ContextStore implements CallStore {
	readonly #context: CallbackContext;
	readonly #storeName: string;
	readonly #reads = new Batches((keys: string[]) => this.#readList(keys));
	readonly #writes = new Batches((writes: [string, string | undefined][]) => this.#writeList(writes));
	/** True once the store has read a list of keys; one that was written by somebody else may take single keys only. */
	#takesLists: boolean;
	/** Characters written of such calls since the last clearing. */
	#written = 0;
	/** Keys written since the latest clearing began, which alone deletes: what it has read of them is old. */
	#touched: Set<string> | null = null;
	readonly maxReportedLength: number;

	/** `onDropped` hears how many records had to make room. */
	constructor(
		node: RedNode,
		storeName: string,
		readonly onDropped: (count: number) => void,
		{ maxReportedLength = MAX_REPORTED_LENGTH, takesLists = false }: ContextStoreOptions = {},
	) {
		this.maxReportedLength = maxReportedLength;
		this.#takesLists = takesLists;
		this.#context = node.context();
		this.#storeName = storeName;
	}

	async get(key: string): Promise<unknown> {
		return parsed(await (this.#takesLists ? this.#reads.add(key) : this.#read(key)));
	}

	async set(key: string, record: StoredRecord): Promise<void> {
		const text = JSON.stringify(record);
		this.#touched?.add(key);
		await this.#write(key, text);
		if (worthOf(record) < WORTH_OF_PLACED) this.#written += text.length;
		if (this.#written > this.maxReportedLength && this.#touched === null) this.entries(0).catch(() => undefined);
	}

	delete(key: string): Promise<void> {
		return this.#write(key, undefined);
	}

	/** Also clears what has expired and, beyond the limits, what is worth least and expires first. */
	async entries(expiredBy: number): Promise<[string, unknown][]> {
		this.#written = 0;
		const touched = new Set<string>();
		this.#touched = touched;
		try {
			return await this.#cleared(expiredBy, touched);
		} finally {
			if (this.#touched === touched) this.#touched = null;
		}
	}

	async #cleared(expiredBy: number, touched: ReadonlySet<string>): Promise<[string, unknown][]> {
		const keys = await new Promise<string[]>((resolve, reject) => {
			this.#context.keys(this.#storeName, (error, found) => (error ? reject(error) : resolve(found)));
		});
		this.#takesLists ||= await this.#hasReadList(keys.slice(0, 2));
		const living: Living[] = [];
		const outdated: string[] = [];
		const atOnce = this.#takesLists ? MAX_LIST : CONCURRENT_READS;
		for (let next = 0; next < keys.length; next += atOnce) {
			const some = keys.slice(next, next + atOnce);
			const values = this.#takesLists
				? await this.#readList(some)
				: await Promise.all(some.map((key) => this.#read(key)));
			for (const [index, key] of some.entries()) {
				const record = parsed(values[index]);
				if (!isExpiring(record)) continue;
				if (record.expiresAt <= expiredBy) outdated.push(key);
				else living.push({ entry: [key, record], expiresAt: record.expiresAt, worth: worthOf(record) });
			}
		}
		// Calls that somebody reported may be made up: they make room before those that were placed here, and of each
		// the ended ones before the open ones.
		living.sort((a, b) => a.worth - b.worth || a.expiresAt - b.expiresAt);
		const dropped = living.splice(0, this.#droppedOf(living)).map(({ entry: [key] }) => key);
		await this.#deleteOld(outdated, atOnce, touched);
		const count = await this.#deleteOld(dropped, atOnce, touched);
		if (count > 0) this.onDropped(count);
		return living.map(({ entry }) => entry);
	}

	/** Deletes those of the keys that nobody has written meanwhile; how many these were. */
	async #deleteOld(keys: readonly string[], atOnce: number, touched: ReadonlySet<string>): Promise<number> {
		let count = 0;
		for (let next = 0; next < keys.length && this.#touched === touched; next += atOnce) {
			const some = keys.slice(next, next + atOnce).filter((key) => !touched.has(key));
			count += some.length;
			await Promise.all(some.map((key) => this.delete(key)));
		}
		return count;
	}

	/** How many of these make room, from the first on. */
	#droppedOf(living: readonly Living[]): number {
		const lengths = living.map(({ entry, worth }) =>
			worth < WORTH_OF_PLACED ? JSON.stringify(entry[1]).length : 0,
		);
		let reported = lengths.reduce((sum, length) => sum + length, 0);
		let dropped = 0;
		while (living.length - dropped > MAX_CALLS || reported > this.maxReportedLength)
			reported -= lengths[dropped++] ?? 0;
		return dropped;
	}

	#read(key: string): Promise<unknown> {
		return new Promise((resolve, reject) => {
			this.#context.get(key, this.#storeName, (error, value) => (error ? reject(error) : resolve(value)));
		});
	}

	#readList(keys: string[]): Promise<unknown[]> {
		return new Promise((resolve, reject) => {
			this.#context.get(keys, this.#storeName, (error, ...values) => (error ? reject(error) : resolve(values)));
		});
	}

	/** True when the store read a list of two keys that it has. */
	async #hasReadList(keys: string[]): Promise<boolean> {
		if (keys.length < 2) return false;
		const timer = new AbortController();
		try {
			const timeout = processClock.sleep(LIST_TIMEOUT_MS, timer.signal).then(() => []);
			timeout.catch(() => undefined);
			const values = await Promise.race([this.#readList(keys), timeout]);
			return values.length === 2 && values.every((value) => value !== undefined && value !== null);
		} catch {
			return false;
		} finally {
			timer.abort();
		}
	}

	async #write(key: string, value: string | undefined): Promise<void> {
		await (this.#takesLists ? this.#writes.add([key, value]) : this.#writeList([[key, value]]));
	}

	#writeList(writes: [string, string | undefined][]): Promise<undefined[]> {
		const [first] = writes;
		const keys = writes.map(([key]) => key);
		const values = writes.map(([, value]) => value);
		const [key, value] = first !== undefined && writes.length === 1 ? first : [keys, values];
		return new Promise((resolve, reject) => {
			this.#context.set(key, value, this.#storeName, (error) => (error ? reject(error) : resolve([])));
		});
	}
}

/** A record as it was written; some stores read JSON by themselves. */
function parsed(value: unknown): unknown {
	if (typeof value !== 'string') return value ?? null;
	try {
		return JSON.parse(value);
	} catch {
		return null;
	}
}

/** A record as it was read. */
interface Living {
	entry: [string, unknown];
	expiresAt: number;
	worth: number;
}

/** What records of calls that were placed here are worth at least. */
const WORTH_OF_PLACED = 4;

/** What makes room first has the least: nothing whose end is being sent. */
function worthOf(value: unknown): number {
	if (!isStoredRecord(value) || value.unsent !== undefined) return Number.MAX_VALUE;
	return 2 * recordValue(value) + (hasEnded(value) ? 0 : 1);
}

function isExpiring(value: unknown): value is { expiresAt: number } {
	return typeof value === 'object' && value !== null && 'expiresAt' in value && typeof value.expiresAt === 'number';
}

/**
 * The context store the user named, or null for memory: without `contextStorage` in the settings Node-RED has only its
 * own memory, which it empties at every redeploy of a node; ours is used instead.
 */
export function contextStoreOf(
	RED: Red,
	node: RedNode,
	storeName: string,
	onDropped: (count: number) => void,
): CallStore | null {
	if (storeName === '' || settingOf(RED, 'contextStorage') === undefined) return null;
	// It writes its whole file for each access: the calls of a moment have to go together from the first on.
	const takesLists = moduleOf(RED, storeName).module === 'localfilesystem';
	return new ContextStore(node, storeName, onDropped, { takesLists });
}

/** How the settings describe a context store, which may be the other name of another. */
function moduleOf(RED: Red, storeName: string): Record<string, unknown> {
	const stores = properties(settingOf(RED, 'contextStorage'));
	const named = stores[storeName];
	return properties(typeof named === 'string' ? stores[named] : named);
}

/**
 * Seconds of calls that Node-RED's file store forgets when Node-RED is killed, because it writes them later; 0 for any
 * other store.
 */
export function forgottenSeconds(RED: Red, storeName: string): number {
	const { module, config } = moduleOf(RED, storeName);
	const { cache, flushInterval = 30 } = properties(config);
	return module === 'localfilesystem' && cache !== false ? Number(flushInterval) : 0;
}
