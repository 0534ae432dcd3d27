/**
 * One request that Exotel sent us, whatever host received it, and its decoding into one nested object. Status callbacks
 * are multipart by default and may be JSON or urlencoded, applet requests are GET (facts 6.1, 7); hosts hand the body
 * over raw, parsed, or in a wrapper of their own. Whatever arrives gives an object or an `input` error, never anything
 * else.
 */
import { asPayload, type Payload, text } from '../payload';
import type { CallStepType } from '../call/call';
import { CALL_SID } from '../call/call-sid';
import { ExotelError } from '../errors';
import { exceeded } from '../json';
import { ATTEMPT_PARAMETER, TOKEN_PARAMETER } from '../net/public-url';
import { cleanParsed, formEntries, hasNestedKeys, MOST_OF_BODY, nestKeys, objectEntries, tooMany } from './nested-keys';
import { multipartEntries } from './multipart-body';

/** A received request as plain data. */
export interface IncomingRequest {
	method: string;
	/** Path as received; a query may still be attached to it. */
	path?: string;
	/** Header names in any case. */
	headers: Record<string, string | string[] | undefined>;
	/** Parsed (flat or nested) or as text with or without `?`. */
	query?: Record<string, unknown> | string;
	/** Text, bytes, a parsed object, n8n's `{ data, files }`, or absent. */
	body?: unknown;
	/** Address of the other end of the connection. */
	remoteAddress?: string;
	/** Milliseconds since 1970-01-01T00:00:00Z. */
	receivedAt: number;
}

/** n8n signs the URLs of waiting executions with `signature`. */
const HOST_PARAMETERS: readonly string[] = [TOKEN_PARAMETER, ATTEMPT_PARAMETER, 'signature'];

/** Largest body that is read, in bytes or characters. A callback has about one kilobyte. */
export const MAX_BODY_SIZE = 1_048_576;
/** A JSON text this short cannot be nested deeply enough to overflow the stack. */
const MAX_SHALLOW_LENGTH = 2_000;

/** The error for a request that cannot be read; `httpStatus` is what to answer. */
export function unreadable(reason: string, httpStatus = 400): ExotelError {
	return new ExotelError('input', `Unrecognised Exotel request: ${reason}.`, {
		help: 'webhook',
		hint: 'If it came from Exotel, please report it together with its body.',
		httpStatus,
	});
}

/** The value of a header, its name in lower case; the first one when it was sent twice. */
export function header(request: IncomingRequest, name: string): string | null {
	const headers = request.headers as IncomingRequest['headers'] | undefined | null;
	if (headers === undefined || headers === null) return null;
	let value = headers[name];
	if (value === undefined) {
		const key = Object.keys(headers).find((candidate) => candidate.toLowerCase() === name);
		value = key === undefined ? undefined : headers[key];
	}
	const first = Array.isArray(value) ? value[0] : value;
	return typeof first === 'string' ? first : null;
}

/**
 * The query that was read last: of one request, the token, the applet, the attempt and the fields are asked for. Not a
 * `WeakMap`: whatever a long-lived one has as a key survives until the next full garbage collection (decision 070).
 */
let lastRead: { request: IncomingRequest; entries: readonly [string, unknown][] } | null = null;

/**
 * The query as key/value pairs, nested keys still written out.
 * @throws ExotelError of kind `input` for one that has too many fields.
 */
export function queryEntries(request: IncomingRequest): readonly [string, unknown][] {
	if (lastRead?.request !== request) lastRead = { request, entries: readQuery(request) };
	return lastRead.entries;
}

function readQuery({ query, path }: IncomingRequest): [string, unknown][] {
	const parsed = typeof query === 'string' ? null : asPayload(query);
	if (parsed !== null) return objectEntries(parsed);
	const mark = typeof path === 'string' ? path.indexOf('?') : -1;
	const attached = path === undefined || mark === -1 ? '' : path.slice(mark);
	const written = typeof query === 'string' ? query : attached;
	return formEntries(written.startsWith('?') ? written.slice(1) : written);
}

function queryFields(request: IncomingRequest, ours: readonly string[]): Payload {
	const entries = queryEntries(request).filter(([key]) => !HOST_PARAMETERS.includes(key) && !ours.includes(key));
	return nestKeys(entries);
}

/** True for a key that could become a prototype when a host copies the fields; it may be written with escapes. */
const mayNamePrototype = (json: string): boolean => json.includes('__proto__') || json.includes('\\u00');

function fromJson(body: string): Payload {
	const most = body.length > MAX_SHALLOW_LENGTH ? exceeded(body, MOST_OF_BODY) : null;
	if (most === 'values') throw tooMany();
	if (most === 'levels') throw unreadable('its JSON is nested too deeply');
	let parsed: unknown;
	try {
		parsed = JSON.parse(body);
	} catch {
		throw unreadable('its body is not valid JSON');
	}
	const fields = asPayload(parsed);
	if (fields === null) throw unreadable('its JSON is not an object');
	if (mayNamePrototype(body) && !cleanParsed(fields)) throw unreadable('its JSON is nested too deeply');
	return hasNestedKeys(fields) ? nestKeys(objectEntries(fields)) : fields;
}

const MULTIPART = /multipart\//i;

function fromText(body: string, contentType: string): Payload | null {
	if (body.length > MAX_BODY_SIZE) throw unreadable('its body is too large', 413);
	const json = /json/i.test(contentType);
	const start = body.trimStart();
	if (start === '') return null;
	if (json || start.startsWith('{') || start.startsWith('[')) return fromJson(body);
	if (MULTIPART.test(contentType) || start.startsWith('--')) {
		return nestKeys(multipartEntries(new TextEncoder().encode(body), contentType));
	}
	if (!body.includes('=')) throw unreadable('its body is neither JSON nor a form');
	return nestKeys(formEntries(body.trim()));
}

function fromBytes(body: Uint8Array, contentType: string): Payload | null {
	if (body.length > MAX_BODY_SIZE) throw unreadable('its body is too large', 413);
	// A multipart body is split as bytes: a part may hold anything.
	const multipart = MULTIPART.test(contentType) || (body[0] === 45 && body[1] === 45);
	if (multipart) return body.length === 0 ? null : nestKeys(multipartEntries(body, contentType));
	return fromText(new TextDecoder().decode(body), contentType);
}

function fromParsed(body: Payload): Payload | null {
	const keys = Object.keys(body);
	if (keys.length === 0) return null;
	// To list 100,000 keys takes long; nobody has to do so a second time.
	if (keys.length > MOST_OF_BODY.values) throw tooMany();
	const inner = keys.length === 2 && 'files' in body ? asPayload(body['data']) : null;
	const fields = inner ?? body;
	if (!cleanParsed(fields)) throw unreadable('its body is nested too deeply');
	return hasNestedKeys(fields) ? nestKeys(objectEntries(fields)) : fields;
}

function bodyFields(request: IncomingRequest): Payload | null {
	const { body } = request;
	if (body === undefined || body === null) return null;
	// As it was written: a boundary may have capitals.
	const contentType = header(request, 'content-type') ?? '';
	if (typeof body === 'string') return fromText(body, contentType);
	if (body instanceof Uint8Array) return fromBytes(body, contentType);
	const parsed = asPayload(body);
	if (parsed === null) throw unreadable('its body is not an object');
	return fromParsed(parsed);
}

/**
 * Decodes a request into one nested object: multipart, urlencoded, JSON or, without a body, the query. Keys such as
 * `Legs[0][Status]` become nested; our own query parameters and n8n's are left out. `ownParameters` names query
 * parameters that are ours and not Exotel's, besides `token`, `attempt` and `signature`. Throws `ExotelError` of kind
 * `input` with `httpStatus` 400 (413 for an oversized body) and nothing else.
 */
export function decodeIncoming(request: IncomingRequest, ownParameters: readonly string[] = []): Payload {
	try {
		return bodyFields(request) ?? queryFields(request, ownParameters);
	} catch (thrown) {
		throw thrown instanceof ExotelError ? thrown : unreadable('its content is damaged');
	}
}

const eventTypes: ReadonlySet<string> = new Set<CallStepType>(['dial', 'ringing', 'answered', 'terminal']);

function isEventType(word: string): word is CallStepType {
	return eventTypes.has(word);
}

/**
 * The call's SID.
 * @throws ExotelError of kind `input` when it is missing or an unfilled template such as `{{CallSid}}`.
 */
export function readCallSid(value: unknown): string {
	const sid = text(value);
	if (sid === null) throw unreadable('it names no call (CallSid is missing)');
	if (!CALL_SID.test(sid)) throw unreadable('invalid call SID');
	return sid;
}

/**
 * Exotel's word for an event, e.g. `" Dial"`, as ours. An unknown word becomes `dial`, the weakest event there is, so
 * that it is passed on without moving the call.
 */
export function readEventType(word: string): CallStepType {
	return isEventType(word) ? word : 'dial';
}
