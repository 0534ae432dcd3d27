/**
 * How Exotel writes moments: v1 naive in Indian time (`2017-03-03 10:48:33`, seed 004), v2 ISO 8601 with `+05:30`
 * (seed 001), applets partly in RFC form without a zone (`Wed, 23 Feb 2022 12:31:59`, Exotel fact sheet 7.1).
 */
const INDIA_OFFSET_MS = 5.5 * 3600 * 1000;

/** `YYYY-MM-DD HH:mm:ss`, Indian time. */
export function naiveStamp(time: number): string {
	return new Date(time + INDIA_OFFSET_MS).toISOString().slice(0, 19).replace('T', ' ');
}

/** `YYYY-MM-DDTHH:mm:ss+05:30`. */
export function isoStamp(time: number): string {
	return `${new Date(time + INDIA_OFFSET_MS).toISOString().slice(0, 19)}+05:30`;
}

/** `Wed, 23 Feb 2022 12:31:59`, Indian time, no zone. */
export function rfcStamp(time: number): string {
	return new Date(time + INDIA_OFFSET_MS).toUTCString().replace(/ GMT$/, '');
}

/**
 * Reads `YYYY-MM-DD HH:mm:ss` as Indian time.
 * @returns epoch milliseconds, or null if it is not such a stamp
 */
export function readNaiveStamp(written: string): number | null {
	const match = /^(\d{4})-(\d{2})-(\d{2})[ +](\d{2}):(\d{2}):(\d{2})$/.exec(written.trim());
	if (!match) return null;
	const [year, month, day, hour, minute, second] = match.slice(1).map(Number);
	const time = Date.UTC(year, month - 1, day, hour, minute, second);
	const back = new Date(time);
	const real =
		back.getUTCMonth() === month - 1 && back.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
	return real ? time - INDIA_OFFSET_MS : null;
}
