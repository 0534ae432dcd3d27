/** The table of faults against the second double, in this process on a virtual clock. */
import { check, hostNames, playCell } from './cell';
import { faultyDouble } from './exotel';
import { faults } from './faults';
import { modes } from './hosts';

describe('faults, against the second double', function () {
	this.timeout(60_000);
	for (const fault of faults) {
		for (const host of hostNames) {
			for (const mode of modes) {
				it(`${fault.name} · ${host} · ${mode}`, async () => {
					check(fault, host, mode, await playCell(fault, host, mode, faultyDouble));
				});
			}
		}
	}
});
