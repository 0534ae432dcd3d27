/** Fields of a form as the platform reads them, and in a time that no sender can stretch. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { formEntries } from '../../../exotel/webhooks/nested-keys';
import { runs } from '../samples';

describe('the fields of a form', () => {
	it('are those that the platform reads', () => {
		const piece = fc.constantFrom(
			'a',
			'=',
			'&',
			'+',
			'%2B',
			'%',
			'%20',
			' ',
			'?',
			'[0]',
			'é',
			'\ufeff',
			'\ud800',
			'%C3%A9',
			'&&',
		);
		fc.assert(
			fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
				const text = pieces.join('');
				assert.deepEqual(formEntries(text), [...new URLSearchParams(text)]);
			}),
			runs,
		);
		assert.equal(formEntries(`${'&'.repeat(1000)}${'a=1&'.repeat(500)}`).length, 500);
	});

	it('of a megabyte are read or refused at once', () => {
		for (const piece of ['a&', '+=', '+', '=&', '&', 'a=&', '%41=&']) {
			const text = piece.repeat(1_048_576 / piece.length);
			const times = [1, 2, 3].map(() => {
				const before = process.cpuUsage();
				try {
					formEntries(text);
				} catch {
					// Too many fields.
				}
				const { user, system } = process.cpuUsage(before);
				return user + system;
			});
			assert.ok(Math.min(...times) < 50_000, `${piece}: ${times.join()} µs`);
		}
	});
});
