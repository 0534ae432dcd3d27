/** Many calls at once with 5 % of each fault; the seed is in the title and can be given again: FAULTS_SEED=… */
import { checkMixed, playMixed } from './mixed';
import { LONG, SEED } from './random';

/** Half of them on each host. */
const CALLS = Number(process.env['FAULTS_CALLS'] ?? (LONG ? 10_000 : 500));

describe(`${CALLS} mixed calls with 5 % of each fault, FAULTS_SEED=${SEED}`, function () {
	this.timeout(LONG ? 3_600_000 : 480_000);
	for (const host of ['Node-RED', 'n8n'] as const) {
		it(`${host}: no double dial, no end lost, doubled or late, no false unknown`, async () => {
			const sum = await playMixed(host, CALLS / 2, SEED);
			checkMixed(sum, CALLS / 2);
		});
	}
});
