/**
 * How several values are written into one field: separated by commas, semicolons or lines. A semicolon that begins a
 * parameter of a SIP address (`sip:agent1@example.com;transport=udp`) separates nothing.
 */

const SEPARATOR = /[,\n]|;(?!\s*[\w-]+=)/;

/** Values of a list that are looked at, blank ones included; nobody writes more. */
export const MOST_LISTED = 10_000;

/**
 * The values of a list: the items of an array, the parts of a text (blank parts left out), or the one value itself. Of
 * more than `MOST_LISTED` only so many that this is seen.
 */
export function splitList(raw: unknown): unknown[] {
	if (Array.isArray(raw)) return (raw.length > MOST_LISTED ? raw.slice(0, MOST_LISTED + 1) : raw) as unknown[];
	if (typeof raw !== 'string') return [raw];
	const parts = raw.split(SEPARATOR, MOST_LISTED + 1);
	return parts.length > MOST_LISTED ? parts : parts.map((part) => part.trim()).filter((part) => part !== '');
}
