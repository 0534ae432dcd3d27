/**
 * How much memory the recordings of one process take that are fetched at the same time. One that does not fit waits for
 * its turn; what a server sends beyond the length it named takes more only while there is some.
 */
import { ExotelError } from '../errors';
import { joinSignals } from './join-signals';

const MEGABYTE = 1024 ** 2;
/** Two of the largest recordings. */
const MAX_BYTES = 512 * MEGABYTE;
/** What large recordings leave to small ones: a server may name a length and then be slow. */
const KEPT_FOR_SMALL = 64 * MEGABYTE;
/** Shorter than the time limit of a request (30 s), so that the error says why. */
const MAX_WAIT_MS = 20_000;
/** What is taken at once for an answer that does not name its length. */
const STEP_BYTES = 8 * MEGABYTE;

interface Waiting {
	bytes: number;
	begin: () => void;
}

/** A number of bytes that many share. */
export class MemoryBudget {
	#used = 0;
	#queue: Waiting[] = [];

	constructor(
		readonly maxBytes = MAX_BYTES,
		readonly maxWaitMs = MAX_WAIT_MS,
		readonly keptForSmall = 0,
	) {}

	/** Bytes that are taken. */
	get used(): number {
		return this.#used;
	}

	/** Takes bytes at once, before those that wait; false when there are not enough left. */
	tryTake(bytes: number): boolean {
		const kept = bytes > this.keptForSmall / 4 ? this.keptForSmall : 0;
		if (this.#used + bytes > this.maxBytes - kept) return false;
		this.#used += bytes;
		return true;
	}

	/**
	 * Takes bytes as soon as there are enough, first come, first served.
	 * @throws ExotelError of kind `busy` after 20 s; the reason of the signal when it is aborted before.
	 */
	take(bytes: number, signal?: AbortSignal): Promise<void> {
		if (this.#queue.length === 0 && this.tryTake(bytes)) return Promise.resolve();
		const timeout = AbortSignal.timeout(this.maxWaitMs);
		const { signal: stop, release } = joinSignals(signal, timeout);
		return new Promise<void>((resolve, reject) => {
			const waiting: Waiting = {
				bytes,
				begin: () => {
					stop.removeEventListener('abort', giveUp);
					resolve();
				},
			};
			const giveUp = (): void => {
				this.#queue = this.#queue.filter((other) => other !== waiting);
				this.#admit();
				reject(signal?.aborted === true ? (signal.reason as Error) : this.fullError());
			};
			if (stop.aborted) return giveUp();
			stop.addEventListener('abort', giveUp, { once: true });
			this.#queue.push(waiting);
		}).finally(release);
	}

	/** Gives bytes back. */
	release(bytes: number): void {
		this.#used -= bytes;
		this.#admit();
	}

	/** The error for a recording that there is no memory for at the moment. */
	fullError(): ExotelError {
		const megabytes = Math.round(this.maxBytes / MEGABYTE);
		return new ExotelError('busy', `Recordings that are being fetched take ${megabytes} MB of memory already.`, {
			help: 'recording',
			hint: 'Fetch fewer at a time. Node-RED can save them to files, which takes no memory.',
			retryable: true,
		});
	}

	#admit(): void {
		let next = this.#queue[0];
		while (next !== undefined && this.tryTake(next.bytes)) {
			next.begin();
			this.#queue.shift();
			next = this.#queue[0];
		}
	}
}

/** The memory of one recording. */
export class RecordingLease {
	#bytes = 0;

	/** `length`: bytes that the answer says it has; null when it does not. */
	constructor(
		readonly budget: MemoryBudget,
		readonly length: number | null,
	) {}

	/**
	 * Makes sure that `size` bytes are taken; the first time all that the answer names, for which it may have to wait.
	 * @throws ExotelError of kind `busy`
	 */
	async cover(size: number, signal?: AbortSignal): Promise<void> {
		if (size <= this.#bytes) return;
		if (this.#bytes === 0) {
			const bytes = Math.max(size, this.length ?? STEP_BYTES);
			await this.budget.take(bytes, signal);
			this.#bytes = bytes;
			return;
		}
		const more = Math.max(size - this.#bytes, STEP_BYTES);
		if (!this.budget.tryTake(more)) throw this.budget.fullError();
		this.#bytes += more;
	}

	/** The recording is complete: what it did not need is given back, the rest when it was handed on. */
	keep(recording: Uint8Array): void {
		this.budget.release(this.#bytes - recording.length);
		this.#bytes = recording.length;
		leases.set(recording, this);
		forgotten.register(recording, this);
	}

	/** Gives everything back; a second time does nothing. */
	release(): void {
		this.budget.release(this.#bytes);
		this.#bytes = 0;
	}
}

const leases = new WeakMap<Uint8Array, RecordingLease>();
/** Of recordings that nobody handed on, because an error came in between. */
const forgotten = new FinalizationRegistry<RecordingLease>((lease) => lease.release());

/** The recordings of this process. */
export const recordingMemory = new MemoryBudget(MAX_BYTES, MAX_WAIT_MS, KEPT_FOR_SMALL);

/** The recording was handed on: from now on it is the memory of the host. */
export function handedOn({ bytes }: { bytes: Uint8Array }): void {
	leases.get(bytes)?.release();
}
