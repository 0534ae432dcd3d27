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
});
