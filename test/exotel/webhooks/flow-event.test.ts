/** Events that a flow reports: agents, Passthru requests, and the call they name. */
import assert from 'node:assert/strict';
import type { AgentEvent } from '../../../exotel/call/call';
import { advance, emptyTimeline } from '../../../exotel/call/timeline';
import { type CallEvent, ExotelError, type IncomingRequest, readCallEvent } from '../../../exotel';
import { account, RECEIVED, RECEIVED_ISO, event } from './requests';

const get = (query: Record<string, unknown>): IncomingRequest => ({
	method: 'GET',
	headers: {},
	query,
	receivedAt: RECEIVED,
});
const visit = (fields: Record<string, unknown>): CallEvent => readCallEvent(get({ CallSid: 'c1', ...fields }), account);

describe('agent events', () => {
	const agent = { DialWhomNumber: '09812345699', CurrentTime: '2022-02-23 12:32:02', Status: 'busy' };

	const told = (fields: Record<string, unknown>): AgentEvent => {
		const read = visit(fields);
		assert.ok(read.type === 'agent-busy' || read.type === 'agent-free', read.type);
		return read;
	};
	const stated = ({ type, agentStatus, agentStep }: AgentEvent) => [type, agentStatus, agentStep];

	it('are about the agent, who is the second party, and never end the call', () => {
		for (const [word, Status, step] of [
			[' Dial', 'busy', 'dial'],
			['Ringing', 'busy', 'ringing'],
			['Answered', 'busy', 'answered'],
			['Terminal', 'free', 'terminal'],
			['Wrap-Up', 'busy', 'wrap-up'],
		] as const) {
			const read = told({ ...agent, EventType: word, Status });
			assert.deepEqual(stated(read), [`agent-${Status}`, Status, step]);
			assert.deepEqual(
				[read.party, read.at, read.agentNumber, read.call.state, read.call.outcome, read.source],
				['to', '2022-02-23T12:32:02+05:30', '+919812345699', 'active', null, 'agent-passthru'],
			);
		}
	});

	it('without an event type are told by busy and free, with ids of their own', () => {
		const { Status: _status, ...older } = agent;
		const busy = told({ ...older, Status: 'busy' });
		const free = told({ ...older, Status: 'Free' });
		assert.deepEqual(
			[stated(busy), stated(free)],
			[
				['agent-busy', 'busy', null],
				['agent-free', 'free', null],
			],
		);
		assert.notEqual(busy.id, free.id);
		assert.deepEqual(stated(told({ ...agent, EventType: '' })), ['agent-busy', 'busy', null]);
		assert.deepEqual(stated(told({ ...agent, EventType: 'null', Status: 'Free' })), ['agent-free', 'free', null]);
	});

	it('believe the status, and the word where there is none', () => {
		assert.deepEqual(stated(told({ ...agent, EventType: 'Terminal', Status: '' })), [
			'agent-free',
			'free',
			'terminal',
		]);
		assert.deepEqual(stated(told({ ...agent, EventType: 'Answered', Status: 'free' })), [
			'agent-free',
			'free',
			'answered',
		]);
	});

	it('name ExoPhone and direction as seed 000 writes them, and as captures do', () => {
		const exoPhone = '08047115777';
		for (const fields of [
			{ Direction: 'outbound-dial', CallTo: exoPhone, To: exoPhone },
			{ Direction: 'outbound-dial', To: exoPhone },
			{ Direction: 'incoming', CallTo: exoPhone, To: '08047115788' },
		])
			for (const form of [{ EventType: ' Dial' }, {}]) {
				const { call } = told({ ...agent, CallFrom: '09876543291', From: '09876543291', ...fields, ...form });
				assert.deepEqual(
					[call.exoPhone, call.direction, call.from],
					['+918047115777', 'inbound', '+919876543291'],
				);
			}
	});

	it('are no Passthru that happens to say busy', () => {
		for (const field of ['CallType', 'DialCallStatus', 'flow_id'])
			assert.equal(visit({ ...agent, [field]: 'x' }).source, 'passthru', field);
	});

	it('of the contact centre are recognised by their record', () => {
		const cc = (details: object, type = 'dial') =>
			event({ event_details: { event_type: type }, call_details: { call_sid: 'c1', ...details } });
		assert.equal(cc({ current_time: '2022-11-16T00:19:12+05:30' }).source, 'call-event-passthru');
		assert.equal(cc({ from: '09876543210' }).source, 'call-event-passthru');
		assert.equal(cc({ from: '09876543210' }).at, RECEIVED_ISO);
		assert.equal(cc({ from: '09876543210', call_state: 'active' }).source, 'v2-callback');
		assert.equal(cc({ from: '09876543210', state: 'active' }).source, 'v2-callback');
		assert.equal(cc({ current_time: 'x', customer_details: {} }).source, 'v2-callback');
		assert.equal(cc({ call_sid: undefined, sid: 'c9', from: 'sip:a' }).call.sid, 'c9');
		assert.equal(cc({}).source, 'v2-callback');
		assert.equal(cc({ from: '09876543210', status: 'busy' }, 'Answered').type, 'agent-busy');
		assert.deepEqual(
			[cc({ from: '1', status: 'free' }, '').type, cc({ from: '1', status: 'busy' }, '').type],
			['agent-free', 'agent-busy'],
		);
	});

	it('have the same id over both channels’ repetitions and differ by agent', () => {
		const id = visit({ ...agent, EventType: 'Dial' }).id;
		assert.equal(visit({ ...agent, EventType: 'Dial', DialWhomNumber: '+919812345699' }).id, id);
		assert.notEqual(visit({ ...agent, EventType: 'Dial', DialWhomNumber: '09812345600' }).id, id);
		assert.notEqual(visit({ ...agent, EventType: 'Terminal' }).id, id);
		assert.match(visit({ DialWhomNumber: '', EventType: 'Dial' }).id, /:agent-busy:dial:-:-$/);
	});
});

describe('Passthru requests', () => {
	const outcome = (fields: Record<string, unknown>) => {
		const { type, call } = visit(fields);
		return [type, call.outcome, call.unansweredBy, call.status];
	};

	it('tell how the dialled leg ended', () => {
		assert.deepEqual(outcome({ DialCallStatus: 'completed', CallType: 'incomplete' }), [
			'terminal',
			'answered',
			null,
			'completed',
		]);
		assert.deepEqual(outcome({ DialCallStatus: 'Busy', CallType: 'incomplete' }), [
			'terminal',
			'busy',
			'to',
			'Busy',
		]);
		// A second number was busy after a conversation with the first (seed 002, CallType).
		assert.deepEqual(outcome({ DialCallStatus: 'Busy', CallType: 'completed' }), [
			'terminal',
			'answered',
			null,
			'Busy',
		]);
		assert.deepEqual(outcome({ DialCallStatus: 'failed' }), ['terminal', 'failed', 'to', 'failed']);
		assert.deepEqual(outcome({ CallType: 'completed' }), ['terminal', 'answered', null, 'completed']);
		assert.deepEqual(outcome({ CallType: 'client-hangup' }), ['terminal', 'canceled', 'to', 'client-hangup']);
		assert.deepEqual(outcome({ CallType: 'incomplete' }), ['terminal', 'no-answer', 'to', 'incomplete']);
		assert.deepEqual(outcome({ CallType: 'call-attempt' }), ['dial', null, null, null]);
		assert.deepEqual(outcome({ CallType: 'something-new' }), ['dial', null, null, null]);
		assert.deepEqual(outcome({ flow_id: '12', CallStatus: 'in-progress' }), ['dial', null, null, 'in-progress']);
	});

	it('behind a voicemail are an end only when a phone was dialled before it', () => {
		const voicemail = { CallType: 'voicemail', RecordingUrl: 'https://example.com/v.mp3' };
		for (const nobody of [{}, { DialWhomNumber: '' }, { DialWhomNumber: 'null', DialCallStatus: 'null' }])
			assert.deepEqual(outcome({ ...voicemail, ...nobody }), ['dial', null, null, null]);
		const dialled = { ...voicemail, DialWhomNumber: '09812345699' };
		assert.deepEqual(outcome(dialled), ['terminal', 'no-answer', 'to', 'voicemail']);
		assert.deepEqual(outcome({ ...dialled, DialCallStatus: 'busy' }), ['terminal', 'busy', 'to', 'busy']);
		assert.deepEqual(outcome({ ...voicemail, DialCallStatus: 'new' }), ['terminal', 'no-answer', 'to', 'new']);
	});

	it('tell how far the flow came and how long it dialled', () => {
		const spoken = { DialCallStatus: 'completed', DialCallDuration: '10', CallType: 'completed' };
		const read = visit({ ...spoken, DialWhomNumber: '09812345699' });
		assert.ok('previousAttempt' in read);
		assert.deepEqual(
			[read.callType, read.previousAttempt],
			['completed', { dialled: '+919812345699', status: 'completed', durationSeconds: 10 }],
		);
		const first = visit({ CallType: 'call-attempt' });
		assert.ok('previousAttempt' in first);
		assert.deepEqual([first.callType, first.previousAttempt], ['call-attempt', null]);
	});

	it('end the call when the two spoke or the caller hung up; that nobody answered is an end of its own', () => {
		const id = (fields: Record<string, unknown>) => visit({ CurrentTime: '2022-02-23 12:32:02', ...fields }).id;
		const own = /^c1:flow:terminal:[0-9a-f]{12}:2022-02-23T12:32:02\+05:30$/;
		assert.equal(id({ DialCallStatus: 'completed', CallType: 'incomplete' }), 'c1:call:terminal');
		assert.equal(id({ CallType: 'completed' }), 'c1:call:terminal');
		assert.equal(id({ DialCallStatus: 'canceled', CallType: 'Client-Hangup' }), 'c1:call:terminal');
		for (const fields of [
			{ CallType: 'incomplete' },
			{ CallType: 'voicemail', DialWhomNumber: '09812345699' },
			{ DialCallStatus: 'busy', CallType: 'incomplete' },
			{ DialCallStatus: 'canceled' },
		])
			assert.match(id(fields), own);
		assert.match(visit({ CallType: 'incomplete' }).id, /:flow:terminal:[0-9a-f]{12}:-$/);
	});

	it('are not mistaken for by a status callback with more fields than are known', () => {
		const read = (fields: Record<string, unknown>) =>
			visit({
				DateUpdated: '2022-02-23 12:32:02',
				Status: 'completed',
				CallType: 'trans',
				flow_id: '7',
				...fields,
			});
		for (const event of [read({}), read({ EventType: 'terminal' })])
			assert.deepEqual(
				[event.source, event.id, event.call.outcome],
				['v1-callback', 'c1:call:terminal', 'answered'],
			);
	});

	it('add up the talk of the dialled legs', () => {
		const { call } = visit({
			CallType: 'completed',
			Legs: [
				{ OnCallDuration: '10' },
				{ OnCallDuration: '5', Insights: { Status: 'completed', RingingDuration: '4.39' } },
				{ Status: 'x', RingingDuration: 2, AnsweredBy: 'HUMAN' },
				'y',
			],
		});
		assert.equal(call.talkSeconds, 15);
		assert.deepEqual(call.legs, [
			{ party: 'to', status: null, onCallSeconds: 10, ringingSeconds: null, answeredBy: null },
			{ party: 'to', status: 'completed', onCallSeconds: 5, ringingSeconds: 4.39, answeredBy: null },
			{ party: 'to', status: 'x', onCallSeconds: null, ringingSeconds: 2, answeredBy: 'human' },
			{ party: 'to', status: null, onCallSeconds: null, ringingSeconds: null, answeredBy: null },
		]);
		assert.equal(
			visit({ CallType: 'completed', Legs: Array.from({ length: 40 }, () => ({})) }).call.legs.length,
			10,
		);
		assert.equal(visit({ CallType: 'completed' }).call.talkSeconds, null);
	});

	it('know the ExoPhone of both directions', () => {
		const exoPhone = (fields: Record<string, unknown>) =>
			visit({ CallType: 'x', CallFrom: '09876543210', ...fields }).call;
		assert.equal(
			exoPhone({ Direction: 'incoming', CallTo: '08047115777', To: '08047115700' }).exoPhone,
			'+918047115777',
		);
		assert.equal(exoPhone({ Direction: 'incoming', To: '08047115700' }).exoPhone, '+918047115700');
		assert.equal(exoPhone({ Direction: 'outbound-dial', CallTo: '09812345678' }).exoPhone, null);
		assert.equal(
			exoPhone({ Direction: 'outbound-dial', OutgoingPhoneNumber: '08047115777' }).exoPhone,
			'+918047115777',
		);
		assert.deepEqual(
			[exoPhone({ CallTo: '09812345678' }).from, exoPhone({ CallTo: '09812345678' }).to],
			['+919876543210', '+919812345678'],
		);
	});

	it('are recognised by any field only a flow has', () => {
		for (const field of ['CurrentTime', 'CallType', 'flow_id', 'DialWhomNumber', 'DialCallStatus'])
			assert.equal(visit({ [field]: 'x' }).source, 'passthru', field);
		assert.equal(visit({ Status: 'busy' }).source, 'v1-callback');
	});

	it('are told apart by Exotel’s clock while nothing was dialled', () => {
		const id = (CurrentTime: string) => visit({ CallType: 'call-attempt', CurrentTime }).id;
		assert.match(id('2022-02-23 12:32:02'), /^c1:flow:dial:[0-9a-f]{12}:2022-02-23T12:32:02\+05:30$/);
		assert.notEqual(id('2022-02-23 12:32:02'), id('2022-02-23 12:32:03'));
	});

	it('are told apart by what they say within one second or without a clock, and known again when they repeat', () => {
		const busy = { CallType: 'incomplete', DialWhomNumber: '09812345672', DialCallStatus: 'busy' };
		for (const clock of [{ CurrentTime: '2022-02-23 12:32:02' }, {}]) {
			const visits = [
				busy,
				{ ...busy, DialWhomNumber: '09812345671' },
				{ ...busy, DialCallStatus: 'failed' },
				{ CallType: 'call-attempt', digits: '"1"' },
				{ CallType: 'call-attempt', digits: '"2"' },
				{ CallType: 'call-attempt', digits: '"2"', flow_id: '7' },
				{ CallType: 'voicemail' },
			].map((fields) => ({ ...fields, ...clock }));
			const ids = visits.map((fields) => visit(fields).id);
			assert.equal(new Set(ids).size, visits.length);
			assert.deepEqual(
				visits.map((fields) => visit({ ...fields, Created: 'x' }).id),
				ids,
			);
			assert.ok(!ids.some((id) => id.includes('98123456')));
			let timeline = emptyTimeline('c1');
			const passedOn = [...visits, ...visits].flatMap((fields) => {
				const step = advance(timeline, visit(fields));
				timeline = step.timeline;
				return step.emit?.id ?? [];
			});
			const [first, ...rest] = ids;
			assert.deepEqual(passedOn, [first, ...rest.slice(2)], 'an end that is no conversation is told once');
		}
	});
});

describe('a call id', () => {
	const refusal = (fields: object, reason: RegExp): void => {
		assert.throws(
			() => event(fields),
			(error: ExotelError) =>
				error.kind === 'input' && error.httpStatus === 400 && reason.test(error.message) && error.hint !== '',
		);
	};

	it('is demanded of every channel', () => {
		for (const fields of [
			{},
			{ CallSid: '' },
			{ CallSid: 'null' },
			{ Status: 'busy' },
			{ flow_id: 1 },
			{ EventType: 'Dial', DialWhomNumber: '1' },
			{ call_details: {} },
			{ call_details: { from: '1' } },
		])
			refusal(fields, /names no call/);
		refusal({ Call: { Sid: 'c1' } }, /names no call/);
	});

	it('is not an unfilled template and not longer than 64 characters', () => {
		for (const CallSid of ['{{CallSid}}', 'a b', 'x'.repeat(65)]) refusal({ CallSid }, /invalid call SID/);
		assert.equal(event({ CallSid: 'x'.repeat(64) }).call.sid.length, 64);
		assert.equal(event({ CallSid: 'XX-12_ab' }).call.sid, 'XX-12_ab');
	});
});
