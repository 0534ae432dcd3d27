/**
 * Work that many may want to begin in the same moment. It is begun a few pieces in each turn of the event loop, so that
 * timers run in between: a caller who waits for an answer gets the fallback in time.
 */
export class Turns {
	readonly #perTurn: number;
	readonly #waiting: (() => void)[] = [];
	#left: number;
	#counting = false;

	/** `perTurn`: how many pieces of work are begun in one turn of the event loop. */
	constructor(perTurn: number) {
		this.#perTurn = perTurn;
		this.#left = perTurn;
	}

	/** Resolves when the caller may begin, first come, first served; null: at once. */
	take(): Promise<void> | null {
		this.#countTurn();
		if (this.#left === 0) return new Promise((resolve) => this.#waiting.push(resolve));
		this.#left -= 1;
		return null;
	}

	#countTurn(): void {
		if (this.#counting) return;
		this.#counting = true;
		setImmediate(() => {
			this.#counting = false;
			const next = this.#waiting.splice(0, this.#perTurn);
			this.#left = this.#perTurn - next.length;
			if (next.length > 0) this.#countTurn();
			for (const begin of next) begin();
		});
	}
}
