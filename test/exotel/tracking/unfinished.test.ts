/** Exotel finishes the record of a call some minutes after its end: nothing takes it before, and no end is lost. */
import assert from 'node:assert/strict';
import { emptyCall, type Call, type CallEvent } from '../../../exotel/call/call';
import { afterReading, endSearchState, newEnds, nextWindow } from '../../../exotel/tracking/ended-calls';
import { FollowedAttempts } from '../../../exotel/tracking/followed-attempts';
import { newEntry, NO_END_AFTER_MS, type AttemptPhase } from '../../../exotel/tracking/records';
import { eventOf, placedCall, polledEnd, SharedStore, stage, type Stage } from './stage';
import { settle, VirtualClock } from './virtual-clock';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const iso = (ms: number): string => new Date(ms).toISOString();

/** What Exotel's record says at `now` of a call that ended at `end` and whose record is finished at `finished`. */
function recordAt(now: number, end: number, finished: number, more: Partial<Call> = {}): CallEvent {
	const call: Call = { ...polledEnd('s1').call, updatedAt: iso(end), talkSeconds: 0, ...more };
	if (now >= finished) Object.assign(call, { endedAt: iso(end), durationSeconds: 60, talkSeconds: 50 });
	return eventOf('s1', 'terminal', { source: 'sweep', call });
}

/** When the ends were announced, in minutes after `start`, and with which end time. */
const ends = ({ announced }: Stage, start: number): [number, string | null][] =>
	announced.flatMap((one) =>
		one.type === 'ended' ? [[(one.time - start) / MINUTE, one.event.call.endedAt] as [number, string | null]] : [],
	);

describe('an end whose record is not finished', () => {
	let clock: VirtualClock;
	let start: number;
	beforeEach(() => {
		clock = new VirtualClock();
		start = clock.now();
	});

	/** A tracker that placed the call of which polls find `record`. */
	async function placed(
		record: () => CallEvent,
		shared: SharedStore | null = null,
		pollEvery = MINUTE,
	): Promise<Stage> {
		const one = stage({ clock, shared, poll: () => Promise.resolve(record()), pollAfterMs: () => pollEvery });
		await one.tracker.start();
		await one.tracker.begin({ attemptId: 'a1', api: 'v1' });
		await one.tracker.placed('a1', placedCall('s1'), 'response');
		return one;
	}

	it('is polled again until the record has the end time', async () => {
		const one = await placed(() => recordAt(clock.now(), start, start + 2.5 * MINUTE));
		await clock.advance(HOUR);
		assert.deepEqual(ends(one, start), [[3, iso(start)]]);
		assert.equal(one.polls.length, 3);
	});

	it('is polled again each minute, however rarely running calls are', async () => {
		const one = await placed(
			() => recordAt(clock.now(), start + 29 * MINUTE, start + 31.5 * MINUTE),
			null,
			30 * MINUTE,
		);
		await clock.advance(HOUR);
		assert.deepEqual(ends(one, start), [[32, iso(start + 29 * MINUTE)]]);
	});

	it('is taken after 15 minutes when Exotel never finishes the record', async () => {
		const one = await placed(() => recordAt(clock.now(), start, Infinity));
		await clock.advance(HOUR);
		assert.deepEqual(ends(one, start), [[15, null]]);
	});

	it('is taken at once when nobody answered', async () => {
		const one = await placed(() => recordAt(clock.now(), start, Infinity, { status: 'busy', outcome: 'busy' }));
		await clock.advance(HOUR);
		assert.deepEqual(ends(one, start), [[1, null]]);
	});

	it('is the end, not no-end-found, at the last poll of a record that Exotel changes again and again', async () => {
		const one = await placed(() => recordAt(clock.now(), clock.now(), Infinity));
		await clock.advance(6 * HOUR);
		assert.deepEqual(ends(one, start), [[300, null]]);
	});

	it('is polled again after a restart', async () => {
		const shared = new SharedStore();
		const record = () => recordAt(clock.now(), start, start + 5 * MINUTE);
		const one = await placed(record, shared);
		await clock.advance(1.5 * MINUTE);
		one.tracker.stop();
		const two = stage({ clock, shared, poll: () => Promise.resolve(record()) });
		await two.tracker.start();
		await clock.advance(HOUR);
		assert.deepEqual([ends(one, start), ends(two, start).length], [[], 1]);
		assert.equal(ends(two, start)[0]?.[1], iso(start));
	});

	it('is taken by a poll that no other follows: of an attempt given up as unknown, or requested too long ago', async () => {
		const attempt = { ...newEntry({ attemptId: 'a1', api: 'v1' }, start), sid: 's1' };
		const followed = new FollowedAttempts(clock);
		const isTooEarly = (key: string, phase: AttemptPhase): boolean =>
			followed.isTooEarly(key, { ...attempt, phase }, recordAt(clock.now(), clock.now(), Infinity));
		followed.add('ours');
		assert.equal(isTooEarly('ours', 'open'), true);
		assert.equal(isTooEarly('ours', 'unknown'), false);
		assert.equal(isTooEarly('theirs', 'open'), true);
		await clock.advance(NO_END_AFTER_MS);
		assert.equal(isTooEarly('ours', 'open'), false);
		assert.equal(isTooEarly('theirs', 'open'), false);
	});

	describe('that is to be confirmed', () => {
		const confirming = (record: () => CallEvent | null): Stage =>
			stage({ clock, confirmsEnds: true, poll: () => Promise.resolve(record()) });

		it('is read again until the record has the end time', async () => {
			const one = confirming(() => recordAt(clock.now(), start, start + 2 * MINUTE));
			await one.tracker.received(eventOf('s1', 'terminal'), null);
			await clock.advance(HOUR);
			assert.deepEqual(ends(one, start), [[155 / 60, iso(start)]]);
		});

		it('is confirmed after the last read, repeated reports or not', async () => {
			const one = confirming(() => recordAt(clock.now(), start, Infinity));
			await one.tracker.received(eventOf('s1', 'terminal'), null);
			await one.tracker.received(eventOf('s1', 'terminal'), null);
			await clock.advance(HOUR);
			assert.deepEqual([ends(one, start), one.warnings], [[[155 / 60, null]], []]);
		});

		it('is confirmed by an earlier read when the later ones fail', async () => {
			const records = [recordAt(start, start, Infinity)];
			const one = confirming(() => records.shift() ?? null);
			await one.tracker.received(eventOf('s1', 'terminal'), null);
			await clock.advance(HOUR);
			assert.deepEqual([ends(one, start).length, one.warnings], [1, []]);
		});

		it('is taken at once when nobody answered', async () => {
			const one = confirming(() => recordAt(clock.now(), start, Infinity, { status: 'no-answer' }));
			await one.tracker.received(eventOf('s1', 'terminal'), null);
			await settle();
			assert.equal(ends(one, start).length, 1);
		});
	});
});

describe('the search for ended calls, of a record that is not finished', () => {
	const start = Date.parse('2026-11-22T00:00:00Z');

	/** Searches every `every` minutes for 13 hours; when the call came out, and with which end time. */
	function searched(every: number, call: { began: number; ended: number; finished: number }, graceMs = 0) {
		let state = endSearchState({}, start);
		const out: { at: number; endedAt: string | null }[] = [];
		for (let now = start; now <= start + 13 * HOUR; now += every * MINUTE) {
			const window = nextWindow(state, now);
			const { began, ended } = call;
			const isListed = now >= ended && began >= window.from && began <= window.to;
			const found = {
				...emptyCall('s1', 'v1'),
				createdAt: iso(began),
				updatedAt: iso(ended),
				status: 'completed',
			};
			const isFinished = now >= call.finished;
			const times = isFinished ? { endedAt: iso(ended), durationSeconds: (ended - began) / 1000 } : {};
			const calls = isListed ? [{ call: { ...found, ...times, state: 'ended' as const }, raw: {} }] : [];
			for (const event of newEnds(state, calls, { now, graceMs, timeZone: 'Asia/Kolkata' }))
				out.push({ at: now, endedAt: event.call.endedAt });
			state = afterReading(state, window, { latest: window.to, failure: null });
		}
		return out;
	}

	for (const every of [1, 5, 7, 10, 15])
		for (const minutes of [1, 55, 65, 239])
			it(`loses no call of ${minutes} minutes and gives it out once, finished, every ${every} minutes`, () => {
				for (let offset = 0; offset < 20; offset += 1) {
					const began = start + HOUR + offset * MINUTE + 30_000;
					const ended = began + minutes * MINUTE;
					for (const after of [0, 2, 14, Infinity]) {
						const out = searched(every, { began, ended, finished: ended + after * MINUTE });
						assert.equal(out.length, 1);
						assert.equal(out[0]?.endedAt, after === Infinity ? null : iso(ended));
						// A call of more than an hour is only met by the search of every ten minutes.
						assert.ok(out[0].at - ended <= (Math.min(after, 15) + 10 + 2 * every) * MINUTE);
					}
				}
			});

	it('takes it at once where the next search is more than 20 minutes away', () => {
		const began = start + HOUR;
		const ended = start + 119.5 * MINUTE;
		assert.deepEqual(searched(60, { began, ended, finished: ended + 2 * MINUTE }), [
			{ at: start + 2 * HOUR, endedAt: null },
		]);
	});

	it('takes it at once where a later search does not reach back to its beginning', () => {
		const state = endSearchState({}, start);
		const call: Call = { ...emptyCall('s1', 'v1'), state: 'ended', status: 'completed' };
		const found = (createdAt: string | null) => [{ call: { ...call, createdAt, updatedAt: iso(start) }, raw: {} }];
		const rule = { now: start, graceMs: 0, timeZone: 'Asia/Kolkata' };
		assert.equal([...newEnds(state, found(iso(start - 4 * HOUR)), rule)].length, 0);
		assert.equal([...newEnds(state, found(iso(start - 4.5 * HOUR)), rule)].length, 1);
		assert.equal([...newEnds(endSearchState({}, start), found(null), rule)].length, 1);
	});
});
