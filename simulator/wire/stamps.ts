/**
 * How Exotel writes moments: v1 naive in Indian time (`2017-03-03 10:48:33`, seed 004), v2 ISO 8601 with `+05:30`
 * (seed 001), applets naive as well (seed 002), or partly in RFC form without a zone (`Wed, 23 Feb 2022 12:31:59`,
 * facts 7.1).
 */
import type { Quirks } from '../model/quirks';

const INDIA_OFFSET_MS = 5.5 * 3600 * 1000;

/** `YYYY-MM-DD HH:mm:ss`, Indian time. */
export function naiveStamp(time: number): string {
	return new Date(time + INDIA_OFFSET_MS).toISOString().slice(0, 19).replace('T', ' ');
}

/** `YYYY-MM-DDTHH:mm:ss+05:30`. */
export function isoStamp(time: number): string {
	return `${new Date(time + INDIA_OFFSET_MS).toISOString().slice(0, 19)}+05:30`;
}

/** `Created` of an applet request, in the form that the quirk names. */
export function createdStamp(time: number, form: Quirks['createdForm']): string {
	return form === 'rfc' ? rfcStamp(time) : naiveStamp(time);
}

/** `Wed, 23 Feb 2022 12:31:59`, Indian time, no zone. */
export function rfcStamp(time: number): string {
	return new Date(time + INDIA_OFFSET_MS).toUTCString().replace(/ GMT$/, '');
}

/**
 * Reads `YYYY-MM-DD HH:mm:ss` as Indian time.
 * @returns epoch milliseconds, or null if it is not such a stamp
 */
export function readNaiveStamp(value: string): number | null {
	const match = /^(\d{4}-\d{2}-\d{2})[ +](\d{2}:\d{2}:\d{2})$/.exec(value.trim());
	if (!match) return null;
	const written = `${match[1]}T${match[2]}`;
	const time = Date.parse(`${written}Z`);
	// `Date` moves the 30th of February into March; such a stamp does not exist
	const exists = !Number.isNaN(time) && new Date(time).toISOString().startsWith(written);
	return exists ? time - INDIA_OFFSET_MS : null;
}
