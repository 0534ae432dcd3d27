/**
 * The query parameters of an applet question: documented ones (seeds 002 and 003) with their peculiarities – `Created`
 * in RFC form, the epoch as `EndTime`, digits in quotation marks – and what public captures show besides.
 */
import { inForm } from '../model/phone-numbers';
import { naiveStamp, rfcStamp } from './stamps';
import { recordingUrl } from '../api/recordings';
import { digest } from '../model/random';
import type { Exchange } from '../engine/simulation';
import type { FlowRun } from '../model/flow-run';

/** "no end yet": epoch 0 in Indian time (seed 002). */
const NO_END = '1970-01-01 05:30:00';
/** Seconds after which recordings are said to be available in captures (Exotel fact sheet 9.2). */
const RECORDING_AVAILABLE_MS = 300_000;

/** Names and values, in order, before encoding. */
export function questionParameters(exchange: Exchange, run: FlowRun, version: '1.0' | '1.1'): [string, string][] {
	const { call, dialled } = run;
	const { quirks } = exchange.settings;
	const form = (number: string) => inForm(number, quirks.numberForm);
	const extras = quirks.undocumentedQuestionFields;
	const pairs: [string, string | null][] = [
		['CallSid', call.sid],
		// CallFrom and CallTo are not in the page of version 1.1, but consumers read them there too (fact sheet 7.5)
		['CallFrom', form(call.from)],
		['CallTo', form(call.exoPhone)],
		['Direction', call.direction === 'inbound' ? 'incoming' : 'outbound-dial'],
		['ForwardedFrom', extras ? 'null' : null],
		['Created', rfcStamp(call.createdAt)],
		['DialCallDuration', String(dialled?.seconds ?? 0)],
		['RecordingUrl', dialled && dialled.talkSeconds > 0 && call.record ? recordingAddress(exchange, run) : null],
		['StartTime', naiveStamp(call.startedAt)],
		['EndTime', NO_END],
		['DialCallStatus', dialled?.status ?? null],
		['CallType', run.callType],
		['DialWhomNumber', dialled ? form(dialled.number) : ''],
		['ProcessStatus', extras && dialled ? 'null' : null],
		['flow_id', run.flowId],
		['tenant_id', extras ? String(parseInt(digest(`tenant|${call.accountSid}`).slice(0, 5), 16)) : null],
		['From', form(call.from)],
		['To', form(call.exoPhone)],
		[
			'RecordingAvailableBy',
			extras && dialled && version === '1.0' ? rfcStamp(call.time + RECORDING_AVAILABLE_MS) : null,
		],
		['CurrentTime', naiveStamp(call.time)],
		['OutgoingPhoneNumber', extras && dialled ? form(call.exoPhone) : null],
		['digits', run.digits === null ? null : `"${run.digits}"`],
		['CustomField', call.customField],
		...(extras && dialled ? legParameters(run, form) : []),
	];
	return pairs.filter((pair): pair is [string, string] => pair[1] !== null);
}

function recordingAddress(exchange: Exchange, run: FlowRun): string {
	return recordingUrl(exchange, { ...run.call, endedAt: run.call.time }) ?? '';
}

/** `Legs[0][…]` of public captures (Exotel fact sheet 9.2, 9.3). */
function legParameters(run: FlowRun, form: (number: string) => string): [string, string][] {
	const dialled = run.dialled as NonNullable<FlowRun['dialled']>;
	const [code, cause] = CAUSES[dialled.status] ?? ['RING_TIMEOUT', '1003'];
	const leg = {
		Number: form(dialled.number),
		Type: 'single',
		OnCallDuration: String(dialled.talkSeconds),
		CallerId: form(run.call.exoPhone),
		CauseCode: code,
		Cause: cause,
	};
	return Object.entries(leg).map(([name, value]) => [`Legs[0][${name}]`, value]);
}

const CAUSES: Record<string, [string, string]> = {
	completed: ['NORMAL_CLEARING', '16'],
	busy: ['USER_BUSY', '17'],
	failed: ['UNALLOCATED_NUMBER', '1'],
};

/** Adds parameters to a URL the way PHP writes a query; `+` as `%2B`, or raw where the quirk says so. */
export function withParameters(url: string, pairs: readonly [string, string][], plus: 'encoded' | 'raw'): string {
	const encode = (written: string) => {
		const encoded = encodeURIComponent(written)
			.replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)
			.replace(/%20/g, '+');
		return plus === 'raw' ? encoded.replace(/%2B/g, '+') : encoded;
	};
	const query = pairs.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&');
	const [address, fragment] = url.split('#', 2);
	const joint = address.includes('?') ? (/[?&]$/.test(address) ? '' : '&') : '?';
	return `${address}${joint}${query}${fragment === undefined ? '' : `#${fragment}`}`;
}
