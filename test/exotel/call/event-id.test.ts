/** Ends found by polling, and the ids of events. */
import assert from 'node:assert/strict';
import { eventFromCall } from '../../../exotel/call/timeline';
import { agentEventId, callEventId, flowEventId, terminalEventId } from '../../../exotel/call/event-id';
import { SID, record, sweep } from './events-of-a-call';

describe('eventFromCall', () => {
	it('turns an ended call into its terminal event', () => {
		const call = { ...record, endedAt: '2019-04-08T03:18:36+05:30' };
		assert.deepEqual(eventFromCall(call, { a: 1 }, '2019-04-08T04:00:00+05:30'), {
			id: `${SID}:call:terminal`,
			type: 'terminal',
			party: null,
			at: '2019-04-08T03:18:36+05:30',
			source: 'sweep',
			call,
			raw: { a: 1 },
		});
		assert.equal(sweep.at, '2019-04-08T03:30:00+05:30', 'when Exotel does not say when it ended');
	});

	it('is null while the call is active', () =>
		assert.equal(eventFromCall({ ...record, state: 'active' }, null, ''), null));
});

describe('event ids', () => {
	const step = { type: 'agent-busy', step: 'dial', contact: '+919812345699', at: 't' } as const;

	it('have their documented forms', () => {
		assert.equal(terminalEventId('s'), 's:call:terminal');
		assert.equal(callEventId('s', 'answered', 'to'), 's:call:answered:to');
		assert.equal(callEventId('s', 'ringing', null), 's:call:ringing:-');
		assert.match(flowEventId('s', { type: 'dial', facts: [], at: 't' }), /^s:flow:dial:[0-9a-f]{12}:t$/);
		assert.match(agentEventId('s', step), /^s:agent-busy:dial:[0-9a-f]{12}:t$/);
		assert.equal(agentEventId('s', { ...step, step: null, contact: null }), 's:agent-busy:-:-:t');
	});

	it('tell agents apart without showing their numbers', () => {
		const id = agentEventId('s', step);
		assert.notEqual(id, agentEventId('s', { ...step, contact: '+919812345600' }));
		assert.notEqual(id, agentEventId('s2', step).replace('s2', 's'));
		assert.ok(!id.includes('9812345699'));
	});
});
