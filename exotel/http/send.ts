/**
 * Runs a request through a host's transport: pacing, time-outs, retries and error mapping. The promises of design,
 * section 4: a request that makes a phone ring is never sent twice unless Exotel surely did not act on the first;
 * whatever cannot be known ends as `unknown-outcome`. Reading is repeated: at most 4 tries, full jitter from 1 s,
 * `Retry-After` honoured, one deadline.
 */

import { randomBytes } from 'crypto';
import { apiHosts, type Account } from '../account';
import { decodeBody } from './response-body';
import type { Operation } from '../operations/operation';
import { ExotelError } from '../errors';
import type { Clock, HttpRequest, HttpResponse, Transport } from './transport';
import type { Pacer } from './pacing';
import { toExotelError } from './error-response';
import { failureOf, mayRepeatAfterStatus, networkError, waitBeforeRepeat } from './retry';

/** What `send` needs of its host. All times in milliseconds. */
export interface SendOptions {
	transport: Transport;
	clock: Clock;
	account: Account;
	/** Shared by everything that uses the account in this process. Without one nothing is paced. */
	pacer?: Pacer;
	/** A number from 0 up to 1; `Math.random` by default. */
	random?: () => number;
	/** Stops the request, also while it waits. */
	signal?: AbortSignal;
	/**
	 * For everything together, waiting for a turn included. Without it: 120 s, counted from this request's first turn.
	 */
	deadlineMs?: number;
	/** For one try; 30 s by default. */
	timeoutMs?: number;
	/** 1 to 4; 4 by default. */
	maxTries?: number;
	/** Goes into every error about this attempt to place a call. */
	attemptId?: string;
	/** Told before every wait. */
	onWait?: (wait: { reason: 'pacing' | 'retry'; ms: number }) => void;
}

/** What `perform` brings back. */
export interface Performed<Result> {
	result: Result;
	/** Exotel's answer, decoded; null for a file. */
	raw: unknown;
	httpStatus: number;
	/** How many times the request was sent. */
	attempts: number;
}

const defaultDeadlineMs = 120_000;
const defaultTimeoutMs = 30_000;
const mostTries = 4;
/** A call is not asked for when there is less time than this to hear the answer: it would end as an unknown outcome. */
const leastTimeToPlaceMs = 5_000;
/**
 * Longest pause of the whole account for one 429, whatever it asks for: a slip of a proxy must not stop everything for
 * days.
 */
const longestPauseMs = 300_000;
const lookFirst =
	'Do not call again right away: the phone may be ringing. Look at the calls in the Exotel ' +
	'dashboard, or wait for the status callback, first.';

/** A new id for one attempt to place a call: 128 random bits, 22 characters that need no escaping in a URL. */
export function newAttemptId(): string {
	return randomBytes(16).toString('base64url');
}

/**
 * Makes one call of Exotel's API from start to end.
 * @throws ExotelError only: `input` before anything is sent; `unknown-outcome` also when a call was asked for and the
 *   answer cannot be read.
 */
export async function perform<Input, Result>(
	call: Operation<Input, Result>,
	account: Account,
	input: Input,
	options: SendOptions,
): Promise<Performed<Result>> {
	const request = call.request(account, input);
	const { response, attempts } = await sendCounting(request, options);
	try {
		return {
			result: call.read(response, account),
			raw: decodeBody(response).value,
			httpStatus: response.status,
			attempts,
		};
	} catch (thrown) {
		const error =
			thrown instanceof ExotelError
				? thrown
				: new ExotelError('exotel', "Exotel's answer could not be read.", {
						httpStatus: response.status,
						raw: decodeBody(response).value,
					});
		throw withAttemptId(
			request.placesCall && error.kind === 'exotel'
				? unknownOutcome('its answer could not be read', error)
				: error,
			options,
		);
	}
}

/**
 * Sends a request and resolves with Exotel's successful answer.
 * @throws ExotelError only.
 */
export async function send(request: HttpRequest, options: SendOptions): Promise<HttpResponse> {
	return (await sendCounting(request, options)).response;
}

async function sendCounting(
	request: HttpRequest,
	options: SendOptions,
): Promise<{ response: HttpResponse; attempts: number }> {
	const { clock, signal } = options;
	// A long queue is no failure: without a deadline of the host's own, time counts from the first turn.
	let deadline = options.deadlineMs === undefined ? Number.POSITIVE_INFINITY : clock.now() + options.deadlineMs;
	const maxTries = Math.min(mostTries, Math.max(1, options.maxTries ?? mostTries)) || mostTries;
	const wantedMs = options.timeoutMs ?? defaultTimeoutMs;
	const leastMs = request.placesCall ? Math.min(leastTimeToPlaceMs, wantedMs) : 1;
	let last: ExotelError | undefined;
	for (let attempts = 1; ; attempts++) {
		await waitForTurn(request, options, deadline);
		if (deadline === Number.POSITIVE_INFINITY) deadline = clock.now() + defaultDeadlineMs;
		const timeoutMs = Math.min(wantedMs, deadline - clock.now());
		if (timeoutMs < leastMs) throw withAttemptId(last ?? outOfTime(), options);
		const tried = await tryOnce(request, options, timeoutMs);
		if ('response' in tried) return { response: tried.response, attempts };
		last = tried.error;
		if (!tried.repeat || attempts >= maxTries) throw withAttemptId(last, options);
		const ms = waitBeforeRepeat(attempts, last.retryAfterMs, options.random ?? Math.random);
		if (clock.now() + ms >= deadline) throw withAttemptId(last, options);
		options.onWait?.({ reason: 'retry', ms });
		await clock.sleep(ms, signal).catch(() => {
			throw withAttemptId(stopped(), options);
		});
	}
}

/** One try: an answer, or the error it means and whether another try is allowed. */
async function tryOnce(
	request: HttpRequest,
	options: SendOptions,
	timeoutMs: number,
): Promise<{ response: HttpResponse } | { error: ExotelError; repeat: boolean }> {
	let response: HttpResponse;
	try {
		response = complete(
			await options.transport(request, {
				timeoutMs,
				...(options.signal === undefined ? {} : { signal: options.signal }),
			}),
		);
	} catch (thrown) {
		const failure = failureOf(thrown);
		if (request.placesCall && !failure.neverSent) {
			return {
				error: unknownOutcome(
					reasonOf(failure.code, timeoutMs, options.signal?.aborted === true),
					undefined,
					failure.code,
				),
				repeat: false,
			};
		}
		if (options.signal?.aborted === true) return { error: stopped(), repeat: false };
		return { error: networkError(thrown, failure), repeat: failure.passing };
	}
	const refusal = toExotelError(response, options.account, request, options.clock.now());
	if (refusal === null) return { response };
	if (response.status === 429 && refusal.retryAfterMs !== null)
		options.pacer?.pause(Math.min(refusal.retryAfterMs, longestPauseMs));
	if (request.placesCall && mayHaveBeenAccepted(response.status, refusal)) {
		return { error: unknownOutcome(`Exotel answered HTTP ${response.status}`, refusal), repeat: false };
	}
	return { error: refusal, repeat: mayRepeatAfterStatus(request, response.status) };
}

/** After these answers the call may have been placed all the same. */
function mayHaveBeenAccepted(status: number, refusal: ExotelError): boolean {
	return status >= 500 || status === 408 || status === 499 || (status < 300 && refusal.kind === 'exotel');
}

/** Waits until the account may send again. Only requests to Exotel's API count; a recording lies elsewhere. */
async function waitForTurn(request: HttpRequest, options: SendOptions, deadline: number): Promise<void> {
	if (options.signal?.aborted === true) throw withAttemptId(stopped(), options);
	if (options.pacer === undefined || !goesToApi(request.url, options.account)) return;
	try {
		await options.pacer.take(options.signal, {
			until: deadline,
			onWait: (ms) => options.onWait?.({ reason: 'pacing', ms }),
		});
	} catch (thrown) {
		throw withAttemptId(thrown instanceof ExotelError ? thrown : stopped(), options);
	}
}

function goesToApi(url: string, account: Account): boolean {
	const { voice, ccm } = apiHosts(account);
	return url.startsWith(`${voice}/`) || url.startsWith(`${ccm}/`);
}

/** A transport that resolves without a status has brought no answer. */
function complete(response: HttpResponse): HttpResponse {
	if (!Number.isInteger(response?.status) || response.status < 200 || response.status > 599)
		throw new Error('The answer has no HTTP status.');
	return response.headers === undefined ? { ...response, headers: {} } : response;
}

function reasonOf(code: string | null, timeoutMs: number, aborted: boolean): string {
	if (aborted) return 'it was stopped while waiting for the answer';
	if (code === 'ETIMEDOUT' || code === 'ECONNABORTED')
		return `no answer came within ${Math.round(timeoutMs / 1000)} s`;
	return `the connection ended without an answer${code === null ? '' : ` (${code})`}`;
}

function unknownOutcome(why: string, refusal?: ExotelError, code?: string | null): ExotelError {
	const said = refusal === undefined ? '' : ` ${refusal.message}`;
	return new ExotelError(
		'unknown-outcome',
		`It is not known whether the call was placed (outcome "unknown"): ${why}.${said}`,
		{
			hint: lookFirst,
			...(refusal?.httpStatus == null ? {} : { httpStatus: refusal.httpStatus }),
			...((code ?? refusal?.code) == null ? {} : { code: (code ?? refusal?.code) as string }),
			...(refusal?.raw == null ? {} : { raw: refusal.raw }),
		},
	);
}

function stopped(): ExotelError {
	return new ExotelError('network', 'The request was stopped before it was sent.', {
		hint: 'Nothing reached Exotel. Start it again if it is still wanted.',
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

function withAttemptId(error: ExotelError, options: SendOptions): ExotelError {
	if (options.attemptId !== undefined) error.attemptId = options.attemptId;
	return error;
}
