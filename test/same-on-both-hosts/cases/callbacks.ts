/** What Exotel reports of calls that were placed elsewhere: who may report, what is read, what comes out. */
import type { Data } from '../../recorded/case';
import type { Reporting, Webhook } from '../description';

const reported = (name: string, requests: Reporting['requests'], webhook: Webhook = {}): Reporting => ({
	name,
	operation: 'callEvents',
	requests,
	webhook,
});

const one = (incoming: string): Reporting => reported(`a callback: ${incoming}`, [{ incoming }]);

/** A short terminal report with some fields changed. */
const terminal = (fields: Data): Reporting['requests'][number] => ({
	incoming: {
		json: {
			CallSid: '492205107c5fb48f4ac25d1f77759339',
			EventType: 'terminal',
			DateUpdated: '2019-04-08 03:18:35',
			From: '+919413741234',
			To: '+918867991234',
			PhoneNumberSid: '01130831234',
			Direction: 'outbound-api',
			...fields,
		},
	},
});

/** An agent pass-through as seed 000 writes it, of the call that `terminal` ends, with some fields changed. */
const agent = (fields: Record<string, string>): Reporting['requests'][number] => ({
	incoming: {
		query: new URLSearchParams({
			CallSid: '492205107c5fb48f4ac25d1f77759339',
			CallFrom: '09413741234',
			CallTo: '08047115980',
			Direction: 'outbound-dial',
			Created: '2019-04-08 03:18:00',
			From: '09413741234',
			To: '08047115980',
			CurrentTime: '2019-04-08 03:18:10',
			DialWhomNumber: '09812345699',
			Status: 'busy',
			...fields,
		}).toString(),
	},
});
const agentFree = agent({ EventType: 'Terminal', Status: 'free', CurrentTime: '2019-04-08 03:18:40' });

const fourFields = { incoming: 'v1 four fields' };
const forwarded = (address: string): Reporting['requests'][number] => ({
	incoming: 'v1 four fields',
	with: { headers: { 'x-forwarded-for': address } },
});
const row5 = 'row 5 (list of allowed addresses)';

export const callbackCases: readonly Reporting[] = [
	...[
		'v1 four fields',
		'v1 four fields multipart',
		'v1 terminal json',
		'v1 terminal form',
		'v1 terminal multipart',
		'v1 terminal with ringing times',
		'v1 answered first leg',
		'v1 ringing second leg',
		'v2 answered customer',
		'v2 terminal',
		'agent dial',
		'agent answered',
		'agent terminal',
		'call event passthru dial',
		'call event passthru',
		'passthru',
	].map(one),
	reported('an agent is free once, and late progress of the attempt is dropped', [
		agent({ EventType: ' Dial' }),
		agentFree,
		agentFree,
		agent({ EventType: 'Answered', CurrentTime: '2019-04-08 03:18:20' }),
	]),
	reported('an agent busy and free, in the form without an event type', [
		agent({}),
		agent({ Status: 'free', CurrentTime: '2019-04-08 03:18:40' }),
	]),
	...(
		[
			['incomplete', 'digits', '"1"'],
			['voicemail', 'RecordingUrl', 'https://r.example/v.mp3'],
		] as const
	).map(([CallType, name, value]) => {
		const input = agent({ CallType, [name]: value, Status: '', CurrentTime: '2019-04-08 03:18:50' });
		const nobody = agent({ CallType: 'incomplete', DialCallStatus: 'no-answer', Status: '' });
		return reported(`what a caller does after the end is passed on once: ${name}`, [nobody, input, input]);
	}),
	reported('what a caller pressed comes after the callback of the end', [
		terminal({ Status: 'completed' }),
		agent({
			CallType: 'completed',
			DialCallStatus: 'completed',
			digits: '"5"',
			Status: '',
			CurrentTime: '2019-04-08 03:19:00',
		}),
	]),
	reported('two agents, one after the other', [
		agent({ EventType: ' Dial' }),
		agentFree,
		agent({ EventType: ' Dial', DialWhomNumber: 'sip:agent2', CurrentTime: '2019-04-08 03:18:41' }),
	]),
	reported('an end with a status word nobody knows', [terminal({ Status: 'vanished' })]),
	reported('an end without a status', [terminal({})]),
	reported('an end with an empty status and no legs', [terminal({ Status: '', Legs: [] })]),
	reported('an event nobody knows', [terminal({ EventType: 'vanished', Status: 'completed' })]),
	reported('a report without event, without status', [terminal({ EventType: undefined })]),
	reported('the same event twice', [{ incoming: 'v1 terminal json' }, { incoming: 'v1 terminal json' }]),
	reported('the same end in two encodings', [
		{ incoming: 'v1 terminal form' },
		{ incoming: 'v1 terminal multipart' },
	]),
	reported('progress after the end', [{ incoming: 'v1 terminal json' }, { incoming: 'v1 answered first leg' }]),
	reported('the second answer before the first', [
		{ incoming: 'v1 answered second leg' },
		{ incoming: 'v1 answered first leg' },
		{ incoming: 'v1 terminal json' },
	]),
	reported('events of two calls', [
		{ incoming: 'v1 ringing first leg' },
		{ incoming: 'v1 answered first leg' },
		{ incoming: 'v1 ringing second leg' },
	]),
	reported('bodies that are none of Exotel', [{ incoming: 'no call at all' }, { incoming: {} }]),
	reported('a wrong token, and none', [
		{ ...fourFields, token: 'wrong' },
		{ ...fourFields, token: null },
	]),
	reported('no token is asked for', [{ ...fourFields }, { ...fourFields, token: null }], { token: 'anyone' }),
	reported('only the previous token is left', [{ ...fourFields, token: 'wrong' }, fourFields], {
		token: '',
		previousToken: 'recorded-webhook-token',
	}),
	reported('the previous token of two', [fourFields], {
		token: 'another-webhook-token',
		previousToken: 'recorded-webhook-token',
	}),
	reported('tokens of two, and a third one', [{ ...fourFields, token: 'third-webhook-token' }], {
		token: 'another-webhook-token',
		previousToken: 'recorded-webhook-token',
	}),
	reported('the right token among several in the query', [
		{ ...fourFields, with: { query: 'token=another' } },
		{ ...fourFields, with: { query: 'token=recorded-webhook-token' }, token: 'wrong' },
	]),
	reported(`${row5}: commas`, [fourFields], { allowedAddresses: '203.0.113.7, 127.0.0.1' }),
	reported(`${row5}: semicolons`, [fourFields], { allowedAddresses: '203.0.113.7; 127.0.0.0/8' }),
	reported(`${row5}: lines and blanks`, [fourFields], { allowedAddresses: '203.0.113.7\n127.0.0.1 ::1' }),
	reported(`${row5}: not on the list`, [fourFields], { allowedAddresses: '203.0.113.7; 198.51.100.0/24' }),
	reported(`${row5}: a mistake lets nobody in`, [fourFields], { allowedAddresses: '127.0.0.1; 12.0.0' }),
	reported(`${row5}: separators only let everybody in`, [fourFields], { allowedAddresses: ' ;, ' }),
	reported('a trusted proxy: the address it names counts', [forwarded('203.0.113.7'), forwarded('198.51.100.1')], {
		allowedAddresses: '203.0.113.0/24',
		behindProxy: true,
	}),
	reported('no trusted proxy: what it names is not believed', [forwarded('203.0.113.7')], {
		allowedAddresses: '203.0.113.0/24',
	}),
];
