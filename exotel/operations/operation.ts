/**
 * One call of Exotel's API: its fields, the checks that need two fields, the request and the reader of the response, in
 * one file each. The types of the input are inferred from the fields. `perform` runs an operation from start to end.
 */
import { randomBytes } from 'crypto';
import type { Account } from '../account';
import { ExotelError, inputError, type Violation } from '../errors';
import type { FieldDescription, FieldName, FieldSet, RawInput, Related, Values } from '../fields/field';
import { parseFields } from '../fields/parse-fields';
import { isBlank } from '../fields/parse-value';
import { withoutSecrets } from '../http/decoded-secrets';
import { decodeBody } from '../http/response-body';
import { send, unknownOutcome, withAttemptId, type SendOptions } from '../http/send';
import type { HttpRequest, HttpResponse } from '../http/transport';
import { asPayload } from '../payload';

/** One call of Exotel's API. */
export interface Operation<Fields extends FieldSet, Result> {
	/** Our name of the operation; also the key of its texts. */
	readonly name: string;
	readonly fields: Fields;
	/**
	 * Checks the input and writes the request.
	 * @throws ExotelError of kind `input` with every violation, before any request exists.
	 */
	request(account: Account, input: RawInput<Fields>): HttpRequest;
	/**
	 * Reads a successful response.
	 * @throws ExotelError when the body is not what Exotel documents.
	 */
	read(response: HttpResponse, account: Account): Result;
}

/** The input of an operation as a form or a message gives it: known names, unchecked values. */
export type RawInputOf<O extends Operation<FieldSet, unknown>> = RawInput<O['fields']>;

/** The names of an operation's fields. */
export type FieldNameOf<O extends Operation<FieldSet, unknown>> = FieldName<O['fields']>;

/** What a check that looks at several fields sees. */
export interface CheckContext<Name extends string> {
	/** Parsed values; blank and faulty fields are absent. */
	values: Readonly<Partial<Record<Name, unknown>>>;
	fields: Readonly<Record<Name, FieldDescription>>;
	/** True when the field was filled in but broke a rule of its own. */
	isFaulty: (name: Name) => boolean;
}

/** A rule about several fields. */
export type Check<Name extends string> = (context: CheckContext<Name>) => Violation[];

/** Two fields must not hold the same value. */
export function different<const Name extends string>(first: Name, second: Name): Check<Name> {
	return ({ values, fields }) => {
		if (values[first] === undefined || values[first] !== values[second]) return [];
		const labels = `${shortLabel(fields[first])} and ${shortLabel(fields[second])}`;
		const message = `${labels} are the same number. Exotel would drop the call at once.`;
		return [{ field: second, rule: 'different', message }];
	};
}

/**
 * At most one of two fields may be filled in; exactly one with `whenMissing`, the sentence for the user who filled in
 * neither.
 */
export function oneOf<const Name extends string>(first: Name, second: Name, whenMissing?: string): Check<Name> {
	return ({ values, fields, isFaulty }) => {
		if (values[first] !== undefined && values[second] !== undefined) {
			const message = `Fill in either ${fields[first].label} or ${fields[second].label}, not both.`;
			return [{ field: second, rule: 'one-of', message }];
		}
		if (whenMissing === undefined) return [];
		const isPresent = [first, second].some((name) => values[name] !== undefined || isFaulty(name));
		const message = `${fields[first].label} is missing. ${whenMissing}`;
		return isPresent ? [] : [{ field: first, rule: 'required', message }];
	};
}

/** The label without what stands in brackets: "From (rings first)" → "From". */
function shortLabel(field: FieldDescription): string {
	return field.label.replace(/ \(.*\)$/, '');
}

/** The parts of an operation. */
export interface Definition<Fields extends FieldSet, Result> {
	name: string;
	fields: Fields & Related<Fields>;
	checks?: readonly Check<FieldName<Fields>>[];
	request(account: Account, values: Values<Fields>, fields: Fields): HttpRequest;
	read(response: HttpResponse, account: Account): Result;
}

/** Makes an operation of its parts. */
export function defineOperation<Fields extends FieldSet, Result>(
	definition: Definition<Fields, Result>,
): Operation<Fields, Result> {
	const { name, fields } = definition;
	return {
		name,
		fields,
		request(account, input) {
			const values = checkedValues(fields, input, { rules: account, checks: definition.checks });
			return definition.request(account, values, fields);
		},
		read: (response, account) => definition.read(response, account),
	};
}

/** How an input is checked. */
export interface CheckOptions<Fields extends FieldSet> {
	rules: Pick<Account, 'defaultCountry' | 'timeZone'>;
	checks?: readonly Check<FieldName<Fields>>[] | undefined;
}

/**
 * The values of an input.
 * @throws ExotelError of kind `input` with every violation.
 */
export function checkedValues<Fields extends FieldSet>(
	fields: Fields,
	input: RawInput<Fields>,
	options: CheckOptions<Fields>,
): Values<Fields> {
	const { values, violations } = checkInput(fields, input, options);
	if (violations.length > 0) throw inputError(violations);
	return values;
}

/** Parses an input and runs every check on it. Values are complete only when there is no violation. */
export function checkInput<Fields extends FieldSet>(
	fields: Fields,
	input: RawInput<Fields>,
	{ rules, checks = [] }: CheckOptions<Fields>,
): { values: Values<Fields>; violations: Violation[] } {
	const given: RawInput<Fields> = asPayload(input) ?? {};
	const { values, violations } = parseFields(fields, given, rules);
	const known: Readonly<Record<string, unknown>> = values;
	const context: CheckContext<FieldName<Fields>> = {
		values: known as CheckContext<FieldName<Fields>>['values'],
		fields,
		isFaulty: (name) => known[name] === undefined && !isBlank(given[name]),
	};
	for (const check of checks) violations.push(...check(context));
	return { values: values as Values<Fields>, violations };
}

/** What `perform` brings back. */
export interface Performed<Result> {
	result: Result;
	/** Exotel's response, decoded; null for a file. */
	raw: unknown;
	httpStatus: number;
	/** How many times the request was sent. */
	attempts: number;
}

/** A new id for one attempt to place a call: 128 random bits, 22 characters that need no escaping in a URL. */
export function newAttemptId(): string {
	return randomBytes(16).toString('base64url');
}

/**
 * Makes one call of Exotel's API from start to end.
 * @throws ExotelError only: `input` before anything is sent; `unknown-outcome` also when a call was requested and the
 * response cannot be read.
 */
export async function perform<Fields extends FieldSet, Result>(
	operation: Operation<Fields, Result>,
	account: Account,
	input: RawInput<Fields>,
	options: SendOptions,
): Promise<Performed<Result>> {
	const request = operation.request(account, input);
	const { response, attempts } = await send(request, options);
	const raw = decodeBody(response).value;
	try {
		return { result: operation.read(response, account), raw, httpStatus: response.status, attempts };
	} catch (thrown) {
		const error = thrown instanceof ExotelError ? thrown : unreadableResponse(response, raw);
		const doubtful = request.placesCall && error.kind === 'exotel';
		throw withAttemptId(doubtful ? unknownOutcome('its response could not be read', error) : error, options);
	}
}

function unreadableResponse(response: HttpResponse, raw: unknown): ExotelError {
	return new ExotelError('exotel', 'Exotel’s response could not be read.', {
		httpStatus: response.status,
		raw: withoutSecrets(raw),
	});
}
