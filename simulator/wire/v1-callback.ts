/**
 * The v1 status callback: which fields, in which order, with which peculiarities. Truth: the samples of seeds 000 and
 * 004; every field is listed with its source in `fidelity/`.
 */
import { hasRecording, type Call, type Leg, type Party } from '../model/call';
import { naiveStamp } from './stamps';
import { formFields, multipartBody } from './multipart';
import { digest } from '../model/random';
import type { Quirks } from '../model/quirks';
import type { Message } from '../engine/deliveries';

/** Events a v1 call can report. */
export type V1Event = 'ringing' | 'answered' | 'terminal';

/** What the caller of the API has to know of a moment. */
export interface CallbackMoment {
	event: V1Event;
	party: Party | null;
	/** epoch milliseconds */
	at: number;
	recordingUrl: string | null;
}

/** The four fields of a callback without subscribed events; flows never get more (seed 004). */
export function defaultFields(call: Call, moment: CallbackMoment): Record<string, unknown> {
	return {
		CallSid: call.sid,
		DateUpdated: naiveStamp(moment.at),
		Status: callbackStatus(call.status),
		RecordingUrl: hasRecording(call) ? moment.recordingUrl : null,
	};
}

/** The extended fields of a two-number call, in the order of seed 004's JSON sample (`EventTime` as in seed 000). */
export function extendedFields(call: Call, moment: CallbackMoment, quirks: Quirks): Record<string, unknown> {
	const terminal = moment.event === 'terminal';
	const fields: Record<string, unknown> = {
		CallSid: call.sid,
		EventType: moment.event,
		DateCreated: naiveStamp(call.createdAt),
		DateUpdated: naiveStamp(moment.at),
	};
	if (quirks.ringing) fields.EventTime = naiveStamp(moment.at);
	fields.Status = terminal
		? callbackStatus(call.status)
		: moment.event === 'answered'
			? quirks.answeredStatus
			: 'in-progress';
	fields.To = call.to;
	fields.From = call.from;
	fields.PhoneNumberSid = call.exoPhone;
	fields.StartTime = naiveStamp(call.startedAt);
	// seed 000: the string "null" in answered events, a real null in ringing events
	fields.EndTime = call.endedAt !== null ? naiveStamp(call.endedAt) : moment.event === 'answered' ? 'null' : null;
	fields.Direction = 'outbound-api';
	fields.RecordingUrl = terminal && hasRecording(call) ? moment.recordingUrl : null;
	fields.ConversationDuration = terminal ? (call.conversationSeconds ?? 0) : null;
	if (terminal && call.customField !== null) fields.CustomField = call.customField;
	fields.Legs = call.legs.map((leg) => legFields(leg, moment, quirks));
	return fields;
}

function legFields(leg: Leg, moment: CallbackMoment, quirks: Quirks): Record<string, unknown> {
	if (moment.event === 'terminal') {
		return {
			OnCallDuration: leg.onCallSeconds ?? 0,
			...(quirks.ringing ? { RingingDuration: leg.ringingUnreported ? 0 : leg.ringingSeconds } : {}),
			Status: leg.status,
			...(quirks.answeredByInLegs ? { AnsweredBy: leg.answeredAt === null ? 'NA' : 'HUMAN' } : {}),
		};
	}
	const reached = leg.party === 'from' || moment.party === 'to';
	return { OnCallDuration: null, Status: reached ? 'in-progress' : moment.event === 'answered' ? 'null' : null };
}

/** Field order of seed 004's multipart sample; it differs from the JSON one. */
const MULTIPART_ORDER = [
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
export function v1Message(call: Call, event: V1Event, fields: Record<string, unknown>): Message {
	const callback = call.statusCallback as NonNullable<Call['statusCallback']>;
	if (callback.contentType === 'application/json') {
		return message(callback.url, event, 'application/json', JSON.stringify(fields));
	}
	const extended = 'EventType' in fields;
	const ordered = extended
		? Object.fromEntries(MULTIPART_ORDER.filter((name) => name in fields).map((name) => [name, fields[name]]))
		: fields;
	if (extended) ordered.Legs = (fields.Legs as Record<string, unknown>[]).map(statusFirst);
	// the same call and event have the same boundary: a run repeats byte for byte
	const boundary = `------------------------${digest(`${call.sid}|${event}|${JSON.stringify(fields)}`).slice(0, 16)}`;
	return message(
		callback.url,
		event,
		`multipart/form-data; boundary=${boundary}`,
		multipartBody(formFields(ordered), boundary),
	);
}

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

/** Callbacks know four final words only (seed 004); a cancelled call is a failed one there (Exotel fact sheet 2.4). */
function callbackStatus(status: string): string {
	return status === 'canceled' ? 'failed' : status;
}
