/**
 * The v1 call record: the make-call answer and the details differ in their blanks, in `Uri` and in what is known (seed
 * 004).
 */
import { price, seconds, type Call } from '../model/call';
import { inForm } from '../model/phone-numbers';
import { naiveStamp } from './stamps';
import { recordingUrl } from '../model/recording';
import type { WireContext } from './context';
import type { Format } from './v1-answer';

/** The record as the make-call request answers it: unknown = null, `.json` in the middle of the JSON `Uri`. */
export function placedRecord(context: WireContext, call: Call, format: Format): Record<string, unknown> {
	const { quirks } = context;
	const form = (number: string) => inForm(number, quirks.numberForm);
	const infix = format === 'json' && quirks.uriWithJson ? '.json' : '';
	return {
		Sid: call.sid,
		ParentCallSid: null,
		DateCreated: naiveStamp(call.createdAt),
		DateUpdated: naiveStamp(call.createdAt),
		AccountSid: call.accountSid,
		To: form(call.to),
		From: form(call.from),
		PhoneNumberSid: form(call.exoPhone),
		Status: 'in-progress',
		StartTime: naiveStamp(call.createdAt),
		EndTime: null,
		Duration: null,
		Price: null,
		Direction: 'outbound-api',
		AnsweredBy: null,
		ForwardedFrom: null,
		CallerName: null,
		Uri: `/v1/Accounts/${call.accountSid}/Calls${infix}/${call.sid}`,
		RecordingUrl: null,
	};
}

/**
 * `To` of a record. Once an incoming call is over it is the agent who took it: "all Incoming calls received by an agent
 * (To number)", and so in the sample of an incoming call (seed 004); until then the ExoPhone, and where nobody took it.
 */
export function recordedTo({ direction, endedAt, legs: [, agent], to }: Call): string {
	return direction === 'inbound' && endedAt !== null && agent.answeredAt !== null ? agent.number : to;
}

/** The record as GET answers it. Numbers are `0…` as in its samples; the table of the list says E.164 (seed 004). */
export function detailsRecord(context: WireContext, call: Call): Record<string, unknown> {
	const { quirks } = context;
	const form = (number: string) => inForm(number, quirks.numberForm);
	const never = quirks.blanks === 'null' ? null : '';
	const notYet = quirks.blanks === 'empty' ? '' : null;
	const { endedAt } = call;
	const filled = endedAt !== null && context.now >= endedAt + quirks.detailsDelaySeconds * 1000;
	const late = call.voicemailSeconds > 0 && !filled;
	const figure = (value: number | string) => (quirks.numericStrings ? String(value) : Number(value));
	const answered = call.legs.some((leg) => leg.answeredAt !== null);
	return {
		Sid: call.sid,
		ParentCallSid: never,
		DateCreated: naiveStamp(call.createdAt),
		DateUpdated: naiveStamp(call.updatedAt),
		AccountSid: call.accountSid,
		To: form(recordedTo(call)),
		From: form(call.from),
		PhoneNumberSid: form(call.exoPhone),
		Status: call.endedAt === null ? 'in-progress' : call.status,
		StartTime: naiveStamp(call.startedAt),
		EndTime: filled ? naiveStamp(endedAt) : notYet,
		Duration: filled ? figure(seconds(call.startedAt, endedAt)) : notYet,
		Price: filled ? figure(price(call)) : notYet,
		Direction: call.direction,
		AnsweredBy: answered ? 'human' : notYet,
		ForwardedFrom: never,
		CallerName: never,
		Uri: `/v1/Accounts/${call.accountSid}/Calls/${call.sid}`,
		// A voicemail is there some time after the call (seed 002).
		RecordingUrl: (late ? null : recordingUrl(context.baseUrl, call)) ?? never,
	};
}

/**
 * `Details` as JSON, each leg wrapped in `Leg`. Seed 004 prints Ids as strings in a single call and as numbers in the
 * bulk list, where `Legs` also comes first.
 */
export function legDetails(context: WireContext, call: Call, surface: 'single' | 'bulk'): Record<string, unknown> {
	const text = surface === 'single' && context.quirks.numericStrings;
	const legs = {
		Legs: legTimes(call).map((leg) => ({
			Leg: { Id: text ? String(leg.Id) : leg.Id, OnCallDuration: leg.OnCallDuration },
		})),
	};
	const statuses = { Leg1Status: call.legs[0].status, Leg2Status: call.legs[1].status };
	return {
		ConversationDuration: call.conversationSeconds ?? 0,
		...(surface === 'bulk' ? { ...legs, ...statuses } : { ...statuses, ...legs }),
	};
}

/** `Details` as XML: repeated `Leg` elements inside one `Legs` (seed 004). */
export function legDetailsXml(call: Call): Record<string, unknown> {
	return {
		ConversationDuration: call.conversationSeconds ?? 0,
		Leg1Status: call.legs[0].status,
		Leg2Status: call.legs[1].status,
		Legs: { Leg: legTimes(call) },
	};
}

function legTimes(call: Call): { Id: number; OnCallDuration: number }[] {
	return call.legs.map((leg, index) => ({ Id: index + 1, OnCallDuration: leg.onCallSeconds ?? 0 }));
}
