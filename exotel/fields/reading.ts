/**
 * Reads what a user filled in, by the field descriptions: every value is brought into its one form or becomes a
 * violation that names the field. This is the only place where the inputs of a request are checked one by one; rules
 * that need two fields are in the file of the request. No message quotes a phone number or an address.
 */

import type { Account } from '../account';
import type { Violation } from '../errors';
import { parsePhone } from '../phone';
import { readTime } from '../time';
import type { FieldDescription } from './description';

/** The two settings of an account by which numbers and times are read. */
export type ReadingRules = Pick<Account, 'defaultCountry' | 'timeZone'>;

/** What was read: values in their one form (blank fields absent) and every broken rule. */
export interface FieldReading {
	values: Record<string, unknown>;
	violations: Violation[];
}

/** Thrown inside this file only: which rule a value breaks. */
class Refusal {
	constructor(
		readonly rule: string,
		readonly message: string,
	) {}
}

/** Reads all fields of an input. Fields nobody described are ignored. */
export function readFields(fields: FieldDescription[], input: unknown, rules: ReadingRules): FieldReading {
	const given = typeof input === 'object' && input !== null ? (input as Record<string, unknown>) : {};
	const values: Record<string, unknown> = {};
	const violations: Violation[] = [];
	for (const field of fields) {
		const written = given[field.name];
		if (isBlank(written)) {
			if (field.required)
				violations.push({
					field: field.name,
					rule: 'required',
					message: `${field.label} is missing. ${exampleOf(field)}`,
				});
			continue;
		}
		try {
			values[field.name] = readValue(field, written, rules);
		} catch (thrown) {
			const refusal: unknown = thrown;
			if (!(refusal instanceof Refusal)) throw refusal;
			violations.push({ field: field.name, rule: refusal.rule, message: refusal.message });
		}
	}
	for (const field of fields) violations.push(...companionViolations(field, fields, values));
	return { values, violations };
}

/** Nothing was filled in: absent, null, a text of blanks, or an empty list. */
export function isBlank(value: unknown): boolean {
	return (
		value === undefined ||
		value === null ||
		(typeof value === 'string' && value.trim() === '') ||
		(Array.isArray(value) && value.every(isBlank))
	);
}

/**
 * A field that needs another one. Left at its default it is simply not sent (forms always hand over their defaults);
 * anything else would be silently lost, so the user hears about it.
 */
function companionViolations(
	field: FieldDescription,
	fields: FieldDescription[],
	values: Record<string, unknown>,
): Violation[] {
	if (field.onlyWith === undefined || values[field.name] === undefined) return [];
	const companion = values[field.onlyWith];
	if (companion !== undefined && companion !== false) return [];
	const value = values[field.name];
	delete values[field.name];
	if (JSON.stringify(value) === JSON.stringify(field.default)) return [];
	const label = fields.find((other) => other.name === field.onlyWith)?.label ?? field.onlyWith;
	return [
		{
			field: field.name,
			rule: 'only-with',
			message:
				`${field.label} only works together with "${label}". Fill that in as well, or leave this one ` +
				'alone.',
		},
	];
}

function exampleOf(field: FieldDescription): string {
	return `Example: ${Array.isArray(field.example) ? field.example.join(', ') : String(field.example)}`;
}

function readValue(field: FieldDescription, written: unknown, rules: ReadingRules): unknown {
	if (field.maxItems === undefined) return readOne(field, written, rules);
	const items = (
		Array.isArray(written) ? written : typeof written === 'string' ? written.split(/[,\n]/) : [written]
	).filter((item) => !isBlank(item));
	if (items.length > field.maxItems)
		throw new Refusal(
			'max-items',
			`${field.label} takes at most ${field.maxItems} values; you gave ${items.length}.`,
		);
	return [...new Set(items.map((item) => readOne(field, item, rules)))];
}

function readOne(field: FieldDescription, written: unknown, rules: ReadingRules): unknown {
	switch (field.kind) {
		case 'phone':
			return readPhone(field, written, rules.defaultCountry);
		case 'integer':
		case 'number':
			return readNumber(field, written);
		case 'boolean':
			return readBoolean(field, written);
		case 'choice':
			return readChoice(field, written);
		case 'multi-choice':
			return readChoices(field, written);
		case 'url':
			return readUrl(field, written);
		case 'time':
			return readInstant(field, written, rules.timeZone);
		case 'text':
			return readText(field, written);
	}
}

function plainText(field: FieldDescription, written: unknown): string {
	if (
		typeof written !== 'string' &&
		typeof written !== 'number' &&
		typeof written !== 'boolean' &&
		typeof written !== 'bigint'
	) {
		throw new Refusal(
			'text',
			`${field.label} must be a plain text, not ${Array.isArray(written) ? 'a list' : 'an object'}. ` +
				`${exampleOf(field)}`,
		);
	}
	const text = String(written);
	// Half a surrogate pair has no UTF-8 form and could not be sent.
	if (/\p{Surrogate}/u.test(text))
		throw new Refusal('text', `${field.label} holds a broken character. Type it again.`);
	return text;
}

function readText(field: FieldDescription, written: unknown): string {
	const text = plainText(field, written);
	const value = field.verbatim === true ? text : text.trim();
	if (field.pattern !== undefined && !field.pattern.form.test(value))
		throw new Refusal('pattern', `${field.label} ${field.pattern.rule}.`);
	return value;
}

function readPhone(field: FieldDescription, written: unknown, defaultCountry: string): string {
	const text = plainText(field, written);
	const phone = parsePhone(text, defaultCountry);
	if (phone.kind === 'sip' && field.sip === true) return phone.uri;
	if (phone.kind === 'sip')
		throw new Refusal(
			'phone',
			`${field.label} must be a phone number; a SIP address does not work here. ${exampleOf(field)}`,
		);
	if (phone.kind !== 'number')
		throw new Refusal(
			'phone',
			`${field.label} is not a phone number. Write it with country code, or as it is dialled in ` +
				`your country. ${exampleOf(field)}`,
		);
	const digits = text.replace(/[^\d+]/g, '');
	return field.asWritten === true && /^(\+|0)[1-9]\d+$/.test(digits) ? digits : phone.e164;
}

function readNumber(field: FieldDescription, written: unknown): number {
	const text = typeof written === 'number' ? String(written) : typeof written === 'string' ? written.trim() : '';
	const value = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
	const unit = field.unit === undefined ? '' : ` ${field.unit}`;
	if (field.kind === 'integer' ? !Number.isSafeInteger(value) : !Number.isFinite(value)) {
		throw new Refusal(
			'number',
			`${field.label} must be a ${field.kind === 'integer' ? 'whole number' : 'number'}. ${exampleOf(field)}`,
		);
	}
	if (field.min !== undefined && value < field.min)
		throw new Refusal('min', `${field.label} must be at least ${field.min}${unit}.`);
	if (field.max !== undefined && value > field.max)
		throw new Refusal('max', `${field.label} must be at most ${field.max}${unit}.`);
	return value;
}

const booleanWords = new Map([
	['true', true],
	['yes', true],
	['on', true],
	['1', true],
	['false', false],
	['no', false],
	['off', false],
	['0', false],
]);

function readBoolean(field: FieldDescription, written: unknown): boolean {
	if (typeof written === 'boolean') return written;
	const value =
		typeof written === 'string' || typeof written === 'number'
			? booleanWords.get(String(written).trim().toLowerCase())
			: undefined;
	if (value === undefined) throw new Refusal('boolean', `${field.label} must be true or false.`);
	return value;
}

function readChoice(field: FieldDescription, written: unknown): string {
	const text = plainText(field, written).trim();
	const options = field.options ?? [];
	const option = options.find((known) => known.value.toLowerCase() === text.toLowerCase());
	if (option !== undefined) return option.value;
	if (field.open === true && /^[\w-]+$/.test(text)) return text;
	throw new Refusal('choice', `${field.label} must be one of: ${options.map((known) => known.value).join(', ')}.`);
}

function readChoices(field: FieldDescription, written: unknown): string[] {
	const items = Array.isArray(written) ? written : typeof written === 'string' ? written.split(',') : [written];
	return [...new Set(items.filter((item) => !isBlank(item)).map((item) => readChoice(field, item)))];
}

function readUrl(field: FieldDescription, written: unknown): string {
	const text = plainText(field, written).trim();
	if (!/^https?:\/\/\S+$/i.test(text) || !URL.canParse(text))
		throw new Refusal(
			'url',
			`${field.label} must be a web address that starts with http:// or https://. ${exampleOf(field)}`,
		);
	if (field.audio === true && /\.(mp3|ogg|oga|opus|m4a|mp4|aac|flac|wma|amr)$/i.test(new URL(text).pathname)) {
		throw new Refusal(
			'audio',
			`${field.label} must be a wav file: Exotel plays no other kind. ${exampleOf(field)}`,
		);
	}
	return text;
}

/** An instant in milliseconds since the epoch. */
function readInstant(field: FieldDescription, written: unknown, timeZone: string): number {
	// A date of a host's own library (Luxon in n8n) or of another context is its milliseconds.
	const own =
		typeof written === 'object' && written !== null && typeof written.valueOf === 'function'
			? written.valueOf()
			: written;
	const read = new Date(
		typeof own === 'number' ? own : typeof own === 'string' ? (readTime(own, timeZone) ?? Number.NaN) : Number.NaN,
	);
	const instant = read.getTime();
	// Years with four digits only: nothing else can be written as YYYY-MM-DD.
	if (Number.isNaN(instant) || read.getUTCFullYear() < 1970 || read.getUTCFullYear() > 9998) {
		throw new Refusal('time', `${field.label} is not a date and time. ${exampleOf(field)}`);
	}
	return instant;
}
