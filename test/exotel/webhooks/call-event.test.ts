/**
 * Requests of Exotel become events: every documented sample, the slips of the documents, and what is tolerated beyond.
 */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { type CallEvent, ExotelError, type IncomingRequest, readCallEvent } from '../../../exotel';
import { callFromV1 } from '../../../exotel/call/record-v1';
import { decodeIncoming } from '../../../exotel/webhooks/incoming';
import { account, folder, RECEIVED, RECEIVED_ISO, read, json, event } from './requests';

interface CallbackFixture {
	source: string;
	note: string;
	request: Omit<IncomingRequest, 'receivedAt'>;
	expected: Omit<CallEvent, 'raw'>;
}

describe('documented requests', () => {
	for (const file of readdirSync(folder).filter((name) => name !== 'slips.json')) {
		const fixture = read(file) as CallbackFixture;
		it(`${file.replace('.json', '')} (${fixture.source})`, () => {
			const request = { ...fixture.request, receivedAt: RECEIVED };
			const { raw, ...rest } = readCallEvent(request, account);
			assert.deepEqual(rest, fixture.expected);
			assert.deepEqual(raw, decodeIncoming(request));
		});
	}

	it('the same call in multipart and urlencoded is the same event', () => {
		const [multipart, form] = ['v1-terminal-multipart.json', 'v1-terminal-urlencoded.json'].map((name) =>
			readCallEvent({ ...(read(name) as CallbackFixture).request, receivedAt: RECEIVED }, account),
		);
		assert.deepEqual(multipart, form);
	});

	const slips = read('slips.json') as { source: string; bodies: string[] };
	slips.bodies.forEach((body, index) => {
		it(`slip ${index + 1} of the printed samples is refused, not crashed on (${slips.source})`, () => {
			assert.throws(
				() => readCallEvent({ ...json({}), body }, account),
				(error: ExotelError) =>
					error instanceof ExotelError && error.kind === 'input' && error.httpStatus === 400,
			);
		});
	});
	it('there are five such slips', () => assert.equal(slips.bodies.length, 5));
});

describe('v1 status callbacks', () => {
	const legs = (first: unknown, second: unknown) => ({ Legs: [{ Status: first }, { Status: second }] });

	it('name the leg of an answered event by the legs’ states', () => {
		const party = (fields: object) => event({ CallSid: 'c1', EventType: 'answered', ...fields }).party;
		assert.equal(party(legs('in-progress', null)), 'from');
		assert.equal(party(legs('in-progress', 'null')), 'from');
		assert.equal(party(legs('in-progress', 'in-progress')), 'to');
		assert.equal(party(legs('completed', 'completed')), 'to');
		assert.equal(party(legs('completed', 'no-answer')), 'from');
		assert.equal(party({ Legs: [{ Status: 'in-progress' }] }), 'from');
		assert.equal(party({}), null);
	});

	it('name the leg of a ringing event by the legs’ states', () => {
		const party = (fields: object) => event({ CallSid: 'c1', EventType: 'ringing', ...fields }).party;
		assert.equal(party(legs('in-progress', null)), 'from');
		assert.equal(party(legs('', '')), 'from');
		assert.equal(party(legs('in-progress', 'ringing')), 'to');
		assert.equal(party({}), null);
	});

	it('name no leg at the end', () =>
		assert.equal(event({ CallSid: 'c1', EventType: 'terminal', ...legs('completed', 'completed') }).party, null));

	it('say nothing about the call’s status, end or talk before the end', () => {
		const { call } = event({
			CallSid: 'c1',
			EventType: 'answered',
			Status: 'no-answer',
			ConversationDuration: 32,
			EndTime: '2019-04-08 03:18:36',
			StartTime: '2019-04-08 03:18:00',
		});
		assert.deepEqual(
			[call.status, call.outcome, call.talkSeconds, call.endedAt, call.durationSeconds, call.state],
			[null, null, null, null, null, 'active'],
		);
	});

	it('without an event type are the end, unless they say the call is running', () => {
		assert.equal(event({ CallSid: 'c1', Status: 'busy' }).type, 'terminal');
		assert.equal(event({ CallSid: 'c1' }).type, 'dial', 'nothing says how, or that, it ended');
		for (const Status of ['queued', 'ringing', 'in-progress']) {
			const running = event({ CallSid: 'c1', Status });
			assert.deepEqual([running.type, running.call.state, running.call.status], ['dial', 'active', null]);
		}
	});

	it('have words in any case and with blanks', () => {
		assert.equal(event({ CallSid: 'c1', EventType: ' Terminal ', Status: 'BUSY' }).call.outcome, 'busy');
		assert.equal(event({ CallSid: 'c1', EventType: 'Answered' }).id, 'c1:call:answered:-');
	});

	it('pass on a word nobody knows as the weakest event, with an id of its own', () => {
		const strange = event({ CallSid: 'c1', EventType: 'Teleported' });
		assert.deepEqual([strange.type, strange.id, strange.call.state], ['dial', 'c1:call:teleported:-', 'active']);
	});

	it('give out a word nobody knows, and claim no phone for it', () => {
		const bothLegs = { Legs: [{ Status: 'in-progress' }, { Status: 'in-progress' }] };
		const of = (fields: object) => event({ CallSid: 'c1', ...bothLegs, ...fields });
		const told = (read: CallEvent) => [read.type, read.party, 'step' in read ? read.step : '-'];
		assert.deepEqual(told(of({ EventType: ' Teleported' })), ['dial', null, 'teleported']);
		const v2 = event({
			event_details: { event_type: 'Teleported' },
			call_details: { call_sid: 'c1', call_state: 'active', customer_details: { contact_uri: '09812345678' } },
		});
		assert.deepEqual(told(v2), ['dial', null, 'teleported']);
		assert.deepEqual(told(of({ EventType: 'ringing' })), ['ringing', 'to', '-']);
		assert.deepEqual(told(of({ Status: 'in-progress' })), ['dial', null, '-'], 'without a word');
		const later = of({ EventType: 'teleported', Legs: [{ Status: 'in-progress' }, {}] });
		assert.notEqual(later.id, of({ EventType: 'teleported' }).id);
	});

	it('give back a reference of the user as it was written', () => {
		const reference = ({ call }: CallEvent) => call.customField;
		for (const [written, expected] of [
			['  order 1 ', '  order 1 '],
			['null', 'null'],
			['', null],
			[null, null],
			[1042, '1042'],
		]) {
			const label = JSON.stringify(written);
			const status = { CallSid: 'c1', Status: 'busy', CustomField: written };
			assert.equal(reference(event(status)), expected, label);
			assert.equal(
				reference(event({ CallSid: 'c1', CallType: 'incomplete', CustomField: written })),
				expected,
				label,
			);
			const details = { call_sid: 'c1', call_state: 'terminal', call_status: 'completed', custom_field: written };
			assert.equal(reference(event({ call_details: details })), expected, label);
			assert.equal(callFromV1({ Sid: 'c1', CustomField: written }, account).customField, expected, label);
		}
	});

	it('happen when Exotel says, else when they end, else when updated, else when received', () => {
		const stamps = {
			EventTime: '2019-04-08 03:18:37',
			EndTime: '2019-04-08 03:18:36',
			DateUpdated: '2019-04-08 03:18:35',
		};
		const at = (...drop: (keyof typeof stamps)[]) =>
			event({
				CallSid: 'c1',
				EventType: 'terminal',
				Status: 'completed',
				...stamps,
				...Object.fromEntries(drop.map((name) => [name, null])),
			}).at;
		assert.equal(at(), '2019-04-08T03:18:37+05:30');
		assert.equal(at('EventTime'), '2019-04-08T03:18:36+05:30');
		assert.equal(at('EventTime', 'EndTime'), '2019-04-08T03:18:35+05:30');
		assert.equal(at('EventTime', 'EndTime', 'DateUpdated'), RECEIVED_ISO);
	});

	it('read the price and repair numbers', () => {
		const { call } = event({
			CallSid: 'c1',
			EventType: 'terminal',
			Price: '0.75',
			From: ' 919876543210',
			To: 'sip:agent1',
			PhoneNumberSid: '08047115777',
		});
		assert.deepEqual(
			[call.price, call.from, call.to, call.exoPhone],
			[0.75, '+919876543210', 'sip:agent1', '+918047115777'],
		);
	});

	it('read direction and custom field', () => {
		const { call } = event({
			CallSid: 'c1',
			EventType: 'terminal',
			Direction: 'inbound',
			CustomField: ' order 7 ',
		});
		assert.deepEqual([call.direction, call.customField], ['inbound', ' order 7 ']);
	});

	it('read legs that are keyed, damaged or too many', () => {
		assert.deepEqual(
			event({ CallSid: 'c1', Legs: { 0: { Status: 'completed' }, 1: { Status: 'busy' } } }).call.legs.map(
				(leg) => leg.status,
			),
			['completed', 'busy'],
		);
		assert.deepEqual(
			event({ CallSid: 'c1', Legs: ['x', null, 7] }).call.legs,
			['from', 'to', 'to'].map((party) => ({
				party,
				status: null,
				onCallSeconds: null,
				ringingSeconds: null,
				answeredBy: null,
			})),
		);
		assert.equal(event({ CallSid: 'c1', Legs: Array.from({ length: 40 }, () => ({})) }).call.legs.length, 10);
		assert.deepEqual(event({ CallSid: 'c1', Legs: 'none' }).call.legs, []);
	});
});

describe('v2 status callbacks', () => {
	const v2 = (type: string | undefined, details: object): CallEvent =>
		event({
			event_details: { event_type: type },
			call_details: { call_sid: 'c2', direction: 'outbound', call_state: 'active', ...details },
		});

	it('end the call even if its record still says active', () => {
		const { call, type, id } = v2('terminal', {
			call_status: 'customer_unanswered',
			end_time: '2021-06-30T02:43:32+05:30',
		});
		assert.deepEqual(
			[type, id, call.state, call.outcome, call.status],
			['terminal', 'c2:call:terminal', 'ended', 'no-answer', 'customer_unanswered'],
		);
	});

	it('know the agent of a call that came in, also when the record is behind', () => {
		for (const call_state of ['active', 'terminal', null]) {
			const { call } = v2('terminal', {
				direction: 'inbound',
				call_state,
				call_status: 'agent_unanswered',
				customer_details: { status: 'completed' },
				assigned_agent_details: { status: 'busy' },
			});
			assert.deepEqual(
				[call.state, call.outcome, call.unansweredBy],
				['ended', 'busy', 'to'],
				String(call_state),
			);
		}
	});

	it('end the call although the record lacks its state and the customer', () => {
		const bare = (details: object) =>
			event({
				event_details: { event_type: 'terminal' },
				call_details: { call_sid: 'c2', direction: 'outbound', from: '09812345600', ...details },
			});
		for (const details of [
			{ to: '09812345678', call_status: 'completed', total_talk_time: 30 },
			{ call_status: 'completed' },
			{ status: 'free', call_status: 'completed' },
			{ total_talk_time: 30 },
			{ current_time: '2021-06-30T02:43:32+05:30', status: 'completed' },
		]) {
			const { type, id, source, call } = bare(details);
			assert.deepEqual(
				[type, id, source, call.state, call.outcome],
				['terminal', 'c2:call:terminal', 'v2-callback', 'ended', 'answered'],
				JSON.stringify(details),
			);
		}
		for (const status of ['free', 'FREE', ' free ', undefined, null, ''])
			assert.equal(bare({ status }).type, 'agent-free', String(status));
		assert.equal(bare({ status: 'busy' }).type, 'agent-busy');
	});

	it('leave the call running before that, whatever the record says', () => {
		const { call } = v2('answered', {
			call_state: 'terminal',
			call_status: 'completed',
			total_talk_time: 5,
			start_time: '2021-06-30T02:43:19+05:30',
			end_time: '2021-06-30T02:43:32+05:30',
		});
		assert.deepEqual(
			[
				call.state,
				call.status,
				call.outcome,
				call.unansweredBy,
				call.talkSeconds,
				call.endedAt,
				call.durationSeconds,
			],
			['active', null, null, null, null, null, null],
		);
	});

	it('are told by their state when they name no event', () => {
		assert.equal(v2(undefined, { call_state: 'terminal', call_status: 'completed' }).type, 'terminal');
		assert.equal(v2(undefined, { customer_details: null }).type, 'dial');
	});

	it('know v3’s key for the call and any word', () => {
		assert.equal(
			event({
				event_details: { event_type: 'Terminal' },
				call_details: { sid: 'c3', state: 'terminal', status: 'to_leg_unanswered' },
			}).call.unansweredBy,
			'to',
		);
		assert.equal(v2('paused', {}).id, 'c2:call:paused:-');
	});

	it('happen when the record was updated, else when received', () => {
		assert.equal(v2('answered', { updated_time: '2021-06-30T02:43:24+05:30' }).at, '2021-06-30T02:43:24+05:30');
		assert.equal(v2('answered', {}).at, RECEIVED_ISO);
	});
});
