/**
 * Phone numbers: one reading for every way a number is written to or by Exotel. Exotel takes E.164 and answers with
 * `0…` (facts 8.1), a `+` in a query string arrives as a blank (facts 8.2), and a SIP address may stand wherever a
 * number may (facts 8.25). Indian forms are read by rule; any other country is left to libphonenumber.
 */

import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/core';
import numberingPlans from './schemas/numbering-plans.generated';

/** What a raw number turned out to be. */
export type ParsedPhone =
	/** `e164` such as `+919876543210`. */
	| { kind: 'number'; e164: string }
	/** A SIP address, its scheme in lower case. */
	| { kind: 'sip'; uri: string }
	/** Neither: a masked number, a name, too few digits. */
	| { kind: 'unreadable'; written: string }
	/** Absent, blank or Exotel's `"null"`. */
	| { kind: 'nothing' };

const NOTHING: ParsedPhone = { kind: 'nothing' };
const INDIAN_INTERNATIONAL = /^(?:\+|00)91(?:0?)([1-9]\d{9})$/;
const INDIAN_NATIONAL = /^(?:0|91|0091|091)?([1-9]\d{9})$/;
/** Indian numbers that have not ten digits are toll-free, shared-cost or premium ones. */
const UNLIKELY = /^\+91(?!\d{10}$|000800\d{7}$|1800\d{4,9}$|1803\d{9}$|1860\d{7}$|186[12]\d{9}$)/;
const SIP = /^sips?:[^\s]+$/i;
const PHONE_CHARACTERS = /^\+?[\d\s().\-/\u00a0\u2010-\u2015]+$/;
const BLANK_FOR_PLUS = /^ (?=[1-9][\d -]{6,18}$)/;
/** Marks without a shape that a copied contact carries, such as U+200E. */
const INVISIBLE = /[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;
const DEVANAGARI_ZERO = 0x966;
/** Digits of Devanagari and the eight scripts laid out like it, each 128 places further. */
const INDIC_DIGITS = new RegExp(`[${[0, 1, 2, 3, 4, 5, 6, 7, 8].map(indicDigits).join('')}]`, 'g');
/** A number that a spreadsheet keeps as text (`'9876543210`) or as a decimal (`9876543210.0`). */
const FROM_SPREADSHEET = /^['\u2019](?=[+\d])|(?<=^[+\d]\d{6,14})\.0$/g;
/** Longest text that can be a number: 15 digits with a separator after each. */
const LONGEST = 40;
/** The same with marks without a shape around each character. */
const LONGEST_PASTED = 200;

/** True for a SIP address, whatever number it holds. */
export const isSipAddress = (written: string): boolean => SIP.test(written.trim());

function indicDigits(script: number): string {
	const zero = DEVANAGARI_ZERO + 128 * script;
	return `${String.fromCharCode(zero)}-${String.fromCharCode(zero + 9)}`;
}

function indian(tenDigits: string): ParsedPhone {
	return { kind: 'number', e164: `+91${tenDigits}` };
}

function isCountry(code: string): code is CountryCode {
	return Object.hasOwn(numberingPlans().countries, code);
}

/** Reads a number with the numbering plan of its country; null when it cannot be one. */
function byNumberingPlan(compact: string, defaultCountry: string): ParsedPhone | null {
	const country = isCountry(defaultCountry) ? defaultCountry : undefined;
	const number = parsePhoneNumberFromString(compact, { defaultCountry: country, extract: false }, numberingPlans());
	if (number === undefined || !number.isValid()) return null;
	return { kind: 'number', e164: number.number };
}

/** Reads digits (and an optional leading `+`) without separators. */
function readDigits(compact: string, defaultCountry: string): ParsedPhone | null {
	const international = INDIAN_INTERNATIONAL.exec(compact);
	if (international !== null) return indian(international[1] as string);
	if (defaultCountry === 'IN') {
		const national = INDIAN_NATIONAL.exec(compact);
		if (national !== null) return indian(national[1] as string);
	}
	// `+0…` is a national number that was prefixed blindly (facts 8.1).
	if (compact.startsWith('+0')) return readDigits(compact.slice(1), defaultCountry);
	return byNumberingPlan(compact, defaultCountry);
}

/**
 * A pasted number without what spreadsheets, contacts and keyboards add to it, its digits as 0 to 9; trimmed. A text
 * too long for a number comes back as it is.
 */
export function withoutPasteMarks(written: string): string {
	if (written.length > LONGEST_PASTED) return written;
	return written
		.replace(INVISIBLE, '')
		.trim()
		.replace(INDIC_DIGITS, (digit) => String((digit.charCodeAt(0) - DEVANAGARI_ZERO) % 128))
		.replace(FROM_SPREADSHEET, '');
}

function read(text: string, defaultCountry: string): ParsedPhone | null {
	if (text.length > LONGEST || !PHONE_CHARACTERS.test(text)) return null;
	return readDigits(text.replace(/[^+\d]/g, ''), defaultCountry);
}

/** The number in one of the two forms of nearly every callback and answer, `+91…` and `0…`; null for any other. */
function usualForm(written: string, defaultCountry: string): string | null {
	const { length } = written;
	if (length === 13 && INDIAN_INTERNATIONAL.test(written)) return written;
	return length === 11 && defaultCountry === 'IN' && INDIAN_NATIONAL.test(written) ? `+91${written.slice(1)}` : null;
}

/** The same, with what is hardly meant (`isLikely`): what Exotel sends is kept. */
function readLeniently(written: unknown, defaultCountry: string): ParsedPhone {
	if (typeof written === 'number' || typeof written === 'bigint') written = String(written);
	if (written === null || written === undefined) return NOTHING;
	if (typeof written !== 'string') return { kind: 'unreadable', written: '' };
	const usual = usualForm(written, defaultCountry);
	if (usual !== null) return { kind: 'number', e164: usual };
	const text = written.trim();
	if (text === '' || text === 'null') return NOTHING;
	if (SIP.test(text)) return { kind: 'sip', uri: text.replace(/^sips?/i, (scheme) => scheme.toLowerCase()) };
	const plain = withoutPasteMarks(text.startsWith('tel:') ? text.slice(4) : text);
	const number = read(plain, defaultCountry);
	if (BLANK_FOR_PLUS.test(written) && !isLikely(number)) {
		const repaired = read(`+${plain}`, defaultCountry);
		if (repaired !== null) return repaired;
	}
	return number ?? { kind: 'unreadable', written: text };
}

/**
 * False for what the Indian plan lets through by its catch-all (`1` and up to twelve digits), such as a number of the
 * United States without its `+`: hardly what was meant.
 */
function isLikely(phone: ParsedPhone | null): boolean {
	return phone?.kind === 'number' && !UNLIKELY.test(phone.e164);
}

/**
 * Reads a phone number as a person or a program wrote it, also as pasted from a contact or a spreadsheet: `98765
 * 43210`, `09876543210`, `+91-98765-43210`, `080 2345 6789`, `sip:agent1`, a number of `defaultCountry` (ISO 3166,
 * e.g. `IN`) or one with `+` and its country code. A leading blank is taken for a lost `+` only when the digits are no
 * number of the default country. Digits that are hardly what was meant are unreadable: a wrong phone would ring. Never
 * throws.
 */
export function parsePhone(written: unknown, defaultCountry: string): ParsedPhone {
	const phone = readLeniently(written, defaultCountry);
	if (phone.kind !== 'number' || isLikely(phone)) return phone;
	return { kind: 'unreadable', written: String(written).trim() };
}

/**
 * The written form used everywhere inside: E.164 or a `sip:` address; a text that is neither comes back trimmed, and
 * nothing (absent, blank, `"null"`) is null. Made for what Exotel sends: there a leading blank always is a lost `+`,
 * because Exotel never pads a number.
 */
export function normalisePhone(written: unknown, defaultCountry: string): string | null {
	if (typeof written === 'string') {
		const usual = usualForm(written, defaultCountry);
		if (usual !== null) return usual;
		if (BLANK_FOR_PLUS.test(written)) {
			const repaired = readLeniently(`+${written.slice(1)}`, defaultCountry);
			if (repaired.kind === 'number') return repaired.e164;
		}
	}
	const parsed = readLeniently(written, defaultCountry);
	switch (parsed.kind) {
		case 'number':
			return parsed.e164;
		case 'sip':
			return parsed.uri;
		case 'unreadable':
			return parsed.written === '' ? null : parsed.written;
		default:
			return null;
	}
}

/** True when two written forms mean the same number or SIP address; nothing equals nothing else, not even itself. */
export function samePhone(a: unknown, b: unknown, defaultCountry: string): boolean {
	const first = normalisePhone(a, defaultCountry);
	return first !== null && first === normalisePhone(b, defaultCountry);
}
