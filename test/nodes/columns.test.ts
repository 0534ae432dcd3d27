/** What one sees first in n8n's table: the outcome of a call, and the reason where there is none. */
import assert from 'node:assert/strict';
import { unknownCall } from '../../exotel';
import { callJson } from '../../nodes/Exotel/operations/output';

describe('the first column of a call', () => {
	for (const simplify of [true, false])
		it(`is its outcome, the second the reason, ${simplify ? 'simplified' : 'in full'}`, () => {
			const json = callJson(unknownCall('sid', 'v1', 'no-end-found'), simplify, {});
			assert.deepEqual(Object.keys(json).slice(0, 2), ['outcome', 'reason']);
		});

	it('is followed by who spoke with whom, and how long', () => {
		const json = callJson(unknownCall('sid', 'v1', 'no-end-found'), true);
		assert.deepEqual(Object.keys(json).slice(2, 5), ['from', 'to', 'talkSeconds']);
	});
});
