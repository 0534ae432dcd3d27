/** The column of docs/reliability.md about n8n in queue mode, on real processes against the second double. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { modes } from '../../faults/call';
import { cellName, columnIn, columnOf, page, QUEUE, type Cells } from '../../faults/document';
import { faults } from '../../faults/faults';
import { check, written, type Result } from '../../faults/result';
import { cellKey, playColumn } from './queue-column';
import { sharedQueue } from './queue-stage';

const file = path.resolve(__dirname, '../../../docs/reliability.md');

describe('faults, on n8n in queue mode', function () {
	this.timeout(1_800_000);
	const cells: Cells = new Map();
	let results: Map<string, Result | Error>;
	before(async () => {
		results = await playColumn(await sharedQueue());
	});

	for (const fault of faults) {
		for (const mode of modes) {
			const name = cellName(fault.name, QUEUE, mode);
			it(name, () => {
				const result = results.get(cellKey({ fault, mode }));
				if (result === undefined || result instanceof Error) throw result ?? new Error('not played');
				check(fault, 'n8n', mode, result);
				cells.set(name, written(result));
			});
		}
	}

	it('docs/reliability.md has what came out (UPDATE_RELIABILITY=1 writes it)', () => {
		const text = fs.readFileSync(file, 'utf8');
		const cameOut = columnOf(cells, QUEUE);
		if (process.env['UPDATE_RELIABILITY'] === '1') {
			const others = { 'Node-RED': columnIn(text, 'Node-RED'), n8n: columnIn(text, 'n8n') };
			fs.writeFileSync(file, page({ ...others, [QUEUE]: cameOut }));
		} else assert.deepEqual(columnIn(text, QUEUE), cameOut);
	});
});
