/**
 * Everything that looks random, made from the seed: call SIDs, request ids, agent ids, and the decisions of
 * chaos switches. Same seed and same order of requests → the same values, byte for byte.
 */
import { createHash } from 'node:crypto';

/**
 * A stream of seeded values. Each account has its own, so parallel tests on different accounts do not disturb each
 * other.
 */
export class SeededRandom {
	/** Values drawn so far, per purpose: polling must not change the next call's SID. */
	readonly #drawn = new Map<string, number>();

	readonly #seed: string;

	constructor(seed: string) {
		this.#seed = seed;
	}

	/** 32 hexadecimal characters. */
	hex(purpose: string): string {
		return this.#draw(purpose).slice(0, 32);
	}

	/** A number from 0 (included) to 1 (excluded). */
	fraction(purpose: string): number {
		return parseInt(this.#draw(purpose).slice(0, 12), 16) / 2 ** 48;
	}

	/**
	 * A call SID: 32 characters, the last four of which carry the day – two digits for the year minus 2006, then month
	 * and day as one base-36 digit each (Exotel fact sheet 2.3, deduced from samples such as `…1646` = 2022-04-06).
	 * @param time epoch milliseconds of the call's creation; the day is taken in India
	 */
	callSid(time: number): string {
		const day = new Date(time + INDIA_OFFSET_MS);
		const year = String((day.getUTCFullYear() - 2006 + 100) % 100).padStart(2, '0');
		const suffix = year + (day.getUTCMonth() + 1).toString(36) + day.getUTCDate().toString(36);
		return this.hex('call').slice(0, 28) + suffix;
	}

	#draw(purpose: string): string {
		const count = this.#drawn.get(purpose) ?? 0;
		this.#drawn.set(purpose, count + 1);
		return digest(`${this.#seed}|${purpose}|${count}`);
	}
}

/** A value that depends on nothing but its input: the same number always has the same operator, agent id, … */
export function digest(input: string): string {
	return createHash('sha256').update(input).digest('hex');
}

const INDIA_OFFSET_MS = 5.5 * 3600 * 1000;
