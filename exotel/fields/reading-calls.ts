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
	{
		name: 'sid',
		label: 'Call SID',
		description:
			'The ID of the call: 32 letters and digits. You get it when the call is placed and with ' +
			'every event of the call.',
		kind: 'text',
		example: exampleSid,
		required: true,
		pattern: callSid,
	},
	{
		name: 'details',
		label: 'With both legs',
		description: 'Also ask how each of the two phones fared and how long the two spoke.',
		kind: 'boolean',
		default: true,
		example: true,
		required: false,
	},
	{
		name: 'recordingUrlValidityMinutes',
		label: 'Recording link valid for (minutes)',
		description:
			'Ask for a link to the recording that works without password for this long. Exotel has to ' +
			'enable it for your account.',
		kind: 'integer',
		unit: 'minutes',
		min: 5,
		max: 60,
		example: 30,
		required: false,
	},
];

/** Inputs of `getAgentCall` (seed 001, CCM call details). */
export const getAgentCallFields: FieldDescription[] = [
	{
		name: 'sid',
		label: 'Call SID',
		description: 'The ID of the call: 32 letters and digits.',
		kind: 'text',
		example: exampleSid,
		required: true,
		pattern: callSid,
	},
];

const severalNumbers = 'One number, or up to 5 separated by commas.';

/** Inputs of `listCalls` (seed 004, bulk call details) and, but for `cursor`, of `callsBetween`. */
export const listCallsFields: FieldDescription[] = [
	{
		name: 'createdAfter',
		label: 'Started after',
		description: 'Only calls that started at this time or later. Exotel keeps calls for six months.',
		kind: 'time',
		example: '2026-01-01 00:00:00',
		required: false,
	},
	{
		name: 'createdBefore',
		label: 'Started before',
		description: 'Only calls that started at this time or earlier.',
		kind: 'time',
		example: '2026-01-31 23:59:59',
		required: false,
	},
	{
		name: 'from',
		label: 'From',
		description: `Only calls from this number. ${severalNumbers}`,
		kind: 'phone',
		example: '+919812345678',
		required: false,
		maxItems: 5,
	},
	{
		name: 'to',
		label: 'To',
		description: `Only calls to this number. ${severalNumbers}`,
		kind: 'phone',
		example: '+918012345678',
		required: false,
		maxItems: 5,
	},
	{
		name: 'exoPhone',
		label: 'ExoPhone',
		description: `Only calls over this ExoPhone. ${severalNumbers}`,
		kind: 'phone',
		example: '+918047112233',
		required: false,
		maxItems: 5,
	},
	{
		name: 'status',
		label: 'Status',
		description: 'Only calls that ended like this. Nothing chosen means all.',
		kind: 'multi-choice',
		options: [
			{ value: 'completed', label: 'Completed', description: 'Answered and ended normally.' },
			{ value: 'no-answer', label: 'Not answered', description: 'It rang and nobody answered.' },
			{ value: 'busy', label: 'Busy', description: 'The line was busy.' },
			{ value: 'failed', label: 'Failed', description: 'The call could not be put through.' },
			{ value: 'canceled', label: 'Canceled', description: 'The other side hung up before it was answered.' },
		],
		example: ['no-answer', 'busy'],
		required: false,
		open: true,
	},
	{
		name: 'direction',
		label: 'Direction',
		description: 'Only calls of this kind. Nothing chosen means all.',
		kind: 'choice',
		options: [
			{ value: 'inbound', label: 'Incoming', description: 'Somebody rang an ExoPhone.' },
			{
				value: 'outbound-api',
				label: 'Placed by a program',
				description: 'By the API, a campaign or a flow like this one.',
			},
			{
				value: 'outbound-dial',
				label: 'Placed in the dashboard',
				description: 'Somebody clicked in the Exotel dashboard.',
			},
		],
		example: 'inbound',
		required: false,
		open: true,
	},
	{
		name: 'sids',
		label: 'Call SIDs',
		description:
			'Only these calls; separate several by commas, best not more than 20. For calls older than ' +
			'31 days also fill in the time.',
		kind: 'text',
		example: exampleSid,
		required: false,
		maxItems: 100,
		pattern: callSid,
	},
	{
		name: 'durationMinSeconds',
		label: 'Lasted at least (seconds)',
		description: 'Only calls that lasted so long or longer, ringing included.',
		kind: 'integer',
		unit: 'seconds',
		min: 0,
		example: 10,
		required: false,
	},
	{
		name: 'durationMaxSeconds',
		label: 'Lasted at most (seconds)',
		description: 'Only calls that lasted so long or shorter, ringing included.',
		kind: 'integer',
		unit: 'seconds',
		min: 0,
		example: 60,
		required: false,
	},
	{
		name: 'durationEqualsSeconds',
		label: 'Lasted exactly (seconds)',
		description: 'Only calls that lasted exactly so long, ringing included.',
		kind: 'integer',
		unit: 'seconds',
		min: 0,
		example: 30,
		required: false,
	},
	{
		name: 'priceMin',
		label: 'Cost at least',
		description: 'Only calls that cost so much or more, in the currency of your account.',
		kind: 'number',
		min: 0,
		example: 0.1,
		required: false,
	},
	{
		name: 'priceMax',
		label: 'Cost at most',
		description: 'Only calls that cost so much or less, in the currency of your account.',
		kind: 'number',
		min: 0,
		example: 1,
		required: false,
	},
	{
		name: 'priceEquals',
		label: 'Cost exactly',
		description: 'Only calls that cost exactly so much, in the currency of your account.',
		kind: 'number',
		min: 0,
		example: 0.3,
		required: false,
	},
	{
		name: 'sortBy',
		label: 'Order',
		description: 'Which calls come first.',
		kind: 'choice',
		options: [
			{ value: 'newest', label: 'Newest first', description: 'The latest call first.' },
			{ value: 'oldest', label: 'Oldest first', description: 'The earliest call first.' },
		],
		default: 'newest',
		example: 'oldest',
		required: false,
	},
	{
		name: 'details',
		label: 'With both legs',
		description: 'Also ask how each of the two phones fared and how long the two spoke.',
		kind: 'boolean',
		default: false,
		example: true,
		required: false,
	},
	{
		name: 'pageSize',
		label: 'Calls per page',
		description: 'How many calls Exotel sends at a time.',
		kind: 'integer',
		unit: 'calls',
		min: 1,
		max: 100,
		default: 50,
		example: 100,
		required: false,
	},
	{
		name: 'cursor',
		label: 'Page',
		description: 'Where to go on: the "next" or "previous" of the page before.',
		kind: 'text',
		example: 'After=MTU3Nzk4NDQwNywwNmQ4ZmI0MDdlZWY5N2YxZmI0OTllNjZjOTI5MTQxMg==',
		required: false,
		pattern: {
			form: /^(After|Before)=[\w+/=-]{1,512}$/,
			rule: 'must be the "next" or "previous" of a page that was read before',
		},
	},
];

/** Inputs of `downloadRecording` (Exotel fact sheet 3.1). */
export const downloadRecordingFields: FieldDescription[] = [
	{
		name: 'url',
		label: 'Recording URL',
		description: 'The address of the recording, as the call or its last event names it.',
		kind: 'url',
		example: 'https://recordings.exotel.com/exotelrecordings/acme1/b6cfaf5f5cef3ca0fc937749ef960e25.mp3',
		required: true,
	},
];
