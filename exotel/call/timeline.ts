/**
 * The timeline of a call: what is known of it so far, and which events were already told. Callbacks come twice, late
 * and in any order (facts 6.4, 8.13); a timeline only moves forward. It is a join: every field remembers how much the
 * event that filled it was worth, so that any order and any repetition of the same events ends in the same timeline.
 * Plain JSON, about two kilobytes, so that a host can store it.
 */
import { ExotelError } from '../errors';
import type { Call, CallEvent, Leg } from './call';
import { endId } from './event-id';
import { isActiveWord } from './outcome';

/** What is known of one call. */
export interface Timeline {
	sid: string;
	/** How far the call is: the rank of its furthest event, -1 before the first. */
	position: number;
	/** True when nothing can change how the call ended; the word of a flow that nobody answered is not enough. */
	ended: boolean;
	/** Ids of the events that were seen, sorted; the last 100. */
	seen: string[];
	/** Field name → value, legs as `legs.from.status`. */
	known: Record<string, unknown>;
	/** Field name → worth of the event that filled it. */
	worth: Record<string, number>;
}

/** What one event does to a timeline. */
export interface Advance {
	timeline: Timeline;
	/**
	 * The event to pass on, its `call` the merged best knowledge; null for a duplicate or something already overtaken.
	 */
	emit: CallEvent | null;
	/** True when the call has surely ended: nothing of it will be passed on any more, but an agent becoming free. */
	ended: boolean;
}

/** A call has a handful of events; only a call that tries dozens of agents comes near this. */
const MOST_SEEN = 100;
/** How much a source is worth: what Exotel says when asked beats what it told in passing. */
const SOURCE_WORTH: Readonly<Record<CallEvent['source'], number>> = {
	sweep: 5,
	'v1-callback': 4,
	'v2-callback': 4,
	passthru: 2,
	'call-event-passthru': 1,
	'agent-passthru': 0,
};
/** Fields that only make sense together. */
const VERDICT = 'verdict';
/** Place of the end of a call. */
const END = 5;
/** A source that only says "completed" is worth less than the flow, which knows whether its agents answered. */
const BARE_WORD_WORTH = 1;
/** A conversation that was told of is never taken back. */
const CONVERSATION_WORTH = 1000;
const PLAIN_FIELDS = [
	'api',
	'direction',
	'from',
	'to',
	'exoPhone',
	'createdAt',
	'startedAt',
	'endedAt',
	'updatedAt',
	'durationSeconds',
	'talkSeconds',
	'price',
	'recordingUrl',
	'customField',
	'agent',
] as const satisfies readonly (keyof Call)[];
const LEG_FIELDS = [
	'status',
	'onCallSeconds',
	'ringingSeconds',
	'answeredBy',
] as const satisfies readonly (keyof Leg)[];

/** Events of an agent's attempt run beside the call: they neither end it nor have a place in its order. */
function isAgentEvent(event: CallEvent): boolean {
	return event.source === 'agent-passthru' || event.source === 'call-event-passthru';
}

/**
 * Place of an event in the documented order: ringing, answered (first leg), ringing, answered (second leg), terminal.
 */
function rankOf(event: CallEvent): number {
	if (event.type === 'dial' || isAgentEvent(event)) return 0;
	if (event.type === 'terminal') return END;
	const leg = event.party === 'to' ? 2 : 0;
	return leg + (event.type === 'ringing' ? 1 : 2);
}

/**
 * True when an event knows that the two have spoken. The word `completed` alone may only mean that a flow picked up.
 */
function tellsOfTalk({ call, source }: CallEvent): boolean {
	if (call.outcome !== 'answered') return false;
	return (
		source === 'passthru' ||
		(call.talkSeconds ?? 0) > 0 ||
		call.legs.some(({ party, status }) => party === 'to' && status?.toLowerCase() === 'completed')
	);
}

/** Worth of what an event says: the end beats the middle, then the source, then the place, then Exotel's own clock. */
function worthOf(event: CallEvent, source = SOURCE_WORTH[event.source]): number {
	const ended = event.call.state === 'ended' ? 100 : 0;
	const clock = Math.floor(Date.parse(event.call.updatedAt ?? event.at) / 1000) || 0;
	return (ended + source * 10 + rankOf(event)) * 1e11 + clock;
}

/** Worth of what an ended event says about how the call ended. */
function verdictWorth(event: CallEvent): number {
	if (tellsOfTalk(event)) return worthOf(event, SOURCE_WORTH[event.source] + CONVERSATION_WORTH);
	return event.call.outcome === 'answered' ? worthOf(event, BARE_WORD_WORTH) : worthOf(event);
}

/** The call as flat fields; blanks are left out, so that they never overwrite anything. */
function flatten(call: Call): Map<string, unknown> {
	const flat = new Map<string, unknown>();
	const put = (name: string, value: unknown): void => {
		if (value !== null) flat.set(name, value);
	};
	for (const field of PLAIN_FIELDS) put(field, call[field]);
	if (call.state === 'ended') flat.set(VERDICT, [call.status, call.outcome, call.unansweredBy]);
	const count = { from: 0, to: 0 };
	for (const leg of call.legs) {
		const name = `legs.${leg.party}.${count[leg.party]++}`;
		flat.set(name, true);
		for (const field of LEG_FIELDS) put(`${name}.${field}`, leg[field]);
	}
	return flat;
}

function legsOf(known: Record<string, unknown>, ended: boolean): Leg[] {
	const legs: Leg[] = [];
	for (const party of ['from', 'to'] as const) {
		for (let index = 0; known[`legs.${party}.${index}`] === true; index++) {
			const name = `legs.${party}.${index}`;
			const status = (known[`${name}.status`] as string | undefined) ?? null;
			legs.push({
				party,
				// A leg's running state says nothing any more once the call has ended.
				status: ended && isActiveWord(status) ? null : status,
				onCallSeconds: (known[`${name}.onCallSeconds`] as number | undefined) ?? null,
				ringingSeconds: (known[`${name}.ringingSeconds`] as number | undefined) ?? null,
				answeredBy: (known[`${name}.answeredBy`] as string | undefined) ?? null,
			});
		}
	}
	return legs;
}

/**
 * The call as far as it is known. Fields nobody told are null; a call of which nothing is known is an active v1 call.
 */
export function callOf(timeline: Timeline): Call {
	return callAs(timeline, timeline.position === END);
}

/** The call, over or still running. */
function callAs({ sid, known }: Timeline, over: boolean): Call {
	const value = <Field extends keyof Call>(field: Field): Call[Field] => (known[field] ?? null) as Call[Field];
	const [status, outcome, unansweredBy] = ((over ? known[VERDICT] : undefined) ?? [null, null, null]) as [
		Call['status'],
		Call['outcome'],
		Call['unansweredBy'],
	];
	return {
		sid,
		api: value('api') ?? 'v1',
		direction: value('direction') ?? 'outbound',
		state: over ? 'ended' : 'active',
		status,
		outcome,
		unansweredBy,
		from: value('from'),
		to: value('to'),
		exoPhone: value('exoPhone'),
		createdAt: value('createdAt'),
		startedAt: value('startedAt'),
		endedAt: value('endedAt'),
		updatedAt: value('updatedAt'),
		durationSeconds: value('durationSeconds'),
		talkSeconds: value('talkSeconds'),
		price: value('price'),
		recordingUrl: value('recordingUrl'),
		customField: value('customField'),
		legs: legsOf(known, over),
		agent: value('agent'),
	};
}

/** A timeline of which nothing is known yet. */
export function emptyTimeline(sid: string): Timeline {
	return { sid, position: -1, ended: false, seen: [], known: {}, worth: {} };
}

/**
 * Of two values for a field the one worth more; at equal worth the one that sorts last, so that order never matters.
 */
function takes(value: unknown, worth: number, knownValue: unknown, knownWorth: number | undefined): boolean {
	if (knownWorth === undefined || worth > knownWorth) return true;
	return worth === knownWorth && JSON.stringify(value) > JSON.stringify(knownValue);
}

function merge(timeline: Timeline, event: CallEvent): Pick<Timeline, 'known' | 'worth'> {
	const known = { ...timeline.known };
	const worth = { ...timeline.worth };
	const eventWorth = worthOf(event);
	for (const [field, value] of flatten(event.call)) {
		const fieldWorth = field === VERDICT ? verdictWorth(event) : eventWorth;
		if (!takes(value, fieldWorth, known[field], worth[field])) continue;
		known[field] = value;
		worth[field] = fieldWorth;
	}
	return { known, worth };
}

function withId(seen: readonly string[], id: string): string[] {
	return [...seen, id].sort().slice(-MOST_SEEN);
}

function isOvertaken(timeline: Timeline, event: CallEvent, rank: number): boolean {
	// An agent becoming free is news even after the call ended; an agent being rung is not.
	if (isAgentEvent(event)) return timeline.ended && event.type !== 'terminal';
	// A flow asks us several times during one call; that has no place in the order of the legs.
	if (event.type === 'dial') return timeline.ended;
	if (rank < timeline.position) return true;
	// The end is told once. Only a flow's word that nobody answered is corrected, by a conversation after all.
	return timeline.position === END && (timeline.ended || !tellsOfTalk(event));
}

/**
 * Adds one event. `emit` is null for an event already seen and for one that the call has overtaken (its knowledge is
 * still merged in). The end of a call is passed on exactly once, with one exception: when a flow said that nobody
 * answered (a Passthru) and the call turns out to have been answered later, that end follows. The timeline handed in is
 * not changed. Throws `input` when the event belongs to another call.
 */
export function advance(timeline: Timeline, event: CallEvent): Advance {
	if (event.call.sid !== timeline.sid)
		throw new ExotelError('input', 'This event belongs to another call than the timeline.');
	const duplicate = timeline.seen.includes(event.id);
	const rank = rankOf(event);
	const next: Timeline = {
		sid: timeline.sid,
		position: Math.max(timeline.position, rank),
		// A flow's word that nobody answered is an end with another id: the flow may yet dial somebody else.
		ended: timeline.ended || event.id === endId(event.call.sid),
		seen: duplicate ? timeline.seen : withId(timeline.seen, event.id),
		...merge(timeline, event),
	};
	const overtaken = isOvertaken(timeline, event, rank);
	const emit = duplicate || overtaken ? null : { ...event, call: callAs(next, next.ended || rank === END) };
	return { timeline: next, emit, ended: next.ended };
}

/**
 * The end of a call found by asking Exotel instead of being told: the terminal event of an ended call, with the id the
 * callback's would have, or null while the call is active. `at` (ISO 8601) is used when Exotel does not say when it
 * ended.
 */
export function eventFromCall(call: Call, raw: unknown, at: string): CallEvent | null {
	if (call.state !== 'ended') return null;
	return { id: endId(call.sid), type: 'terminal', party: null, at: call.endedAt ?? at, source: 'sweep', call, raw };
}
