/** What a search for ended calls remembers: each ended call once, however late it appears, in bounded memory. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { emptyCall } from '../../../exotel/call/call';
import { afterReading, endSearchState, newEnds, nextWindow, takeBack } from '../../../exotel/tracking/ended-calls';
import type { EndSearchState as State } from '../../../exotel/tracking/ended-calls';
import { earliestSearch, MISSED_END_LOOK_BACK_MS, type TimeWindow } from '../../../exotel/tracking/missed-ends';

const minute = 60_000;
const hour = 60 * minute;
const start = Date.parse('2026-11-21T00:00:00Z');
const begin = () => endSearchState({}, start);

/** The SIDs of ended calls that did not come out before. */
function taken(state: State, calls: [sid: string, began: number | null, ended?: number][], now = start): string[] {
	const iso = (ms: number | null | undefined) =>
		ms === null || ms === undefined ? null : new Date(ms).toISOString();
	const found = calls.map(([sid, began, ended]) => ({
		call: { ...emptyCall(sid, 'v1'), state: 'ended' as const, createdAt: iso(began), endedAt: iso(ended ?? start) },
		raw: {},
	}));
	return [...newEnds(state, found, { now, graceMs: 0, timeZone: 'Asia/Kolkata' })].map(({ call }) => call.sid);
}

/** The window was read to its end. */
const finished = (state: State, window: TimeWindow): State =>
	afterReading(state, window, { latest: window.to, failure: null });

/** Began, ended, appears in Exotel's list, SID. */
type Listed = [number, number, number, string];

/** One poll at `now` of the host over what Exotel's list shows at that time: ended calls only, some of them late. */
function poll(progress: State, calls: Listed[], now: number, time = now): { progress: State; handed: string[] } {
	const stretch = nextWindow(progress, now);
	const listed = calls.filter(
		([began, , appears]) => appears <= time && began >= stretch.from && began <= stretch.to,
	);
	const copy = endSearchState(JSON.parse(JSON.stringify(progress)), now);
	const handed = taken(
		copy,
		listed.map(([began, ended, , sid]) => [sid, began, ended]),
		now,
	);
	return { progress: finished(copy, stretch), handed };
}

describe('ended calls', () => {
	for (const ahead of [2, 24, 24 * 30])
		it(`come out once each when the clock of the host is ${ahead} h ahead for one search`, () => {
			const at = (minutes: number): number => start + minutes * minute;
			const calls = [10, 40, 70, 100, 12 * 60].map((began, index): Listed => [
				...([at(began), at(began + 5), at(began + 6)] as const),
				`s${index}`,
			]);
			let progress = begin();
			const handed: string[] = [];
			for (const [minutes, wrongBy] of [
				[20, 0],
				[30, ahead * hour],
				...[50, 80, 110, 11 * 60, 12 * 60 + 10].map((later) => [later, 0]),
			] as const) {
				const time = at(minutes ?? 0);
				const read = poll(progress, calls, time + (wrongBy ?? 0), time);
				progress = read.progress;
				handed.push(...read.handed);
			}
			assert.deepEqual(handed, ['s0', 's1', 's2', 's3', 's4']);
		});

	for (const back of [2, 3, 6, 12, 24])
		it(`come out once each when the clock of the host is set ${back} h back for two polls`, () => {
			const calls = Array.from({ length: 26 * 4 }, (_, index): Listed => {
				const began = start + index * 15 * minute + 30_000;
				return [began, began + 5 * minute, began + 6 * minute, `s${index}`];
			});
			let progress = begin();
			const handed: string[] = [];
			for (let minutes = 1; minutes <= 27 * 60; minutes += 1) {
				const time = start + minutes * minute;
				const isBack = minutes === 20 * 60 || minutes === 20 * 60 + 1;
				const read = poll(progress, calls, isBack ? time - back * hour : time, time);
				progress = read.progress;
				handed.push(...read.handed);
			}
			assert.equal(new Set(handed).size, handed.length, 'none twice');
			assert.ok(handed.length >= calls.length - 1, `${handed.length} of ${calls.length}`);
		});

	it('are searched from the first search on that knows the time, when the clock was ahead at the beginning', () => {
		const progress = endSearchState({}, start + 24 * hour);
		const { handed } = poll(progress, [[start + 5 * minute, start + 6 * minute, 0, 's0']], start + 10 * minute);
		assert.deepEqual(handed, [], 'the search begins');
		const next = poll(endSearchState(progress, start), [[start, start + 6 * minute, 0, 's1']], start + 10 * minute);
		assert.deepEqual(next.handed, ['s1']);
	});

	it(
		'each call that ends after the beginning is handed out exactly once, whatever its length and ' +
			'the pauses between polls',
		() => {
			const call = fc.tuple(
				fc.integer({ min: -5 * 60, max: 24 * 60 }),
				fc.integer({ min: 0, max: 4 * 60 }),
				fc.integer({ min: 0, max: 15 }),
			);
			const pauses = fc.array(fc.integer({ min: 1, max: 6 * 60 }), { minLength: 20, maxLength: 60 });
			fc.assert(
				fc.property(fc.array(call, { maxLength: 40 }), pauses, (written, gaps) => {
					const calls = written.map(([began, length, late], index): Listed => [
						start + began * minute,
						start + (began + length) * minute,
						start + (began + length + late) * minute,
						`sid-${index}`,
					]);
					let progress = begin();
					let now = start;
					const handed: string[] = [];
					// The last polls come late enough for every call to have ended, and for a long look back.
					for (const gap of [...gaps, 30 * 60, 15]) {
						now += gap * minute;
						const polled = poll(progress, calls, now);
						progress = polled.progress;
						handed.push(...polled.handed);
					}
					const expected = calls
						.filter(([, ended, appears]) => ended >= start && appears <= now)
						.map(([, , , sid]) => sid);
					assert.deepEqual([...handed].sort(), expected.sort());
				}),
				{ numRuns: process.env['NIGHTLY'] ? 5_000 : 300 },
			);
		},
	);

	it('forgets what it cannot meet again', () => {
		let progress = begin();
		for (let index = 0; index < 48; index += 1) {
			const now = start + index * hour;
			taken(progress, [[`sid-${index}`, now, now]], now);
			progress = finished(progress, nextWindow(progress, now));
		}
		assert.ok(Object.keys(progress.emitted).length <= 8, `${Object.keys(progress.emitted).length} hours`);
	});

	it('looks at the last hour each time, and every ten minutes as far back as a call may run', () => {
		const progress = begin();
		assert.deepEqual(nextWindow(progress, start + minute), {
			from: start - hour,
			to: start + minute,
			fullScan: false,
		});
		assert.deepEqual(nextWindow(progress, start + 10 * minute), {
			from: start - MISSED_END_LOOK_BACK_MS,
			to: start + 10 * minute,
			fullScan: true,
		});
	});

	it('goes on where it had to stop', () => {
		const unfinished = { from: start, to: start + minute, fullScan: false, position: 'p1' };
		assert.deepEqual(nextWindow({ ...begin(), unfinished }, start + hour), unfinished);
		assert.equal(finished({ ...begin(), unfinished }, unfinished).unfinished, undefined);
	});

	it('never asks for calls older than Exotel keeps them, however long n8n was away', () => {
		const later = start + 400 * 24 * hour;
		const earliest = earliestSearch(later);
		const unfinished = { from: start, to: start + minute, fullScan: false, position: 'p1' };
		for (const progress of [begin(), { ...begin(), unfinished }]) {
			const stretch = nextWindow(progress, later);
			assert.ok(stretch.from === earliest);
			assert.deepEqual([stretch.to, stretch.fullScan, stretch.position], [later, true, undefined]);
			assert.equal(finished(progress, stretch).unfinished, undefined);
		}
	});

	it("keeps a call's mark in ten characters and tells calls apart", () => {
		const state = begin();
		const calls = Array.from({ length: 2_000 }, (_, index): [string, number] => [`sid-${index}`, start]);
		assert.equal(taken(state, calls).length, 2_000);
		assert.deepEqual(taken(state, calls), []);
		assert.equal(Object.values(state.emitted).join('').length, 20_000);
	});

	it('knows a call again of which Exotel does not say when it began', () => {
		const state = begin();
		assert.deepEqual(taken(state, [['s1', null]], start), ['s1']);
		assert.deepEqual(taken(state, [['s1', null]], start + 2 * hour), []);
	});

	it('remembers no end that could not be passed on', () => {
		const state = begin();
		const call = { ...emptyCall('s1', 'v1'), state: 'ended' as const };
		for (const event of newEnds(state, [{ call, raw: {} }], { now: start, graceMs: 0, timeZone: 'Asia/Kolkata' })) {
			assert.equal(event.call.sid, 's1');
			break;
		}
		assert.deepEqual(taken(state, [['s1', start]]), ['s1']);
	});

	it('come out again, however the polls overlap, when what they started was not stored', () => {
		const calls = fc.array(fc.tuple(fc.nat(600), fc.nat(239), fc.nat(9)), { minLength: 1, maxLength: 20 });
		/** Whether the run of each poll is stored, how many polls later n8n says so, and the minutes until the next poll. */
		const polls = fc.array(fc.tuple(fc.boolean(), fc.nat(3), fc.constantFrom(1, 1, 1, 12, 400)), { maxLength: 40 });
		fc.assert(
			fc.property(calls, polls, (drawn, drawnPolls) => {
				const listed = drawn.map(([began, length, late], index): Listed => {
					const ended = start + (began + length + 1) * minute;
					return [start + began * minute, ended, ended + late * minute, `sid-${index}`];
				});
				const out = new Map<string, number>();
				let progress = begin();
				let lost: Array<{ at: number; before: State; handed: string[] }> = [];
				let now = start;
				// At the end n8n stores everything, for longer than a call may be listed late.
				const rest = Array.from({ length: 200 }, () => [true, 0, 10] as [boolean, number, number]);
				for (const [index, [isStored, later, wait]] of [...drawnPolls, ...rest].entries()) {
					now += wait * minute;
					const before = endSearchState(progress, now);
					const { handed, progress: after } = poll(progress, listed, now);
					progress = after;
					if (isStored) for (const sid of handed) out.set(sid, (out.get(sid) ?? 0) + 1);
					else if (handed.length > 0) lost.push({ at: index + later, before, handed });
					for (const run of lost.filter(({ at }) => at <= index)) {
						const began = (sid: string) => listed.find((each) => each[3] === sid)![0];
						const calls = run.handed.map((sid) => ({ sid, createdAt: new Date(began(sid)).toISOString() }));
						progress = takeBack(endSearchState(progress, now), run.before, calls);
					}
					lost = lost.filter(({ at }) => at > index);
				}
				// After a pause of hours between a poll and its failure a call may come out twice, rather than never.
				const isSteady = drawnPolls.every(([, , wait]) => wait < 60);
				const times = listed.map(([, , , sid]) => out.get(sid) ?? 0);
				assert.ok(
					times.every((each) => (isSteady ? each === 1 : each >= 1)),
					String(times),
				);
			}),
			{ numRuns: 1000 },
		);
	}).timeout(60_000);

	it('keeps at most 100,000 marks, and no longer reads the hours that it had to forget', () => {
		const state = begin();
		state.emitted[String(start / hour - 2)] = '-'.repeat(600_000);
		state.emitted[String(start / hour - 1)] = '-'.repeat(399_990);
		taken(state, [['s1', start]]);
		assert.equal(state.forgotten, undefined);
		taken(state, [['s2', start]]);
		assert.equal(Object.values(state.emitted).join('').length, 400_010);
		assert.equal(nextWindow({ ...state, fullScanAt: start }, start + 10 * minute).from, start - hour);
	});

	it('goes on at the latest call that was read after a failure, and at the page when the time was over', () => {
		const window = { from: start - hour, to: start, fullScan: true };
		const failed = afterReading(begin(), window, { latest: start - minute, failure: new Error('no network') });
		assert.deepEqual(nextWindow(failed, start + minute), { ...window, from: start - minute, position: undefined });
		const late = afterReading(begin(), window, { latest: start - minute, position: 'p1', failure: null });
		assert.equal(nextWindow(late, start + minute).position, 'p1');
	});

	it('reads on when the clock of the host was set back', () => {
		const state = begin();
		const now = start - 48 * hour;
		assert.deepEqual(nextWindow(state, now), { from: now - MISSED_END_LOOK_BACK_MS, to: now, fullScan: true });
	});

	it('begins anew when what a host kept is no state', () => {
		const good = { since: 1, readUntil: 2, fullScanAt: 3, emitted: { 4: '0123456789' } };
		assert.equal(endSearchState(good, start).since, 1);
		const window = { from: 1, to: 2, fullScan: true };
		for (const wrong of [
			...[
				null,
				'text',
				{},
				{ ...good, emitted: undefined },
				{ ...good, since: '1' },
				{ ...good, readUntil: NaN },
			],
			...[
				{ ...good, emitted: { 4: 5 } },
				{ ...good, emitted: { 4: 'short' } },
				{ ...good, emitted: { x: '' } },
			],
			...[
				{ ...good, unfinished: 'p' },
				{ ...good, unfinished: { ...window, to: null } },
				{ ...good, forgotten: '1' },
			],
			{ ...good, unfinished: { ...window, position: 5 } },
		])
			assert.deepEqual(endSearchState(wrong, start), begin());
	});
});
