/**
 * How requests are written: URLs, queries and forms exactly as the samples of seed 004 show them, and the two kinds of
 * request – one that reads and may be repeated, one that makes a phone ring and may not.
 */
import { apiHosts, type Account } from '../account';
import type { FieldDescription } from '../fields/field';
import type { HttpRequest } from './transport';

/** A parameter; one without a value is left out. */
export type Parameter = [name: string, value: string | number | boolean | undefined];

const rawInQuery: Partial<Record<string, string>> = { '3A': ':', '2C': ',', '3D': '=', '20': '+' };

/**
 * An urlencoded form. Names stay as they are (`StatusCallbackEvents[0]`, brackets raw as in the `-d` sample of seed
 * 004); values are percent-encoded, so that `+` travels as `%2B`; booleans become the words `true` and `false`.
 */
function formBody(parameters: readonly Parameter[]): string {
	return join(parameters, encodeURIComponent);
}

/**
 * A query. Filters are written like the request samples of seed 004: `:` `,` and `=` raw, a blank as `+`, `;` as `%3B`,
 * `+` as `%2B`. Returns an empty string, or the query with its `?`.
 */
export function query(parameters: readonly Parameter[]): string {
	const text = join(parameters, (value) =>
		encodeURIComponent(value).replace(/%(3A|2C|3D|20)/g, (_, code: string) => rawInQuery[code] ?? ''),
	);
	return text === '' ? '' : `?${text}`;
}

function join(parameters: readonly Parameter[], encode: (value: string) => string): string {
	let text = '';
	for (const parameter of parameters) {
		const value = parameter[1];
		if (value !== undefined) text += `${text === '' ? '' : '&'}${parameter[0]}=${encode(String(value))}`;
	}
	return text;
}

/** Address of a v1 resource: capital `Accounts` (seed 004). */
export function v1Url(account: Account, path: string): string {
	return `${apiHosts(account).voice}/v1/Accounts/${encodeURIComponent(account.sid)}${path}`;
}

/** Address of a v2_beta resource: on the voice host, capital `Accounts` (facts 1.1, 1.2). */
export function v2BetaUrl(account: Account, path: string): string {
	return `${apiHosts(account).voice}/v2_beta/Accounts/${encodeURIComponent(account.sid)}${path}`;
}

/** Address of a v2 resource: on the CCM host, lower-case `accounts` (seed 001). */
export function v2Url(account: Account, path: string): string {
	return `${apiHosts(account).ccm}/v2/accounts/${encodeURIComponent(account.sid)}${path}`;
}

/** A request that only reads. `resource` is what a 404 says is missing. */
export function readingRequest(url: string, resource?: HttpRequest['resource']): HttpRequest {
	return {
		method: 'GET',
		url,
		headers: { accept: 'application/json' },
		placesCall: false,
		authenticate: true,
		publicOnly: false,
		responseType: 'text',
		...(resource === undefined ? {} : { resource }),
	};
}

/** A request that makes a phone ring. */
export function placingRequest(url: string, contentType: string, body: string): HttpRequest {
	return {
		method: 'POST',
		url,
		headers: { accept: 'application/json', 'content-type': contentType },
		body,
		placesCall: true,
		authenticate: true,
		publicOnly: false,
		responseType: 'text',
	};
}

/** Writes the parsed values of fields; a field without a value is left out. */
export type RequestWriter<Name extends string> = (
	account: Account,
	values: Readonly<Partial<Record<Name, unknown>>>,
	fields: Readonly<Record<Name, FieldDescription>>,
) => HttpRequest;

/**
 * A v1 form that places a call: the named fields in this order, each under its own `parameter`.
 * @param path below the account, e.g. `/Calls/connect.json`
 */
export function placingForm<const Name extends string>(path: string, names: readonly Name[]): RequestWriter<Name> {
	return (account, values, fields) => {
		const parameters: Parameter[] = [];
		for (const name of names) {
			const value = values[name];
			if (value !== undefined) parameters.push(...parametersOf(fields[name], value, account));
		}
		return placingRequest(v1Url(account, path), 'application/x-www-form-urlencoded', formBody(parameters));
	};
}

/** Several values become `Name[0]`, `Name[1]`, … */
function parametersOf(field: FieldDescription, value: unknown, account: Account): Parameter[] {
	const { parameter } = field;
	if (parameter === undefined) return [];
	if (!Array.isArray(value)) return [[parameter, sentAs(field, String(value), account)]];
	return value.map((item, index) => [`${parameter}[${index}]`, sentAs(field, String(item), account)]);
}

function sentAs(field: FieldDescription, value: string, account: Account): string {
	if (field.encode !== undefined) return field.encode(value, account);
	return field.options?.find((known) => known.value === value)?.sentAs ?? value;
}
