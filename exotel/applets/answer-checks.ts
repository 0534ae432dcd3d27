/** Checks that the answers to several applets share. */
import type { Violation } from '../errors';
import type { FieldSet } from '../fields/field';
import { isBlank } from '../fields/parse-value';

/** Keys without a description are mistakes: an answer has no room for them. */
export function unknownNames(applet: string, fields: FieldSet, input: Readonly<Record<string, unknown>>): Violation[] {
	const unknown = Object.keys(input).filter((name) => !Object.hasOwn(fields, name) && !isBlank(input[name]));
	return unknown.map((name) => ({
		field: name,
		rule: 'unknown',
		message: `A ${applet} answer has no field "${name}". Its fields are: ${Object.keys(fields).join(', ')}.`,
	}));
}
