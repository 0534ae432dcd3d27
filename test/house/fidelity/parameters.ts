/**
 * Every parameter of a request and key of an answer that the vendor's documents name, by the operation of ours that
 * sends it. A new one goes into `names`; `elsewhere` says why one has no field on a host, or in no form at all.
 */
import {
	connectAgent,
	connectAnswerFields,
	connectFlow,
	connectNumbers,
	gatherAnswerFields,
	getCall,
	listCalls,
	lookupNumber,
	type FieldSet,
} from '../../../exotel';

/** One table of documented parameters. */
export interface ParameterTable {
	title: string;
	seed: string;
	/** Our name of the operation. */
	operation: string;
	fields: FieldSet;
	names: readonly string[];
	/** n8n: the value of *Operation* in the Exotel node; null for the Exotel Applet Answer node. */
	n8nOperation: string | null;
	nodeRedType: string;
	/** Documented names without a field, and what happens instead. */
	elsewhere?: Readonly<Record<string, string>>;
	/** Fields that the form of one host does not have, and what happens instead. */
	notInForm?: { n8n?: Readonly<Record<string, string>>; nodeRed?: Readonly<Record<string, string>> };
}

/** All tables. */
export const parameterTables: readonly ParameterTable[] = [
	{
		title: 'Connect two numbers',
		seed: 'seeds 000, 004',
		operation: 'connectNumbers',
		fields: connectNumbers.fields,
		names: (
			'From To CallerId CallType TimeLimit TimeOut WaitUrl Record RecordingChannels RecordingFormat CustomField ' +
			'StartPlaybackTo StartPlaybackValue StatusCallback StatusCallbackEvents StatusCallbackContentType'
		).split(' '),
		n8nOperation: 'connectNumbers',
		nodeRedType: 'exotel-make-call',
	},
	{
		title: 'Connect a number to a call flow',
		seed: 'seed 004',
		operation: 'connectFlow',
		fields: connectFlow.fields,
		names: 'From CallerId Url CallType TimeLimit TimeOut StatusCallback CustomField'.split(' '),
		n8nOperation: 'connectFlow',
		nodeRedType: 'exotel-make-call',
	},
	{
		title: 'Connect an agent to a number (v2)',
		seed: 'seed 001',
		operation: 'connectAgent',
		fields: connectAgent.fields,
		names: (
			'from.user_contact_uri from.user_id to.customer_contact_uri virtual_number recording recording_channels ' +
			'wait_audio_url max_time_limit attempt_time_out custom_field status_callback status_callback.event ' +
			'status_callback.url'
		).split(' '),
		n8nOperation: 'connectAgent',
		nodeRedType: 'exotel-make-call',
	},
	{
		title: 'Read a call (v1 and v2)',
		seed: 'seeds 001, 004',
		operation: 'getCall',
		fields: getCall.fields,
		names: ['CallSid', 'details'],
		n8nOperation: 'get',
		nodeRedType: 'exotel-get-call',
	},
	{
		title: 'List calls',
		seed: 'seed 004',
		operation: 'listCalls',
		fields: listCalls.fields,
		names: 'Sid DateCreated To From Status Duration Price Direction PhoneNumber details PageSize SortBy Before After'.split(
			' ',
		),
		n8nOperation: 'getMany',
		nodeRedType: 'exotel-list-calls',
		elsewhere: { Before: 'For going back; the nodes only go on, with `After`.' },
		notInForm: {
			n8n: {
				cursor: 'The node pages by itself.',
				pageSize: 'The node chooses it by *Limit*.',
			},
			nodeRed: { cursor: 'The node pages by itself; `exotel.position` goes on elsewhere.' },
		},
	},
	{
		title: 'Look a number up',
		seed: 'seed 004',
		operation: 'lookupNumber',
		fields: lookupNumber.fields,
		names: ['Number'],
		n8nOperation: 'lookup',
		nodeRedType: 'exotel-lookup-number',
	},
	{
		title: 'Answer a Connect applet (1.0 and 1.1)',
		seed: 'seeds 002, 003',
		operation: 'connectAnswer',
		fields: connectAnswerFields,
		names: (
			'fetch_after_attempt destination destination.numbers destination[].contact_uri outgoing_phone_number record recording_channels max_ringing_duration ' +
			'max_conversation_duration music_on_hold.type music_on_hold.value parallel_ringing.activate ' +
			'parallel_ringing.max_parallel_attempts dial_passthru_event_url call_event_passthru_url ' +
			'start_call_playback.playback_to start_call_playback.type start_call_playback.value state_management ' +
			'sticky_agent recording.record recording.channels'
		).split(' '),
		n8nOperation: null,
		nodeRedType: 'exotel-applet-answer',
		elsewhere: {
			'destination.numbers': 'Version 1.0 of `destination`; one field for both.',
			'destination[].contact_uri': 'Version 1.1 of `destination`; one field for both.',
			call_event_passthru_url: 'Version 1.1 of `dial_passthru_event_url`; one field for both.',
			'start_call_playback.type': 'Follows from which of the two announcements is filled in.',
			'recording.record': 'Version 1.1 of `record`; one field for both.',
			'recording.channels': 'Version 1.1 of `recording_channels`; one field for both.',
		},
	},
	{
		title: 'Answer a Gather applet',
		seed: "the vendor's support pages, not the API documents",
		operation: 'gatherAnswer',
		fields: gatherAnswerFields,
		names: (
			'gather_prompt.text gather_prompt.audio_url max_input_digits finish_on_key input_timeout repeat_menu ' +
			'repeat_gather_prompt.text repeat_gather_prompt.audio_url'
		).split(' '),
		n8nOperation: null,
		nodeRedType: 'exotel-applet-answer',
	},
];
