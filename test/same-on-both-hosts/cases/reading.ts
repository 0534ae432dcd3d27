/** What is read: calls, lists, numbers, recordings, ExoPhones. */
import { answers as known, type Answer } from '../../recorded/case';
import type { Reading } from '../description';

const sid = 'b6cfaf5f5cef3ca0fc937749ef960e25';
const bare404: Answer = { status: 404, headers: { 'content-type': 'text/html' }, body: '<html>Not here</html>' };
const address = '{exotel}/exotelrecordings/acme1/b6cfaf5f5cef3ca0fc937749ef960e25.mp3';

/** An agent's call whose recording is at the recorder, so that no request leaves this machine. */
const agentCallRecorded = JSON.parse(
	JSON.stringify(known['v2 call ended']).replace(/https:[^"]*\/exotelrecordings/g, '{exotel}/exotelrecordings'),
) as Answer;

const read = (
	operation: Reading['operation'],
	name: string,
	fields: Reading['fields'],
	answers: Reading['answers'] = [],
): Reading => ({ operation, name, fields, answers });

/** The two forms start with other values for these two, so that every case states them. */
const list = (name: string, filters: Reading['fields'], answers: Reading['answers'] = []): Reading =>
	read('listCalls', name, { sortBy: 'oldest', details: false, createdAfter: '2020-01-01', ...filters }, answers);

/** A page of ExoPhones, numbers counted on from `first`. */
function exoPhones(first: number, count: number): Answer {
	const numbers = Array.from({ length: count }, (_, index) => ({
		sid: `sid${first + index}`,
		phone_number: `+9180471${String(first + index).padStart(5, '0')}`,
		friendly_name: `Number ${first + index}`,
	}));
	return { body: { incoming_phone_numbers: numbers, metadata: { page: 0, page_size: 50 } } };
}

/** An incoming call that the flow picked up and no agent answered (facts 2.4). */
const withoutLegs = {
	Sid: sid,
	ParentCallSid: 'p1',
	Status: 'completed',
	Direction: 'inbound',
	From: '09812330240',
	To: '08047114890',
	PhoneNumberSid: 'f3a9c2d04b1e4e0f9d1c5a7b8e6f0123',
	StartTime: '2020-01-02 10:00:00',
	EndTime: '2020-01-02 10:00:30',
	AnsweredBy: 'human',
};
const missed = {
	...withoutLegs,
	Details: { ConversationDuration: 0, Leg1Status: 'completed', Leg2Status: 'no-answer' },
};
const bulkOf = (call: object): Answer => ({ body: { Metadata: { Total: 1 }, Calls: [call] } });

const row6 = 'row 6 (v1 or v2)';
const row7 = 'row 7 (which operation reads which API)';
const row8 = 'row 8 (all ExoPhones)';
const row9 = 'row 9 (pace of the account)';

export const readingCases: readonly Reading[] = [
	read('getCall', 'a call of v1', { sid, api: 'v1' }, ['v1 call ended']),
	read('getCall', 'a call of v1 with details', { sid, api: 'v1', details: true, recordingUrlValidityMinutes: 30 }, [
		'v1 call details',
	]),
	read('getCall', 'a call of v1 that nobody answered', { sid }, ['v1 call unanswered']),
	read('getCall', 'a call of v1 in XML', { sid }, ['v1 call inbound xml']),
	read('getCall', `${row7}: a call of v2`, { sid, api: 'v2' }, ['v2 call ended']),
	read('getCall', `${row7}: a call of v2 that its customer did not answer`, { sid, api: 'v2' }, [
		'v2 customer unanswered',
	]),
	read('getCall', `${row6}: found in the other API`, { sid }, ['not found', 'v2 call ended']),
	read('getCall', `${row6}: a bare 404 asks the other API too`, { sid }, [bare404, 'v2 call ended']),
	read('getCall', `${row6}: found in neither, the first error counts`, { sid }, [
		'not found',
		'agent call not found',
	]),
	read('getCall', `${row6}: a bare 404 of both, the first error counts`, { sid }, [bare404, bare404]),
	read('getCall', `${row6}: 401 asks no other API`, { sid }, ['unauthorised']),
	read('getCall', `${row6}: not there in v1 alone`, { sid, api: 'v1' }, ['not found']),
	read('getCall', 'no SID', { sid: '' }),
	read('getCall', 'a SID that is none', { sid: 'a b' }),
	read('getCall', 'a validity out of range', { sid, api: 'v1', recordingUrlValidityMinutes: 1 }),
	read('getCall', 'a call, pages of a proxy only', { sid, api: 'v1' }, Array<string>(5).fill('bad gateway page')),
	list('a missed incoming call, legs asked for', { details: undefined }, [bulkOf(missed)]),
	list('a missed incoming call, legs not asked for', { details: false }, [bulkOf(withoutLegs)]),
	list('a missed incoming call, legs asked for and not sent', { details: true }, [bulkOf(withoutLegs)]),
	read('getCall', 'an incoming call without its legs', { sid, api: 'v1', details: false }, [
		{ body: { Call: withoutLegs } },
	]),
	read('getCall', 'a SID of another form', { sid: 'Call-7', api: 'v1' }, [
		{ body: { Call: { ...missed, Sid: 'Call-7' } } },
	]),
	list('calls of some days', {}, ['bulk first page', 'bulk last page', 'bulk empty']),
	list(
		'calls with every filter',
		{
			createdBefore: '2020-01-03T23:59:59.000+05:30',
			from: '09812330240',
			to: '09876520000, +918012345678',
			exoPhone: '08047114890',
			sids: `${sid},b6cfaf5f5cef3ca0fc937749ef96d245`,
			callStatus: ['completed', 'busy'],
			direction: 'outbound-api',
			durationMinSeconds: 10,
			durationMaxSeconds: 60,
			priceMin: 0.1,
			priceMax: 2.5,
			details: true,
		},
		['bulk first page', 'bulk last page'],
	),
	list('calls, a status as text', { callStatus: 'completed; no-answer\nbusy' }, ['bulk empty']),
	list('calls, a status that is no word', { callStatus: ['completed', 'not a word!'] }),
	list('calls, numbers by comma, semicolon and line', { from: '09812330240; 09812330241\n+918012345678,' }, [
		'bulk empty',
	]),
	list('calls, a list of separators is nothing', { from: ', ;\n' }, ['bulk empty']),
	list('calls, one wrong number of three', { from: '09812330240; hello, 09812330241' }),
	list('calls, two wrong numbers', { to: 'x\ny' }),
	list('calls, too many numbers', { from: '1,2,3,4,5,6' }),
	list('calls, a list as a list', { from: ['09812330240', '+918012345678'] }, ['bulk empty']),
	list('calls, exact values', { durationEqualsSeconds: 30, priceEquals: 0.3 }, ['bulk empty']),
	list('calls, filters that exclude each other', { durationMinSeconds: 10, durationEqualsSeconds: 30 }),
	list('calls, days without a time', { createdAfter: '2020-01-01', createdBefore: '2020-01-03' }, ['bulk empty']),
	list('calls, times the wrong way round', { createdAfter: '2020-01-03', createdBefore: '2020-01-01' }),
	list('calls, a range the wrong way round', {
		durationMinSeconds: 60,
		durationMaxSeconds: 10,
		priceMin: 2,
		priceMax: 1,
	}),
	list('calls, a time that is none', { createdAfter: 'last week' }),
	list('calls of a year ago', { createdAfter: '2019-01-01' }),
	list('calls, refused with 401', {}, ['unauthorised']),
	read('lookupNumber', 'a number', { number: '09812330240' }, ['number']),
	read('lookupNumber', 'a number hardly anything is known of', { number: '+918047114890' }, [
		'number unknown operator',
	]),
	read('lookupNumber', 'no number', { number: '' }),
	read('lookupNumber', 'a number that is none', { number: 'hello' }),
	read('lookupNumber', 'a number, refused with 403', { number: '09812330240' }, ['forbidden']),
	read('getRecording', 'a recording by the SID', { sid }, ['v1 call with recording here', 'recording']),
	read('getRecording', 'a recording by its address', { url: address }, ['recording']),
	read('getRecording', 'a recording that has moved', { url: address }, ['recording moved', 'recording']),
	read('getRecording', 'a recording that is not there yet', { sid }, ['v1 call without recording yet']),
	read('getRecording', 'a recording of a call that nobody answered', { sid }, ['v1 call unanswered']),
	read('getRecording', 'a recording that is a page', { url: address }, ['recording is a page']),
	read('getRecording', 'a recording by an address that is none', { url: 'hello' }),
	read('getRecording', `${row6}: the recording of an agent’s call`, { sid }, [
		'not found',
		agentCallRecorded,
		'recording',
	]),
	read('listExoPhones', `${row8}: one page`, {}, ['exophones']),
	read('listExoPhones', `${row8}: two pages, the second repeats`, {}, [exoPhones(1, 50), exoPhones(50, 3)]),
	{
		...read(
			'getCall',
			`${row9}: 200 requests, the next in a minute`,
			{ sid, api: 'v1' },
			Array<string>(201).fill('v1 call ended'),
		),
		times: 201,
		later: [{ advance: 59 }],
	},
	{
		...read(
			'getCall',
			`${row9}: after a minute the rest`,
			{ sid, api: 'v1' },
			Array<string>(201).fill('v1 call ended'),
		),
		times: 201,
		later: [{ advance: 61 }],
	},
	{
		...read('getCall', `${row9}: the pause Exotel asked for`, { sid, api: 'v1' }, ['too many', 'v1 call ended']),
		later: [{ advance: 1.9 }],
	},
	{
		...read('getCall', `${row9}: the pause Exotel asked for is over`, { sid, api: 'v1' }, [
			'too many',
			'v1 call ended',
		]),
		later: [{ advance: 2.1 }],
	},
];
