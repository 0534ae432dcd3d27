/** How many results the reader of a list wants, and other settings that are read without a description of a field. */
import { inputError } from '../errors';
import { booleanOf, numberOf } from './parse-value';

/**
 * A number of results, as a form or a message gives it; `label` is what the form calls the field `limit`.
 * @throws ExotelError of kind `input` for anything but a whole number of at least 1
 */
export function readLimit(value: unknown, label: string): number {
	const limit = numberOf(value);
	if (Number.isSafeInteger(limit) && limit >= 1) return limit;
	throw inputError([
		{ field: 'limit', rule: 'min', message: `${label} must be a whole number of at least 1. Example: 50` },
	]);
}

/**
 * A switch, as a form or an expression gives it; `label` is what the form calls it.
 * @throws ExotelError of kind `input` for anything but true and false, as themselves or as a field reads them
 */
export function readSwitch(value: unknown, { field, label }: { field: string; label: string }): boolean {
	const read = booleanOf(value);
	if (read !== undefined) return read;
	throw inputError([{ field, rule: 'boolean', message: `${label} must be true or false.` }]);
}
