/**
 * When a request may be sent again and how long to wait before. The rule that matters most: a request that makes a
 * phone ring is sent again only when it definitely never reached Exotel; if unsure, assume that it did (facts 1.3).
 */

import { ExotelError } from '../errors';
import type { HttpRequest, HttpResponse } from './transport';
import { redactPhoneNumbers, redactSecrets } from '../redact';

/** Statuses after which the same request may succeed a little later. */
export const transientStatuses: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** Longest wait between two attempts unless `Retry-After` is longer, in milliseconds. */
const MAX_BACKOFF_MS = 30_000;

/** Errors of looking up the name: nothing was connected, so nothing was written. */
export const nameErrors: ReadonlySet<string> = new Set(['ENOTFOUND', 'EAI_AGAIN']);

/**
 * Errors that only connecting ends with. "No route" is not among them: an open connection can lose its route as well,
 * so it needs its system call to count.
 */
const connectErrors = new Set(['ECONNREFUSED', 'EADDRNOTAVAIL', 'UND_ERR_CONNECT_TIMEOUT']);

/** The certificate was refused before a byte of the request was written; another attempt cannot help. */
export const certificateErrors: ReadonlySet<string> = new Set([
	'CERT_HAS_EXPIRED',
	'CERT_NOT_YET_VALID',
	'DEPTH_ZERO_SELF_SIGNED_CERT',
	'SELF_SIGNED_CERT_IN_CHAIN',
	'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
	'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
	'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** Where hosts keep the error they wrap: axios `cause`, n8n `errorResponse`, Node's address attempts `errors`. */
const wrappers = ['cause', 'errorResponse', 'error', 'originalError'] as const;

/** What is known about a request without a response. */
export interface Failure {
	/** True only when the request was definitely never written. */
	neverSent: boolean;
	/** True when another attempt could help. */
	transient: boolean;
	/** The platform's code, e.g. `ECONNRESET`, or null. */
	code: string | null;
}

/** Whether another attempt may follow a status: any transient one when reading, 429 when a phone would ring. */
export function mayRetryAfterStatus(request: HttpRequest, status: number): boolean {
	return request.placesCall ? status === 429 : transientStatuses.has(status);
}

/** Looks into whatever a transport rejected with, through every wrapper. Never throws. */
export function failureOf(thrown: unknown): Failure {
	const errors = unwrap(thrown);
	const code = errors.map((error) => error.code).find((known) => known !== null) ?? null;
	if (errors.some((error) => error.answered)) return { neverSent: false, transient: true, code };
	if (errors.some((error) => error.code !== null && certificateErrors.has(error.code)))
		return { neverSent: true, transient: false, code };
	const early = errors.filter((error) => error.phase === 'before');
	// A wrapper repeats the code of what it wraps but may lose the system call: the wrapped error explains it.
	const late = errors.some(
		(error) =>
			error.phase === 'after' || (error.phase === 'unclear' && !early.some((known) => known.code === error.code)),
	);
	return { neverSent: early.length > 0 && !late, transient: true, code };
}

interface PlatformError {
	code: string | null;
	/** `unclear`: a code that means nothing without its system call. */
	phase: 'before' | 'after' | 'unclear' | 'silent';
	/** The error carries an HTTP response. */
	answered: boolean;
}

/** All errors in a chain, outermost first; at most 40, each once. */
function unwrap(thrown: unknown): PlatformError[] {
	const found: PlatformError[] = [];
	const seen = new Set<unknown>();
	const queue: unknown[] = [thrown];
	while (queue.length > 0 && seen.size < 40) {
		const next = queue.shift();
		if (typeof next === 'string') {
			const fromMessage = readMessage(next);
			if (fromMessage !== null) found.push(fromMessage);
			continue;
		}
		if (typeof next !== 'object' || next === null || seen.has(next)) continue;
		seen.add(next);
		found.push(readError(next));
		for (const wrapper of wrappers) queue.push(property(next, wrapper));
		for (const list of ['errors', 'messages'] as const) {
			const items = property(next, list);
			if (Array.isArray(items)) queue.push(...items.slice(0, 10));
		}
		queue.push(property(next, 'message'), property(next, 'description'));
	}
	return found;
}

function readError(error: object): PlatformError {
	const code = codeOf(error);
	const syscall = property(error, 'syscall');
	const response = property(error, 'response');
	const answered = [
		property(error, 'httpCode'),
		property(error, 'statusCode'),
		property(error, 'status'),
		property(response, 'status'),
		property(response, 'statusCode'),
	].some(isHttpStatus);
	return { code, phase: phaseOf(code, typeof syscall === 'string' ? syscall : null), answered };
}

/** The platform's code; n8n keeps it as `httpCode`, an aborted `fetch` has only a name. */
function codeOf(error: object): string | null {
	for (const code of [property(error, 'code'), property(error, 'httpCode')]) {
		if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,}$/.test(code)) return code;
	}
	return property(error, 'name') === 'TimeoutError' ? 'ETIMEDOUT' : null;
}

function isHttpStatus(value: unknown): boolean {
	return (typeof value === 'number' || typeof value === 'string') && /^[1-5]\d\d$/.test(String(value));
}

function phaseOf(code: string | null, syscall: string | null): PlatformError['phase'] {
	if (syscall === 'connect' || syscall === 'getaddrinfo' || syscall?.startsWith('query') === true) {
		return code === 'ECONNRESET' || code === 'EPIPE' ? 'after' : 'before';
	}
	if (syscall !== null) return 'after';
	if (code === null) return 'silent';
	if (nameErrors.has(code) || connectErrors.has(code)) return 'before';
	return code.startsWith('ERR_BAD') || code === 'ERR_NETWORK' ? 'silent' : 'unclear';
}

/** Node's own wording of a failed connection, kept by hosts that throw the error itself away. */
function readMessage(message: string): PlatformError | null {
	const [, syscall = null, code = null] =
		/^(?:Error: )?(connect|getaddrinfo|read|write) (E[A-Z_]{3,})\b/.exec(message) ?? [];
	return code === null ? null : { code, phase: phaseOf(code, syscall), answered: false };
}

function property(value: unknown, name: string): unknown {
	if (typeof value !== 'object' || value === null) return undefined;
	try {
		return (value as Record<string, unknown>)[name];
	} catch {
		return undefined;
	}
}

/**
 * Milliseconds to wait before attempt number `attempts + 1`: full jitter under a bound that doubles from 1 s, and never
 * less than `Retry-After`.
 */
export function retryDelay(attempts: number, retryAfterMs: number | null, random: () => number): number {
	const bound = Math.min(MAX_BACKOFF_MS, 1000 * 2 ** (attempts - 1));
	return Math.max(retryAfterMs ?? 0, Math.round(random() * bound));
}

/**
 * Milliseconds a `Retry-After` header asks for, in seconds or as an HTTP date (which needs `now`); null when it says
 * nothing.
 */
export function retryAfter(response: Partial<HttpResponse>, now?: number): number | null {
	const header: unknown = response.headers?.['retry-after'];
	if (typeof header !== 'string') return null;
	if (/^\s*\d{1,7}\s*$/.test(header)) return Number(header) * 1000;
	const date = /[a-z]{3}/i.test(header) ? Date.parse(header) : Number.NaN;
	return now === undefined || Number.isNaN(date) ? null : Math.max(0, date - now);
}

/**
 * The error of a request without a response that definitely changed nothing at Exotel. Quotes the platform, never a
 * secret.
 * `isLocal`: sent to the account's server on this machine, where the simulator runs.
 */
export function networkError(thrown: unknown, failure: Failure, isLocal = false): ExotelError {
	const text = typeof thrown === 'object' && thrown !== null ? property(thrown, 'message') : thrown;
	const words = typeof text === 'string' && text !== '' ? text : (failure.code ?? 'no reason given');
	return new ExotelError(
		'network',
		`Exotel could not be reached: ${redactPhoneNumbers(withoutAddressPaths(redactSecrets(words))).slice(0, 300)}`,
		{
			hint: hintOf(failure, isLocal),
			code: failure.code,
			retryable: failure.transient,
		},
	);
}

function hintOf({ transient }: Failure, isLocal: boolean): string {
	if (!transient)
		return "The server's certificate was not accepted. Check the base URL of the account and any proxy on the way.";
	const check = isLocal
		? 'Start the simulator (`npx @exonodes/exotel-simulator`), or correct the base URL of the account'
		: 'Check the internet connection of this machine, a proxy or firewall on the way, and the region or base URL ' +
			'of the account';
	return `${check}; then try again.`;
}

/** URLs down to their origin: the rest may hold a phone number or a token of a callback. */
function withoutAddressPaths(text: string): string {
	return text.replace(/(https?:\/\/[^\s/?#]+)\S*/gi, '$1');
}
