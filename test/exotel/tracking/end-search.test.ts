/** The search for ended calls of a tracker: an end that came out once does not come out again, however long the pause. */
import assert from 'node:assert/strict';
import { emptyCall, type Call } from '../../../exotel/call/call';
import { missedEnd } from '../../../exotel/tracking/missed-ends';
import { eventOf, SharedStore, stage, typesOf, type Stage } from './stage';
import { VirtualClock } from './virtual-clock';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A call that has ended; times in ms since 1970. */
interface Ended {
	sid: string;
	createdAt: number;
	endedAt: number;
}

describe('the search for ended calls, after a pause', () => {
	let clock: VirtualClock;
	let shared: SharedStore;
	beforeEach(() => {
		clock = new VirtualClock();
		shared = new SharedStore();
	});

	async function search(one: Stage, calls: Ended[]): Promise<void> {
		const now = clock.now();
		const from = await one.tracker.search.start();
		const windowFrom = Math.min(from.searchedUntil, now) - 5 * HOUR;
		for (const { sid, ...times } of calls.filter((call) => call.createdAt >= windowFrom && call.endedAt <= now)) {
			const call: Call = {
				...{ ...emptyCall(sid, 'v1'), state: 'ended', outcome: 'answered' },
				...{
					createdAt: new Date(times.createdAt).toISOString(),
					endedAt: new Date(times.endedAt).toISOString(),
				},
			};
			const rule = { since: from.since, now, graceMs: 2 * MINUTE, timeZone: 'Asia/Kolkata' };
			const event = missedEnd(call, {}, rule);
			if (event !== null) await one.tracker.received(event, null);
		}
		await one.tracker.search.done(now, from);
	}

	/** A callback reports the end of a call of a minute. */
	async function ends(one: Stage, sid: string): Promise<Ended> {
		await one.tracker.received(eventOf(sid, 'terminal'), null);
		return { sid, createdAt: clock.now() - MINUTE, endedAt: clock.now() };
	}

	for (const hours of [24, 48, 14 * 24])
		it(`does not repeat an end that a callback reported before ${hours} hours without Node-RED`, async () => {
			const one = stage({ clock, shared });
			await one.tracker.start();
			await search(one, []);
			await clock.advance(10 * MINUTE);
			const calls = [await ends(one, 's1')];
			await clock.advance(10 * MINUTE);
			await search(one, calls);
			calls.push(await ends(one, 's2'));
			one.tracker.stop();
			assert.deepEqual(typesOf(one), ['ended', 'ended']);

			await clock.advance(hours * HOUR);
			calls.push({ sid: 'missed', createdAt: clock.now() - HOUR, endedAt: clock.now() - HOUR / 2 });
			const two = stage({ clock, shared });
			await two.tracker.start();
			await clock.advance(MINUTE);
			await search(two, calls);
			assert.deepEqual(
				two.announced.map((announcement) => announcement.type === 'ended' && announcement.event.call.sid),
				['missed'],
			);
			two.tracker.stop();
		});

	it('does not repeat an end after two days in which no search succeeded', async () => {
		const one = stage({ clock, shared });
		await one.tracker.start();
		await search(one, []);
		const calls = [await ends(one, 's1')];
		await clock.advance(48 * HOUR);
		await search(one, calls);
		assert.deepEqual(typesOf(one), ['ended']);
		one.tracker.stop();
	});

	it('keeps nothing longer for a search than it is made', async () => {
		const kept = (): boolean => shared.values.has('call_s1');
		const one = stage({ clock, shared });
		await one.tracker.start();
		await search(one, []);
		await ends(one, 's1');
		await clock.advance(27 * HOUR);
		assert.equal(kept(), true);
		await search(one, []);
		await clock.advance(HOUR);
		assert.equal(kept(), false, 'the search has passed it');
		await ends(one, 's1');
		await clock.advance(27 * HOUR);
		await one.tracker.search.forget();
		await clock.advance(HOUR);
		assert.equal(kept(), false, 'no search is made any more');
		one.tracker.stop();
	});
});
