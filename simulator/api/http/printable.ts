/** A text of the request as an error message may repeat it. */
export function printable(value: string): string {
	return value.slice(0, 60).replace(/[^\x20-\x7e]/g, '?');
}
