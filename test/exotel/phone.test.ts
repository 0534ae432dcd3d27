/** Phone numbers: every form a number is written in, by people and by Exotel. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { getCountries, getExampleNumber, parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { parsePhoneNumberFromString as parsePhoneNumberWithTypes } from 'libphonenumber-js/max';
import examples from 'libphonenumber-js/mobile/examples';
import { samePhone } from '../../exotel';
import { normalisePhone, parsePhone } from '../../exotel/phone';
import { propertyRuns as numRuns } from './samples';

const number = (e164: string) => ({ kind: 'number', e164 });
const mine = number('+919876543210');

describe('parsePhone', () => {
	const indianForms = [
		'9876543210',
		'09876543210',
		'919876543210',
		'0919876543210',
		'00919876543210',
		'+919876543210',
		'+9109876543210',
		'+09876543210',
		'98765 43210',
		'098765-43210',
		'+91-98765-43210',
		'+91 (98765) 43210',
		'98765.43210',
		'  +91 98765 43210  ',
		' 919876543210',
		'tel:+919876543210',
		'+91\u00a098765\u201143210',
		'\u200e+91 98765 43210\u200e',
		'\u202a+919876543210\u202c',
		"'9876543210",
		"'+919876543210",
		'9876543210.0',
		'919876543210.0',
		'+919876543210.0',
		'\u096f\u096e\u096d\u096c\u096b\u096a\u0969\u0968\u0967\u0966',
		'+\u096f\u0967 \u096f\u096e\u096d\u096c\u096b \u096a\u0969\u0968\u0967\u0966',
		'\u0be6\u0bef\u0bee\u0bed\u0bec\u0beb\u0bea\u0be9\u0be8\u0be7\u0be6',
	];
	for (const written of indianForms) {
		it(`reads ${JSON.stringify(written)} as an Indian number`, () =>
			assert.deepEqual(parsePhone(written, 'IN'), mine));
	}

	it('reads no text that is far too long for a number, whatever is in it', () => {
		for (const mark of ['\u200b', ' ']) {
			const around = mark.repeat(100);
			const written = `9${around}876543210${around}9`;
			assert.equal(parsePhone(written, 'IN').kind, 'unreadable');
		}
		assert.deepEqual(parsePhone(`9${'\u200b'.repeat(250)}876543210`, 'IN').kind, 'unreadable');
		assert.deepEqual(parsePhone(`9${'\u200b'.repeat(100)}876543210`, 'IN'), mine);
	});

	it('reads numbers handed over as numbers', () => {
		assert.deepEqual(parsePhone(9876543210, 'IN'), mine);
		assert.deepEqual(parsePhone(919876543210n, 'IN'), mine);
	});

	it('reads Indian landlines with their STD code, also Delhi’s that begins with 1', () => {
		assert.deepEqual(parsePhone('080 2345 6789', 'IN'), number('+918023456789'));
		assert.deepEqual(parsePhone('01135124160', 'IN'), number('+911135124160'));
	});

	it('reads numbers of other countries by their code or by the default country', () => {
		assert.deepEqual(parsePhone('+1 415 555 2671', 'IN'), number('+14155552671'));
		assert.deepEqual(parsePhone('(415) 555-2671', 'US'), number('+14155552671'));
		assert.deepEqual(parsePhone('021 31921111', 'ID'), number('+622131921111'));
		assert.deepEqual(parsePhone('+919876543210', 'US'), mine);
		assert.deepEqual(parsePhone('09876543210', 'ZZ'), { kind: 'unreadable', written: '09876543210' });
	});

	it('does not read an Indian national form where the default country is another', () => {
		assert.deepEqual(parsePhone('09876543210', 'US'), { kind: 'unreadable', written: '09876543210' });
	});

	it('repairs a plus that became a blank, unless the digits are a number of the default country', () => {
		assert.deepEqual(parsePhone(' 14155552671', 'IN'), number('+14155552671'));
		assert.deepEqual(parsePhone(' 9876543210', 'IN'), mine);
		assert.deepEqual(parsePhone(' 4155552671', 'US'), number('+14155552671'));
		assert.deepEqual(parsePhone(' 6561234567', 'IN'), number('+916561234567'), 'also a number of Singapore');
		assert.deepEqual(parsePhone(' 6592345678', 'US'), number('+16592345678'));
		assert.deepEqual(parsePhone(' 0000000', 'IN'), { kind: 'unreadable', written: '0000000' });
		assert.deepEqual(parsePhone('sip:sips', 'IN'), { kind: 'sip', uri: 'sip:sips' });
		assert.deepEqual(parsePhone(`98765${' '.repeat(30)}43210`, 'IN'), mine, 'forty characters');
		assert.deepEqual(parsePhone(`98765${' '.repeat(31)}43210`, 'IN').kind, 'unreadable', 'forty-one');
		assert.deepEqual(parsePhone('  14155552671', 'IN'), { kind: 'unreadable', written: '14155552671' });
		assert.deepEqual(parsePhone(' 18001234567', 'IN'), number('+9118001234567'), 'a toll-free number');
	});

	it('does not read a number of another country without its plus as a longer Indian one', () => {
		const foreign = ['18035551234', '18621234567', '18611234567', '447911123456'];
		for (const written of ['14155552671', '1 415 555 2671', '014155552671', '+9114155552671', ...foreign])
			assert.deepEqual(parsePhone(written, 'IN'), { kind: 'unreadable', written });
		assert.deepEqual(parsePhone(' 18035551234', 'IN'), number('+18035551234'), 'its plus became a blank');
		assert.deepEqual(parsePhone(14155552671, 'IN'), { kind: 'unreadable', written: '14155552671' });
		assert.deepEqual(parsePhone('+9114155552671', 'US'), { kind: 'unreadable', written: '+9114155552671' });
		assert.deepEqual(parsePhone('+14155552671', 'IN'), number('+14155552671'));
		assert.deepEqual(parsePhone('0014155552671', 'IN'), number('+14155552671'));
	});

	it('reads every Indian number that begins with 1, whatever its length', () => {
		for (const [written, e164] of [
			['1800 123 4567', '+9118001234567'],
			['018001234567', '+9118001234567'],
			['1800 1234', '+9118001234'],
			['1860 266 2666', '+9118602662666'],
			['000800 100 1234', '+910008001001234'],
			['1412345678', '+911412345678'],
			['140 123 4567', '+911401234567'],
			['1600 123456', '+911600123456'],
			['08047112233', '+918047112233'],
			['080 4444 2400', '+918044442400'],
		] as const)
			assert.deepEqual(parsePhone(written, 'IN'), number(e164), written);
		const digits = fc.stringMatching(/^1\d{7,12}$/);
		const service = fc
			.tuple(fc.constantFrom('1800', '1803', '1860', '1861', '1862', '1601'), fc.stringMatching(/^\d{4,9}$/))
			.map(([prefix, rest]) => `${prefix}${rest}`);
		fc.assert(
			fc.property(fc.oneof(digits, service), fc.constantFrom('', '0', '+91'), (national, prefix) => {
				const plan = parsePhoneNumberWithTypes(`+91${national}`);
				if (plan?.isValid() !== true) return;
				assert.deepEqual(parsePhone(`${prefix}${national}`, 'IN'), number(plan.number));
			}),
			{ numRuns },
		);
	});

	it('keeps SIP addresses', () => {
		assert.deepEqual(parsePhone('sip:gauravjfb55d386', 'IN'), { kind: 'sip', uri: 'sip:gauravjfb55d386' });
		assert.deepEqual(parsePhone(' SIP:Agent@Example.com ', 'IN'), { kind: 'sip', uri: 'sip:Agent@Example.com' });
		assert.deepEqual(parsePhone('SIPS:a', 'IN'), { kind: 'sip', uri: 'sips:a' });
		assert.deepEqual(parsePhone('sip:', 'IN'), { kind: 'unreadable', written: 'sip:' });
		assert.deepEqual(parsePhone('sip:a b', 'IN'), { kind: 'unreadable', written: 'sip:a b' });
	});

	for (const written of [
		'0XXXXX30240',
		'+91941374XXXX',
		'Anna',
		'123',
		'+91987654321',
		'98765432101234567',
		'+1',
		'+',
		'9876543210 ext 5',
		'98765\t,43210',
		'1'.repeat(41),
		'+919876543210+1',
	]) {
		it(`does not read ${JSON.stringify(written)}`, () =>
			assert.deepEqual(parsePhone(written, 'IN'), { kind: 'unreadable', written }));
	}

	it('does not read objects, and quotes nothing of them', () => {
		assert.deepEqual(parsePhone({ number: '9876543210' }, 'IN'), { kind: 'unreadable', written: '' });
		assert.deepEqual(parsePhone(true, 'IN'), { kind: 'unreadable', written: '' });
	});

	for (const written of [undefined, null, '', '   ', 'null']) {
		it(`takes ${JSON.stringify(written)} for nothing`, () =>
			assert.deepEqual(parsePhone(written, 'IN'), { kind: 'nothing' }));
	}

	it('agrees with the numbering plan on Indian numbers', () => {
		const digits = fc
			.tuple(fc.integer({ min: 2, max: 9 }), fc.stringMatching(/^\d{9}$/))
			.map(([first, rest]) => `${first}${rest}`);
		fc.assert(
			fc.property(digits, fc.constantFrom('+91', '0', '91', ''), (ten, prefix) => {
				const plan = parsePhoneNumberFromString(prefix === '91' ? `+91${ten}` : `${prefix}${ten}`, 'IN');
				const read = parsePhone(`${prefix}${ten}`, 'IN');
				assert.equal(read.kind === 'number' && read.e164, plan?.number);
			}),
			{ numRuns },
		);
	});

	it('reads the numbers of every country as libphonenumber does with all it knows', () => {
		for (const country of getCountries()) {
			const example = getExampleNumber(country, examples);
			assert.ok(example, country);
			const spellings = [example.formatInternational(), example.formatNational(), example.nationalNumber];
			for (const written of spellings.filter((spelling) => country !== 'IN' || spelling.startsWith('+'))) {
				const theirs = parsePhoneNumberFromString(written, { defaultCountry: country, extract: false });
				const expected = theirs?.isValid() ? number(theirs.number) : { kind: 'unreadable', written };
				assert.deepEqual(parsePhone(written, country), expected, `${country} ${written}`);
			}
		}
	});

	it('never throws, and reads its own E.164 back', () => {
		fc.assert(
			fc.property(
				fc.oneof(fc.string(), fc.anything(), fc.stringMatching(/^[+ 0]?\d{3,16}$/)),
				fc.constantFrom('IN', 'US', 'SG', 'ZZ', ''),
				(written, country) => {
					const read = parsePhone(written, country);
					if (read.kind === 'number') assert.deepEqual(parsePhone(read.e164, country), read);
				},
			),
			{ numRuns },
		);
	});
});

describe('normalisePhone', () => {
	it('gives E.164, a SIP address, the text as received, or null', () => {
		assert.equal(normalisePhone('+919876543210', 'IN'), '+919876543210');
		assert.equal(normalisePhone('09876543210', 'IN'), '+919876543210');
		assert.equal(normalisePhone('9876543210', 'IN'), '+919876543210');
		assert.equal(normalisePhone('sip:agentXXXX', 'IN'), 'sip:agentXXXX');
		assert.equal(normalisePhone(' 0XXXXX30240 ', 'IN'), '0XXXXX30240');
		assert.equal(normalisePhone('null', 'IN'), null);
		assert.equal(normalisePhone(undefined, 'IN'), null);
		assert.equal(normalisePhone({}, 'IN'), null);
	});

	it('takes a leading blank for a lost plus, because Exotel never pads', () => {
		assert.equal(normalisePhone(' 919876543210', 'IN'), '+919876543210');
		assert.equal(normalisePhone(' 6561234567', 'IN'), '+6561234567');
		assert.equal(normalisePhone(' 9876543210', 'IN'), '+919876543210', 'not a number with the plus');
		assert.equal(normalisePhone(' 0876', 'IN'), '0876');
	});

	it('keeps reading what Exotel sends, also what is hardly a number of India', () => {
		assert.equal(normalisePhone('14155552671', 'IN'), '+9114155552671');
		assert.equal(samePhone('14155552671', '+9114155552671', 'IN'), true);
	});

	it('leaves eleven or thirteen other characters alone', () => {
		assert.equal(normalisePhone('00000000000', 'IN'), '00000000000');
		assert.equal(normalisePhone('+910000000000', 'IN'), '+910000000000');
		assert.equal(normalisePhone('09876543210', 'US'), '09876543210');
	});
});

describe('samePhone', () => {
	it('compares meanings, not letters', () => {
		assert.equal(samePhone('09876543210', '+91 98765 43210', 'IN'), true);
		assert.equal(samePhone(' 919876543210', '9876543210', 'IN'), true);
		assert.equal(samePhone('09876543210', '09876543211', 'IN'), false);
		assert.equal(samePhone('SIP:a', 'sip:a', 'IN'), true);
	});

	it('never takes nothing for the same as nothing', () => {
		assert.equal(samePhone(null, null, 'IN'), false);
		assert.equal(samePhone('', '09876543210', 'IN'), false);
	});
});
