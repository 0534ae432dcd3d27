/**
 * The query parameters of an applet request: documented ones (seeds 002 and 003) with their peculiarities – the epoch
 * as `EndTime`, digits in quotation marks – and what public captures show besides.
 */
import { digest } from '../model/random';
import { inForm } from '../model/phone-numbers';
import { recordingUrl } from '../model/recording';
import { createdStamp, naiveStamp, rfcStamp } from './stamps';
import type { Dialled, FlowRun } from '../model/flow-run';
import type { Quirks } from '../model/quirks';
import type { WireContext } from './context';

type Parameters = Record<string, string | null | undefined>;

/** "no end yet": epoch 0 in Indian time (seed 002). */
const NO_END = '1970-01-01 05:30:00';
/** Milliseconds after which recordings are said to be available in captures (facts 9.2). */
const RECORDING_AVAILABLE_MS = 300_000;

/** Names and values, in order, before encoding. */
export function appletParameters(context: WireContext, run: FlowRun, version: '1.0' | '1.1'): [string, string][] {
	const { call, dialled } = run;
	const { quirks } = context;
	const form = (number: string) => inForm(number, quirks.numberForm);
	const extras = capturedParameters(quirks, run, version);
	const parameters: Parameters = {
		CallSid: call.sid,
		// CallFrom and CallTo are not in the page of version 1.1, but consumers read them there too (facts 7.5)
		CallFrom: form(call.from),
		CallTo: form(call.exoPhone),
		Direction: call.direction === 'inbound' ? 'incoming' : 'outbound-dial',
		ForwardedFrom: extras.ForwardedFrom,
		Created: createdStamp(call.createdAt, quirks.createdForm),
		DialCallDuration: String(dialled?.seconds ?? 0),
		RecordingUrl: recordingSoFar(context, run),
		StartTime: naiveStamp(call.startedAt),
		EndTime: NO_END,
		DialCallStatus: dialled?.status ?? null,
		CallType: run.callType,
		DialWhomNumber: dialled ? form(dialled.number) : '',
		ProcessStatus: extras.ProcessStatus,
		flow_id: run.flowId,
		tenant_id: extras.tenant_id,
		From: form(call.from),
		To: form(call.exoPhone),
		RecordingAvailableBy: extras.RecordingAvailableBy,
		CurrentTime: naiveStamp(call.time),
		OutgoingPhoneNumber: extras.OutgoingPhoneNumber,
		digits: run.digits === null ? null : `"${run.digits}"`,
		CustomField: call.customField,
		...(quirks.undocumentedQuestionFields && dialled ? legParameters(run, dialled, form) : {}),
	};
	return Object.entries(parameters).filter((pair): pair is [string, string] => typeof pair[1] === 'string');
}

/** What public captures show besides the documented parameters (facts 9.2). */
function capturedParameters(
	quirks: Quirks,
	{ call, dialled, outgoingNumber }: FlowRun,
	version: '1.0' | '1.1',
): Parameters {
	if (!quirks.undocumentedQuestionFields) return {};
	const always = {
		ForwardedFrom: 'null',
		tenant_id: String(parseInt(digest(`tenant|${call.accountSid}`).slice(0, 5), 16)),
	};
	if (!dialled) return always;
	return {
		...always,
		ProcessStatus: 'null',
		RecordingAvailableBy: version === '1.0' ? rfcStamp(call.time + RECORDING_AVAILABLE_MS) : null,
		OutgoingPhoneNumber: inForm(outgoingNumber ?? call.exoPhone, quirks.numberForm),
	};
}

/** The recording of the conversation or of the message so far; the call itself goes on. */
function recordingSoFar(context: WireContext, { call, dialled }: FlowRun): string | null {
	const talked = dialled !== null && dialled.talkSeconds > 0 && call.record;
	if (!talked && call.voicemailSeconds === 0) return null;
	return recordingUrl(context.baseUrl, { ...call, endedAt: call.time }) ?? '';
}

/** `Legs[0][…]` of public captures (facts 9.2, 9.3). */
function legParameters(run: FlowRun, dialled: Dialled, form: (number: string) => string): Parameters {
	const [code, cause] = causes[dialled.status] ?? ['RING_TIMEOUT', '1003'];
	const leg = {
		Number: form(dialled.number),
		Type: 'single',
		OnCallDuration: String(dialled.talkSeconds),
		CallerId: form(run.outgoingNumber ?? run.call.exoPhone),
		CauseCode: code,
		Cause: cause,
	};
	return Object.fromEntries(Object.entries(leg).map(([name, value]) => [`Legs[0][${name}]`, value]));
}

const causes: Record<string, [string, string]> = {
	completed: ['NORMAL_CLEARING', '16'],
	busy: ['USER_BUSY', '17'],
	failed: ['UNALLOCATED_NUMBER', '1'],
};

/** Adds parameters to a URL the way PHP writes a query; `+` as `%2B`, or raw where the quirk says so. */
export function withParameters(
	url: string,
	pairs: readonly [string, string][],
	plus: Quirks['plusInQuestions'],
): string {
	const encode = (value: string) => {
		const encoded = encodeURIComponent(value)
			.replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)
			.replace(/%20/g, '+');
		return plus === 'raw' ? encoded.replace(/%2B/g, '+') : encoded;
	};
	const query = pairs.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&');
	const [address = '', fragment] = url.split('#', 2);
	return `${address}${jointAfter(address)}${query}${fragment === undefined ? '' : `#${fragment}`}`;
}

function jointAfter(address: string): string {
	if (!address.includes('?')) return '?';
	return /[?&]$/.test(address) ? '' : '&';
}
