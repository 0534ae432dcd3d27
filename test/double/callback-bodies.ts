/** The bodies of the status callbacks, field by field as the samples of seeds 000, 004 (v1) and 001 (v2). */
import type { Account } from './account';
import { finalStatus, isRecorded, timeline, type CallbackEvent, type DoubleCall } from './calls';
import { v1Stamp } from './clock';
import type { Pair } from './form';
import { recordingUrl } from './v1-record';
import { v2Record } from './v2-record';

/** A body before it is written: names to values, legs nested. */
export type Body = Record<string, unknown>;

/** Seed 004, "List of parameters which will be sent as part of StatusCallback": the default four. */
export function defaultBody(account: Account, call: DoubleCall): Body {
	return {
		CallSid: call.sid,
		DateUpdated: v1Stamp(timeline(call).end),
		Status: finalStatus(call),
		RecordingUrl: isRecorded(call) ? recordingUrl(account, call) : null,
	};
}

/** The extended body of v1; `leg` is 1 or 2 and says who rings or answered. */
export function v1Body(account: Account, call: DoubleCall, event: CallbackEvent, leg: 1 | 2): Body {
	if (event === 'ringing') return ringingBody(call, leg);
	if (event === 'answered') return answeredBody(call, leg);
	return terminalBody(account, call);
}

function head(call: DoubleCall, event: CallbackEvent, updated: number): Body {
	return { CallSid: call.sid, EventType: event, DateCreated: v1Stamp(call.createdMs), DateUpdated: v1Stamp(updated) };
}

function parties(call: DoubleCall): Body {
	return { To: call.to, From: call.from, PhoneNumberSid: call.exoPhone };
}

/** Seed 000, "when the first leg is ringing", "when the second leg is ringing". */
function ringingBody(call: DoubleCall, leg: 1 | 2): Body {
	const line = timeline(call);
	const at = line.ringing[leg - 1] ?? line.start;
	return {
		...head(call, 'ringing', at),
		Status: 'in-progress',
		...parties(call),
		StartTime: v1Stamp(leg === 1 ? at : (line.answered[0] ?? at)),
		EndTime: null,
		EventTime: v1Stamp(at),
		Direction: call.direction,
		RecordingUrl: null,
		ConversationDuration: null,
		Legs: [
			{ OnCallDuration: null, Status: 'in-progress' },
			{ OnCallDuration: null, Status: leg === 1 ? null : 'in-progress' },
		],
	};
}

/**
 * Seed 000, "when the first leg is answered", "when the second leg is answered": both samples say Status `no-answer`,
 * EndTime the text `null` and a ConversationDuration, while the call goes on. The double repeats that: nobody may
 * rely on them.
 */
function answeredBody(call: DoubleCall, leg: 1 | 2): Body {
	const line = timeline(call);
	const at = line.answered[leg - 1] ?? line.start;
	return {
		...head(call, 'answered', at),
		EventTime: v1Stamp(at),
		Status: 'no-answer',
		...parties(call),
		StartTime: v1Stamp(line.start),
		EndTime: 'null',
		Direction: call.direction,
		RecordingUrl: null,
		ConversationDuration: 32,
		Legs: [
			{ OnCallDuration: null, Status: 'in-progress' },
			{ OnCallDuration: null, Status: leg === 1 ? 'null' : 'in-progress' },
		],
	};
}

/**
 * The end of the call. Seed 004 has neither EventTime nor RingingDuration and a DateUpdated one second before
 * EndTime; seed 000 shows both fields where the ringing event was asked for. CustomField has no sample: the table
 * puts it before Legs.
 */
function terminalBody(account: Account, call: DoubleCall): Body {
	const line = timeline(call);
	const ringing = call.subscriptions.some((one) => one.event === 'ringing');
	const leg = (index: 0 | 1): Body => {
		const status = call.legs[index]?.status ?? null;
		return {
			OnCallDuration: line.onCallSeconds[index],
			...(ringing ? { RingingDuration: line.ringSeconds[index] } : {}),
			Status: index === 1 && call.legs[0]?.status !== 'completed' ? null : status,
		};
	};
	return {
		...head(call, 'terminal', ringing ? line.end : line.end - 1000),
		Status: finalStatus(call),
		...parties(call),
		StartTime: v1Stamp(line.start),
		EndTime: v1Stamp(line.end),
		...(ringing ? { EventTime: v1Stamp(line.end) } : {}),
		Direction: call.direction,
		RecordingUrl: isRecorded(call) ? recordingUrl(account, call) : null,
		ConversationDuration: line.conversation,
		...(call.customField === null ? {} : { CustomField: call.customField }),
		Legs: [leg(0), leg(1)],
	};
}

/** The body of v2: seed 001, "StatusCallback". */
export function v2Body(account: Account, call: DoubleCall, event: CallbackEvent, leg: 1 | 2): Body {
	const moment = event === 'terminal' ? 'over' : leg === 1 ? 'answered-1' : 'answered-2';
	return { event_details: { event_type: event }, call_details: v2Record(account, call, moment) };
}

/** The order of the form sample of seed 004; what it does not name follows before the legs. */
const formOrder = [
	'CallSid',
	'EventType',
	'From',
	'To',
	'PhoneNumberSid',
	'Status',
	'Direction',
	'DateCreated',
	'DateUpdated',
	'StartTime',
	'EndTime',
	'RecordingUrl',
	'ConversationDuration',
];

/** The body as form fields: `Legs[0][Status]` before `Legs[0][OnCallDuration]`, nothing for null (seed 004). */
export function formPairs(body: Body): Pair[] {
	const { Legs, ...flat } = body;
	const known = formOrder.filter((name) => name in flat);
	const names =
		'EventType' in flat
			? [...known, ...Object.keys(flat).filter((name) => !formOrder.includes(name))]
			: Object.keys(flat);
	const pairs: Pair[] = names.map((name) => [name, text(flat[name])]);
	const legs = Array.isArray(Legs) ? (Legs as Body[]) : [];
	legs.forEach((leg, index) => {
		const { Status, OnCallDuration, ...others } = leg;
		for (const [name, value] of Object.entries({ Status, OnCallDuration, ...others })) {
			pairs.push([`Legs[${index}][${name}]`, text(value)]);
		}
	});
	return pairs;
}

function text(value: unknown): string {
	return value === null || value === undefined
		? ''
		: typeof value === 'object'
			? JSON.stringify(value)
			: String(value);
}
