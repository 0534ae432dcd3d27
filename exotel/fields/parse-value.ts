/** One value of a field: brought into its one form, or refused with the rule that it breaks. */
import type { Account } from '../account';
import { parsePhone, withoutPasteMarks } from '../phone';
import { endOfDay, readTime } from '../time';
import type { FieldDescription } from './field';
import { MOST_LISTED, splitList } from './split-list';

/** The two settings of an account by which numbers and times are read. */
export type ParsingRules = Pick<Account, 'defaultCountry' | 'timeZone'>;

/** Thrown while a value is parsed, and caught in `parseFields`: which rule it breaks. */
export class BrokenRule {
	constructor(
		readonly rule: string,
		readonly message: string,
	) {}
}

/** Lists in lists; what nests deeper, or has more than `MOST_LISTED` values, is something. */
const MAX_LEVELS = 20;

/** Nothing was filled in: absent, null, a text of blanks, or a list of nothing. */
export function isBlank(value: unknown): boolean {
	return blankCheck()(value);
}

/** The values of a list that are not blank. What they hold counts together: a list may hold thousands of long lists. */
export function filledValues(list: readonly unknown[]): unknown[] {
	const isNothing = blankCheck();
	return list.filter((item) => !isNothing(item));
}

/** A check that looks at `MOST_LISTED` values in all: a list after these is taken for something. */
function blankCheck(): (value: unknown) => boolean {
	let looks = MOST_LISTED;
	const isNothing = (inner: unknown, levels: number): boolean => {
		if (inner === undefined || inner === null) return true;
		if (typeof inner === 'string') return inner.trim() === '';
		if (!Array.isArray(inner) || levels === 0) return false;
		// Its length counts, not its values: of a list with holes `every` passes over all the others.
		looks -= inner.length;
		return looks >= 0 && inner.every((item) => isNothing(item, levels - 1));
	};
	return (value) => isNothing(value, MAX_LEVELS);
}

/** `Example: …`, as it ends the messages of a field. */
export function exampleOf(field: FieldDescription): string {
	return `Example: ${Array.isArray(field.example) ? field.example.join(', ') : String(field.example)}`;
}

const parsers: Record<
	FieldDescription['kind'],
	(field: FieldDescription, raw: unknown, rules: ParsingRules) => unknown
> = {
	phone: parsePhoneField,
	text: parseText,
	integer: parseNumber,
	number: parseNumber,
	boolean: parseBoolean,
	choice: parseChoice,
	'multi-choice': parseChoices,
	url: parseUrl,
	time: parseInstant,
};

/**
 * The value in its one form.
 * @throws BrokenRule
 */
export function parseValue(field: FieldDescription, raw: unknown, rules: ParsingRules): unknown {
	return parsers[field.kind](field, raw, rules);
}

/** Half a surrogate pair has no UTF-8 form and could not be sent. */
const HALF_CHARACTER = /\p{Surrogate}/u;

function plainText(field: FieldDescription, raw: unknown): string {
	if (typeof raw === 'object' || typeof raw === 'function' || typeof raw === 'symbol' || raw === undefined) {
		const what = Array.isArray(raw) ? 'a list' : 'an object';
		throw new BrokenRule('text', `${field.label} must be plain text, not ${what}. ${exampleOf(field)}`);
	}
	const text = String(raw);
	if (HALF_CHARACTER.test(text)) {
		throw new BrokenRule('text', `${field.label} holds a broken character. Type it again.`);
	}
	return text;
}

function parseText(field: FieldDescription, raw: unknown): string {
	const text = plainText(field, raw);
	const value = field.preserveWhitespace === true ? text : text.trim();
	if (field.pattern !== undefined && !field.pattern.form.test(value)) {
		throw new BrokenRule('pattern', `${field.label} ${field.pattern.rule}.`);
	}
	return value;
}

function parsePhoneField(field: FieldDescription, raw: unknown, rules: ParsingRules): string {
	const text = plainText(field, raw);
	const phone = parsePhone(text, rules.defaultCountry);
	if (phone.kind === 'sip' && field.sip === true) return phone.uri;
	if (phone.kind === 'sip') {
		const message = `${field.label} must be a phone number; a SIP address does not work here. ${exampleOf(field)}`;
		throw new BrokenRule('phone', message);
	}
	if (phone.kind !== 'number') {
		const advice = 'Write it with country code, or as it is dialled in your country.';
		throw new BrokenRule('phone', `${field.label} is not a phone number. ${advice} ${exampleOf(field)}`);
	}
	if (field.preserveFormat !== true) return phone.e164;
	const digits = withoutPasteMarks(text).replace(/[^\d+]/g, '');
	return /^(?:\+|0)[1-9]\d+$/.test(digits) ? digits : phone.e164;
}

/** `1 second`, `60 seconds`, `3`. */
function inUnits(limit: number, { unit }: FieldDescription): string {
	if (unit === undefined) return String(limit);
	return `${limit} ${limit === 1 ? unit.replace(/s$/, '') : unit}`;
}

/** A number, or digits as people write one; NaN for anything else. */
export function numberOf(raw: unknown): number {
	const text = typeof raw === 'number' || typeof raw === 'string' ? String(raw).trim() : '';
	return /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
}

function parseNumber(field: FieldDescription, raw: unknown): number {
	const value = numberOf(raw);
	const whole = field.kind === 'integer';
	if (whole ? !Number.isSafeInteger(value) : !Number.isFinite(value)) {
		const what = whole ? 'whole number' : 'number';
		throw new BrokenRule('number', `${field.label} must be a ${what}. ${exampleOf(field)}`);
	}
	const { min = value, max = value } = field;
	if (value < min) throw new BrokenRule('min', `${field.label} must be at least ${inUnits(min, field)}.`);
	if (value > max) throw new BrokenRule('max', `${field.label} must be at most ${inUnits(max, field)}.`);
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

/** True or false, as themselves or as people write them; nothing for anything else. */
export function booleanOf(raw: unknown): boolean | undefined {
	if (typeof raw === 'boolean') return raw;
	return booleanWords.get(typeof raw === 'string' || typeof raw === 'number' ? String(raw).trim().toLowerCase() : '');
}

function parseBoolean(field: FieldDescription, raw: unknown): boolean {
	const value = booleanOf(raw);
	if (value === undefined) throw new BrokenRule('boolean', `${field.label} must be true or false.`);
	return value;
}

function parseChoice(field: FieldDescription, raw: unknown): string {
	const text = plainText(field, raw).trim();
	const options = field.options ?? [];
	const option = options.find(({ value }) => value.toLowerCase() === text.toLowerCase());
	if (option !== undefined) return option.value;
	if (field.allowUnknown === true && /^[\w-]+$/.test(text)) return text;
	const words = options.map(({ value }) => value).join(', ');
	throw new BrokenRule('choice', `${field.label} must be one of: ${words}.`);
}

function parseChoices(field: FieldDescription, raw: unknown): string[] {
	const listed = splitList(raw);
	// A blank is none of the options: so is what has too many to be looked at.
	const words = listed.length > MOST_LISTED ? [''] : filledValues(listed);
	return [...new Set(words.map((item) => parseChoice(field, item)))];
}

function parseUrl(field: FieldDescription, raw: unknown): string {
	const plain = plainText(field, raw).trim();
	const text = field.removeWhitespace === true ? plain.replace(/\s+/g, '') : plain;
	if (!/^https?:\/\/\S+$/i.test(text) || !URL.canParse(text)) {
		const rule = 'must be a web address that starts with http:// or https://.';
		throw new BrokenRule('url', `${field.label} ${rule} ${exampleOf(field)}`);
	}
	const otherAudio = /\.(?:mp3|ogg|oga|opus|m4a|mp4|aac|flac|wma|amr)$/i;
	if (field.audio === true && otherAudio.test(new URL(text).pathname)) {
		const rule = 'must be a wav file: Exotel plays no other kind.';
		throw new BrokenRule('audio', `${field.label} ${rule} ${exampleOf(field)}`);
	}
	return text;
}

/** A moment in milliseconds since 1970. */
function parseInstant(field: FieldDescription, raw: unknown, rules: ParsingRules): number {
	// A date of a host's own library (Luxon in n8n) or of another context is its milliseconds.
	const own: unknown = hasValueOf(raw) ? raw.valueOf() : raw;
	const iso = typeof own === 'string' ? readTime(own, rules.timeZone) : null;
	const last = field.endOfDay === true && typeof own === 'string' ? endOfDay(own, rules.timeZone) : null;
	const date = new Date(typeof own === 'number' ? own : (last ?? iso ?? Number.NaN));
	// Years with four digits only: nothing else can be written as YYYY-MM-DD.
	if (Number.isNaN(date.getTime()) || date.getUTCFullYear() < 1970 || date.getUTCFullYear() > 9998) {
		throw new BrokenRule('time', `${field.label} is not a date and time. ${exampleOf(field)}`);
	}
	return date.getTime();
}

/** Objects of another context are not an `instanceof Object`; some objects have no prototype at all. */
function hasValueOf(value: unknown): value is { valueOf(): unknown } {
	return typeof value === 'object' && value !== null && 'valueOf' in value && typeof value.valueOf === 'function';
}
