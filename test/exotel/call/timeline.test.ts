/** The timeline: only forwards, each thing told once, the same end whatever the order. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { advance, type Account, type Call, type CallEvent, callFromV1, callOf, emptyTimeline, eventFromCall, ExotelError, readCallEvent, type Timeline } from '../../../exotel';
import { agentId, endId, flowId, stepId } from '../../../exotel/call/event-id';
import { propertyRuns as numRuns } from '../samples';

const account: Account = { region: 'singapore', sid: 'acme1', timeZone: 'Asia/Kolkata', defaultCountry: 'IN' };
const SID = '492205107c5fb48f4ac25d1f77759339';

const callback = (fields: object): CallEvent =>
	readCallEvent({ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ CallSid: SID, From: '09413740000', To: '+918867990000', Direction: 'outbound-api', ...fields }), receivedAt: 1_554_682_715_000 }, account);
const flow = (fields: Record<string, string>): CallEvent => readCallEvent({ method: 'GET', headers: {}, query: { CallSid: SID, Direction: 'incoming', From: '09413740000', To: '08047115777', ...fields }, receivedAt: 1_554_682_715_000 }, account);

const legs = (first: string | null, second: string | null) => [{ Status: first }, { Status: second }];
const ringingFrom = callback({ EventType: 'ringing', DateUpdated: '2019-04-08 03:18:00', Legs: legs('in-progress', null) });
const answeredFrom = callback({ EventType: 'answered', DateUpdated: '2019-04-08 03:18:05', Legs: legs('in-progress', null) });
const ringingTo = callback({ EventType: 'ringing', DateUpdated: '2019-04-08 03:18:06', Legs: legs('in-progress', 'in-progress') });
const answeredTo = callback({ EventType: 'answered', DateUpdated: '2019-04-08 03:18:10', Legs: legs('in-progress', 'in-progress') });
const terminal = callback({
	EventType: 'terminal',
	Status: 'completed',
	DateUpdated: '2019-04-08 03:18:35',
	EndTime: '2019-04-08 03:18:36',
	ConversationDuration: 26,
	RecordingUrl: 'https://recordings.example.com/a.mp3',
	CustomField: 'order 7',
	Legs: [
		{ OnCallDuration: 31, Status: 'completed', RingingDuration: 4, AnsweredBy: 'HUMAN' },
		{ OnCallDuration: 26, Status: 'completed', RingingDuration: 3 },
	],
});
const bareTerminal = callback({ EventType: 'terminal', Status: 'completed', DateUpdated: '2019-04-08 03:18:35', RecordingUrl: '' });
const record = callFromV1({ Sid: SID, Status: 'completed', Price: '0.75', Duration: 37, DateUpdated: '2019-04-08 03:20:35', Details: { Leg1Status: 'completed', Leg2Status: 'completed', ConversationDuration: 26 } }, account);
const sweep = eventFromCall(record, { Call: {} }, '2019-04-08T03:30:00+05:30') as CallEvent;
const agent = (type: string, contact: string, at: string): CallEvent => flow({ EventType: type, DialWhomNumber: contact, CurrentTime: at, Status: type === 'Terminal' ? 'free' : 'busy' });
const agentA = agent('Dial', '09812345699', '2019-04-08 03:18:01');
const agentB = agent('Dial', '09812345600', '2019-04-08 03:18:01');
const agentAFree = agent('Terminal', '09812345699', '2019-04-08 03:18:40');
const visit = flow({ CallType: 'call-attempt', CurrentTime: '2019-04-08 03:17:59' });
const passthru = flow({ CallType: 'completed', DialCallStatus: 'completed', DialWhomNumber: '09812345699', CurrentTime: '2019-04-08 03:18:37' });
const all = [ringingFrom, answeredFrom, ringingTo, answeredTo, terminal, bareTerminal, sweep, agentA, agentB, agentAFree, visit, passthru];

/** Plays events; returns what was passed on and where the timeline ends. */
function play(events: readonly CallEvent[]): { emitted: CallEvent[]; timeline: Timeline; ended: boolean } {
	let timeline = emptyTimeline(SID);
	let ended = false;
	const emitted: CallEvent[] = [];
	for (const event of events) {
		const before = structuredClone(timeline);
		const step = advance(timeline, event);
		assert.deepEqual(timeline, before, 'the timeline handed in stays as it was');
		timeline = step.timeline;
		ended = step.ended;
		if (step.emit !== null) emitted.push(step.emit);
	}
	return { emitted, timeline, ended };
}

const told = (events: readonly CallEvent[]): string[] => events.map((event) => `${event.type}${event.party === null ? '' : ` ${event.party}`}`);

describe('a timeline', () => {
	it('passes on every event of a call in order, the call known so far in each', () => {
		const { emitted, ended } = play([ringingFrom, answeredFrom, ringingTo, answeredTo, terminal]);
		assert.deepEqual(told(emitted), ['ringing from', 'answered from', 'ringing to', 'answered to', 'terminal']);
		assert.deepEqual(emitted.map((event) => event.call.state), ['active', 'active', 'active', 'active', 'ended']);
		assert.equal(ended, true);
		assert.equal(emitted[4]?.raw, terminal.raw);
	});

	it('starts empty', () => {
		assert.deepEqual(emptyTimeline(SID), { sid: SID, position: -1, ended: false, seen: [], known: {}, worth: {} });
		assert.deepEqual(callOf(emptyTimeline(SID)), {
			sid: SID, api: 'v1', direction: 'outbound', state: 'active', status: null, outcome: null, unansweredBy: null, from: null, to: null, exoPhone: null,
			createdAt: null, startedAt: null, endedAt: null, updatedAt: null, durationSeconds: null, talkSeconds: null, price: null, recordingUrl: null, customField: null, legs: [], agent: null,
		} satisfies Call);
	});

	it('passes on each event once', () => {
		assert.deepEqual(told(play([ringingFrom, ringingFrom, terminal, terminal, ringingFrom]).emitted), ['ringing from', 'terminal']);
	});

	it('absorbs what the call has overtaken', () => {
		assert.deepEqual(told(play([answeredTo, ringingTo, answeredFrom, ringingFrom]).emitted), ['answered to']);
		assert.deepEqual(told(play([answeredFrom, ringingFrom]).emitted), ['answered from']);
		assert.deepEqual(told(play([ringingTo, answeredFrom]).emitted), ['ringing to']);
		assert.deepEqual(told(play([terminal, answeredTo, answeredFrom]).emitted), ['terminal']);
	});

	it('fills blanks from an answered event that comes after the end, and changes nothing else', () => {
		const { emitted, timeline } = play([bareTerminal, callback({ EventType: 'answered', Status: 'no-answer', DateCreated: '2019-04-08 03:17:59', DateUpdated: '2019-04-08 03:18:10', Legs: legs('in-progress', 'in-progress') })]);
		assert.deepEqual(told(emitted), ['terminal']);
		const call = callOf(timeline);
		assert.deepEqual([call.state, call.status, call.outcome, call.createdAt, call.updatedAt], ['ended', 'completed', 'answered', '2019-04-08T03:17:59+05:30', '2019-04-08T03:18:35+05:30']);
		assert.deepEqual(call.legs.map((leg) => leg.status), [null, null], 'how the legs ended is not known');
	});

	it('ends once, by callback or by asking', () => {
		for (const order of [[terminal, sweep], [sweep, terminal], [bareTerminal, sweep, terminal], [passthru, sweep]]) assert.deepEqual(told(play(order).emitted), ['terminal']);
	});

	describe('whose flow says that nobody answered', () => {
		const nobody = flow({ CallType: 'incomplete', DialCallStatus: 'no-answer', DialWhomNumber: '09812345699', CurrentTime: '2019-04-08 03:18:20' });
		const nobodyAgain = flow({ CallType: 'incomplete', DialCallStatus: 'busy', DialWhomNumber: '09812345600', CurrentTime: '2019-04-08 03:18:30' });
		const spoke = flow({ CallType: 'completed', DialCallStatus: 'completed', DialWhomNumber: '09812345600', CurrentTime: '2019-04-08 03:19:00' });
		const hungUp = flow({ CallType: 'client-hangup', DialCallStatus: 'canceled', CurrentTime: '2019-04-08 03:18:40' });
		const ends = (...events: CallEvent[]) => play(events).emitted.filter(({ type, source }) => type === 'terminal' && source !== 'agent-passthru').map(({ id, call }) => `${call.outcome ?? ''} ${id.split(':')[1] ?? ''}`);
		const swept = (fields: object) => eventFromCall(callFromV1({ Sid: SID, Status: 'completed', Direction: 'inbound', DateUpdated: '2019-04-08 03:20:35', ...fields }, account), null, '2019-04-08T03:30:00+05:30') as CallEvent;

		it('is told at once: a missed call must not wait', () => {
			const { emitted, ended } = play([visit, nobody]);
			assert.deepEqual(told(emitted), ['dial', 'terminal']);
			assert.deepEqual([emitted[1]?.call.state, emitted[1]?.call.outcome, emitted[1]?.call.unansweredBy], ['ended', 'no-answer', 'to']);
			assert.equal(ended, false, 'the flow may dial somebody else');
		});

		it('is told once, however often and by whomever it is confirmed', () => {
			assert.deepEqual(ends(nobody, nobody, nobodyAgain), ['no-answer flow']);
			assert.deepEqual(ends(nobody, hungUp, swept({ Details: { ConversationDuration: 0 } })), ['no-answer flow']);
			assert.deepEqual(ends(nobody, callback({ Status: 'failed', DateUpdated: '2019-04-08 03:19:30' }), spoke), ['no-answer flow'], 'the call’s own end is the last word');
			assert.equal(play([nobody, swept({ Details: { ConversationDuration: 0 } })]).ended, true);
			assert.deepEqual(ends(hungUp, nobody), ['canceled call']);
		});

		it('runs on with the next Connect, and its conversation is told', () => {
			const { emitted, ended } = play([nobody, agentB, spoke]);
			assert.deepEqual(emitted.map(({ type, call }) => [type, call.state, call.outcome]), [['terminal', 'ended', 'no-answer'], ['dial', 'active', null], ['terminal', 'ended', 'answered']]);
			assert.deepEqual(emitted.map(({ call }) => call.status), ['no-answer', null, 'completed']);
			assert.equal(ended, true);
			assert.deepEqual(ends(nobody, spoke), ['no-answer flow', 'answered call']);
			assert.deepEqual(ends(nobody, nobodyAgain, spoke, spoke, swept({ Details: { ConversationDuration: 20 } }), terminal), ['no-answer flow', 'answered call']);
		});

		it('is corrected by a callback or a question that knows of talk, not by the bare word that a flow picked up', () => {
			assert.deepEqual(ends(nobody, terminal), ['no-answer flow', 'answered call']);
			assert.deepEqual(ends(nobody, swept({ Details: { ConversationDuration: 20 } })), ['no-answer flow', 'answered call']);
			assert.deepEqual(ends(nobody, swept({ Details: { Leg1Status: 'completed', Leg2Status: 'Completed' } })), ['no-answer flow', 'answered call']);
			for (const bare of [bareTerminal, swept({}), swept({ Details: { Leg1Status: 'completed', Leg2Status: '' } }), swept({ Direction: 'outbound-api', Details: { ConversationDuration: 0 } })]) {
				assert.equal(bare.call.outcome, 'answered');
				assert.deepEqual(ends(nobody, bare), ['no-answer flow']);
				for (const order of [[nobody, bare], [bare, nobody]]) assert.equal(callOf(play(order).timeline).outcome, 'no-answer');
			}
			assert.equal(callOf(play([bareTerminal]).timeline).outcome, 'answered', 'without a flow’s word it counts');
		});

		it('never loses a conversation it was told of', () => {
			const stale = swept({ Details: { ConversationDuration: 0 } });
			assert.equal(stale.call.outcome, 'no-answer');
			for (const order of [[nobody, spoke, stale], [stale, spoke, nobody], [spoke, nobody, stale]]) assert.equal(callOf(play(order).timeline).outcome, 'answered');
		});

		it('can be followed by who keeps only the place, the end and the ids', () => {
			let kept: Pick<Timeline, 'position' | 'ended' | 'seen'> = emptyTimeline(SID);
			const emitted: string[] = [];
			for (const event of [visit, nobody, nobody, nobodyAgain, spoke, spoke, terminal]) {
				const { timeline, emit } = advance({ ...emptyTimeline(SID), position: kept.position, ended: kept.ended, seen: kept.seen }, event);
				if (emit !== null) emitted.push(`${emit.type} ${emit.call.outcome ?? '-'}`);
				kept = timeline;
			}
			assert.deepEqual(emitted, ['dial -', 'terminal no-answer', 'terminal answered']);
		});

		it('ends the same after any order, and is told twice at most', () => {
			const events = [visit, nobody, nobodyAgain, spoke, hungUp, bareTerminal, terminal, swept({}), swept({ Details: { ConversationDuration: 0 } })];
			const expected = play(events).timeline;
			fc.assert(
				fc.property(fc.shuffledSubarray([...events, ...events], { minLength: events.length }).map((some) => [...some, ...events.filter((event) => !some.includes(event))]), (order) => {
					assert.deepEqual(play(order).timeline, expected);
					const outcomes = ends(...order);
					assert.ok(outcomes.length === 1 || (outcomes.length === 2 && outcomes[0]?.endsWith('flow') && outcomes[1] === 'answered call'), outcomes.join());
				}),
				{ numRuns },
			);
		});

		it('is told once even after more visits than a timeline remembers', () => {
			const visits = Array.from({ length: 120 }, (_, index) => flow({ CallType: 'call-attempt', CurrentTime: `2019-04-08 0${4 + Math.floor(index / 60)}:${String(index % 60).padStart(2, '0')}:00` }));
			assert.deepEqual(ends(nobody, ...visits, nobody, terminal, ...visits, terminal), ['no-answer flow', 'answered call']);
		});
	});

	it('gathers what several sources know of the end', () => {
		const call = callOf(play([answeredTo, terminal, sweep]).timeline);
		assert.deepEqual([call.price, call.durationSeconds, call.recordingUrl, call.customField, call.updatedAt, call.talkSeconds], [0.75, 37, 'https://recordings.example.com/a.mp3', 'order 7', '2019-04-08T03:20:35+05:30', 26]);
		assert.deepEqual(call.legs, [
			{ party: 'from', status: 'completed', onCallSeconds: 31, ringingSeconds: 4, answeredBy: 'human' },
			{ party: 'to', status: 'completed', onCallSeconds: 26, ringingSeconds: 3, answeredBy: null },
		]);
	});

	it('never overwrites a recording with a blank, whatever comes first', () => {
		for (const order of [[terminal, bareTerminal], [bareTerminal, terminal]]) assert.equal(callOf(play(order).timeline).recordingUrl, 'https://recordings.example.com/a.mp3');
	});

	it('believes what Exotel answers more than what it told in passing', () => {
		const told = callback({ EventType: 'terminal', Status: 'failed', DateUpdated: '2019-04-08 03:18:35' });
		const asked = eventFromCall(callFromV1({ Sid: SID, Status: 'failed', Details: { Leg1Status: 'completed', Leg2Status: 'canceled' } }, account), null, '2019-04-08T03:18:00+05:30') as CallEvent;
		for (const order of [[told, asked], [asked, told]]) {
			const call = callOf(play(order).timeline);
			assert.deepEqual([call.status, call.outcome, call.unansweredBy], ['failed', 'canceled', 'to']);
		}
	});

	it('believes the later of two tellings of the same source', () => {
		const early = callback({ EventType: 'terminal', Status: 'completed', DateUpdated: '2019-04-08 03:18:35', ConversationDuration: 20 });
		const late = callback({ EventType: 'terminal', Status: 'completed', DateUpdated: '2019-04-08 03:18:45', ConversationDuration: 10 });
		for (const order of [[early, late], [late, early]]) assert.equal(callOf(play(order).timeline).talkSeconds, 10);
	});

	it('takes the same of two equally good tellings, whatever comes first', () => {
		const one = callback({ EventType: 'terminal', Status: 'completed', DateUpdated: '2019-04-08 03:18:35', ConversationDuration: 20 });
		const other = callback({ EventType: 'terminal', Status: 'completed', DateUpdated: '2019-04-08 03:18:35', ConversationDuration: 30 });
		for (const order of [[one, other], [other, one]]) assert.equal(callOf(play(order).timeline).talkSeconds, 30);
	});

	it('believes the end more than the middle, the later step more, and goes by the event’s time where the call has none', () => {
		const exoPhone = (...events: CallEvent[]) => [events, [...events].reverse()].map((order) => callOf(play(order).timeline).exoPhone);
		const step = (type: string, second: string | null, fields: object) => callback({ EventType: type, Legs: legs('in-progress', second), ...fields });
		const ringing = step('ringing', null, { DateUpdated: '2019-04-08 03:18:09', PhoneNumberSid: '08047115701' });
		const answered = step('answered', 'in-progress', { DateUpdated: '2019-04-08 03:18:00', PhoneNumberSid: '08047115702' });
		assert.deepEqual(exoPhone(ringing, answered), ['+918047115702', '+918047115702']);
		assert.deepEqual(exoPhone(answered, passthru), ['+918047115777', '+918047115777']);
		const ended = (EventTime: string, PhoneNumberSid: string) => callback({ EventType: 'terminal', EventTime, PhoneNumberSid });
		assert.deepEqual(exoPhone(ended('2019-04-08 03:18:40', '08047115701'), ended('2019-04-08 03:18:30', '08047115702')), ['+918047115701', '+918047115701']);
		assert.deepEqual(exoPhone({ ...terminal, at: 'never', call: { ...terminal.call, updatedAt: null, exoPhone: '+918047115701' } }, ended('2019-04-08 03:18:30', '08047115702')), ['+918047115702', '+918047115702']);
	});

	it('knows of a call what its only event says', () => {
		const folder = join(__dirname, '../../fixtures/exotel/callbacks');
		for (const file of readdirSync(folder).filter((name) => name !== 'slips.json')) {
			const { expected } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { expected: CallEvent };
			assert.deepEqual(callOf(advance(emptyTimeline(expected.call.sid), expected).timeline), expected.call, file);
		}
		const two = flow({ CallType: 'completed', Legs: [{ OnCallDuration: '1' }, { OnCallDuration: '2' }] as unknown as string });
		assert.deepEqual(callOf(play([two]).timeline).legs.map((leg) => leg.onCallSeconds), [1, 2]);
	});

	it('says nothing of the status before the end', () => {
		assert.equal(callOf(play([flow({ CallType: 'call-attempt', CallStatus: 'in-progress' })]).timeline).status, null);
	});

	it('keeps agents and visits out of the order of the legs', () => {
		assert.deepEqual(told(play([agentAFree, agent('Answered', '09812345600', '2019-04-08 03:18:05'), ringingFrom]).emitted), ['terminal', 'answered to', 'ringing from']);
		assert.deepEqual(told(play([{ ...agentAFree, source: 'call-event-passthru' }, ringingFrom]).emitted), ['terminal', 'ringing from']);
		assert.deepEqual(told(play([visit, ringingFrom]).emitted), ['dial', 'ringing from']);
		assert.deepEqual(told(play([callback({ EventType: 'answered' }), answeredFrom]).emitted), ['answered', 'answered from'], 'the same place in the order');
	});

	it('follows each agent by itself, also when one becomes free after the end', () => {
		const { emitted, ended } = play([agentA, agentB, agentA, answeredTo, agentB]);
		assert.deepEqual(told(emitted), ['dial to', 'dial to', 'answered to']);
		assert.equal(ended, false);
		assert.deepEqual(told(play([terminal, agentA, agentAFree, agentAFree]).emitted), ['terminal', 'terminal']);
		assert.deepEqual(play([terminal, agentAFree]).emitted.map(({ call }) => [call.state, call.outcome]), [['ended', 'answered'], ['ended', 'answered']]);
		assert.equal(play([agentAFree]).ended, false, 'an agent’s terminal is not the end of the call');
	});

	it('tells two attempts to reach the same agent apart', () => {
		const again = agent('Dial', '09812345699', '2019-04-08 03:19:01');
		assert.deepEqual(told(play([agentA, again, agentA]).emitted), ['dial to', 'dial to']);
	});

	it('passes on visits of the flow until the call has ended', () => {
		const later = flow({ CallType: 'call-attempt', CurrentTime: '2019-04-08 03:18:20' });
		assert.deepEqual(told(play([visit, answeredTo, later, visit, terminal]).emitted), ['dial', 'answered to', 'dial', 'terminal']);
		assert.deepEqual(told(play([terminal, visit]).emitted), ['terminal']);
	});

	it('passes on a word nobody knows without moving the call', () => {
		const strange = callback({ EventType: 'teleported', DateUpdated: '2019-04-08 03:18:07', Legs: legs('in-progress', null) });
		const { emitted } = play([ringingTo, strange, answeredTo]);
		assert.deepEqual(told(emitted), ['ringing to', 'dial from', 'answered to']);
		assert.equal(emitted[1]?.id, `${SID}:call:teleported:from`);
	});

	it('refuses another call’s event', () => {
		assert.throws(() => advance(emptyTimeline('other'), terminal), (error: ExotelError) => error.kind === 'input' && /another call/.test(error.message));
	});

	it('is plain JSON of bounded size', () => {
		const events = Array.from({ length: 150 }, (_, index) => agent('Dial', '09812345699', `2019-04-08 ${String(Math.floor(index / 60)).padStart(2, '0')}:${String(index % 60).padStart(2, '0')}:00`));
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
		const orders = fc.shuffledSubarray([...all, ...all, ...all], { minLength: all.length }).map((events) => [...events, ...all.filter((event) => !events.includes(event))]);
		fc.assert(
			fc.property(orders, (order) => {
				const { timeline, emitted } = play(order);
				assert.deepEqual(timeline, expected);
				assert.equal(emitted.filter((event) => event.id === endId(SID)).length, 1);
				assert.equal(new Set(emitted.map((event) => event.id)).size, emitted.length);
			}),
			{ numRuns },
		);
	});
});

describe('eventFromCall', () => {
	it('turns an ended call into its terminal event', () => {
		const call = { ...record, endedAt: '2019-04-08T03:18:36+05:30' };
		assert.deepEqual(eventFromCall(call, { a: 1 }, '2019-04-08T04:00:00+05:30'), { id: `${SID}:call:terminal`, type: 'terminal', party: null, at: '2019-04-08T03:18:36+05:30', source: 'sweep', call, raw: { a: 1 } });
		assert.equal(sweep.at, '2019-04-08T03:30:00+05:30', 'when Exotel does not say when it ended');
	});

	it('is null while the call is active', () => assert.equal(eventFromCall({ ...record, state: 'active' }, null, ''), null));
});

describe('event ids', () => {
	it('have their documented forms', () => {
		assert.equal(endId('s'), 's:call:terminal');
		assert.equal(stepId('s', 'answered', 'to'), 's:call:answered:to');
		assert.equal(stepId('s', 'ringing', null), 's:call:ringing:-');
		assert.equal(flowId('s', 'dial', 't'), 's:flow:dial:t');
		assert.match(agentId('s', 'dial', '+919812345699', 't'), /^s:agent:dial:[0-9a-f]{12}:t$/);
		assert.equal(agentId('s', 'dial', null, 't'), 's:agent:dial:-:t');
	});

	it('tell agents apart without showing their numbers', () => {
		const id = agentId('s', 'dial', '+919812345699', 't');
		assert.notEqual(id, agentId('s', 'dial', '+919812345600', 't'));
		assert.notEqual(id, agentId('s2', 'dial', '+919812345699', 't').replace('s2', 's'));
		assert.ok(!id.includes('9812345699'));
	});
});
