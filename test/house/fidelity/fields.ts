/**
 * Every field that the vendor's documents print in a record, a callback or a request of Exotel, as a sample with all of
 * them filled in, and the reader of ours it goes through. Where a field comes out is found by leaving it out; `rawOnly`
 * says why one changes nothing.
 */
import { readAppletRequest, readCallEvent, type Account } from '../../../exotel';
import { callFromV1 } from '../../../exotel/call/record-v1';
import { lookupNumber } from '../../../exotel';
import { getAgentCall } from '../../../exotel/operations/get-agent-call';
import { callJson } from '../../../nodes/Exotel/operations/output';
import { emptyCall } from '../../../exotel/call/call';
import type { Payload } from '../../../exotel/payload';

/** One table of documented fields. */
export interface FieldTable {
	title: string;
	seed: string;
	/** Nodes that give it out. */
	n8n: { nodes: string };
	nodeRed: { nodes: string };
	sample: Payload;
	/** The sample as it may also be, where one field takes the place of another. */
	also?: readonly ((sample: Payload) => Payload)[];
	read(sample: Payload): object;
	/** Fields that are in the raw record alone, and why. */
	rawOnly: Readonly<Record<string, string>>;
}

const account: Account = { region: 'singapore', sid: 'acme1', timeZone: 'Asia/Kolkata', defaultCountry: 'IN' };
const receivedAt = 1_554_682_715_000;

const ACCOUNT = "The account's own.";
const PATH = 'The nodes build addresses themselves.';
const POSITION = 'The place of the leg; `party` says it.';
const ENVELOPE = 'The same for every good response; an error has `httpStatus`.';
const CONSTANT = 'A constant while the flow runs (seed 002).';

/** The columns of n8n's *Simplify*. */
export const simplified: ReadonlySet<string> = new Set(Object.keys(callJson(emptyCall('x', 'v1'), true)));

const response = (body: object) => ({ status: 200, headers: {}, body: JSON.stringify(body) });
const json = (fields: Payload) => ({
	method: 'POST',
	headers: { 'content-type': 'application/json' },
	body: JSON.stringify(fields),
	receivedAt,
});
const event = (fields: Payload) => {
	const { raw: _raw, ...rest } = readCallEvent(json(fields), account);
	return rest;
};
const applet = (version: string | undefined) => (fields: Payload) => {
	const request = {
		method: 'GET',
		headers: version === undefined ? {} : { 'exotel-version': version },
		query: fields,
		receivedAt,
	};
	const { raw: _raw, ...rest } = readAppletRequest(request, account);
	return rest;
};

const call = { nodes: 'Exotel: Get, Get Many' };
const callOut = { nodes: 'get call, list calls' };
const placedIn = { nodes: 'Exotel: Connect …, Get' };
const placedOut = { nodes: 'make call, get call' };
const trigger = { nodes: 'Exotel Trigger' };
const events = { nodes: 'call events' };
const appletTrigger = { nodes: 'Exotel Applet Trigger' };
const appletIn = { nodes: 'applet' };

const v1Leg = (seconds: number, ringing: number) => ({
	OnCallDuration: seconds,
	Status: 'completed',
	RingingDuration: ringing,
});

const v2Call = {
	call_sid: 'c2',
	direction: 'inbound',
	virtual_number: '+918047112233',
	call_state: 'terminal',
	call_status: 'agent_unanswered',
	assigned_agent_details: {
		user_id: 'u1',
		user_name: 'Ravi',
		contact_uri: '+919812345678',
		group_id: 'g1',
		group_name: 'Sales',
		status: 'busy',
	},
	customer_details: { contact_name: 'Asha', contact_uri: '+918012345678', status: 'completed' },
	created_time: '2021-07-28T03:07:12+05:30',
	updated_time: '2021-07-28T03:07:33+05:30',
	start_time: '2021-07-28T03:07:18+05:30',
	end_time: '2021-07-28T03:07:32+05:30',
	total_duration: 20,
	total_talk_time: 0,
	custom_field: 'order-1042',
	app_id: '926',
	app_name: 'Support',
	digits: '1-42',
	recordings: [{ url: 'https://recordings.example.com/1.mp3' }],
};

const flow = {
	CallSid: 'c3',
	CallFrom: '09812345678',
	CallTo: '08047112233',
	Direction: 'incoming',
	Created: '2022-02-23 12:31:59',
	From: '09812345678',
	To: '08047112233',
	CurrentTime: '2022-02-23 12:32:00',
	DialWhomNumber: '08012345678',
};
/** The same after a Connect applet that nobody answered. */
const dialledFlow = {
	...flow,
	DialCallDuration: '20',
	StartTime: '2022-02-23 12:31:58',
	EndTime: '1970-01-01 05:30:00',
	CallType: 'incomplete',
	flow_id: '926',
	DialCallStatus: 'no-answer',
	digits: '"42"',
	CustomField: 'order-1042',
	RecordingUrl: 'https://recordings.example.com/1.mp3',
};
/** Numbers come twice; each pair is read where the other is missing. */
const withoutNames =
	(...names: string[]) =>
	(sample: Payload): Payload =>
		Object.fromEntries(Object.entries(sample).filter(([name]) => !names.includes(name)));
const onePair = [withoutNames('CallFrom', 'CallTo'), withoutNames('From', 'To')];

/** All tables. */
export const fieldTables: readonly FieldTable[] = [
	{
		title: 'Record of a call (v1), with `details=true`',
		seed: 'seed 004',
		n8n: call,
		nodeRed: callOut,
		sample: {
			Sid: 'c1',
			ParentCallSid: 'p1',
			DateCreated: '2016-11-29 15:58:45',
			DateUpdated: '2016-11-29 16:00:09',
			AccountSid: 'acme1',
			To: '08012345678',
			From: '09812345678',
			PhoneNumber: '+918047112233',
			PhoneNumberSid: 'f3a9c2d04b1e4e0f9d1c5a7b8e6f0123',
			Status: 'failed',
			StartTime: '2016-11-29 15:59:10',
			EndTime: '2016-11-29 15:59:27',
			Duration: '18',
			Price: '1.500',
			Direction: 'inbound',
			AnsweredBy: 'human',
			ForwardedFrom: '09812340000',
			CallerName: 'Asha',
			Uri: '/v1/Accounts/acme1/Calls/c1',
			RecordingUrl: 'https://recordings.example.com/1.mp3',
			Details: {
				ConversationDuration: 8,
				Leg1Status: 'busy',
				Leg2Status: 'completed',
				Legs: [{ Leg: { Id: '1', OnCallDuration: 21 } }, { Leg: { Id: '2', OnCallDuration: 8 } }],
			},
		},
		read: (fields) => callFromV1(fields, account),
		rawOnly: { AccountSid: ACCOUNT, Uri: PATH, 'Details.Legs[].Leg.Id': POSITION },
	},
	{
		title: 'Response about a call (v2)',
		seed: 'seed 001',
		n8n: placedIn,
		nodeRed: placedOut,
		sample: {
			request_id: 'r1',
			method: 'GET',
			http_code: 200,
			metadata: 'm',
			response: { code: 200, error_data: 'none', status: 'success', data: v2Call },
		},
		also: [(sample) => ({ ...sample, response: { status: 'success', data: { ...v2Call, call_status: null } } })],
		read: (fields) => getAgentCall.read(response(fields), account),
		rawOnly: {
			method: ENVELOPE,
			http_code: ENVELOPE,
			metadata: 'Null in every sample.',
			'response.code': ENVELOPE,
			'response.error_data': 'An error has its `code`, message and hint.',
			'response.status': ENVELOPE,
		},
	},
	{
		title: 'Status callback (v1)',
		seed: 'seeds 000, 004',
		n8n: trigger,
		nodeRed: events,
		sample: {
			CallSid: 'c1',
			EventType: 'terminal',
			DateCreated: '2019-04-08 03:17:59',
			DateUpdated: '2019-04-08 03:18:35',
			EventTime: '2019-04-08 03:18:37',
			Status: 'no-answer',
			To: '+918012345678',
			From: '+919812345678',
			PhoneNumberSid: '08047112233',
			StartTime: '2019-04-08 03:17:59',
			EndTime: '2019-04-08 03:18:36',
			Direction: 'outbound-api',
			RecordingUrl: 'https://recordings.example.com/1.mp3',
			ConversationDuration: 32,
			CustomField: 'order-1042',
			Legs: [v1Leg(41, 4), v1Leg(32, 3)],
		},
		also: [(sample) => ({ ...sample, EventType: 'answered' })],
		read: event,
		rawOnly: {},
	},
	{
		title: 'Status callback (v2)',
		seed: 'seed 001',
		n8n: trigger,
		nodeRed: events,
		sample: { event_details: { event_type: 'answered' }, call_details: v2Call },
		also: [(sample) => ({ ...sample, event_details: { event_type: 'terminal' } })],
		read: event,
		rawOnly: {
			'call_details.call_state': 'The event says it.',
		},
	},
	{
		title: 'Agent pass-through of the Connect applet',
		seed: 'seed 000',
		n8n: trigger,
		nodeRed: events,
		sample: { ...flow, Status: 'busy', EventType: ' Dial' },
		also: [
			...onePair,
			(sample) => ({ ...sample, EventType: 'Ringing' }),
			({ EventType: _, ...sample }) => ({ ...sample, Status: 'free' }),
		],
		read: event,
		rawOnly: {
			Direction:
				'Always about the leg to the agent, so `call.direction` is a guess: `inbound`, unless another report of ' +
				'the call says more or the node itself placed it.',
		},
	},
	{
		title: 'Request of `call_event_passthru_url`',
		seed: 'seed 003',
		n8n: trigger,
		nodeRed: events,
		sample: {
			event_details: { event_type: 'ringing' },
			call_details: {
				call_sid: 'c4',
				direction: 'incoming',
				from: '09812345678',
				to: '08012345678',
				virtual_number: '08047112233',
				created_time: '2022-11-16T00:19:02+05:30',
				current_time: '2022-11-16T00:19:12+05:30',
				status: 'busy',
			},
		},
		also: [(sample) => ({ ...sample, call_details: { call_sid: 'c4', from: '09812345678', status: 'free' } })],
		read: event,
		rawOnly: {},
	},
	{
		title: 'Request of a Passthru applet',
		seed: 'seed 002',
		n8n: trigger,
		nodeRed: events,
		sample: dialledFlow,
		also: onePair,
		read: event,
		rawOnly: { EndTime: CONSTANT },
	},
	{
		title: 'Request of a Greeting applet',
		seed: 'support pages (facts 7.6)',
		n8n: appletTrigger,
		nodeRed: appletIn,
		sample: dialledFlow,
		also: onePair,
		read: applet(undefined),
		rawOnly: { EndTime: CONSTANT },
	},
	{
		title: 'Request of a Connect applet',
		seed: 'seeds 002, 003',
		n8n: appletTrigger,
		nodeRed: appletIn,
		sample: dialledFlow,
		also: onePair,
		read: applet('1.0'),
		rawOnly: { EndTime: CONSTANT },
	},
	{
		title: 'Details of a number',
		seed: 'seed 004',
		n8n: { nodes: 'Exotel: Lookup' },
		nodeRed: { nodes: 'look up number' },
		sample: {
			Numbers: {
				PhoneNumber: '09812345678',
				Circle: 'KA',
				CircleName: 'Karnataka Telecom',
				Type: 'Mobile',
				Operator: 'A',
				OperatorName: 'Airtel India',
				DND: 'Yes',
			},
		},
		read: (fields) => {
			const { raw: _raw, ...rest } = lookupNumber.read(response(fields), account);
			return rest;
		},
		rawOnly: {},
	},
];
