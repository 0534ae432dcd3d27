/**
 * Reads a make-call request: mandatory fields, documented limits, and the spellings the field is known to send. What is
 * accepted although the documentation does not have it is flagged; `--strict` refuses it, `--lenient` lets limits pass.
 */
import { isDiallable, repaired } from '../../model/phone-numbers';
import { LONGEST_CALL_SECONDS, type StatusCallback } from '../../model/call';
import type { Strictness } from '../../model/options';

/** A make-call request, understood. */
export interface ConnectRequest {
	kind: 'numbers' | 'flow' | 'stream';
	from: string;
	/** null for flows and streams */
	to: string | null;
	/** null if left out (accepted with a flag: seed 000's own sample has none) */
	callerId: string | null;
	flowId: string | null;
	record: boolean;
	recordingChannels: 'single' | 'dual';
	timeLimitSeconds: number | undefined;
	ringLimitSeconds: number | undefined;
	customField: string | null;
	statusCallback: StatusCallback | null;
	flags: string[];
}

/** Either the request, or why it is refused. */
export type ConnectReading = { request: ConnectRequest } | { refusal: string };

/**
 * Everything the documentation, the official collection or public clients know as a parameter (fact sheet 2.1, 2.2).
 */
const KNOWN = new Set([
	'From',
	'To',
	'CallerId',
	'CallType',
	'TimeLimit',
	'TimeOut',
	'WaitUrl',
	'Record',
	'RecordingChannels',
	'RecordingFormat',
	'CustomField',
	'StartPlaybackTo',
	'StartPlaybackValue',
	'StartPlaybackToNew',
	'StartPlaybackValueNew',
	'StatusCallback',
	'StatusCallbackEvents',
	'StatusCallbackContentType',
	'MaxRetries',
	'StreamUrl',
	'StreamType',
	'StreamBegin',
	'Url',
	'details',
]);
/** Keeps memory bounded; Exotel's own limits are not public. */
const LONGEST_TEXT = 4096;
const EVENTS = ['terminal', 'answered', 'ringing'];

class Refusal extends Error {}

/** Understands the fields of a make-call request. */
export function readConnect(fields: readonly [string, string][], strictness: Strictness): ConnectReading {
	try {
		return { request: read(fields, strictness) };
	} catch (error) {
		if (error instanceof Refusal) return { refusal: error.message };
		throw error;
	}
}

function read(fields: readonly [string, string][], strictness: Strictness): ConnectRequest {
	const flags: string[] = [];
	const flag = (message: string) => {
		if (strictness === 'strict') throw new Refusal(message);
		if (flags.length < 20 && !flags.includes(message)) flags.push(message);
	};
	const limit = (message: string) => {
		if (strictness !== 'lenient') throw new Refusal(message);
		flags.push(message);
	};
	const given = new Map<string, string>();
	for (const [name, value] of fields) {
		const plain = name.replace(/\[\d*\]$/, '');
		if (!KNOWN.has(plain)) flag(`Unknown parameter ${printable(name)}`);
		if (/^".*"$/s.test(value)) flag(`${printable(plain)} came in quotation marks`);
		given.set(name, value.replace(/^"(.*)"$/s, '$1'));
	}
	const text = (name: string) => given.get(name)?.trim() || null;
	const number = (name: string): string | null => {
		const written = given.get(name);
		if (written === undefined || written.trim() === '') return null;
		const value = repaired(written);
		if (!isDiallable(value)) throw new Refusal(`${name} is not a valid phone number`);
		return value;
	};
	const whole = (name: string, most: number): number | undefined => {
		const written = text(name);
		if (written === null) return undefined;
		if (!/^\d{1,9}$/.test(written)) throw new Refusal(`${name} must be a whole number of seconds`);
		if (Number(written) > most) limit(`${name} must not be more than ${most}`);
		return Number(written);
	};
	const choice = (name: string, values: string[]): string | null => {
		const written = text(name);
		if (written !== null && !values.includes(written))
			throw new Refusal(`Valid values for ${name} are ${values.join(', ')}`);
		return written;
	};
	const address = (name: string): string | null => {
		const written = text(name);
		if (written !== null && (written.length > LONGEST_TEXT || !URL.canParse(written) || !/^https?:/i.test(written)))
			throw new Refusal(`${name} must be an http or https URL`);
		return written;
	};

	const from = number('From');
	if (from === null) throw new Refusal('Mandatory Parameter missing: From');
	const to = number('To');
	const url = address('Url');
	const stream = text('StreamUrl');
	if (to === null && url === null && stream === null)
		throw new Refusal('Mandatory Parameter missing: To (or Url for a flow)');
	const callerId = number('CallerId');
	if (callerId === null) flag("CallerId is missing; the account's first ExoPhone was used");
	const kind = to !== null ? 'numbers' : url !== null ? 'flow' : 'stream';
	const flowId = kind === 'flow' ? flowIdOf(url as string) : null;
	if (kind === 'flow' && flowId === null)
		throw new Refusal('Url must look like http://my.exotel.com/<sid>/exoml/start_voice/<app_id>');
	if (kind === 'stream' && text('StreamType') !== 'bidirectional')
		throw new Refusal('StreamType must be bidirectional');

	choice('CallType', ['trans']);
	if ((given.get('CustomField') ?? '').length > LONGEST_TEXT)
		throw new Refusal(`CustomField must not be longer than ${LONGEST_TEXT} characters`);
	const record = choice('Record', ['true', 'false']) === 'true';
	choice('RecordingFormat', ['mp3', 'mp3-hq']);
	for (const name of ['StartPlaybackTo', 'StartPlaybackToNew']) choice(name, ['Callee', 'Both', 'callee', 'both']);
	for (const name of ['StartPlaybackToNew', 'StartPlaybackValueNew']) {
		if (given.has(name))
			flag(`${name}: the parameter is ${name.replace(/New$/, '')}; "New" is a badge of the documentation page`);
	}
	for (const name of ['StartPlaybackValue', 'StartPlaybackValueNew', 'WaitUrl']) address(name);
	const statusUrl = address('StatusCallback');
	const contentType = choice('StatusCallbackContentType', ['multipart/form-data', 'application/json']);
	const events = readEvents(fields, flag);
	if (kind !== 'numbers' && events.length > 0)
		flag('StatusCallbackEvents is not applicable to flows; the four default fields are sent at the end');
	return {
		kind,
		from,
		to,
		callerId,
		flowId,
		record,
		recordingChannels: (choice('RecordingChannels', ['single', 'dual']) ?? 'single') as 'single' | 'dual',
		timeLimitSeconds: whole('TimeLimit', LONGEST_CALL_SECONDS),
		ringLimitSeconds: whole('TimeOut', LONGEST_CALL_SECONDS),
		customField: given.get('CustomField') ?? null,
		statusCallback:
			statusUrl === null
				? null
				: {
						url: statusUrl,
						events,
						contentType: (contentType ?? 'multipart/form-data') as StatusCallback['contentType'],
					},
		flags,
	};
}

/**
 * The documented form is `StatusCallbackEvents[0]=terminal`; `[]`, bare and comma lists are met in the wild (fact sheet
 * 2.1).
 */
function readEvents(fields: readonly [string, string][], flag: (message: string) => void): string[] {
	const events: string[] = [];
	for (const [name, value] of fields) {
		const match = /^StatusCallbackEvents(\[(\d*)\])?$/.exec(name);
		if (!match) continue;
		if (match[2] === undefined) flag('StatusCallbackEvents without index; documented is StatusCallbackEvents[0]');
		else if (match[2] === '') flag('StatusCallbackEvents[] without index; documented is StatusCallbackEvents[0]');
		if (value.includes(',')) flag('StatusCallbackEvents as a comma list; documented is one field per event');
		for (const event of value
			.replace(/^"(.*)"$/s, '$1')
			.split(',')
			.map((part) => part.trim())
			.filter(Boolean)) {
			if (!EVENTS.includes(event)) flag(`StatusCallbackEvents: unknown event ${printable(event)}`);
			else if (!events.includes(event)) events.push(event);
		}
	}
	return events;
}

/**
 * The flow's id out of `…/exoml/start_voice/<app_id>` (seed 004) or the older `…/exoml/start/<flow>` (fact sheet 2.2).
 */
function flowIdOf(url: string): string | null {
	return /\/exoml\/start(?:_voice)?\/([\w.-]{1,64})\/?(?:[?#].*)?$/.exec(url)?.[1] ?? null;
}

function printable(value: string): string {
	return value.slice(0, 60).replace(/[^\x20-\x7e]/g, '?');
}
