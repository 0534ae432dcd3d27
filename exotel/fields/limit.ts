/** How many results the reader of a list wants. */
import { inputError } from '../errors';

/**
 * A number of results, as a form or a message gives it; `label` is what the form calls the field `limit`.
 * @throws ExotelError of kind `input` for anything but a whole number of at least 1
 */
export function readLimit(value: unknown, label: string): number {
	const limit = Number(value);
	if (Number.isSafeInteger(limit) && limit >= 1) return limit;
	throw inputError([
		{ field: 'limit', rule: 'min', message: `${label} must be a whole number of at least 1. Example: 50` },
	]);
}
