/** What plain data takes in memory. */

/** Of an object, a list, a property or a number, about. */
const VALUE_BYTES = 16;

/** Bytes that a value takes, about: one for each character, 16 for anything else. The value must not contain itself. */
export function weightOf(value: unknown): number {
	if (typeof value === 'string') return VALUE_BYTES + value.length;
	if (typeof value !== 'object' || value === null) return VALUE_BYTES;
	let bytes = VALUE_BYTES;
	for (const part of Object.values(value)) bytes += VALUE_BYTES + weightOf(part);
	return bytes;
}
