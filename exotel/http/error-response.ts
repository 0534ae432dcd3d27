/**
 * Turns an unsuccessful response into the one error type: which kind, in Exotel's own words, with what to do next. Both
 * of Exotel's error bodies are read (v1 `RestException`, v2 `error_data`, the latter inside an object or a list), and
 * so is anything else that may come instead. Sources: seed 001, facts 1.1, 1.3 to 1.6.
 */
import { apiHosts, type Account } from '../account';
import { ExotelError, type ErrorKind, type HelpEntry } from '../errors';
import { amount, asPayload, text, type Payload } from '../payload';
import { redactPhoneNumbers } from '../redact';
import { withoutSecrets } from './decoded-secrets';
import { meaningOfCode, type CodeMeaning } from './error-codes';
import { MAX_ERROR_BYTES } from './body-limits';
import { decodeBody, decodeText, type DecodedBody } from './response-body';
import { retryAfter, transientStatuses } from './retry';
import type { HttpRequest, HttpResponse } from './transport';

/** What Exotel itself says about a failure. */
interface ErrorBody {
	/** Status inside the body; may differ from the HTTP status. */
	status: number | null;
	code: string | null;
	message: string | null;
}

/** The part of a request that explains its error. */
export type RequestInfo = Pick<HttpRequest, 'url' | 'resource'>;

/** Everything an error is explained from. */
interface Failed {
	httpStatus: number;
	/** The status that counts: the HTTP status, or the one in the body. */
	status: number;
	body: DecodedBody;
	error: ErrorBody | null;
	account: Account;
	request: RequestInfo | undefined;
}

/** Longest quotation of Exotel's words, in characters. */
const MAX_QUOTE_LENGTH = 500;

/**
 * The error a response means, or null when it is a success: HTTP status from 300, or an error body under a 2xx status.
 * `request` may be absent when only the response is known; `now` (milliseconds) is needed to read a `Retry-After` date.
 */
export function toExotelError(
	response: HttpResponse,
	account: Account,
	request?: RequestInfo,
	now?: number,
): ExotelError | null {
	const failed = response.status < 200 || response.status >= 300;
	if (!failed && errorBodyIn(decodeBody(response).value) === null) return null;
	const body = decodeRedacted(response);
	const error = errorBodyIn(body.value);
	const httpStatus = response.status;
	const status = effectiveStatus(httpStatus, error?.status ?? null);
	const info: Failed = { httpStatus, status, body, error, account, request };
	const meaning = meaningOfCode(error?.code ?? null);
	const kind = kindOf(info, meaning?.kind);
	const missingRecording = request?.resource === 'recording' && (status === 403 || status === 404);
	return new ExotelError(kind, messageOf(kind, info), {
		hint: hintOf(kind, info, meaning?.hint),
		help: helpOf(meaning, status, missingRecording),
		httpStatus,
		code: error?.code,
		retryable: transientStatuses.has(status) || missingRecording,
		retryAfterMs: retryAfter(response, now),
		requestId: requestIdIn(body.value),
		raw: body.value,
	});
}

/** The body of an error without its secrets, since it is going to be shown; nothing of one beyond 64 kB (HTTP 200). */
function decodeRedacted(response: HttpResponse): DecodedBody {
	const { body } = response;
	const { kind, value } =
		typeof body === 'string' ? decodeBody(response) : decodeText(new TextDecoder().decode(body));
	return { kind, value: body.length > MAX_ERROR_BYTES ? null : withoutSecrets(value) };
}

/** Exotel's ID of the request in the envelope of a v2 response (seed 001); null elsewhere. */
export function requestIdIn(body: unknown): string | null {
	return text(asPayload(body)?.request_id);
}

/** True for the body of a refusal as Exotel words it, in either API. */
export function isErrorBody(value: unknown): boolean {
	return errorBodyIn(value) !== null;
}

function errorBodyIn(value: unknown): ErrorBody | null {
	const body = asPayload(value);
	if (body === null) return null;
	const exception = asPayload(body.RestException);
	if (exception !== null) {
		return { status: amount(exception.Status), code: text(exception.Code), message: text(exception.Message) };
	}
	const entries: unknown[] = Array.isArray(body.response) ? body.response : [body.response];
	for (const entry of entries) {
		const error = errorInEntry(asPayload(entry), body.http_code);
		if (error !== null) return error;
	}
	return null;
}

/** The error in one entry of a v2 response. */
function errorInEntry(entry: Payload | null, httpCode: unknown): ErrorBody | null {
	const error = asPayload(entry?.error_data ?? entry?.error);
	if (entry === null || (entry.status !== 'failure' && error === null)) return null;
	const status = amount(entry.code) ?? amount(httpCode);
	return { status, code: text(error?.code), message: text(error?.description) ?? text(error?.message) };
}

/** 401, 429 and everything from 500 count as they are; otherwise the body knows better (a 404 sent as 400 was seen). */
function effectiveStatus(httpStatus: number, inBody: number | null): number {
	if (httpStatus === 401 || httpStatus === 429 || httpStatus >= 500) return httpStatus;
	return inBody !== null && inBody >= 400 && inBody <= 599 ? inBody : httpStatus;
}

function kindOf({ status, error, account, request }: Failed, byCode: ErrorKind | undefined): ErrorKind {
	const kind = byCode ?? kindByStatus[status] ?? 'exotel';
	if (kind === 'region') return account.region === 'custom' ? 'not-found' : 'region';
	if (kind !== 'not-found' || byCode !== undefined || account.region === 'custom') return kind;
	// A 404 about something that every account has, or one that Exotel's API did not write, suggests the wrong region.
	const missing = request?.resource;
	if (error === null) return missing === 'recording' ? 'not-found' : 'region';
	return missing === undefined && error.code === null ? 'region' : 'not-found';
}

const kindByStatus: Partial<Record<number, ErrorKind>> = {
	400: 'input',
	401: 'auth',
	402: 'forbidden',
	403: 'forbidden',
	404: 'not-found',
	409: 'busy',
	410: 'not-found',
	422: 'input',
	429: 'rate-limit',
};

const insteadOfData: Record<DecodedBody['kind'], string> = {
	json: '',
	xml: '',
	bytes: '',
	html: ' It returned a web page instead of data.',
	text: ' It returned plain text instead of data.',
	empty: ' It gave no reason.',
};

const summaries: Record<ErrorKind, (info: Failed) => string> = {
	input: () => 'Exotel did not accept the request',
	auth: () => 'Exotel did not accept the API key and token',
	region: ({ account, request }) => `Exotel does not know the account ${account.sid} at ${hostOf(account, request)}`,
	forbidden: () => 'Exotel does not allow this',
	'not-found': ({ request }) => `Exotel does not know this ${request?.resource ?? 'account or address'}`,
	busy: () => 'Exotel says that this is not possible at the moment',
	'rate-limit': () => 'Exotel received too many requests',
	exotel: ({ httpStatus }) =>
		httpStatus < 400 ? 'Exotel redirected to another address' : 'Exotel returned an internal error',
	network: () => 'Exotel could not be reached',
	'unknown-outcome': () => 'It is not known what Exotel did',
};

function messageOf(kind: ErrorKind, info: Failed): string {
	const { httpStatus, error, body } = info;
	const code = error?.code == null ? '' : `, code ${error.code}`;
	const tail = `(HTTP ${httpStatus}${code})`;
	if (error?.message != null) {
		return `Exotel refused: ${redactPhoneNumbers(inOneLine(error.message)).slice(0, MAX_QUOTE_LENGTH)} ${tail}`;
	}
	return `${summaries[kind](info)} ${tail}.${insteadOfData[body.kind]}`;
}

/** A log has a line for each entry: what a server says cannot begin one of its own, or change a terminal's colours. */
function inOneLine(message: string): string {
	return message.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');
}

function hintOf(kind: ErrorKind, info: Failed, byCode: string | undefined): string {
	const hint = byCode ?? hintByKind(kind, info);
	const region = kind === 'auth' || kind === 'region' ? regionHint(info.account) : '';
	return region === '' ? hint : `${hint} ${region}`;
}

function hintByKind(kind: ErrorKind, { status, request }: Failed): string {
	if (kind === 'auth') return 'Check the API key and API token of the account.';
	if (kind === 'region') return 'Check the account SID.';
	if (request?.resource === 'recording' && status === 403) return FORBIDDEN_RECORDING_HINT;
	const byStatus = hintByStatus[status];
	if (byStatus !== undefined) return byStatus;
	if (status >= 500) return 'Try again later.';
	if (status < 400) return REDIRECT_HINT;
	if (kind !== 'not-found') return 'Check the values and try again.';
	return request?.resource === undefined ? 'Check the base URL and the account SID.' : missingHints[request.resource];
}

const FORBIDDEN_RECORDING_HINT =
	'The recording may not be available yet, or its address may have expired. Read the call again for a fresh ' +
	'address; the API key must belong to the account of the call.';

const REDIRECT_HINT =
	'Check the region or base URL of the account: it must be the address that responds, with https where needed.';

const hintByStatus: Partial<Record<number, string>> = {
	400: "Exotel's message names what it did not accept. Correct it and try again.",
	402: 'Check the plan and the balance of your Exotel account.',
	403:
		"Exotel's message says why. Usual reasons: the account's KYC verification is not complete, a trial account " +
		"may only call verified numbers, or your server's IP address is not on the account's list.",
	409: 'Try again in a moment.',
	429: 'Exotel allows 200 calls a minute for an account. Wait a minute, or send fewer requests.',
};

/** Where more is known than the kind. */
function helpOf(meaning: CodeMeaning | undefined, status: number, missingRecording: boolean): HelpEntry | undefined {
	if (meaning?.help !== undefined) return meaning.help;
	if (missingRecording) return 'recording';
	return status === 402 ? '402' : undefined;
}

const missingHints: Record<NonNullable<HttpRequest['resource']>, string> = {
	call: 'Check the call SID. A call can be missing for some minutes after it was started.',
	recording:
		'A recording is available some minutes after the call has ended, and only if the call was recorded. Try ' +
		'again later.',
	number: 'Exotel has details of Indian numbers only. Check the number.',
	agent: 'Check the base URL and the account SID.',
};

/** The other region as a suggestion; nothing for a base URL of the user's own. */
function regionHint(account: Account): string {
	if (account.region === 'custom') return '';
	const [here, there] = account.region === 'singapore' ? ['Singapore', 'Mumbai'] : ['Mumbai', 'Singapore'];
	return `If they are right, the account may be in the other region: it is set to ${here}, try ${there}.`;
}

function hostOf(account: Account, request?: RequestInfo): string {
	const url = request?.url ?? apiHosts(account).voice;
	return URL.canParse(url) ? new URL(url).host : 'this address';
}
