/**
 * The timeline of a call: what is known of it so far, and which events were already reported. Callbacks come twice,
 * late and in any order (facts 6.4, 8.13); a timeline only moves forward. It is a join: every field remembers the
 * priority of the event that filled it, so that any order and any repetition of the same events ends in the same
 * timeline. Plain JSON, about three kilobytes, so that a host can store it.
 */
import { ExotelError } from '../errors';
import { callerInput, ownInput } from './caller-input';
import { emptyCall, isAgentEvent, type Call, type CallEvent, type CallStep } from './call';
import { isOverBy, keptIds, terminalEventId } from './event-id';
import { agentOf, eachAgentField, fieldsOfTooManyAgents, ownAgent, type KnownAgents } from './known-agent';
import { eachLegField, legsOf, type KnownLegs, type PutKnown } from './known-legs';

/**
 * How much a value counts, compared from left to right: a reported conversation, the end before the middle, the
 * source, the place in the call, Exotel's own clock (seconds since 1970).
 */
export type Priority = readonly [conversation: number, ended: number, source: number, rank: number, clock: number];

/** What is known of one call. */
export interface Timeline {
	sid: string;
	/** How far the call is: the rank of its furthest event, -1 before the first. */
	position: number;
	/** True when nothing can change how the call ended; a flow that reports no answer is not enough. */
	ended: boolean;
	/** Ids of the events that were seen, sorted; the latest 100 of agents and the latest 100 of anything else. */
	seen: string[];
	/** Field name → value, legs as `legs.from.0.status`. */
	known: Known;
	/** Field name → priority of the event that filled it. */
	priorities: Record<string, Priority>;
}

/** What one event does to a timeline. */
export interface Advance {
	timeline: Timeline;
	/** The event to pass on, its `call` the merged knowledge; null for a duplicate or something already overtaken. */
	emit: CallEvent | null;
	/** True when the call has certainly ended: nothing more is passed on but an agent becoming free. */
	ended: boolean;
}

/** API lookups take precedence over callbacks, callbacks over what a flow or the response to a request mentions. */
const sourcePriority: Readonly<Record<CallEvent['source'], number>> = {
	sweep: 5,
	'v1-callback': 4,
	'v2-callback': 4,
	passthru: 2,
	response: 2,
	'call-event-passthru': 1,
	'agent-passthru': 0,
};
/** A bare "completed" counts less than a flow, which knows whether its agents answered. */
const BARE_WORD_PRIORITY = 1;
/** An end that does not say how the call ended gives way to any that does. */
const NOT_STATED_PRIORITY = -1;
/** Status, outcome, reason and who did not answer only make sense together. */
const OUTCOME_FIELD = 'outcome';
/** Rank of the end of a call. */
export const END_RANK = 5;
/** Priority, before all others, of what an event does not say but its reader assumes. */
const ASSUMED = -1;
/** Fields that are not simply the best known value. */
const composedFields = [
	...(['sid', 'state', 'api', 'direction', 'status', 'outcome', 'reason', 'unansweredBy'] as const),
	...(['agent', 'legs'] as const),
] as const satisfies readonly (keyof Call)[];
type PlainField = Exclude<keyof Call, (typeof composedFields)[number]>;
const plainFields = Object.keys(emptyCall('', 'v1')).filter(
	(field): field is PlainField => !composedFields.some((composed) => composed === field),
);
/** Fields of the call that are kept under their own name. */
const knownFields = [...plainFields, 'api', 'direction'] as const;

type OutcomeValues = Pick<Call, 'status' | 'outcome' | 'reason' | 'unansweredBy'>;

/** What is known of a call, by the name of the field; blank fields are absent. */
type Known = KnownLegs &
	KnownAgents & { [Field in (typeof knownFields)[number] | 'status']?: Call[Field] } & {
		[OUTCOME_FIELD]?: OutcomeValues;
		[unansweredBy: `unansweredBy.${string}`]: Call['unansweredBy'] | undefined;
	};

/**
 * Rank of an event in the documented order: ringing, answered (first leg), ringing, answered (second leg),
 * terminal.
 */
function rankOf(event: CallEvent): number {
	// Events of an agent run beside the call: they neither end it nor have a place in its order.
	if (event.type === 'dial' || isAgentEvent(event)) return 0;
	if (event.type === 'terminal') return END_RANK;
	return (event.party === 'to' ? 2 : 0) + (event.type === 'ringing' ? 1 : 2);
}

/**
 * True when an event proves that the two have spoken. The word `completed` alone may only mean that a flow picked
 * up.
 */
function confirmsConversation({ call, source }: CallEvent): boolean {
	if (call.outcome !== 'answered') return false;
	if (source === 'passthru' || (call.talkSeconds ?? 0) > 0) return true;
	return call.legs.some(({ party, status }) => party === 'to' && status?.toLowerCase() === 'completed');
}

function clockOf({ call, at }: CallEvent): number {
	return Math.floor(Date.parse(call.updatedAt ?? at) / 1000) || 0;
}

function priorityOf(event: CallEvent, source = sourcePriority[event.source], conversation = 0): Priority {
	return [conversation, event.call.state === 'ended' ? 1 : 0, source, rankOf(event), clockOf(event)];
}

/** Priority of whom an event names: of several agents who are rung, the one who answered stays known. */
function partyPriority(event: CallEvent): Priority {
	const [conversation, ended, source, rank, clock] = priorityOf(event);
	const answers = isAgentEvent(event) && event.agentStep === 'answered';
	return [conversation, ended, source, answers ? rank + 1 : rank, clock];
}

/** Priority of what an ended event says about how the call ended. A reported conversation is never taken back. */
function outcomePriority(event: CallEvent): Priority {
	if (confirmsConversation(event)) return priorityOf(event, sourcePriority[event.source], 1);
	if (event.call.outcome === 'unknown') return priorityOf(event, NOT_STATED_PRIORITY);
	return event.call.outcome === 'answered' ? priorityOf(event, BARE_WORD_PRIORITY) : priorityOf(event);
}

/** Negative, zero or positive, as in a sort. */
function comparePriorities(a: Priority, b: Priority): number {
	for (let index = 0; index < a.length; index++) {
		const difference = (a[index] ?? 0) - (b[index] ?? 0);
		if (difference !== 0) return difference;
	}
	return 0;
}

type Put = PutKnown<Known, Priority>;

/** Hands out the call as flat fields, blanks too. */
function eachField(event: CallEvent, put: Put): void {
	const { call, source } = event;
	const named = partyPriority(event);
	// A caller may press several keys, one after the other: the latest count, also those of an earlier attempt to dial.
	const pressed: Priority = [0, 0, sourcePriority[source], 0, clockOf(event)];
	const own: Partial<Record<PlainField, Priority>> = { to: named, digits: pressed };
	for (const field of plainFields) put(field, call[field], own[field]);
	const assumed = priorityOf(event, sourcePriority[source], ASSUMED);
	// Flows do not say which API knows the call, and short callbacks not which direction it has.
	const assumesApi = call.api === 'v1' && (source === 'passthru' || source === 'agent-passthru');
	put('api', call.api, assumesApi ? assumed : undefined);
	put('direction', call.direction, call.directionWord === null ? assumed : undefined);
	if (call.state === 'ended') eachOutcomeField(call, outcomePriority(event), put);
	if (call.agent !== null) eachAgentField(call.agent, (name, value) => put(name, value, named));
	eachLegField(call.legs, assumed, put);
}

/** What two ends with the same outcome leave out, the other may say. */
function eachOutcomeField(call: Call, priority: Priority, put: Put): void {
	const { status, outcome, reason, unansweredBy } = call;
	put(OUTCOME_FIELD, { status, outcome, reason, unansweredBy } satisfies OutcomeValues, priority);
	put('status', status, priority);
	put(`unansweredBy.${outcome}`, unansweredBy, priority);
}

function outcomeOf(known: Timeline['known']): Partial<OutcomeValues> {
	const values: Partial<OutcomeValues> = known[OUTCOME_FIELD] ?? {};
	const { status = null, outcome = null, unansweredBy = null } = values;
	return {
		...values,
		status: status ?? known.status ?? null,
		unansweredBy: unansweredBy ?? known[`unansweredBy.${outcome}`] ?? null,
	};
}

/** The call as far as it is known. Unknown fields are null; a call of which nothing is known is an active v1 call. */
export function callOf(timeline: Timeline): Call {
	return callAs(timeline, timeline.position === END_RANK);
}

/** The call, over or still running. */
function callAs({ sid, known }: Timeline, over: boolean): Call {
	const call = emptyCall(sid, 'v1');
	const found: Record<string, unknown> = {};
	for (const field of knownFields) if (known[field] !== undefined) found[field] = known[field];
	Object.assign(call, found);
	if (over) Object.assign(call, { state: 'ended' }, outcomeOf(known));
	call.agent = agentOf(known);
	call.legs = legsOf(known, over);
	return call;
}

/** A timeline of which nothing is known yet. */
export function emptyTimeline(sid: string): Timeline {
	return { sid, position: -1, ended: false, seen: [], known: {}, priorities: {} };
}

/** The value of the higher priority; at equal priority the one that sorts last, so that order never matters. */
function supersedes(value: unknown, priority: Priority, knownValue: unknown, known: Priority | undefined): boolean {
	if (known === undefined) return true;
	const difference = comparePriorities(priority, known);
	return difference > 0 || (difference === 0 && JSON.stringify(value) > JSON.stringify(knownValue));
}

function merge(timeline: Timeline, event: CallEvent): Pick<Timeline, 'known' | 'priorities'> {
	const known = { ...timeline.known };
	const priorities = { ...timeline.priorities };
	const eventPriority = priorityOf(event);
	eachField(event, (field, value, priority = eventPriority) => {
		// A blank never overwrites anything.
		if (value === null || (Array.isArray(value) && value.length === 0)) return;
		if (!supersedes(value, priority, known[field], priorities[field])) return;
		known[field] = value;
		priorities[field] = priority;
	});
	// Only an event that names an agent can bring one too many.
	if (event.call.agent !== null) {
		for (const field of fieldsOfTooManyAgents(known)) {
			delete known[field];
			delete priorities[field];
		}
	}
	return { known, priorities };
}

function isOvertaken(timeline: Timeline, event: CallEvent, rank: number): boolean {
	// That an agent becomes free is passed on even after the end of the call; that an agent is rung is not, nor when
	// this attempt is known to be over.
	if (event.type === 'agent-free') return false;
	if (event.type === 'agent-busy') return timeline.ended || isOverBy(timeline.seen, event.id);
	// A flow requests our URLs several times during one call; that has no place in the order of the legs.
	if (event.type === 'dial') return timeline.ended;
	if (rank < timeline.position) return true;
	// The end is reported once. Only a flow's "no answer" is corrected, by a conversation after all.
	return timeline.position === END_RANK && (timeline.ended || !confirmsConversation(event));
}

/**
 * Adds one event. `emit` is null for an event already seen and for one that the call has overtaken (its knowledge is
 * still merged in). The end of a call is passed on exactly once, with one exception: when a flow reported that nobody
 * answered (a Passthru) and the call turns out to have been answered later, that end follows. What a caller pressed or
 * recorded is never overtaken: after the end it is passed on as progress. An event of an agent is passed on with that
 * agent, whoever answered, and one of a Passthru with what it says that the caller pressed or recorded. The timeline
 * handed in is not changed.
 * @throws ExotelError of kind `input` when the event belongs to another call.
 */
export function advance(timeline: Timeline, event: CallEvent): Advance {
	if (event.call.sid !== timeline.sid) throw new ExotelError('input', 'This event belongs to another call.');
	const duplicate = timeline.seen.includes(event.id);
	const rank = rankOf(event);
	const input = callerInput(event);
	const ids = input === null ? [event.id] : [event.id, input.id];
	const next: Timeline = {
		sid: timeline.sid,
		position: Math.max(timeline.position, rank),
		// A flow's "no answer" is an end with another id: the flow may yet dial another number.
		ended: timeline.ended || event.id === terminalEventId(event.call.sid),
		seen: ids.every((id) => timeline.seen.includes(id)) ? timeline.seen : keptIds([...timeline.seen, ...ids]),
		...merge(timeline, event),
	};
	const isSilent = duplicate || isOvertaken(timeline, event, rank);
	const late = input !== null && !timeline.seen.includes(input.id) ? input : null;
	const passedOn = isSilent ? late : event;
	const told = { ...next, known: { ...next.known, ...ownAgent(event), ...ownInput(input) } };
	const emit = passedOn && { ...passedOn, call: callAs(told, next.ended || rank === END_RANK) };
	return { timeline: next, emit, ended: next.ended };
}

/**
 * The end of a call found by polling Exotel's API: the terminal event of an ended call, with the id the callback's
 * would have, or null while the call is active. `at` (ISO 8601) is used when Exotel does not say when it ended.
 */
export function eventFromCall(call: Call, raw: unknown, at: string): CallStep | null {
	if (call.state !== 'ended') return null;
	const id = terminalEventId(call.sid);
	return { id, type: 'terminal', party: null, at: call.endedAt ?? at, source: 'sweep', call, raw };
}
