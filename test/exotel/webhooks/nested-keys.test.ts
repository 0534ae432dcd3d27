/** Names with brackets become nested objects, whatever they hold. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type IncomingRequest } from '../../../exotel';
import { decodeIncoming } from '../../../exotel/webhooks/incoming';
import { header } from '../../../exotel/webhooks/incoming';
import { propertyRuns as numRuns } from '../samples';
import { post } from './incoming-requests';

describe('nested names', () => {
	const nested = (query: string): unknown => decodeIncoming(post(undefined, undefined, { query }));
	const read: [string, unknown][] = [
		['a=1&a=2', { a: ['1', '2'] }],
		['a=1&a=2&a=3', { a: ['1', '2', '3'] }],
		['a[]=1&a[]=2', { a: ['1', '2'] }],
		['a[0]=x&a[1]=y', { a: ['x', 'y'] }],
		['a[1]=y&a[0]=x', { a: ['x', 'y'] }],
		['a[1]=x', { a: { 1: 'x' } }],
		['a[0]=x&a[2]=y', { a: { 0: 'x', 2: 'y' } }],
		['a[0]=x&a[b]=y', { a: { 0: 'x', b: 'y' } }],
		['a[0][b]=x&a[0][b]=y', { a: [{ b: ['x', 'y'] }] }],
		['a=plain&a[b]=x', { a: { b: 'x' } }],
		['a[b]=x&a=plain', { a: { b: 'x' } }],
		['Legs[1][Insights][Status]=completed', { Legs: { 1: { Insights: { Status: 'completed' } } } }],
		['a[b[c]=x', { 'a[b[c]': 'x' }],
		['[a]=x', { '[a]': 'x' }],
		['a]=x', { 'a]': 'x' }],
		['a[1][2][3][4][5]=x', { a: { 1: { 2: { 3: { 4: { 5: 'x' } } } } } }],
		['a[1][2][3][4][5][6]=x', { 'a[1][2][3][4][5][6]': 'x' }],
		['=x', { '': 'x' }],
		['__proto__=x&a=1', { a: '1' }],
		['__proto__[polluted]=x&a=1', { a: '1' }],
		['a[__proto__][polluted]=x&b=1', { b: '1' }],
		['constructor[prototype][polluted]=x&b=1', { b: '1' }],
		['a[prototype]=x&b=1', { b: '1' }],
		['toString=x', { toString: 'x' }],
		['hasOwnProperty[a]=x', { hasOwnProperty: { a: 'x' } }],
	];
	for (const [query, expectedFields] of read) {
		it(query, () => {
			assert.deepEqual(nested(query), expectedFields);
			assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
		});
	}

	it('takes overlong names literally', () => {
		const name = (length: number): string => `a[${'x'.repeat(length - 3)}]`;
		assert.deepEqual(nested(`${name(200)}=1`), { a: { ['x'.repeat(197)]: '1' } });
		assert.deepEqual(nested(`${name(201)}=1`), { [name(201)]: '1' });
	});

	it('does not write into values a host handed over', () => {
		const Legs = [{ Status: 'busy' }];
		assert.deepEqual(decodeIncoming(post({ Legs, 'Legs[0][Status]': 'x' })), { Legs: [{ Status: 'x' }] });
		assert.deepEqual(Legs, [{ Status: 'busy' }]);
	});

	it('survives any names', () => {
		fc.assert(
			fc.property(
				fc.array(fc.tuple(fc.stringMatching(/^[ab_0-2[\]]{0,12}$|^__proto__$/), fc.string())),
				(pairs) => {
					assert.equal(typeof nested(new URLSearchParams(pairs).toString()), 'object');
				},
			),
			{ numRuns },
		);
	});
});

describe('header', () => {
	const request = (headers: IncomingRequest['headers']): IncomingRequest => ({
		method: 'GET',
		headers,
		receivedAt: 0,
	});
	it('is found in any case, the first of several', () => {
		assert.equal(header(request({ 'exotel-version': '1.1' }), 'exotel-version'), '1.1');
		assert.equal(header(request({ 'Exotel-Version': '1.0' }), 'exotel-version'), '1.0');
		assert.equal(header(request({ 'EXOTEL-VERSION': ['1.0', '1.1'] }), 'exotel-version'), '1.0');
		assert.equal(header(request({ other: 'x' }), 'exotel-version'), null);
		assert.equal(header({ method: 'GET', receivedAt: 0 } as unknown as IncomingRequest, 'exotel-version'), null);
	});
});
