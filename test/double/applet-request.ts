/** The question an applet asks: seed 002, "Query Parameters". */
import { findCall, type Account } from './account';
import { finalStatus, timeline, type DoubleCall } from './calls';
import { v1Stamp } from './clock';
import { toNational } from './numbers';

/** Which applet asks. */
export type Applet = 'connect-1.0' | 'connect-1.1' | 'passthru';

/** A question; everything has a default, an incoming call that just reached the applet. */
export interface Question {
	applet: Applet;
	/** Id of a call of the double, or of one that only Exotel knows. */
	call?: string;
	/** Caller (incoming) or first leg. */
	from?: string;
	/** The ExoPhone called (incoming) or the number called. */
	to?: string;
	direction?: 'incoming' | 'outbound-dial';
	/** Keys pressed; the double puts the documented double quotes around them. */
	digits?: string;
	customField?: string;
	callType?: 'call-attempt' | 'completed' | 'client-hangup' | 'incomplete' | 'voicemail';
	dialCallStatus?: 'completed' | 'busy' | 'no-answer' | 'failed' | 'canceled';
	/** Seconds. */
	dialCallDuration?: number;
	/** Last agent dialled. */
	dialWhomNumber?: string;
	recordingUrl?: string;
	flowId?: string;
	/** When the call began, milliseconds since 1970. */
	createdMs?: number;
	/** Parameters that replace or join those above. */
	params?: Record<string, string>;
	/** Parameters left out: "only some of this list may be passed". */
	omit?: string[];
	/** `raw` leaves the plus of E.164 bare, which a reader takes for a blank (facts, not documented). */
	plus?: 'encoded' | 'raw';
}

/** The constant of seed 002, "EndTime". */
export const epochEnd = '1970-01-01 05:30:00';

/**
 * The parameters in the order of the table. The table of 1.1 was lost from seed 003: it has all but CallFrom and CallTo
 * (facts, not documented). Passthru asks with the same as 1.0 (facts, not documented).
 */
export function questionParameters(account: Account, question: Question): Record<string, string> {
	const call = question.call === undefined ? undefined : findCall(account, question.call);
	const created = question.createdMs ?? call?.createdMs ?? Date.now();
	const from = question.from ?? (call === undefined ? '09812300001' : toNational(call.from));
	const to = question.to ?? toNational(call?.to ?? call?.exoPhone ?? account.exoPhones[0] ?? '');
	const optional: Array<[string, string | undefined]> = [
		['DialCallStatus', question.dialCallStatus],
		['digits', question.digits === undefined ? undefined : `"${question.digits}"`],
		['CustomField', question.customField ?? call?.customField ?? undefined],
		['RecordingUrl', question.recordingUrl],
	];
	const whole: Record<string, string> = {
		CallSid: question.call ?? 'b6cfaf5f5cef3ca0fc937749ef960e25',
		...(question.applet === 'connect-1.1' ? {} : { CallFrom: from, CallTo: to }),
		Direction: question.direction ?? (call === undefined || call.kind === 'inbound' ? 'incoming' : 'outbound-dial'),
		Created: v1Stamp(created),
		DialCallDuration: String(question.dialCallDuration ?? (call === undefined ? 0 : timelineSeconds(call))),
		StartTime: v1Stamp(created),
		EndTime: epochEnd,
		CallType: question.callType ?? callType(call),
		DialWhomNumber: question.dialWhomNumber ?? '',
		flow_id: question.flowId ?? '926',
		From: from,
		To: to,
		CurrentTime: v1Stamp(Date.now()),
		...Object.fromEntries(optional.filter((pair): pair is [string, string] => pair[1] !== undefined)),
		...question.params,
	};
	return Object.fromEntries(Object.entries(whole).filter(([name]) => !(question.omit ?? []).includes(name)));
}

/** "from the time call is triggered to the second leg of the call till it is over". */
function timelineSeconds(call: DoubleCall): number {
	const line = timeline(call);
	return call.kind === 'inbound' && call.ended ? line.ringSeconds[1] + line.conversation : 0;
}

function callType(call: DoubleCall | undefined): string {
	if (call?.kind !== 'inbound' || !call.ended) return 'call-attempt';
	return finalStatus(call) === 'completed' ? 'completed' : 'incomplete';
}

/** The address with the parameters behind whatever query it has. */
export function questionUrl(
	url: string,
	parameters: Record<string, string>,
	plus: 'encoded' | 'raw' = 'encoded',
): string {
	const query = new URLSearchParams(parameters).toString();
	const written = plus === 'raw' ? query.replace(/%2B/g, '+') : query;
	const [address = '', fragment] = url.split('#', 2);
	const joined = `${address}${address.includes('?') ? '&' : '?'}${written}`;
	return fragment === undefined ? joined : `${joined}#${fragment}`;
}

/**
 * The header of the question. Spelt as in seed 002 (`Exotel-Version`) and seed 003 (`exotel-version`); Passthru has
 * none.
 */
export function questionHeaders(applet: Applet): Record<string, string> {
	if (applet === 'connect-1.0') return { 'Exotel-Version': '1.0' };
	return applet === 'connect-1.1' ? { 'exotel-version': '1.1' } : {};
}
