/** Sends a status callback when a test says so. */
import { randomBytes } from 'node:crypto';
import { findCall, type Account } from './account';
import type { DoubleCall } from './calls';
import { defaultBody, formPairs, v1Body, v2Body, type Body } from './callback-bodies';
import type { CallbackEvent } from './calls';
import { writeMultipart } from './form';
import { send, type Response } from './http';

/** How a callback is sent; everything follows from the call unless said. */
export interface ReportOptions {
	/** Who rings or answered: 1 (default) or 2. */
	leg?: 1 | 2;
	/** `urlencoded` is no type Exotel documents; receivers should read it all the same. */
	contentType?: 'multipart' | 'json' | 'urlencoded';
	/** Another address; also sends an event that nobody asked for. */
	to?: string;
	/** How often the same bytes are sent, one after the other; the last answer is returned. 1 unless said. */
	times?: number;
	/** Fields that replace or join those of the body; for v2 those of `call_details`. */
	extra?: Body;
	/** Fields left out. */
	omit?: string[];
	/** Sends the default four fields although events were asked for. */
	four?: boolean;
	headers?: Record<string, string>;
	/** Milliseconds; 15000 unless said (facts, not documented). */
	timeoutMs?: number;
}

/** What the receiver of a callback did. */
export interface Reported extends Response {
	/** Where it was sent. */
	url: string;
	/** What was sent, byte for byte. */
	sent: string;
	contentType: string;
}

/** Sends one event of a call. A terminal report ends the call. Throws when Exotel would send no such report. */
export async function report(
	account: Account,
	sid: string,
	event: CallbackEvent,
	options: ReportOptions,
): Promise<Reported> {
	const call = findCall(account, sid);
	if (call === undefined) throw new Error(`The double has no call ${sid}`);
	if (event === 'terminal') call.ended = true;
	const { url, four } = destination(account, call, event, options);
	const whole = body(account, call, event, four, options.leg ?? 1);
	const { bytes, contentType } = written(call, changed(whole, options), options.contentType);
	let answer: Response | null = null;
	for (let sent = 0; sent < (options.times ?? 1); sent += 1) {
		answer = await send(url, {
			method: 'POST',
			headers: { 'Content-Type': contentType, ...options.headers },
			body: bytes,
			timeoutMs: options.timeoutMs ?? 15000,
		});
		call.reported.push({ event, status: answer.status, at: Date.now() });
	}
	if (answer === null) throw new Error('A report is sent at least once');
	return { ...answer, url, sent: bytes, contentType };
}

function destination(
	account: Account,
	call: DoubleCall,
	event: CallbackEvent,
	options: ReportOptions,
): { url: string; four: boolean } {
	const asked = call.subscriptions.find((one) => one.event === event);
	const off = event === 'ringing' && !account.ringing;
	const fallback = event === 'terminal' ? call.defaultCallback : null;
	// Only v1 knows the default four; a test that redirects a report of a call without events gets them as well.
	const four =
		options.four ??
		(call.api === 'v1' && event === 'terminal' && (call.subscriptions.length === 0 || call.kind === 'flow'));
	const url = options.to ?? (off ? null : asked?.url) ?? fallback;
	if (url === null || url === undefined)
		throw new Error(`Exotel sends no ${event} report for this call: nobody asked for it`);
	return { url, four };
}

function body(account: Account, call: DoubleCall, event: CallbackEvent, four: boolean, leg: 1 | 2): Body {
	if (call.api === 'v2') return v2Body(account, call, event, leg);
	return four ? defaultBody(account, call) : v1Body(account, call, event, leg);
}

function changed(whole: Body, { extra = {}, omit = [] }: ReportOptions): Body {
	const change = (fields: Body): Body =>
		Object.fromEntries(Object.entries({ ...fields, ...extra }).filter(([name]) => !omit.includes(name)));
	if ('call_details' in whole) return { ...whole, call_details: change(whole.call_details as Body) };
	return change(whole);
}

/**
 * Writes the body; v1 by default as multipart, v2 always as JSON (seed 001). The default is (facts, not documented).
 */
function written(
	call: DoubleCall,
	fields: Body,
	wanted: ReportOptions['contentType'],
): { bytes: string; contentType: string } {
	const asked = call.api === 'v2' || call.contentType === 'application/json' ? 'json' : 'multipart';
	const type = wanted ?? asked;
	if (type === 'json') return { bytes: JSON.stringify(fields), contentType: 'application/json' };
	if (type === 'urlencoded') {
		return {
			bytes: new URLSearchParams(formPairs(fields)).toString(),
			contentType: 'application/x-www-form-urlencoded',
		};
	}
	const boundary = `------------------------${randomBytes(8).toString('hex')}`;
	return {
		bytes: writeMultipart(formPairs(fields), boundary),
		contentType: `multipart/form-data; boundary=${boundary}`,
	};
}
