/**
 * The v1 status callback: which fields, in which order, with which peculiarities. Truth: the samples of seeds 000 and
 * 004; every field is listed with its source in `fidelity/`.
 */
import { recordingUrl } from '../model/recording';
import type { Call, Leg, Party, StatusCallback } from '../model/call';
import { naiveStamp } from './stamps';
import { formFields, multipartBody } from './multipart';
import { digest } from '../model/random';
import type { Quirks } from '../model/quirks';
import type { Message } from '../model/delivery';
import type { WireContext } from './context';

/** Events a v1 call can report. */
export type V1Event = 'ringing' | 'answered' | 'terminal';

/** The moment of a call that is reported. */
export interface CallbackMoment {
	event: V1Event;
	party: Party | null;
	/** Epoch milliseconds. */
	at: number;
}

/** The message for a moment, or null if the request did not subscribe to it. */
export function v1StatusCallback(context: WireContext, call: Call, moment: CallbackMoment): Message | null {
	const callback = call.statusCallback;
	if (!callback) return null;
	const { event } = moment;
	const extended = call.kind === 'numbers' && callback.events.length > 0;
	if (!extended)
		return event === 'terminal' ? v1Message(call, callback, event, defaultFields(context, call, moment)) : null;
	if (!callback.events.includes(event) || (event === 'ringing' && !context.quirks.ringing)) return null;
	return v1Message(call, callback, event, extendedFields(context, call, moment));
}

/** The four fields of a callback without subscribed events; flows never get more (seed 004). */
function defaultFields(context: WireContext, call: Call, moment: CallbackMoment): Record<string, unknown> {
	return {
		CallSid: call.sid,
		DateUpdated: naiveStamp(moment.at),
		Status: callbackStatus(call.status),
		RecordingUrl: recordingUrl(context.baseUrl, call),
	};
}

/** The extended fields of a two-number call, in the order of seed 004's JSON sample (`EventTime` as in seed 000). */
function extendedFields(context: WireContext, call: Call, moment: CallbackMoment): Record<string, unknown> {
	const { quirks } = context;
	const terminal = moment.event === 'terminal';
	return {
		CallSid: call.sid,
		EventType: moment.event,
		DateCreated: naiveStamp(call.createdAt),
		DateUpdated: naiveStamp(moment.at),
		...(quirks.ringing ? { EventTime: naiveStamp(moment.at) } : {}),
		Status: statusAt(call, moment, quirks),
		To: call.to,
		From: call.from,
		PhoneNumberSid: call.exoPhone,
		StartTime: naiveStamp(call.startedAt),
		EndTime: call.endedAt === null ? notYet(moment) : naiveStamp(call.endedAt),
		Direction: 'outbound-api',
		RecordingUrl: terminal ? recordingUrl(context.baseUrl, call) : null,
		ConversationDuration: terminal ? (call.conversationSeconds ?? 0) : null,
		...(terminal && call.customField !== null ? { CustomField: call.customField } : {}),
		Legs: call.legs.map((leg) => legFields(leg, moment, quirks)),
	};
}

function statusAt(call: Call, moment: CallbackMoment, quirks: Quirks): string {
	if (moment.event === 'terminal') return callbackStatus(call.status);
	return moment.event === 'answered' ? quirks.answeredStatus : 'in-progress';
}

/** Seed 000: the string "null" in answered events, a real null in ringing events. */
function notYet(moment: CallbackMoment): 'null' | null {
	return moment.event === 'answered' ? 'null' : null;
}

function legFields(leg: Leg, moment: CallbackMoment, quirks: Quirks): Record<string, unknown> {
	if (moment.event !== 'terminal') {
		const reached = leg.party === 'from' || moment.party === 'to';
		return { OnCallDuration: null, Status: reached ? 'in-progress' : notYet(moment) };
	}
	return {
		OnCallDuration: leg.onCallSeconds ?? 0,
		...(quirks.ringing ? { RingingDuration: leg.ringingUnreported ? 0 : leg.ringingSeconds } : {}),
		Status: leg.status,
		...(quirks.answeredByInLegs ? { AnsweredBy: leg.answeredAt === null ? 'NA' : 'HUMAN' } : {}),
	};
}

/** Field order of seed 004's multipart sample; it differs from the JSON one. */
const multipartOrder = [
	'CallSid',
	'EventType',
	'From',
	'To',
	'PhoneNumberSid',
	'Status',
	'Direction',
	'DateCreated',
	'DateUpdated',
	'EventTime',
	'StartTime',
	'EndTime',
	'RecordingUrl',
	'ConversationDuration',
	'CustomField',
	'Legs',
];

/** Wraps the fields as the message that goes over the wire. */
function v1Message(call: Call, callback: StatusCallback, event: V1Event, fields: Record<string, unknown>): Message {
	if (callback.contentType === 'application/json')
		return message(callback.url, event, 'application/json', JSON.stringify(fields));
	const ordered = 'EventType' in fields ? inMultipartOrder(fields) : fields;
	// the same call and event have the same boundary: a run repeats byte for byte
	const boundary = `------------------------${digest(`${call.sid}|${event}|${JSON.stringify(fields)}`).slice(0, 16)}`;
	const body = multipartBody(formFields(ordered), boundary);
	return message(callback.url, event, `multipart/form-data; boundary=${boundary}`, body);
}

function inMultipartOrder(fields: Record<string, unknown>): Record<string, unknown> {
	const present = multipartOrder.filter((name) => name in fields).map((name) => [name, fields[name]]);
	const legs = Array.isArray(fields.Legs) ? fields.Legs.map(statusFirst) : [];
	return { ...Object.fromEntries(present), Legs: legs };
}

/** Seed 004's multipart sample has the leg's Status first. */
function statusFirst({ Status, ...rest }: Record<string, unknown>): Record<string, unknown> {
	return { Status, ...rest };
}

function message(url: string, event: string, contentType: string, body: string): Message {
	return {
		kind: 'status-callback',
		event,
		method: 'POST',
		url,
		headers: { 'Content-Type': contentType, Accept: '*/*' },
		contentType,
		body,
	};
}

/** Callbacks know four final words only (seed 004); a cancelled call is a failed one there (facts 2.4). */
function callbackStatus(status: string): string {
	return status === 'canceled' ? 'failed' : status;
}
