/**
 * Connect two numbers (v1): Exotel rings `from`; when that is answered, it rings `to` and connects the two.
 * `POST /v1/Accounts/<sid>/Calls/connect.json`; seed 004, "connect two numbers", parameters in the order of its table.
 * `StartPlaybackTo`/`Value` go out under their plain names (Exotel fact sheet 2.1).
 */

import { inputError } from '../errors';
import type { Call } from '../call/call';
import { connectNumbersFields } from '../fields/placing-calls';
import { readFields } from '../fields/reading';
import type { Operation } from './operation';
import { formBody, v1Url } from '../http/encoding';
import { placingRequest } from '../http/request';
import { readV1Call } from './read-v1-call';

/** What `connectNumbers` takes. Values may come from a form or a message: everything is checked. */
export interface ConnectNumbersInput {
	from: string;
	to: string;
	exoPhone: string;
	record?: boolean;
	recordingChannels?: 'single' | 'dual';
	recordingFormat?: 'mp3' | 'mp3-hq';
	/** Seconds, 1 to 14400. */
	timeLimitSeconds?: number;
	/** Seconds. */
	ringTimeSeconds?: number;
	waitAudioUrl?: string;
	customField?: string;
	playbackTo?: 'callee' | 'both';
	playbackUrl?: string;
	callType?: 'trans';
	statusCallbackUrl?: string;
	statusCallbackEvents?: ('terminal' | 'answered' | 'ringing')[];
	statusCallbackContentType?: 'multipart/form-data' | 'application/json';
}

/** Connect two numbers (v1). Makes phones ring. */
export const connectNumbers: Operation<ConnectNumbersInput, Call> = {
	name: 'connectNumbers',
	request(account, input) {
		const { values, violations } = readFields(connectNumbersFields, input, account);
		const v = values as Partial<ConnectNumbersInput>;
		if (v.from !== undefined && v.from === v.to) {
			violations.push({
				field: 'to',
				rule: 'different',
				message: 'From and To are the same number. Exotel would drop the call at once.',
			});
		}
		if (violations.length > 0) throw inputError(violations);
		return placingRequest(
			v1Url(account, '/Calls/connect.json'),
			'application/x-www-form-urlencoded',
			formBody([
				['From', v.from],
				['To', v.to],
				['CallerId', v.exoPhone],
				['CallType', v.callType],
				['TimeLimit', v.timeLimitSeconds],
				['TimeOut', v.ringTimeSeconds],
				['WaitUrl', v.waitAudioUrl],
				['Record', v.record],
				['RecordingChannels', v.recordingChannels],
				['RecordingFormat', v.recordingFormat],
				['CustomField', v.customField],
				[
					'StartPlaybackTo',
					v.playbackTo === undefined ? undefined : v.playbackTo === 'both' ? 'Both' : 'Callee',
				],
				['StartPlaybackValue', v.playbackUrl],
				['StatusCallback', v.statusCallbackUrl],
				...(v.statusCallbackEvents ?? []).map((event, index): [string, string] => [
					`StatusCallbackEvents[${index}]`,
					event,
				]),
				['StatusCallbackContentType', v.statusCallbackContentType],
			]),
		);
	},
	read: readV1Call,
};
