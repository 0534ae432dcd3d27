/** The one error type: what it carries, what it says when nothing was said, and how it names several broken rules. */
import assert from 'node:assert/strict';
import { ExotelError, inputError } from '../../exotel/index';

describe('the one error', () => {
	it('has a value for everything a flow may look at', () => {
		const error = new ExotelError('exotel', 'm');
		assert.ok(error instanceof Error);
		assert.deepEqual(
			{ ...error, message: error.message },
			{
				name: 'ExotelError',
				message: 'm',
				kind: 'exotel',
				hint: '',
				httpStatus: null,
				code: null,
				retryable: false,
				retryAfterMs: null,
				violations: [],
				attemptId: null,
				requestId: null,
				raw: null,
				help: 'https://github.com/exonodes/exonodes/blob/main/docs/troubleshooting.md#exotel-error',
			},
		);
		assert.ok(!('cause' in error));
	});

	it('keeps what it is given', () => {
		const cause = new Error('c');
		const violations = [{ field: 'f', rule: 'r', message: 'x' }];
		const error = new ExotelError('network', 'm', {
			hint: 'h',
			httpStatus: 0,
			code: 'C',
			retryable: true,
			retryAfterMs: 0,
			violations,
			attemptId: 'a',
			requestId: 'r',
			raw: '',
			cause,
		});
		assert.deepEqual(
			{ ...error },
			{
				name: 'ExotelError',
				kind: 'network',
				hint: 'h',
				httpStatus: 0,
				code: 'C',
				retryable: true,
				retryAfterMs: 0,
				violations,
				attemptId: 'a',
				requestId: 'r',
				raw: '',
				help: 'https://github.com/exonodes/exonodes/blob/main/docs/troubleshooting.md#network',
			},
		);
		assert.equal(error.cause, cause);
	});

	it('names the first broken rule and counts the others', () => {
		const broken = (field: string) => ({ field, rule: 'required', message: `${field} is missing.` });
		const one = inputError([broken('to')]);
		assert.deepEqual(
			[one.kind, one.message, one.hint, one.retryable],
			['input', 'to is missing.', 'Correct the named field and try again.', false],
		);
		assert.equal(
			inputError([broken('to'), broken('from'), broken('exoPhone')], 'h').message,
			'to is missing. (and 2 more: from, exoPhone)',
		);
		assert.equal(inputError([broken('to')], 'h').hint, 'h');
		assert.equal(inputError([]).message, 'The input is not valid.');
	});
});
