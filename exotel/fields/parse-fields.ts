/**
 * Parses what a user filled in, by the field descriptions: every value is brought into its one form or becomes a
 * violation that names the field. This is the only place where the inputs of a request are checked one by one; rules
 * that need two fields are in the file of the operation. No message quotes a phone number or an address.
 */
import type { Account } from '../account';
import type { Violation } from '../errors';
import { parsePhone } from '../phone';
import { readTime } from '../time';
import type { FieldDescription, FieldSet, RawInput, Values } from './field';
import { splitList } from './split-list';

/** The two settings of an account by which numbers and times are read. */
export type ParsingRules = Pick<Account, 'defaultCountry' | 'timeZone'>;

/** The settings where no account is at hand. */
export const defaultRules: ParsingRules = { defaultCountry: 'IN', timeZone: 'Asia/Kolkata' };

/** What was parsed: values in their one form (blank fields absent) and every broken rule. */
export interface ParsedFields<Fields extends FieldSet> {
	values: Partial<Values<Fields>>;
	violations: Violation[];
}

/** Thrown inside this file only: which rule a value breaks. */
class BrokenRule {
	constructor(
		readonly rule: string,
		readonly message: string,
	) {}
}

/** What is being parsed: its values and violations so far. */
interface Parsing {
	rules: ParsingRules;
	values: Record<string, unknown>;
	violations: Violation[];
}

/** Parses all fields of an input. */
export function parseFields<Fields extends FieldSet>(
	fields: Fields,
	input: RawInput<Fields>,
	rules: ParsingRules,
): ParsedFields<Fields> {
	const parsing: Parsing = { rules, values: {}, violations: [] };
	const described = entriesOf(fields);
	for (const { name, field } of described) {
		const raw = input[name];
		if (raw !== undefined || field.required) parseField(name, field, raw, parsing);
	}
	for (const { name, field } of described) {
		if (field.dependsOn !== undefined) checkDependency(name, field, fields, parsing);
	}
	return { values: parsing.values as Partial<Values<Fields>>, violations: parsing.violations };
}

interface NamedField {
	name: string;
	field: FieldDescription;
}

const knownEntries = new WeakMap<FieldSet, NamedField[]>();

/** The fields with their names; listed once for each set of fields. */
function entriesOf(fields: FieldSet): NamedField[] {
	let entries = knownEntries.get(fields);
	if (entries === undefined) {
		entries = Object.entries(fields).map(([name, field]) => ({ name, field }));
		knownEntries.set(fields, entries);
	}
	return entries;
}

/**
 * Checks one value the way a request will: `true`, or the sentence that says what is wrong with it. What needs another
 * field is not looked at.
 */
export function checkField<Fields extends FieldSet>(
	fields: Fields,
	name: keyof Fields & string,
	value: unknown,
	rules: ParsingRules = defaultRules,
): true | string {
	const field = fields[name];
	if (field === undefined) return true;
	const parsing: Parsing = { rules, values: {}, violations: [] };
	parseField(name, field, value, parsing);
	return parsing.violations[0]?.message ?? true;
}

function parseField(name: string, field: FieldDescription, raw: unknown, parsing: Parsing): void {
	const isList = field.maxItems !== undefined;
	// A text of separators is a list of nothing; an empty list may be a value of its own.
	const items = isList ? splitList(raw) : raw;
	const emptyList = field.allowEmptyList === true && Array.isArray(raw) && raw.length === 0;
	if (isBlank(items) && !emptyList) {
		if (!field.required) return;
		const message = `${field.label} is missing. ${exampleOf(field)}`;
		parsing.violations.push({ field: name, rule: 'required', message });
	} else if (isList) parseList(name, field, splitList(items), parsing);
	else {
		try {
			parsing.values[name] = parseValue(field, raw, parsing.rules);
		} catch (thrown) {
			parsing.violations.push(violationOf(name, thrown));
		}
	}
}

function violationOf(field: string, thrown: unknown): Violation {
	if (!(thrown instanceof BrokenRule)) throw thrown;
	return { field, rule: thrown.rule, message: thrown.message };
}

/** Every value of a list is parsed, so that a violation names the one that is wrong, e.g. `destinations[2]`. */
function parseList(name: string, field: FieldDescription, listed: readonly unknown[], parsing: Parsing): void {
	// Where an empty list has a meaning, a blank value in a list is a mistake and not just nothing.
	const items = field.allowEmptyList === true ? listed : listed.filter((item) => !isBlank(item));
	const max = field.maxItems ?? Number.POSITIVE_INFINITY;
	if (items.length > max) {
		const message = `${field.label} takes at most ${max} values; there are ${items.length}.`;
		parsing.violations.push({ field: name, rule: 'max-items', message });
		return;
	}
	const before = parsing.violations.length;
	const values = items.map((item, index) => {
		const label = items.length === 1 ? field.label : `${field.label} (value ${index + 1})`;
		try {
			if (isBlank(item)) throw new BrokenRule('required', `${label} is blank.`);
			return parseValue({ ...field, label }, item, parsing.rules);
		} catch (thrown) {
			parsing.violations.push(violationOf(`${name}[${index}]`, thrown));
			return undefined;
		}
	});
	if (parsing.violations.length > before) return;
	parsing.values[name] = field.keepDuplicates === true ? values : [...new Set(values)];
}

/** Nothing was filled in: absent, null, a text of blanks, or an empty list. */
export function isBlank(value: unknown): boolean {
	if (value === undefined || value === null) return true;
	return typeof value === 'string' ? value.trim() === '' : Array.isArray(value) && value.every(isBlank);
}

/**
 * A field that needs another one. Left at its default it is simply not sent (forms always hand over their defaults);
 * anything else would be silently lost, so it is an error.
 */
function checkDependency(name: string, field: FieldDescription, fields: FieldSet, parsing: Parsing): void {
	const { values, violations } = parsing;
	const value = values[name];
	if (field.dependsOn === undefined || value === undefined) return;
	const dependency = values[field.dependsOn];
	if (dependency !== undefined && dependency !== false) return;
	delete values[name];
	if (JSON.stringify(value) === JSON.stringify(field.default)) return;
	const label = fields[field.dependsOn]?.label ?? field.dependsOn;
	const together = `${field.label} only works together with "${label}"`;
	const message = `${together}. Fill that in as well, or leave this one empty.`;
	violations.push({ field: name, rule: 'depends-on', message });
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

function parseValue(field: FieldDescription, raw: unknown, rules: ParsingRules): unknown {
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
	const digits = text.replace(/[^\d+]/g, '');
	return field.preserveFormat === true && /^(?:\+|0)[1-9]\d+$/.test(digits) ? digits : phone.e164;
}

function parseNumber(field: FieldDescription, raw: unknown): number {
	const text = typeof raw === 'number' || typeof raw === 'string' ? String(raw).trim() : '';
	const value = /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
	const whole = field.kind === 'integer';
	if (whole ? !Number.isSafeInteger(value) : !Number.isFinite(value)) {
		const what = whole ? 'whole number' : 'number';
		throw new BrokenRule('number', `${field.label} must be a ${what}. ${exampleOf(field)}`);
	}
	const unit = field.unit === undefined ? '' : ` ${field.unit}`;
	const { min = value, max = value } = field;
	if (value < min) throw new BrokenRule('min', `${field.label} must be at least ${min}${unit}.`);
	if (value > max) throw new BrokenRule('max', `${field.label} must be at most ${max}${unit}.`);
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

function parseBoolean(field: FieldDescription, raw: unknown): boolean {
	if (typeof raw === 'boolean') return raw;
	const word = typeof raw === 'string' || typeof raw === 'number' ? String(raw).trim().toLowerCase() : '';
	const value = booleanWords.get(word);
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
	const words = splitList(raw).filter((item) => !isBlank(item));
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
	const date = new Date(typeof own === 'number' ? own : (iso ?? Number.NaN));
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
