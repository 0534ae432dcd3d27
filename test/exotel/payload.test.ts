/** The blanks and types of Exotel's payloads. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { toIso } from '../../exotel/time';
import { runs } from './samples';
import { amount, asPayload, items, lowerText, secondsBetween, text } from '../../exotel/payload';

describe('values of a payload', () => {
	it('takes null, blank, "null" and absence for nothing', () => {
		for (const nothing of [null, undefined, '', '   ', 'null', ' null ', {}, [], [[]], ['null']])
			assert.equal(text(nothing), null);
	});

	it('reads texts, numbers and booleans as trimmed text, and the first of several', () => {
		assert.equal(text(' busy '), 'busy');
		assert.equal(text(0), '0');
		assert.equal(text(false), 'false');
		assert.equal(text(['a', 'b']), 'a');
		assert.equal(text([7]), '7');
		assert.equal(text('NULL'), 'NULL');
		assert.equal(lowerText(' Dial'), 'dial');
		assert.equal(lowerText(''), null);
	});

	it('reads amounts from numbers and digits only', () => {
		const read: [unknown, number | null][] = [
			[0, 0],
			['0', 0],
			[17, 17],
			['17', 17],
			[' 17 ', 17],
			['1.500', 1.5],
			['4.39', 4.39],
			[0.3, 0.3],
			[-1, null],
			['-1', null],
			[NaN, null],
			[Infinity, null],
			['17s', null],
			['s17', null],
			['1e3', null],
			['1.', null],
			['.5', null],
			['1234567890123', null],
			['', null],
			['null', null],
			[null, null],
			[true, null],
		];
		for (const [written, expected] of read) assert.equal(amount(written), expected, String(written));
	});

	it('tells objects from everything else', () => {
		assert.deepEqual(asPayload({ a: 1 }), { a: 1 });
		for (const other of [null, undefined, 'a', 1, [], () => 1]) assert.equal(asPayload(other), null);
	});

	it('reads lists that came as lists or keyed by number', () => {
		assert.deepEqual(items(['a', 'b']), ['a', 'b']);
		assert.deepEqual(items({ 1: 'a', 2: 'b' }), ['a', 'b']);
		assert.deepEqual(items({}), []);
		assert.deepEqual(items({ a: 1 }), []);
		assert.deepEqual(items({ 1: 'a', b: 1 }), []);
		assert.deepEqual(items({ 12345: 'a' }), []);
		assert.deepEqual(items({ 1234: 'a' }), ['a']);
		assert.deepEqual(items('a'), []);
	});

	it('counts the seconds between two times, in that order only', () => {
		assert.equal(secondsBetween('2019-04-08T03:17:59+05:30', '2019-04-08T03:18:36+05:30'), 37);
		assert.equal(secondsBetween('2019-04-08T03:17:59+05:30', '2019-04-08T03:17:59+05:30'), 0);
		assert.equal(secondsBetween('2019-04-08T03:18:00+05:30', '2019-04-08T03:17:59+05:30'), null);
		assert.equal(secondsBetween(null, '2019-04-08T03:17:59+05:30'), null);
		assert.equal(secondsBetween('2019-04-08T03:17:59+05:30', null), null);
	});

	it('are the difference of the two times, on one day or several, in one zone or two', () => {
		const moment = fc.integer({ min: 1_500_000_000, max: 1_500_400_000 });
		const zone = fc.constantFrom('Asia/Kolkata', 'UTC', 'America/New_York');
		const property = fc.property(moment, moment, zone, zone, (start, end, from, to) => {
			const expected = end >= start ? end - start : null;
			assert.equal(secondsBetween(toIso(start * 1000, from), toIso(end * 1000, to)), expected);
			assert.equal(secondsBetween(toIso(start * 1000, from), toIso(end * 1000, from)), expected);
		});
		fc.assert(property, runs);
	});
});
