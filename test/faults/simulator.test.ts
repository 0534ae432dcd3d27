/** The table of faults once more, against the simulator: calls between two numbers, with FAULTS_LONG=1 all three ways. */
import { modes } from './call';
import { playCell } from './cell';
import { faultySimulator } from './exotel';
import { faults } from './faults';
import { check, hostNames } from './result';

describe('faults, against the simulator', function () {
	this.timeout(60_000);
	for (const fault of faults) {
		for (const host of hostNames) {
			for (const mode of process.env['FAULTS_LONG'] === '1' ? modes : (['numbers'] as const)) {
				it(`${fault.name} · ${host} · ${mode}`, async () => {
					check(fault, host, mode, await playCell(fault, host, mode, faultySimulator));
				});
			}
		}
	}
});
