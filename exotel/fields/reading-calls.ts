/**
 * The inputs of the requests that read calls: one call, many calls, a recording.
 * Sources: seed 004 (call details, bulk call details), Exotel fact sheet 3.1 and 3.3.
 */

import type { FieldDescription } from './description';

/** The form of a call SID: 32 letters and digits, not always hexadecimal (Exotel fact sheet 2.3). */
const callSid = { form: /^[0-9a-z]{32}$/, rule: 'must be the 32 small letters and digits that Exotel gave the call' };

const exampleSid = 'b6cfaf5f5cef3ca0fc937749ef960e25';

/** Inputs of `getCall` (seed 004, call details). */
export const getCallFields: FieldDescription[] = [
	{ name: 'sid', label: 'Call SID', description: 'The ID of the call: 32 letters and digits. You get it when the call is placed and with every event of the call.', kind: 'text', example: exampleSid, required: true, pattern: callSid },
	{ name: 'details', label: 'With both legs', description: 'Also ask how each of the two phones fared and how long the two spoke.', kind: 'boolean', default: true, example: true, required: false },
	{ name: 'recordingUrlValidityMinutes', label: 'Recording link valid for (minutes)', description: 'Ask for a link to the recording that works without password for this long. Exotel has to enable it for your account.', kind: 'integer', unit: 'minutes', min: 5, max: 60, example: 30, required: false },
];

/** Inputs of `getAgentCall` (seed 001, CCM call details). */
export const getAgentCallFields: FieldDescription[] = [
	{ name: 'sid', label: 'Call SID', description: 'The ID of the call: 32 letters and digits.', kind: 'text', example: exampleSid, required: true, pattern: callSid },
];
