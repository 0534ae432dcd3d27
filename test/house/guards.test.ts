/** The guards that the fault suite removes stand in the code as it names them; the suite removes them at night only. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';

const root = path.join(__dirname, '..', '..');

describe('the guards of the fault suite', () => {
	it('are each found once in their file', async () => {
		const { guards } = await import('../../tools/faults/guards.mjs');
		assert.ok(guards.length >= 19);
		for (const { name, file, find } of guards) {
			const source = fs.readFileSync(path.join(root, file), 'utf8');
			assert.equal(source.split(find).length, 2, name);
		}
	});
});
