/** Time for tests of the tracker: moved by hand; between two moments everything that is ready happens. */
import type { Clock } from '../../../exotel/index';

interface Sleep {
	at: number;
	wake: () => void;
}

/** A clock that stands still until it is moved. Unlike `HandClock` it lets long chains of promises settle. */
export class VirtualClock implements Clock {
	#time = Date.parse('2026-11-21T10:00:00Z');
	readonly #sleeps = new Set<Sleep>();

	now(): number {
		return this.#time;
	}

	elapsed(): number {
		return this.#time;
	}

	sleep(ms: number, signal?: AbortSignal): Promise<void> {
		return new Promise((resolve, reject) => {
			if (signal?.aborted === true) return reject(signal.reason as Error);
			const interrupt = (): void => {
				if (this.#sleeps.delete(sleep)) reject(signal?.reason as Error);
			};
			const wake = (): void => {
				signal?.removeEventListener('abort', interrupt);
				resolve();
			};
			const sleep: Sleep = { at: this.#time + ms, wake };
			this.#sleeps.add(sleep);
			signal?.addEventListener('abort', interrupt, { once: true });
		});
	}

	/** Moves time on by `ms`, waking whoever is due at the moment it is due. */
	async advance(ms: number): Promise<void> {
		const end = this.#time + ms;
		await settle();
		for (;;) {
			let next: Sleep | null = null;
			for (const sleep of this.#sleeps)
				if (sleep.at <= end && (next === null || sleep.at < next.at)) next = sleep;
			if (next === null) break;
			this.#sleeps.delete(next);
			this.#time = Math.max(this.#time, next.at);
			next.wake();
			await settle();
		}
		this.#time = end;
	}
}

/** Lets everything that is ready happen. */
export function settle(): Promise<void> {
	return new Promise((resolve) => void setImmediate(resolve));
}
