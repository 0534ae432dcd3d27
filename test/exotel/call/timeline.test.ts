/** The timeline: only forwards, each thing told once, the same end whatever the order. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import {
	advance,
	emptyTimeline,
	eventFromCall,
	ExotelError,
	type Call,
	type CallEvent,
	type Timeline,
} from '../../../exotel';
import { callFromV1 } from '../../../exotel/call/record-v1';
import { callOf } from '../../../exotel/call/timeline';
import { agentEventId, callEventId, flowEventId, terminalEventId } from '../../../exotel/call/event-id';
import { propertyRuns as numRuns } from '../samples';
import {
	account,
	SID,
	callback,
	flow,
	legs,
	ringingFrom,
	answeredFrom,
	ringingTo,
	answeredTo,
	terminal,
	bareTerminal,
	record,
	sweep,
	agent,
	agentA,
	agentB,
	agentAFree,
	visit,
	passthru,
	all,
	play,
	told,
} from './events-of-a-call';

describe('a timeline', () => {
	it('passes on every event of a call in order, the call known so far in each', () => {
		const { emitted, ended } = play([ringingFrom, answeredFrom, ringingTo, answeredTo, terminal]);
		assert.deepEqual(told(emitted), ['ringing from', 'answered from', 'ringing to', 'answered to', 'terminal']);
		assert.deepEqual(
			emitted.map((event) => event.call.state),
			['active', 'active', 'active', 'active', 'ended'],
		);
		assert.equal(ended, true);
		assert.equal(emitted[4]?.raw, terminal.raw);
	});

	it('starts empty', () => {
		assert.deepEqual(emptyTimeline(SID), {
			sid: SID,
			position: -1,
			ended: false,
			seen: [],
			known: {},
			priorities: {},
		});
		assert.deepEqual(callOf(emptyTimeline(SID)), {
			sid: SID,
			api: 'v1',
			direction: 'outbound',
			state: 'active',
			status: null,
			outcome: null,
			reason: null,
			unansweredBy: null,
			from: null,
			to: null,
			exoPhone: null,
			createdAt: null,
			startedAt: null,
			endedAt: null,
			updatedAt: null,
			durationSeconds: null,
			talkSeconds: null,
			price: null,
			recordingUrl: null,
			customField: null,
			legs: [],
			agent: null,
		} satisfies Call);
	});

	it('passes on each event once', () => {
		assert.deepEqual(told(play([ringingFrom, ringingFrom, terminal, terminal, ringingFrom]).emitted), [
			'ringing from',
			'terminal',
		]);
	});

	it('absorbs what the call has overtaken', () => {
		assert.deepEqual(told(play([answeredTo, ringingTo, answeredFrom, ringingFrom]).emitted), ['answered to']);
		assert.deepEqual(told(play([answeredFrom, ringingFrom]).emitted), ['answered from']);
		assert.deepEqual(told(play([ringingTo, answeredFrom]).emitted), ['ringing to']);
		assert.deepEqual(told(play([terminal, answeredTo, answeredFrom]).emitted), ['terminal']);
	});

	it('fills blanks from an answered event that comes after the end, and changes nothing else', () => {
		const { emitted, timeline } = play([
			bareTerminal,
			callback({
				EventType: 'answered',
				Status: 'no-answer',
				DateCreated: '2019-04-08 03:17:59',
				DateUpdated: '2019-04-08 03:18:10',
				Legs: legs('in-progress', 'in-progress'),
			}),
		]);
		assert.deepEqual(told(emitted), ['terminal']);
		const call = callOf(timeline);
		assert.deepEqual(
			[call.state, call.status, call.outcome, call.createdAt, call.updatedAt],
			['ended', 'completed', 'answered', '2019-04-08T03:17:59+05:30', '2019-04-08T03:18:35+05:30'],
		);
		assert.deepEqual(
			call.legs.map((leg) => leg.status),
			[null, null],
			'how the legs ended is not known',
		);
	});

	it('ends once, by callback or by asking', () => {
		for (const order of [
			[terminal, sweep],
			[sweep, terminal],
			[bareTerminal, sweep, terminal],
			[passthru, sweep],
		])
			assert.deepEqual(told(play(order).emitted), ['terminal']);
	});

	it('gathers what several sources know of the end', () => {
		const call = callOf(play([answeredTo, terminal, sweep]).timeline);
		assert.deepEqual(
			[call.price, call.durationSeconds, call.recordingUrl, call.customField, call.updatedAt, call.talkSeconds],
			[0.75, 37, 'https://recordings.example.com/a.mp3', 'order 7', '2019-04-08T03:20:35+05:30', 26],
		);
		assert.deepEqual(call.legs, [
			{ party: 'from', status: 'completed', onCallSeconds: 31, ringingSeconds: 4, answeredBy: 'human' },
			{ party: 'to', status: 'completed', onCallSeconds: 26, ringingSeconds: 3, answeredBy: null },
		]);
	});

	it('never overwrites a recording with a blank, whatever comes first', () => {
		for (const order of [
			[terminal, bareTerminal],
			[bareTerminal, terminal],
		])
			assert.equal(callOf(play(order).timeline).recordingUrl, 'https://recordings.example.com/a.mp3');
	});

	it('believes what Exotel answers more than what it told in passing', () => {
		const told = callback({ EventType: 'terminal', Status: 'failed', DateUpdated: '2019-04-08 03:18:35' });
		const asked = eventFromCall(
			callFromV1(
				{ Sid: SID, Status: 'failed', Details: { Leg1Status: 'completed', Leg2Status: 'canceled' } },
				account,
			),
			null,
			'2019-04-08T03:18:00+05:30',
		) as CallEvent;
		for (const order of [
			[told, asked],
			[asked, told],
		]) {
			const call = callOf(play(order).timeline);
			assert.deepEqual([call.status, call.outcome, call.unansweredBy], ['failed', 'canceled', 'to']);
		}
	});

	it('believes the later of two tellings of the same source', () => {
		const early = callback({
			EventType: 'terminal',
			Status: 'completed',
			DateUpdated: '2019-04-08 03:18:35',
			ConversationDuration: 20,
		});
		const late = callback({
			EventType: 'terminal',
			Status: 'completed',
			DateUpdated: '2019-04-08 03:18:45',
			ConversationDuration: 10,
		});
		for (const order of [
			[early, late],
			[late, early],
		])
			assert.equal(callOf(play(order).timeline).talkSeconds, 10);
	});

	it('takes the same of two equally good tellings, whatever comes first', () => {
		const one = callback({
			EventType: 'terminal',
			Status: 'completed',
			DateUpdated: '2019-04-08 03:18:35',
			ConversationDuration: 20,
		});
		const other = callback({
			EventType: 'terminal',
			Status: 'completed',
			DateUpdated: '2019-04-08 03:18:35',
			ConversationDuration: 30,
		});
		for (const order of [
			[one, other],
			[other, one],
		])
			assert.equal(callOf(play(order).timeline).talkSeconds, 30);
	});

	it(
		'believes the end more than the middle, the later step more, and goes by the event’s time ' +
			'where the call has none',
		() => {
			const exoPhone = (...events: CallEvent[]) =>
				[events, [...events].reverse()].map((order) => callOf(play(order).timeline).exoPhone);
			const step = (type: string, second: string | null, fields: object) =>
				callback({ EventType: type, Legs: legs('in-progress', second), ...fields });
			const ringing = step('ringing', null, {
				DateUpdated: '2019-04-08 03:18:09',
				PhoneNumberSid: '08047115701',
			});
			const answered = step('answered', 'in-progress', {
				DateUpdated: '2019-04-08 03:18:00',
				PhoneNumberSid: '08047115702',
			});
			assert.deepEqual(exoPhone(ringing, answered), ['+918047115702', '+918047115702']);
			assert.deepEqual(exoPhone(answered, passthru), ['+918047115777', '+918047115777']);
			const ended = (EventTime: string, PhoneNumberSid: string) =>
				callback({ EventType: 'terminal', Status: 'completed', EventTime, PhoneNumberSid });
			assert.deepEqual(
				exoPhone(ended('2019-04-08 03:18:40', '08047115701'), ended('2019-04-08 03:18:30', '08047115702')),
				['+918047115701', '+918047115701'],
			);
			assert.deepEqual(
				exoPhone(
					{
						...terminal,
						at: 'never',
						call: { ...terminal.call, updatedAt: null, exoPhone: '+918047115701' },
					},
					ended('2019-04-08 03:18:30', '08047115702'),
				),
				['+918047115702', '+918047115702'],
			);
		},
	);

	it('knows of a call what its only event says', () => {
		const folder = join(__dirname, '../../fixtures/exotel/callbacks');
		for (const file of readdirSync(folder).filter((name) => name !== 'slips.json')) {
			const { expected } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { expected: CallEvent };
			assert.deepEqual(callOf(advance(emptyTimeline(expected.call.sid), expected).timeline), expected.call, file);
		}
		const two = flow({
			CallType: 'completed',
			Legs: [{ OnCallDuration: '1' }, { OnCallDuration: '2' }] as unknown as string,
		});
		assert.deepEqual(
			callOf(play([two]).timeline).legs.map((leg) => leg.onCallSeconds),
			[1, 2],
		);
	});

	it('says nothing of the status before the end', () => {
		assert.equal(
			callOf(play([flow({ CallType: 'call-attempt', CallStatus: 'in-progress' })]).timeline).status,
			null,
		);
	});

	it('keeps agents and visits out of the order of the legs', () => {
		assert.deepEqual(
			told(play([agentAFree, agent('Answered', '09812345600', '2019-04-08 03:18:05'), ringingFrom]).emitted),
			['terminal', 'answered to', 'ringing from'],
		);
		assert.deepEqual(told(play([{ ...agentAFree, source: 'call-event-passthru' }, ringingFrom]).emitted), [
			'terminal',
			'ringing from',
		]);
		assert.deepEqual(told(play([visit, ringingFrom]).emitted), ['dial', 'ringing from']);
		assert.deepEqual(
			told(play([callback({ EventType: 'answered' }), answeredFrom]).emitted),
			['answered', 'answered from'],
			'the same place in the order',
		);
	});

	it('follows each agent by itself, also when one becomes free after the end', () => {
		const { emitted, ended } = play([agentA, agentB, agentA, answeredTo, agentB]);
		assert.deepEqual(told(emitted), ['dial to', 'dial to', 'answered to']);
		assert.equal(ended, false);
		assert.deepEqual(told(play([terminal, agentA, agentAFree, agentAFree]).emitted), ['terminal', 'terminal']);
		assert.deepEqual(
			play([terminal, agentAFree]).emitted.map(({ call }) => [call.state, call.outcome]),
			[
				['ended', 'answered'],
				['ended', 'answered'],
			],
		);
		assert.equal(play([agentAFree]).ended, false, 'an agent’s terminal is not the end of the call');
	});

	it('tells two attempts to reach the same agent apart', () => {
		const again = agent('Dial', '09812345699', '2019-04-08 03:19:01');
		assert.deepEqual(told(play([agentA, again, agentA]).emitted), ['dial to', 'dial to']);
	});

	it('passes on visits of the flow until the call has ended', () => {
		const later = flow({ CallType: 'call-attempt', CurrentTime: '2019-04-08 03:18:20' });
		assert.deepEqual(told(play([visit, answeredTo, later, visit, terminal]).emitted), [
			'dial',
			'answered to',
			'dial',
			'terminal',
		]);
		assert.deepEqual(told(play([terminal, visit]).emitted), ['terminal']);
	});

	it('passes on a word nobody knows without moving the call', () => {
		const strange = callback({
			EventType: 'teleported',
			DateUpdated: '2019-04-08 03:18:07',
			Legs: legs('in-progress', null),
		});
		const { emitted } = play([ringingTo, strange, answeredTo]);
		assert.deepEqual(told(emitted), ['ringing to', 'dial from', 'answered to']);
		assert.equal(emitted[1]?.id, `${SID}:call:teleported:from`);
	});

	it('refuses another call’s event', () => {
		assert.throws(
			() => advance(emptyTimeline('other'), terminal),
			(error: ExotelError) => error.kind === 'input' && /another call/.test(error.message),
		);
	});

	it('is plain JSON of bounded size', () => {
		const events = Array.from({ length: 150 }, (_, index) =>
			agent(
				'Dial',
				'09812345699',
				'2019-04-08 ' +
					`${String(Math.floor(index / 60)).padStart(2, '0')}:${String(index % 60).padStart(2, '0')}:00`,
			),
		);
		const { timeline } = play(events);
		assert.equal(timeline.seen.length, 100);
		assert.deepEqual(JSON.parse(JSON.stringify(timeline)), timeline);
		const plain = play([ringingFrom, answeredFrom, ringingTo, answeredTo, terminal, sweep]).timeline;
		assert.deepEqual(play([]).timeline, emptyTimeline(SID));
		assert.ok(JSON.stringify(plain).length < 3_000);
	});

	it('survives storage between any two events', () => {
		let timeline = emptyTimeline(SID);
		for (const event of all) timeline = advance(JSON.parse(JSON.stringify(timeline)) as Timeline, event).timeline;
		assert.deepEqual(timeline, play(all).timeline);
	});

	it('ends the same after any order and repetition of the same events', () => {
		const expected = play(all).timeline;
		const orders = fc
			.shuffledSubarray([...all, ...all, ...all], { minLength: all.length })
			.map((events) => [...events, ...all.filter((event) => !events.includes(event))]);
		fc.assert(
			fc.property(orders, (order) => {
				const { timeline, emitted } = play(order);
				assert.deepEqual(timeline, expected);
				assert.equal(emitted.filter((event) => event.id === terminalEventId(SID)).length, 1);
				assert.equal(new Set(emitted.map((event) => event.id)).size, emitted.length);
			}),
			{ numRuns },
		);
	});
});

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
	it('have their documented forms', () => {
		assert.equal(terminalEventId('s'), 's:call:terminal');
		assert.equal(callEventId('s', 'answered', 'to'), 's:call:answered:to');
		assert.equal(callEventId('s', 'ringing', null), 's:call:ringing:-');
		assert.equal(flowEventId('s', 'dial', 't'), 's:flow:dial:t');
		assert.match(agentEventId('s', 'dial', '+919812345699', 't'), /^s:agent:dial:[0-9a-f]{12}:t$/);
		assert.equal(agentEventId('s', 'dial', null, 't'), 's:agent:dial:-:t');
	});

	it('tell agents apart without showing their numbers', () => {
		const id = agentEventId('s', 'dial', '+919812345699', 't');
		assert.notEqual(id, agentEventId('s', 'dial', '+919812345600', 't'));
		assert.notEqual(id, agentEventId('s2', 'dial', '+919812345699', 't').replace('s2', 's'));
		assert.ok(!id.includes('9812345699'));
	});
});
