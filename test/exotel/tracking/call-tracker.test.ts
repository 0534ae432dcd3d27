/** The call tracker, one promise at a time. */
import assert from 'node:assert/strict';
import { emptyCall } from '../../../exotel/call/call';
import type { AgentEvent } from '../../../exotel/call/call';
import { ExotelError } from '../../../exotel/index';
import { RESPONSE_WAIT_MS } from '../../../exotel/tracking/records';
import { eventOf, placedCall, polledEnd, SharedStore, stage, typesOf } from './stage';
import { settle, VirtualClock } from './virtual-clock';

const HOUR = 3_600_000;

describe('the call tracker', () => {
	let clock: VirtualClock;
	beforeEach(() => (clock = new VirtualClock()));

	const begin = (attemptId = 'a1') => ({ attemptId, api: 'v1', context: { order: 4711 } }) as const;

	it('announces placed, progress and the end once, with what the host wants back', async () => {
		const one = stage({ clock });
		await one.tracker.begin(begin());
		await one.tracker.placed('a1', placedCall('s1'), 'response');
		for (const type of ['ringing', 'ringing', 'answered', 'terminal', 'terminal', 'answered'] as const) {
			await one.tracker.received(eventOf('s1', type), 'a1');
		}
		assert.deepEqual(typesOf(one), ['placed', 'progress', 'progress', 'ended']);
		for (const { attemptId, context } of one.announced) {
			assert.deepEqual([attemptId, context], ['a1', { order: 4711 }]);
		}
	});

	it('completes the end by what the response and earlier callbacks said', async () => {
		const one = stage({ clock });
		await one.tracker.begin(begin());
		await one.tracker.placed('a1', placedCall('s1'), 'response');
		await one.tracker.received(eventOf('s1', 'ringing'), 'a1');
		await one.tracker.received(eventOf('s1', 'terminal'), 'a1');
		const end = one.announced.at(-1);
		assert.ok(end?.type === 'ended');
		const { from, to, customField, outcome } = end.event.call;
		assert.deepEqual([from, to, customField, outcome], ['+919812345600', '+919812345678', 'order 1', 'answered']);
	});

	it('takes no conversation from a response: how the call ended, its callback says', async () => {
		const one = stage({ clock });
		await one.tracker.begin(begin());
		const response = { ...placedCall('s1'), state: 'ended', status: 'completed', outcome: 'answered' } as const;
		await one.tracker.placed('a1', response, 'response');
		const terminal = eventOf('s1', 'terminal');
		const call = { ...terminal.call, status: 'no-answer', outcome: 'no-answer', talkSeconds: null } as const;
		await one.tracker.received({ ...terminal, call }, 'a1');
		const end = one.announced.at(-1);
		assert.ok(end?.type === 'ended');
		assert.deepEqual([end.event.call.outcome, end.event.call.status], ['no-answer', 'no-answer']);
	});

	it('is not ended by a made-up attempt that names the SID of its call', async () => {
		const one = stage({ clock });
		await one.tracker.start();
		await one.tracker.begin(begin());
		await one.tracker.placed('a1', placedCall('s1'), 'response');
		for (const madeUp of ['x1', 'x2']) await one.tracker.received(eventOf('s1', 'terminal'), madeUp);
		assert.deepEqual(typesOf(one), ['placed']);
		await clock.advance(20_000);
		assert.ok(one.polls.length > 0, 'Exotel is polled instead');
		await one.tracker.received(eventOf('s1', 'terminal'), 'a1');
		assert.deepEqual(
			one.announced.filter(({ type }) => type === 'ended').map(({ attemptId }) => attemptId),
			['a1'],
		);
	});

	it('finds the end of an attempt without response also when made-up ones named the SID of its call before', async () => {
		for (const confirmsEnds of [false, true]) {
			let isUp = false;
			const poll = (sid: string) => Promise.resolve(isUp ? polledEnd(sid) : null);
			const one = stage({ clock, confirmsEnds, poll });
			await one.tracker.begin(begin());
			await one.tracker.unknown(begin(), 'details');
			for (const madeUp of ['x1', 'x2', 'x3', 'x4', 'x5', 'x6'])
				await one.tracker.received(eventOf('s1', 'terminal'), madeUp);
			await one.tracker.received(eventOf('s1', 'terminal'), 'a1');
			await one.tracker.received(eventOf('s1', 'terminal'), 'x7');
			isUp = true;
			await clock.advance(HOUR);
			const ended = one.announced.filter(({ type }) => type === 'ended');
			const ours = ended.filter(({ attemptId }) => attemptId === 'a1');
			assert.deepEqual([ours.length, ours[0]?.context], [1, { order: 4711 }], `confirms: ${confirmsEnds}`);
			if (confirmsEnds) assert.equal(ended.length, 1);
			const early = stage({ clock, confirmsEnds, poll: (sid) => Promise.resolve(polledEnd(sid)) });
			await early.tracker.begin(begin());
			await early.tracker.unknown(begin(), 'details');
			for (const named of ['x1', 'a1', 'a1', 'x1']) {
				await early.tracker.received(eventOf('s1', 'terminal'), named);
				await clock.advance(HOUR);
			}
			assert.deepEqual(
				early.announced.flatMap(({ type, attemptId }) => (type === 'ended' ? [attemptId] : [])),
				['x1', 'a1'],
			);
		}
	});

	it('finds the end of an attempt without response also when made-up ones with calls of their own name its SID after it', async () => {
		let isUp = false;
		const poll = (sid: string) => Promise.resolve(isUp && sid === 's1' ? polledEnd(sid) : null);
		const one = stage({ clock, confirmsEnds: true, poll });
		await one.tracker.begin(begin());
		await one.tracker.unknown(begin(), 'details');
		const madeUp = ['x1', 'x2', 'x3', 'x4', 'x5'];
		for (const name of madeUp) await one.tracker.received(eventOf(`of-${name}`, 'ringing'), name);
		for (const name of ['a1', ...madeUp]) await one.tracker.received(eventOf('s1', 'terminal'), name);
		isUp = true;
		await clock.advance(HOUR);
		const ended = one.announced.flatMap(({ type, attemptId }) => (type === 'ended' ? [attemptId] : []));
		assert.ok(ended.includes('a1'), ended.join());
	});

	it('passes on nothing of another call that comes to the address of one of its calls, and goes on waiting', async () => {
		for (const confirmsEnds of [false, true]) {
			const one = stage({ clock, confirmsEnds, poll: (sid) => Promise.resolve(polledEnd(sid)) });
			await one.tracker.start();
			await one.tracker.begin(begin());
			await one.tracker.placed('a1', placedCall('s1'), 'response');
			for (const type of ['ringing', 'terminal'] as const) await one.tracker.received(eventOf('s2', type), 'a1');
			await settle();
			assert.deepEqual(typesOf(one), ['placed']);
			await one.tracker.received(eventOf('s2', 'ringing'), null);
			assert.deepEqual(typesOf(one), ['placed', 'progress'], 'an address without attempt is for any call');
			await one.tracker.received(eventOf('s1', 'terminal'), 'a1');
			await clock.advance(20_000);
			const ends = one.announced.flatMap((each) => (each.type === 'ended' ? each.event.call.sid : []));
			assert.deepEqual(ends, ['s1']);
		}
	});

	it('goes on asking when Exotel once answers about another call, or a poll breaks', async () => {
		for (const strange of [() => polledEnd('S2'), () => ({ ...polledEnd('s1'), call: null as never })]) {
			const poll = (sid: string) => Promise.resolve(one.polls.length === 1 ? strange() : polledEnd(sid));
			const one = stage({ clock, pollAfterMs: () => 10_000, poll });
			await one.tracker.start();
			await one.tracker.begin(begin());
			await one.tracker.placed('a1', placedCall('s1'), 'response');
			await clock.advance(60_000);
			assert.deepEqual([typesOf(one), one.warnings.length], [['placed', 'ended'], 1]);
		}
	});

	it('asks all the same when the time of day is set back', async () => {
		const adjusted = new (class extends VirtualClock {
			setBackMs = 0;
			override now(): number {
				return super.now() - this.setBackMs;
			}
			override elapsed(): number {
				return super.now();
			}
		})();
		const poll = (sid: string) => Promise.resolve(polledEnd(sid));
		const one = stage({ clock: adjusted, pollAfterMs: () => 10_000, poll });
		await one.tracker.start();
		await one.tracker.begin(begin());
		await one.tracker.placed('a1', placedCall('s1'), 'response');
		adjusted.setBackMs = HOUR;
		await adjusted.advance(60_000);
		assert.deepEqual(typesOf(one), ['placed', 'ended']);
	});

	it('announces placed from a callback that comes before the response, and not again', async () => {
		const one = stage({ clock });
		await one.tracker.begin(begin());
		await one.tracker.received(eventOf('s1', 'answered'), 'a1');
		assert.deepEqual(typesOf(one), ['placed', 'progress']);
		const [placed] = one.announced;
		assert.ok(placed?.type === 'placed' && placed.learntFrom === 'callback');
		assert.equal(placed.call.sid, 's1');
		await one.tracker.placed('a1', placedCall('s1'), 'response');
		await one.tracker.received(eventOf('s1', 'terminal'), 'a1');
		assert.deepEqual(typesOf(one), ['placed', 'progress', 'ended']);
	});

	it('lets neither a hanging poll nor a request under way hold up a callback', async () => {
		const one = stage({ clock, poll: () => new Promise(() => undefined), pollAfterMs: () => 4_000 });
		await one.tracker.start();
		await one.tracker.begin(begin());
		await one.tracker.placed('a1', placedCall('s1'), 'response');
		await clock.advance(5_000);
		assert.equal(one.polls.length, 1);
		const arrived = clock.now();
		await one.tracker.received(eventOf('s1', 'terminal'), 'a1');
		assert.deepEqual([one.announced.at(-1)?.type, clock.now() - arrived], ['ended', 0]);
	});

	it('says nothing of unknown when a callback has told the end while no response came', async () => {
		const one = stage({ clock });
		await one.tracker.begin(begin());
		await one.tracker.received(eventOf('s1', 'terminal'), 'a1');
		await one.tracker.unknown(begin(), 'timeout');
		assert.deepEqual(typesOf(one), ['placed', 'ended']);
	});

	it('says nothing of unknown when a flow has told the end, whatever its caller pressed then, and Exotel never does', async () => {
		const one = stage({ clock });
		await one.tracker.start();
		await one.tracker.begin(begin());
		await one.tracker.placed('a1', placedCall('s1'), 'response');
		const end = eventOf('s1', 'terminal', { source: 'passthru', id: 's1:flow:1' });
		Object.assign(end.call, { status: 'no-answer', outcome: 'no-answer', talkSeconds: null });
		await one.tracker.received(end, 'a1');
		const pressed = eventOf('s1', 'dial', { source: 'passthru', id: 's1:flow:2' });
		Object.assign(pressed.call, { digits: '5' });
		await one.tracker.received(pressed, 'a1');
		await clock.advance(6 * HOUR);
		assert.deepEqual(typesOf(one), ['placed', 'ended', 'progress']);
	});

	it('polls at once when the response tells that callbacks without an attempt were about its call', async () => {
		const one = stage({ clock, pollAfterMs: () => HOUR });
		await one.tracker.start();
		await one.tracker.begin(begin());
		await one.tracker.received(eventOf('s1', 'answered'), null);
		await one.tracker.placed('a1', placedCall('s1'), 'response');
		await clock.advance(1000);
		assert.equal(one.polls.length, 1);
	});

	it('polls at once instead of announcing unknown when a callback has told the SID', async () => {
		const one = stage({ clock, poll: (sid) => Promise.resolve(polledEnd(sid)) });
		await one.tracker.start();
		await one.tracker.begin(begin());
		await one.tracker.received(eventOf('s1', 'ringing'), 'a1');
		await one.tracker.unknown(begin(), 'timeout');
		await clock.advance(0);
		assert.deepEqual(typesOf(one), ['placed', 'progress', 'ended']);
	});

	it('finds an end that another process wrote before it announces unknown', async () => {
		const shared = new SharedStore();
		const [one, two] = [stage({ clock, shared }), stage({ clock, shared })];
		await one.tracker.begin(begin());
		await two.tracker.received(eventOf('s1', 'terminal'), 'a1');
		await one.tracker.unknown(begin(), 'timeout');
		assert.deepEqual([typesOf(one), typesOf(two)], [[], ['placed', 'ended']]);
	});

	it('announces unknown once; a later callback settles it, and its call is polled again', async () => {
		const one = stage({ clock, poll: (sid) => Promise.resolve(polledEnd(sid)) });
		await one.tracker.start();
		await one.tracker.begin({ ...begin(), requested: { to: '+919812345678' } });
		await one.tracker.unknown(begin(), 'timeout');
		await one.tracker.unknown(begin(), 'timeout');
		const [unknown] = one.announced;
		assert.ok(unknown?.type === 'unknown');
		assert.deepEqual(
			[unknown.reason, unknown.details, unknown.call.sid, unknown.call.to, unknown.call.outcome],
			['no-response', 'timeout', null, '+919812345678', 'unknown'],
		);
		await one.tracker.received(eventOf('s1', 'ringing'), 'a1');
		await clock.advance(61_000);
		assert.deepEqual(typesOf(one), ['unknown', 'progress', 'ended']);
		assert.equal(one.tracker.openCalls, 0);
	});

	it('fills what callbacks and polls leave out with what was requested, also when the response was lost or late', async () => {
		const requested = { from: '+919876543210', to: null, exoPhone: '+918047112345', customField: 'order 5' };
		const [late, lost, polled] = [1, 2, 3].map(() =>
			stage({ clock, poll: (sid) => Promise.resolve(polledEnd(sid)) }),
		);
		assert.ok(late && lost && polled);
		for (const one of [late, lost, polled]) {
			await one.tracker.start();
			await one.tracker.begin({ ...begin(), requested });
		}
		await late.tracker.received(eventOf('s1', 'terminal'), 'a1');
		await lost.tracker.unknown(begin(), 'timeout');
		await lost.tracker.received(eventOf('s1', 'terminal'), 'a1');
		await polled.tracker.placed('a1', emptyCall('s1', 'v1'), 'response');
		await clock.advance(61_000);
		const { from, exoPhone, customField } = requested;
		for (const one of [late, lost, polled]) {
			const ended = one.announced.at(-1);
			assert.ok(ended?.type === 'ended');
			const { call } = ended.event;
			assert.deepEqual(
				[call.from, call.to, call.exoPhone, call.customField],
				[from, null, exoPhone, customField],
			);
		}
		assert.deepEqual(typesOf(late), ['placed', 'ended']);
		assert.ok(late.announced[0]?.type === 'placed');
		assert.equal(late.announced[0].call.from, from);
	});

	it('polls for the end of a call at once when a callback about it names no attempt, not more often than allowed', async () => {
		let ended = false;
		const one = stage({ clock, poll: (sid) => Promise.resolve(ended ? polledEnd(sid) : null) });
		await one.tracker.start();
		await one.tracker.begin(begin());
		await one.tracker.placed('a1', placedCall('s1'), 'response');
		for (let i = 0; i < 100; i += 1) await one.tracker.received(eventOf('s1', 'terminal'), null);
		await clock.advance(0);
		assert.deepEqual([one.polls.length, typesOf(one)], [1, ['placed']], 'a forged end ends nothing');
		ended = true;
		await clock.advance(10_000);
		assert.deepEqual([one.polls.length, typesOf(one)], [2, ['placed', 'ended']]);
		await one.tracker.received(eventOf('s1', 'terminal'), null);
		assert.deepEqual(typesOf(one), ['placed', 'ended'], 'the end of our call comes once, however it is reported');
	});

	it('polls at once when a callback names the attempt but no status', async () => {
		const one = stage({ clock, poll: (sid) => Promise.resolve(polledEnd(sid)) });
		await one.tracker.start();
		await one.tracker.begin(begin());
		await one.tracker.placed('a1', placedCall('s1'), 'response');
		await one.tracker.received(eventOf('s1', 'dial'), 'a1');
		await clock.advance(0);
		assert.deepEqual([one.polls.length, one.announced.at(-1)?.type], [1, 'ended']);
	});

	it('passes on what happens to agents, and neither places, settles, polls nor ends a call by it', async () => {
		const one = stage({ clock });
		await one.tracker.start();
		const agent = (type: AgentEvent['type'], at: string): AgentEvent => ({
			...eventOf('s1', 'dial'),
			id: `s1:${type}:-:-:${at}`,
			type,
			source: 'agent-passthru',
			agentNumber: null,
			agentStatus: type === 'agent-busy' ? 'busy' : 'free',
			agentStep: null,
		});
		await one.tracker.begin({ ...begin(), context: { order: 1 } });
		await one.tracker.received(agent('agent-busy', '2026-11-21T10:00:00Z'), 'a1');
		assert.deepEqual(typesOf(one), ['progress'], 'the call is not known to be placed by it');
		await one.tracker.placed('a1', placedCall('s1'), 'response');
		await clock.advance(0);
		const before = one.polls.length;
		for (const attempt of ['a1', null, 'x1'])
			await one.tracker.received(agent('agent-busy', '2026-11-21T10:00:01Z'), attempt);
		await clock.advance(0);
		await one.tracker.received(eventOf('s1', 'terminal'), 'a1');
		for (const type of ['agent-free', 'agent-free', 'agent-busy'] as const)
			await one.tracker.received(agent(type, '2026-11-21T10:00:02Z'), null);
		await one.tracker.received(agent('agent-busy', '2026-11-21T10:00:01Z'), null);
		assert.equal(one.polls.length, before);
		assert.deepEqual(
			one.announced.map((said) => [
				said.type,
				said.attemptId,
				said.type === 'progress' || said.type === 'ended' ? said.event.type : null,
				said.context,
			]),
			[
				['progress', null, 'agent-busy', {}],
				['placed', 'a1', null, { order: 1 }],
				['progress', 'a1', 'agent-busy', { order: 1 }],
				['ended', 'a1', 'terminal', { order: 1 }],
				['progress', 'a1', 'agent-free', {}],
			],
		);
	});

	it('says of an agent event which way the call goes, where a pass-through cannot', async () => {
		const one = stage({ clock });
		const ringing = (sid: string): AgentEvent => {
			const event = eventOf(sid, 'dial');
			const call = { ...event.call, direction: 'inbound' as const };
			const facts = { agentNumber: null, agentStatus: 'busy', agentStep: null } as const;
			return { ...event, call, id: `${sid}:busy`, type: 'agent-busy', source: 'agent-passthru', ...facts };
		};
		await one.tracker.begin(begin());
		await one.tracker.placed('a1', placedCall('s1'), 'response');
		for (const sid of ['s1', 's2']) await one.tracker.received(ringing(sid), null);
		const said = one.announced.flatMap((each) => (each.type === 'progress' ? [each.event.call.direction] : []));
		assert.deepEqual(said, ['outbound', 'inbound']);
	});

	it("passes on the events of somebody else's call, once and in order", async () => {
		const one = stage({ clock });
		await one.tracker.begin(begin());
		await one.tracker.placed('a1', placedCall('s1'), 'response');
		for (const type of ['answered', 'ringing', 'terminal', 'terminal', 'answered'] as const) {
			await one.tracker.received(eventOf('s2', type), null);
		}
		assert.deepEqual(
			one.announced.map(({ type, attemptId }) => `${type} ${attemptId}`),
			['placed a1', 'progress null', 'ended null'],
		);
		assert.equal(one.tracker.openCalls, 1);
	});

	it('announces conflicting SIDs as unknown; after the end it warns', async () => {
		for (const type of ['ringing', 'terminal'] as const) {
			const one = stage({ clock });
			await one.tracker.begin(begin());
			await one.tracker.received(eventOf('s1', type), 'a1');
			await one.tracker.placed('a1', placedCall('s2'), 'response');
			const last = one.announced.at(-1);
			if (type === 'ringing') {
				assert.ok(last?.type === 'unknown');
				assert.deepEqual([last.reason, last.callSids], ['conflicting-call-sids', ['s1', 's2']]);
			} else {
				assert.equal(last?.type, 'ended');
				assert.deepEqual(one.warnings, [
					{ code: 'conflicting-call-sids', attemptId: 'a1', callSids: ['s1', 's2'] },
				]);
			}
			assert.equal(one.tracker.openCalls, 0);
		}
	});

	it('forgets a refused attempt, unless a callback has named it', async () => {
		const one = stage({ clock });
		await one.tracker.begin(begin('a1'));
		await one.tracker.refused('a1');
		assert.deepEqual([one.memory.size, one.tracker.openCalls], [0, 0]);
		await one.tracker.begin(begin('a2'));
		await one.tracker.received(eventOf('s2', 'ringing'), 'a2');
		await one.tracker.refused('a2');
		assert.equal(one.tracker.openCalls, 1);
	});

	it('polls in growing intervals while polls fail, and announces an end that nobody can find after five hours', async () => {
		const failing = () => Promise.reject(new ExotelError('exotel', 'down'));
		const one = stage({ clock, poll: failing, pollAfterMs: (count) => Math.min(1.5 ** count * 60_000, HOUR / 2) });
		await one.tracker.start();
		await one.tracker.begin(begin());
		await one.tracker.placed('a1', placedCall('s1'), 'response');
		await clock.advance(5 * HOUR - 1);
		assert.deepEqual(typesOf(one), ['placed']);
		await clock.advance(1000);
		const last = one.announced.at(-1);
		assert.ok(last?.type === 'unknown' && one.polls.at(-1)?.time === last.time, 'polled once more before');
		assert.deepEqual([last.reason, last.call.sid], ['no-end-found', 's1']);
		await clock.advance(5 * HOUR);
		assert.deepEqual([typesOf(one), one.tracker.openCalls], [['placed', 'unknown'], 0]);
		await one.tracker.received(eventOf('s1', 'terminal'), 'a1');
		assert.equal(one.announced.at(-1)?.type, 'ended', 'a callback that comes after all is not lost');
	});

	describe('in several processes that share a store', () => {
		it('lets another one take the callbacks, ends the call once, and polls no more', async () => {
			const shared = new SharedStore();
			const [one, two] = [stage({ clock, shared }), stage({ clock, shared })];
			await one.tracker.start();
			await two.tracker.start();
			await one.tracker.begin(begin());
			await one.tracker.placed('a1', placedCall('s1'), 'response');
			await two.tracker.received(eventOf('s1', 'answered'), 'a1');
			await two.tracker.received(eventOf('s1', 'terminal'), 'a1');
			await one.tracker.received(eventOf('s1', 'terminal'), 'a1');
			await clock.advance(HOUR);
			assert.deepEqual([typesOf(one), typesOf(two)], [['placed'], ['progress', 'ended']]);
			assert.deepEqual(
				two.announced[1]?.context,
				{ order: 4711 },
				'what the request carried is known here as well',
			);
			assert.deepEqual([one.polls, two.polls], [[], []]);
		});

		it('leaves polling to the one that placed the call', async () => {
			const shared = new SharedStore();
			const [one, two] = [stage({ clock, shared }), stage({ clock, shared, pollAfterMs: () => 4_000 })];
			await one.tracker.start();
			await two.tracker.start();
			await one.tracker.begin(begin());
			await one.tracker.placed('a1', placedCall('s1'), 'response');
			await two.tracker.received(eventOf('s1', 'answered'), 'a1');
			await clock.advance(HOUR);
			assert.ok(one.polls.length > 0);
			assert.equal(two.polls.length, 0);
		});
	});

	describe('after a restart', () => {
		it('polls every open call, jittered, and ends it once', async () => {
			const shared = new SharedStore();
			const before = stage({ clock, shared });
			for (const n of [1, 2, 3]) {
				await before.tracker.begin(begin(`a${n}`));
				await before.tracker.placed(`a${n}`, placedCall(`s${n}`), 'response');
			}
			let random = 0;
			const after = stage({
				clock,
				shared,
				poll: (sid) => Promise.resolve(polledEnd(sid)),
				random: () => (random += 0.25),
			});
			await after.tracker.start();
			await clock.advance(20_000);
			assert.deepEqual(typesOf(after), ['ended', 'ended', 'ended'], 'at once: callbacks may have been missed');
			assert.equal(new Set(after.polls.map(({ time }) => time)).size, 3);
			assert.deepEqual(after.announced[0]?.context, { order: 4711 });
		});

		it('announces an attempt without SID as restarted once its response cannot come any more', async () => {
			const shared = new SharedStore();
			await stage({ clock, shared }).tracker.begin(begin());
			const after = stage({ clock, shared });
			await after.tracker.start();
			await clock.advance(RESPONSE_WAIT_MS - 10_000);
			assert.deepEqual(typesOf(after), []);
			await clock.advance(30_000);
			const [unknown] = after.announced;
			assert.ok(unknown?.type === 'unknown');
			assert.deepEqual([unknown.reason, unknown.context], ['restarted', { order: 4711 }]);
		});

		it('takes up the open calls of a store that could not be read when it was started', async () => {
			const shared = new SharedStore();
			const before = stage({ clock, shared });
			await before.tracker.begin(begin());
			await before.tracker.placed('a1', placedCall('s1'), 'response');
			const entries = shared.entries.bind(shared);
			shared.entries = () => Promise.reject(new Error('not now'));
			const after = stage({ clock, shared, poll: (sid) => Promise.resolve(polledEnd(sid)) });
			await after.tracker.start();
			assert.equal(after.tracker.openCalls, 0);
			shared.entries = entries;
			await clock.advance(HOUR);
			assert.deepEqual(typesOf(after), ['ended']);
		});

		it('announces no attempt as restarted that still waits for its turn elsewhere', async () => {
			const shared = new SharedStore();
			const one = stage({ clock, shared });
			await one.tracker.begin(begin());
			await one.tracker.delayed('a1', 2 * HOUR);
			const after = stage({ clock, shared });
			await after.tracker.start();
			await clock.advance(2 * HOUR);
			assert.deepEqual(typesOf(after), []);
			await one.tracker.placed('a1', placedCall('s1'), 'response');
			assert.deepEqual(typesOf(one), ['placed']);
		});

		it('polls an unknown call that a callback has named, also when it is restarted again', async () => {
			const shared = new SharedStore();
			const before = stage({ clock, shared });
			await before.tracker.begin(begin());
			await before.tracker.unknown(begin(), 'timeout');
			await before.tracker.received(eventOf('s1', 'answered'), 'a1');
			const after = stage({ clock, shared, poll: (sid) => Promise.resolve(polledEnd(sid)) });
			await after.tracker.start();
			await clock.advance(120_000);
			assert.deepEqual(typesOf(after), ['ended']);
		});

		it('leaves attempts known from callbacks alone to whoever placed them', async () => {
			const shared = new SharedStore();
			await stage({ clock, shared }).tracker.received(eventOf('s1', 'answered'), 'elsewhere');
			const after = stage({ clock, shared });
			await after.tracker.start();
			await clock.advance(HOUR);
			assert.deepEqual([after.polls, after.announced], [[], []]);
		});
	});

	describe('its store', () => {
		for (const mode of ['fails', 'hangs'] as const) {
			it(`may ${mode.slice(0, -1)}: events still leave within a second, and what it missed is written later`, async () => {
				const shared = new SharedStore();
				const one = stage({ clock, shared });
				await one.tracker.start();
				shared.mode = mode;
				void one.tracker.begin(begin());
				void one.tracker.placed('a1', placedCall('s1'), 'response');
				await clock.advance(2_000);
				const arrived = clock.now();
				void one.tracker.received(eventOf('s1', 'terminal'), 'a1');
				await clock.advance(1_000);
				const end = one.announced.at(-1);
				assert.ok(end?.type === 'ended' && end.time - arrived <= 1_000);
				assert.equal(one.warnings.filter(({ code }) => code === 'store-failed').length, 1);
				shared.mode = 'works';
				await clock.advance(11 * 60_000);
				const after = stage({ clock, shared });
				await after.tracker.start();
				await after.tracker.received(eventOf('s1', 'terminal'), 'a1');
				assert.deepEqual(typesOf(after), [], 'the end is not announced a second time');
			});
		}

		it('is bounded in bytes: the oldest make room, with a warning', async () => {
			const one = stage({ clock, maxBytes: 50_000 });
			for (let n = 0; n < 500; n += 1) await one.tracker.received(eventOf(`s${n}`, 'answered'), null);
			assert.ok(one.memory.bytes <= 50_000, `${one.memory.bytes} bytes`);
			await clock.advance(60_000);
			for (let n = 500; n < 600; n += 1) await one.tracker.received(eventOf(`s${n}`, 'answered'), null);
			assert.deepEqual(
				one.warnings.map(({ code }) => code),
				['store-full', 'store-full'],
			);
		});

		it('keeps what another process wrote while one of its own writes had failed', async () => {
			const shared = new SharedStore();
			const [one, other] = [stage({ clock, shared }), stage({ clock, shared })];
			await one.tracker.start();
			await one.tracker.begin(begin());
			shared.mode = 'fails';
			await one.tracker.placed('a1', placedCall('s1'), 'response');
			shared.mode = 'works';
			await other.tracker.received(eventOf('s1', 'terminal'), 'a1');
			await clock.advance(660_000);
			await one.tracker.received(eventOf('s1', 'terminal'), 'a1');
			assert.equal([...typesOf(one), ...typesOf(other)].filter((type) => type === 'ended').length, 1);
		});

		it('drops calls of others before open ones of its own', async () => {
			const one = stage({ clock, maxBytes: 40_000 });
			await one.tracker.start();
			await one.tracker.begin(begin());
			await one.tracker.placed('a1', placedCall('s1'), 'response');
			for (let n = 0; n < 200; n += 1) await one.tracker.received(eventOf(`other${n}`, 'answered'), null);
			await one.tracker.received(eventOf('s1', 'terminal'), 'a1');
			assert.deepEqual(one.announced.at(-1)?.context, { order: 4711 });
		});

		it('drops what made-up attempts left before calls of others and its own, and keeps little of it', async () => {
			const one = stage({ clock, maxBytes: 400_000 });
			await one.tracker.start();
			await one.tracker.begin(begin());
			await one.tracker.placed('a1', placedCall('s1'), 'response');
			await one.tracker.received(eventOf('other', 'answered'), null);
			const long = 'x'.repeat(4_096);
			for (let n = 0; n < 300; n += 1) {
				const event = eventOf(`f${n}`, n % 2 === 0 ? 'answered' : 'dial');
				const texts = { customField: long, recordingUrl: long, directionWord: long, exoPhone: long, to: long };
				Object.assign(event.call, texts);
				await one.tracker.received(event, `made up ${n}`);
			}
			assert.ok(one.memory.bytes <= 110_000, `${one.memory.bytes} bytes, a quarter and the calls known before`);
			await clock.advance(60_000);
			assert.ok(one.polls.some(({ sid }) => sid === 's1'));
			await one.tracker.received(eventOf('other', 'answered'), null);
			await one.tracker.received(eventOf('s1', 'terminal'), 'a1');
			const { type, context } = one.announced.at(-1) ?? {};
			assert.deepEqual([type, context], ['ended', { order: 4711 }]);
			const others = one.announced.filter((each) => each.type === 'progress' && each.attemptId === null);
			assert.equal(others.length, 1, 'the call of others is still known');
		});

		it('bounds the number of attempts known from callbacks alone, and forgets the oldest of them first', async () => {
			const one = stage({ clock });
			for (let n = 0; n < 6_000; n += 1) await one.tracker.received(eventOf(`f${n}`, 'terminal'), `made up ${n}`);
			assert.ok(one.memory.size <= 10_000, `${one.memory.size} records`);
			const before = one.announced.length;
			await one.tracker.received(eventOf('f5999', 'terminal'), 'made up 5999');
			assert.equal(one.announced.length, before, 'the last one is still known');
		});

		it('keeps little of a call of others that says too much, and still announces each event once', async () => {
			const one = stage({ clock });
			const event = eventOf('s1', 'answered');
			for (const field of ['customField', 'recordingUrl', 'directionWord', 'exoPhone'] as const)
				event.call[field] = 'x'.repeat(4_096);
			for (let n = 0; n < 3; n += 1) await one.tracker.received(event, null);
			assert.equal(one.announced.length, 1);
			assert.ok(one.memory.bytes < 1_000, `${one.memory.bytes} bytes`);
		});

		it('forgets by time, without being read', async () => {
			const one = stage({ clock });
			await one.tracker.start();
			for (let n = 0; n < 20; n += 1) await one.tracker.received(eventOf(`s${n}`, 'terminal'), null);
			for (let n = 20; n < 30; n += 1) await one.tracker.received(eventOf(`s${n}`, 'answered'), null);
			await clock.advance(25.5 * HOUR);
			assert.equal(one.memory.size, 30);
			await clock.advance(HOUR);
			assert.deepEqual([one.memory.size, one.memory.bytes], [0, 0]);
		});
	});

	it('polls no more after stop, and takes callbacks all the same', async () => {
		const one = stage({ clock });
		await one.tracker.start();
		await one.tracker.begin(begin());
		await one.tracker.placed('a1', placedCall('s1'), 'response');
		one.tracker.stop();
		await clock.advance(HOUR);
		assert.equal(one.polls.length, 0);
		await one.tracker.received(eventOf('s1', 'answered'), 'a1');
		assert.deepEqual(typesOf(one), ['placed', 'progress']);
		await one.tracker.start();
		await settle();
		await clock.advance(0);
		assert.equal(one.polls.length, 1);
		one.tracker.stop();
	});

	it('remembers when it was first started', async () => {
		const shared = new SharedStore();
		const first = clock.now();
		const began = { since: first, readUntil: first, fullScanAt: first, emitted: {} };
		assert.deepEqual(await stage({ clock, shared }).tracker.search.start(), began);
		await clock.advance(HOUR);
		const { tracker } = stage({ clock, shared });
		assert.deepEqual(await tracker.search.start(), began);
		const later = { ...began, readUntil: clock.now(), fullScanAt: clock.now() };
		await tracker.search.done(later);
		await clock.advance(48 * HOUR);
		assert.deepEqual(await stage({ clock, shared }).tracker.search.start(), later);
	});
});
