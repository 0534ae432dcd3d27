/** Moments as the forms show them. */
import assert from 'node:assert/strict';
import { localTime } from '../../../node-red/editor/local-time';

describe('a moment in a form', () => {
	it('is in the time zone of the account, which is named', () => {
		const shown = localTime('2026-11-22T04:00:00Z', 'Asia/Kolkata');
		assert.match(shown, /9:30:00.*\(Asia\/Kolkata\)$/);
		assert.doesNotMatch(shown, /T04|Z/);
	});

	it('stays as it is when the time zone is none', () => {
		for (const zone of ['${ZONE}', 'Nowhere/Else'])
			assert.equal(localTime('2026-11-22T04:00:00Z', zone), '2026-11-22T04:00:00Z');
	});
});
