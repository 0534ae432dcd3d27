/** What is known of a call when only its request is. */
import assert from 'node:assert/strict';
import { requestedCall } from '../../../exotel';

describe('the call as it was requested', () => {
	it('holds the values as they were filled in, blanks as null', () => {
		const call = requestedCall({ from: '09812330240', to: 9876538847, exoPhone: ' ', customField: ['a'] });
		assert.deepEqual(call, { from: '09812330240', to: '9876538847', exoPhone: null, customField: null });
	});

	it('rings the agent first where there is one', () => {
		assert.equal(requestedCall({ agentContact: 'sip:agent1' }).from, 'sip:agent1');
	});
});
