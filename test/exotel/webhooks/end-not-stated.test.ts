/** Ends that do not say how the call ended, and callbacks that say nothing at all. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { advance } from '../../../exotel/call/timeline';
import { emptyTimeline } from '../../../exotel/call/timeline';
import { type CallEvent } from '../../../exotel';
import { callOf } from '../../../exotel/call/timeline';
import { runs } from '../samples';
import { event } from './requests';

const silent = { CallSid: 'c1', EventType: 'terminal', DateUpdated: '2019-04-08 03:18:35' };
const v2 = (details: object) =>
	event({ event_details: { event_type: 'terminal' }, call_details: { call_sid: 'c1', ...details } });

function after(...events: CallEvent[]) {
	let timeline = emptyTimeline('c1');
	for (const one of events) ({ timeline } = advance(timeline, one));
	return { ended: timeline.ended, call: callOf(timeline) };
}

describe('a callback that says nothing about how the call went', () => {
	it('ends nothing, whatever its event is called', () => {
		for (const fields of [
			silent,
			{ ...silent, Status: '' },
			{ ...silent, Status: 'null', ConversationDuration: '', Legs: [] },
			{ ...silent, EventType: undefined },
			{ ...silent, EndTime: '2019-04-08 03:18:36' },
		]) {
			const { type, call } = event(fields);
			assert.deepEqual(
				[type, call.state, call.outcome, call.reason, call.endedAt],
				['dial', 'active', null, null, null],
			);
			assert.equal(after(event(fields)).ended, false);
		}
	});

	it('ends nothing in v2 either', () => {
		for (const details of [{}, { call_state: 'active' }, { call_state: 'terminal', call_status: null }]) {
			const { type, call } = v2(details);
			assert.deepEqual([type, call.state, call.outcome, call.reason], ['dial', 'active', null, null]);
		}
	});

	it('takes nothing from an end that is known, before or after it', () => {
		const known = event({ ...silent, Status: 'busy' });
		for (const order of [
			[event(silent), known],
			[known, event(silent)],
		]) {
			const { ended, call } = after(...order);
			assert.deepEqual([ended, call.outcome, call.status], [true, 'busy', 'busy']);
		}
	});
});

describe('an end that does not say how the call ended', () => {
	it('is unknown and never a failure', () => {
		for (const status of ['rerouted', 'completed-ish', '-', '0']) {
			for (const { type, call } of [event({ ...silent, Status: status }), v2({ call_status: status })]) {
				assert.deepEqual(
					[type, call.state, call.status, call.outcome, call.reason, call.unansweredBy],
					['terminal', 'ended', status, 'unknown', 'not-stated', null],
				);
			}
		}
	});

	it('is known by its talk or its legs all the same', () => {
		const outcome = (fields: object) => event({ ...silent, ...fields }).call.outcome;
		assert.equal(outcome({ ConversationDuration: 5 }), 'answered');
		assert.equal(outcome({ Status: 'rerouted', ConversationDuration: 5 }), 'answered');
		assert.equal(outcome({ Legs: [{ Status: 'completed' }, { Status: 'no-answer' }] }), 'no-answer');
	});

	it('is unknown for any word that no document names', () => {
		const documented = /^(completed|failed|busy|no-answer|cancell?ed|null|.*_(unanswered|cancell?ed|no_dial))$/i;
		const running = /^(queued|ringing|in-progress)$/i;
		const word = fc
			.stringMatching(/^[a-z][a-z-]{2,12}$/)
			.filter((text) => !documented.test(text) && !running.test(text));
		const property = fc.property(word, (status) => {
			const { outcome, reason } = event({ ...silent, Status: status }).call;
			assert.deepEqual([outcome, reason], ['unknown', 'not-stated']);
		});
		fc.assert(property, runs);
	});
});
