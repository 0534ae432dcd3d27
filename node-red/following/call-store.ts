/**
 * Where followed calls and seen events are kept. In memory they outlive a redeploy, because they belong to the running
 * Node-RED and not to the node's instance. In a context store of the user's choice they outlive a restart and are
 * shared by all Node-REDs that use the same store. Everything has a limit and an expiry: a call that never ends must
 * not stay for ever.
 */
import { createHash } from 'node:crypto';
import type { Express } from 'express';
import type { Red, RedNode } from '../host';

/** At most this many calls per node: five hours of Exotel's full rate (200 a minute). The oldest make room. */
export const MOST_CALLS = 60_000;
/** A call lasts four hours at most (Exotel's limit); a callback a day late is still understood. */
export const KEPT_MS = 26 * 60 * 60 * 1000;
/** That a call has ended is remembered this long, so that a repeated or late callback does not end it again. */
export const ENDED_KEPT_MS = 6 * 60 * 60 * 1000;
/** A context store is tidied up after so many writes, besides at every start. */
const TIDY_AFTER_WRITES = 2000;
/** Reads of a context store under way at once while it is tidied up. */
const READS_AT_ONCE = 50;

/** A context store that is down is reported this often, not with every event. */
const REPORT_EVERY_MS = 60_000;

/** Anything kept: plain JSON with the time after which it may be forgotten (ms since 1970). */
export interface Kept {
	expiresAt: number;
}

/** A small key-value store. Rejects only when the user's context store does. */
export interface CallStore<Entry extends Kept> {
	get(key: string): Promise<Entry | null>;
	set(key: string, entry: Entry): Promise<void>;
	delete(key: string): Promise<void>;
	entries(): Promise<[string, Entry][]>;
}

/** A key every context store accepts: letters and digits only. */
export function storeKey(kind: string, id: string): string {
	return `${kind}_${/^[0-9A-Za-z]{1,64}$/.test(id) ? id : createHash('sha256').update(id).digest('hex')}`;
}

/** Calls in memory, oldest first. */
export class MemoryCallStore<Entry extends Kept> implements CallStore<Entry> {
	readonly #entries = new Map<string, Entry>();
	constructor(private readonly most = MOST_CALLS) {}

	get(key: string): Promise<Entry | null> {
		const entry = this.#entries.get(key);
		if (entry !== undefined && entry.expiresAt <= Date.now()) {
			this.#entries.delete(key);
			return Promise.resolve(null);
		}
		return Promise.resolve(entry ?? null);
	}

	set(key: string, entry: Entry): Promise<void> {
		this.#entries.delete(key);
		this.#entries.set(key, entry);
		if (this.#entries.size > this.most) this.#entries.delete(this.#entries.keys().next().value as string);
		return Promise.resolve();
	}

	delete(key: string): Promise<void> {
		this.#entries.delete(key);
		return Promise.resolve();
	}

	entries(): Promise<[string, Entry][]> {
		const now = Date.now();
		for (const [key, entry] of this.#entries) if (entry.expiresAt <= now) this.#entries.delete(key);
		return Promise.resolve([...this.#entries]);
	}
}

const memories = new WeakMap<Express, Map<string, MemoryCallStore<Kept>>>();

/** The memory of one node, which outlives the node's instance until the node is deleted. */
export function memoryOf<Entry extends Kept>(RED: Red, nodeId: string): MemoryCallStore<Entry> {
	let ofRuntime = memories.get(RED.httpNode);
	if (ofRuntime === undefined) memories.set(RED.httpNode, (ofRuntime = new Map()));
	let memory = ofRuntime.get(nodeId);
	if (memory === undefined) ofRuntime.set(nodeId, (memory = new MemoryCallStore<Kept>()));
	return memory as unknown as MemoryCallStore<Entry>;
}

/** Forgets the memory of a node that was deleted. */
export function forgetMemory(RED: Red, nodeId: string): void {
	memories.get(RED.httpNode)?.delete(nodeId);
}

/** Node context with callbacks, the only form every store offers. */
interface CallbackContext {
	get(key: string, store: string, done: (error: Error | null, value: unknown) => void): void;
	set(key: string, value: unknown, store: string, done: (error: Error | null) => void): void;
	keys(store: string, done: (error: Error | null, keys: string[]) => void): void;
}

/**
 * Calls in the context store `storeName` of the node. Context is keyed by node id, so all copies of a flow share it.
 */
export class ContextCallStore<Entry extends Kept> implements CallStore<Entry> {
	readonly #context: CallbackContext;
	#writes = 0;

	constructor(
		node: RedNode,
		private readonly storeName: string,
	) {
		this.#context = node.context() as unknown as CallbackContext;
	}

	async get(key: string): Promise<Entry | null> {
		const entry = await new Promise<unknown>((resolve, reject) => {
			this.#context.get(key, this.storeName, (error, value) => (error ? reject(error) : resolve(value)));
		});
		return isKept(entry) && entry.expiresAt > Date.now() ? (entry as Entry) : null;
	}

	async set(key: string, entry: Entry): Promise<void> {
		await this.#write(key, entry);
		this.#writes += 1;
		if (this.#writes % TIDY_AFTER_WRITES === 0) await this.entries();
	}

	delete(key: string): Promise<void> {
		return this.#write(key, undefined);
	}

	#write(key: string, value: unknown): Promise<void> {
		return new Promise((resolve, reject) => {
			this.#context.set(key, value, this.storeName, (error) => (error ? reject(error) : resolve()));
		});
	}

	/** Also clears what has expired and, beyond the limit, what expires first. */
	async entries(): Promise<[string, Entry][]> {
		const keys = await new Promise<string[]>((resolve, reject) => {
			this.#context.keys(this.storeName, (error, found) => (error ? reject(error) : resolve(found)));
		});
		const live: [string, Entry][] = [];
		for (let next = 0; next < keys.length; next += READS_AT_ONCE) {
			await Promise.all(
				keys.slice(next, next + READS_AT_ONCE).map(async (key) => {
					const entry = await this.get(key);
					if (entry === null) await this.delete(key);
					else live.push([key, entry]);
				}),
			);
		}
		live.sort(([, a], [, b]) => a.expiresAt - b.expiresAt);
		for (const [key] of live.splice(0, Math.max(0, live.length - MOST_CALLS))) await this.delete(key);
		return live;
	}
}

function isKept(value: unknown): value is Kept {
	return typeof value === 'object' && value !== null && typeof (value as Kept).expiresAt === 'number';
}

/** A context store with memory behind it: when the store fails, calls are still followed, in this process alone. */
class GuardedCallStore<Entry extends Kept> implements CallStore<Entry> {
	constructor(
		private readonly shared: CallStore<Entry>,
		private readonly memory: CallStore<Entry>,
		private readonly failed: (reason: unknown) => void,
	) {}

	async get(key: string): Promise<Entry | null> {
		return (await this.#try(() => this.shared.get(key), null)) ?? this.memory.get(key);
	}

	async set(key: string, entry: Entry): Promise<void> {
		await this.memory.set(key, entry);
		await this.#try(() => this.shared.set(key, entry), undefined);
	}

	async delete(key: string): Promise<void> {
		await this.memory.delete(key);
		await this.#try(() => this.shared.delete(key), undefined);
	}

	async entries(): Promise<[string, Entry][]> {
		return [...new Map([...(await this.memory.entries()), ...(await this.#try(() => this.shared.entries(), []))])];
	}

	#reportedAt = 0;

	async #try<Result>(work: () => Promise<Result>, otherwise: Result): Promise<Result> {
		try {
			return await work();
		} catch (reason) {
			const now = Date.now();
			if (now - this.#reportedAt >= REPORT_EVERY_MS) {
				this.#reportedAt = now;
				this.failed(reason);
			}
			return otherwise;
		}
	}
}

/**
 * The store of a node: the context store the user named, or memory. Without `contextStorage` in the settings Node-RED
 * has only its own memory, which it empties at every redeploy of a node; ours is used instead.
 */
export function storeOf<Entry extends Kept>(
	RED: Red,
	node: RedNode,
	storeName: string,
	failed: (reason: unknown) => void,
): CallStore<Entry> {
	const memory = memoryOf<Entry>(RED, node.id);
	const configured = (RED.settings as unknown as Record<string, unknown>)['contextStorage'] !== undefined;
	return storeName === '' || !configured
		? memory
		: new GuardedCallStore(new ContextCallStore<Entry>(node, storeName), memory, failed);
}
