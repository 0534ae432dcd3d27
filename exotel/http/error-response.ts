/**
 * Turns an answer that is a refusal into the one error type: which kind, in Exotel's own words, with what to do next.
 * Both of Exotel's error shapes are read (v1 `RestException`, v2 `error_data`, the latter inside an object or a list),
 * and so is anything else that may come instead. Sources: seed 001, Exotel fact sheet 1.1, 1.3 to 1.6.
 */

import type { Account } from '../account';
import { apiHosts } from '../account';
import { decodeBody, decodeText, type DecodedBody } from './response-body';
import { amount, asPayload, text } from '../payload';
import { meaningOfCode } from './error-codes';
import { ExotelError, type ErrorKind } from '../errors';
import type { HttpRequest, HttpResponse } from './transport';
import { retryAfter } from './retry';
import { redactPhoneNumbers, redactSecrets } from '../redact';

/** What Exotel itself says about a failure. */
interface Complaint {
	/** Status inside the body; may differ from the HTTP status. */
	status: number | null;
	code: string | null;
	message: string | null;
}

/** What was asked: the part of a request that explains its refusal. */
export type Asked = Pick<HttpRequest, 'url' | 'resource'>;

/**
 * The error an answer means, or null when it is a success: HTTP status from 300, or an error body under a 2xx status.
 * `request` may be absent when only the answer is known; `now` (milliseconds) is needed to read a `Retry-After` date.
 */
export function toExotelError(
	response: HttpResponse,
	account: Account,
	request?: Asked,
	now?: number,
): ExotelError | null {
	const failed = response.status < 200 || response.status >= 300;
	if (!failed && complaintIn(decodeBody(response).value) === null) return null;
	const body = decodeRefusal(response);
	const complaint = complaintIn(body.value);

	const status = effectiveStatus(response.status, complaint?.status ?? null);
	const meaning = meaningOfCode(complaint?.code ?? null);
	const kind = kindOf(status, meaning?.kind, complaint, account, request);
	const retryAfterMs = retryAfter(response, now);
	return new ExotelError(kind, messageOf(kind, response.status, complaint, body, account, request), {
		hint: hintOf(kind, status, meaning?.hint, account, request),
		httpStatus: response.status,
		...(complaint?.code == null ? {} : { code: complaint.code }),
		retryable: passing.has(status) || (request?.resource === 'recording' && (status === 403 || status === 404)),
		...(retryAfterMs === null ? {} : { retryAfterMs }),
		raw: body.value,
	});
}

/** Longest quotation of Exotel's words, in characters: what is longer is no sentence for a user. */
const longestQuote = 500;

/** After these the same request may work a little later. */
const passing: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** A refusal is decoded without its secrets, since it is going to be shown. */
function decodeRefusal(response: HttpResponse): DecodedBody {
	const written = response.body instanceof Uint8Array ? new TextDecoder().decode(response.body) : response.body;
	return decodeText(redactSecrets(typeof written === 'string' ? written : ''));
}

function complaintIn(value: unknown): Complaint | null {
	const body = asPayload(value);
	if (body === null) return null;
	const exception = asPayload(body.RestException);
	if (exception !== null)
		return { status: amount(exception.Status), code: text(exception.Code), message: text(exception.Message) };
	for (const item of Array.isArray(body.response) ? body.response : [body.response]) {
		const entry = asPayload(item);
		const error = asPayload(entry?.error_data ?? entry?.error);
		if (entry === null || (entry.status !== 'failure' && error === null)) continue;
		return {
			status: amount(entry.code) ?? amount(body.http_code),
			code: text(error?.code),
			message: text(error?.description) ?? text(error?.message),
		};
	}
	return null;
}

/**
 * 401, 429 and everything from 500 speak for themselves; otherwise the body knows better (a 404 served as 400 was
 * seen).
 */
function effectiveStatus(http: number, inBody: number | null): number {
	if (http === 401 || http === 429 || http >= 500) return http;
	return inBody !== null && inBody >= 400 && inBody <= 599 ? inBody : http;
}

function kindOf(
	status: number,
	byCode: ErrorKind | undefined,
	complaint: Complaint | null,
	account: Account,
	request?: Asked,
): ErrorKind {
	const kind = byCode ?? kindByStatus(status);
	if (kind === 'region') return account.region === 'custom' ? 'not-found' : 'region';
	if (kind !== 'not-found' || byCode !== undefined || account.region === 'custom') return kind;
	// A 404 about something that every account has, or one that Exotel's API did not write, smells of the wrong region.
	const missing = request?.resource;
	if (complaint === null) return missing === 'recording' ? 'not-found' : 'region';
	return missing === undefined && complaint.code === null ? 'region' : 'not-found';
}

function kindByStatus(status: number): ErrorKind {
	if (status === 400 || status === 422) return 'input';
	if (status === 401) return 'auth';
	if (status === 402 || status === 403) return 'forbidden';
	if (status === 404 || status === 410) return 'not-found';
	if (status === 409) return 'busy';
	if (status === 429) return 'rate-limit';
	return 'exotel';
}

function messageOf(
	kind: ErrorKind,
	httpStatus: number,
	complaint: Complaint | null,
	body: DecodedBody,
	account: Account,
	request?: Asked,
): string {
	const code = complaint?.code == null ? '' : `, code ${complaint.code}`;
	const tail = `(HTTP ${httpStatus}${code})`;
	if (complaint?.message != null)
		return `Exotel refused: ${redactPhoneNumbers(complaint.message).slice(0, longestQuote)} ${tail}`;
	const instead = {
		json: '',
		xml: '',
		bytes: '',
		html: ' It answered a web page instead of data.',
		text: ' It answered a plain text instead of data.',
		empty: ' It gave no reason.',
	}[body.kind];
	const what: Record<ErrorKind, string> = {
		input: 'Exotel did not accept the request',
		auth: 'Exotel did not accept the API key and token',
		region: `Exotel does not know the account ${account.sid} at ${hostOf(account, request)}`,
		forbidden: 'Exotel does not allow this',
		'not-found': `Exotel does not know this ${request?.resource ?? 'account or address'}`,
		busy: 'Exotel says that this is not possible at the moment',
		'rate-limit': 'Exotel received too many requests',
		exotel: httpStatus < 400 ? 'Exotel sent us to another address' : 'Exotel has a problem of its own',
		network: 'Exotel could not be reached',
		'unknown-outcome': 'It is not known what Exotel did',
	};
	return `${what[kind]} ${tail}.${instead}`;
}

function hintOf(
	kind: ErrorKind,
	status: number,
	byCode: string | undefined,
	account: Account,
	request?: Asked,
): string {
	const parts: string[] = [];
	if (byCode !== undefined) parts.push(byCode);
	else if (kind === 'auth') parts.push('Check the API key and API token of the account.');
	else if (kind === 'region') parts.push('Check the account SID.');
	else if (request?.resource === 'recording' && status === 403)
		parts.push(
			'The recording may not be there yet, or its address may have expired. Read the call again ' +
				'for a fresh address; the API key must belong to the account of the call.',
		);
	else
		parts.push(
			plainHints[status] ??
				(status >= 500
					? 'Try again later.'
					: status < 400
						? 'Check the region or base URL of the account: it must be the address that answers, with ' +
							'https where needed.'
						: notFoundHint(kind, request)),
		);
	if (kind === 'auth' || kind === 'region') {
		const region = regionHint(account);
		if (region !== '') parts.push(region);
	}
	return parts.join(' ');
}

const plainHints: Record<number, string> = {
	400: "Exotel's message names what it did not like. Correct it and try again.",
	402: 'Check the plan and the balance of your Exotel account.',
	403:
		"Exotel's message says why. Usual reasons: the account's KYC verification is not complete, a " +
		"trial account may only call verified numbers, or your server's IP address is not on the " +
		"account's list.",
	409: 'Try again in a moment.',
	429: 'Exotel allows 200 calls a minute for an account. Wait a minute, or send fewer requests.',
};

function notFoundHint(kind: ErrorKind, request?: Asked): string {
	if (kind !== 'not-found') return 'Check the values and try again.';
	if (request?.resource === 'call')
		return 'Check the call SID. A call can be missing for some minutes after it was started.';
	if (request?.resource === 'recording')
		return (
			'A recording is there some minutes after the call has ended, and only if the call was ' +
			'recorded. Try again later.'
		);
	if (request?.resource === 'number') return 'Exotel has details of Indian numbers only. Check the number.';
	return 'Check the base URL and the account SID.';
}

/** The other region as a suggestion; nothing for a base URL of the user's own. */
function regionHint(account: Account): string {
	if (account.region === 'custom') return '';
	const [here, there] = account.region === 'singapore' ? ['Singapore', 'Mumbai'] : ['Mumbai', 'Singapore'];
	return `If they are right, the account may live in the other region: it is set to ${here}, try ${there}.`;
}

function hostOf(account: Account, request?: Asked): string {
	const url = request?.url ?? apiHosts(account).voice;
	return URL.canParse(url) ? new URL(url).host : 'this address';
}
