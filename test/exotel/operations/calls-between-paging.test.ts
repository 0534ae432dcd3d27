/** A stream of calls: paging ahead, stopping, errors and bad filters. */
import assert from 'node:assert/strict';
import { type CallsBetweenFilters } from '../../../exotel/operations/calls-between';
import { callsBetween, ExotelError, type CallsBetweenPage, type Transport } from '../../../exotel/index';
import { createPacer } from '../../../exotel/http/pacing';
import { HandClock, settle } from '../hand-clock';
import { answer, brokenRules, refused, singapore } from '../samples';
import { now, exotel, made, options, collect, sids } from './paged-exotel';

describe('all calls of a range', () => {
	it('takes a cursor that leads back to itself for the last page when nothing new comes', async () => {
		let requests = 0;
		const stuck: Transport = async () => {
			requests++;
			return answer(JSON.stringify({ Metadata: { NextPageUri: '/x?After=same' }, Calls: [{ Sid: 's1' }] }));
		};
		assert.deepEqual(
			sids(await collect(callsBetween(singapore, { createdAfter: '2026-11-20 00:00:00' }, options(stuck)))),
			['s1'],
		);
		assert.equal(requests, 2);
	});

	describe('from a list that never ends', () => {
		/** What is handed over before the error, and how many pages were asked for. */
		async function endless(page: (request: number) => { sids: string[]; next: string }) {
			let requests = 0;
			const transport: Transport = async () => {
				// A bound, so that this test ends when the stream does not.
				if (++requests > 12_000) return answer('', 403);
				const { sids: list, next } = page(requests);
				return answer(
					JSON.stringify({
						Metadata: { NextPageUri: `/x?After=${next}` },
						Calls: list.map((Sid) => ({ Sid })),
					}),
				);
			};
			const pages: CallsBetweenPage[] = [];
			const range = { createdAfter: '2026-11-20 00:00:00' };
			await assert.rejects(
				async () => {
					for await (const each of callsBetween(singapore, range, options(transport))) pages.push(each);
				},
				{ kind: 'exotel', message: /list of calls/, hint: /read before/ },
			);
			return { sids: sids(pages), requests };
		}

		it('stops where a page with new calls leads back to itself', async () => {
			const { sids: read, requests } = await endless((n) => ({ sids: [`s${n}`], next: 'same' }));
			assert.deepEqual([read, requests], [['s1', 's2'], 2]);
		});

		it('goes on after a cursor of any form, also from a position', async () => {
			const transport: Transport = async ({ url }) => {
				const after = new URL(url).searchParams.get('After');
				const next = after === null ? '/x?After=a%7Cb,c.d~e' : '';
				return answer(JSON.stringify({ Metadata: { NextPageUri: next }, Calls: [{ Sid: `s${after}` }] }));
			};
			const range = { createdAfter: '2026-11-20 00:00:00' };
			const pages = await collect(callsBetween(singapore, range, options(transport)));
			assert.deepEqual(sids(pages), ['snull', 'sa|b,c.d~e']);
			const { position } = pages[0]!;
			assert.deepEqual(sids(await collect(callsBetween(singapore, { ...range, position }, options(transport)))), [
				'sa|b,c.d~e',
			]);
		});

		it('stops where cursors take turns', async () => {
			const { sids: read, requests } = await endless((n) => ({ sids: [`s${n}`], next: n % 2 === 0 ? 'a' : 'b' }));
			assert.deepEqual([read, requests], [['s1', 's2', 's3'], 3]);
		});

		it('stops where new cursors bring the same calls again', async () => {
			assert.deepEqual((await endless((n) => ({ sids: ['s1', 's2'], next: `c${n}` }))).sids, ['s1', 's2']);
			const turns = await endless((n) => ({ sids: n % 2 === 0 ? ['s1', 's2'] : ['s3'], next: `c${n}` }));
			assert.deepEqual([turns.sids, turns.requests < 10], [['s3', 's1', 's2'], true]);
		});

		it('stops after 10 000 pages of one window', async () => {
			const { sids: read, requests } = await endless((n) => ({ sids: [`s${n}`], next: `c${n}` }));
			assert.deepEqual([read.length, requests], [10_000, 10_000]);
		}).timeout(20_000);
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
