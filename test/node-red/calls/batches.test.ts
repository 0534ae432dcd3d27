/** Accesses to a context store that go together. */
import assert from 'node:assert/strict';
import { Batches } from '../../../node-red/calls/batches';

describe('accesses that go together', () => {
	it('wait for no access that hangs, also when no further one comes', async () => {
		const batches = new Batches<string, string>((items) =>
			items.includes('hangs') ? new Promise(() => undefined) : Promise.resolve(items),
		);
		void batches.add('hangs');
		assert.equal(await batches.add('next'), 'next');
	});
});
