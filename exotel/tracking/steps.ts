/**
 * What each thing that can happen does to one attempt: pure functions from the record kept to the record to keep and
 * the announcements to make. The order of callbacks is repaired by the timeline; everything is announced at most once.
 */
import {
	isEnd,
	unknownCall,
	withKnown,
	type Call,
	type CallEvent,
	type KnownOfCall,
	type OutcomeReason,
} from '../call/call';
import { advance, callOf, emptyTimeline, type Timeline } from '../call/timeline';
import type { Announcement, TrackerWarning, UnknownAnnouncement } from './announcements';
import { ENDED_KEPT_MS, RESPONSE_WAIT_MS, type AttemptRecord } from './records';
import { boundedTimeline, placedEvent } from './seen-events';

/** What is to be kept and announced. */
export interface Step<Details> {
	record: AttemptRecord;
	announcements: Announcement<Details>[];
	warnings?: TrackerWarning[];
}

/** The record after the end: only that it ended is needed, so that nothing comes out a second time. */
function closed(record: AttemptRecord, now: number): AttemptRecord {
	const expiresAt = now + ENDED_KEPT_MS;
	return { ...record, phase: 'ended', timeline: null, requested: {}, context: {}, nextPollAt: null, expiresAt };
}

/** A callback that settles the attempt, or Exotel's answer to a poll. */
export function onEvent<Details>(record: AttemptRecord, event: CallEvent, now: number): Step<Details> {
	if (record.phase === 'ended') return { record, announcements: [] };
	const { attemptId, context, announced, requested } = record;
	const step = advance(record.timeline ?? emptyTimeline(event.call.sid), event);
	const announcements: Announcement<Details>[] = [];
	if (record.phase === 'requested') {
		const call = withKnown(callOf(step.timeline), requested);
		announcements.push({ type: 'placed', learntFrom: 'callback', attemptId, context, call, event });
	}
	const end = step.emit !== null && isEnd(step.emit);
	if (step.emit !== null) {
		const told = { ...step.emit, call: withKnown(step.emit.call, requested) };
		announcements.push({ type: end ? 'ended' : 'progress', attemptId, context, event: told });
	}
	const next: AttemptRecord = {
		...record,
		phase: 'open',
		sid: event.call.sid,
		timeline: record.polled ? step.timeline : boundedTimeline(step.timeline),
		announced: { ...announced, placed: true, end: announced.end || end },
	};
	return { record: step.ended ? closed(next, now) : next, announcements };
}

/** The response to the make-call request: Exotel took the call. */
export function onResponse<Details>(record: AttemptRecord, call: Call, details: Details, now: number): Step<Details> {
	if (record.sid !== null && record.sid !== call.sid) return onConflict(record, record.sid, call.sid, now);
	if (record.phase === 'ended') return { record, announcements: [] };
	const { attemptId, context, announced } = record;
	const { timeline } = advance(record.timeline ?? emptyTimeline(call.sid), placedEvent(call));
	return {
		record: { ...record, phase: 'open', sid: call.sid, timeline, announced: { ...announced, placed: true } },
		announcements: announced.placed
			? []
			: [{ type: 'placed', learntFrom: 'response', attemptId, context, call, details }],
	};
}

/** A callback named the attempt with one SID, the response gives another: which call is ours cannot be determined. */
function onConflict<Details>(
	record: AttemptRecord,
	callbackSid: string,
	responseSid: string,
	now: number,
): Step<Details> {
	const callSids = [callbackSid, responseSid];
	if (record.phase === 'ended' || record.announced.end || record.announced.unknown) {
		const { attemptId } = record;
		const warnings: TrackerWarning[] = [{ code: 'conflicting-call-sids', attemptId, callSids }];
		return { record: record.phase === 'ended' ? record : closed(record, now), announcements: [], warnings };
	}
	const announcement = announceUnknown<Details>(record, 'conflicting-call-sids', null);
	const announced = { ...record.announced, placed: true, unknown: true };
	return {
		record: closed({ ...record, announced }, now),
		announcements: [{ ...announcement, callSids }],
	};
}

function announceUnknown<Details>(
	record: AttemptRecord,
	reason: OutcomeReason,
	details: Details | null,
): UnknownAnnouncement<Details> {
	const { attemptId, context, sid, api, requested, timeline } = record;
	const call = unknownCall(sid, api, reason, { ...requested, ...knownOf(timeline) });
	return { type: 'unknown', attemptId, context, call, reason, callSids: [], details };
}

/** What callbacks and the response said about who was called, blanks left out. */
function knownOf(timeline: Timeline | null): KnownOfCall {
	if (timeline === null) return {};
	const { from, to, exoPhone, customField, createdAt } = callOf(timeline);
	const known = Object.entries({ from, to, exoPhone, customField, createdAt });
	return Object.fromEntries(known.filter(([, value]) => value !== null));
}

/**
 * The outcome is unknown: no response came, the program was restarted before it, or no end was found. Nothing is
 * announced where a callback has reported more meanwhile, or a second time. A later callback still settles the attempt.
 */
export function onUnknown<Details>(
	record: AttemptRecord,
	reason: 'no-response' | 'restarted' | 'no-end-found',
	details: Details | null = null,
): Step<Details> {
	const { announced } = record;
	const settled = record.phase === 'ended' || (reason !== 'no-end-found' && record.sid !== null);
	if (settled) return { record, announcements: [] };
	const silent = announced.unknown || announced.end;
	return {
		record: { ...record, phase: 'unknown', nextPollAt: null, announced: { ...announced, unknown: true } },
		announcements: silent ? [] : [announceUnknown(record, reason, details)],
	};
}

/**
 * When an attempt that is taken up is polled first, ms since 1970. After a restart callbacks may have been missed: a
 * call whose SID is known is polled now.
 */
export function firstPollAt(record: AttemptRecord, afterRestart: boolean, now: number): number {
	const { phase, requestedAt, nextPollAt } = record;
	if (phase === 'requested') return Math.max(now, requestedAt + RESPONSE_WAIT_MS);
	return afterRestart ? now : Math.max(now, nextPollAt ?? now);
}
