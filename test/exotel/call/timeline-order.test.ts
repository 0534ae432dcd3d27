/** A timeline as a whole: bounded, storable, and the same after any order of its events. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { advance } from '../../../exotel/call/timeline';
import { emptyTimeline } from '../../../exotel/call/timeline';
import { type Timeline } from '../../../exotel/call/timeline';
import { ExotelError, type CallEvent } from '../../../exotel';
import { callOf } from '../../../exotel/call/timeline';
import { terminalEventId } from '../../../exotel/call/event-id';
import { propertyRuns as numRuns } from '../samples';
import {
	SID,
	callback,
	flow,
	legs,
	ringingFrom,
	answeredFrom,
	ringingTo,
	answeredTo,
	terminal,
	sweep,
	agent,
	agentA,
	agentB,
	agentAFree,
	visit,
	all,
	play,
	told,
} from './events-of-a-call';

describe('a timeline', () => {
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
			['agent-free to', 'agent-busy to', 'ringing from'],
		);
		assert.deepEqual(told(play([visit, ringingFrom]).emitted), ['dial', 'ringing from']);
		assert.deepEqual(
			told(play([callback({ EventType: 'answered' }), answeredFrom]).emitted),
			['answered', 'answered from'],
			'the same place in the order',
		);
	});

	it('follows each agent by itself, also when one becomes free after the end', () => {
		const { emitted, ended } = play([agentA, agentB, agentA, answeredTo, agentB]);
		assert.deepEqual(told(emitted), ['agent-busy to', 'agent-busy to', 'answered to']);
		assert.equal(ended, false);
		assert.deepEqual(told(play([terminal, agentA, agentAFree, agentAFree]).emitted), ['terminal', 'agent-free to']);
		assert.deepEqual(
			play([terminal, agentAFree]).emitted.map(({ call }) => [call.state, call.outcome]),
			[
				['ended', 'answered'],
				['ended', 'answered'],
			],
		);
		const { emitted: free, ended: over, timeline } = play([agentAFree]);
		assert.deepEqual([over, free[0]?.call.state, callOf(timeline).state], [false, 'active', 'active']);
	});

	/** An event of an agent by Connect 1.1, whose `to` is the agent (seed 003). */
	const event11 = (step: string, to: string, at: string) =>
		callback({
			CallSid: undefined,
			event_details: { event_type: step.toLowerCase() },
			call_details: {
				call_sid: SID,
				direction: 'incoming',
				from: '08516043026',
				to,
				virtual_number: '01135124160',
				current_time: `${at.replace(' ', 'T')}+05:30`,
				status: step === 'Terminal' ? 'free' : 'busy',
			},
		});

	for (const [version, event] of [
		['1.0', agent],
		['1.1', event11],
	] as const) {
		it(`tells each event’s own agent when phones ring in parallel, and who answered: Connect ${version}`, () => {
			const [first, second] = ['09812345671', '09812345672'];
			const events = [
				event('Dial', first, '2026-11-21 10:00:00'),
				event('Dial', second, '2026-11-21 10:00:00'),
				event('Answered', first, '2026-11-21 10:00:04'),
				event('Terminal', second, '2026-11-21 10:00:04'),
			];
			const late = event('Dial', second, '2026-11-21 10:00:09');
			for (const order of [events, [...events].reverse(), [...events, late]]) {
				const { emitted, timeline } = play(order);
				assert.ok(emitted.length >= events.length - 1);
				for (const { call, ...step } of emitted) {
					assert.ok('agentNumber' in step);
					assert.equal(call.agent?.contact, step.agentNumber, step.id);
					if (version === '1.1') assert.equal(call.to, step.agentNumber, step.id);
				}
				assert.equal(callOf(timeline).agent?.contact, '+919812345671', 'who answered stays known');
				if (version === '1.1') assert.equal(callOf(timeline).to, '+919812345671');
			}
		});
	}

	it('tells two attempts to reach the same agent apart', () => {
		const again = agent('Dial', '09812345699', '2019-04-08 03:19:01');
		assert.deepEqual(told(play([agentA, again, agentA]).emitted), ['agent-busy to', 'agent-busy to']);
	});

	it('drops late progress of an attempt that is over, of no other attempt and no other agent', () => {
		const late = agent('Answered', '09812345699', '2019-04-08 03:18:05');
		const next = agent('Dial', '09812345699', '2019-04-08 03:18:40');
		const other = agent('Answered', '09812345600', '2019-04-08 03:18:05');
		assert.deepEqual(
			play([agentA, agentAFree, late, other, next]).emitted.map(({ id }) => id),
			[agentA, agentAFree, other, next].map(({ id }) => id),
		);
	});

	it('leaves no agent busy whose attempt began and ended in the same second, whatever comes first', () => {
		const at = '2019-04-08 03:18:40';
		const [dial, ringing] = [agent('Dial', '09812345699', at), agent('Ringing', '09812345699', at)];
		const early = agent('Dial', '09812345699', '2019-04-08 03:18:30');
		const idsOf = (events: CallEvent[]) => play(events).emitted.map(({ id }) => id);
		for (const late of [dial, ringing]) {
			assert.deepEqual(idsOf([late, agentAFree]), [late.id, agentAFree.id]);
			assert.deepEqual(idsOf([agentAFree, late]), [agentAFree.id]);
		}
		assert.deepEqual(idsOf([early, agentAFree, ringing]), [early.id, agentAFree.id]);
		assert.deepEqual(
			idsOf([early, agentAFree, dial]),
			[early.id, agentAFree.id, dial.id],
			'a new attempt, because the one before it has begun and ended',
		);
	});

	it('passes on nothing twice, however often the flow asks meanwhile', () => {
		const visits = Array.from({ length: 250 }, (_, index) =>
			flow({
				CallType: 'call-attempt',
				CurrentTime: `2019-04-08 04:${String(Math.floor(index / 60)).padStart(2, '0')}:${String(index % 60).padStart(2, '0')}`,
			}),
		);
		const { emitted, timeline } = play([agentAFree, ringingFrom, ...visits, agentAFree, ...visits.slice(-90)]);
		assert.equal(emitted.length, visits.length + 2);
		assert.equal(emitted.filter(({ id }) => id === agentAFree.id).length, 1);
		assert.deepEqual(timeline.seen, play([...visits, agentAFree, ringingFrom].reverse()).timeline.seen);
		assert.ok(timeline.seen.length <= 200);
	});

	it('keeps the same agents in any order, however many are named and in whichever form', () => {
		const named = (contact: string, name: string) =>
			callback({
				CallSid: undefined,
				event_details: { event_type: 'answered' },
				call_details: {
					call_sid: SID,
					direction: 'inbound',
					call_state: 'active',
					customer_details: { contact_uri: '09812345678' },
					assigned_agent_details: { contact_uri: contact, user_name: name, user_id: 'u', group_id: 'g' },
				},
			});
		for (const contactOf of [
			(n: number) => `+9198123456${n}`,
			(n: number) => `sip:agent${n}@acme.example`,
			(n: number) => `agent ${n}`,
			(n: number) => `agent.${n}.`.padEnd(3_000, 'x'),
		]) {
			const events = Array.from({ length: 60 }, (_, n) => named(contactOf(n + 10), `Agent ${n + 10}`));
			const { known, priorities } = play(events).timeline;
			assert.ok(Object.keys(known).length <= 110, `${Object.keys(known).length} fields`);
			assert.ok(JSON.stringify(known).length < 20_000);
			assert.deepEqual(Object.keys(priorities).sort(), Object.keys(known).sort());
			for (const order of [[...events].reverse(), [...events.slice(30), ...events.slice(0, 30), ...events]])
				assert.deepEqual(play(order).timeline.known, known);
		}
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
		assert.deepEqual(told(emitted), ['ringing to', 'dial', 'answered to']);
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
