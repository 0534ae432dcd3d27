/**
 * The rules of tracking without a tracker, for hosts that keep their own state: is this event new, does this callback
 * settle the attempt that is waited for, and what was known of its call before.
 */
import type { Call, CallEvent } from '../call/call';
import { callerInput } from '../call/caller-input';
import { advance, emptyTimeline, END_RANK, type Timeline } from '../call/timeline';
import { keptIds } from '../call/event-id';
import { needsConfirmation } from './end-confirmation';
import type { SeenState } from './records';

/** Characters of a timeline of a call that was not placed here; what Exotel sends makes about 3,000. */
const MAX_TIMELINE_LENGTH = 16_000;

/** What is kept of a call that was not placed here: anybody may have sent it, so too much of it is left out. */
export function boundedTimeline(timeline: Timeline): Timeline {
	if (JSON.stringify([timeline.known, timeline.priorities]).length <= MAX_TIMELINE_LENGTH) return timeline;
	return timelineFrom(timeline.sid, seenStateOf(timeline));
}

/** The state without what is known of the call: about 300 bytes. */
export function seenStateOf({ position, ended, seen }: Timeline | SeenState): SeenState {
	return { position, ended, seen };
}

/** What two copies of a call's state know together; null when neither knows the call. */
export function mergeSeenStates(a: SeenState | null, b: SeenState | null): SeenState | null {
	if (a === null || b === null) return a ?? b;
	return {
		position: Math.max(a.position, b.position),
		ended: a.ended || b.ended,
		seen: keptIds([...a.seen, ...b.seen]),
	};
}

/** True when the end of a call was passed on, and none that follows can be new. */
export function isOver(state: SeenState | null): boolean {
	return state !== null && state.ended && state.position === END_RANK;
}

/** A timeline that goes on from a state. */
export function timelineFrom(sid: string, state: Timeline | SeenState | null): Timeline {
	return { ...emptyTimeline(sid), ...state };
}

/** Whether an event is to be passed on, and the state to keep for its call. */
export interface NewEventCheck {
	isNew: boolean;
	state: SeenState;
}

/** False for an event that was seen before or that its call has overtaken. `state`: of the same call; null at first. */
export function isNewEvent(state: SeenState | null, event: CallEvent): NewEventCheck {
	const { timeline, emit } = advance(timelineFrom(event.call.sid, state), event);
	return { isNew: emit !== null, state: seenStateOf(timeline) };
}

/**
 * The event as it is to be passed on: after the end of its call was passed on, what a caller pressed or recorded is
 * progress. `state`: of the same call; null at first.
 */
export function asPassedOn(state: SeenState | null, event: CallEvent): CallEvent {
	const input = callerInput(event);
	if (input === null) return event;
	const { emit } = advance(timelineFrom(event.call.sid, state), event);
	return emit?.type === 'dial' ? input : event;
}

/** Position after an end that the host's filters left out: past all progress, but the end is still to come. */
const LEFT_OUT_END_RANK = END_RANK - 0.5;

/**
 * The state after an event of a chosen type that the host's filters leave out. It still outdates earlier progress, but
 * the same step of the call, reported once more and with what the filters ask for, is new. `state`: of the same call;
 * null at first.
 */
export function leaveOut(state: SeenState | null, event: CallEvent): SeenState {
	const before = timelineFrom(event.call.sid, state);
	// An end was passed on already: one that was not must not keep its correction back.
	if (before.position === END_RANK) return seenStateOf(before);
	const { position, ended } = advance(before, event).timeline;
	return { position: Math.min(position, LEFT_OUT_END_RANK), ended, seen: before.seen };
}

/** What is known of an attempt: its id, and the SID Exotel gave; null while none is known. */
export interface KnownAttempt {
	attemptId: string;
	sid: string | null;
}

/**
 * What a callback means to an attempt. `settles`: it names the attempt and no other call. `poll`: it names the call but
 * not the attempt, so only Exotel's own answer counts. `other`: it is about another call.
 */
export type Settlement = 'settles' | 'poll' | 'other';

/**
 * What a callback to the address of `attemptId` (null: to an address without attempt) means to an attempt. With
 * `confirmsEnds` an end that names the attempt is not believed without Exotel's own answer either.
 */
export function settlementOf(
	known: KnownAttempt,
	event: CallEvent,
	attemptId: string | null,
	confirmsEnds = false,
): Settlement {
	const sameCall = known.sid === event.call.sid;
	if (attemptId === known.attemptId) {
		if (known.sid !== null && !sameCall) return 'other';
		return confirmsEnds && needsConfirmation(event) ? 'poll' : 'settles';
	}
	return sameCall ? 'poll' : 'other';
}

/** The response to a make-call request as an event of its call: it fills in what callbacks leave out. */
export function placedEvent(call: Call): CallEvent {
	const at = call.updatedAt ?? call.createdAt ?? '';
	return { id: `${call.sid}:placed`, type: 'dial', party: null, at, source: 'response', call, raw: null };
}

/** The event, its call completed by what the response to the make-call request said. */
export function withPlacedCall(placed: Call, event: CallEvent): CallEvent {
	const { sid } = event.call;
	const active: Call = { ...placed, sid, state: 'active', outcome: null, reason: null };
	const { timeline } = advance(emptyTimeline(sid), placedEvent(active));
	return advance(timeline, event).emit ?? event;
}
