/**
 * Read one call (v1): `GET /v1/Accounts/<sid>/Calls/<CallSid>.json?details=true`; seed 004, "call details";
 * `RecordingUrlValidity` from facts 3.1. `.json` stands before the `?`. The address is built, never taken from a
 * response's `Uri`, which may hold `.json` in its middle.
 */
import { integer } from '../fields/field';
import { query, readingRequest, v1Url } from '../http/request';
import { defineOperation } from './operation';
import { readV1Call } from './read-v1-call';
import { callDetails, callSid } from './shared-fields';

/** Read one call that was placed with v1 or came in. */
export const getCall = defineOperation({
	name: 'getCall',
	fields: {
		sid: callSid,
		details: callDetails,
		recordingUrlValidityMinutes: integer({
			label: 'Recording link valid for (minutes)',
			description:
				'Get a link to the recording that works without a password for this long. Exotel has to enable it ' +
				'for your account.',
			parameter: 'RecordingUrlValidity',
			source: 'facts 3.1',
			unit: 'minutes',
			min: 5,
			max: 60,
			example: 30,
		}),
	},
	request(account, values) {
		const parameters = query([
			['details', values.details === false ? undefined : true],
			['RecordingUrlValidity', values.recordingUrlValidityMinutes],
		]);
		return readingRequest(v1Url(account, `/Calls/${values.sid}.json${parameters}`), 'call');
	},
	read: readV1Call,
});
