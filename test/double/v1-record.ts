/** A call as v1 prints it: seed 004, the samples after "HTTP Response". */
import type { Account } from './account';
import { finalStatus, isRecorded, timeline, type DoubleCall } from './calls';
import { v1Stamp } from './clock';
import { toNational } from './numbers';
import type { XmlElements } from './xml';

/** How far the record is: just made, running, over but incomplete, complete. */
export type Phase = 'made' | 'running' | 'late' | 'complete';

/** The nineteen fields of a call in the order of the samples. */
export type V1Record = Record<string, string | null>;

/** The address of a call's recording; it lies on the double itself, where it can be fetched. */
export function recordingUrl(account: Account, call: DoubleCall): string {
	return `${account.origin}/exotelrecordings/${account.sid}/${call.sid}.mp3`;
}

/**
 * The fields of a call. `made` is the answer to the POST: nulls, and in JSON an Uri with `.json` in its middle. A
 * read prints blanks as empty texts, Duration and Price as texts. What a read prints of a running call is not in the
 * samples: it keeps the nulls of the POST for what is not known yet.
 */
export function v1Record(account: Account, call: DoubleCall, phase: Phase, json: boolean): V1Record {
	const line = timeline(call);
	const over = phase === 'late' || phase === 'complete';
	const blank = phase === 'made' ? null : '';
	const middle = phase === 'made' && json ? 'Calls.json' : 'Calls';
	return {
		Sid: call.sid,
		ParentCallSid: blank,
		DateCreated: v1Stamp(line.created),
		DateUpdated: v1Stamp(over ? line.end : line.created),
		AccountSid: account.sid,
		// The sample of the flow prints a number here although none was sent; it says not whose. We print the ExoPhone.
		To: toNational(call.to ?? call.exoPhone),
		From: toNational(call.from),
		PhoneNumberSid: toNational(call.exoPhone),
		Status: over ? finalStatus(call) : 'in-progress',
		StartTime: v1Stamp(line.start),
		EndTime: phase === 'complete' ? v1Stamp(line.end) : null,
		Duration: phase === 'complete' ? String(line.duration) : null,
		Price: phase === 'complete' ? (call.terminal.price ?? (line.conversation > 0 ? '1.500' : '0.000')) : null,
		Direction: call.direction,
		AnsweredBy: over && call.legs[0]?.status === 'completed' ? 'human' : blank,
		ForwardedFrom: blank,
		CallerName: blank,
		Uri: `/v1/Accounts/${account.sid}/${middle}/${call.sid}`,
		RecordingUrl: over && isRecorded(call) ? recordingUrl(account, call) : blank,
	};
}

/** The states of both legs; a leg never dialled has an empty text (facts, not documented). */
function legStatuses(call: DoubleCall, over: boolean): [string, string] {
	const status = (leg: number): string => {
		const script = call.legs[leg];
		if (script === undefined || script.status === null || (leg === 1 && call.legs[0]?.status !== 'completed'))
			return '';
		return over ? script.status : 'in-progress';
	};
	return [status(0), status(1)];
}

/**
 * `Details` of one call. The samples differ: read alone the Id is a text and the legs come last, read in bulk the Id
 * is a number and the legs come before their states.
 */
export function v1Details(call: DoubleCall, over: boolean, bulk: boolean): Record<string, unknown> {
	const line = timeline(call);
	const [one, two] = legStatuses(call, over);
	const leg = (id: number): unknown => ({
		Leg: { Id: bulk ? id : String(id), OnCallDuration: over ? line.onCallSeconds[id - 1] : 0 },
	});
	const legs = [leg(1), leg(2)];
	const conversation = over ? line.conversation : 0;
	return bulk
		? { ConversationDuration: conversation, Legs: legs, Leg1Status: one, Leg2Status: two }
		: { ConversationDuration: conversation, Leg1Status: one, Leg2Status: two, Legs: legs };
}

/** `Details` in XML: both samples agree, the legs come last. */
export function v1DetailsXml(call: DoubleCall, over: boolean): XmlElements {
	const line = timeline(call);
	const [one, two] = legStatuses(call, over);
	const leg = (id: 1 | 2): XmlElements => [
		['Id', id],
		['OnCallDuration', over ? (line.onCallSeconds[id - 1] ?? 0) : 0],
	];
	return [
		['ConversationDuration', over ? line.conversation : 0],
		['Leg1Status', one],
		['Leg2Status', two],
		[
			'Legs',
			[
				['Leg', leg(1)],
				['Leg', leg(2)],
			],
		],
	];
}
