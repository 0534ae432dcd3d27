/**
 * The account: which hosts its region has, how a request proves who it is, and the two settings without which Exotel's
 * answers cannot be read (time zone of the v1 stamps, country of national numbers).
 * Sources: seed 001 and 004 (hosts, Basic authentication), facts 1.1, 1.2 and 3.4.
 */

import { inputError, type Violation } from './errors';
import { isPrivateHost } from './addresses';
import { withoutTrailing } from './payload';

/** Where the account lives. `custom` is for the simulator or a host Exotel named to the user. */
export type Region = 'singapore' | 'mumbai' | 'custom';

/** An account without its secrets: safe to log. */
export interface Account {
	region: Region;
	/** Origin that plays both API hosts when `region` is `custom`, e.g. `http://127.0.0.1:4010`. */
	baseUrl?: string;
	/** Account SID, e.g. `acme1`. */
	sid: string;
	/** IANA zone in which Exotel writes v1 stamps; `Asia/Kolkata` unless Exotel said otherwise. */
	timeZone: string;
	/** ISO 3166 country in which a number without `+` is read; `IN` by default. */
	defaultCountry: string;
}

/** How times and numbers are read where no account says otherwise. */
export const defaultRules: Pick<Account, 'defaultCountry' | 'timeZone'> = {
	defaultCountry: 'IN',
	timeZone: 'Asia/Kolkata',
};

/** The account's secrets. Never part of an `Account`, an `HttpRequest` or an error. */
export interface ApiKey {
	key: string;
	token: string;
}

/** An account as a host's form has it: nothing is trusted yet. */
export interface AccountInput {
	region?: unknown;
	baseUrl?: unknown;
	sid?: unknown;
	timeZone?: unknown;
	defaultCountry?: unknown;
}

/** The origins (no trailing slash) of an account's two API hosts. */
export interface ApiHosts {
	/** v1 and v2_beta: calls, numbers, ExoPhones. */
	voice: string;
	/** v2: calls of agents (CCM). */
	ccm: string;
}

const regionHosts: Record<Exclude<Region, 'custom'>, ApiHosts> = {
	singapore: { voice: 'https://api.exotel.com', ccm: 'https://ccm-api.exotel.com' },
	mumbai: { voice: 'https://api.in.exotel.com', ccm: 'https://ccm-api.in.exotel.com' },
};

/** The region of an account that names none: the one Exotel's documents name first. */
export const defaultRegion = 'singapore' satisfies Region;
/** In the order in which forms list them. */
export const regions: readonly Region[] = ['singapore', 'mumbai', 'custom'];
const CORRECT_ACCOUNT_HINT = 'Correct the account and save it.';

/**
 * Reads and checks an account. Blank fields get their defaults: region Singapore (or custom when only a base URL is
 * given), time zone Asia/Kolkata, country IN.
 * @throws ExotelError of kind `input` naming every bad field.
 */
export function readAccount(input: AccountInput): Account {
	const violations: Violation[] = [];
	const refuse = (field: string, rule: string, message: string) => violations.push({ field, rule, message });

	const baseUrlText = text(input.baseUrl);
	const regionText = text(input.region).toLowerCase() || (baseUrlText === '' ? defaultRegion : 'custom');
	const region = regions.find((known) => known === regionText);
	if (region === undefined) refuse('region', 'choice', 'Region must be Singapore, Mumbai or Custom.');
	const baseUrl = region === 'custom' ? readBaseUrl(baseUrlText) : undefined;
	if (region === 'custom') violations.push(...baseUrlViolations(baseUrlText, baseUrl));
	const sid = text(input.sid);
	const wrongSid = sidViolation(sid);
	if (wrongSid !== null) violations.push(wrongSid);

	const timeZone = text(input.timeZone) || defaultRules.timeZone;
	if (!isTimeZone(timeZone)) refuse('timeZone', 'time-zone', 'Time zone must be a name such as Asia/Kolkata.');

	const defaultCountry = text(input.defaultCountry).toUpperCase() || defaultRules.defaultCountry;
	if (!/^[A-Z]{2}$/.test(defaultCountry))
		refuse('defaultCountry', 'country', 'Default country must be a two-letter code such as IN.');

	if (region === undefined || violations.length > 0) throw inputError(violations, CORRECT_ACCOUNT_HINT);
	return { region, ...(baseUrl === undefined ? {} : { baseUrl }), sid, timeZone, defaultCountry };
}

const UNPROTECTED_MESSAGE =
	'Base URL must start with https://: on the internet anybody on the way could read the API key. Plain http is for ' +
	'a server on this machine or in this network, by its IP address or a name such as localhost or exotel.internal.';

/** True when the key would cross the internet unencrypted. */
function isUnprotected(baseUrl: string): boolean {
	const { protocol, hostname } = new URL(baseUrl);
	return protocol === 'http:' && !isPrivateHost(hostname);
}

function baseUrlViolations(written: string, baseUrl: string | undefined): Violation[] {
	const example = 'http://127.0.0.1:4010';
	const field = 'baseUrl';
	if (written === '') {
		const message = `Base URL is missing. Write the address of the server, for example ${example}.`;
		return [{ field, rule: 'required', message }];
	}
	if (baseUrl === undefined) {
		const message =
			'Base URL must be a plain http or https address without user name, password, "?" or "#", for ' +
			`example ${example}.`;
		return [{ field, rule: 'url', message }];
	}
	return isUnprotected(baseUrl) ? [{ field, rule: 'https', message: UNPROTECTED_MESSAGE }] : [];
}

function sidViolation(sid: string): Violation | null {
	const page = 'the API settings page of your Exotel dashboard';
	if (sid === '') {
		const message = `Account SID is missing. You find it on ${page}, for example acme1.`;
		return { field: 'sid', rule: 'required', message };
	}
	if (/^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/.test(sid)) return null;
	const message = `Account SID may only hold letters, digits, ".", "_" and "-". Copy it from ${page}.`;
	return { field: 'sid', rule: 'pattern', message };
}

/** The two API origins of an account, without trailing slash (seed 001, seed 004). */
export function apiHosts(account: Account): ApiHosts {
	if (account.region === 'custom') {
		const origin = withoutTrailing('/', account.baseUrl ?? '');
		return { voice: origin, ccm: origin };
	}
	return regionHosts[account.region];
}

/** True when requests of both accounts go to the same servers: a key of one may then be sent for the other. */
export function hasSameHosts(one: Account, other: Account): boolean {
	const { sid } = one;
	return accountId(one) === accountId({ ...other, sid });
}

/** Which account this is: its servers, however they are written, and its SID. */
export function accountId(account: Account): string {
	const { voice, ccm } = apiHosts(account);
	return `${voice} ${ccm} ${account.sid}`;
}

/**
 * Reads and checks the two secrets. Its errors never quote them.
 * @throws ExotelError of kind `input` naming every bad field.
 */
export function readApiKey(input: { key?: unknown; token?: unknown }): ApiKey {
	const violations: Violation[] = [];
	const key = text(input.key);
	const token = text(input.token);
	for (const [field, label, value] of [
		['key', 'API key', key],
		['token', 'API token', token],
	] as const) {
		if (value === '')
			violations.push({
				field,
				rule: 'required',
				message: `${label} is missing. You find it on the API settings page of your Exotel dashboard.`,
			});
		else if (!/^[\x21-\x7e]+$/.test(value) || (field === 'key' && value.includes(':'))) {
			violations.push({
				field,
				rule: 'pattern',
				message:
					`${label} holds a character that no ${label} has. Copy it again from the API settings page of ` +
					'your Exotel dashboard.',
			});
		}
	}
	if (violations.length > 0) throw inputError(violations, CORRECT_ACCOUNT_HINT);
	return { key, token };
}

/** The `Authorization` header of an account: HTTP Basic, user = API key, password = API token (seed 001, seed 004). */
export function authorization(key: ApiKey): string {
	return `Basic ${Buffer.from(`${key.key}:${key.token}`, 'utf8').toString('base64')}`;
}

function text(value: unknown): string {
	return typeof value === 'string' ? value.trim() : '';
}

/** An http(s) address with an optional path and nothing else, without trailing slash; undefined when it is not one. */
function readBaseUrl(written: string): string | undefined {
	if (!URL.canParse(written)) return undefined;
	const url = new URL(written);
	const plain =
		(url.protocol === 'http:' || url.protocol === 'https:') &&
		url.username === '' &&
		url.password === '' &&
		!/[?#\s]/.test(written);
	return plain ? `${url.origin}${withoutTrailing('/', url.pathname)}` : undefined;
}

function isTimeZone(name: string): boolean {
	try {
		new Intl.DateTimeFormat('en', { timeZone: name });
		return true;
	} catch {
		return false;
	}
}
