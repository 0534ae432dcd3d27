/**
 * Recordings: where they are, since when, and who may hear them. The path is the one of Exotel's storage
 * (`/exotelrecordings/<sid>/<callsid>.mp3`, seed 004); the host is the simulator's own, so that they really download.
 * They are private (Exotel fact sheet 3.1): Basic credentials of the account, or a pre-signed link.
 */
import { digest } from '../model/random';
import { hasRecording, type Call } from '../model/call';
import { toneMp3 } from '../wire/recording-audio';
import { text, type Answer } from '../wire/answer';
import type { Exchange } from '../engine/simulation';
import type { Incoming } from './request';

/** Address of the call's recording, or null while (or if) there is none. */
export function recordingUrl(exchange: Exchange, call: Call): string | null {
	return hasRecording(call) ? `${exchange.url}/exotelrecordings/${call.accountSid}/${call.sid}.mp3` : null;
}

/** Epoch milliseconds of simulated time from which the recording can be downloaded; null = never. */
export function recordingReadyAt(exchange: Exchange, call: Call): number | null {
	return hasRecording(call) ? (call.endedAt as number) + exchange.settings.quirks.recordingDelaySeconds * 1000 : null;
}

/** A recording URL that needs no credentials until it expires (simulated time). */
export function presigned(exchange: Exchange, url: string, minutes: number): string {
	const until = Math.floor(exchange.clock.now() / 1000) + minutes * 60;
	return `${url}?Expires=${until}&Signature=${signature(new URL(url).pathname, until)}`;
}

/** `GET /exotelrecordings/<account>/<call>.mp3` */
export function downloadRecording(exchange: Exchange, incoming: Incoming, accountSid: string, callSid: string): Answer {
	const query = new Map(incoming.query);
	const until = Number(query.get('Expires'));
	const linked = query.has('Signature');
	if (linked && (query.get('Signature') !== signature(incoming.path, until) || until * 1000 < exchange.clock.now()))
		return denied(403, 'AccessDenied');
	if (!linked && exchange.accounts.admits(incoming.headers.authorization, accountSid) !== 'yes')
		return denied(401, 'AccessDenied');
	const call = exchange.calls.findFor(accountSid, callSid);
	const readyAt = call && recordingReadyAt(exchange, call);
	if (!call || readyAt === null || readyAt > exchange.clock.now()) return denied(404, 'NoSuchKey');
	return text(200, 'audio/mpeg', toneMp3(call.conversationSeconds ?? 0), { 'Accept-Ranges': 'none' });
}

function denied(status: number, code: string): Answer {
	const headers: Record<string, string> = status === 401 ? { 'WWW-Authenticate': 'Basic realm="recordings"' } : {};
	return text(
		status,
		'application/xml',
		`<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code></Error>`,
		headers,
	);
}

/** Tells an expired or foreign link from a valid one; nothing is secret in a simulator. */
function signature(path: string, until: number): string {
	return digest(`recording|${path}|${until}`).slice(0, 24);
}
