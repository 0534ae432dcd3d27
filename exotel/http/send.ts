/**
 * Runs a request through a host's transport: pacing, timeouts, retries and error mapping. A request that makes a phone
 * ring is sent again only when Exotel definitely did not act on the first one; whatever cannot be known ends as
 * `unknown-outcome`. Reading is retried: at most 4 attempts, full jitter from 1 s, `Retry-After` honoured, one deadline
 * (facts 1.3, decision 015).
 */
import { apiHosts, type Account } from '../account';
import { ExotelError } from '../errors';
import { isOnThisMachine, isOwnServer } from '../net/internal-url';
import { valueRedactor } from '../redact';
import { toExotelError } from './error-response';
import type { Pacer } from './pacing';
import { sendFollowing } from './redirects';
import { decodeBody } from './response-body';
import { failureOf, mayRetryAfterStatus, networkError, retryDelay, type Failure } from './retry';
import type { Clock, HttpRequest, HttpResponse, Transport } from './transport';

/** What `send` needs of its host. All times in milliseconds. */
export interface SendOptions {
	transport: Transport;
	clock: Clock;
	account: Account;
	/** Shared by everything that uses the account in this process. Without one nothing is paced. */
	pacer?: Pacer;
	/** True for a request that asks how a call is doing: it has its turn however many calls are to be placed. */
	isPoll?: boolean;
	/** A number from 0 up to 1; `Math.random` by default. */
	random?: () => number;
	/** Stops the request, also while it waits. */
	signal?: AbortSignal;
	/** Stops it in place of `signal` while it waits to be sent, and not on its way. */
	waitSignal?: AbortSignal;
	/** Asked at each turn: a promise to wait for, after which the request takes another turn; null to send it now. */
	hold?: () => Promise<void> | null;
	/** For everything together, waiting for a turn included. Without it: 120 s, counted from the first turn. */
	deadlineMs?: number;
	/** For one attempt; 30 s by default. */
	timeoutMs?: number;
	/** 1 to 4; 4 by default. */
	maxAttempts?: number;
	/** API key and API token: no error and no result quotes them, whatever an answer repeats. */
	secrets?: readonly unknown[];
	/** Goes into every error about this attempt to place a call. */
	attemptId?: string;
	/** Called before every wait. */
	onWait?: (wait: { reason: 'pacing' | 'retry'; ms: number }) => void;
}

/** Exotel's successful response, and how many times the request was sent. */
export interface Sent {
	response: HttpResponse;
	attempts: number;
}

/** From the first turn, for everything together, ms. */
export const DEFAULT_DEADLINE_MS = 120_000;
const DEFAULT_TIMEOUT_MS = 30_000;
const MAX_ATTEMPTS = 4;
/** With less time than this left no call is requested: without a response its outcome would be unknown. */
const MIN_TIME_TO_PLACE_MS = 5_000;
/** Longest pause of the whole account for one 429: an error of a proxy must not stop everything for days. */
export const MAX_PAUSE_MS = 300_000;
const CHECK_CALL_HINT =
	'Do not call again right away: the phone may be ringing. First look at the calls in the Exotel dashboard, or ' +
	'wait for the status callback.';

/**
 * Sends a request until it succeeds or may not be sent again.
 * @throws ExotelError only.
 */
export async function send(request: HttpRequest, options: SendOptions): Promise<Sent> {
	const { clock, signal, waitSignal = signal } = options;
	// A long queue is not a failure: without a deadline of the host's own, time counts from the first turn.
	let deadline = options.deadlineMs === undefined ? Number.POSITIVE_INFINITY : clock.elapsed() + options.deadlineMs;
	const { maxAttempts, requestedTimeoutMs, minTimeoutMs } = limitsOf(request, options);
	let last: ExotelError | undefined;
	for (let attempts = 1; ; attempts++) {
		await waitForTurn(request, options, deadline);
		if (deadline === Number.POSITIVE_INFINITY) deadline = clock.elapsed() + DEFAULT_DEADLINE_MS;
		const timeoutMs = Math.min(requestedTimeoutMs, deadline - clock.elapsed());
		if (timeoutMs < minTimeoutMs) throw withAttemptId(last ?? outOfTime(), options);
		const result = await attempt(request, options, timeoutMs);
		if ('response' in result) return { response: result.response, attempts };
		last = withAttemptId(result.error, options);
		if (!result.retry || attempts >= maxAttempts) throw last;
		const ms = retryDelay(attempts, last.retryAfterMs, options.random ?? Math.random);
		if (clock.elapsed() + ms >= deadline) throw last;
		options.onWait?.({ reason: 'retry', ms });
		await clock.sleep(ms, waitSignal).catch(() => {
			throw withAttemptId(stoppedError(), options);
		});
	}
}

/** How often, and with how much time at most and at least, a request is sent. */
function limitsOf(request: HttpRequest, { maxAttempts = MAX_ATTEMPTS, timeoutMs = DEFAULT_TIMEOUT_MS }: SendOptions) {
	return {
		maxAttempts: Math.min(MAX_ATTEMPTS, Math.max(1, maxAttempts)) || MAX_ATTEMPTS,
		requestedTimeoutMs: timeoutMs,
		minTimeoutMs: request.placesCall ? Math.min(MIN_TIME_TO_PLACE_MS, timeoutMs) : 1,
	};
}

type AttemptResult = { response: HttpResponse } | { error: ExotelError; retry: boolean };

/** One attempt: a response, or the error it means and whether another attempt is allowed. */
async function attempt(request: HttpRequest, options: SendOptions, timeoutMs: number): Promise<AttemptResult> {
	const { signal } = options;
	let response: HttpResponse;
	try {
		const transportOptions = signal === undefined ? { timeoutMs } : { timeoutMs, signal };
		response = withoutKey(complete(await sendFollowing(request, options, transportOptions)), options);
	} catch (thrown) {
		if (thrown instanceof ExotelError) return { error: afterRefusal(thrown, request), retry: false };
		return afterFailure(thrown, request, options, timeoutMs);
	}
	const error = toExotelError(response, options.account, request, options.clock.now());
	if (error === null) return { response };
	if (response.status === 429 && error.retryAfterMs !== null) {
		options.pacer?.pause(Math.min(error.retryAfterMs, MAX_PAUSE_MS));
	}
	if (request.placesCall && mayHaveBeenAccepted(response.status, error)) {
		return { error: unknownOutcome(`Exotel responded with HTTP ${response.status}`, error), retry: false };
	}
	return { error, retry: mayRetryAfterStatus(request, response.status) };
}

/** The response without API key and API token, which it may repeat anywhere; that to a refused recording as a text. */
function withoutKey(response: HttpResponse, { secrets = [] }: SendOptions): HttpResponse {
	const { status, body } = response;
	if (typeof body !== 'string' && status < 300) return response;
	const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
	const redact = valueRedactor(secrets);
	const clean = { ...response, body: redact(text) };
	// What stands there behind escapes is seen in the decoded body only.
	decodeBody(clean, redact);
	return clean;
}

/** What a transport itself refused: the answer to a call that was requested, or something before any request. */
function afterRefusal(error: ExotelError, request: HttpRequest): ExotelError {
	return request.placesCall && error.kind === 'exotel'
		? unknownOutcome('its response could not be read', error)
		: error;
}

interface AttemptInfo {
	timeoutMs: number;
	aborted: boolean;
}

function afterFailure(
	thrown: unknown,
	request: HttpRequest,
	{ account, signal }: SendOptions,
	timeoutMs: number,
): AttemptResult {
	const info: AttemptInfo = { timeoutMs, aborted: signal?.aborted === true };
	const failure = failureOf(thrown);
	if (request.placesCall && !failure.neverSent) {
		return { error: unknownOutcome(reasonOf(failure, info), undefined, failure.code), retry: false };
	}
	if (info.aborted) return { error: stoppedError(), retry: false };
	// A recording of such an account may lie elsewhere.
	const isLocal = isOnThisMachine(account) && isOwnServer(new URL(request.url), account);
	return { error: networkError(thrown, failure, isLocal), retry: failure.transient };
}

/** A server may answer so after it has done what was asked: the redirect leads to what came of it (RFC 9110, 15.4). */
const REDIRECTS_AFTER_THE_DEED: readonly number[] = [302, 303];

/** After these responses the call may have been placed all the same. */
function mayHaveBeenAccepted(status: number, error: ExotelError): boolean {
	if (status >= 500 || status === 408 || status === 499) return true;
	return REDIRECTS_AFTER_THE_DEED.includes(status) || (status < 300 && error.kind === 'exotel');
}

/** Waits until the account may send again and its host does not hold the request. */
async function waitForTurn(request: HttpRequest, options: SendOptions, deadline: number): Promise<void> {
	for (;;) {
		await takeTurn(request, options, deadline);
		const held = options.hold?.() ?? null;
		if (held === null) return;
		await held;
	}
}

/** Waits until the account may send again. Only requests to Exotel's API count; a recording lies elsewhere. */
async function takeTurn(request: HttpRequest, options: SendOptions, deadline: number): Promise<void> {
	const { signal, waitSignal = signal } = options;
	if (waitSignal?.aborted === true) throw withAttemptId(stoppedError(), options);
	if (options.pacer === undefined || !goesToApi(request.url, options.account)) return;
	try {
		await options.pacer.take(waitSignal, {
			until: deadline,
			isPoll: options.isPoll === true,
			onWait: (ms) => options.onWait?.({ reason: 'pacing', ms }),
		});
	} catch (thrown) {
		throw withAttemptId(thrown instanceof ExotelError ? thrown : stoppedError(), options);
	}
}

function goesToApi(url: string, account: Account): boolean {
	const { voice, ccm } = apiHosts(account);
	return url.startsWith(`${voice}/`) || url.startsWith(`${ccm}/`);
}

/** A transport that resolves without a status has brought no response. */
function complete(response: Partial<HttpResponse> | undefined): HttpResponse {
	const { status, headers = {}, body = '' } = response ?? {};
	if (status === undefined || !Number.isInteger(status) || status < 200 || status > 599) {
		throw new Error('The response has no HTTP status.');
	}
	return { status, headers, body };
}

function reasonOf({ code }: Failure, { timeoutMs, aborted }: AttemptInfo): string {
	if (aborted) return 'the request was stopped while waiting for the response';
	if (code === 'ETIMEDOUT' || code === 'ECONNABORTED') {
		return `no response came within ${Math.round(timeoutMs / 1000)} s`;
	}
	return `the connection ended without a response${code === null ? '' : ` (${code})`}`;
}

/** The error for a call that may have been placed, although no response says so. */
export function unknownOutcome(why: string, cause?: ExotelError, code?: string | null): ExotelError {
	const details = cause === undefined ? '' : ` ${cause.message}`;
	const message = `It is not known whether the call was placed (outcome "unknown"): ${why}.${details}`;
	return new ExotelError('unknown-outcome', message, {
		hint: CHECK_CALL_HINT,
		httpStatus: cause?.httpStatus,
		code: code ?? cause?.code,
		requestId: cause?.requestId,
		raw: cause?.raw,
	});
}

/** The error for a request that was stopped and definitely never sent. */
export function stoppedError(): ExotelError {
	return new ExotelError('network', 'The request was stopped before it was sent.', {
		hint: 'Nothing reached Exotel. Start it again if it is still needed.',
		code: 'ABORTED',
	});
}

function outOfTime(): ExotelError {
	return new ExotelError('network', 'The time for this request was over before it could be sent.', {
		hint: 'Nothing reached Exotel. Try again, or allow more time.',
		code: 'DEADLINE',
		retryable: true,
	});
}

/** The error, with the id of the attempt it is about. */
export function withAttemptId(error: ExotelError, options: Pick<SendOptions, 'attemptId'>): ExotelError {
	if (options.attemptId !== undefined) error.attemptId = options.attemptId;
	return error;
}
