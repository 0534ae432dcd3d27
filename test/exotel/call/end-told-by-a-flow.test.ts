/** A flow that found nobody: told at once, told once, and corrected when the call is answered after all. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { advance } from '../../../exotel/call/timeline';
import { emptyTimeline } from '../../../exotel/call/timeline';
import { type Timeline } from '../../../exotel/call/timeline';
import { type CallEvent } from '../../../exotel';
import { eventFromCall } from '../../../exotel/call/timeline';
import { callFromV1 } from '../../../exotel/call/record-v1';
import { callOf } from '../../../exotel/call/timeline';
import { propertyRuns as numRuns } from '../samples';
import { account, SID, callback, flow, terminal, bareTerminal, agentB, visit, play, told } from './events-of-a-call';

describe('the end of a call whose flow says that nobody answered', () => {
	const nobody = flow({
		CallType: 'incomplete',
		DialCallStatus: 'no-answer',
		DialWhomNumber: '09812345699',
		CurrentTime: '2019-04-08 03:18:20',
	});
	const nobodyAgain = flow({
		CallType: 'incomplete',
		DialCallStatus: 'busy',
		DialWhomNumber: '09812345600',
		CurrentTime: '2019-04-08 03:18:30',
	});
	const spoke = flow({
		CallType: 'completed',
		DialCallStatus: 'completed',
		DialWhomNumber: '09812345600',
		CurrentTime: '2019-04-08 03:19:00',
	});
	const hungUp = flow({ CallType: 'client-hangup', DialCallStatus: 'canceled', CurrentTime: '2019-04-08 03:18:40' });
	const ends = (...events: CallEvent[]) =>
		play(events)
			.emitted.filter(({ type }) => type === 'terminal')
			.map(({ id, call }) => `${call.outcome ?? ''} ${id.split(':')[1] ?? ''}`);
	const swept = (fields: object) =>
		eventFromCall(
			callFromV1(
				{ Sid: SID, Status: 'completed', Direction: 'inbound', DateUpdated: '2019-04-08 03:20:35', ...fields },
				account,
			),
			null,
			'2019-04-08T03:30:00+05:30',
		) as CallEvent;

	it('is told at once: a missed call must not wait', () => {
		const { emitted, ended } = play([visit, nobody]);
		assert.deepEqual(told(emitted), ['dial', 'terminal']);
		assert.deepEqual(
			[emitted[1]?.call.state, emitted[1]?.call.outcome, emitted[1]?.call.unansweredBy],
			['ended', 'no-answer', 'to'],
		);
		assert.equal(ended, false, 'the flow may dial somebody else');
	});

	it('is told once, however often and by whomever it is confirmed', () => {
		assert.deepEqual(ends(nobody, nobody, nobodyAgain), ['no-answer flow']);
		assert.deepEqual(ends(nobody, hungUp, swept({ Details: { ConversationDuration: 0 } })), ['no-answer flow']);
		assert.deepEqual(
			ends(nobody, callback({ Status: 'failed', DateUpdated: '2019-04-08 03:19:30' }), spoke),
			['no-answer flow'],
			'the call’s own end is the last word',
		);
		assert.equal(play([nobody, swept({ Details: { ConversationDuration: 0 } })]).ended, true);
		assert.deepEqual(ends(hungUp, nobody), ['canceled call']);
	});

	it('runs on with the next Connect, and its conversation is told', () => {
		const { emitted, ended } = play([nobody, agentB, spoke]);
		assert.deepEqual(
			emitted.map(({ type, call }) => [type, call.state, call.outcome]),
			[
				['terminal', 'ended', 'no-answer'],
				['agent-busy', 'active', null],
				['terminal', 'ended', 'answered'],
			],
		);
		assert.deepEqual(
			emitted.map(({ call }) => call.status),
			['no-answer', null, 'completed'],
		);
		assert.equal(ended, true);
		assert.deepEqual(ends(nobody, spoke), ['no-answer flow', 'answered call']);
		assert.deepEqual(
			ends(nobody, nobodyAgain, spoke, spoke, swept({ Details: { ConversationDuration: 20 } }), terminal),
			['no-answer flow', 'answered call'],
		);
	});

	it(
		'is corrected by a callback or a question that knows of talk, not by the bare word that a ' + 'flow picked up',
		() => {
			assert.deepEqual(ends(nobody, terminal), ['no-answer flow', 'answered call']);
			assert.deepEqual(ends(nobody, swept({ Details: { ConversationDuration: 20 } })), [
				'no-answer flow',
				'answered call',
			]);
			assert.deepEqual(ends(nobody, swept({ Details: { Leg1Status: 'completed', Leg2Status: 'Completed' } })), [
				'no-answer flow',
				'answered call',
			]);
			for (const bare of [
				bareTerminal,
				swept({}),
				swept({ Details: { Leg1Status: 'completed', Leg2Status: '' } }),
				swept({ Direction: 'outbound-api', Details: { ConversationDuration: 0 } }),
			]) {
				assert.notEqual(bare.call.outcome, 'no-answer');
				assert.deepEqual(ends(nobody, bare), ['no-answer flow']);
				for (const order of [
					[nobody, bare],
					[bare, nobody],
				])
					assert.equal(callOf(play(order).timeline).outcome, 'no-answer');
			}
			assert.equal(callOf(play([bareTerminal]).timeline).outcome, 'answered', 'without a flow’s word it counts');
		},
	);

	it('never loses a conversation it was told of', () => {
		const stale = swept({ Details: { ConversationDuration: 0 } });
		assert.equal(stale.call.outcome, 'unknown');
		for (const order of [
			[nobody, spoke, stale],
			[stale, spoke, nobody],
			[spoke, nobody, stale],
		])
			assert.equal(callOf(play(order).timeline).outcome, 'answered');
	});

	it('can be followed by who keeps only the place, the end and the ids', () => {
		let kept: Pick<Timeline, 'position' | 'ended' | 'seen'> = emptyTimeline(SID);
		const emitted: string[] = [];
		for (const event of [visit, nobody, nobody, nobodyAgain, spoke, spoke, terminal]) {
			const { timeline, emit } = advance(
				{ ...emptyTimeline(SID), position: kept.position, ended: kept.ended, seen: kept.seen },
				event,
			);
			if (emit !== null) emitted.push(`${emit.type} ${emit.call.outcome ?? '-'}`);
			kept = timeline;
		}
		assert.deepEqual(emitted, ['dial -', 'terminal no-answer', 'terminal answered']);
	});

	it('ends the same after any order, and is told twice at most', () => {
		const events = [
			visit,
			nobody,
			nobodyAgain,
			spoke,
			hungUp,
			bareTerminal,
			terminal,
			swept({}),
			swept({ Details: { ConversationDuration: 0 } }),
		];
		const expected = play(events).timeline;
		fc.assert(
			fc.property(
				fc
					.shuffledSubarray([...events, ...events], { minLength: events.length })
					.map((some) => [...some, ...events.filter((event) => !some.includes(event))]),
				(order) => {
					assert.deepEqual(play(order).timeline, expected);
					const outcomes = ends(...order);
					assert.ok(
						outcomes.length === 1 ||
							(outcomes.length === 2 && outcomes[0]?.endsWith('flow') && outcomes[1] === 'answered call'),
						outcomes.join(),
					);
				},
			),
			{ numRuns },
		);
	});

	it('is told once even after more visits than a timeline remembers', () => {
		const visits = Array.from({ length: 120 }, (_, index) =>
			flow({
				CallType: 'call-attempt',
				CurrentTime: `2019-04-08 0${4 + Math.floor(index / 60)}:${String(index % 60).padStart(2, '0')}:00`,
			}),
		);
		assert.deepEqual(ends(nobody, ...visits, nobody, terminal, ...visits, terminal), [
			'no-answer flow',
			'answered call',
		]);
	});
});
