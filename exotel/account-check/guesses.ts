/**
 * The guesses of docs/fidelity.md that an account can confirm: rules that show in the answers anyway, and the names of
 * the fields of three lists that are only read for this. No value of a field is kept.
 */
import type { Account } from '../account';
import { readingRequest, v1Url, v2Url } from '../http/request';
import { decodeBody } from '../http/response-body';
import { send, type SendOptions } from '../http/send';
import type { HttpResponse } from '../http/transport';
import { asPayload } from '../payload';

/** What an account showed about a guess. */
export interface Observation {
	/** The endpoint or rule as docs/fidelity.md names it. */
	guess: string;
	result: 'confirmed' | 'different' | 'not seen';
	detail: string;
}

/** An endpoint whose fields are guessed. */
export interface GuessedFields {
	guess: string;
	url(account: Account): string;
	/** Paths of the guessed fields. */
	fields: readonly string[];
}

const EXOPHONE = 'IncomingPhoneNumbers[].IncomingPhoneNumber.';
const USER = 'response[].data.';

/** Endpoints with guessed fields. */
export const guessedFields: readonly GuessedFields[] = [
	{
		guess: 'GET /v1/Accounts/<sid>[.json]',
		url: (account) => v1Url(account, '.json'),
		fields: ['Sid', 'FriendlyName', 'Type', 'Status', 'Uri'].map((name) => `Account.${name}`),
	},
	{
		guess: 'GET /v1/Accounts/<sid>/IncomingPhoneNumbers[.json]',
		url: (account) => v1Url(account, '/IncomingPhoneNumbers.json'),
		fields: ['AccountSid', 'DateCreated', 'VoiceUrl', 'SmsUrl'].map((name) => EXOPHONE + name),
	},
	{
		guess: 'GET /v2/accounts/<sid>/users',
		url: (account) => v2Url(account, '/users'),
		fields: [
			...['request_id', 'method', 'http_code', 'response[].error_data'],
			...['first_name', 'devices[].available', 'devices[].verified', 'devices[].status'].map(
				(name) => USER + name,
			),
		],
	},
];

/** Rules that are guessed. */
export const guessedRules = {
	body401: 'wording and body of a v1 401, WWW-Authenticate',
	retryAfter: 'Retry-After with a 429',
	wrongRegion: '404 as for an unknown account in the wrong region',
} as const;

/** What a refused request shows about the guessed rules; `isElsewhere` when the other region accepts it. */
export function observeRefusal({ status, headers, body }: HttpResponse, isElsewhere: boolean): Observation[] {
	const seen = (guess: string, isConfirmed: boolean, detail: string): Observation => ({
		guess,
		result: isConfirmed ? 'confirmed' : 'different',
		detail,
	});
	if (isElsewhere) return [seen(guessedRules.wrongRegion, status === 404, `HTTP ${status}`)];
	if (status === 429) {
		const wait = headers['retry-after'];
		return [seen(guessedRules.retryAfter, wait !== undefined, wait === undefined ? 'none' : 'sent')];
	}
	if (status !== 401) return [];
	const names = [...fieldPaths(decodeBody({ status, headers, body }).value)].join(' ');
	const asks = headers['www-authenticate'] !== undefined;
	const isAsGuessed = asks && names.includes('RestException.Message');
	return [seen(guessedRules.body401, isAsGuessed, `${asks ? 'with' : 'without'} WWW-Authenticate; ${names}`)];
}

/** Reads the endpoints with guessed fields. Never rejects. */
export function observeFields(account: Account, options: SendOptions): Promise<Observation[]> {
	return Promise.all(
		guessedFields.map(async ({ guess, url, fields }): Promise<Observation> => {
			try {
				const { response } = await send(readingRequest(url(account)), options);
				return compare(guess, fields, fieldPaths(decodeBody(response).value));
			} catch (error) {
				return { guess, result: 'not seen', detail: error instanceof Error ? error.message : '' };
			}
		}),
	);
}

function compare(guess: string, fields: readonly string[], found: ReadonlySet<string>): Observation {
	const parent = fields[0]?.split('.').slice(0, -1).join('.') ?? '';
	const isSeen = [...found].some((path) => path.startsWith(parent));
	if (!isSeen) return { guess, result: 'not seen', detail: `fields: ${[...found].join(' ')}` };
	const missing = fields.filter((field) => !found.has(field));
	return missing.length === 0
		? { guess, result: 'confirmed', detail: fields.join(' ') }
		: { guess, result: 'different', detail: `missing: ${missing.join(' ')}; fields: ${[...found].join(' ')}` };
}

/** More are no answer of Exotel. */
const MOST_FIELDS = 100;

/** The paths of all values, `[]` for the items of a list; a name that is none of a field is left out. */
function fieldPaths(value: unknown, path = '', found = new Set<string>()): Set<string> {
	if (found.size >= MOST_FIELDS || path.split('.').length > 8) return found;
	if (Array.isArray(value)) {
		for (const item of value.slice(0, 10)) fieldPaths(item, `${path}[]`, found);
		return found;
	}
	const fields = asPayload(value);
	if (fields === null) return path === '' ? found : found.add(path);
	for (const [name, inner] of Object.entries(fields)) {
		if (/^[A-Za-z_]{1,40}$/.test(name)) fieldPaths(inner, path === '' ? name : `${path}.${name}`, found);
	}
	return found;
}
