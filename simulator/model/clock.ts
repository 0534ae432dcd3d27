/**
 * The simulator's clock. All delays, stamps and retries of the simulated telephone network follow it: it can run in
 * real time (speed 1), faster (speed n), or stand still until it is advanced (speed 0, "manual").
 *
 * Advancing steps from one due moment to the next and lets everything that moment started – real HTTP deliveries
 * included – finish before the next one, so a manual run is the same every time.
 */
import { performance } from 'node:perf_hooks';

interface Timer {
	due: number;
	owner: string;
	run: () => void;
}

/** How long a single real timer may be; Node's own limit is 2^31 - 1 ms. */
const MAX_REAL_TIMER_MS = 2_000_000_000;

/** Faster than that, a real second lasts more than a simulated day. */
const MAX_SPEED = 100_000;
const MAX_ADVANCE_SECONDS = 31_622_400;

/** @throws RangeError if it is not a speed */
export function readSpeed(speed: unknown): number {
	if (typeof speed !== 'number' || !(speed >= 0 && speed <= MAX_SPEED))
		throw new RangeError(
			`speed must be a number from 0 (manual) to ${MAX_SPEED}, not ` +
				`${typeof speed === 'number' ? speed : typeof speed}`,
		);
	return speed;
}

/** @throws RangeError if time cannot be moved on by that */
export function readAdvance(seconds: unknown): number {
	if (typeof seconds !== 'number' || !(seconds >= 0 && seconds <= MAX_ADVANCE_SECONDS))
		throw new RangeError(`advanceSeconds must be a number from 0 to ${MAX_ADVANCE_SECONDS} (a year)`);
	return seconds;
}

/** Simulated time, and everything that waits for it. */
export class Clock {
	/** Sorted by due time; timers of the same time keep the order in which they were set. */
	readonly #timers: Timer[] = [];
	#speed: number;
	#simulatedBase: number;
	#realBase = performance.now();
	#realTimer: NodeJS.Timeout | null = null;
	#stepping = false;
	#advances: Promise<void> = Promise.resolve();
	#pendingWork = 0;
	#onIdle: (() => void)[] = [];

	/**
	 * @param speed simulated seconds per real second; 0 = manual
	 * @param startTime epoch milliseconds at which the simulated time begins
	 */
	constructor(speed: number, startTime: number) {
		this.#speed = speed;
		this.#simulatedBase = startTime;
	}

	/** Simulated time, epoch milliseconds. */
	now(): number {
		if (this.#stepping || this.#speed === 0) return this.#simulatedBase;
		return Math.floor(this.#simulatedBase + (performance.now() - this.#realBase) * this.#speed);
	}

	get speed(): number {
		return this.#speed;
	}

	setSpeed(speed: number): void {
		this.#rebase(this.now());
		this.#speed = speed;
		this.#schedule();
	}

	/**
	 * Resolves when the simulated time has reached `due`.
	 * @throws the signal's reason as soon as it is aborted
	 */
	until(due: number, signal: AbortSignal, owner = ''): Promise<void> {
		return new Promise((resolve, reject) => {
			const abort = () => reject(signal.reason);
			if (signal.aborted) return abort();
			signal.addEventListener('abort', abort, { once: true });
			const run = () => {
				signal.removeEventListener('abort', abort);
				resolve();
			};
			this.at(due, run, owner);
		});
	}

	/** Calls `run` when the simulated time has reached `due`. */
	at(due: number, run: () => void, owner = ''): void {
		let low = 0;
		let high = this.#timers.length;
		while (low < high) {
			const middle = (low + high) >>> 1;
			if ((this.#timers[middle]?.due ?? Infinity) <= due) low = middle + 1;
			else high = middle;
		}
		this.#timers.splice(low, 0, { due, owner, run });
		if (low === 0) this.#schedule();
	}

	/** Marks real work (an HTTP delivery) that an advance has to wait for. */
	async track<T>(work: Promise<T>): Promise<T> {
		this.#pendingWork++;
		try {
			return await work;
		} finally {
			this.#pendingWork--;
			if (this.#pendingWork === 0) this.#onIdle.splice(0).forEach((done) => done());
		}
	}

	/** Moves the simulated time on by `seconds`, running everything that falls due on the way, in order. */
	advance(seconds: number): Promise<void> {
		const run = this.#advances.then(() => this.#step(seconds * 1000));
		this.#advances = run.catch(() => undefined);
		return run;
	}

	/** Waits until no real work is pending and everything it started has been scheduled. */
	async settle(): Promise<void> {
		for (;;) {
			await new Promise((resolve) => setImmediate(resolve));
			if (this.#pendingWork === 0) return;
			await new Promise<void>((resolve) => this.#onIdle.push(resolve));
		}
	}

	/** Removes the timers of one owner, or all of them. */
	clear(owner?: string): void {
		const kept = owner === undefined ? [] : this.#timers.filter((timer) => timer.owner !== owner);
		this.#timers.splice(0, this.#timers.length, ...kept);
		this.#schedule();
	}

	close(): void {
		this.#timers.length = 0;
		if (this.#realTimer) clearTimeout(this.#realTimer);
		this.#realTimer = null;
	}

	async #step(milliseconds: number): Promise<void> {
		await this.settle();
		const target = this.now() + milliseconds;
		this.#rebase(this.now());
		this.#stepping = true;
		try {
			for (;;) {
				const timer = this.#takeDue(target);
				if (!timer) break;
				this.#simulatedBase = Math.max(this.#simulatedBase, timer.due);
				timer.run();
				await this.settle();
			}
			this.#simulatedBase = Math.max(this.#simulatedBase, target);
		} finally {
			this.#stepping = false;
			this.#rebase(this.#simulatedBase);
			this.#schedule();
		}
	}

	/** The first timer due by then, taken off the list. */
	#takeDue(time: number): Timer | undefined {
		const [first] = this.#timers;
		return first && first.due <= time ? this.#timers.shift() : undefined;
	}

	#rebase(time: number): void {
		this.#simulatedBase = time;
		this.#realBase = performance.now();
	}

	#schedule(): void {
		if (this.#realTimer) clearTimeout(this.#realTimer);
		this.#realTimer = null;
		const [first] = this.#timers;
		if (this.#speed === 0 || this.#stepping || !first) return;
		const wait = Math.max(0, (first.due - this.now()) / this.#speed);
		this.#realTimer = setTimeout(() => this.#runDue(), Math.min(wait, MAX_REAL_TIMER_MS));
	}

	#runDue(): void {
		this.#realTimer = null;
		if (this.#stepping) return;
		for (;;) {
			const timer = this.#takeDue(this.now());
			if (!timer) break;
			timer.run();
		}
		this.#schedule();
	}
}
