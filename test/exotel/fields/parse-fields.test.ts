/** Every field is parsed into its one form, or refused in a sentence that names it. */
import assert from 'node:assert/strict';
import { runInNewContext } from 'node:vm';
import type { FieldDescription } from '../../../exotel/index';
import type { Field } from '../../../exotel/fields/field';
import { parseFields } from '../../../exotel/fields/parse-fields';
import { isBlank } from '../../../exotel/fields/parse-value';

const rules = { defaultCountry: 'IN', timeZone: 'Asia/Kolkata' };

function one(description: Partial<FieldDescription>, value: unknown) {
	const x = {
		label: 'X',
		description: '',
		kind: 'text',
		example: 'e',
		required: false,
		...description,
	} as Field;
	const { values, violations } = parseFields({ x }, { x: value }, rules);
	return violations.length > 0 ? `${violations[0]?.rule}: ${violations[0]?.message}` : values.x;
}

describe('reading a field', () => {
	it('knows what is blank', () => {
		for (const blank of [undefined, null, '', ' \t\n', [], [''], [null, ' ', []]])
			assert.equal(isBlank(blank), true);
		const tower: unknown = JSON.parse('['.repeat(200_000) + ']'.repeat(200_000));
		assert.equal(isBlank(tower), false, 'not even a tower of lists fails');
		assert.match(String(one({}, tower)), /^text: X must be plain text, not a list/);
		const holes: unknown[] = [];
		holes.length = 4_000_000_000;
		const endless = new Proxy<unknown[]>([], { get: (_, key) => (key === 'length' ? 1e9 : undefined) });
		for (const long of [holes, endless, [holes], Array.from({ length: 2 }, () => new Array(9_000))])
			assert.equal(isBlank(long), false, 'of a list with holes the length counts');
		assert.equal(isBlank(new Array(10_000)), true);
		for (const filled of [0, false, 'x', ['x'], {}, [['', 0]]]) assert.equal(isBlank(filled), false);
	});

	it('reads text, trimmed unless it is passed on as it is', () => {
		assert.equal(one({}, ' a b '), 'a b');
		assert.equal(one({ preserveWhitespace: true }, ' a b '), ' a b ');
		assert.deepEqual([one({}, 7), one({}, true), one({}, 7n)], ['7', 'true', '7']);
		assert.match(String(one({}, { a: 1 })), /^text: X must be plain text, not an object\. Example: e$/);
		assert.match(String(one({}, ['a'])), /^text: X must be plain text, not a list\./);
		assert.match(String(one({}, 'half \ud800')), /^text: X holds a broken character\. Type it again\.$/);
		assert.equal(one({}, 'whole \u{1f600}'), 'whole \u{1f600}');
		assert.equal(one({ pattern: { form: /^a+$/, rule: 'is made of a' } }, ' aa '), 'aa');
		assert.equal(one({ pattern: { form: /^a+$/, rule: 'is made of a' } }, 'b'), 'pattern: X is made of a.');
	});

	it('reads numbers, with their ends', () => {
		const whole = { kind: 'integer', min: 1, max: 60, unit: 'seconds' } as const;
		assert.deepEqual([one(whole, 1), one(whole, '60'), one(whole, ' 07 ')], [1, 60, 7]);
		assert.equal(one(whole, 0), 'min: X must be at least 1 second.');
		assert.equal(one(whole, '61'), 'max: X must be at most 60 seconds.');
		for (const bad of [1.5, '1.5', '1e3', 'ten', '0x10', '+5', '5 s', Number.NaN, Infinity, true, [], {}]) {
			if (!isBlank(bad))
				assert.equal(one(whole, bad), 'number: X must be a whole number. Example: e', String(bad));
		}
		assert.equal(one({ kind: 'integer' }, '99999999999999999999'), 'number: X must be a whole number. Example: e');
		assert.deepEqual(
			[one({ kind: 'number' }, '0.25'), one({ kind: 'number' }, -1.5), one({ kind: 'number' }, '1e3')],
			[0.25, -1.5, 'number: X must be a number. Example: e'],
		);
		assert.equal(one({ kind: 'number', min: 0 }, '-0.1'), 'min: X must be at least 0.');
		assert.equal(one({ kind: 'number', max: 1 }, 1.1), 'max: X must be at most 1.');
		assert.equal(one({ kind: 'number', min: 0, max: 1 }, 1), 1);
		assert.equal(one({ kind: 'number', min: 0, max: 1 }, 0), 0);
	});

	it('reads yes and no in the words people use', () => {
		for (const yes of [true, 'true', 'TRUE', ' yes ', 'on', 1, '1'])
			assert.equal(one({ kind: 'boolean' }, yes), true);
		for (const no of [false, 'false', 'No', 'off', 0, '0']) assert.equal(one({ kind: 'boolean' }, no), false);
		for (const bad of ['maybe', 2, {}, [1]])
			assert.equal(one({ kind: 'boolean' }, bad), 'boolean: X must be true or false.');
	});

	it('reads choices in any case, several at once, each once', () => {
		const options = [
			{ value: 'One', label: 'One', description: '' },
			{ value: 'two', label: 'Two', description: '' },
		];
		assert.equal(one({ kind: 'choice', options }, ' oNE '), 'One');
		assert.equal(one({ kind: 'choice', options }, 'three'), 'choice: X must be one of: One, two.');
		assert.equal(one({ kind: 'choice', options, allowUnknown: true }, ' other-Word '), 'other-Word');
		assert.equal(
			one({ kind: 'choice', options, allowUnknown: true }, 'a,b'),
			'choice: X must be one of: One, two.',
		);
		assert.deepEqual(one({ kind: 'multi-choice', options }, 'two, one,,TWO'), ['two', 'One']);
		assert.deepEqual(one({ kind: 'multi-choice', options }, ['one', '', null]), ['One']);
		assert.equal(one({ kind: 'multi-choice', options }, ['one', 'x']), 'choice: X must be one of: One, two.');
		assert.match(String(one({ kind: 'multi-choice', options }, 7)), /^choice/);
		assert.match(String(one({ kind: 'multi-choice', options }, [{}])), /^text/);
	});

	it('reads web addresses as written', () => {
		for (const good of ['http://a', 'HTTPS://Example.com/a?b=c#d', 'http://127.0.0.1:1880/x', 'https://a/ü'])
			assert.equal(one({ kind: 'url' }, ` ${good} `), good);
		for (const bad of [
			'a',
			'/a',
			'ftp://a',
			'http://',
			'http:// a',
			'http://a b',
			'javascript:alert(1)',
			'http://[',
			'xhttp://a',
		])
			assert.equal(
				one({ kind: 'url' }, bad),
				'url: X must be a web address that starts with http:// or https://. Example: e',
				bad,
			);
	});

	it('knows that Exotel plays wav only', () => {
		for (const good of ['http://a/b.wav', 'http://a/b.mp3.wav', 'http://a/b', 'http://a/b?x=.mp3', 'http://a/mp3'])
			assert.equal(one({ kind: 'url', audio: true }, good), good);
		for (const kind of ['mp3', 'ogg', 'oga', 'opus', 'm4a', 'mp4', 'aac', 'flac', 'wma', 'AMR'])
			assert.match(
				String(one({ kind: 'url', audio: true }, `http://a/b.${kind}?c`)),
				/^audio: X must be a wav file: Exotel plays no other kind\. Example: e$/,
			);
		assert.equal(one({ kind: 'url' }, 'http://a/b.mp3'), 'http://a/b.mp3');
	});

	it('reads phone numbers and, where they work, SIP addresses', () => {
		assert.equal(one({ kind: 'phone' }, '098123-45678'), '+919812345678');
		assert.equal(one({ kind: 'phone' }, 9812345678), '+919812345678');
		assert.equal(one({ kind: 'phone' }, ' 919812345678'), '+919812345678');
		assert.equal(one({ kind: 'phone', sip: true }, 'sip:a@b'), 'sip:a@b');
		assert.equal(
			one({ kind: 'phone' }, 'sip:a@b'),
			'phone: X must be a phone number; a SIP address does not work here. Example: e',
		);
		assert.match(
			String(one({ kind: 'phone' }, '0XXXXX30240')),
			/^phone: X is not a phone number\. Write it with country code/,
		);
		assert.match(String(one({ kind: 'phone' }, 'null')), /^phone/);
		assert.match(String(one({ kind: 'phone' }, { number: 1 })), /^text/);
		assert.ok(!String(one({ kind: 'phone' }, '12345')).includes('12345'));
	});

	it("reads times in the account's zone, ISO times, dates and milliseconds", () => {
		const instant = Date.parse('2026-01-31T18:30:00+05:30');
		for (const good of [
			'2026-01-31 18:30:00',
			'2026-01-31T13:00:00Z',
			'2026-01-31T18:30:00+05:30',
			new Date(instant),
			instant,
			{ valueOf: () => instant },
			runInNewContext('new Date(instant)', { instant }),
		])
			assert.equal(one({ kind: 'time' }, good), instant, String(good));
		assert.equal(one({ kind: 'time' }, '2026-01-31'), Date.parse('2026-01-31T00:00:00+05:30'));
		for (const bad of [
			'soon',
			true,
			{},
			{ valueOf: () => 'x' },
			[instant],
			'null',
			Number.NaN,
			new Date(Number.NaN),
			-1,
			8.64e15,
			'1970-01-01 05:30:00',
		])
			assert.equal(one({ kind: 'time' }, bad), 'time: X is not a date and time. Example: e', String(bad));
	});

	it('shows a list of examples as one line', () => {
		assert.equal(one({ required: true, example: ['a', 'b'] }, ''), 'required: X is missing. Example: a, b');
	});

	it('takes anything for an input', () => {
		for (const input of [undefined, null, 7, 'x', []])
			assert.deepEqual(parseFields({}, input as object, rules), { values: {}, violations: [] });
		assert.deepEqual(parseFields({}, { other: 1 } as object, rules), { values: {}, violations: [] });
	});
});
