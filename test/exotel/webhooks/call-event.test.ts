/**
 * Requests of Exotel become events: every documented sample, the slips of the documents, and what is tolerated beyond.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Account, type CallEvent, ExotelError, type IncomingRequest, readCallEvent } from '../../../exotel';
import { decodeIncoming } from '../../../exotel/webhooks/incoming';

const account: Account = { region: 'singapore', sid: 'acme1', timeZone: 'Asia/Kolkata', defaultCountry: 'IN' };
const folder = join(__dirname, '../../fixtures/exotel/callbacks');
const RECEIVED = 1_554_682_715_000;
const RECEIVED_ISO = '2019-04-08T05:48:35+05:30';

interface CallbackFixture {
	source: string;
	note: string;
	request: Omit<IncomingRequest, 'receivedAt'>;
	expected: Omit<CallEvent, 'raw'>;
}

const read = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'));
const json = (fields: object): IncomingRequest => ({
	method: 'POST',
	headers: { 'content-type': 'application/json' },
	body: JSON.stringify(fields),
	receivedAt: RECEIVED,
});
const get = (query: Record<string, unknown>): IncomingRequest => ({
	method: 'GET',
	headers: {},
	query,
	receivedAt: RECEIVED,
});
const event = (fields: object): CallEvent => readCallEvent(json(fields), account);
const visit = (fields: Record<string, unknown>): CallEvent => readCallEvent(get({ CallSid: 'c1', ...fields }), account);

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
		assert.deepEqual([call.direction, call.customField], ['inbound', 'order 7']);
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

describe('agent events', () => {
	const agent = { DialWhomNumber: '09812345699', CurrentTime: '2022-02-23 12:32:02', Status: 'busy' };

	it('have blanks in their words', () => assert.equal(visit({ ...agent, EventType: ' Dial' }).type, 'dial'));

	it('are about the agent, who is the second party, and never end the call', () => {
		for (const [word, type, party] of [
			['Ringing', 'ringing', 'to'],
			['Answered', 'answered', 'to'],
			['Terminal', 'terminal', null],
		] as const) {
			const told = visit({ ...agent, EventType: word });
			assert.deepEqual(
				[told.type, told.party, told.call.state, told.call.outcome, told.source],
				[type, party, 'active', null, 'agent-passthru'],
			);
		}
	});

	it('without an event type are told by busy and free', () => {
		assert.equal(visit({ ...agent, EventType: '' }).type, 'dial');
		assert.equal(visit({ ...agent, EventType: 'null', Status: 'Free' }).type, 'terminal');
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
		assert.equal(cc({ from: '09876543210', status: 'busy' }, 'Answered').type, 'answered');
		assert.deepEqual(
			[cc({ from: '1', status: 'free' }, '').type, cc({ from: '1', status: 'busy' }, '').type],
			['terminal', 'dial'],
		);
	});

	it('have the same id over both channels’ repetitions and differ by agent', () => {
		const id = visit({ ...agent, EventType: 'Dial' }).id;
		assert.equal(visit({ ...agent, EventType: 'Dial', DialWhomNumber: '+919812345699' }).id, id);
		assert.notEqual(visit({ ...agent, EventType: 'Dial', DialWhomNumber: '09812345600' }).id, id);
		assert.notEqual(visit({ ...agent, EventType: 'Terminal' }).id, id);
		assert.match(visit({ DialWhomNumber: '', EventType: 'Dial' }).id, /:agent:dial:-:-$/);
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
		assert.deepEqual(outcome({ DialCallStatus: 'Busy', CallType: 'completed' }), [
			'terminal',
			'busy',
			'to',
			'Busy',
		]);
		assert.deepEqual(outcome({ DialCallStatus: 'failed' }), ['terminal', 'failed', 'to', 'failed']);
		assert.deepEqual(outcome({ CallType: 'completed' }), ['terminal', 'answered', null, 'completed']);
		assert.deepEqual(outcome({ CallType: 'client-hangup' }), ['terminal', 'canceled', 'to', 'client-hangup']);
		assert.deepEqual(outcome({ CallType: 'incomplete' }), ['terminal', 'no-answer', 'to', 'incomplete']);
		assert.deepEqual(outcome({ CallType: 'voicemail' }), ['terminal', 'no-answer', 'to', 'voicemail']);
		assert.deepEqual(outcome({ CallType: 'call-attempt' }), ['dial', null, null, null]);
		assert.deepEqual(outcome({ CallType: 'something-new' }), ['dial', null, null, null]);
		assert.deepEqual(outcome({ flow_id: '12', CallStatus: 'in-progress' }), ['dial', null, null, 'in-progress']);
	});

	it('end the call when the two spoke or the caller hung up; that nobody answered is an end of its own', () => {
		const id = (fields: Record<string, unknown>) => visit({ CurrentTime: '2022-02-23 12:32:02', ...fields }).id;
		const own = 'c1:flow:terminal:2022-02-23T12:32:02+05:30';
		assert.equal(id({ DialCallStatus: 'completed', CallType: 'incomplete' }), 'c1:call:terminal');
		assert.equal(id({ CallType: 'completed' }), 'c1:call:terminal');
		assert.equal(id({ DialCallStatus: 'canceled', CallType: 'Client-Hangup' }), 'c1:call:terminal');
		for (const fields of [
			{ CallType: 'incomplete' },
			{ CallType: 'voicemail' },
			{ DialCallStatus: 'busy', CallType: 'incomplete' },
			{ DialCallStatus: 'canceled' },
		])
			assert.equal(id(fields), own);
		assert.match(visit({ CallType: 'incomplete' }).id, /:flow:terminal:-$/);
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
		assert.equal(id('2022-02-23 12:32:02'), 'c1:flow:dial:2022-02-23T12:32:02+05:30');
		assert.notEqual(id('2022-02-23 12:32:02'), id('2022-02-23 12:32:03'));
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
