/**
 * The forms of a phone number. Seed 004, "From": "Preferably in E.164 format. If not set, our system will try to
 * match it with a country". The country is always India here; a landline carries its STD code after a 0.
 */

/** E.164: a plus and at most fifteen digits, the first not 0. */
export function isE164(text: string): boolean {
	return /^\+[1-9]\d{6,14}$/.test(text);
}

/** Whether a v1 call may name this number. Letters are refused; the documents give no stricter rule. */
export function isPhone(text: string): boolean {
	return isE164(text) || /^\d{8,15}$/.test(text);
}

/** The number in E.164; what is no Indian number stays as it is. */
export function toE164(text: string): string {
	const plain = text.trim();
	if (/^0\d{10}$/.test(plain)) return `+91${plain.slice(1)}`;
	if (/^\d{10}$/.test(plain)) return `+91${plain}`;
	if (/^91\d{10}$/.test(plain)) return `+${plain}`;
	return plain;
}

/**
 * The form v1 answers with: seed 004 sends `XXXXX30240` and gets `0XXXXX30240`. That a number sent in E.164 comes
 * back with a 0 as well is (facts, not documented). Numbers of other countries stay in E.164; nothing says more.
 */
export function toNational(text: string): string {
	const e164 = toE164(text);
	return /^\+91\d{10}$/.test(e164) ? `0${e164.slice(3)}` : e164;
}

/** Whether two spellings mean one number. */
export function sameNumber(one: string, other: string): boolean {
	return toE164(one) === toE164(other);
}
