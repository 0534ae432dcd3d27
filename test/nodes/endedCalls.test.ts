/** What the polling trigger remembers: each ended call once, however late it appears, in bounded memory. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { earliestSearch, MISSED_END_LOOK_BACK_MS } from '../../exotel';
import { finished, markEmitted, nextWindow, loadState } from '../../nodes/ExotelCompletedCallsTrigger/endedCalls';
import type { State } from '../../nodes/ExotelCompletedCallsTrigger/endedCalls';

const minute = 60_000;
const hour = 60 * minute;
const start = Date.parse('2026-11-21T00:00:00Z');
const begin = () => loadState({}, start);

/** Began, ended, appears in Exotel's list, SID. */
type Listed = [number, number, number, string];

/** One poll over what Exotel's list shows at `now`: ended calls only, some of them late. */
function poll(progress: State, calls: Listed[], now: number): { progress: State; handed: string[] } {
	const stretch = nextWindow(progress, now);
	const listed = calls.filter(([began, , appears]) => appears <= now && began >= stretch.from && began <= stretch.to);
	const copy = loadState(progress as never, now);
	const handed = listed
		.filter(([began, ended, , sid]) => ended >= copy.since && markEmitted(copy, sid, began))
		.map(([, , , sid]) => sid);
	return { progress: finished(copy, stretch), handed };
}

describe('ended calls', () => {
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
			markEmitted(progress, `sid-${index}`, now);
			progress = finished(progress, nextWindow(progress, now));
		}
		assert.ok(Object.keys(progress.emitted).length <= 8, `${Object.keys(progress.emitted).length} hours`);
	});

	it("looks at the last hour each time, and every ten minutes as far back as Node-RED's search", () => {
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
		const progress = begin();
		for (let index = 0; index < 2_000; index += 1) assert.ok(markEmitted(progress, `sid-${index}`, start));
		for (let index = 0; index < 2_000; index += 1) assert.ok(!markEmitted(progress, `sid-${index}`, start));
		assert.equal(Object.values(progress.emitted).join('').length, 20_000);
	});
});
