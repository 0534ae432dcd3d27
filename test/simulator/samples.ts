/**
 * Compares what the simulator says with a sample of the documentation, field by field: the same names in the same
 * order, and in each field a value of the same kind (a naive stamp, an ISO stamp, a call SID, a phone number, a URL, a
 * figure as text, a figure, a word, a blank, null).
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';

export interface Sample {
	/** the saved document it is from, e.g. "seed 004" */
	seed: string;
	about: string;
	/** `path: reason` – fields whose kind differs from the sample's on purpose */
	differs?: Record<string, string>;
	/** fields that the simulator sends and this sample does not have, with the reason */
	beyond?: Record<string, string>;
	sample: unknown;
}

export function fixture(name: string): Sample {
	return JSON.parse(
		readFileSync(path.join(__dirname, '..', 'fixtures', 'simulator', `${name}.json`), 'utf8'),
	) as Sample;
}

/** Compares with the named fixture. */
export function assertLikeSample(actual: unknown, name: string): void {
	const expected = fixture(name);
	const touched = new Set<string>();
	compare(actual, expected.sample, '', expected, touched);
	const unused = [...Object.keys(expected.differs ?? {}), ...Object.keys(expected.beyond ?? {})].filter(
		(field) => !touched.has(field),
	);
	assert.deepEqual(unused, [], `${name}: exceptions that are not needed (any more)`);
}

function compare(actual: unknown, sample: unknown, where: string, rules: Sample, touched: Set<string>): void {
	if (rules.differs && where in rules.differs) {
		touched.add(where);
		assert.notEqual(kindOf(actual), kindOf(sample), `${where} does not differ any more`);
		return;
	}
	if (Array.isArray(sample)) {
		assert.ok(Array.isArray(actual), `${where} must be an array`);
		assert.ok(sample.length > 0 && actual.length > 0, `${where} must not be empty`);
		actual.forEach((entry, index) =>
			compare(entry, sample[Math.min(index, sample.length - 1)], `${where}[]`, rules, touched),
		);
		return;
	}
	if (typeof sample === 'object' && sample !== null) {
		assert.ok(
			typeof actual === 'object' && actual !== null && !Array.isArray(actual),
			`${where} must be an object`,
		);
		const beyond = Object.keys(actual).filter((key) => rules.beyond && join(where, key) in rules.beyond);
		beyond.forEach((key) => touched.add(join(where, key)));
		assert.deepEqual(
			Object.keys(actual).filter((key) => !beyond.includes(key)),
			Object.keys(sample),
			`fields of ${where || 'the body'}`,
		);
		for (const [key, value] of Object.entries(sample))
			compare((actual as Record<string, unknown>)[key], value, join(where, key), rules, touched);
		return;
	}
	assert.equal(
		kindOf(actual),
		kindOf(sample),
		`${where}: ${JSON.stringify(actual)} against the sample's ${JSON.stringify(sample)}`,
	);
}

function join(where: string, key: string): string {
	return where ? `${where}.${key}` : key;
}

/** What kind of value this is; words are themselves. */
export function kindOf(value: unknown): string {
	if (value === null) return 'null';
	if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'decimal';
	if (typeof value === 'boolean') return String(value);
	if (typeof value !== 'string') return typeof value;
	if (value === '') return 'blank';
	if (/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(value)) return 'naive stamp';
	if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+05:30$/.test(value)) return 'ISO stamp';
	if (/^[0-9a-zX]{29,32}$/.test(value) && /\d/.test(value)) return 'sid';
	if (/^https?:\/\/.*\.mp3$/.test(value.replace(/ /g, ''))) return 'recording URL';
	if (/^https?:/.test(value)) return 'URL';
	if (/^\/v1\/Accounts\/[^/]+\/Calls(\.json)?\/[0-9a-z]{32}$/.test(value))
		return `Uri${value.includes('.json') ? ' with .json' : ''}`;
	if (/^\/v1\/Accounts\/[^/]+\/Calls(\.json)?\?/.test(value))
		return `page Uri ${/&(After|Before)=/.exec(value)?.[1] ?? ''}`;
	if (/^\+91[\dX]{5,11}$/.test(value)) return 'E.164 number';
	if (/^0[\dX]{9,11}$/.test(value)) return 'national number';
	if (/^[6-9]\d{9}$/.test(value)) return 'number without prefix';
	if (/^\d+\.\d{3}$/.test(value)) return 'price as text';
	if (/^\d{1,6}$/.test(value)) return 'figure as text';
	return `word ${value}`;
}
