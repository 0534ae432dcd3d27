/** The fields of every message and applet request the simulator sends, with where they come from. */
import {
	documented,
	seen,
	guess,
	under,
	FRAPPE,
	appletFields,
	capturedFields,
	v2CallFields,
	type Surface,
} from './field-groups';

const greetingFields = ['CallSid', 'From', 'To', 'DialWhomNumber', 'CustomField'];

/** Messages and applet requests. */
export const messageSurfaces: readonly Surface[] = [
	{
		key: 'v1-callback-default',
		title: 'v1 status callback without subscribed events',
		groups: [documented('seed 004', ['CallSid', 'DateUpdated', 'Status', 'RecordingUrl'])],
	},
	{
		key: 'v1-callback',
		title: 'v1 status callback with subscribed events',
		groups: [
			documented(
				'seed 004',
				[
					'CallSid',
					'EventType',
					'DateCreated',
					'DateUpdated',
					'Status',
					'To',
					'From',
					'PhoneNumberSid',
					'StartTime',
					'EndTime',
					'Direction',
					'RecordingUrl',
					'ConversationDuration',
					'CustomField',
					'Legs[].OnCallDuration',
					'Legs[].Status',
				],
				'as form fields `Legs[0][Status]`; CustomField in terminal events of calls that have one',
			),
			documented(
				'seed 000',
				['EventTime', 'Legs[].RingingDuration'],
				'accounts with the ringing feature (quirk `ringing`)',
			),
			documented(
				'developer.exotel.com, statuscallback',
				['Legs[].AnsweredBy'],
				'off by default (quirk `answeredByInLegs`)',
			),
		],
	},
	{
		key: 'v2-callback',
		title: 'v2 status callback',
		groups: [
			documented('seed 001', [
				'event_details.event_type',
				...under(
					'call_details.',
					v2CallFields.filter((name) => name !== 'recordings'),
				),
				'call_details.recordings',
				'call_details.recordings[].url',
			]),
		],
	},
	{
		key: 'connect-1.0',
		title: 'Connect applet, version 1.0: request',
		groups: [
			documented('seed 002', appletFields),
			seen(FRAPPE, [...capturedFields, 'RecordingAvailableBy'], 'quirk `undocumentedQuestionFields`'),
		],
	},
	{
		key: 'connect-1.1',
		title: 'Connect applet, version 1.1 (CCM): request',
		groups: [
			documented(
				'support article 3000118656',
				appletFields.filter((name) => !['CallFrom', 'CallTo'].includes(name)),
			),
			seen('public clients read them', ['CallFrom', 'CallTo']),
			guess('assumed to be the same as in version 1.0', capturedFields, 'quirk `undocumentedQuestionFields`'),
		],
	},
	{
		key: 'passthru',
		title: 'Passthru applet: request',
		groups: [
			documented('support article 48283', appletFields),
			seen(FRAPPE, [...capturedFields, 'RecordingAvailableBy'], 'quirk `undocumentedQuestionFields`'),
		],
	},
	{
		key: 'gather',
		title: 'Gather applet: request',
		groups: [
			documented('support article 3000084635, not in the seeds', appletFields, 'CallStatus is left out'),
			seen(FRAPPE, [...capturedFields, 'RecordingAvailableBy'], 'quirk `undocumentedQuestionFields`'),
		],
	},
	{
		key: 'greeting',
		title: 'Greeting applet: request (HEAD and GET)',
		groups: [
			documented('support article 48285, not in the seeds', greetingFields),
			guess(
				'as for the other applets',
				appletFields.filter((name) => !greetingFields.includes(name)),
			),
			guess(
				'as for the other applets',
				[...capturedFields, 'RecordingAvailableBy'],
				'quirk `undocumentedQuestionFields`',
			),
		],
	},
	{
		key: 'agent-passthru',
		title: 'Agent pass-through (`dial_passthru_event_url`)',
		groups: [
			documented('seed 000', [
				'CallSid',
				'CallFrom',
				'CallTo',
				'Direction',
				'Created',
				'From',
				'To',
				'CurrentTime',
				'DialWhomNumber',
				'Status',
				'EventType',
			]),
			seen(FRAPPE, ['AgentEmail'], 'of known agents; quirk `undocumentedQuestionFields`'),
		],
	},
	{
		key: 'call-event',
		title: 'Call events of Connect 1.1 (`call_event_passthru_url`)',
		groups: [
			documented('seed 003', [
				'event_details.event_type',
				...under('call_details.', [
					'call_sid',
					'direction',
					'from',
					'to',
					'virtual_number',
					'created_time',
					'current_time',
					'status',
				]),
			]),
		],
	},
];
