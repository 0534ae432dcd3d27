/** The rules of tracking that hosts use on their own: new events, settling callbacks, polls, missed ends. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { CallEvent, CallStep } from '../../../exotel/call/call';
import { advance } from '../../../exotel/call/timeline';
import { emptyTimeline } from '../../../exotel/call/timeline';
import { MISSED_END_GRACE_MS } from '../../../exotel/tracking/missed-ends';
import { MISSED_END_LOOK_BACK_MS } from '../../../exotel/tracking/missed-ends';
import {
	isNewEvent,
	leaveOut,
	mergeSeenStates,
	missedEnd,
	pollAfterMs,
	settlementOf,
	withPlacedCall,
	type SeenState,
} from '../../../exotel/index';
import { HandClock } from '../hand-clock';
import { answer, runs, singapore } from '../samples';
import { scripted } from '../scripted-transport';
import { eventOf, placedCall, stage } from './stage';

describe('a new event', () => {
	it('is what a full timeline would pass on, from a state that does not grow with the call', () => {
		const types = fc.array(fc.constantFrom<CallStep['type']>('dial', 'ringing', 'answered', 'terminal'), {
			maxLength: 12,
		});
		fc.assert(
			fc.property(types, (list) => {
				let timeline = emptyTimeline('s1');
				let state: SeenState | null = null;
				for (const type of list) {
					const step = advance(timeline, eventOf('s1', type));
					const check = isNewEvent(state, eventOf('s1', type));
					assert.equal(check.isNew, step.emit !== null);
					assert.deepEqual(Object.keys(check.state).sort(), ['ended', 'position', 'seen']);
					timeline = step.timeline;
					state = check.state;
				}
			}),
			runs,
		);
	});
});

describe('what two processes know of a call', () => {
	it('counts together: an event that either has passed on is not new', () => {
		const after = (type: CallStep['type']) => isNewEvent(null, eventOf('s1', type)).state;
		const [answered, ended] = [after('answered'), after('terminal')];
		for (const both of [mergeSeenStates(answered, ended), mergeSeenStates(ended, answered)])
			assert.deepEqual(
				(['ringing', 'answered', 'terminal'] as const).map(
					(type) => isNewEvent(both, eventOf('s1', type)).isNew,
				),
				[false, false, false],
			);
		const [first, second] = ['1', '2'].map((digits) => {
			const pressed = eventOf('s1', 'dial', { source: 'passthru', id: `s1:flow:${digits}` });
			Object.assign(pressed.call, { digits });
			return pressed;
		});
		assert.ok(first !== undefined && second !== undefined);
		const stateOf = (event: CallEvent) => isNewEvent(null, event).state;
		const both = mergeSeenStates(stateOf(first), stateOf(second));
		assert.deepEqual(
			[first, second].map((event) => isNewEvent(both, event).isNew),
			[false, false],
		);
	});
});

describe('an event that filters leave out', () => {
	const types = ['dial', 'ringing', 'answered', 'terminal'] as const;
	const isNewAfter = (state: SeenState, type: CallStep['type']) => isNewEvent(state, eventOf('s1', type)).isNew;

	for (const type of types) {
		it(`(${type}) leaves the same step and the end new, each once`, () => {
			const state = leaveOut(null, eventOf('s1', type));
			assert.equal(isNewAfter(state, type), true);
			const after = isNewEvent(state, eventOf('s1', 'terminal'));
			assert.equal(after.isNew, true);
			assert.deepEqual(leaveOut(after.state, eventOf('s1', type)), after.state);
			assert.equal(isNewAfter(after.state, 'terminal'), false);
		});
	}

	it('outdates progress when it is the end', () => {
		const state = leaveOut(null, eventOf('s1', 'terminal'));
		assert.deepEqual(
			types.map((type) => isNewAfter(state, type)),
			[false, false, false, true],
		);
	});
});

describe('a callback', () => {
	for (const [what, sid, attemptId, expected] of [
		['that names the attempt settles it while no SID is known', null, 'a1', 'settles'],
		['that names the attempt and its SID settles it', 's1', 'a1', 'settles'],
		['that names the attempt and another SID is about another call', 's2', 'a1', 'other'],
		['that names its SID but no attempt makes us poll', 's1', null, 'poll'],
		['that names its SID but another attempt makes us poll', 's1', 'a2', 'poll'],
		['that names neither is about another call', 's2', null, 'other'],
		['without attempt says nothing while no SID is known', null, null, 'other'],
	] as const) {
		it(what, () => {
			const known = { attemptId: 'a1', sid };
			assert.equal(settlementOf(known, eventOf('s1', 'terminal'), attemptId), expected);
		});
	}

	it('is completed by what the response said, and keeps its own word', () => {
		const placed = { ...placedCall('s1'), to: '+911', status: 'in-progress' };
		const { call, id, source } = withPlacedCall(placed, eventOf('s1', 'terminal'));
		assert.deepEqual(
			[call.from, call.to, call.customField, call.status, call.outcome, id, source],
			['+919812345600', '+911', 'order 1', 'completed', 'answered', 's1:call:terminal', 'v1-callback'],
		);
	});
});

describe('the time between polls', () => {
	it('is short at first when no callback can come', () => {
		assert.deepEqual(
			[0, 1, 2, 6, 7, 99].map((count) => pollAfterMs(count, null)),
			[4_000, 4_000, 6_000, 30_000, 60_000, 60_000],
		);
	});

	it('grows from the time without a callback to half an hour', () => {
		assert.deepEqual(
			[0, 1, 99].map((count) => pollAfterMs(count, 300_000)),
			[300_000, 450_000, 1_800_000],
		);
	});
});

describe('a missed end', () => {
	const now = Date.parse('2026-11-21T10:00:00Z');
	const rule = { since: now - 3_600_000, now, graceMs: MISSED_END_GRACE_MS, timeZone: 'Asia/Kolkata' };
	const ended = (msAgo: number) => ({
		...eventOf('s1', 'terminal').call,
		endedAt: new Date(now - msAgo).toISOString(),
	});

	it('is the terminal event of a call that has ended since the first start and is no longer left to its callback', () => {
		const event = missedEnd(ended(MISSED_END_GRACE_MS), { raw: 1 }, rule);
		assert.deepEqual(
			[event?.id, event?.type, event?.source, event?.raw],
			['s1:call:terminal', 'terminal', 'sweep', { raw: 1 }],
		);
		assert.equal(missedEnd(ended(MISSED_END_GRACE_MS - 1), null, rule), null);
		assert.equal(missedEnd(ended(3_600_001), null, rule), null);
		assert.equal(missedEnd({ ...ended(600_000), state: 'active' }, null, rule), null);
		assert.notEqual(missedEnd(ended(0), null, { ...rule, graceMs: 0 }), null);
	});

	it('is looked for among the calls created in the last hours', async () => {
		const clock = new HandClock(now);
		const record = (Sid: string, Status: string) => ({ Sid, Status, EndTime: '2026-11-21 15:00:00' });
		const Calls = [
			record('492205107c5fb48f4ac25d1f77759331', 'busy'),
			record('492205107c5fb48f4ac25d1f77759332', 'in-progress'),
		];
		const exotel = scripted(answer(JSON.stringify({ Metadata: {}, Calls })));
		const send = { transport: exotel.transport, clock, account: singapore };
		const found: CallEvent[] = [];
		const { tracker } = stage({ clock });
		const state = await tracker.search.start();
		await tracker.search.done({ ...state, since: now - 7_200_000, fullScanAt: now - 600_000 });
		await tracker.search.run({ account: singapore, send }, (event) => Promise.resolve(void found.push(event)));
		assert.deepEqual(
			found.map(({ call }) => call.outcome),
			['busy'],
		);
		const url = decodeURIComponent((exotel.sent[0]?.request.url ?? '').replaceAll('+', ' '));
		assert.match(url, /gte:2026-11-21 10:20:00/, `${MISSED_END_LOOK_BACK_MS} ms back, in the account's time`);
	});
});
