/**
 * What was known of a call is never lost because a later source leaves it out: random requests and records of every
 * source, each with any of its fields missing or blank, in any order.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readCallEvent, type Call, type CallEvent } from '../../../exotel';
import { eventFromCall } from '../../../exotel/call/timeline';
import type { Party } from '../../../exotel/call/call';
import { callFromV1 } from '../../../exotel/call/record-v1';
import { callFromV2 } from '../../../exotel/call/record-v2';
import { isActiveWord } from '../../../exotel/call/outcome';
import { advance, callOf, emptyTimeline } from '../../../exotel/call/timeline';
import { placedEvent } from '../../../exotel/tracking/seen-events';
import { propertyRuns as numRuns } from '../samples';
import { account, SID } from './events-of-a-call';

const RECEIVED = 1_554_682_715_000;
const AGENTS = ['09812345699', '09812345600'];

/** One of the values, a blank of Exotel's, or nothing at all. */
const some = (...values: unknown[]): fc.Arbitrary<unknown> =>
	fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...values) }, fc.constantFrom(undefined, null, '', 'null'));
const stamp = some('2019-04-08 03:17:59', '2019-04-08 03:18:30', '2019-04-08 03:18:35', '1970-01-01 05:30:00');
const isoStamp = some('2019-04-08T03:17:59+05:30', '2019-04-08T03:18:35+05:30');
const seconds = some(0, 4, '26');
const word = some('completed', 'busy', 'no-answer', 'failed', 'in-progress', 'canceled');
const recording = some('https://r.example.com/a.mp3');
const v1Legs = fc.option(
	fc.array(
		fc.record({ Status: word, OnCallDuration: seconds, RingingDuration: seconds, AnsweredBy: some('HUMAN') }),
		{
			maxLength: 2,
		},
	),
	{ nil: undefined },
);
const v1Numbers = { From: some('09413740000'), To: some('+918867990000'), PhoneNumberSid: some('08047115777') };

const v1Callback = fc.record({
	CallSid: fc.constant(SID),
	...v1Numbers,
	DateUpdated: stamp,
	EventType: some('terminal', 'answered', 'ringing'),
	EventTime: stamp,
	Status: word,
	Direction: some('outbound-api', 'inbound'),
	DateCreated: stamp,
	StartTime: stamp,
	EndTime: stamp,
	ConversationDuration: seconds,
	RecordingUrl: recording,
	CustomField: some('order 7'),
	Legs: v1Legs,
});
const v1Record = fc.record({
	Sid: fc.constant(SID),
	...v1Numbers,
	DateCreated: stamp,
	DateUpdated: stamp,
	StartTime: stamp,
	EndTime: stamp,
	Status: word,
	Duration: seconds,
	Price: some('0.75'),
	Direction: some('outbound-dial', 'inbound'),
	AnsweredBy: some('human'),
	ForwardedFrom: some('09812340000'),
	CallerName: some('Asha'),
	ParentCallSid: some('p1'),
	RecordingUrl: recording,
	CustomField: some('N/A', 'order 7'),
	Details: fc.record({ ConversationDuration: seconds, Leg1Status: word, Leg2Status: word, Legs: v1Legs }),
});
const v2Record = fc.record({
	call_sid: fc.constant(SID),
	direction: some('outbound', 'inbound'),
	virtual_number: some('+918047115777'),
	call_state: some('active', 'terminal'),
	call_status: some('completed', 'agent_unanswered', 'customer_unanswered', 'agent_canceled'),
	assigned_agent_details: fc.record({
		user_id: some('u1'),
		user_name: some('Ravi'),
		contact_uri: some(...AGENTS),
		group_id: some('g1'),
		group_name: some('Sales'),
		status: word,
	}),
	customer_details: fc.record({ contact_name: some('Asha'), contact_uri: some('+918867990000'), status: word }),
	created_time: isoStamp,
	updated_time: isoStamp,
	start_time: isoStamp,
	end_time: isoStamp,
	total_duration: seconds,
	total_talk_time: seconds,
	custom_field: some('order 7'),
	app_id: some('926'),
	app_name: some('Support'),
	digits: some('1-42'),
	recordings: fc.constantFrom(undefined, null, [], [{ url: 'https://r.example.com/a.mp3' }]),
});
const flowRequest = {
	CallSid: fc.constant(SID),
	CallFrom: some('09413740000'),
	CallTo: some('08047115777'),
	Direction: some('incoming', 'outbound-dial'),
	Created: stamp,
	From: some('09413740000'),
	To: some('08047115777'),
	CurrentTime: fc.constantFrom('2019-04-08 03:18:01', '2019-04-08 03:18:40'),
	DialWhomNumber: some(...AGENTS),
};
const passthru = fc.record({
	...flowRequest,
	CallType: some('call-attempt', 'completed', 'incomplete', 'client-hangup'),
	DialCallStatus: word,
	StartTime: stamp,
	flow_id: some('926'),
	digits: some('"42"'),
	CustomField: some('order 7'),
	RecordingUrl: recording,
	Legs: v1Legs,
});
const agentPassthru = fc.record({
	...flowRequest,
	Status: some('busy', 'free'),
	EventType: fc.constantFrom(' Dial', 'Ringing', 'Answered', 'Terminal'),
});
const callEventPassthru = fc.record({
	call_sid: fc.constant(SID),
	direction: some('incoming'),
	from: some('09413740000'),
	to: some(...AGENTS),
	virtual_number: some('08047115777'),
	created_time: isoStamp,
	current_time: fc.constant('2019-04-08T03:18:20+05:30'),
	status: some('busy', 'free'),
});

const post = (body: object): CallEvent =>
	readCallEvent(
		{
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify(body),
			receivedAt: RECEIVED,
		},
		account,
	);
const eventType = fc.constantFrom('dial', 'ringing', 'answered', 'terminal');
/** A poll of Exotel's API: the end, or what a make-call response knows of the active call. */
const polled = (call: Call): CallEvent => eventFromCall(call, {}, '2019-04-08T03:30:00+05:30') ?? placedEvent(call);

const event: fc.Arbitrary<CallEvent> = fc.oneof(
	v1Callback.map(post),
	v1Record.map((record) => polled(callFromV1(record, account))),
	v2Record.map((record) => polled(callFromV2(record, account))),
	fc
		.tuple(eventType, v2Record)
		.map(([event_type, call_details]) => post({ event_details: { event_type }, call_details })),
	passthru.map(post),
	agentPassthru.map(post),
	fc
		.tuple(eventType, callEventPassthru)
		.map(([event_type, call_details]) => post({ event_details: { event_type }, call_details })),
);

/** Every fact of a call by its path, legs by their party; blanks are none. */
function factsOf({ legs, ...call }: Call): Map<string, unknown> {
	const of = (party: Party) => legs.filter((leg) => leg.party === party);
	return leavesOf({ ...call, legs: { from: of('from'), to: of('to') } });
}

function leavesOf(value: unknown, path = ''): Map<string, unknown> {
	const facts = new Map<string, unknown>();
	if (value === null || value === undefined) return facts;
	if (typeof value !== 'object') return facts.set(path, value);
	for (const [name, part] of Object.entries(value))
		for (const [at, fact] of leavesOf(part, `${path}.${name}`)) facts.set(at, fact);
	return facts;
}

/** What may go without being erased: it is no longer true, or it was about somebody else. */
function mayGo(path: string, fact: unknown, before: Call, after: Call): boolean {
	if (path === '.reason') return after.outcome !== before.outcome;
	if (path === '.unansweredBy') return after.outcome !== before.outcome;
	if (path.startsWith('.agent.')) return before.agent?.contact !== after.agent?.contact;
	return path.startsWith('.legs.') && after.state === 'ended' && isActiveWord(String(fact));
}

describe('what is known of a call', () => {
	it('is never erased by what a later source leaves out', () => {
		fc.assert(
			fc.property(fc.array(event, { minLength: 2, maxLength: 12 }), (events) => {
				let timeline = emptyTimeline(SID);
				for (const next of events) {
					const before = callOf(timeline);
					timeline = advance(timeline, next).timeline;
					const after = callOf(timeline);
					const known = factsOf(after);
					for (const [path, fact] of factsOf(before))
						assert.ok(
							known.has(path) || mayGo(path, fact, before, after),
							`${path} = ${String(fact)} is lost by ${next.source} ${next.type}`,
						);
				}
			}),
			{ numRuns },
		);
	});

	it('does not depend on the order of the sources', () => {
		const twoOrders = fc
			.array(event, { minLength: 2, maxLength: 8 })
			.chain((events) =>
				fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length })),
			);
		fc.assert(
			fc.property(twoOrders, ([one, other]) => {
				const [first, second] = [one, other].map((events) =>
					callOf(events.reduce((timeline, next) => advance(timeline, next).timeline, emptyTimeline(SID))),
				);
				assert.deepEqual(first, second);
			}),
			{ numRuns },
		);
	});

	it('prefers what a source says to what the reader of another one assumes', () => {
		const flows: CallEvent['source'][] = ['passthru', 'agent-passthru'];
		fc.assert(
			fc.property(fc.array(event, { minLength: 1, maxLength: 8 }), (events) => {
				const call = callOf(
					events.reduce((timeline, next) => advance(timeline, next).timeline, emptyTimeline(SID)),
				);
				const directions = events.flatMap(({ call: { directionWord, direction } }) =>
					directionWord === null ? [] : [direction],
				);
				assert.ok(directions.length === 0 || directions.includes(call.direction));
				const apis = events.flatMap(({ call: { api }, source }) =>
					api === 'v1' && flows.includes(source) ? [] : [api],
				);
				assert.ok(apis.length === 0 || apis.includes(call.api));
			}),
			{ numRuns },
		);
	});

	it('has every fact that any of its sources gave', () => {
		const given = new Set<string>();
		fc.assert(
			fc.property(fc.array(event, { minLength: 1, maxLength: 8 }), (events) => {
				const { timeline } = events.reduce((step, next) => advance(step.timeline, next), {
					timeline: emptyTimeline(SID),
				});
				const call = callOf(timeline);
				const known = factsOf(call);
				for (const { call: told } of events)
					for (const [path, fact] of factsOf(told)) {
						given.add(path);
						// An end that is not the call's own says nothing of the call.
						const isAboutEnd = ['.outcome', '.reason', '.unansweredBy', '.status'].includes(path);
						assert.ok(
							known.has(path) || isAboutEnd || mayGo(path, fact, told, call),
							`${path} = ${String(fact)} is not known`,
						);
					}
			}),
			{ numRuns },
		);
		for (const field of ['digits', 'customerName', 'parentSid', 'agent.name', 'legs.to.0.ringingSeconds', 'price'])
			assert.ok(given.has(`.${field}`), `the sources never give ${field}`);
	});
});
