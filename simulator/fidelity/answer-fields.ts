/** The fields of every answer of the simulated APIs, with where they come from. */
import {
	documented,
	seen,
	guess,
	under,
	callFields,
	detailFields,
	envelopeFields,
	v2CallFields,
	type Surface,
} from './field-groups';

/** Answers, by endpoint. */
export const answerSurfaces: readonly Surface[] = [
	{
		key: 'v1-connect',
		title: 'POST /v1/Accounts/<sid>/Calls/connect[.json]',
		groups: [
			documented(
				'seed 004',
				under('Call.', callFields),
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
				[...under('Call.', callFields), ...under('Call.Details.', detailFields)],
				'ParentCallSid, ForwardedFrom, CallerName and a missing RecordingUrl are blank; other unknown ' +
					'values are null (quirk `blanks`)',
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
					...under('Calls[].', callFields),
					...under('Calls[].Details.', detailFields),
				],
				'PageSize counts the records of the page; a missing page is ""; `To` and `From` are `0…` as in every ' +
					'sample, although the field table says "in E.164 format"',
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
				'the circle of a landline follows its STD code, the rest is made up; XXXXX30240 is as documented',
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
		groups: [documented('seed 001', [...envelopeFields, ...under('response.data.', v2CallFields)])],
	},
	{
		key: 'v2-details',
		title: 'GET /v2/accounts/<sid>/calls/<call_sid>',
		groups: [
			documented(
				'seed 001',
				[
					...envelopeFields,
					...under(
						'response.data.',
						v2CallFields.filter((name) => name !== 'recordings'),
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
				...envelopeFields.filter((name) => name !== 'response.error_data'),
				'response.data',
				...under('response.error_data.', ['code', 'message', 'description']),
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
