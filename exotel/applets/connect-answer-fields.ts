/**
 * The fields of the answer to a Connect applet. Sources: seed 002 (Connect 1.0), seed 003 (Connect 1.1 for CCM), facts
 * 7.2 and 7.5. `parameter` is the key in the answer, of version 1.0 where the two versions differ.
 */
import { choice, integer, phone, phones, text, toggle, url, type FieldName, type RelatedFields } from '../fields/field';
import { recordingChannels } from '../operations/shared-fields';
import type { ConnectVersion } from './answer';
import { connectLimits } from './limits';

const source = 'seed 002, seed 003';

/** The fields of a Connect answer. */
export const connectAnswerFields = {
	destinations: phones({
		label: 'Connect to',
		description:
			'Who is called, one after the other until one answers. SIP addresses only work in version 1.1. An ' +
			'empty list dials nobody and goes on in the flow.',
		parameter: 'destination',
		source,
		example: ['+919812345678', '+918012345678'],
		required: true,
		sip: true,
		allowEmptyList: true,
		keepDuplicates: true,
		essential: true,
	}),
	outgoingExoPhone: phone({
		label: 'Show this ExoPhone',
		description:
			'The ExoPhone the called person sees, of the same telecom circle as the one the caller dialled. Blank, ' +
			'or one that Exotel cannot use: the one the caller dialled. Exotel has to enable it for your account.',
		parameter: 'outgoing_phone_number',
		source,
		example: '+918047112233',
	}),
	record: toggle({
		label: 'Record the call',
		description: 'Record the conversation, if there is one.',
		parameter: 'record',
		source,
		default: false,
		tier: 'common',
	}),
	recordingChannels: { ...recordingChannels, parameter: 'recording_channels', source },
	ringTimeSeconds: integer({
		label: 'Ring for at most (seconds)',
		description: 'How long each phone rings before the next one is tried.',
		parameter: 'max_ringing_duration',
		source,
		unit: 'seconds',
		...connectLimits.ringTimeSeconds,
		example: 45,
		tier: 'common',
	}),
	conversationTimeSeconds: integer({
		label: 'End the conversation after (seconds)',
		description: 'Exotel ends the conversation after this time. At most 4500 seconds, which is 75 minutes.',
		parameter: 'max_conversation_duration',
		source,
		unit: 'seconds',
		...connectLimits.conversationTimeSeconds,
		example: 1800,
		tier: 'common',
	}),
	musicOnHold: choice({
		label: 'Caller hears',
		description: 'What the caller hears until the call is answered.',
		parameter: 'music_on_hold.type',
		source,
		options: [
			{ value: 'default_tone', label: "Exotel's music", description: 'The tone of your Exotel account.' },
			{
				value: 'operator_tone',
				label: 'Ringing tone',
				description: 'What the phone company of the called person plays.',
			},
			{ value: 'custom_tone', label: 'Own sound', description: 'A sound file of yours.' },
		],
		example: 'operator_tone',
	}),
	musicOnHoldUrl: url({
		label: 'Own sound',
		description: 'Web address of the sound file for the waiting caller. Only with "Own sound" above.',
		parameter: 'music_on_hold.value',
		source,
		example: 'https://example.com/please-wait.wav',
		dependsOn: 'musicOnHold',
	}),
	parallelRinging: toggle({
		label: 'Ring all at once',
		description: 'Let several phones ring at the same time instead of one after the other. Exotel charges for it.',
		parameter: 'parallel_ringing.activate',
		source,
		default: false,
	}),
	parallelAttempts: integer({
		label: 'How many ring at once',
		description: 'How many phones ring at the same time.',
		parameter: 'parallel_ringing.max_parallel_attempts',
		source,
		unit: 'phones',
		...connectLimits.parallelAttempts,
		example: 3,
		dependsOn: 'parallelRinging',
	}),
	fetchAfterAttempt: toggle({
		label: 'Ask again after each attempt',
		description:
			'Have Exotel send its request to this flow again after each unsuccessful attempt; the same numbers ' +
			'twice in a row end it. Its documents leave open whether an attempt is one number or the whole list.',
		parameter: 'fetch_after_attempt',
		source,
		default: false,
	}),
	playbackText: text({
		label: 'Opening announcement (text)',
		description: 'A text that Exotel reads out just before the two are connected. Or fill in a sound file instead.',
		parameter: 'start_call_playback.value',
		source,
		example: 'This call may be recorded.',
	}),
	playbackUrl: url({
		label: 'Opening announcement (sound)',
		description:
			'Web address of a wav file (8 kHz, 16 bit, 128 kbit/s, mono) that is played just before the two are ' +
			'connected. Exotel keeps a copy: when you change the sound, give the file a new name. Or fill in a text ' +
			'instead.',
		parameter: 'start_call_playback.value',
		source,
		example: 'https://example.com/this-call-is-recorded.wav',
	}),
	playbackTo: choice({
		label: 'Opening announcement for',
		description: 'Who hears the opening announcement. Only in version 1.0.',
		parameter: 'start_call_playback.playback_to',
		source: 'seed 002',
		options: [
			{ value: 'both', label: 'Both', description: 'Both people.' },
			{ value: 'callee', label: 'Called person', description: 'Only the person who is called.' },
		],
		default: 'both',
		example: 'both',
	}),
	eventUrl: url({
		label: 'Report attempts to',
		description: 'Web address to which Exotel sends an event when each person is called, answers and hangs up.',
		parameter: 'dial_passthru_event_url',
		source,
		example: 'https://example.com/exotel/agents',
	}),
	stateManagement: toggle({
		label: 'Keep track of busy agents',
		description:
			'Only call numbers that are free, and mark them busy meanwhile. Exotel always does so when the list has ' +
			'a SIP address or the number of a user of your Exotel account. Only in version 1.1.',
		parameter: 'state_management',
		source: 'seed 003',
		default: false,
	}),
	stickyAgent: toggle({
		label: 'Same agent as last time',
		description: 'Prefer the person this caller spoke to before. Only in version 1.1.',
		parameter: 'sticky_agent',
		source: 'seed 003',
		default: false,
	}),
};

/** The fields of a Connect answer. */
export type ConnectAnswerFields = RelatedFields<typeof connectAnswerFields>;

/** The fields that only one version of the answer has (seed 002, seed 003). */
export const onlyInVersion: Readonly<Partial<Record<FieldName<ConnectAnswerFields>, ConnectVersion>>> = {
	playbackTo: '1.0',
	stateManagement: '1.1',
	stickyAgent: '1.1',
};
