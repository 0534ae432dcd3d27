/** Time for tests, moved by hand: nothing waits for real, and everything due happens in order. */
import type { Clock } from '../../exotel/index';

interface Sleep {
	at: number;
	wake: () => void;
	interrupt: (reason: unknown) => void;
}

/** A clock that stands still until it is moved. */
export class HandClock implements Clock {
	/** How long every sleep was asked to be, in order. */
	readonly slept: number[] = [];
	private sleeps: Sleep[] = [];

	/** How much the time of day was set forward or back, ms. */
	private shift = 0;

	constructor(private time = Date.parse('2026-11-21T10:00:00Z')) {}

	now(): number {
		return this.time + this.shift;
	}

	elapsed(): number {
		return this.time;
	}

	/** Sets the time of day, as an administrator or a time server does. */
	set(ms: number): void {
		this.shift += ms;
	}

	sleep(ms: number, signal?: AbortSignal): Promise<void> {
		this.slept.push(ms);
		return new Promise((resolve, reject) => {
			if (signal?.aborted === true) return reject(signal.reason as Error);
			const sleep: Sleep = { at: this.time + ms, wake: resolve, interrupt: reject };
			this.sleeps.push(sleep);
			signal?.addEventListener(
				'abort',
				() => {
					this.sleeps = this.sleeps.filter((other) => other !== sleep);
					sleep.interrupt(signal.reason);
				},
				{ once: true },
			);
		});
	}

	/** How many are asleep. */
	get sleeping(): number {
		return this.sleeps.length;
	}

	/** Moves time on, waking whoever is due at the moment it is due. */
	async advance(ms: number): Promise<void> {
		const end = this.time + ms;
		await settle();
		for (;;) {
			const next = this.sleeps.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
			if (next === undefined) break;
			this.sleeps = this.sleeps.filter((other) => other !== next);
			this.time = Math.max(this.time, next.at);
			next.wake();
			await settle();
		}
		this.time = end;
		await settle();
	}

	/** Moves time on until nobody is asleep any more. */
	async finish(): Promise<void> {
		await settle();
		while (this.sleeps.length > 0)
			await this.advance(Math.max(0, Math.min(...this.sleeps.map(({ at }) => at)) - this.time));
	}
}

/** Lets everything that is ready happen. */
export async function settle(): Promise<void> {
	for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}
