/**
 * The inputs of an answer to a Connect applet's question. Fields inside another one are named with a dot
 * (`musicOnHold.type`), as violations name them. Sources: seed 002 (Connect 1.0), seed 003 (Connect 1.1 for CCM),
 * Exotel fact sheet 7.2 and 7.5.
 */

import { connectLimits } from '../applets/limits';
import type { FieldDescription } from './description';
import { recordingChannels } from './recording-channels';

/** Inputs of `connectAnswer`. */
export const connectAnswerFields: FieldDescription[] = [
	{
		name: 'destinations',
		label: 'Connect to',
		description:
			'Who is called, one after the other until somebody answers. SIP addresses only work in ' +
			'version 1.1. Nobody in the list means: do not dial, go on in the flow.',
		kind: 'phone',
		example: ['+919812345678', '+918012345678'],
		required: true,
		sip: true,
		maxItems: 100,
	},
	{
		name: 'outgoingExoPhone',
		label: 'Show this ExoPhone',
		description:
			'The ExoPhone the called person sees. Blank: the one the caller rang. Exotel has to enable ' +
			'it for your account.',
		kind: 'phone',
		example: '+918047112233',
		required: false,
	},
	{
		name: 'record',
		label: 'Record the call',
		description: 'Record the conversation.',
		kind: 'boolean',
		default: false,
		example: true,
		required: false,
	},
	recordingChannels,
	{
		name: 'ringTimeSeconds',
		label: 'Ring for at most (seconds)',
		description: 'How long each phone rings before the next one is tried.',
		kind: 'integer',
		unit: 'seconds',
		...connectLimits.ringTimeSeconds,
		example: 45,
		required: false,
	},
	{
		name: 'conversationTimeSeconds',
		label: 'End the conversation after (seconds)',
		description: 'Exotel cuts the conversation after this time. At most 4500 seconds, which is 75 minutes.',
		kind: 'integer',
		unit: 'seconds',
		...connectLimits.conversationTimeSeconds,
		example: 1800,
		required: false,
	},
	{
		name: 'musicOnHold.type',
		label: 'Caller hears',
		description: 'What the caller hears until somebody answers.',
		kind: 'choice',
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
		required: false,
	},
	{
		name: 'musicOnHold.url',
		label: 'Own sound',
		description: 'Web address of the sound file for the waiting caller.',
		kind: 'url',
		example: 'https://example.com/please-wait.wav',
		required: false,
		onlyWith: 'musicOnHold.type',
	},
	{
		name: 'parallelRinging',
		label: 'Ring all at once',
		description: 'Let several phones ring at the same time instead of one after the other. Exotel charges for it.',
		kind: 'boolean',
		default: false,
		example: true,
		required: false,
	},
	{
		name: 'parallelAttempts',
		label: 'How many ring at once',
		description: 'How many phones ring at the same time.',
		kind: 'integer',
		unit: 'phones',
		...connectLimits.parallelAttempts,
		example: 3,
		required: false,
		onlyWith: 'parallelRinging',
	},
	{
		name: 'fetchAfterAttempt',
		label: 'Ask again after each attempt',
		description:
			'After everybody in the list was tried in vain, Exotel asks this flow again. The same list ' +
			'twice in a row ends it.',
		kind: 'boolean',
		default: false,
		example: true,
		required: false,
	},
	{
		name: 'playback.to',
		label: 'Opening announcement for',
		description: 'Who hears the opening announcement. Only in version 1.0.',
		kind: 'choice',
		options: [
			{ value: 'both', label: 'Both', description: 'Both people.' },
			{ value: 'callee', label: 'Called person', description: 'Only the person who is called.' },
		],
		example: 'both',
		required: false,
		onlyWith: 'playback.value',
	},
	{
		name: 'playback.kind',
		label: 'Opening announcement is',
		description: 'A sound file, or a text that is read out.',
		kind: 'choice',
		options: [
			{ value: 'audio', label: 'A sound file', description: 'Web address of a wav file (8 kHz, 16 bit, mono).' },
			{ value: 'text', label: 'A text', description: 'Exotel reads the text out.' },
		],
		example: 'text',
		required: false,
		onlyWith: 'playback.value',
	},
	{
		name: 'playback.value',
		label: 'Opening announcement',
		description:
			'The text, or the web address of the sound file, that is played just before the two are connected.',
		kind: 'text',
		example: 'This call may be recorded.',
		required: false,
	},
	{
		name: 'eventUrl',
		label: 'Report attempts to',
		description: 'Web address to which Exotel reports when each person is called, answers and hangs up.',
		kind: 'url',
		example: 'https://example.com/exotel/agents',
		required: false,
	},
	{
		name: 'stateManagement',
		label: 'Keep track of busy agents',
		description: 'Only call numbers that are free, and mark them busy meanwhile. Only in version 1.1.',
		kind: 'boolean',
		default: false,
		example: true,
		required: false,
	},
	{
		name: 'stickyAgent',
		label: 'Same agent as last time',
		description: 'Prefer the person this caller spoke to before. Only in version 1.1.',
		kind: 'boolean',
		default: false,
		example: true,
		required: false,
	},
];
