/**
 * The stamps of Exotel. Seed 002, "EndTime", calls `1970-01-01 05:30:00` the epoch: so v1 prints Indian time (+05:30)
 * without naming the zone. Seed 001 prints the same zone in ISO 8601 with its offset.
 */

const indiaMs = 5.5 * 60 * 60 * 1000;

/** `yyyy-mm-dd hh:mm:ss` in Indian time; `ms` are milliseconds since 1970. */
export function v1Stamp(ms: number): string {
	return new Date(ms + indiaMs).toISOString().slice(0, 19).replace('T', ' ');
}

/** `yyyy-mm-ddThh:mm:ss+05:30`; `ms` are milliseconds since 1970. Seed 001, "created_time". */
export function v2Stamp(ms: number): string {
	return `${new Date(ms + indiaMs).toISOString().slice(0, 19)}+05:30`;
}

/** Reads a v1 stamp; milliseconds since 1970, or null when the text is none. */
export function readV1Stamp(text: string): number | null {
	if (!/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/.test(text)) return null;
	const ms = Date.parse(`${text.replace(' ', 'T')}+05:30`);
	// A day such as 30 February is moved by no one: what does not print as it was written is refused.
	return Number.isNaN(ms) || v1Stamp(ms) !== text ? null : ms;
}

/** The same day and hour `months` earlier, milliseconds since 1970. Seed 004, "DateCreated": "6 months", "1 month". */
export function monthsBefore(ms: number, months: number): number {
	const date = new Date(ms);
	const day = date.getUTCDate();
	date.setUTCMonth(date.getUTCMonth() - months);
	// 31 August less six months is the last of February, not the third of March.
	if (date.getUTCDate() !== day) date.setUTCDate(0);
	return date.getTime();
}
