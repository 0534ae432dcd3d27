/** The two readers of multipart bodies: the one for the plain form gives what the library gives. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { multipartEntries } from '../../../exotel/webhooks/multipart-body';
import { propertyRuns as numRuns } from '../samples';

const TYPE = 'multipart/form-data; boundary=xyz';

/** A header the plain form does not have: the library reads such a body. */
const ODD_HEADER = 'X-Odd: yes\r\n';

/** `header` is written into the first part. */
function body(parts: readonly (readonly [string, string])[], header = ''): Uint8Array {
	const text = parts.map(
		([name, value], index) =>
			`--xyz\r\n${index === 0 ? header : ''}Content-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
	);
	return new TextEncoder().encode(`${text.join('')}--xyz--\r\n`);
}

/** What comes of a body: its entries, or that it is refused. */
function outcome(bytes: Uint8Array): unknown {
	try {
		return multipartEntries(bytes, TYPE);
	} catch (reason) {
		return String(reason);
	}
}

describe('a multipart body', () => {
	const value = fc.oneof(
		fc.string({ unit: 'grapheme' }),
		fc.constantFrom('', '\ufeffmarked', '\r\n', '\r\n--xy', '\r\n\r\n', '--xyz', '\r\n--xyz', '"', 'a\u0000b'),
	);
	const name = fc.oneof(
		fc.constantFrom('CallSid', 'Legs[0][Status]', 'a b', ' a', 'naïve', 'a%22b', 'a\\"b', 'a"; filename="b', ''),
		fc.string(),
	);
	const parts = fc.array(fc.tuple(name, value), { maxLength: 8 });

	it('has the same fields in the plain form and with a header more', () => {
		fc.assert(
			fc.property(parts, (given) => {
				assert.deepEqual(outcome(body(given)), outcome(body(given, ODD_HEADER)));
			}),
			{ numRuns },
		);
	});

	it('is refused, or read the same, wherever it was cut off or changed', () => {
		const first = '--xyz\r\n'.length;
		fc.assert(
			fc.property(parts, fc.nat(), fc.option(fc.nat(255)), (given, place, byte) => {
				const plain = body([['CallSid', 'c1'], ...given]);
				const at = first + (place % (plain.length - first));
				const damaged = plain.slice(0, byte === null ? at : plain.length);
				if (byte !== null) damaged[at] = byte;
				const odd = Buffer.concat([
					damaged.subarray(0, first),
					Buffer.from(ODD_HEADER),
					damaged.subarray(first),
				]);
				assert.deepEqual(outcome(damaged), outcome(odd));
			}),
			{ numRuns },
		);
	});

	it('has as many parts as are allowed, and not one more', () => {
		const many = (count: number): Uint8Array =>
			body(Array.from({ length: count }, (_, index) => [`f${index}`, 'x'] as const));
		assert.equal(multipartEntries(many(500), TYPE).length, 500);
		assert.throws(() => multipartEntries(many(501), TYPE), /multipart body is damaged/);
	});
});
