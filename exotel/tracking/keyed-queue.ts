/** Work on one key is done in the order it came; work on different keys does not wait for each other. */

/** A serial queue per key. A key takes no memory once its work is done. */
export class KeyedQueue {
	readonly #tails = new Map<string, Promise<unknown>>();

	/**
	 * Runs `work` after everything that was queued for `key` before.
	 * @throws what `work` throws; later work is not affected.
	 */
	run<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
		const before = this.#tails.get(key);
		const result = before === undefined ? work() : before.then(work);
		const tail = result
			.catch(() => undefined)
			.then(() => {
				if (this.#tails.get(key) === tail) this.#tails.delete(key);
			});
		this.#tails.set(key, tail);
		return result;
	}
}
