/**
 * One part of the benchmark in a process of its own, so that no part leaves compiled code, memory or processes to the
 * next. Started by run.mjs, to which it hands its rows, or why there are none.
 */
import { NoisyError } from './measuring.mjs';

/** A part that is noisy after this long has no time for another attempt. */
const REPEAT_WITHIN_MS = 200_000;

const [name, most, ...flags] = process.argv.slice(2);

/** The rows; what else ends the part is a defect and shown as such. */
async function rowsOrReason() {
	// A part that repeats its own turns says that it is measured once.
	const { benchmark, attempts = Number(most) } = await import(new URL(`./${name}.mjs`, import.meta.url));
	for (let attempt = 1; ; attempt++) {
		try {
			return { rows: await benchmark({ short: flags.includes('--short') }) };
		} catch (reason) {
			if (!(reason instanceof NoisyError)) throw reason;
			console.log(`${name}: ${reason.message} (${attempt} of ${attempts})`);
			if (attempt >= attempts || performance.now() > REPEAT_WITHIN_MS) return { noisy: reason.message };
		}
	}
}

const result = await rowsOrReason();
process.send(result, () => process.exit(0));
