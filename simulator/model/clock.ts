/**
 * The simulator's clock. All delays, stamps and retries of the simulated telephone network follow it: it can run in
 * real time (speed 1), faster (speed n), or stand still until it is advanced (speed 0, "manual").
 *
 * Advancing steps from one due moment to the next and lets everything that moment started – real HTTP deliveries
 * included – finish before the next one, so a manual run is the same every time.
 */
import { performance } from 'node:perf_hooks';

interface Appointment {
	due: number;
	order: number;
	owner: string;
	ring: () => void;
}

/** How long a single real timer may be; Node's own limit is 2^31 - 1 ms. */
const LONGEST_TIMER_MS = 2_000_000_000;

/** Faster than that, a real second lasts more than a simulated day. */
const FASTEST = 100_000;
const LONGEST_ADVANCE_SECONDS = 31_622_400;

/** @throws RangeError if it is not a speed */
export function readSpeed(speed: unknown): number {
	if (typeof speed !== 'number' || !(speed >= 0 && speed <= FASTEST))
		throw new RangeError(
			`speed must be a number from 0 (manual) to ${FASTEST}, not ` +
				`${typeof speed === 'number' ? speed : typeof speed}`,
		);
	return speed;
}

/** @throws RangeError if time cannot be moved on by that */
export function readAdvance(seconds: unknown): number {
	if (typeof seconds !== 'number' || !(seconds >= 0 && seconds <= LONGEST_ADVANCE_SECONDS))
		throw new RangeError(`advanceSeconds must be a number from 0 to ${LONGEST_ADVANCE_SECONDS} (a year)`);
	return seconds;
}

/** Simulated time, and everything that waits for it. */
export class Clock {
	private readonly appointments: Appointment[] = [];
	private order = 0;
	private speedFactor: number;
	private simulatedBase: number;
	private realBase = performance.now();
	private timer: NodeJS.Timeout | null = null;
	private stepping = false;
	/** counts resets of the time, so that an advance under way does not undo one */
	private epoch = 0;
	private advances: Promise<void> = Promise.resolve();
	private workInHand = 0;
	private workDone: (() => void)[] = [];

	/**
	 * @param speed simulated seconds per real second; 0 = manual
	 * @param startTime epoch milliseconds at which the simulated time begins
	 */
	constructor(speed: number, startTime: number) {
		this.speedFactor = speed;
		this.simulatedBase = startTime;
	}

	/** Simulated time, epoch milliseconds. */
	now(): number {
		if (this.stepping || this.speedFactor === 0) return this.simulatedBase;
		return Math.floor(this.simulatedBase + (performance.now() - this.realBase) * this.speedFactor);
	}

	get speed(): number {
		return this.speedFactor;
	}

	setSpeed(speed: number): void {
		this.rebase(this.now());
		this.speedFactor = speed;
		this.schedule();
	}

	/** Moves the simulated time to `time` without ringing anything on the way (used by a reset). */
	setTime(time: number): void {
		this.epoch++;
		this.rebase(time);
		this.schedule();
	}

	/** Resolves when the simulated time has reached `due`. Never resolves if the owner is cleared before. */
	until(due: number, owner = ''): Promise<void> {
		return new Promise((resolve) => this.at(due, resolve, owner));
	}

	/** Calls `ring` when the simulated time has reached `due`. */
	at(due: number, ring: () => void, owner = ''): void {
		const appointment = { due, order: this.order++, owner, ring };
		let low = 0;
		let high = this.appointments.length;
		while (low < high) {
			const middle = (low + high) >>> 1;
			if (this.appointments[middle].due <= due) low = middle + 1;
			else high = middle;
		}
		this.appointments.splice(low, 0, appointment);
		if (low === 0) this.schedule();
	}

	/** Marks real work (an HTTP delivery) that an advance has to wait for. */
	async track<T>(work: Promise<T>): Promise<T> {
		this.workInHand++;
		try {
			return await work;
		} finally {
			this.workInHand--;
			if (this.workInHand === 0) this.workDone.splice(0).forEach((done) => done());
		}
	}

	/** Moves the simulated time on by `seconds`, ringing everything that falls due on the way, in order. */
	advance(seconds: number): Promise<void> {
		const run = this.advances.then(() => this.step(seconds * 1000));
		this.advances = run.catch(() => undefined);
		return run;
	}

	/** Waits until no real work is in hand and everything it started has been scheduled. */
	async settle(): Promise<void> {
		for (;;) {
			await new Promise((resolve) => setImmediate(resolve));
			if (this.workInHand === 0) return;
			await new Promise<void>((resolve) => this.workDone.push(resolve));
		}
	}

	/** Forgets the waits of one owner, or all of them. */
	clear(owner?: string): void {
		const kept = owner === undefined ? [] : this.appointments.filter((appointment) => appointment.owner !== owner);
		this.appointments.splice(0, this.appointments.length, ...kept);
		this.schedule();
	}

	close(): void {
		this.appointments.length = 0;
		if (this.timer) clearTimeout(this.timer);
		this.timer = null;
	}

	private async step(milliseconds: number): Promise<void> {
		await this.settle();
		const target = this.now() + milliseconds;
		this.rebase(this.now());
		this.stepping = true;
		const { epoch } = this;
		try {
			while (this.epoch === epoch && this.appointments.length > 0 && this.appointments[0].due <= target) {
				const appointment = this.appointments.shift() as Appointment;
				this.simulatedBase = Math.max(this.simulatedBase, appointment.due);
				appointment.ring();
				await this.settle();
			}
			if (this.epoch === epoch) this.simulatedBase = Math.max(this.simulatedBase, target);
		} finally {
			this.stepping = false;
			this.rebase(this.simulatedBase);
			this.schedule();
		}
	}

	private rebase(time: number): void {
		this.simulatedBase = time;
		this.realBase = performance.now();
	}

	private schedule(): void {
		if (this.timer) clearTimeout(this.timer);
		this.timer = null;
		if (this.speedFactor === 0 || this.stepping || this.appointments.length === 0) return;
		const wait = Math.max(0, (this.appointments[0].due - this.now()) / this.speedFactor);
		this.timer = setTimeout(() => this.pump(), Math.min(wait, LONGEST_TIMER_MS));
	}

	private pump(): void {
		this.timer = null;
		if (this.stepping) return;
		while (this.appointments.length > 0 && this.appointments[0].due <= this.now()) {
			(this.appointments.shift() as Appointment).ring();
		}
		this.schedule();
	}
}
