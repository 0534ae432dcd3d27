/** The blanks and types of Exotel's payloads. */
import assert from 'node:assert/strict';
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
});
