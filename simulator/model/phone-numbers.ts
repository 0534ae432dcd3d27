/**
 * Phone numbers as Exotel takes and returns them. Placeholders of the documentation (`0XXXXX30240`) are accepted, so
 * that its samples work unchanged: an `X` stands for a digit.
 */
export type NumberForm = 'national' | 'e164' | 'as-sent';

const MAX_NUMBER_LENGTH = 130;

/** True for a phone number in any usual form and for a SIP address. */
export function isDiallable(value: string): boolean {
	// numbers are kept with their calls, so their length is bounded although blanks and brackets do not count
	if (value.length > MAX_NUMBER_LENGTH) return false;
	if (/^sips?:[^\s<>"]{1,120}$/i.test(value)) return true;
	return /^\+?[0-9X]{6,15}$/i.test(bare(value));
}

/** True for `+` and country code; an `X` of the documentation's samples stands for a digit. */
export function isE164(value: string): boolean {
	return /^\+[1-9][0-9X]{6,14}$/i.test(bare(value));
}

/** `0…` for Indian numbers, `+…` for others; what v1 records show whatever was sent (facts 8.1). */
export function national(value: string): string {
	if (isSip(value)) return value;
	const number = bare(value);
	if (/^\+91[0-9X]{10}$/i.test(number)) return `0${number.slice(3)}`;
	if (/^91[0-9X]{10}$/i.test(number)) return `0${number.slice(2)}`;
	if (/^[0-9X]{10}$/i.test(number)) return `0${number}`;
	return number;
}

/** `+91…` for Indian numbers in any form; others unchanged. */
export function e164(value: string): string {
	if (isSip(value)) return value;
	const number = national(value);
	if (/^0[0-9X]{10}$/i.test(number)) return `+91${number.slice(1)}`;
	return number;
}

/** Rewrites a number into one of the forms a record may show. */
export function inForm(value: string, form: NumberForm): string {
	if (form === 'national') return national(value);
	return form === 'e164' ? e164(value) : value;
}

/** True if both mean the same line: the last ten digits are compared. */
export function sameLine(one: string, other: string): boolean {
	return lineKey(one) === lineKey(other);
}

/** The part of a number that identifies the line whatever its form. */
export function lineKey(value: string): string {
	return isSip(value) ? value.toLowerCase() : bare(value).replace(/\+/g, '').slice(-10).toUpperCase();
}

/**
 * Repairs what sending a number through a form does to it: a raw `+` that was decoded to a blank (the documentation's
 * own `curl -d "From=+91…"` does that), and quotation marks kept from a `--form 'From="…"'` sample.
 */
export function repaired(value: string): string {
	const unquoted = value.replace(/^"(.*)"$/s, '$1');
	return /^ \d/.test(unquoted) ? `+${unquoted.slice(1).trim()}` : unquoted.trim();
}

/** True for a SIP address. */
export function isSip(value: string): boolean {
	return /^sips?:/i.test(value);
}

function bare(value: string): string {
	return value.replace(/[\s()-]/g, '');
}
