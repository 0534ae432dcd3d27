/** The data file (`--data`): flows, agents and calls are written soon after each change and read at the start. */
import { readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { readSnapshot, writeSnapshot, type Snapshot } from '../model/snapshot';
import { takeSnapshot } from './restore';
import type { Simulation } from './simulation';

/** Real milliseconds in which changes are collected before they are written. */
const WRITE_DELAY_MS = 500;

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
	#writes: Promise<void> = Promise.resolve();
	readonly #onUpdate = () => this.#schedule();

	constructor(simulation: Simulation, path: string) {
		this.#simulation = simulation;
		this.#path = path;
		simulation.updates.on('update', this.#onUpdate);
	}

	/** Writes what is not written yet; nothing is written afterwards. */
	async close(): Promise<void> {
		this.#simulation.updates.off('update', this.#onUpdate);
		if (this.#timer) clearTimeout(this.#timer);
		this.#timer = null;
		await this.#write();
	}

	#schedule(): void {
		this.#timer ??= setTimeout(() => {
			this.#timer = null;
			void this.#write();
		}, WRITE_DELAY_MS).unref();
	}

	/** One after the other, and never half a file: the new one takes the place of the old one at once. */
	#write(): Promise<void> {
		const text = writeSnapshot(takeSnapshot(this.#simulation));
		const temporary = `${this.#path}.new`;
		this.#writes = this.#writes.then(async () => {
			try {
				await writeFile(temporary, text, { mode: 0o600 });
				await rename(temporary, this.#path);
			} catch (error) {
				process.stderr.write(`exotel-simulator: ${this.#path} could not be written: ${String(error)}\n`);
			}
		});
		return this.#writes;
	}
}
