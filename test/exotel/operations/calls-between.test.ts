/** The stream of calls: against an imitation of Exotel's list that knows its limits, every call comes exactly once. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type CallsBetweenFilters } from '../../../exotel/operations/calls-between';
import { callsBetween } from '../../../exotel/index';
import { HandClock } from '../hand-clock';
import { answer, runs, singapore } from '../samples';
import { now, day, stamp, exotel, made, options, collect, sids } from './paged-exotel';

describe('all calls of a range', () => {
	it('walks windows of 30 days that touch without overlapping, oldest first', async () => {
		const asked: URL[] = [];
		await collect(
			callsBetween(
				singapore,
				{
					createdAfter: '2026-06-01 00:00:00',
					createdBefore: '2026-08-15 12:00:00',
					details: true,
					callStatus: ['completed'],
					pageSize: 100,
				},
				options(exotel([], asked)),
			),
		);
		assert.deepEqual(
			asked.map((url) => url.search),
			[
				'?DateCreated=gte:2026-06-01+00:00:00%3Blte:2026-06-30+23:59:59&Status=completed&details=true&' +
					'PageSize=100&SortBy=DateCreated:asc',
				'?DateCreated=gte:2026-07-01+00:00:00%3Blte:2026-07-30+23:59:59&Status=completed&details=true&' +
					'PageSize=100&SortBy=DateCreated:asc',
				'?DateCreated=gte:2026-07-31+00:00:00%3Blte:2026-08-15+12:00:00&Status=completed&details=true&' +
					'PageSize=100&SortBy=DateCreated:asc',
			],
		);
	});

	it('walks them backwards when asked for the newest first', async () => {
		const asked: URL[] = [];
		await collect(
			callsBetween(
				singapore,
				{ createdAfter: '2026-06-01 00:00:00', createdBefore: '2026-07-05 00:00:00', sortBy: 'newest' },
				options(exotel([], asked)),
			),
		);
		assert.deepEqual(
			asked.map((url) => url.search),
			[
				'?DateCreated=gte:2026-06-05+00:00:01%3Blte:2026-07-05+00:00:00&details=true&SortBy=DateCreated:desc',
				'?DateCreated=gte:2026-06-01+00:00:00%3Blte:2026-06-05+00:00:00&details=true&SortBy=DateCreated:desc',
			],
		);
	});

	it("begins 31 days before the end, or where Exotel's memory begins, and ends now", async () => {
		const asked: URL[] = [];
		await collect(callsBetween(singapore, {}, options(exotel([], asked))));
		assert.equal(asked[0]?.searchParams.get('DateCreated'), 'gte:2026-10-21 15:30:00;lte:2026-11-20 15:29:59');
		assert.equal(asked[1]?.searchParams.get('DateCreated'), 'gte:2026-11-20 15:30:00;lte:2026-11-21 15:30:00');
		const early: URL[] = [];
		await collect(callsBetween(singapore, { createdBefore: '2026-06-01 00:00:00' }, options(exotel([], early))));
		assert.equal(early[0]?.searchParams.get('DateCreated'), 'gte:2026-05-21 15:30:00;lte:2026-06-01 00:00:00');
	});

	it('looks no further than a day into the future', async () => {
		const asked: URL[] = [];
		await collect(
			callsBetween(
				singapore,
				{ createdAfter: '2026-11-21 00:00:00', createdBefore: '2036-01-01 00:00:00' },
				options(exotel([], asked)),
			),
		);
		assert.deepEqual(
			asked.map((url) => url.searchParams.get('DateCreated')),
			['gte:2026-11-21 00:00:00;lte:2026-11-22 15:30:00'],
		);
	});

	it('rounds a range inwards to whole seconds', async () => {
		const asked: URL[] = [];
		await collect(
			callsBetween(
				singapore,
				{ createdAfter: new Date(now - 10_500), createdBefore: new Date(now - 500) },
				options(exotel([], asked)),
			),
		);
		assert.equal(
			asked[0]?.searchParams.get('DateCreated'),
			`gte:${stamp(now / 1000 - 10)};lte:${stamp(now / 1000 - 1)}`,
		);
	});

	it('brings every call exactly once, in order, whatever the range, page size and order', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.nat(170 * day), { maxLength: 60 }),
				fc.tuple(fc.nat(170 * day), fc.nat(170 * day)),
				fc.integer({ min: 1, max: 7 }),
				fc.boolean(),
				async (offsets, [a, b], pageSize, newestFirst) => {
					const start = now / 1000 - 171 * day;
					// Calls at the borders of windows, where doubles and gaps would show.
					const [from, to] = [start + Math.min(a, b), start + Math.max(a, b)];
					const records = made([
						...offsets.map((offset) => start + offset),
						from,
						to,
						from + 30 * day - 1,
						from + 30 * day,
						to - 30 * day,
						to - 30 * day + 1,
						from - 1,
						to + 1,
					]);
					const pages = await collect(
						callsBetween(
							singapore,
							{
								createdAfter: new Date(from * 1000),
								createdBefore: new Date(to * 1000),
								pageSize,
								sortBy: newestFirst ? 'newest' : 'oldest',
							},
							options(exotel(records)),
						),
					);
					const expected = records
						.filter(({ at }) => at >= from && at <= to)
						.sort((x, y) => (x.at - y.at || (x.sid < y.sid ? -1 : 1)) * (newestFirst ? -1 : 1));
					assert.deepEqual(
						sids(pages),
						expected.map(({ sid }) => sid),
					);
					for (const page of pages)
						assert.deepEqual([page.calls.length > 0, page.raw.length], [true, page.calls.length]);
				},
			),
			{ numRuns: Math.min(2000, runs.numRuns) },
		);
	});

	it('goes on from any saved position without losing or repeating a call', async () => {
		const records = made(Array.from({ length: 40 }, (_, n) => now / 1000 - 100 * day + n * 2.4 * day));
		for (const sortBy of ['oldest', 'newest'] as const) {
			const filters: CallsBetweenFilters = {
				createdAfter: new Date(now - 110 * day * 1000),
				createdBefore: new Date(now),
				pageSize: 3,
				sortBy,
			};
			const whole = await collect(callsBetween(singapore, filters, options(exotel(records))));
			assert.equal(sids(whole).length, 40);
			for (const [n, page] of whole.entries()) {
				assert.match(page.position, /^1\|\d+\|\d+\|(oldest|newest)\|\d+\|/);
				const later = options(exotel(records), { clock: new HandClock(now + 9 * day * 1000) });
				const rest = await collect(callsBetween(singapore, { ...filters, position: page.position }, later));
				assert.deepEqual(sids(rest), sids(whole.slice(n + 1)), `${sortBy} after page ${n}`);
			}
		}
	});

	it('keeps the range of the position: neither a later clock nor other times move it', async () => {
		const asked: URL[] = [];
		const [first] = await collect(
			callsBetween(
				singapore,
				{ pageSize: 1, createdAfter: '2026-11-20 00:00:00' },
				options(exotel(made([now / 1000 - 60, now / 1000 - 50]))),
			),
		);
		await collect(
			callsBetween(
				singapore,
				{ pageSize: 1, createdAfter: '2020-01-01 00:00:00', position: first?.position as string },
				options(exotel([], asked), { clock: new HandClock(now + 1e9) }),
			),
		);
		assert.equal(asked[0]?.searchParams.get('DateCreated'), 'gte:2026-11-20 00:00:00;lte:2026-11-21 15:30:00');
		assert.ok(asked[0]?.searchParams.has('After'));
	});

	it('drops a call that moved onto the next page while it was being read', async () => {
		const page = (list: string[], next: string) =>
			answer(JSON.stringify({ Metadata: { NextPageUri: next }, Calls: list.map((Sid) => ({ Sid })) }));
		const answers = [page(['a', 'b'], '/x?After=1'), page(['b'], '/x?After=2'), page(['b', 'c'], '')];
		const pages = await collect(
			callsBetween(
				singapore,
				{ createdAfter: '2026-11-20 00:00:00' },
				options(async () => answers.shift() ?? page([], '')),
			),
		);
		assert.deepEqual(
			pages.map(({ calls, raw }) => [calls.map((call) => call.sid), raw]),
			[
				[
					['a', 'b'],
					[{ Sid: 'a' }, { Sid: 'b' }],
				],
				[['c'], [{ Sid: 'c' }]],
			],
		);
	});
});
