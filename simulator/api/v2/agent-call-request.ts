/** Reads the JSON body of a v2 make-call request (seed 001). */
import { fieldText } from '../http/request';
import { isDiallable, isSip, repaired } from '../../model/phone-numbers';
import { isObject } from '../../model/json';
import { printable } from '../http/printable';
import { v2Errors } from '../../wire/v2-errors';

/** A make-call request, understood. */
export interface AgentCallRequest {
	userId: string | null;
	/** Empty if the agent is named by id. */
	contact: string;
	customer: string;
	virtualNumber: string;
	record: boolean;
	channels: 'single' | 'dual';
	timeLimit: number | undefined;
	ringLimit: number | undefined;
	customField: string | null;
	waitUrl: string | null;
	callbacks: EventCallback[];
	flags: string[];
}

/** Where an event is reported to. */
export interface EventCallback {
	event: string;
	url: string;
}

/** Either the request, or why it is refused. */
export type AgentCallReading = AgentCallRequest | { refusal: string; code?: number };

const MAX_TEXT_LENGTH = 4096;
const MAX_CALLBACKS = 10;
const MAX_FLAGS = 20;

/** Keys of seed 001. */
const knownKeys: readonly string[] = [
	'from',
	'to',
	'virtual_number',
	'recording',
	'recording_channels',
	'wait_audio_url',
	'max_time_limit',
	'attempt_time_out',
	'custom_field',
	'status_callback',
];

class RefusedBody extends Error {
	constructor(
		message: string,
		readonly code?: number,
	) {
		super(message);
	}
}

/** What a request is read with beside its body. */
interface ReadingOptions {
	contentType: string | undefined;
	/** Whether keys, types and forms the documentation does not have are refused instead of flagged. */
	strict: boolean;
}

/** Understands a make-call request. */
export function readAgentCall(body: unknown, options: ReadingOptions): AgentCallReading {
	try {
		if (!isObject(body)) throw new RefusedBody('The request body must be a JSON object');
		return read(body, options);
	} catch (error) {
		if (error instanceof RefusedBody) return { refusal: error.message, code: error.code };
		throw error;
	}
}

function read(body: Record<string, unknown>, { contentType, strict }: ReadingOptions): AgentCallRequest {
	const parties = readParties(body);
	const channels = body.recording_channels ?? 'single';
	if (channels !== 'single' && channels !== 'dual')
		throw new RefusedBody(v2Errors[1002]?.description ?? 'Invalid recording_channels', 1002);
	const callbacks = readCallbacks(body.status_callback ?? []);
	const flags = [
		...unusualContentType(contentType),
		...unknownKeys(body),
		...unusualTypes(body),
		...repeatedEvents(callbacks),
	].slice(0, MAX_FLAGS);
	if (strict && flags[0] !== undefined) throw new RefusedBody(flags[0]);
	const customField = body.custom_field ?? null;
	return {
		...parties,
		record: body.recording === true || body.recording === 'true',
		channels,
		timeLimit: readSeconds(body.max_time_limit),
		ringLimit: readSeconds(body.attempt_time_out),
		customField: customField === null ? null : fieldText(customField).slice(0, MAX_TEXT_LENGTH),
		waitUrl: readUrl(body.wait_audio_url),
		callbacks,
		flags,
	};
}

function readParties(
	body: Record<string, unknown>,
): Pick<AgentCallRequest, 'userId' | 'contact' | 'customer' | 'virtualNumber'> {
	const from = isObject(body.from) ? body.from : {};
	const to = isObject(body.to) ? body.to : {};
	const userId = text(from.user_id);
	const contact = text(from.user_contact_uri);
	if (userId === null && contact === null)
		throw new RefusedBody('from.user_contact_uri or from.user_id is mandatory');
	if (userId === null && !isDiallable(repaired(contact ?? '')))
		throw new RefusedBody('from.user_contact_uri is not a valid phone number or SIP address');
	return {
		userId,
		contact: repaired(contact ?? ''),
		// the service's own message names the key without "customer_" (facts 8.16)
		customer: readNumber(to.customer_contact_uri, 'to.contact_uri is mandatory and must be a valid phone number'),
		virtualNumber: readNumber(body.virtual_number, 'virtual_number is mandatory and must be an ExoPhone'),
	};
}

function readNumber(given: unknown, message: string): string {
	const number = repaired(text(given) ?? '');
	if (!isDiallable(number) || isSip(number)) throw new RefusedBody(message);
	return number;
}

/** Seed 001: "with Content-Type: application/json set in the header". */
function unusualContentType(contentType: string | undefined): string[] {
	if (/^application\/json\s*(;|$)/i.test(contentType ?? '')) return [];
	return [`Content-Type is ${printable(contentType ?? 'missing')}; documented is application/json`];
}

function unknownKeys(body: Record<string, unknown>): string[] {
	const callbacks = Array.isArray(body.status_callback) ? body.status_callback : [];
	return [
		...keysBeside(body, '', knownKeys),
		...keysBeside(body.from, 'from.', ['user_contact_uri', 'user_id']),
		...keysBeside(body.to, 'to.', ['customer_contact_uri']),
		...callbacks.flatMap((entry, index) => keysBeside(entry, `status_callback[${index}].`, ['event', 'url'])),
	];
}

function keysBeside(block: unknown, path: string, known: readonly string[]): string[] {
	if (!isObject(block)) return [];
	const unknown = Object.keys(block).filter((key) => !known.includes(key));
	return unknown.map((key) => `Unknown parameter ${path}${printable(key)}`);
}

function repeatedEvents(callbacks: EventCallback[]): string[] {
	const events = callbacks.map(({ event }) => event);
	const repeated = events.find((event, index) => events.indexOf(event) !== index);
	return repeated === undefined ? [] : [`status_callback names ${repeated} more than once; the first one is used`];
}

/** Types that public clients send and the documentation does not have. */
function unusualTypes(body: Record<string, unknown>): string[] {
	const documented = {
		recording: 'boolean',
		max_time_limit: 'number',
		attempt_time_out: 'number',
		custom_field: 'string',
	};
	return Object.entries(documented).flatMap(([name, type]) => {
		const value = body[name] ?? undefined;
		return value === undefined || typeof value === type
			? []
			: [`${name} came as ${typeof value}; documented is ${type}`];
	});
}

function readSeconds(given: unknown): number | undefined {
	if (given === undefined || given === null) return undefined;
	const value = Number(text(given) ?? NaN);
	if (!Number.isInteger(value) || value <= 0 || value >= 1e9)
		throw new RefusedBody('max_time_limit and attempt_time_out must be whole numbers of seconds');
	return value;
}

function readUrl(given: unknown): string | null {
	const url = text(given);
	if (url === null) return null;
	if (url.length > MAX_TEXT_LENGTH || !/^https?:/i.test(url) || !URL.canParse(url))
		throw new RefusedBody('wait_audio_url must be an http or https URL');
	return url;
}

function readCallbacks(given: unknown): EventCallback[] {
	const refusal = 'status_callback must be an array of { "event": "answered" | "terminal", "url": "http…" }';
	if (!Array.isArray(given) || given.length > MAX_CALLBACKS) throw new RefusedBody(refusal);
	return given.map((entry: unknown) => {
		const event = isObject(entry) ? text(entry.event) : null;
		const url = isObject(entry) ? text(entry.url) : null;
		const usable = url !== null && url.length <= MAX_TEXT_LENGTH && /^https?:/i.test(url) && URL.canParse(url);
		if ((event !== 'answered' && event !== 'terminal') || !usable) throw new RefusedBody(refusal);
		return { event, url };
	});
}

function text(value: unknown): string | null {
	if (typeof value !== 'string' && typeof value !== 'number') return null;
	return String(value).trim() || null;
}
