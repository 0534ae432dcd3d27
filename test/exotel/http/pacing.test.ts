/**
 * The pacer: never more than the limit in any minute, first come first served, nobody waits for a turn that is of no
 * use.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ExotelError } from '../../../exotel/index';
import { createPacer, type Pacer } from '../../../exotel/http/pacing';
import { HandClock, settle } from '../hand-clock';
import { runs } from '../samples';

/** Takes turns and notes when each was given. */
function taker(pacer: Pacer, clock: HandClock) {
	const given: string[] = [];
	const start = clock.now();
	return {
		given,
		take: (name: string, ...args: Parameters<Pacer['take']>) =>
			pacer.take(...args).then(
				() => given.push(`${name}@${clock.now() - start}`),
				(reason: unknown) =>
					given.push(
						`${name}!${reason instanceof ExotelError ? reason.kind : String((reason as Error).message)}`,
					),
			),
	};
}

describe('pacing', () => {
	for (const hours of [-1, 1])
		it(`does not care that the time of day is set by ${hours} h`, async () => {
			const clock = new HandClock();
			const pacer = createPacer({ clock, perMinute: 1 });
			const start = clock.elapsed();
			await pacer.take();
			clock.set(hours * 3_600_000);
			let given = -1;
			void pacer.take().then(() => (given = clock.elapsed() - start));
			await clock.finish();
			assert.equal(given, 60_000);
			clock.set(hours * 3_600_000);
			const until = clock.elapsed() + 60_000;
			const waits: number[] = [];
			void pacer.take(undefined, { until, onWait: (ms) => waits.push(ms) });
			assert.deepEqual(waits, [60_000]);
			await clock.finish();
		});

	it('lets 200 through at once and the next after a minute', async () => {
		const clock = new HandClock();
		const pacer = createPacer({ clock });
		const { given, take } = taker(pacer, clock);
		for (let n = 1; n <= 201; n++) void take(String(n));
		await settle();
		assert.equal(given.length, 200);
		assert.equal(pacer.waiting, 1);
		assert.deepEqual(clock.slept, [60_000]);
		await clock.advance(59_999);
		assert.equal(given.length, 200);
		await clock.advance(1);
		assert.equal(given[200], '201@60000');
		assert.equal(pacer.waiting, 0);
		assert.equal(clock.sleeping, 0);
	});

	it('gives turns in the order they were asked for, as the oldest turns pass out of the minute', async () => {
		const clock = new HandClock();
		const { given, take } = taker(createPacer({ perMinute: 2, clock }), clock);
		void take('a');
		await clock.advance(10_000);
		for (const name of ['b', 'c', 'd', 'e']) void take(name);
		await clock.finish();
		assert.deepEqual(given, ['a@0', 'b@10000', 'c@60000', 'd@70000', 'e@120000']);
	});

	it('tells how long the wait will be, for any place in the queue', async () => {
		const clock = new HandClock();
		const pacer = createPacer({ perMinute: 2, clock });
		const told: number[] = [];
		const onWait = (ms: number) => told.push(ms);
		await pacer.take(undefined, { onWait });
		await clock.advance(10_000);
		const all = Array.from({ length: 6 }, () => pacer.take(undefined, { onWait }));
		assert.deepEqual(told, [50_000, 60_000, 110_000, 120_000, 170_000]);
		await clock.finish();
		await Promise.all(all);
		assert.equal(clock.now() - Date.parse('2026-11-21T10:00:00Z'), 180_000);
	});

	it('never gives more than the limit in any 60 seconds, and never idles while it could give', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.integer({ min: 1, max: 5 }),
				fc.array(fc.integer({ min: 0, max: 30_000 }), { minLength: 1, maxLength: 30 }),
				async (perMinute, gaps) => {
					const clock = new HandClock(0);
					const pacer = createPacer({ perMinute, clock });
					const asked: number[] = [];
					const given: number[] = [];
					for (const gap of gaps) {
						await clock.advance(gap);
						asked.push(clock.now());
						void pacer.take().then(() => given.push(clock.now()));
					}
					await clock.finish();
					assert.equal(given.length, gaps.length);
					// The plainest statement of the rule: each as early as its asking and the limit allow.
					const expected: number[] = [];
					for (const [n, at] of asked.entries())
						expected.push(
							Math.max(
								at,
								expected[n - 1] ?? 0,
								n < perMinute ? 0 : (expected[n - perMinute] as number) + 60_000,
							),
						);
					assert.deepEqual(given, expected);
				},
			),
			{ numRuns: Math.min(1000, runs.numRuns) },
		);
	});

	describe('of polls', () => {
		/** The minutes in which turns were given, by what they were for. */
		function counter(perMinute: number) {
			const clock = new HandClock();
			const pacer = createPacer({ clock, perMinute });
			const start = clock.now();
			const given: Record<string, number>[] = [];
			const order: string[] = [];
			const take = (kind: 'poll' | 'call'): void =>
				void pacer.take(undefined, { isPoll: kind === 'poll' }).then(() => {
					order.push(kind);
					const minute = (given[Math.floor((clock.now() - start) / 60_000)] ??= {});
					minute[kind] = (minute[kind] ?? 0) + 1;
				});
			return { clock, pacer, given, order, take };
		}

		it('has every second one for them while calls are to be placed', async () => {
			const { clock, given, order, take } = counter(10);
			for (let n = 0; n < 40; n++) take('call');
			for (let n = 0; n < 8; n++) take('poll');
			await clock.finish();
			assert.deepEqual(given, [
				{ call: 10 },
				{ call: 5, poll: 5 },
				{ call: 7, poll: 3 },
				{ call: 10 },
				{ call: 8 },
			]);
			assert.deepEqual(order.slice(10, 14), ['poll', 'call', 'poll', 'call']);
		});

		it('never has more than half of a minute for them, and a call at once in the other half', async () => {
			const { clock, given, take } = counter(10);
			for (let n = 0; n < 12; n++) take('poll');
			await settle();
			for (let n = 0; n < 5; n++) take('call');
			await settle();
			assert.deepEqual(given, [{ poll: 5, call: 5 }]);
			await clock.advance(30_000);
			await clock.finish();
			assert.deepEqual(given, [{ poll: 5, call: 5 }, { poll: 5 }, { poll: 2 }]);
		});

		it('wakes for a call while it sleeps until the next poll', async () => {
			const { clock, order, take } = counter(2);
			take('poll');
			take('poll');
			await clock.advance(1000);
			take('call');
			await settle();
			assert.deepEqual(order, ['poll', 'call']);
			await clock.finish();
			assert.deepEqual(order, ['poll', 'call', 'poll']);
		});

		it('finds room for them where calls are too many', async () => {
			const clock = new HandClock();
			const pacer = createPacer({ clock, perMinute: 1, maxWaiting: 3 });
			const { given, take } = taker(pacer, clock);
			for (const name of ['first', 'a', 'b', 'c', 'd']) void take(name);
			void take('poll', undefined, { isPoll: true });
			await settle();
			assert.deepEqual(given, ['first@0', 'd!rate-limit']);
			await clock.finish();
			assert.deepEqual(given.slice(2), ['poll@60000', 'a@120000', 'b@180000', 'c@240000']);
		});

		it('tells them and calls how long the wait will be', async () => {
			const clock = new HandClock();
			const pacer = createPacer({ clock, perMinute: 2 });
			const told: [string, number][] = [];
			const given: [string, number][] = [];
			const start = clock.now();
			const take = (name: string, isPoll: boolean): void =>
				void pacer
					.take(undefined, { isPoll, onWait: (ms) => told.push([name, ms]) })
					.then(() => given.push([name, clock.now() - start]));
			for (const name of ['x', 'y', 'a', 'b', 'c']) take(name, false);
			for (const name of ['p', 'q']) take(name, true);
			await clock.finish();
			// Who came before does not know of those who have every second turn.
			assert.deepEqual(told, [
				['a', 60_000],
				['b', 60_000],
				['c', 120_000],
				['p', 60_000],
				['q', 120_000],
			]);
			assert.deepEqual(given.slice(2), [
				['p', 60_000],
				['a', 60_000],
				['q', 120_000],
				['b', 120_000],
				['c', 180_000],
			]);
		});
	});

	it('gives the turn of one who gave up to the next', async () => {
		const clock = new HandClock();
		const pacer = createPacer({ perMinute: 1, clock });
		const { given, take } = taker(pacer, clock);
		const stop = new AbortController();
		void take('a');
		void take('b', stop.signal);
		void take('c', new AbortController().signal);
		await settle();
		assert.equal(pacer.waiting, 2);
		stop.abort(new Error('closed'));
		await settle();
		assert.equal(pacer.waiting, 1);
		await clock.finish();
		assert.deepEqual(given, ['a@0', 'b!closed', 'c@60000']);
		stop.abort(new Error('again'));
		assert.equal(pacer.waiting, 0);
	});

	it('wakes nobody for nothing: with the last waiter gone no sleep is left', async () => {
		const clock = new HandClock();
		const pacer = createPacer({ perMinute: 1, clock });
		const { given, take } = taker(pacer, clock);
		const stop = new AbortController();
		void take('a');
		void take('b', stop.signal);
		await settle();
		assert.equal(clock.sleeping, 1);
		stop.abort(new Error('closed'));
		await settle();
		assert.equal(clock.sleeping, 0);
		assert.equal(pacer.waiting, 0);
		await clock.advance(60_000);
		void take('c');
		await settle();
		assert.deepEqual(given, ['a@0', 'b!closed', 'c@60000']);
	});

	it('takes nobody who has already given up, and lets go of the signal afterwards', async () => {
		const clock = new HandClock();
		const pacer = createPacer({ perMinute: 1, clock });
		await assert.rejects(pacer.take(AbortSignal.abort(new Error('gone'))), /gone/);
		const { given, take } = taker(pacer, clock);
		const stop = new AbortController();
		void take('a');
		void take('b', stop.signal);
		await clock.finish();
		stop.abort(new Error('too late'));
		await settle();
		assert.deepEqual(given, ['a@0', 'b@60000']);
		assert.equal(pacer.waiting, 0);
	});

	it('refuses at once a turn that would come too late', async () => {
		const clock = new HandClock();
		const pacer = createPacer({ perMinute: 1, clock });
		await pacer.take();
		await assert.rejects(pacer.take(undefined, { until: clock.now() + 59_999 }), (error: ExotelError) => {
			assert.deepEqual([error.kind, error.retryable, error.retryAfterMs], ['rate-limit', true, 60_000]);
			assert.match(error.message, /limit of 1 requests a minute is used up.*wait 60 s, with 0 others before it/);
			assert.match(error.hint, /fewer requests/);
			return true;
		});
		assert.equal(pacer.waiting, 0);
		const inTime = pacer.take(undefined, { until: clock.now() + 60_000 });
		await clock.finish();
		await inTime;
	});

	it('holds only so many', async () => {
		const clock = new HandClock();
		const pacer = createPacer({ perMinute: 1, maxWaiting: 2, clock });
		const { given, take } = taker(pacer, clock);
		for (const name of ['a', 'b', 'c', 'd']) void take(name);
		await settle();
		assert.deepEqual(given, ['a@0', 'd!rate-limit']);
		await clock.finish();
		assert.deepEqual(given, ['a@0', 'd!rate-limit', 'b@60000', 'c@120000']);
		const usual = createPacer({ perMinute: 1, clock });
		for (let n = 0; n < 2001; n++) usual.take().catch(() => undefined);
		await assert.rejects(usual.take(), /2000 others before it/);
	});

	it('lets nobody through during a pause Exotel asked for', async () => {
		const clock = new HandClock();
		const pacer = createPacer({ perMinute: 2, clock });
		const { given, take } = taker(pacer, clock);
		pacer.pause(5000);
		pacer.pause(1000);
		for (const name of ['a', 'b', 'c']) void take(name);
		await clock.advance(4999);
		assert.deepEqual(given, []);
		pacer.pause(3000);
		await clock.finish();
		assert.deepEqual(given, ['a@7999', 'b@7999', 'c@67999']);
		pacer.pause(-1);
		await clock.advance(60_000);
		void take('d');
		await settle();
		assert.equal(given[3], `d@${clock.now() - Date.parse('2026-11-21T10:00:00Z')}`);
	});

	it('counts a pause in the wait it tells and in what is too late', async () => {
		const clock = new HandClock();
		const pacer = createPacer({ perMinute: 1, clock });
		pacer.pause(5000);
		const told: number[] = [];
		void pacer.take(undefined, { onWait: (ms) => told.push(ms) });
		void pacer.take(undefined, { onWait: (ms) => told.push(ms) });
		assert.deepEqual(told, [5000, 65_000]);
		await assert.rejects(
			pacer.take(undefined, { until: clock.now() + 124_999 }),
			(error: ExotelError) => error.retryAfterMs === 125_000,
		);
		await clock.finish();
	});

	it('survives many who give up while one waits', async () => {
		const clock = new HandClock();
		const pacer = createPacer({ perMinute: 1, clock });
		const { given, take } = taker(pacer, clock);
		void take('a');
		void take('b');
		for (let n = 0; n < 5000; n++) {
			const stop = new AbortController();
			pacer.take(stop.signal).catch(() => undefined);
			stop.abort(new Error('x'));
		}
		void take('c');
		assert.equal(pacer.waiting, 2);
		await clock.finish();
		assert.deepEqual(given, ['a@0', 'b@60000', 'c@120000']);
	});

	it('keeps giving turns in order over thousands, without ever being empty', async () => {
		const clock = new HandClock();
		const pacer = createPacer({ perMinute: 100, clock });
		const order: number[] = [];
		for (let n = 0; n < 3100; n++) {
			void pacer.take().then(() => order.push(n));
			if (n % 100 === 99 && n > 1000) await clock.advance(60_000);
		}
		await clock.finish();
		assert.deepEqual(
			order,
			Array.from({ length: 3100 }, (_, n) => n),
		);
	});

	it('does not hang on a clock whose sleep ends early or at once', async () => {
		let sleeps = 0;
		const clock = {
			now: () => 0,
			elapsed: () => 0,
			sleep: () => {
				sleeps++;
				return Promise.resolve();
			},
		};
		const pacer = createPacer({ perMinute: 1, clock });
		for (let n = 0; n < 3; n++) await pacer.take();
		assert.equal(sleeps, 2);
		const broken = createPacer({
			perMinute: 1,
			clock: { now: () => 0, elapsed: () => 0, sleep: () => Promise.reject(new Error('no timers here')) },
		});
		await broken.take();
		await broken.take();
	});

	it('takes a limit below 1 as 1 and one that is no number as 200', async () => {
		for (const [perMinute, expected] of [
			[0, 1],
			[-3, 1],
			[2.9, 2],
			[Number.NaN, 200],
			[Number.POSITIVE_INFINITY, 200],
		] as const) {
			const clock = new HandClock();
			const pacer = createPacer({ perMinute, clock });
			for (let n = 0; n < 201; n++) pacer.take().catch(() => undefined);
			assert.equal(201 - pacer.waiting, expected, String(perMinute));
			await settle();
		}
	});
});
