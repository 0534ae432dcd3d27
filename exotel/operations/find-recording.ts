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
	const isOver = call.state === 'ended' && call.outcome !== null && call.outcome !== 'answered';
	if (isOver) {
		throw new ExotelError('not-found', 'This call has no recording: nobody talked.', {
			help: 'recording',
			hint: 'Only calls that were answered are recorded.',
		});
	}
	throw new ExotelError('not-found', 'This call has no recording yet.', {
		help: 'recording',
		hint:
			'It is there some minutes after the call has ended, and only if the call was recorded. Wait ' +
			'longer, or switch recording on when the call is placed.',
		retryable: true,
	});
}
