/** The stream of calls: against an imitation of Exotel's list that knows its limits, every call comes exactly once. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
	callsBetween,
	ExotelError,
	type CallsBetweenFilters,
	type CallsBetweenPage,
	type SendOptions,
	type Transport,
} from '../../../exotel/index';
import { createPacer } from '../../../exotel/http/pacing';
import { HandClock, settle } from '../hand-clock';
import { answer, brokenRules, refused, runs, singapore } from '../samples';

const now = Date.parse('2026-11-21T10:00:00Z');
const day = 86_400;
const seconds = (text: string) => Date.parse(`${text.replace(' ', 'T')}+05:30`) / 1000;

interface Record1 {
	at: number;
	sid: string;
}

/** Writes a second as Exotel does. */
function stamp(at: number): string {
	return new Date((at + 19_800) * 1000).toISOString().slice(0, 19).replace('T', ' ');
}

/**
 * Exotel's list of calls: filters, order, page size and cursors as seed 004 has them; a longer range than a month is
 * refused.
 */
function exotel(records: Record1[], asked: URL[] = []): Transport {
	return async (request) => {
		const url = new URL(request.url);
		asked.push(url);
		const parameters = url.searchParams;
		const range = /^gte:(.{19});lte:(.{19})$/.exec(parameters.get('DateCreated') ?? '');
		assert.ok(range, 'every request names its range');
		const [from, to] = [seconds(range[1] as string), seconds(range[2] as string)];
		if (to - from > 31 * day) return answer('{"RestException":{"Status":400,"Message":"range too long"}}', 400);
		const size = Number(parameters.get('PageSize') ?? 50);
		const ascending = parameters.get('SortBy') === 'DateCreated:asc';
		const compare = (a: Record1, b: Record1) => (a.at - b.at || a.sid.localeCompare(b.sid)) * (ascending ? 1 : -1);
		const matching = records.filter(({ at }) => at >= from && at <= to).sort(compare);
		const after = parameters.get('After');
		const [afterAt = '', afterSid = ''] = after === null ? [] : Buffer.from(after, 'base64').toString().split(',');
		const rest =
			after === null
				? matching
				: matching.filter((record) => compare(record, { at: Number(afterAt), sid: afterSid }) > 0);
		const page = rest.slice(0, size);
		const last = page.at(-1);
		const next =
			rest.length > size && last !== undefined
				? `${url.pathname}?SortBy=x&After=${Buffer.from(`${last.at},${last.sid}`).toString('base64')}`
				: '';
		return answer(
			JSON.stringify({
				Metadata: { Total: matching.length, PageSize: page.length, NextPageUri: next },
				Calls: page.map(({ at, sid }) => ({ Sid: sid, DateCreated: stamp(at), Status: 'completed' })),
			}),
		);
	};
}

function made(ats: number[]): Record1[] {
	return ats.map((at, n) => ({ at, sid: `${n}`.padStart(32, 'c') }));
}

function options(transport: Transport, more: Partial<SendOptions> = {}): SendOptions {
	return { transport, clock: new HandClock(now), account: singapore, random: () => 0, ...more };
}

async function collect(stream: AsyncIterable<CallsBetweenPage>): Promise<CallsBetweenPage[]> {
	const pages: CallsBetweenPage[] = [];
	for await (const page of stream) pages.push(page);
	return pages;
}

const sids = (pages: CallsBetweenPage[]) => pages.flatMap((page) => page.calls.map((call) => call.sid));

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
				'?DateCreated=gte:2026-06-01+00:00:00%3Blte:2026-06-30+23:59:59&Status=completed&details=true&PageSize=100&SortBy=DateCreated:asc',
				'?DateCreated=gte:2026-07-01+00:00:00%3Blte:2026-07-30+23:59:59&Status=completed&details=true&PageSize=100&SortBy=DateCreated:asc',
				'?DateCreated=gte:2026-07-31+00:00:00%3Blte:2026-08-15+12:00:00&Status=completed&details=true&PageSize=100&SortBy=DateCreated:asc',
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
				'?DateCreated=gte:2026-06-05+00:00:01%3Blte:2026-07-05+00:00:00&SortBy=DateCreated:desc',
				'?DateCreated=gte:2026-06-01+00:00:00%3Blte:2026-06-05+00:00:00&SortBy=DateCreated:desc',
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
				fc.integer({ min: 1, max: 7 }),
				fc.nat(170 * day),
				fc.nat(170 * day),
				fc.boolean(),
				async (offsets, pageSize, a, b, newestFirst) => {
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

	it('does not turn in circles when a cursor leads back to itself', async () => {
		let requests = 0;
		const stuck: Transport = async () => {
			requests++;
			return answer(
				JSON.stringify({ Metadata: { NextPageUri: '/x?After=same' }, Calls: [{ Sid: `s${requests}` }] }),
			);
		};
		assert.deepEqual(
			sids(await collect(callsBetween(singapore, { createdAfter: '2026-11-20 00:00:00' }, options(stuck)))),
			['s1', 's2'],
		);
		assert.equal(requests, 2);
	});

	it('fetches one page ahead, never two, and nothing before it is asked', async () => {
		const asked: URL[] = [];
		const stream = callsBetween(
			singapore,
			{ createdAfter: '2026-11-20 00:00:00', pageSize: 1 },
			options(exotel(made([now / 1000 - 9, now / 1000 - 8, now / 1000 - 7, now / 1000 - 6]), asked)),
		);
		await settle();
		assert.equal(asked.length, 0);
		const iterator = stream[Symbol.asyncIterator]();
		await iterator.next();
		await new Promise(setImmediate);
		assert.equal(asked.length, 2);
		await iterator.next();
		await new Promise(setImmediate);
		assert.equal(asked.length, 3);
		await iterator.return?.(undefined);
		await new Promise(setImmediate);
		assert.equal(asked.length, 3);
	});

	it('stops what it fetched ahead when nobody wants more', async () => {
		const signals: (AbortSignal | undefined)[] = [];
		const list = exotel(made([now / 1000 - 9, now / 1000 - 8]));
		const transport: Transport = (request, given) => {
			signals.push(given.signal);
			return signals.length === 1
				? list(request, given)
				: new Promise((_, reject) =>
						given.signal?.addEventListener('abort', () => reject(given.signal?.reason as Error)),
					);
		};
		for await (const page of callsBetween(
			singapore,
			{ createdAfter: '2026-11-20 00:00:00', pageSize: 1 },
			options(transport),
		)) {
			assert.equal(page.calls.length, 1);
			break;
		}
		assert.deepEqual(
			signals.map((signal) => signal?.aborted),
			[true, true],
		);
	});

	it('can be walked twice, each time from the start', async () => {
		const stream = callsBetween(
			singapore,
			{ createdAfter: '2026-11-20 00:00:00' },
			options(exotel(made([now / 1000 - 9]))),
		);
		assert.deepEqual([sids(await collect(stream)).length, sids(await collect(stream)).length], [1, 1]);
	});

	it("ends with the host's signal, before and while it runs", async () => {
		const stop = new AbortController();
		const stream = callsBetween(
			singapore,
			{ createdAfter: '2026-11-20 00:00:00', pageSize: 1 },
			options(exotel(made([now / 1000 - 9, now / 1000 - 8, now / 1000 - 7])), { signal: stop.signal }),
		);
		const iterator = stream[Symbol.asyncIterator]();
		assert.equal((await iterator.next()).done, false);
		assert.equal((await iterator.next()).done, false);
		stop.abort();
		// What was fetched ahead is still handed over; nothing new is asked for.
		const third = await iterator.next().then(
			({ done }) => done,
			(error: ExotelError) => error.kind,
		);
		assert.ok(third === false || third === 'network');
		await assert.rejects(collect(stream), { kind: 'network', code: 'ABORTED' });
	});

	it('hands an error of a page over when that page is wanted, after the pages before it', async () => {
		const list = exotel(made([now / 1000 - 9, now / 1000 - 8]));
		let requests = 0;
		const transport: Transport = (request, given) =>
			++requests === 1
				? list(request, given)
				: Promise.resolve(answer('{"RestException":{"Status":403,"Message":"no more"}}', 403));
		const pages: CallsBetweenPage[] = [];
		await assert.rejects(
			async () => {
				for await (const page of callsBetween(
					singapore,
					{ createdAfter: '2026-11-20 00:00:00', pageSize: 1 },
					options(transport),
				))
					pages.push(page);
			},
			{ kind: 'forbidden', message: /no more/ },
		);
		assert.equal(pages.length, 1);
	});

	it('is paced and repeated like every reading', async () => {
		const clock = new HandClock(now);
		const list = exotel(made([now / 1000 - 9, now / 1000 - 8]));
		let requests = 0;
		const transport: Transport = (request, given) =>
			++requests === 1 ? Promise.resolve(answer('', 503)) : list(request, given);
		const ending = collect(
			callsBetween(
				singapore,
				{ createdAfter: '2026-11-20 00:00:00', pageSize: 1 },
				options(transport, { clock, pacer: createPacer({ perMinute: 1, clock }) }),
			),
		);
		let done = false;
		void ending.then(() => {
			done = true;
		});
		while (!done) {
			await clock.finish();
			await new Promise(setImmediate);
		}
		assert.equal(sids(await ending).length, 2);
		assert.equal(clock.now() - now, 120_000);
	});

	it('refuses bad filters and positions at once', () => {
		const rules = (filters: object) =>
			brokenRules(refused(() => callsBetween(singapore, filters as CallsBetweenFilters, options(exotel([])))));
		assert.deepEqual(rules({ createdAfter: new Date('2026-05-21T09:59:59Z') }), ['createdAfter: six-months']);
		assert.ok(callsBetween(singapore, { createdAfter: new Date('2026-05-21T10:00:00Z') }, options(exotel([]))));
		assert.deepEqual(rules({ createdAfter: '2026-11-02 00:00:00', createdBefore: '2026-11-01 00:00:00' }), [
			'createdAfter: range',
		]);
		assert.deepEqual(rules({ createdAfter: '2026-12-24 00:00:00' }), ['createdAfter: range']);
		assert.deepEqual(rules({ createdAfter: 'x', createdBefore: 'y', sortBy: 'z' }), [
			'createdAfter: time',
			'createdBefore: time',
			'sortBy: choice',
		]);
		assert.deepEqual(rules({ pageSize: 101, to: 'nobody' }), ['to[0]: phone', 'pageSize: max']);
		assert.deepEqual(
			rules({ pageSize: 101, to: 'nobody', createdAfter: 'x' }),
			['createdAfter: time', 'to[0]: phone', 'pageSize: max'],
			'all at once',
		);
		for (const position of [
			'x',
			'1|2|3',
			'2|1|2|oldest|1|',
			'1|1|2|up|1|',
			'1|1|2|oldest|1|After=a b',
			7,
			{},
			`1|${'1'.repeat(12)}|2|oldest|1|`,
		]) {
			assert.deepEqual(rules({ position }), ['position: pattern'], String(position));
		}
		assert.ok(callsBetween(singapore, { position: '' }, options(exotel([]))));
		assert.ok(callsBetween(singapore, { position: null } as never, options(exotel([]))));
	});

	it('has nothing more to bring from the position of its end', async () => {
		const asked: URL[] = [];
		const pages = await collect(
			callsBetween(singapore, { createdAfter: '2026-11-20 00:00:00' }, options(exotel(made([now / 1000 - 9])))),
		);
		assert.deepEqual(
			await collect(
				callsBetween(
					singapore,
					{ position: pages.at(-1)?.position as string },
					options(exotel(made([now / 1000 - 9]), asked)),
				),
			),
			[],
		);
		assert.equal(asked.length, 0);
	});
});
