/**
 * One part of the benchmark in a process of its own, so that no part leaves compiled code, memory or processes to the
 * next. Started by run.mjs, to which it hands its rows, or why there are none.
 */
import { NoisyError } from './measuring.mjs';

const [name, attempts, ...flags] = process.argv.slice(2);

/** The rows; what else ends the part is a defect and shown as such. */
async function rowsOrReason() {
	const { benchmark } = await import(new URL(`./${name}.mjs`, import.meta.url));
	for (let attempt = 1; ; attempt++) {
		try {
			return { rows: await benchmark({ short: flags.includes('--short') }) };
		} catch (reason) {
			if (!(reason instanceof NoisyError)) throw reason;
			console.log(`${name}: ${reason.message} (${attempt} of ${attempts})`);
			if (attempt >= Number(attempts)) return { noisy: reason.message };
		}
	}
}

const result = await rowsOrReason();
process.send(result, () => process.exit(0));
