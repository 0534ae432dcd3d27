/** Checks that the answers to several applets share. */
import type { Violation } from '../errors';
import type { FieldSet } from '../fields/field';
import { isBlank } from '../fields/parse-value';
import type { CheckContext } from '../operations/operation';

/** Keys without a description are mistakes: an answer has no room for them. */
export function unknownNames(applet: string, fields: FieldSet, input: Readonly<Record<string, unknown>>): Violation[] {
	const known = Object.keys(fields);
	const unknown = Object.entries(input).filter(([name, value]) => !known.includes(name) && !isBlank(value));
	return unknown.map(([name]) => ({
		field: name,
		rule: 'unknown',
		message: `A ${applet} answer has no field "${name}". Its fields are: ${known.join(', ')}.`,
	}));
}

/** A text or a sound file, never both; one of them where the caller must hear something. */
export function textOrSound<Name extends string>(textName: Name, urlName: Name, required: boolean) {
	return ({ values, fields, isFaulty }: CheckContext<Name>): Violation[] => {
		const [text, address] = [values[textName], values[urlName]];
		const labels = `${fields[textName].label} or ${fields[urlName].label}`;
		if (text !== undefined && address !== undefined) {
			return [{ field: urlName, rule: 'one-of', message: `Fill in either ${labels}, not both.` }];
		}
		const missing = required && text === undefined && address === undefined;
		if (!missing || isFaulty(textName) || isFaulty(urlName)) return [];
		const example = `Example: ${String(fields[textName].example)}`;
		return [{ field: textName, rule: 'required', message: `${labels} is missing. ${example}` }];
	};
}
