/** What is known of a call when only its request is. */
import assert from 'node:assert/strict';
import { requestedCall } from '../../../exotel';

describe('the call as it was requested', () => {
	it('holds numbers as all events write them, blanks and other things as null', () => {
		const input = { from: '09812330240', to: 9876538847, exoPhone: ' ', customField: ['a'] };
		assert.deepEqual(requestedCall(input, 'IN'), {
			from: '+919812330240',
			to: '+919876538847',
			exoPhone: null,
			customField: null,
		});
		const { exoPhone, customField } = requestedCall(
			{ exoPhone: ' 080-4711-2345 ', customField: ' order 5 ' },
			'IN',
		);
		assert.deepEqual([exoPhone, customField], ['+918047112345', ' order 5 ']);
	});

	it('rings the agent first where there is one', () => {
		assert.equal(requestedCall({ agentContact: 'sip:agent1' }, 'IN').from, 'sip:agent1');
	});
});
