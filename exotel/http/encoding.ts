/**
 * How parameters are written: forms and queries exactly as the samples of seed 004 show them, and the URLs they go to.
 */

import { apiHosts, type Account } from '../account';

/** A parameter; one without a value is left out. */
export type Parameter = [name: string, value: string | number | boolean | undefined];

/**
 * An urlencoded form. Names stay as they are (`StatusCallbackEvents[0]`, brackets raw as in the `-d` sample of seed
 * 004); values are percent-encoded, so that `+` travels as `%2B`; booleans become the words `true` and `false`.
 */
export function formBody(parameters: Parameter[]): string {
	return join(parameters, encodeURIComponent);
}

/**
 * A query. Filters are written like the request samples of seed 004: `:` `,` and `=` raw, a blank as `+`, `;` as `%3B`,
 * `+` as `%2B`. Returns an empty string, or the query with its `?`.
 */
export function query(parameters: Parameter[]): string {
	const text = join(parameters, (value) =>
		encodeURIComponent(value).replace(/%(3A|2C|3D|20)/g, (_, code: string) => rawInQuery[code] ?? ''),
	);
	return text === '' ? '' : `?${text}`;
}

const rawInQuery: Record<string, string> = { '3A': ':', '2C': ',', '3D': '=', '20': '+' };

function join(parameters: Parameter[], encode: (value: string) => string): string {
	return parameters
		.filter(([, value]) => value !== undefined)
		.map(([name, value]) => `${name}=${encode(String(value))}`)
		.join('&');
}

/** Address of a v1 resource: capital `Accounts` (seed 004). */
export function v1Url(account: Account, path: string): string {
	return `${apiHosts(account).voice}/v1/Accounts/${encodeURIComponent(account.sid)}${path}`;
}

/** Address of a v2_beta resource: on the voice host, capital `Accounts` (Exotel fact sheet 1.1, 1.2). */
export function v2BetaUrl(account: Account, path: string): string {
	return `${apiHosts(account).voice}/v2_beta/Accounts/${encodeURIComponent(account.sid)}${path}`;
}

/** Address of a v2 resource: on the CCM host, lower-case `accounts` (seed 001). */
export function v2Url(account: Account, path: string): string {
	return `${apiHosts(account).ccm}/v2/accounts/${encodeURIComponent(account.sid)}${path}`;
}
