/** Fields that hold several values: how they are separated, counted and named when one is wrong. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { FieldDescription } from '../../../exotel/index';
import type { Field } from '../../../exotel/fields/field';
import { parseFields } from '../../../exotel/fields/parse-fields';
import { runs } from '../samples';
import { counted } from '../counted';

const rules = { defaultCountry: 'IN', timeZone: 'Asia/Kolkata' };

const list = { kind: 'phone', maxItems: 3 } as const;

/** The value of a field, or `field: rule` of everything that is wrong with it. */
function parsed(description: Partial<FieldDescription>, value: unknown): unknown {
	const x = { label: 'X', description: '', kind: 'text', example: 'e', required: false, ...description } as Field;
	const { values, violations } = parseFields({ x }, { x: value }, rules);
	return violations.length > 0 ? violations.map(({ field, rule }) => `${field}: ${rule}`) : values.x;
}

/** The sentences about a field. */
function messages(description: Partial<FieldDescription>, value: unknown): string[] {
	const x = { label: 'X', description: '', kind: 'text', example: 'e', required: false, ...description } as Field;
	return parseFields({ x }, { x: value }, rules).violations.map(({ message }) => message);
}

describe('parsing a list', () => {
	const [first, second] = ['+919812345678', '+919812345679'];

	it('takes a hole for a blank value, and counts the holes of a long list', () => {
		// eslint-disable-next-line no-sparse-arrays
		const holed = [first, , second];
		assert.deepEqual(parsed(list, holed), [first, second]);
		assert.deepEqual(parsed({ ...list, allowEmptyList: true }, holed), ['x[1]: required']);
		const holes: unknown[] = [];
		holes.length = 4_000_000_000;
		assert.deepEqual(parsed(list, holes), ['x: max-items']);
		assert.deepEqual(parsed({ kind: 'text' }, holes), ['x: text']);
	});

	it('looks at what all lists in a list hold together, however many are long', () => {
		let looks = 0;
		const has = (): boolean => {
			looks += 1;
			return false;
		};
		const holed = Array.from({ length: 10_000 }, () => new Proxy(new Array<unknown>(10_000), { has }));
		assert.deepEqual(parsed(list, holed), ['x: max-items']);
		assert.deepEqual(parsed({ kind: 'multi-choice', options: [] }, holed), ['x: text']);
		assert.ok(looks <= 40_000, String(looks));
		assert.deepEqual(parsed(list, [[''], [null], first, []]), [first]);
	});

	it('reads a list, a text with commas, semicolons or lines, and one value', () => {
		for (const value of [
			['09812345678', '', '09812345679'],
			'9812345678,\n9812345679,',
			'9812345678; 9812345679;',
			'9812345678\n9812345679',
			[9812345678, null, '9812345679'],
		]) {
			assert.deepEqual(parsed(list, value), [first, second], JSON.stringify(value));
		}
		assert.deepEqual(parsed(list, 9812345678), [first]);
	});

	it('keeps a value once, or as often as it is listed where that means something', () => {
		assert.deepEqual(parsed(list, ['9812345678', first, second]), [first, second]);
		assert.deepEqual(parsed({ ...list, keepDuplicates: true }, [first, second, first]), [first, second, first]);
	});

	it('is absent when nothing but blanks is in it', () => {
		for (const value of [undefined, null, '', ' ,; ', [], ['', null]]) {
			assert.equal(parsed(list, value) ?? undefined, undefined, JSON.stringify(value));
		}
		assert.deepEqual(parsed({ ...list, required: true }, [' ']), ['x: required']);
	});

	it('may be empty where that means something; a blank value in it is then a mistake', () => {
		const open = { ...list, required: true, allowEmptyList: true };
		assert.deepEqual(parsed(open, []), []);
		assert.deepEqual(parsed(open, [first, '', null]), ['x[1]: required', 'x[2]: required']);
		for (const value of ['', undefined, null]) assert.deepEqual(parsed(open, value), ['x: required']);
	});

	it('names every value that is wrong, counted from the start', () => {
		assert.deepEqual(parsed(list, ['a', first, 'b']), ['x[0]: phone', 'x[2]: phone']);
		assert.deepEqual(parsed(list, [{}, 'sip:a']), ['x[0]: text', 'x[1]: phone']);
		assert.deepEqual(
			messages(list, 'a;9812345678').map((message) => message.split('.')[0]),
			['X (value 1) is not a phone number'],
		);
		assert.match(messages(list, 'a')[0] ?? '', /^X is not a phone number\./, 'a single value has no number');
	});

	it('refuses more values than the field takes, repeated ones included', () => {
		assert.deepEqual(messages(list, '1,2,3,4'), ['X takes at most 3 values; there are 4.']);
		assert.deepEqual(parsed(list, [first, first, first, first]), ['x: max-items']);
		const unlimited = { ...list, maxItems: Number.POSITIVE_INFINITY };
		assert.deepEqual(parsed(unlimited, Array(1_000).fill(first)), [first]);
		assert.deepEqual(messages(unlimited, Array(1_001).fill(first)), [
			'X takes at most 1000 values; there are 1001.',
		]);
		assert.deepEqual(parsed({ ...unlimited, allowEmptyList: true }, [first, ...Array(2_000).fill([])]), [
			'x: max-items',
		]);
	});

	it('looks at no more of a list than refuses it', () => {
		const { value, looks } = counted(Array(300_000).fill([]));
		for (const field of [list, { ...list, allowEmptyList: true }]) {
			assert.deepEqual(parsed(field, value), ['x: max-items']);
		}
		assert.deepEqual(parsed({ kind: 'multi-choice' }, value), ['x: choice']);
		assert.deepEqual(messages(list, ','.repeat(10_000)), ['X takes at most 3 values; there are more.']);
		assert.deepEqual(parsed({ required: true }, value), ['x: text']);
		assert.ok(looks() < 50_000, String(looks()));
	});

	it('takes SIP addresses with their parameters where SIP addresses work', () => {
		const agent = 'sip:agent1@pbx.example.com;transport=udp';
		assert.deepEqual(parsed({ ...list, sip: true }, `${agent}; 9812345678`), [agent, first]);
	});

	it('checks the pattern of every text', () => {
		const texts = { kind: 'text', maxItems: 3, pattern: { form: /^[a-z]+$/, rule: 'is small letters' } } as const;
		assert.deepEqual(parsed(texts, 'a;b,c'), ['a', 'b', 'c']);
		assert.deepEqual(messages(texts, ['a', 'B']), ['X (value 2) is small letters.']);
	});

	it('gives the same for a list and for the text it is written as', () => {
		const value = fc.constantFrom('9812345678', '+918012345678', 'x', '080 4711 2233');
		const property = fc.property(fc.array(value, { minLength: 1, maxLength: 4 }), (values) => {
			const expected = parsed(list, values);
			for (const separator of [',', ';', '\n']) assert.deepEqual(parsed(list, values.join(separator)), expected);
		});
		fc.assert(property, runs);
	});
});
