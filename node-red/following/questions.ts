/** When to ask Exotel about which call: one timer for all open calls of a node, a few questions under way at once. */

/** Questions to Exotel under way at once, per node: the account's pace belongs to placing calls first. */
const MOST_AT_ONCE = 5;
/** Longest time a Node.js timer can wait. */
const LONGEST_TIMER_MS = 0x7fffffff;

/** The questions of one node. Its size is bounded by the calls it has placed and not seen the end of. */
export class Questions {
	readonly #due = new Map<string, number>();
	readonly #ask: (key: string) => Promise<void>;
	#timer: NodeJS.Timeout | null = null;
	/** When the timer goes off, ms since 1970. */
	#armedFor = Infinity;
	#asking = 0;
	#open = false;

	/** `ask` puts one question; it must not reject, and sets the next one with `at`. */
	constructor(ask: (key: string) => Promise<void>) {
		this.#ask = ask;
	}

	/** Calls waiting to be asked about. */
	get size(): number {
		return this.#due.size;
	}

	has(key: string): boolean {
		return this.#due.has(key);
	}

	/** Asks about `key` at `time` (ms since 1970), or as soon after as may be. */
	at(key: string, time: number): void {
		this.#due.set(key, time);
		if (time < this.#armedFor) this.#arm();
	}

	/** The end is known. */
	forget(key: string): void {
		this.#due.delete(key);
	}

	/** The node is there and can ask. */
	start(): void {
		this.#open = true;
		this.#arm();
	}

	/** The node is being closed; what is due waits. */
	stop(): void {
		this.#open = false;
		this.#arm();
	}

	/** The node was deleted. */
	clear(): void {
		this.#due.clear();
		this.stop();
	}

	#arm(): void {
		if (this.#timer) clearTimeout(this.#timer);
		this.#timer = null;
		this.#armedFor = Infinity;
		if (!this.#open || this.#asking >= MOST_AT_ONCE) return;
		for (const time of this.#due.values()) this.#armedFor = Math.min(this.#armedFor, time);
		if (this.#armedFor === Infinity) return;
		this.#timer = setTimeout(
			() => this.#askDue(),
			Math.max(0, Math.min(this.#armedFor - Date.now(), LONGEST_TIMER_MS)),
		);
	}

	#askDue(): void {
		const now = Date.now();
		for (const [key, time] of this.#due) {
			if (time > now || this.#asking >= MOST_AT_ONCE) continue;
			this.#due.delete(key);
			this.#asking += 1;
			void this.#ask(key).then(() => {
				this.#asking -= 1;
				this.#arm();
			});
		}
		this.#arm();
	}
}
