/**
 * The inputs of the three ways to place a call: two numbers (v1), a number and a flow (v1), an agent and a customer
 * (v2). Sources: seed 004 (parameter tables of both v1 calls), seed 001 (v2), Exotel fact sheet 2.1, 2.2, 5.1.
 */

import type { FieldDescription } from './description';
import { recordingChannels } from './recording-channels';

const exoPhone: FieldDescription = {
	name: 'exoPhone',
	label: 'ExoPhone',
	description: 'The Exotel number the call is made with. Pick one of the ExoPhones of your account.',
	kind: 'phone',
	example: '08047112233',
	required: true,
	asWritten: true,
};

const record: FieldDescription = {
	name: 'record',
	label: 'Record the call',
	description: 'Record the conversation. The recording is there a few minutes after the call has ended.',
	kind: 'boolean',
	default: false,
	example: true,
	required: false,
};

const timeLimitSeconds: FieldDescription = {
	name: 'timeLimitSeconds',
	label: 'End the call after (seconds)',
	description: 'Exotel cuts the call after this time. At most 14400 seconds, which is 4 hours.',
	kind: 'integer',
	unit: 'seconds',
	min: 1,
	max: 14_400,
	example: 1800,
	required: false,
};

const ringTimeSeconds: FieldDescription = {
	name: 'ringTimeSeconds',
	label: 'Ring for at most (seconds)',
	description: 'How long each phone rings before Exotel gives up on it.',
	kind: 'integer',
	unit: 'seconds',
	min: 1,
	example: 30,
	required: false,
};

const waitAudioUrl: FieldDescription = {
	name: 'waitAudioUrl',
	label: 'Waiting sound',
	description:
		'Web address of a wav file (best under 2 MB) that the first person hears until the second ' +
		'one answers. Exotel keeps a copy: when you change the sound, give the file a new name. Set ' +
		'the ring time as well.',
	kind: 'url',
	example: 'https://example.com/please-wait.wav',
	required: false,
	audio: true,
};

const customField: FieldDescription = {
	name: 'customField',
	label: 'Your own reference',
	description: 'Any text of yours, such as an order number. It comes back with the end of the call.',
	kind: 'text',
	example: 'order-1042',
	required: false,
	verbatim: true,
};

const callType: FieldDescription = {
	name: 'callType',
	label: 'Call type',
	description: 'Transactional is the only type Exotel still knows.',
	kind: 'choice',
	options: [{ value: 'trans', label: 'Transactional', description: 'A call the customer expects, not advertising.' }],
	example: 'trans',
	required: false,
};

const statusCallbackUrl: FieldDescription = {
	name: 'statusCallbackUrl',
	label: 'Status callback URL',
	description: 'Web address to which Exotel reports what happens to the call.',
	kind: 'url',
	example: 'https://example.com/exotel/calls',
	required: false,
};

const statusCallbackContentType: FieldDescription = {
	name: 'statusCallbackContentType',
	label: 'Status callback format',
	description: 'How Exotel writes its reports. Both are understood here.',
	kind: 'choice',
	options: [
		{ value: 'multipart/form-data', label: 'Form', description: 'What Exotel sends unless told otherwise.' },
		{ value: 'application/json', label: 'JSON', description: 'Easier to read for other programs.' },
	],
	default: 'multipart/form-data',
	example: 'application/json',
	required: false,
	onlyWith: 'statusCallbackUrl',
};

const terminal = { value: 'terminal', label: 'Ended', description: 'Once, when the call is over.' };
const answered = {
	value: 'answered',
	label: 'Answered',
	description: 'When a person picks up; once for each of the two.',
};
const ringing = {
	value: 'ringing',
	label: 'Ringing',
	description: 'When a phone starts to ring. Exotel has to enable this for your account.',
};

/** Inputs of `connectNumbers` (seed 004, connect two numbers). */
export const connectNumbersFields: FieldDescription[] = [
	{
		name: 'from',
		label: 'From (rings first)',
		description:
			"The phone that rings first, usually your own or an agent's. With country code, or as it is " +
			'dialled in your country; a landline with its area code.',
		kind: 'phone',
		example: '+919812345678',
		required: true,
		sip: true,
	},
	{
		name: 'to',
		label: 'To (rings second)',
		description:
			"The phone that rings when the first person has answered, usually the customer's. With " +
			'country code, or as it is dialled in your country; a landline with its area code.',
		kind: 'phone',
		example: '+918012345678',
		required: true,
	},
	exoPhone,
	record,
	recordingChannels,
	{
		name: 'recordingFormat',
		label: 'Recording quality',
		description: 'High quality has to be enabled for your account by Exotel. Only when the call is recorded.',
		kind: 'choice',
		options: [
			{ value: 'mp3', label: 'Normal', description: 'Ordinary mp3.' },
			{ value: 'mp3-hq', label: 'High', description: 'mp3 with a higher bit rate, on request.' },
		],
		default: 'mp3',
		example: 'mp3-hq',
		required: false,
		onlyWith: 'record',
	},
	timeLimitSeconds,
	ringTimeSeconds,
	waitAudioUrl,
	customField,
	{
		name: 'playbackTo',
		label: 'Opening sound for',
		description: 'Who hears the opening sound. Only with an opening sound.',
		kind: 'choice',
		options: [
			{ value: 'callee', label: 'Second person', description: 'The person who is called second.' },
			{ value: 'both', label: 'Both', description: 'Both people.' },
		],
		default: 'callee',
		example: 'both',
		required: false,
		onlyWith: 'playbackUrl',
	},
	{
		name: 'playbackUrl',
		label: 'Opening sound',
		description:
			'Web address of a wav file (8 kHz, 16 bit, mono) that is played just before the two are connected.',
		kind: 'url',
		example: 'https://example.com/this-call-is-recorded.wav',
		required: false,
		audio: true,
	},
	callType,
	statusCallbackUrl,
	{
		name: 'statusCallbackEvents',
		label: 'Report these events',
		description: 'Without a choice Exotel sends one short report at the end of the call.',
		kind: 'multi-choice',
		options: [terminal, answered, ringing],
		default: [],
		example: ['terminal', 'answered'],
		required: false,
		onlyWith: 'statusCallbackUrl',
	},
	statusCallbackContentType,
];

/** Inputs of `connectFlow` (seed 004, connect a number to a call flow). */
export const connectFlowFields: FieldDescription[] = [
	{
		name: 'from',
		label: 'From (is called)',
		description:
			"The phone that is called and then hears the flow, usually the customer's. With country " +
			'code, or as it is dialled in your country.',
		kind: 'phone',
		example: '+919812345678',
		required: true,
	},
	exoPhone,
	{
		name: 'flowId',
		label: 'Flow ID',
		description: 'The number of the flow (app) in your Exotel dashboard. Or give its address instead.',
		kind: 'text',
		example: '926',
		required: false,
		pattern: {
			form: /^[A-Za-z0-9_-]{1,64}$/,
			rule: 'is the number of the flow as the Exotel dashboard shows it, for example 926',
		},
	},
	{
		name: 'flowUrl',
		label: 'Flow URL',
		description: 'The full address of the flow, when the ID alone is not enough.',
		kind: 'url',
		example: 'http://my.exotel.com/acme1/exoml/start_voice/926',
		required: false,
	},
	record,
	timeLimitSeconds,
	ringTimeSeconds,
	callType,
	{
		...customField,
		description:
			'Any text of yours, such as an order number. Exotel hands it to the Passthru and Greeting ' +
			'applets of the flow.',
	},
	{
		...statusCallbackUrl,
		description: 'Web address to which Exotel sends one short report when the call has ended.',
	},
	statusCallbackContentType,
];

/** Inputs of `connectAgent` (seed 001, v2 make call). */
export const connectAgentFields: FieldDescription[] = [
	{
		name: 'agentContact',
		label: "Agent's phone",
		description:
			'Phone number or SIP address of a user of your Exotel account. It must be verified, switched ' +
			"on and free. Or give the agent's ID instead.",
		kind: 'phone',
		example: '+919812345678',
		required: false,
		sip: true,
	},
	{
		name: 'agentId',
		label: 'Agent ID',
		description: 'The ID of the user in your Exotel account, instead of the phone.',
		kind: 'text',
		example: '12898c52573645739e64864ad308f0a9',
		required: false,
		pattern: { form: /^[A-Za-z0-9_-]{1,128}$/, rule: 'holds only letters, digits, "-" and "_"' },
	},
	{
		name: 'to',
		label: 'To (the customer)',
		description:
			'The phone that rings when the agent has answered. With country code, or as it is dialled in your country.',
		kind: 'phone',
		example: '+918012345678',
		required: true,
	},
	{ ...exoPhone, example: '+918047112233' },
	record,
	recordingChannels,
	waitAudioUrl,
	timeLimitSeconds,
	ringTimeSeconds,
	customField,
	statusCallbackUrl,
	{
		name: 'statusCallbackEvents',
		label: 'Report these events',
		description: 'Without a choice Exotel reports the end of the call.',
		kind: 'multi-choice',
		options: [answered, terminal],
		default: ['terminal'],
		example: ['answered', 'terminal'],
		required: false,
		onlyWith: 'statusCallbackUrl',
	},
];
