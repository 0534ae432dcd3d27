/**
 * Connect two numbers (v1): Exotel rings `from`; when that is answered, it rings `to` and connects the two.
 * `POST /v1/Accounts/<sid>/Calls/connect.json`; seed 004, "connect two numbers", parameters in the order of its table.
 * `StartPlaybackTo`/`Value` go out under their plain names (facts 2.1).
 */
import { choice, choices, phone, url } from '../fields/field';
import { placingForm } from '../http/request';
import { defineOperation, different } from './operation';
import { readV1Call } from './read-v1-call';
import {
	answeredEvent,
	callType,
	customField,
	exoPhone,
	record,
	recordingChannels,
	ringingEvent,
	ringTimeSeconds,
	statusCallbackContentType,
	statusCallbackUrl,
	terminalEvent,
	timeLimitSeconds,
	waitAudioUrl,
} from './shared-fields';

const NUMBER_ADVICE = 'With country code, or as it is dialled in your country; a landline with its area code.';

/** Connect two numbers (v1). Makes phones ring. */
export const connectNumbers = defineOperation({
	name: 'connectNumbers',
	fields: {
		from: phone({
			label: 'From (rings first)',
			description: `The phone that rings first, usually your own or an agent's. ${NUMBER_ADVICE}`,
			parameter: 'From',
			source: 'seed 004',
			example: '+919812345678',
			required: true,
			sip: true,
		}),
		to: phone({
			label: 'To (rings second)',
			description:
				"The phone that rings when the first person has answered, usually the customer's. " + NUMBER_ADVICE,
			parameter: 'To',
			source: 'seed 004',
			example: '+918012345678',
			required: true,
		}),
		exoPhone,
		record,
		recordingChannels,
		recordingFormat: choice({
			label: 'Recording quality',
			description: 'Exotel has to enable high quality for your account. Only when the call is recorded.',
			parameter: 'RecordingFormat',
			source: 'seed 004',
			options: [
				{ value: 'mp3', label: 'Normal', description: 'Ordinary mp3.' },
				{ value: 'mp3-hq', label: 'High', description: 'mp3 with a higher bit rate, on request.' },
			],
			default: 'mp3',
			example: 'mp3-hq',
			dependsOn: 'record',
		}),
		timeLimitSeconds,
		ringTimeSeconds,
		waitAudioUrl,
		customField,
		playbackTo: choice({
			label: 'Opening sound for',
			description: 'Who hears the opening sound. Only with an opening sound.',
			parameter: 'StartPlaybackTo',
			source: 'seed 004',
			options: [
				{
					value: 'callee',
					label: 'Second person',
					description: "The person who is called second; Exotel's description says: the agent.",
					sentAs: 'Callee',
				},
				{ value: 'both', label: 'Both', description: 'Both people.', sentAs: 'Both' },
			],
			default: 'callee',
			example: 'both',
			dependsOn: 'playbackUrl',
		}),
		playbackUrl: url({
			label: 'Opening sound',
			description:
				'Web address of a wav file (8 kHz, 16 bit, 128 kbit/s, mono) that is played just before the two are ' +
				'connected.',
			parameter: 'StartPlaybackValue',
			source: 'seed 004',
			example: 'https://example.com/this-call-is-recorded.wav',
			audio: true,
		}),
		callType,
		statusCallbackUrl,
		statusCallbackEvents: choices({
			label: 'Status callback events',
			description: 'Which events Exotel sends. Without a choice, one short callback at the end of the call.',
			parameter: 'StatusCallbackEvents',
			source: 'seed 000, seed 004',
			options: [terminalEvent, answeredEvent, ringingEvent],
			default: [],
			example: ['terminal', 'answered'],
			dependsOn: 'statusCallbackUrl',
		}),
		statusCallbackContentType,
	},
	checks: [different('from', 'to')],
	request: placingForm('/Calls/connect.json', [
		'from',
		'to',
		'exoPhone',
		'callType',
		'timeLimitSeconds',
		'ringTimeSeconds',
		'waitAudioUrl',
		'record',
		'recordingChannels',
		'recordingFormat',
		'customField',
		'playbackTo',
		'playbackUrl',
		'statusCallbackUrl',
		'statusCallbackEvents',
		'statusCallbackContentType',
	]),
	read: readV1Call,
});
