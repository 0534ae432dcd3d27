/** The timeline: only forwards, each thing told once, the same end whatever the order. */
import assert from 'node:assert/strict';
import { emptyTimeline } from '../../../exotel/call/timeline';
import { type Call, type CallEvent } from '../../../exotel';
import { eventFromCall } from '../../../exotel/call/timeline';
import { callFromV1 } from '../../../exotel/call/record-v1';
import { callOf } from '../../../exotel/call/timeline';
import {
	account,
	SID,
	callback,
	legs,
	ringingFrom,
	answeredFrom,
	ringingTo,
	answeredTo,
	terminal,
	bareTerminal,
	sweep,
	passthru,
	play,
	told,
	all,
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
		const empty = {
			outcome: null,
			reason: null,
			unansweredBy: null,
			direction: 'outbound',
			from: null,
			to: null,
			exoPhone: null,
			talkSeconds: null,
			durationSeconds: null,
			createdAt: null,
			startedAt: null,
			endedAt: null,
			updatedAt: null,
			price: null,
			recordingUrl: null,
			recordingUrls: [],
			customField: null,
			digits: null,
			customerName: null,
			callerName: null,
			forwardedFrom: null,
			agent: null,
			answeredBy: null,
			legs: [],
			sid: SID,
			parentSid: null,
			state: 'active',
			status: null,
			directionWord: null,
			flowId: null,
			flowName: null,
			exoPhoneSid: null,
			requestId: null,
			api: 'v1',
		} satisfies Call;
		assert.deepEqual(callOf(emptyTimeline(SID)), empty);
		const columns = (call: Call): string[] => Object.keys(call);
		assert.deepEqual(columns(callOf(emptyTimeline(SID))), columns(empty), 'the columns of a user');
		for (const { call } of [...all, ...play(all).emitted]) assert.deepEqual(columns(call), columns(empty));
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
});
