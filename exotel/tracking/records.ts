/**
 * What is kept about a call while it is tracked: one record per attempt to place a call, and one per call SID that was
 * reported. Plain JSON, so that a host can store it. All times are milliseconds since 1970.
 */
import { createHash } from 'crypto';
import type { ApiVersion, KnownOfCall } from '../call/call';
import type { Timeline } from '../call/timeline';
import { DEFAULT_DEADLINE_MS, MAX_PAUSE_MS } from '../http/send';
import type { EndAnnouncement } from './announcements';
import type { ReportedEnd } from './end-confirmation';
import { isObject } from '../payload';
import { isEndSearchState, type EndSearchState } from './ended-calls';

/** Exotel's longest call lasts four hours; a callback a day late is still understood. */
export const KEPT_MS = 26 * 60 * 60 * 1000;
/** That a call has ended is remembered as long, so that a repeated or late callback does not end it again. */
export const ENDED_KEPT_MS = KEPT_MS;
/**
 * No make-call request waits longer for its response once its turn has come: a pause after a 429 of another request,
 * then its own deadline, and a minute for the store.
 */
export const RESPONSE_WAIT_MS = MAX_PAUSE_MS + DEFAULT_DEADLINE_MS + 60_000;
/** How far the search has come is remembered as long as Exotel lists calls. */
export const SEARCH_KEPT_MS = 184 * 24 * 60 * 60 * 1000;
/** How often what has expired is dropped, ms. */
export const TIDY_EVERY_MS = 10 * 60 * 1000;
/** An end that was not found by now is announced as unknown: a bit after Exotel's longest call. */
export const NO_END_AFTER_MS = 5 * 60 * 60 * 1000;

/** What every record has. */
interface RecordBase {
	/** When it may be dropped. */
	expiresAt: number;
	/** Grows with every write; the higher one of two copies is the newer one. */
	revision: number;
	/** What is being announced of the end of the call; left out once it has been sent. */
	unsent?: EndAnnouncement;
}

/**
 * How far an attempt is. `requested`: no response and no callback yet; `open`: Exotel took the call; `unknown`: an
 * unknown outcome was announced and no call is being polled; `ended`: nothing more is announced.
 */
export type AttemptPhase = 'requested' | 'open' | 'unknown' | 'ended';

/** One attempt to place a call. */
export interface AttemptRecord extends RecordBase {
	kind: 'attempt';
	attemptId: string;
	api: ApiVersion;
	phase: AttemptPhase;
	/** The call's SID; null while neither the response nor a callback gave one. */
	sid: string | null;
	/** What the request said about the call. */
	requested: KnownOfCall;
	/** Whatever the host wants to have back with each announcement. */
	context: Record<string, unknown>;
	/** Null before the first knowledge and after the end. */
	timeline: Timeline | null;
	/** What has been announced, each at most once. */
	announced: { placed: boolean; unknown: boolean; end: boolean };
	/** When the request was, or is expected to be, sent. */
	requestedAt: number;
	/** When to poll next; null when only a callback can bring more. */
	nextPollAt: number | null;
	pollCount: number;
	/** False for an attempt that is known from callbacks alone: whoever placed it polls it. */
	polled: boolean;
}

/** How far a call was reported: a timeline without what is known of the call. */
export type SeenState = Pick<Timeline, 'position' | 'ended' | 'seen'>;

/** One call SID. A call placed elsewhere has a timeline; one of ours only names its attempt. */
export interface SidRecord extends RecordBase {
	kind: 'sid';
	/** The attempt that placed this call; null for a call placed elsewhere. */
	attemptId: string | null;
	/** False when that attempt is known from callbacks alone, or when there is none. */
	polled: boolean;
	timeline: Timeline | SeenState | null;
	/** An end that was reported and that Exotel is being asked about; left out otherwise. */
	reported?: ReportedEnd;
}

/** How far the search for ends that nobody reported has come. */
export interface SearchRecord extends RecordBase, EndSearchState {
	kind: 'search';
}

/** Anything kept. */
export type StoredRecord = AttemptRecord | SidRecord | SearchRecord;

/** A key every store accepts: letters, digits and one underscore. */
export function storeKey(kind: 'attempt' | 'call', id: string): string {
	return `${kind}_${/^[0-9A-Za-z]{1,64}$/.test(id) ? id : createHash('sha256').update(id).digest('hex')}`;
}

/** Key of the search record. */
export const SEARCH_KEY = 'search';

/** True for something this file describes; a store may hold the data of others, or of another version. */
export function isStoredRecord(value: unknown): value is StoredRecord {
	if (!isObject(value) || typeof value['expiresAt'] !== 'number' || typeof value['revision'] !== 'number')
		return false;
	if (value['unsent'] !== undefined && !isEndAnnouncement(value['unsent'])) return false;
	switch (value['kind']) {
		case 'attempt':
			return isAttempt(value);
		case 'sid':
			return isSid(value);
		case 'search':
			return isEndSearchState(value);
	}
	return false;
}

function isAttempt(value: Readonly<Record<string, unknown>>): boolean {
	const { attemptId, sid, phase, requested, context, timeline, announced } = value;
	const { requestedAt, pollCount, nextPollAt } = value;
	return (
		typeof attemptId === 'string' &&
		isTextOrNull(sid) &&
		['requested', 'open', 'unknown', 'ended'].includes(String(phase)) &&
		[requested, context, announced].every(isObject) &&
		[requestedAt, pollCount, nextPollAt ?? 0].every(Number.isFinite) &&
		(timeline === null || (isSeen(timeline) && isObject(timeline['known']) && isObject(timeline['priorities'])))
	);
}

function isSid({ attemptId, timeline, reported }: Readonly<Record<string, unknown>>): boolean {
	const isReported =
		isObject(reported) &&
		typeof reported['sid'] === 'string' &&
		[reported['apis'], reported['attemptIds']].every(Array.isArray);
	return isTextOrNull(attemptId) && (timeline === null || isSeen(timeline)) && (reported === undefined || isReported);
}

function isEndAnnouncement(value: unknown): boolean {
	if (!isObject(value) || !isObject(value['context'])) return false;
	const about = value['type'] === 'unknown' ? value : value['event'];
	return isObject(about) && isObject(about['call']);
}

function isSeen(value: unknown): value is Readonly<Record<string, unknown>> {
	return isObject(value) && typeof value['position'] === 'number' && Array.isArray(value['seen']);
}

function isTextOrNull(value: unknown): boolean {
	return value === null || typeof value === 'string';
}

/** What a make-call request says about itself. */
export interface AttemptStart {
	attemptId: string;
	api: ApiVersion;
	requested?: KnownOfCall;
	context?: Record<string, unknown>;
}

/** A new attempt whose request is about to be sent. */
export function newEntry({ attemptId, api, requested = {}, context = {} }: AttemptStart, now: number): AttemptRecord {
	return {
		kind: 'attempt',
		attemptId,
		api,
		phase: 'requested',
		sid: null,
		requested,
		context,
		timeline: null,
		announced: { placed: false, unknown: false, end: false },
		requestedAt: now,
		nextPollAt: null,
		pollCount: 0,
		polled: true,
		expiresAt: now + KEPT_MS,
		revision: 0,
	};
}

/** The record with the time of its first poll, once its SID is known. */
export function withFirstPoll(record: AttemptRecord, at: number): AttemptRecord {
	const isDue = record.phase === 'open' && record.nextPollAt === null && record.polled;
	return isDue ? { ...record, nextPollAt: at } : record;
}

/** The record of a call of ours, kept for a day from now on: the time of day may have been set since it was made. */
export function keptFrom(record: AttemptRecord, now: number): AttemptRecord {
	if (record.phase === 'ended' || !record.polled) return record;
	return { ...record, expiresAt: Math.max(record.expiresAt, now + KEPT_MS) };
}

/** True for an attempt of the store that some process has to follow: placed by us and not ended. */
export function needsTakingUp(record: StoredRecord): record is AttemptRecord {
	if (record.kind !== 'attempt') return false;
	return record.phase === 'requested' || (record.phase === 'open' && record.nextPollAt !== null);
}

/** True when nothing more will be announced about a record's call. */
export function hasEnded(record: StoredRecord): boolean {
	if (record.kind === 'attempt') return record.phase === 'ended';
	return record.kind === 'sid' && record.timeline?.ended === true;
}

/** The copy that counts: the one that has ended, else the newer one. */
export function newerOf(mine: StoredRecord | null, theirs: StoredRecord | null): StoredRecord | null {
	if (mine === null || theirs === null) return mine ?? theirs;
	if (hasEnded(mine) !== hasEnded(theirs)) return hasEnded(mine) ? mine : theirs;
	// The search goes on from the first start; a later one was written while the store could not be read.
	if (mine.kind === 'search' && theirs.kind === 'search' && mine.since !== theirs.since)
		return mine.since < theirs.since ? mine : theirs;
	return theirs.revision > mine.revision ? theirs : mine;
}
