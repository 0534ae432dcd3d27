/** The time of day is set forward while calls run, as by a computer without a clock of its own after its start. */
import assert from 'node:assert/strict';
import { pollAfterMs } from '../../../exotel/tracking/poll-scheduler';
import { eventOf, placedCall, polledEnd, SharedStore, stage, type Stage } from './stage';
import { VirtualClock } from './virtual-clock';

const HOUR_MS = 3_600_000;

/** A clock whose time of day can be set. */
class SettableClock extends VirtualClock {
	ahead = 0;
	override now(): number {
		return super.now() + this.ahead;
	}
}

const told = (one: Stage): unknown[] => one.announced.map(({ type, context }) => [type, context]);

describe('the time of day, set forward during a call', () => {
	for (const hours of [6, 30, 24 * 365 * 50])
		for (const callbacks of [true, false])
			for (const when of ['while it is requested', 'while it runs'] as const)
				it(`by ${hours} h ${when} loses nothing, ${callbacks ? 'with' : 'without'} callbacks`, async () => {
					const clock = new SettableClock();
					const shared = new SharedStore();
					let hasEnded = false;
					const one = stage({
						...{ clock, shared },
						pollAfterMs: (count) => pollAfterMs(count, callbacks ? 300_000 : null),
						poll: (sid) => Promise.resolve(hasEnded ? polledEnd(sid) : null),
					});
					await one.tracker.start();
					await one.tracker.begin({ attemptId: 'a1', api: 'v1', context: { order: 7 } });
					if (when === 'while it is requested') clock.ahead = hours * HOUR_MS;
					await one.tracker.placed('a1', placedCall('s1'), 'details');
					await clock.advance(10_000);
					clock.ahead = hours * HOUR_MS;
					await clock.advance(2 * HOUR_MS);
					assert.equal(one.tracker.openCalls, 1, 'it is followed');
					const polls = one.polls.length;
					await clock.advance(60_000);
					assert.ok(one.polls.length - polls <= 2, 'and not asked about all the time');
					hasEnded = true;
					if (callbacks) await one.tracker.received(eventOf('s1', 'terminal'), 'a1');
					await clock.advance(10 * 60_000);
					assert.deepEqual(told(one), [
						['placed', { order: 7 }],
						['ended', { order: 7 }],
					]);
					assert.deepEqual(one.warnings, []);
				});

	it('lets a call whose end nobody finds end as unknown after five hours all the same', async () => {
		const clock = new SettableClock();
		const one = stage({ clock, poll: () => Promise.resolve(null) });
		await one.tracker.start();
		await one.tracker.begin({ attemptId: 'a1', api: 'v1' });
		await one.tracker.placed('a1', placedCall('s1'), 'details');
		clock.ahead = 30 * HOUR_MS;
		await clock.advance(4.9 * HOUR_MS);
		assert.equal(one.announced.length, 1);
		await clock.advance(0.2 * HOUR_MS);
		assert.deepEqual(
			one.announced.map(({ type }) => type),
			['placed', 'unknown'],
		);
	});

	it('is taken up from the store after a restart', async () => {
		const clock = new SettableClock();
		const shared = new SharedStore();
		const poll = (sid: string) => Promise.resolve(clock.elapsed() > start + HOUR_MS ? polledEnd(sid) : null);
		const start = clock.elapsed();
		const one = stage({ clock, shared, poll });
		await one.tracker.start();
		await one.tracker.begin({ attemptId: 'a1', api: 'v1', context: { order: 7 } });
		await one.tracker.placed('a1', placedCall('s1'), 'details');
		clock.ahead = 30 * HOUR_MS;
		await clock.advance(30 * 60_000);
		one.tracker.stop();
		const after = stage({ clock, shared, poll });
		await after.tracker.start();
		await clock.advance(HOUR_MS);
		assert.deepEqual(told(after), [['ended', { order: 7 }]]);
	});
});
