/**
 * How several values are written into one field: separated by commas, semicolons or lines. A semicolon that begins a
 * parameter of a SIP address (`sip:agent1@example.com;transport=udp`) separates nothing.
 */

const SEPARATOR = /[,\n]|;(?!\s*[\w-]+=)/;

/**
 * The values of a list: the items of an array, the parts of a text (blank parts left out), or the one value itself.
 */
export function splitList(raw: unknown): unknown[] {
	if (Array.isArray(raw)) return raw as unknown[];
	if (typeof raw !== 'string') return [raw];
	return raw
		.split(SEPARATOR)
		.map((part) => part.trim())
		.filter((part) => part !== '');
}
