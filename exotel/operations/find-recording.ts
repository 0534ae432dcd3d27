/**
 * The address of a call's recording. Exotel names it some minutes after the end of a call, and only when the call was
 * recorded.
 */
import type { Account } from '../account';
import type { Call } from '../call/call';
import { ExotelError } from '../errors';
import type { SendOptions } from '../http/send';
import { findCall, type FindCallInput, type WhereToLook } from './find-call';

/** A call and where its recording is. */
export interface RecordedCall {
	call: Call;
	url: string;
}

/**
 * True when nothing can have been recorded. Where Exotel itself took the call – one that came in, or one it calls
 * `completed` – a message may have been left although no agent answered (seed 002, voicemail); its address comes later
 * (seed 004).
 */
function isUnanswered({ direction, status, outcome }: Call): boolean {
	if (direction === 'inbound' || status?.toLowerCase() === 'completed') return false;
	return outcome !== null && outcome !== 'answered' && outcome !== 'unknown';
}

/**
 * Finds a call and the address of its recording.
 * @throws ExotelError what the request throws; `not-found` without a recording, retryable while one may still come.
 */
export async function findRecording(
	account: Account,
	input: FindCallInput,
	where: WhereToLook,
	options: SendOptions,
): Promise<RecordedCall> {
	const { result: call } = await findCall(account, input, where, options);
	if (call.recordingUrl !== null) return { call, url: call.recordingUrl };
	if (isUnanswered(call)) {
		throw new ExotelError('not-found', 'This call has no recording: nobody talked.', {
			help: 'recording',
			hint: 'Only calls that were answered are recorded, and messages that callers leave.',
		});
	}
	throw new ExotelError('not-found', 'This call has no recording yet.', {
		help: 'recording',
		hint:
			'It is there some minutes after the call has ended, and only if the call was recorded or the caller left ' +
			'a message. Wait longer, or switch recording on when the call is placed.',
		retryable: true,
	});
}
