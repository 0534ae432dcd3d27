/**
 * Accesses to a store that come while one is under way go together in the next one. Node-RED's file store without a
 * cache reads or writes its whole file for each access, however much is asked of it.
 */
import { processClock } from '../clock';

/** An access under way for longer, ms, holds up no other: its store may never respond. */
const PATIENCE_MS = 250;
const MAX_ITEMS = 5000;

interface Waiting<Item, Result> {
	item: Item;
	resolve(result: Result | undefined): void;
	reject(reason: unknown): void;
}

/** Collects accesses of one kind. */
export class Batches<Item, Result> {
	readonly #access: (items: Item[]) => Promise<Result[]>;
	#waiting: Waiting<Item, Result>[] = [];
	/** Number of the access begun last, and when; null while none is under way. */
	#latest = 0;
	#begunAt: number | null = null;

	/** `access` resolves with the results of its items, in their order. */
	constructor(access: (items: Item[]) => Promise<Result[]>) {
		this.#access = access;
	}

	/** The result of one item. Rejects when the access that it was part of does. */
	add(item: Item): Promise<Result | undefined> {
		return new Promise((resolve, reject) => {
			this.#waiting.push({ item, resolve, reject });
			const busyMs = this.#begunAt === null ? PATIENCE_MS : processClock.elapsed() - this.#begunAt;
			if (busyMs >= PATIENCE_MS) void this.#begin();
			else if (this.#waiting.length === 1) setTimeout(() => this.#beginLate(), PATIENCE_MS - busyMs).unref();
		});
	}

	/** The access under way has had its time. */
	#beginLate(): void {
		if (this.#waiting.length > 0) void this.#begin();
	}

	async #begin(): Promise<void> {
		const batch = this.#waiting.splice(0, MAX_ITEMS);
		const number = (this.#latest += 1);
		this.#begunAt = processClock.elapsed();
		try {
			const results = await this.#access(batch.map(({ item }) => item));
			for (const [index, { resolve }] of batch.entries()) resolve(results[index]);
		} catch (reason) {
			for (const { reject } of batch) reject(reason);
		}
		if (number !== this.#latest) return;
		this.#begunAt = null;
		if (this.#waiting.length > 0) void this.#begin();
	}
}
