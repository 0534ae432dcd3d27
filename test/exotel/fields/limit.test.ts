/** How many results the reader of a list wants: one rule for both hosts. */
import assert from 'node:assert/strict';
import { readLimit } from '../../../exotel/index';

describe('the number of results of a list', () => {
	it('is a whole number of at least 1, also one that is written as text', () => {
		assert.deepEqual(
			[1, 50, '7', ' 100 '].map((value) => readLimit(value, 'Limit')),
			[1, 50, 7, 100],
		);
	});

	it('is refused as anything else, under the name of the form', () => {
		for (const value of [0, -1, 1.5, '', 'many', NaN, Infinity, 2 ** 53, null, undefined, {}]) {
			assert.throws(() => readLimit(value, 'Stop after'), {
				kind: 'input',
				violations: [
					{
						field: 'limit',
						rule: 'min',
						message: 'Stop after must be a whole number of at least 1. Example: 50',
					},
				],
			});
		}
	});
});
