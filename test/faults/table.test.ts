/** The table of faults against the second double, in this process on a virtual clock, and the page it is printed on. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { modes } from './call';
import { playCell } from './cell';
import { cellName, columnIn, columnOf, page, QUEUE, type Cells } from './document';
import { faultyDouble } from './exotel';
import { faults } from './faults';
import { check, hostNames, written } from './result';

const file = path.resolve(__dirname, '../../docs/reliability.md');

describe('faults, against the second double', function () {
	this.timeout(60_000);
	const cells: Cells = new Map();
	for (const fault of faults) {
		for (const host of hostNames) {
			for (const mode of modes) {
				const name = cellName(fault.name, host, mode);
				it(name, async () => {
					const result = await playCell(fault, host, mode, faultyDouble);
					check(fault, host, mode, result);
					cells.set(name, written(result));
				});
			}
		}
	}

	it('docs/reliability.md is what came out (UPDATE_RELIABILITY=1 writes it)', () => {
		const text = fs.readFileSync(file, 'utf8');
		const cameOut = page({
			'Node-RED': columnOf(cells, 'Node-RED'),
			n8n: columnOf(cells, 'n8n'),
			// test/hosts/n8n/queue-faults.test.ts holds this one.
			[QUEUE]: columnIn(text, QUEUE),
		});
		if (process.env['UPDATE_RELIABILITY'] === '1') fs.writeFileSync(file, cameOut);
		else assert.equal(text, cameOut);
	});
});
