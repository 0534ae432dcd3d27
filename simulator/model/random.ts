/**
 * Everything that looks random: call SIDs, request ids and the decisions of chaos switches that are a probability. By
 * default it is random; with a pinned seed, the same requests in the same order give the same values, byte for byte.
 */
import { createHash, randomBytes } from 'node:crypto';

/**
 * A stream of random values. Each account has its own, so parallel tests on different accounts do not disturb each
 * other.
 */
export class RandomStream {
	/** Values drawn so far, per purpose: polling must not change the next call's SID. */
	readonly #drawn = new Map<string, number>();
	readonly #seed: string | null;

	/** @param seed null = not repeatable */
	constructor(seed: string | null) {
		this.#seed = seed;
	}

	/** 128 random bits as 32 hexadecimal characters: the form of a call SID (seeds 000 and 001). */
	hex(purpose: string): string {
		return this.#draw(purpose).slice(0, 32);
	}

	/** A number from 0 (included) to 1 (excluded). */
	fraction(purpose: string): number {
		return parseInt(this.#draw(purpose).slice(0, 12), 16) / 2 ** 48;
	}

	#draw(purpose: string): string {
		if (this.#seed === null) return randomBytes(16).toString('hex');
		const count = this.#drawn.get(purpose) ?? 0;
		this.#drawn.set(purpose, count + 1);
		return digest(`${this.#seed}|${purpose}|${count}`);
	}
}

/** A value that depends on nothing but its input: the same number always has the same operator, agent id, … */
export function digest(input: string): string {
	return createHash('sha256').update(input).digest('hex');
}
