/**
 * The blanks and types of Exotel's payloads: the same field comes as number or text, and "nothing" comes as null, `""`,
 * `"null"` or not at all (facts 8.5, 8.6). Everything read from a payload goes through one of these.
 */

/** The text without the characters at its end that are this one. */
export function withoutTrailing(character: string, value: string): string {
	let end = value.length;
	while (end > 0 && value[end - 1] === character) end--;
	return value.slice(0, end);
}

/** An object out of a payload, its fields unknown. */
export type Payload = Record<string, unknown>;

/** The value as an object, or null for anything else, arrays included. */
export function asPayload(value: unknown): Payload | null {
	return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Payload) : null;
}

/** True for what has fields: an object, or a list. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === 'object' && value !== null;
}

/** The value as trimmed text; null for every form of nothing. Of a field sent twice, the first. */
export function text(value: unknown): string | null {
	if (typeof value === 'string') {
		const trimmed = value.trim();
		return trimmed === '' || trimmed === 'null' ? null : trimmed;
	}
	if (typeof value === 'number' || typeof value === 'boolean') return String(value);
	return Array.isArray(value) && value.length > 0 && !Array.isArray(value[0]) ? text(value[0]) : null;
}

/** A text of the user's own that Exotel gives back, as it was written; null for an empty one or none. */
export function ownText(value: unknown): string | null {
	const first: unknown = Array.isArray(value) ? value[0] : value;
	if (typeof first !== 'string') return text(first);
	return first === '' ? null : first;
}

/** The value as text in lower case, for the words Exotel capitalises differently from place to place. */
export function lowerText(value: unknown): string | null {
	return text(value)?.toLowerCase() ?? null;
}

/** The value as a number that is not negative (seconds, a price); null when it is none. */
export function amount(value: unknown): number | null {
	if (typeof value === 'number') return value >= 0 && value < Infinity ? value : null;
	const digits = text(value);
	return digits !== null && /^\d{1,12}(?:\.\d{1,9})?$/.test(digits) ? Number(digits) : null;
}

/** The value's items, whether it came as an array or as an object keyed `0`, `1`, … (or `1`, `2`, …). */
export function items(value: unknown): unknown[] {
	if (Array.isArray(value)) return value;
	const keyed = asPayload(value);
	if (keyed === null) return [];
	const keys = Object.keys(keyed);
	return keys.length > 0 && keys.every((key) => /^\d{1,4}$/.test(key)) ? keys.map((key) => keyed[key]) : [];
}

/** Seconds since midnight of `YYYY-MM-DDTHH:mm:ss…`. */
function secondOfDay(iso: string): number {
	const digits = (at: number): number => iso.charCodeAt(at) * 10 + iso.charCodeAt(at + 1) - 528;
	return digits(11) * 3600 + digits(14) * 60 + digits(17);
}

/**
 * Whole seconds from one ISO 8601 time (as `readTime` writes it) to another; null when one is missing or the order is
 * wrong. Nearly every call begins and ends on one day in one zone: no need to parse its times then.
 */
export function secondsBetween(start: string | null, end: string | null): number | null {
	if (start === null || end === null) return null;
	const sameDay = start.length === 25 && start.slice(0, 11) === end.slice(0, 11) && start.slice(19) === end.slice(19);
	const seconds = sameDay ? secondOfDay(end) - secondOfDay(start) : (Date.parse(end) - Date.parse(start)) / 1000;
	return seconds >= 0 ? seconds : null;
}
