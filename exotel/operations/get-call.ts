/**
 * Read one call (v1): `GET /v1/Accounts/<sid>/Calls/<CallSid>.json?details=true`; seed 004, "call details";
 * `RecordingUrlValidity` from the Exotel fact sheet 3.1. `.json` stands before the `?`. The address is built, never
 * taken from an answer's `Uri`, which may hold `.json` in its middle.
 */

import { inputError } from '../errors';
import type { Call } from '../call/call';
import { getCallFields } from '../fields/reading-calls';
import { readFields } from '../fields/reading';
import type { Operation } from './operation';
import { query, v1Url } from '../http/encoding';
import { readingRequest } from '../http/request';
import { readV1Call } from './read-v1-call';

/** What `getCall` takes. */
export interface GetCallInput {
	sid: string;
	/** Also read both legs; true by default. */
	details?: boolean;
	/** Ask for a pre-signed recording URL that is valid for 5 to 60 minutes. */
	recordingUrlValidityMinutes?: number;
}

/** Read one call that was placed with v1 or came in. */
export const getCall: Operation<GetCallInput, Call> = {
	name: 'getCall',
	request(account, input) {
		const { values, violations } = readFields(getCallFields, input, account);
		if (violations.length > 0) throw inputError(violations);
		const v = values as unknown as GetCallInput;
		const parameters = query([
			['details', v.details === false ? undefined : true],
			['RecordingUrlValidity', v.recordingUrlValidityMinutes],
		]);
		return readingRequest(v1Url(account, `/Calls/${v.sid}.json${parameters}`), 'call');
	},
	read: readV1Call,
};
