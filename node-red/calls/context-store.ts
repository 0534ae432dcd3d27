/**
 * Tracked calls in a context store of the user's choice: there they outlive a restart and are shared by all Node-REDs
 * that use the same store. Context is keyed by node id.
 */
import { hasEnded, isStoredRecord, type CallStore, type StoredRecord } from '../../exotel/index';
import { properties, settingOf, type Red, type RedNode } from '../host';

/**
 * At most this many records per node, two for each call: two and a half hours of Exotel's full rate (200 a minute). The
 * oldest make room.
 */
export const MAX_CALLS = 60_000;
/** A context store is tidied up after so many writes, besides at every start. */
const TIDY_AFTER_WRITES = 2000;
/** Reads of a context store under way at once while it is tidied up. */
const CONCURRENT_READS = 50;

/** Node context with callbacks, the only form every store offers. */
interface CallbackContext {
	get(key: string, store: string, done: (error: Error | null, value: unknown) => void): void;
	set(key: string, value: unknown, store: string, done: (error: Error | null) => void): void;
	keys(store: string, done: (error: Error | null, keys: string[]) => void): void;
}

/** The context store `storeName` of a node. Rejects when the store does. */
export class ContextStore implements CallStore {
	readonly #context: CallbackContext;
	readonly #storeName: string;
	#writes = 0;

	/** `onDropped` hears how many records had to make room. */
	constructor(
		node: RedNode,
		storeName: string,
		readonly onDropped: (count: number) => void,
	) {
		this.#context = node.context();
		this.#storeName = storeName;
	}

	get(key: string): Promise<unknown> {
		return new Promise((resolve, reject) => {
			this.#context.get(key, this.#storeName, (error, value) => (error ? reject(error) : resolve(value ?? null)));
		});
	}

	async set(key: string, record: StoredRecord): Promise<void> {
		await this.#write(key, record);
		this.#writes += 1;
		if (this.#writes % TIDY_AFTER_WRITES === 0) await this.entries();
	}

	delete(key: string): Promise<void> {
		return this.#write(key, undefined);
	}

	/** Also clears what has expired and, beyond the limit, ended calls and what expires first. */
	async entries(): Promise<[string, unknown][]> {
		const keys = await new Promise<string[]>((resolve, reject) => {
			this.#context.keys(this.#storeName, (error, found) => (error ? reject(error) : resolve(found)));
		});
		const living: [string, { expiresAt: number }][] = [];
		const now = Date.now();
		for (let next = 0; next < keys.length; next += CONCURRENT_READS) {
			await Promise.all(
				keys.slice(next, next + CONCURRENT_READS).map(async (key) => {
					const record = await this.get(key);
					if (!isExpiring(record)) return;
					if (record.expiresAt <= now) await this.delete(key);
					else living.push([key, record]);
				}),
			);
		}
		// Calls that have ended and whose end has been sent make room before open ones.
		living.sort(([, a], [, b]) => Number(isOpen(a)) - Number(isOpen(b)) || a.expiresAt - b.expiresAt);
		const dropped = living.splice(0, Math.max(0, living.length - MAX_CALLS));
		for (const [key] of dropped) await this.delete(key);
		if (dropped.length > 0) this.onDropped(dropped.length);
		return living;
	}

	#write(key: string, value: unknown): Promise<void> {
		return new Promise((resolve, reject) => {
			this.#context.set(key, value, this.#storeName, (error) => (error ? reject(error) : resolve()));
		});
	}
}

function isOpen(value: unknown): boolean {
	return !isStoredRecord(value) || !hasEnded(value) || value.unsent !== undefined;
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
	const configured = settingOf(RED, 'contextStorage') !== undefined;
	return storeName === '' || !configured ? null : new ContextStore(node, storeName, onDropped);
}

/**
 * Seconds of calls that Node-RED's file store forgets when Node-RED is killed, because it writes them later; 0 for any
 * other store.
 */
export function forgottenSeconds(RED: Red, storeName: string): number {
	const stores = properties(settingOf(RED, 'contextStorage'));
	const named = stores[storeName];
	const { module, config } = properties(typeof named === 'string' ? stores[named] : named);
	const { cache, flushInterval = 30 } = properties(config);
	return module === 'localfilesystem' && cache !== false ? Number(flushInterval) : 0;
}
