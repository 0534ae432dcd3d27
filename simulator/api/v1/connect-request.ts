/**
 * Reads a make-call request: mandatory fields, documented limits, and the spellings the field is known to send, which
 * are refused, or flagged as seen in the field.
 */
import { MAX_CALL_SECONDS, type StartPlayback, type StatusCallback } from '../../model/call';
import { printable } from '../http/printable';
import { MAX_TEXT_LENGTH, RefusedRequest, RequestFields, unquoted } from './request-fields';
import { isSip } from '../../model/phone-numbers';
import type { Strictness } from '../../model/options';

/** A make-call request, understood. */
export interface ConnectRequest {
	kind: 'numbers' | 'flow' | 'stream';
	from: string;
	/** Null for flows and streams. */
	to: string | null;
	/** Null if left out, which passes as seen in the field only (seed 000's own sample has none). */
	callerId: string | null;
	flowId: string | null;
	record: boolean;
	recordingChannels: 'single' | 'dual';
	timeLimitSeconds: number | undefined;
	ringLimitSeconds: number | undefined;
	customField: string | null;
	waitUrl: string | null;
	startPlayback: StartPlayback | null;
	statusCallback: StatusCallback | null;
	flags: string[];
}

/** Either the request, or why it is refused. */
export type ConnectReading = { request: ConnectRequest } | { refusal: string };

/** Parameters of all make-call requests (seed 004). */
const commonParameters = [
	'From',
	'CallerId',
	'CallType',
	'TimeLimit',
	'TimeOut',
	'CustomField',
	'StatusCallback',
	// said to be "not applicable" to flows, not to be wrong there: passes with a remark
	'StatusCallbackEvents',
];
/** Parameters of two-number calls beside those; the document of flows does not have them (seed 004). */
const parametersOfNumbers: ReadonlySet<string> = new Set([
	'To',
	'WaitUrl',
	'Record',
	'RecordingChannels',
	'RecordingFormat',
	'StartPlaybackTo',
	'StartPlaybackValue',
	'StartPlaybackToNew',
	'StartPlaybackValueNew',
	'StatusCallbackContentType',
]);
/** What public clients send for streams is a guess as a whole; the parameters that are played are known. */
const knownParameters: ReadonlySet<string> = new Set([
	...commonParameters,
	...parametersOfNumbers,
	'Url',
	'StreamUrl',
	'StreamType',
]);
const eventNames = ['terminal', 'answered', 'ringing'];

/** Understands the fields of a make-call request. */
export function readConnect(
	pairs: readonly [string, string][],
	strictness: Strictness,
	contentType: string | undefined,
): ConnectReading {
	try {
		return { request: read(pairs, strictness, contentType) };
	} catch (error) {
		if (error instanceof RefusedRequest) return { refusal: error.message };
		throw error;
	}
}

function read(
	pairs: readonly [string, string][],
	strictness: Strictness,
	contentType: string | undefined,
): ConnectRequest {
	const fields = new RequestFields(pairs, strictness, knownParameters);
	if (/^application\/json/i.test(contentType ?? '')) fields.flag('The body came as JSON; documented are forms');
	const from = fields.number('From');
	if (from === null) throw new RefusedRequest('Mandatory Parameter missing: From');
	const target = readTarget(fields);
	if (target.kind !== 'numbers') flagForeign(fields, pairs, target.kind);
	const callSettings = readCallSettings(fields);
	const sounds = readSounds(fields);
	const statusCallback = readStatusCallback(fields, pairs, target.kind);
	return {
		...target,
		from,
		...callSettings,
		...readDurations(fields),
		...sounds,
		statusCallback,
		flags: fields.flags,
	};
}

type Target = Pick<ConnectRequest, 'kind' | 'to' | 'callerId' | 'flowId'>;

/** Who is called: a second number, a flow or a bot. */
function readTarget(fields: RequestFields): Target {
	const to = fields.number('To');
	const url = fields.url('Url');
	if (to === null && url === null && fields.text('StreamUrl') === null)
		throw new RefusedRequest('Mandatory Parameter missing: To (or Url for a flow)');
	const callerId = fields.mandatoryNumber('CallerId', "the account's first ExoPhone was used");
	if (to !== null && url !== null)
		fields.flag('Url was left out of account: To is called; documented is one of them');
	if (to !== null && isSip(to)) fields.flag('To came as a SIP address; documented is a phone number');
	if (to !== null) return { kind: 'numbers', to, callerId, flowId: null };
	if (url === null) {
		if (fields.text('StreamType') !== 'bidirectional') throw new RefusedRequest('StreamType must be bidirectional');
		return { kind: 'stream', to, callerId, flowId: null };
	}
	const flowId = flowIdOf(url);
	if (flowId === null)
		throw new RefusedRequest('Url must look like http://my.exotel.com/<sid>/exoml/start_voice/<app_id>');
	return { kind: 'flow', to, callerId, flowId };
}

/** Parameters that only two-number calls have. */
function flagForeign(fields: RequestFields, pairs: readonly [string, string][], kind: 'flow' | 'stream'): void {
	const documented = kind === 'flow' ? 'a call into a flow' : 'a stream';
	for (const [name] of pairs) {
		const plain = name.replace(/\[\d*\]$/, '');
		if (parametersOfNumbers.has(plain) && fields.text(name) !== null)
			fields.flag(`${plain} is not a parameter of ${documented}, only of a call between two numbers`);
	}
}

function readCallSettings(fields: RequestFields): Pick<ConnectRequest, 'record' | 'recordingChannels' | 'customField'> {
	fields.choice('CallType', ['trans']);
	const customField = fields.verbatim('CustomField');
	if ((customField ?? '').length > MAX_TEXT_LENGTH)
		throw new RefusedRequest(`CustomField must not be longer than ${MAX_TEXT_LENGTH} characters`);
	const record = fields.choice('Record', ['true', 'false']) === 'true';
	fields.choice('RecordingFormat', ['mp3', 'mp3-hq']);
	return {
		record,
		recordingChannels: fields.choice('RecordingChannels', ['single', 'dual']) ?? 'single',
		customField,
	};
}

function readDurations(fields: RequestFields): Pick<ConnectRequest, 'timeLimitSeconds' | 'ringLimitSeconds'> {
	return {
		timeLimitSeconds: fields.seconds('TimeLimit', MAX_CALL_SECONDS),
		ringLimitSeconds: fields.seconds('TimeOut', MAX_CALL_SECONDS),
	};
}

function readSounds(fields: RequestFields): Pick<ConnectRequest, 'waitUrl' | 'startPlayback'> {
	const to = readListeners(fields, 'StartPlaybackTo') ?? readListeners(fields, 'StartPlaybackToNew');
	for (const name of ['StartPlaybackToNew', 'StartPlaybackValueNew']) {
		if (fields.has(name))
			fields.flag(
				`${name}: the parameter is ${name.replace(/New$/, '')}; "New" is a badge of the documentation page`,
			);
	}
	const url = fields.url('StartPlaybackValue') ?? fields.url('StartPlaybackValueNew');
	return {
		waitUrl: fields.url('WaitUrl'),
		startPlayback: url === null ? null : { to: to ?? 'callee', url },
	};
}

/** Words of the documentation; in lower case, as public clients send them, they are flagged. */
function readListeners(fields: RequestFields, name: string): StartPlayback['to'] | null {
	const given = fields.text(name);
	if (given === 'callee' || given === 'both') {
		fields.flag(`${name} came as ${given}; documented is Callee or Both`);
		return given;
	}
	const chosen = fields.choice(name, ['Callee', 'Both']);
	if (chosen === null) return null;
	return chosen === 'Both' ? 'both' : 'callee';
}

function readStatusCallback(
	fields: RequestFields,
	pairs: readonly [string, string][],
	kind: ConnectRequest['kind'],
): StatusCallback | null {
	const url = fields.url('StatusCallback');
	const contentType = fields.choice('StatusCallbackContentType', ['multipart/form-data', 'application/json']);
	const events = readEvents(pairs, (message) => fields.flag(message));
	if (kind !== 'numbers' && events.length > 0)
		fields.remark('StatusCallbackEvents is not applicable to flows; the four default fields are sent at the end');
	return url === null ? null : { url, events, contentType: contentType ?? 'multipart/form-data' };
}

/**
 * The documented form is `StatusCallbackEvents[0]=terminal`; `[]`, bare and comma lists are met in the wild (facts
 * 2.1).
 */
function readEvents(pairs: readonly [string, string][], flag: (message: string) => void): string[] {
	const events: string[] = [];
	for (const [name, value] of pairs) {
		const match = /^StatusCallbackEvents(\[(\d*)\])?$/.exec(name);
		if (!match) continue;
		if (match[2] === undefined) flag('StatusCallbackEvents without index; documented is StatusCallbackEvents[0]');
		else if (match[2] === '') flag('StatusCallbackEvents[] without index; documented is StatusCallbackEvents[0]');
		if (value.includes(',')) flag('StatusCallbackEvents as a comma list; documented is one field per event');
		for (const event of unquoted(value)
			.split(',')
			.map((part) => part.trim())
			.filter(Boolean)) {
			if (!eventNames.includes(event)) flag(`StatusCallbackEvents: unknown event ${printable(event)}`);
			else if (!events.includes(event)) events.push(event);
		}
	}
	return events;
}

/**
 * The flow's id out of `…/exoml/start_voice/<app_id>` (seed 004) or the older `…/exoml/start/<flow>` (facts 2.2).
 */
function flowIdOf(url: string): string | null {
	return /\/exoml\/start(?:_voice)?\/([\w.-]{1,64})\/?(?:[?#].*)?$/.exec(url)?.[1] ?? null;
}
