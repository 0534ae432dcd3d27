/**
 * Fields that several operations share. Sources: seed 004 (parameter tables of both v1 calls), seed 001 (v2), facts
 * 2.1, 2.2, 5.1.
 */
import { CALL_SID } from '../call/call-sid';
import { choice, integer, phone, text, toggle, url } from '../fields/field';

const EXOPHONE_DESCRIPTION = 'The Exotel number the call is made with. Pick one of the ExoPhones of your account.';
const RECORD_DESCRIPTION =
	'Record the conversation, if there is one. The recording is available a few minutes after the call has ended.';
const WAIT_AUDIO_DESCRIPTION =
	'Web address of a wav file (best under 2 MB) that the first person hears until the second one answers. Exotel ' +
	'keeps a copy: when you change the sound, give the file a new name. Set the ring time as well.';

/** The number the call is made with, as v1 names it. */
export const exoPhone = phone({
	label: 'ExoPhone',
	description: EXOPHONE_DESCRIPTION,
	parameter: 'CallerId',
	source: 'seed 004',
	example: '08047112233',
	required: true,
	preserveFormat: true,
});

/** Record the conversation (v1). */
export const record = toggle({
	label: 'Record the call',
	description: RECORD_DESCRIPTION,
	parameter: 'Record',
	source: 'seed 004',
	default: false,
	tier: 'common',
});

/** One or two audio tracks; the same choice when a call is placed and when an applet is answered (seeds 001 to 004). */
export const recordingChannels = choice({
	label: 'Recording channels',
	description: 'One audio track for both people, or one track each. Only when the call is recorded.',
	parameter: 'RecordingChannels',
	source: 'seed 004',
	options: [
		{ value: 'single', label: 'One track', description: 'Both people on one track.' },
		{ value: 'dual', label: 'Two tracks', description: 'Each person on a separate track.' },
	],
	default: 'single',
	example: 'dual',
	dependsOn: 'record',
});

/** How a call is read: with its legs and the time the two spoke (v1; seed 004, `details=true`). */
export const callDetails = toggle({
	label: 'With both legs',
	description:
		'Also read how each of the two phones was reached and how long the two spoke. Without it the outcome of an ' +
		'incoming call that Exotel calls completed is unknown.',
	parameter: 'details',
	source: 'seed 004',
	default: true,
});

/** Longest call (v1). */
export const timeLimitSeconds = integer({
	label: 'End the call after (seconds)',
	description: 'Exotel ends the call after this time. At most 14400 seconds, which is 4 hours.',
	parameter: 'TimeLimit',
	source: 'seed 004',
	unit: 'seconds',
	min: 1,
	max: 14_400,
	example: 1800,
});

/** How long a phone rings (v1). */
export const ringTimeSeconds = integer({
	label: 'Ring for at most (seconds)',
	description: 'How long each phone rings before Exotel gives up on it.',
	parameter: 'TimeOut',
	source: 'seed 004',
	unit: 'seconds',
	min: 1,
	example: 30,
});

/** What the first person hears (v1). */
export const waitAudioUrl = url({
	label: 'Waiting sound',
	description: WAIT_AUDIO_DESCRIPTION,
	parameter: 'WaitUrl',
	source: 'seed 004',
	example: 'https://example.com/please-wait.wav',
	audio: true,
});

/** A text of the user's that comes back with the end of the call (v1). */
export const customField = text({
	label: 'Your own reference',
	description: 'Any text of yours, such as an order number. It comes back with the end of the call.',
	parameter: 'CustomField',
	source: 'seed 004',
	example: 'order-1042',
	preserveWhitespace: true,
});

/** Transactional is all that is left (v1). */
export const callType = choice({
	label: 'Call type',
	description: 'Transactional is the only type that Exotel still accepts.',
	parameter: 'CallType',
	source: 'seed 004',
	options: [{ value: 'trans', label: 'Transactional', description: 'A call the customer expects, not advertising.' }],
	example: 'trans',
});

/** Where Exotel reports what happens (v1). */
export const statusCallbackUrl = url({
	label: 'Status callback URL',
	description: 'Web address to which Exotel sends the events of the call.',
	parameter: 'StatusCallback',
	source: 'seed 004',
	example: 'https://example.com/exotel/calls',
});

/** How Exotel writes its callbacks (v1). Not for a call to a flow (seed 004). */
export const statusCallbackContentType = choice({
	label: 'Status callback format',
	description: 'How Exotel writes its callbacks. Both formats are understood here.',
	parameter: 'StatusCallbackContentType',
	source: 'seed 004',
	options: [
		{ value: 'multipart/form-data', label: 'Form', description: 'What Exotel sends by default.' },
		{ value: 'application/json', label: 'JSON', description: 'Easier to read for other programs.' },
	],
	default: 'multipart/form-data',
	example: 'application/json',
	dependsOn: 'statusCallbackUrl',
});

/** The callback at the end of a call. */
export const terminalEvent = {
	value: 'terminal',
	label: 'Ended',
	description: 'Once, when the call is over.',
} as const;

/** The callback when a person picks up. */
export const answeredEvent = {
	value: 'answered',
	label: 'Answered',
	description: 'When a person picks up; once for each of the two.',
} as const;

/** The callback when a phone starts to ring (seed 000). */
export const ringingEvent = {
	value: 'ringing',
	label: 'Ringing',
	description: 'When a phone starts to ring. Exotel has to enable this for your account.',
} as const;

const CALL_SID_DESCRIPTION =
	'The ID of the call, usually 32 letters and digits. You get it when the call is placed and with every event of ' +
	'the call.';

/** What every call SID has to look like. */
export const callSidPattern = {
	form: CALL_SID,
	rule: 'must be the ID that Exotel gave the call: up to 64 letters, digits, "-" and "_"',
};

/** An example of a call SID. */
export const EXAMPLE_CALL_SID = 'b6cfaf5f5cef3ca0fc937749ef960e25';

/** The call an operation is about. */
export const callSid = text({
	label: 'Call SID',
	description: CALL_SID_DESCRIPTION,
	parameter: 'CallSid',
	source: 'seed 004',
	example: EXAMPLE_CALL_SID,
	required: true,
	pattern: callSidPattern,
});
