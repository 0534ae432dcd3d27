/**
 * The one error type. Every failure a user can meet is an `ExotelError` whose `kind` a flow can branch on, whose
 * `message` says what happened and whose `hint` says what to do next. It never holds a key, a token or a phone number
 * of a caller.
 */

/** Why something failed; the only words a flow has to know. */
export type ErrorKind =
	| 'input'
	| 'auth'
	| 'region'
	| 'forbidden'
	| 'not-found'
	| 'busy'
	| 'rate-limit'
	| 'exotel'
	| 'network'
	| 'unknown-outcome';

/** An entry of docs/troubleshooting.md, by its anchor. */
export type HelpEntry =
	| '401'
	| '402'
	| '403'
	| '404'
	| '429'
	| 'agent-busy'
	| 'agent-phone'
	| 'applet'
	| 'clock'
	| 'dnd'
	| 'exophone'
	| 'exotel-error'
	| 'field'
	| 'kyc'
	| 'network'
	| 'no-callbacks'
	| 'no-token'
	| 'recording'
	| 'region'
	| 'sip'
	| 'time-zone'
	| 'unknown'
	| 'v1-or-v2'
	| 'webhook'
	| 'workflow';

/** The entry of an error about which nothing more is known than its kind. */
export const helpByKind: Readonly<Record<ErrorKind, HelpEntry>> = {
	input: 'field',
	auth: '401',
	region: 'region',
	forbidden: '403',
	'not-found': '404',
	busy: 'agent-busy',
	'rate-limit': '429',
	exotel: 'exotel-error',
	network: 'network',
	'unknown-outcome': 'unknown',
};

const TROUBLESHOOTING = 'https://github.com/exonodes/exonodes/blob/main/docs/troubleshooting.md#';

/** Web address of an entry of the troubleshooting page. */
export const helpAddress = (entry: HelpEntry): string => TROUBLESHOOTING + entry;

/** One broken rule of an input: which field, which rule, and the sentence for the user. */
export interface Violation {
	/** The field in the caller's own words, e.g. `to` or `destinations[2]`. */
	field: string;
	/** Short name of the rule, e.g. `required`, `phone`, `max`. */
	rule: string;
	/** One sentence for the user that names the field's label and the rule. */
	message: string;
	/** The other field, where the rule is about two. */
	other?: string;
}

/** What an `ExotelError` can carry besides its kind and message. */
export interface ErrorDetails {
	/** What to do next, one sentence. */
	hint?: string;
	/** The entry of the troubleshooting page; that of the kind by default. */
	help?: HelpEntry | undefined;
	/** HTTP status of the response, when there was one. */
	httpStatus?: number | null | undefined;
	/** Exotel's own error code (v1 `Code`, v2 `error_data.code`) as text, or the platform's (`ECONNREFUSED`). */
	code?: string | null | undefined;
	/** True when the same request may be repeated without harm. */
	retryable?: boolean;
	/** Milliseconds to wait before a repeat, when Exotel said so. */
	retryAfterMs?: number | null;
	/** Every broken rule, for kind `input`. */
	violations?: Violation[];
	/** The attempt to place a call that this error is about. */
	attemptId?: string;
	/** Exotel's ID of the request (v2, seed 001), for questions to its support. */
	requestId?: string | null;
	/** What Exotel sent, decoded where possible. */
	raw?: unknown;
	cause?: unknown;
}

/** The error of this package. */
export class ExotelError extends Error {
	override readonly name = 'ExotelError';
	readonly kind: ErrorKind;
	readonly hint: string;
	/** Web address of the entry of the troubleshooting page. */
	readonly help: string;
	readonly httpStatus: number | null;
	readonly code: string | null;
	readonly retryable: boolean;
	readonly retryAfterMs: number | null;
	readonly violations: Violation[];
	attemptId: string | null;
	readonly requestId: string | null;
	readonly raw: unknown;

	constructor(kind: ErrorKind, message: string, details: ErrorDetails = {}) {
		super(message, details.cause === undefined ? undefined : { cause: details.cause });
		this.kind = kind;
		this.hint = details.hint ?? '';
		this.help = helpAddress(details.help ?? helpByKind[kind]);
		this.httpStatus = details.httpStatus ?? null;
		this.code = details.code ?? null;
		this.retryable = details.retryable ?? false;
		this.retryAfterMs = details.retryAfterMs ?? null;
		this.violations = details.violations ?? [];
		this.attemptId = details.attemptId ?? null;
		this.requestId = details.requestId ?? null;
		this.raw = details.raw ?? null;
	}
}

/** Builds the `input` error for a list of broken rules; the message names the first and counts the others. */
export function inputError(violations: Violation[], hint = 'Correct the named field and try again.'): ExotelError {
	const [first, ...others] = violations;
	const more = others.length === 0 ? '' : ` (and ${others.length} more: ${others.map((v) => v.field).join(', ')})`;
	return new ExotelError('input', `${first?.message ?? 'The input is not valid.'}${more}`, { hint, violations });
}

/** True for an error about what was received or filled in. */
export function isInputError(thrown: unknown): thrown is ExotelError {
	return thrown instanceof ExotelError && thrown.kind === 'input';
}

/**
 * The error of the core that was thrown.
 * @throws anything else that was: a mistake of ours is not taken for Exotel's.
 */
export function asExotelError(thrown: unknown): ExotelError {
	if (thrown instanceof ExotelError) return thrown;
	throw thrown instanceof Error ? thrown : new Error(String(thrown));
}
