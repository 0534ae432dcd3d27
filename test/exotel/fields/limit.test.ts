/** How many results the reader of a list wants: one rule for both hosts. */
import assert from 'node:assert/strict';
import { readLimit, readSwitch } from '../../../exotel/index';

describe('the number of results of a list', () => {
	it('is a whole number of at least 1, also one that is written as text', () => {
		assert.deepEqual(
			[1, 50, '7', ' 100 '].map((value) => readLimit(value, 'Limit')),
			[1, 50, 7, 100],
		);
	});

	it('is refused as anything else, under the name of the form', () => {
		for (const value of [
			0,
			-1,
			1.5,
			'',
			'many',
			NaN,
			Infinity,
			2 ** 53,
			null,
			undefined,
			{},
			true,
			[5],
			'0x10',
			'1e3',
		]) {
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

describe('a switch', () => {
	const setting = { field: 'returnAll', label: 'Return All' };

	it('is true or false, also in the words a field takes, and never guessed', () => {
		assert.deepEqual(
			[true, 'true', ' Yes ', 1, false, 'false', 'no', 0].map((value) => readSwitch(value, setting)),
			[true, true, true, true, false, false, false, false],
		);
		for (const value of ['', 'maybe', null, undefined, 2, [], {}]) {
			assert.throws(() => readSwitch(value, setting), {
				kind: 'input',
				violations: [{ field: 'returnAll', rule: 'boolean', message: 'Return All must be true or false.' }],
			});
		}
	});
});
