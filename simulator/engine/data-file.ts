/** The data file (`--data`): flows, agents and calls are written soon after each change and read at the start. */
import { readFileSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { readSnapshot, snapshotPieces, type Snapshot } from '../model/snapshot';
import { takeSnapshot } from './restore';
import type { Call } from '../model/call';
import type { Simulation, Update } from './simulation';

/** Real milliseconds in which changes are collected before they are written. */
const WRITE_DELAY_MS = 500;
/** A write may take this part of the time at most; after a slow one the next waits longer. */
const MAX_WRITE_SHARE = 1 / 10;
/** Characters of one access to the file. */
const CHUNK_LENGTH = 256 * 1024;
/** Real milliseconds of work without a pause for others. */
const MAX_STRETCH_MS = 20;

/** Real milliseconds to wait before the next write, after one that took `tookMs`. */
export function delayAfter(tookMs: number): number {
	return Math.max(WRITE_DELAY_MS, tookMs / MAX_WRITE_SHARE);
}

/**
 * Reads a data file.
 * @returns null if there is none yet
 * @throws RangeError if the file is not usable; it is left as it is
 */
export function readDataFile(path: string): Snapshot | null {
	let text: string;
	try {
		text = readFileSync(path, 'utf8');
	} catch (error) {
		if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
		throw new RangeError(`the data file ${path} cannot be read: ${String(error)}`, { cause: error });
	}
	try {
		return readSnapshot(text);
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		throw new RangeError(`the data file ${path} cannot be used: ${reason}. Move it away to start anew.`, {
			cause: error,
		});
	}
}

/** Keeps the file up to date while the simulator runs. */
export class DataFile {
	readonly #simulation: Simulation;
	readonly #path: string;
	#timer: NodeJS.Timeout | null = null;
	#writing: Promise<void> | null = null;
	#delayMs = WRITE_DELAY_MS;
	/** The calls as they were written; one that changes is removed. */
	readonly #texts = new WeakMap<Call, string>();
	readonly #onUpdate = (update: Update) => {
		if ('sid' in update) this.#changed(update.sid);
		this.#schedule();
	};

	constructor(simulation: Simulation, path: string) {
		this.#simulation = simulation;
		this.#path = path;
		simulation.updates.on('update', this.#onUpdate);
	}

	/** Writes everything as it is now; nothing is written afterwards. */
	async close(): Promise<void> {
		this.#simulation.updates.off('update', this.#onUpdate);
		this.#stopTimer();
		await this.#writing;
		this.#stopTimer();
		for (const call of this.#simulation.calls.list()) this.#texts.delete(call);
		await this.#write();
	}

	#changed(sid: string): void {
		const call = this.#simulation.calls.find(sid);
		if (call !== null) this.#texts.delete(call);
	}

	#stopTimer(): void {
		if (this.#timer) clearTimeout(this.#timer);
		this.#timer = null;
	}

	/** While a write goes on, the next one is waited for: each sees all that came before it. */
	#schedule(): void {
		this.#timer ??= setTimeout(() => {
			this.#timer = null;
			if (this.#writing !== null) return this.#schedule();
			this.#writing = this.#write().finally(() => (this.#writing = null));
		}, this.#delayMs).unref();
	}

	/** Never half a file: the new one takes the place of the old one at once. Never rejects. */
	async #write(): Promise<void> {
		const started = performance.now();
		const temporary = `${this.#path}.new`;
		try {
			const file = await open(temporary, 'w', 0o600);
			try {
				for await (const chunk of this.#chunks()) await file.writeFile(chunk);
			} finally {
				await file.close();
			}
			await rename(temporary, this.#path);
		} catch (error) {
			process.stderr.write(`exotel-simulator: ${this.#path} could not be written: ${String(error)}\n`);
		}
		this.#delayMs = delayAfter(performance.now() - started);
	}

	/** The file in pieces of a size worth an access; others get their turn in between. */
	async *#chunks(): AsyncGenerator<string> {
		let chunk = '';
		let stretch = performance.now();
		for (const piece of snapshotPieces(takeSnapshot(this.#simulation), { textOf: (call) => this.#textOf(call) })) {
			chunk += piece;
			if (chunk.length >= CHUNK_LENGTH) {
				yield chunk;
				chunk = '';
			}
			if (performance.now() - stretch < MAX_STRETCH_MS) continue;
			await nextTurn();
			stretch = performance.now();
		}
		yield chunk;
	}

	#textOf(call: Call): string {
		const text = this.#texts.get(call) ?? JSON.stringify(call);
		this.#texts.set(call, text);
		return text;
	}
}
