/**
 * Writes that the host's store missed while it was down: for each key the last one. Bounded: a record that memory has
 * no more cannot be written later, and deletions have a limit of their own.
 */
import type { Clock } from '../http/transport';
import type { MemoryStore } from './memory-store';
import { KEPT_MS } from './records';

/** Deletions that wait at most: one for each make-call request that Exotel refused. */
const MAX_DELETIONS = 10_000;
/** What is forgotten at once when there are more. */
const SPARE = 1000;

/** Options of the missed writes. */
export interface MissedWritesOptions {
	clock: Pick<Clock, 'now'>;
	memory: Pick<MemoryStore, 'has' | 'size'>;
	/** Deletions were forgotten, the oldest first: the store may keep what should have been deleted. */
	onForgotten(reason: Error): void;
}

/** The keys of one store. */
export class MissedWrites {
	readonly #options: MissedWritesOptions;
	readonly #sets = new Set<string>();
	/** When the record of a key has expired in the store as well, ms since 1970. */
	readonly #deletions = new Map<string, number>();

	constructor(options: MissedWritesOptions) {
		this.#options = options;
	}

	/** How many keys wait. */
	get size(): number {
		return this.#sets.size + this.#deletions.size;
	}

	/** What is to be done to a key; null when nothing is. */
	of(key: string): 'set' | 'delete' | null {
		if (this.#deletions.has(key)) return 'delete';
		return this.#sets.has(key) ? 'set' : null;
	}

	/** Notes a write that has not been done yet. */
	add(key: string, write: 'set' | 'delete'): void {
		this.remove(key);
		if (write === 'set') this.#sets.add(key);
		else this.#deletions.set(key, this.#options.clock.now() + KEPT_MS);
		if (this.size > this.#options.memory.size + MAX_DELETIONS) this.#trim();
	}

	/** The last write of a key has been done, or need not be done. */
	remove(key: string): void {
		this.#sets.delete(key);
		this.#deletions.delete(key);
	}

	/** All keys that still have to be written, the oldest first. */
	keys(): string[] {
		this.#dropExpired();
		return [...this.#sets, ...this.#deletions.keys()];
	}

	#dropExpired(): void {
		const { clock, memory } = this.#options;
		for (const key of this.#sets) if (!memory.has(key)) this.#sets.delete(key);
		for (const [key, expiresAt] of this.#deletions) if (expiresAt <= clock.now()) this.#deletions.delete(key);
	}

	#trim(): void {
		const { onForgotten } = this.#options;
		this.#dropExpired();
		if (this.#deletions.size <= MAX_DELETIONS) return;
		const forgotten = [...this.#deletions.keys()].slice(0, this.#deletions.size - MAX_DELETIONS + SPARE);
		for (const key of forgotten) this.#deletions.delete(key);
		const calls = `${forgotten.length} calls that Exotel refused may come out as unknown after a restart`;
		onForgotten(new Error(`It was down so long that not every deletion could be remembered: ${calls}.`));
	}
}
