/**
 * Every field the simulator sends, with where it comes from. `docs/fidelity.md` is written from this table, and a test
 * drives every endpoint and fails when a field is sent that is not listed here, or listed here but never sent.
 */

/** How sure we are: in Exotel's documentation, seen in public code or captures, or our guess. */
export type Source = 'documented' | 'public code' | 'guess';

/** Fields with the same source. */
export interface FieldGroup {
	source: Source;
	/** which page, repository or reasoning */
	from: string;
	/** paths; `[]` is an array's entry */
	fields: string[];
	note?: string;
}

/** One kind of answer or delivery. */
export interface Surface {
	/** key used by the test */
	key: string;
	/** heading: endpoint as documented, or the delivery */
	title: string;
	groups: FieldGroup[];
}

function documented(from: string, fields: string[], note?: string): FieldGroup {
	return { source: 'documented', from, fields, note };
}
function seen(from: string, fields: string[], note?: string): FieldGroup {
	return { source: 'public code', from, fields, note };
}
function guess(from: string, fields: string[], note?: string): FieldGroup {
	return { source: 'guess', from, fields, note };
}
function under(prefix: string, names: string[]): string[] {
	return names.map((name) => `${prefix}${name}`);
}

const CALL = [
	'Sid',
	'ParentCallSid',
	'DateCreated',
	'DateUpdated',
	'AccountSid',
	'To',
	'From',
	'PhoneNumberSid',
	'Status',
	'StartTime',
	'EndTime',
	'Duration',
	'Price',
	'Direction',
	'AnsweredBy',
	'ForwardedFrom',
	'CallerName',
	'Uri',
	'RecordingUrl',
];
const DETAILS = ['ConversationDuration', 'Leg1Status', 'Leg2Status', 'Legs[].Leg.Id', 'Legs[].Leg.OnCallDuration'];
const PARTY = ['user_id', 'user_name', 'contact_uri', 'group_id', 'group_name', 'status'];
const V2_CALL = [
	'call_sid',
	'direction',
	'virtual_number',
	'call_state',
	'call_status',
	...under('assigned_agent_details.', PARTY),
	...under('customer_details.', ['contact_name', 'contact_uri', 'status']),
	'created_time',
	'updated_time',
	'start_time',
	'end_time',
	'total_duration',
	'total_talk_time',
	'custom_field',
	'app_id',
	'app_name',
	'digits',
	'recordings',
];
const ENVELOPE = [
	'request_id',
	'method',
	'http_code',
	'metadata',
	'response.code',
	'response.error_data',
	'response.status',
];
const QUESTION = [
	'CallSid',
	'CallFrom',
	'CallTo',
	'Direction',
	'Created',
	'DialCallDuration',
	'StartTime',
	'EndTime',
	'CallType',
	'DialWhomNumber',
	'flow_id',
	'From',
	'To',
	'CurrentTime',
	'DialCallStatus',
	'digits',
	'CustomField',
	'RecordingUrl',
];
const CAPTURED = [
	'ForwardedFrom',
	'tenant_id',
	'ProcessStatus',
	'OutgoingPhoneNumber',
	...under('Legs[0]', ['[Number]', '[Type]', '[OnCallDuration]', '[CallerId]', '[CauseCode]', '[Cause]']),
];
const FRAPPE = 'frappe/exotel_integration, exotel_test_data.py';

/** Every kind of answer and delivery the simulator sends. */
export const SURFACES: readonly Surface[] = [
	{
		key: 'v1-connect',
		title: 'POST /v1/Accounts/<sid>/Calls/connect[.json]',
		groups: [
			documented(
				'seed 004',
				under('Call.', CALL),
				'unknown values are null in JSON and empty elements in XML; the JSON `Uri` has `.json` in the middle',
			),
		],
	},
	{
		key: 'v1-details',
		title: 'GET /v1/Accounts/<sid>/Calls/<CallSid>[.json]',
		groups: [
			documented(
				'seed 004',
				[...under('Call.', CALL), ...under('Call.Details.', DETAILS)],
				'ParentCallSid, ForwardedFrom and CallerName are blank; other unknown values are null (quirk `blanks`)',
			),
			documented(
				'developer.exotel.com, call details; support article 3000129985',
				['Call.PreSignedRecordingUrl'],
				'with RecordingUrlValidity',
			),
		],
	},
	{
		key: 'v1-bulk',
		title: 'GET /v1/Accounts/<sid>/Calls[.json]',
		groups: [
			documented(
				'seed 004',
				[
					...under('Metadata.', ['Total', 'PageSize', 'FirstPageUri', 'PrevPageUri', 'NextPageUri']),
					...under('Calls[].', CALL),
					...under('Calls[].Details.', DETAILS),
				],
				'PageSize counts the records of the page; a missing page is ""',
			),
			documented('seed 004, field table only', ['Calls[].PhoneNumber']),
			documented(
				'developer.exotel.com, bulk call details',
				['Calls[].PreSignedRecordingUrl'],
				'with RecordingUrlValidity',
			),
		],
	},
	{
		key: 'v1-number',
		title: 'GET /v1/Accounts/<sid>/Numbers/<number>[.json]',
		groups: [
			documented(
				'seed 004',
				under('Numbers.', ['PhoneNumber', 'Circle', 'CircleName', 'Type', 'Operator', 'OperatorName', 'DND']),
				'values are made up from the number; XXXXX30240 has the documented ones',
			),
		],
	},
	{
		key: 'v1-account',
		title: 'GET /v1/Accounts/<sid>[.json]',
		groups: [
			guess(
				'public clients test credentials with this request (frappe/exotel_integration); the body is not public',
				under('Account.', ['Sid', 'FriendlyName', 'Type', 'Status', 'Uri']),
			),
		],
	},
	{
		key: 'v1-exophones',
		title: 'GET /v1/Accounts/<sid>/IncomingPhoneNumbers[.json]',
		groups: [
			seen(
				'frappe/exotel_integration; dograh-hq/dograh provider.py',
				under('IncomingPhoneNumbers[].IncomingPhoneNumber.', ['Sid', 'PhoneNumber', 'FriendlyName']),
			),
			guess(
				'named like the other v1 fields',
				under('IncomingPhoneNumbers[].IncomingPhoneNumber.', [
					'AccountSid',
					'DateCreated',
					'VoiceUrl',
					'SmsUrl',
				]),
			),
		],
	},
	{
		key: 'v2_beta-exophones',
		title: 'GET /v2_beta/Accounts/<sid>/IncomingPhoneNumbers',
		groups: [
			documented('developer.exotel.com, exophone details', [
				'page',
				'page_size',
				'uri',
				'first_page_uri',
				'next_page_uri',
				'previous_page_uri',
				...under('incoming_phone_numbers[].', exoPhone()),
			]),
		],
	},
	{
		key: 'v2_beta-exophone',
		title: 'GET /v2_beta/Accounts/<sid>/IncomingPhoneNumbers/<exophone_sid>',
		groups: [documented('developer.exotel.com, exophone details', exoPhone())],
	},
	{
		key: 'v2_beta-assign',
		title: 'PUT /v2_beta/Accounts/<sid>/IncomingPhoneNumbers/<exophone_sid>',
		groups: [documented('developer.exotel.com, assign number to a flow', exoPhone())],
	},
	{
		key: 'v1-error',
		title: 'v1 and v2_beta errors',
		groups: [
			seen(
				'simpledotorg/simple-server call_details_400.json; public clients',
				['RestException.Status', 'RestException.Message', 'RestException.Code'],
				'Code only where a public sample has one; most messages are guesses',
			),
		],
	},
	{
		key: 'v2-connect',
		title: 'POST /v2/accounts/<sid>/calls',
		groups: [documented('seed 001', [...ENVELOPE, ...under('response.data.', V2_CALL)])],
	},
	{
		key: 'v2-details',
		title: 'GET /v2/accounts/<sid>/calls/<call_sid>',
		groups: [
			documented(
				'seed 001',
				[
					...ENVELOPE,
					...under(
						'response.data.',
						V2_CALL.filter((name) => name !== 'recordings'),
					),
					'response.data.recordings[].url',
				],
				'`total_duration` is null in every sample, also of finished calls',
			),
		],
	},
	{
		key: 'v2-users',
		title: 'GET /v2/accounts/<sid>/users',
		groups: [
			seen('NooraHealth/exotel-python and other public clients', [
				...under('metadata.', ['total', 'count', 'offset', 'limit']),
				...under('response[].', [
					'code',
					'status',
					'data.id',
					'data.email',
					'data.devices[].type',
					'data.devices[].contact_uri',
				]),
			]),
			guess('as in the other v2 answers, and from the words of seed 001', [
				'request_id',
				'method',
				'http_code',
				'response[].error_data',
				...under('response[].data.', [
					'first_name',
					'devices[].available',
					'devices[].verified',
					'devices[].status',
				]),
			]),
		],
	},
	{
		key: 'v2-error',
		title: 'v2 errors',
		groups: [
			documented('seed 001', [
				...ENVELOPE.filter((name) => name !== 'response.error_data'),
				'response.data',
				...under('response.error_data.', ['code', 'message', 'description']),
			]),
		],
	},
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
					V2_CALL.filter((name) => name !== 'recordings'),
				),
				'call_details.recordings',
				'call_details.recordings[].url',
			]),
		],
	},
	{
		key: 'connect-1.0',
		title: 'Connect applet, version 1.0: question',
		groups: [
			documented('seed 002', QUESTION),
			seen(FRAPPE, [...CAPTURED, 'RecordingAvailableBy'], 'quirk `undocumentedQuestionFields`'),
		],
	},
	{
		key: 'connect-1.1',
		title: 'Connect applet, version 1.1 (CCM): question',
		groups: [
			documented(
				'support article 3000118656',
				QUESTION.filter((name) => !['CallFrom', 'CallTo'].includes(name)),
			),
			seen('public clients read them', ['CallFrom', 'CallTo']),
			guess('assumed to be the same as in version 1.0', CAPTURED, 'quirk `undocumentedQuestionFields`'),
		],
	},
	{
		key: 'passthru',
		title: 'Passthru applet: question',
		groups: [
			documented('support article 48283', QUESTION),
			seen(FRAPPE, [...CAPTURED, 'RecordingAvailableBy'], 'quirk `undocumentedQuestionFields`'),
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
			seen(FRAPPE, ['AgentEmail'], 'for configured agents'),
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

function exoPhone(): string[] {
	return [
		'sid',
		'phone_number',
		'friendly_name',
		'capabilities.voice',
		'capabilities.sms',
		'country',
		'region',
		'voice_url',
		'sms_url',
	];
}
