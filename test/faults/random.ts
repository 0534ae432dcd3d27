/** Chance that can be repeated: the same seed gives the same draws. */

/** Draws from a seed. */
export interface Random {
	/** A whole number from 0 to below `count`. */
	below(count: number): number;
	/** One of these. */
	pick<Value>(values: readonly [Value, ...Value[]]): Value;
}

/** The generator mulberry32. */
export function seeded(seed: number): Random {
	let state = seed >>> 0;
	const fraction = (): number => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
	const below = (count: number): number => Math.floor(fraction() * count);
	return { below, pick: (values) => values[below(values.length)] ?? values[0] };
}

/** The seed of this run: FAULTS_SEED, or a new one. A test that uses it names it. */
export const SEED = Number(process.env['FAULTS_SEED'] ?? Date.now() % 1_000_000);
/** True for the nightly run. */
export const LONG = process.env['FAULTS_LONG'] === '1';
