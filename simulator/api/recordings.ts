/**
 * `GET /exotelrecordings/<account>/<call>.mp3`. Recordings are private (facts 3.1): Basic credentials of
 * the account, or a pre-signed link.
 */
import { admission } from './http/basic-auth';
import { recordedSeconds } from '../model/call';
import { recordingReadyAt, recordingSignature } from '../model/recording';
import { text, type Answer } from '../wire/answer';
import { toneMp3 } from '../wire/recording-audio';
import type { Incoming } from './http/request';
import type { PathParameters } from './http/router';
import type { Simulation } from '../engine/simulation';

/** Answers the sound of a recording. */
export function downloadRecording(
	simulation: Simulation,
	incoming: Incoming,
	{ sid: accountSid = '', call: callSid = '' }: PathParameters,
): Answer {
	const { accounts, calls, clock, settings } = simulation;
	const query = new Map(incoming.query);
	const signature = query.get('Signature');
	const until = Number(query.get('Expires'));
	if (signature !== undefined) {
		const valid = signature === recordingSignature(incoming.path, until) && until * 1000 >= clock.now();
		if (!valid) return denied(403, 'AccessDenied');
	} else if (admission(accounts, incoming.headers.authorization, accountSid) !== 'yes')
		return denied(401, 'AccessDenied');
	const call = calls.findFor(accountSid, callSid);
	const readyAt = call && recordingReadyAt(call, settings.quirks.recordingDelaySeconds);
	if (!call || readyAt === null || readyAt > clock.now()) return denied(404, 'NoSuchKey');
	return text(200, 'audio/mpeg', toneMp3(recordedSeconds(call)), { 'Accept-Ranges': 'none' });
}

function denied(status: number, code: string): Answer {
	const headers: Record<string, string> = status === 401 ? { 'WWW-Authenticate': 'Basic realm="recordings"' } : {};
	const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code></Error>`;
	return text(status, 'application/xml', body, headers);
}
