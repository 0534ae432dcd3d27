/**
 * Phone numbers as Exotel takes and returns them. Placeholders of the documentation (`0XXXXX30240`) are accepted, so
 * that its samples work unchanged: an `X` stands for a digit.
 */
export type NumberForm = 'national' | 'e164' | 'as-sent';

const LONGEST_NUMBER = 130;

/** True for a phone number in any usual form and for a SIP address. */
export function isDiallable(written: string): boolean {
	// blanks and brackets do not count as digits, but nobody writes that many: numbers are kept with their calls
	if (written.length > LONGEST_NUMBER) return false;
	if (/^sips?:[^\s<>"]{1,120}$/i.test(written)) return true;
	return /^\+?[0-9X]{6,15}$/i.test(bare(written));
}

/** `0…` for Indian numbers, `+…` for others; what v1 records show whatever was sent (Exotel fact sheet 8.1). */
export function national(written: string): string {
	if (isSip(written)) return written;
	const number = bare(written);
	if (/^\+91[0-9X]{10}$/i.test(number)) return `0${number.slice(3)}`;
	if (/^91[0-9X]{10}$/i.test(number)) return `0${number.slice(2)}`;
	if (/^[0-9X]{10}$/i.test(number)) return `0${number}`;
	return number;
}

/** `+91…` for Indian numbers in any form; others unchanged. */
export function e164(written: string): string {
	if (isSip(written)) return written;
	const number = national(written);
	if (/^0[0-9X]{10}$/i.test(number)) return `+91${number.slice(1)}`;
	return number;
}

/** Rewrites a number into one of the forms a record may show. */
export function inForm(written: string, form: NumberForm): string {
	if (form === 'national') return national(written);
	return form === 'e164' ? e164(written) : written;
}

/** True if both mean the same line: the last ten digits are compared. */
export function sameLine(one: string, other: string): boolean {
	return lineKey(one) === lineKey(other);
}

/** The part of a number that identifies the line whatever its form. */
export function lineKey(written: string): string {
	return isSip(written) ? written.toLowerCase() : bare(written).replace(/\+/g, '').slice(-10).toUpperCase();
}

/**
 * Repairs what sending a number through a form does to it: a raw `+` that was decoded to a blank (the documentation's
 * own `curl -d "From=+91…"` does that), and quotation marks kept from a `--form 'From="…"'` sample.
 */
export function repaired(written: string): string {
	const unquoted = written.replace(/^"(.*)"$/s, '$1');
	return /^ \d/.test(unquoted) ? `+${unquoted.slice(1).trim()}` : unquoted.trim();
}

function isSip(written: string): boolean {
	return /^sips?:/i.test(written);
}

function bare(written: string): string {
	return written.replace(/[\s()-]/g, '');
}
