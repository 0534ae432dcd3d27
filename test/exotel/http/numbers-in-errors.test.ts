/** Phone numbers in what an error quotes: in every spelling and every surrounding, only the last two digits stay. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { redactPhoneNumbers } from '../../../exotel/redact';
import { runs } from '../samples';

/** The ten national digits of a mobile number. */
const national = fc.integer({ min: 6_000_000_000, max: 9_999_999_999 }).map(String);
const cut = (digits: string, ...groups: number[]): string[] =>
	groups.map((length, index) => {
		const from = groups.slice(0, index).reduce((sum, each) => sum + each, 0);
		return digits.slice(from, from + length);
	});

const GROUPS = [[10], [5, 5], [3, 3, 4], [4, 3, 3], [4, 6], [6, 4], [2, 3, 5], [2, 4, 4], [3, 7]];
const BETWEEN = [' ', '-', '\u00a0', '\u2011', '%20', '%2D', '  ', '\t', '%09', '%2520'];
const BEHIND_PLUS = [...BETWEEN, '.', ') ', '+'];
/** How a country or a long-distance call is written before the national digits. */
const PREFIXES = ['+91', '%2B91', '%2b91', '%252B91', '\\u002b91', '&#43;91', '91', '0091', '0', '+91 (0)', ''];

const written = fc
	.tuple(national, fc.constantFrom(...PREFIXES), fc.constantFrom(...GROUPS), fc.nat(), fc.boolean())
	.map(([digits, prefix, groups, pick, apart]) => {
		const between = /\+|2b|&#43;/i.test(prefix) ? BEHIND_PLUS : BETWEEN;
		const separator = between[pick % between.length] as string;
		const gap = apart && prefix !== '' && prefix !== '0' ? separator : '';
		return { digits, text: `${prefix}${gap}${cut(digits, ...groups).join(separator)}` };
	});

const surrounding = fc.constantFrom(
	['', ''],
	['to ', '.'],
	['To=', '&From=x'],
	['"', '"'],
	['{"To":"', '","a":1}'],
	['<To>', '</To>'],
	['sip:', '@example.com'],
	['tel:', ';ext=1'],
	['(', ')'],
	['To%3D', '%26'],
	['To%3A', '%2C'],
	['a\\n', '\\n'],
	['to_', '_x'],
	['number:', ', which is busy'],
	['https://example.com/calls/', '/x'],
	['https://example.com/?to=', '#a'],
);

describe('phone numbers in an error', () => {
	it('are cut to two digits in every spelling, whatever stands around them', () => {
		fc.assert(
			fc.property(written, surrounding, ({ digits, text }, [before = '', after = '']) => {
				const shown = redactPhoneNumbers(before + text + after);
				const left = shown.replace(/\D/g, '');
				assert.ok(!left.includes(digits), `${before}${text}${after} became ${shown}`);
				assert.ok(left.length <= 6, `${before}${text}${after} became ${shown}`);
			}),
			{ ...runs, numRuns: 2000 },
		);
	});

	it('are cut in a word, in other separators and in the digits of other scripts', () => {
		for (const number of [
			...['9876543210-agent', 'agent-9876543210 busy', 'x9876543210', '9876543210is busy', 'user.9876543210'],
			...['1800 123 4567', '1800-123-4567', '98765_43210', '98765/43210', '98 76 54 32 10', 'v2.9876543210'],
			...['98765&nbsp;43210', '98765\\u002d43210', '98765\\u002043210', 'From=0%39876543210'],
			...['९८७६५४३२१०', '९८७६५ ४३२१०', '９８７６５４３２１０', '+९१९८७६५४३२१०'],
		]) {
			const left = redactPhoneNumbers(`to ${number}.`)
				.normalize('NFKC')
				.replace(/\P{Nd}/gu, '');
			assert.ok(left.length <= 6, `${number} became ${redactPhoneNumbers(number)}`);
		}
		assert.equal(redactPhoneNumbers('to ९८७६५४३२१०'), 'to …10');
	});

	it('are cut when they are spelt digit by digit, whatever stands between the digits', () => {
		fc.assert(
			fc.property(
				fc.tuple(fc.constantFrom('', '0', '91', '+91', '0091'), national),
				fc.constantFrom(...BETWEEN, '.', ', ', ',', '/', '_', ' - ', '\n', ':', ';', '|', '%2520', '"," ', '–'),
				surrounding,
				([prefix, digits], separator, [before = '', after = '']) => {
					const written = [...`${prefix}${digits}`].join(separator).replace(`+${separator}`, '+');
					const shown = redactPhoneNumbers(before + written + after);
					const left = shown.replace(/%(?:25)?[\da-f]{2}/gi, '').replace(/\D/g, '');
					assert.ok(left.length <= 4, `${before}${written}${after} became ${shown}`);
				},
			),
			{ ...runs, numRuns: 2000 },
		);
		assert.equal(redactPhoneNumbers('to 9 8 7 6 5 4 3 2 1 0.'), 'to …10.');
		assert.equal(redactPhoneNumbers('to +9 1 9 8 7 6 5 4 3 2 1 0, busy'), 'to …10, busy');
		for (const kept of ['keys 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 or 11', 'levels 9 8 7 6 5 4 3 2 1', '1.2.3.4:5'])
			assert.equal(redactPhoneNumbers(kept), kept);
	});

	it('are cut with the blanks, dashes and invisible characters of other keyboards in them', () => {
		const characters =
			'\u00ad\u2002\u2007\u2009\u200b\u200d\u2012\u202a\u202c\u202f\u2060\u2066\u2069\u2212\u3000\ufeff';
		for (const one of [
			...characters,
			...[...'\u2009\u202f\u2011'].map((it) => `\\u${it.charCodeAt(0).toString(16)}`),
		])
			for (const number of [`98765${one}43210`, `+91${one}98765${one}43210`, `080${one}4711${one}2210`])
				for (const text of [number, `to ${one}${number}${one}.`]) {
					const shown = redactPhoneNumbers(text);
					assert.match(shown, /…10/);
					assert.ok(!/\d{3}/.test(shown.replace(/\\u\w{4}/g, '')), `${JSON.stringify(text)} became ${shown}`);
				}
	});

	it('are no ids, times or durations', () => {
		for (const kept of [
			'call a1234567890123c0fc937749ef960e25 of /Calls/b12345678901234cfc937749ef960e25.json',
			'attempt 5c0f2f3e-1c1b-4a5e-9f2d-123456789012',
			'after 1234.56789012345 ms, 0.1234567890',
			'2026-01-31T18:30:00.123+05:30, 20260131-1830',
			'order-12345678, order १२३४',
		])
			assert.equal(redactPhoneNumbers(kept), kept);
	});
});
