/** Bulk call details: the filters as seed 004 documents them, its limits, its pages as JSON and XML. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { listCalls } from '../../../exotel/index';
import type { RawInputOf } from '../../../exotel/operations/operation';
import { earliestCall } from '../../../exotel/operations/list-calls';
import { filterViolations } from '../../../exotel/operations/calls-between';
import { MAX_RANGE_MS } from '../../../exotel/operations/list-calls';
import { endOfDay } from '../../../exotel/time';
import { brokenRules, mumbai, refused, runs, sample, singapore } from '../samples';
import { base, day, sid, url } from './list-calls-input';

function rules(input: object): string[] {
	return brokenRules(refused(() => listCalls.request(singapore, input as RawInputOf<typeof listCalls>)));
}

const bare = (input: object): string => url({ details: false, ...input });

describe('listing calls', () => {
	it('reproduces the documented requests (seed 004)', () => {
		const documented = sample('seed-004-bulk-calls.urls')
			.replaceAll('<subdomain>', 'api.exotel.com')
			.replaceAll('xxxxxxxxxx', '9812345678')
			.split('\n');
		assert.deepEqual(
			[
				url({ ...day, details: true, pageSize: 100 }),
				bare({ ...day, to: '9812345678' }),
				bare({ ...day, durationMinSeconds: 11, durationMaxSeconds: 59 }),
				bare({ ...day, callStatus: ['failed'], exoPhone: '+91 98123 45678' }),
			],
			documented,
		);
	});

	it('sends nothing it was not given, but asks for both legs', () => {
		assert.equal(url({}), `${base}?details=true`);
		assert.deepEqual(listCalls.request(singapore, { details: false }), {
			method: 'GET',
			url: base,
			headers: { accept: 'application/json' },
			placesCall: false,
			publicOnly: false,
			authenticate: true,
			responseType: 'text',
		});
		assert.equal(
			listCalls.request(mumbai, { details: false, callStatus: [], from: [], to: '' }).url,
			'https://api.in.exotel.com/v1/Accounts/acme1/Calls.json',
		);
	});

	it('takes a day without a time from its first second, and up to its last', () => {
		const range = (createdAfter: string, createdBefore: string, account = singapore): string =>
			decodeURIComponent(listCalls.request(account, { createdAfter, createdBefore }).url).replace(
				/^.*DateCreated=(.*?)&.*$/,
				'$1',
			);
		const days = 'gte:2026-11-01+00:00:00;lte:2026-11-30+23:59:59';
		assert.equal(range('2026-11-01', '2026-11-30'), days);
		assert.equal(range(' 2026-11-01', '2026-11-30 '), days);
		assert.equal(range('2026-11-01', '2026-11-30 00:00:00'), 'gte:2026-11-01+00:00:00;lte:2026-11-30+00:00:00');
		assert.equal(range('2020-02-29', '2020-02-29'), 'gte:2020-02-29+00:00:00;lte:2020-02-29+23:59:59');
		assert.deepEqual(rules({ createdAfter: '2026-02-01', createdBefore: '2026-02-29' }), ['createdBefore: time']);
		// In this night the hour before midnight comes twice: the day ends with the second one.
		assert.equal(endOfDay('2018-02-17', 'America/Sao_Paulo'), Date.parse('2018-02-17T23:59:59-03:00'));
		assert.equal(endOfDay('2018-11-03', 'America/Sao_Paulo'), Date.parse('2018-11-03T23:59:59-03:00'));
	});

	it('writes every filter with its operators', () => {
		assert.equal(
			url({
				sids: [sid, '072827ead13a355d334338f53af71157'],
				createdAfter: new Date('2019-12-02T18:30:00Z'),
				createdBefore: '2019-12-03T18:30:00Z',
				to: ['+919812345678', '09812345679'],
				from: '9812345670,9812345671',
				callStatus: ['no-answer', 'busy', 'my-word'],
				durationEqualsSeconds: 30,
				priceMin: 0.1,
				priceMax: 1,
				direction: 'inbound',
				exoPhone: ['08047112233'],
				details: true,
				pageSize: 1,
				sortBy: 'oldest',
				cursor: 'After=MTU3Nzk4NDQwNywwNmQ4+/==',
			}),
			`${base}?Sid=${sid},072827ead13a355d334338f53af71157&` +
				`DateCreated=gte:2019-12-03+00:00:00%3Blte:2019-12-04+00:00:00&To=%2B919812345678,%2B919812345679&` +
				`From=%2B919812345670,%2B919812345671&Status=no-answer,busy,my-word&Duration=eq:30s&` +
				`Price=gte:0.1%3Blte:1&Direction=inbound&PhoneNumber=%2B918047112233&details=true&PageSize=1&` +
				`SortBy=DateCreated:asc&After=MTU3Nzk4NDQwNywwNmQ4%2B%2F==`,
		);
		assert.equal(bare({ durationMinSeconds: 10 }), `${base}?Duration=gte:10s`);
		assert.equal(bare({ durationMaxSeconds: 0 }), `${base}?Duration=lte:0s`);
		assert.equal(
			bare({ priceEquals: 0.30003, sortBy: 'newest', cursor: 'After=abc=' }),
			`${base}?Price=eq:0.30003&SortBy=DateCreated:desc&After=abc=`,
		);
		assert.equal(bare({ createdAfter: day.createdAfter }), `${base}?DateCreated=gte:2019-12-03+00:00:00`);
		assert.equal(
			bare({ createdBefore: day.createdBefore, direction: 'outbound-api' }),
			`${base}?DateCreated=lte:2019-12-04+00:00:00&Direction=outbound-api`,
		);
	});

	it('holds to the limits: 5 numbers, 100 SIDs, 100 a page', () => {
		const numbers = (n: number) => Array.from({ length: n }, (_, i) => `+91981234567${i}`);
		assert.match(bare({ to: numbers(5) }), /To=(%2B91\d{10},){4}%2B91\d{10}$/);
		assert.deepEqual(rules({ to: numbers(6), from: numbers(6), exoPhone: numbers(6).join(',') }), [
			'exoPhone: max-items',
			'from: max-items',
			'to: max-items',
		]);
		assert.match(refused(() => url({ to: numbers(6) })).message, /To takes at most 5 values; there are 6/);
		assert.equal(bare({ to: ['9812345678', '+919812345678'] }), `${base}?To=%2B919812345678`);
		const sids = Array.from({ length: 101 }, (_, n) => `${1000 + n}`.padStart(32, 'a'));
		assert.equal(new URL(url({ sids: sids.slice(1) })).searchParams.get('Sid')?.split(',').length, 100);
		assert.deepEqual(rules({ sids }), ['sids: max-items']);
		assert.deepEqual(rules({ sids: [sid, 'x y'] }), ['sids[1]: pattern']);
		assert.match(bare({ pageSize: 100 }), /PageSize=100$/);
		assert.deepEqual(rules({ pageSize: 101 }), ['pageSize: max']);
		assert.deepEqual(rules({ pageSize: 0 }), ['pageSize: min']);
		assert.deepEqual(rules({ from: ['9812345678', 'nobody'] }), ['from[1]: phone']);
	});

	it('takes ranges of at most 31 days, the right way round', () => {
		assert.equal(MAX_RANGE_MS, 2_678_400_000);
		const after = Date.parse('2026-01-01T00:00:00Z');
		const range = (ms: number) => ({ createdAfter: new Date(after), createdBefore: new Date(after + ms) });
		assert.ok(url(range(MAX_RANGE_MS)));
		assert.deepEqual(rules(range(MAX_RANGE_MS + 1)), ['createdBefore: one-month']);
		assert.deepEqual(rules(range(-1)), ['createdAfter: range']);
		assert.ok(url(range(0)));
		assert.ok(url({ createdAfter: '2019-01-01 00:00:00', createdBefore: '2019-01-31 23:59:59' }));
	});

	it('knows that calls are kept for six months', () => {
		const now = new Date('2026-08-31T12:00:00Z');
		assert.equal(new Date(earliestCall(now.getTime())).toISOString(), '2026-02-28T12:00:00.000Z');
		assert.equal(
			new Date(earliestCall(Date.parse('2026-03-15T00:00:00Z'))).toISOString(),
			'2025-09-15T00:00:00.000Z',
		);
		assert.equal(
			new Date(earliestCall(Date.parse('2028-08-30T00:00:00Z'))).toISOString(),
			'2028-02-29T00:00:00.000Z',
		);
		assert.ok(url({ createdAfter: '2020-01-01 00:00:00' }));
		const found = (createdAfter?: string) => filterViolations({ createdAfter }, singapore, now.getTime());
		assert.deepEqual(found('2026-02-28T12:00:00Z'), []);
		const [violation] = found('2026-02-28T11:59:59Z');
		assert.deepEqual([violation?.field, violation?.rule], ['createdAfter', 'six-months']);
		assert.deepEqual(found(), []);
	});

	it('names everything else that is wrong', () => {
		assert.deepEqual(rules({ durationMinSeconds: 5, durationMaxSeconds: 4, priceMin: 2, priceMax: 1 }), [
			'durationMinSeconds: range',
			'priceMin: range',
		]);
		assert.ok(url({ durationMinSeconds: 5, durationMaxSeconds: 5, priceMin: 1, priceMax: 1 }));
		assert.deepEqual(rules({ durationMinSeconds: 5, durationEqualsSeconds: 4, priceMax: 2, priceEquals: 1 }), [
			'durationEqualsSeconds: one-of',
			'priceEquals: one-of',
		]);
		assert.deepEqual(
			rules({
				cursor: 'x',
				createdAfter: 'yesterday',
				callStatus: ['a b'],
				direction: 'a;b',
				sortBy: 'up',
				durationMinSeconds: -1,
				priceMin: 'free',
			}),
			[
				'createdAfter: time',
				'callStatus: choice',
				'direction: choice',
				'sortBy: choice',
				'durationMinSeconds: min',
				'priceMin: number',
				'cursor: pattern',
			],
		);
		for (const cursor of ['After=', 'After=a b', 'Next=abc', `After=${'a'.repeat(2_049)}`])
			assert.deepEqual(rules({ cursor }), ['cursor: pattern'], cursor);
		assert.deepEqual(rules({ createdAfter: new Date(Number.NaN) }), ['createdAfter: time']);
		assert.deepEqual(rules({ createdAfter: {} }), ['createdAfter: time']);
		assert.deepEqual(rules({ createdAfter: new Date('9999-01-01T00:00:00Z') }), ['createdAfter: time']);
		assert.deepEqual(rules({ createdAfter: new Date(-1) }), ['createdAfter: time']);
		assert.ok(url({ createdAfter: new Date('9998-01-01T00:00:00Z') }));
	});

	it('decodes to what was encoded', () => {
		const digits = fc.integer({ min: 6_000_000_000, max: 9_999_999_999 }).map((n) => `+91${n}`);
		fc.assert(
			fc.property(
				fc.uniqueArray(digits, { minLength: 1, maxLength: 5 }),
				fc.integer({ min: 1_000_000_000, max: 2_000_000_000 }),
				fc.nat(2_678_400),
				fc.base64String({ minLength: 4 }),
				(to, after, length, cursor) => {
					const sent = new URL(
						url({
							to,
							createdAfter: new Date(after * 1000),
							createdBefore: new Date((after + length) * 1000),
							cursor: `After=${cursor}`,
						}),
					).searchParams;
					const stamps = /^gte:(.*);lte:(.*)$/.exec(sent.get('DateCreated') ?? '');
					assert.deepEqual(
						[
							sent.get('To')?.split(','),
							sent.get('After'),
							Date.parse(`${stamps?.[1]}+05:30`),
							Date.parse(`${stamps?.[2]}+05:30`),
						],
						[to, cursor, after * 1000, (after + length) * 1000],
					);
				},
			),
			runs,
		);
	});
});
