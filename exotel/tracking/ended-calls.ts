/**
 * Which ended calls came out already, and which window of time has to be read next. A call appears in Exotel's list
 * only when it has ended, but is sorted in by the time it began, so looking forward from the last search would miss
 * every long call. The recent past is therefore read again each time, and calls that came out are remembered.
 *
 * The state is plain JSON that a host keeps between searches. All times are milliseconds since 1970.
 */
import { createHash } from 'crypto';
import type { Call, CallEvent } from '../call/call';
import { isUnfinished } from '../call/unfinished';
import { isObject } from '../payload';
import { earliestSearch, MISSED_END_LOOK_BACK_MS, missedEnd } from './missed-ends';
import type { FoundCall, MissedEndRule, TimeWindow, WindowRead } from './missed-ends';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Nearly all calls are shorter than this: it is read by every search. */
const USUAL_CALL_MS = HOUR_MS;
/** All calls that may have run lately are read this often. */
const FULL_SCAN_EVERY_MS = 10 * MINUTE_MS;
/** Searches further apart than this wait for no record: the end would come with the next one only. */
const FREQUENT_MS = 20 * MINUTE_MS;
/** Exotel's longest call and half an hour: what began since is in the next full scan as well. */
const MET_AGAIN_MS = MISSED_END_LOOK_BACK_MS - HOUR_MS / 2;
/** Characters of a hashed SID. */
const MARK_LENGTH = 10;
/** A megabyte of marks; about six hours have to fit. */
const MAX_MARKS = 100_000;

/** What is kept between two searches. */
export interface EndSearchState {
	/** Calls that had ended before are none of ours. */
	since: number;
	/** Until when everything was read. */
	readUntil: number;
	/** When all calls that may have run lately were read last. */
	fullScanAt: number;
	/** What is left of a window that was not read to its end, because the time was over or the list failed. */
	unfinished?: TimeWindow | undefined;
	/** Hour in which the calls began → short hashes of their SIDs, ten characters each. */
	emitted: Record<string, string>;
	/** Calls that began before are not looked at any more: which of them came out is not remembered. */
	forgotten?: number;
}

/** True for a state that this file wrote; a store may hold anything. */
export function isEndSearchState(value: unknown): value is EndSearchState {
	if (!isObject(value) || !isObject(value['emitted'])) return false;
	const { since, readUntil, fullScanAt, forgotten = 0, unfinished } = value;
	return (
		[since, readUntil, fullScanAt, forgotten].every(Number.isFinite) &&
		Object.entries(value['emitted']).every(([hour, marks]) => Number.isInteger(Number(hour)) && isMarks(marks)) &&
		(unfinished === undefined || isWindow(unfinished))
	);
}

function isWindow(value: unknown): boolean {
	if (!isObject(value)) return false;
	const { from, to, fullScan, position = '' } = value;
	return [from, to].every(Number.isFinite) && typeof fullScan === 'boolean' && typeof position === 'string';
}

function isMarks(value: unknown): boolean {
	return typeof value === 'string' && value.length % MARK_LENGTH === 0;
}

/** A copy of what a host kept, or the beginning: only calls that end from `now` on. */
export function endSearchState(kept: unknown, now: number): EndSearchState {
	if (!isEndSearchState(kept)) return { since: now, readUntil: now, fullScanAt: now, emitted: {} };
	const { since, readUntil, fullScanAt, unfinished, emitted, forgotten } = kept;
	return {
		// The clock of the host may have been ahead when the search began.
		...{ since: Math.min(since, now), readUntil, fullScanAt, emitted: { ...emitted } },
		...(unfinished !== undefined && { unfinished }),
		...(forgotten !== undefined && { forgotten }),
	};
}

/**
 * The window to read now. After a pause of the host it reaches back to the last search and the calls running then, but
 * not further than Exotel lists calls.
 */
export function nextWindow(state: EndSearchState, now: number): TimeWindow {
	const earliest = Math.max(earliestSearch(now), state.forgotten ?? 0);
	if (state.unfinished !== undefined && state.unfinished.from >= earliest) return state.unfinished;
	// The clock of the host may have been set back.
	const before = (time: number, ms: number): number => Math.min(time, now) - ms;
	const fullScan = Math.abs(now - state.fullScanAt) >= FULL_SCAN_EVERY_MS;
	const from = fullScan ? before(state.fullScanAt, MISSED_END_LOOK_BACK_MS) : before(state.readUntil, USUAL_CALL_MS);
	// Whole seconds, as Exotel's list counts.
	const latest = Math.floor(now / 1_000) * 1_000;
	return { from: Math.min(Math.max(earliest, from), latest), to: now, fullScan };
}

/**
 * True for a call whose record is not finished (see isUnfinished), when a search that reads it again will follow soon.
 */
function comesLater(state: EndSearchState, call: Call, now: number): boolean {
	const isMetAgain = Date.parse(call.createdAt ?? '') > now - MET_AGAIN_MS;
	return isMetAgain && now - state.readUntil < FREQUENT_MS && isUnfinished(call, now);
}

/**
 * The ends that did not come out before; those that come later are left out. Each is remembered in the state when the
 * next one is taken: one that could not be passed on is not.
 */
export function* newEnds(
	state: EndSearchState,
	calls: readonly FoundCall[],
	rule: Omit<MissedEndRule, 'since'>,
): Generator<CallEvent, void, undefined> {
	for (const { call, raw } of calls) {
		const event = missedEnd(call, raw, { ...rule, since: state.since });
		const mark = markOf(call.sid);
		const began = Date.parse(call.createdAt ?? '');
		if (event === null || isEmitted(state, mark, began) || comesLater(state, call, rule.now)) continue;
		yield event;
		markEmitted(state, mark, began || rule.now);
	}
}

function markOf(sid: string): string {
	return createHash('sha256').update(sid).digest('base64url').slice(0, MARK_LENGTH);
}

function isEmitted({ emitted }: EndSearchState, mark: string, began: number): boolean {
	// Without its beginning a call may be in the marks of any hour.
	const all = Number.isNaN(began) ? Object.values(emitted) : [emitted[hourOf(began)] ?? ''];
	return all.some((marks) => {
		let at = marks.indexOf(mark);
		while (at % MARK_LENGTH > 0) at = marks.indexOf(mark, at + 1);
		return at >= 0;
	});
}

function markEmitted(state: EndSearchState, mark: string, began: number): void {
	const { emitted } = state;
	emitted[hourOf(began)] = (emitted[hourOf(began)] ?? '') + mark;
	keepInBounds(state);
}

function keepInBounds(state: EndSearchState): void {
	const { emitted } = state;
	const length = (): number => Object.values(emitted).reduce((sum, marks) => sum + marks.length, 0);
	while (length() > MAX_MARKS * MARK_LENGTH) {
		const oldest = Math.min(...Object.keys(emitted).map(Number));
		delete emitted[oldest];
		state.forgotten = (oldest + 1) * HOUR_MS;
	}
}

/**
 * The state when ends turn out not to have come out after all: their marks are gone, and what was read since `before`
 * is read again, from the beginning of its window. Marks of other searches stay, also of later ones.
 */
export function takeBack(
	state: EndSearchState,
	before: EndSearchState,
	calls: readonly Pick<Call, 'sid' | 'createdAt'>[],
): EndSearchState {
	const lost = new Set(calls.map(({ sid }) => markOf(sid)));
	const eachMark = new RegExp(`.{${MARK_LENGTH}}`, 'g');
	// Hours that were forgotten since are read again as well. An hour that is kept counts as it is now, and those of
	// these calls are kept: what is taken back after this must not bring their marks again.
	const began = calls.map(({ createdAt }) => Date.parse(createdAt ?? '')).filter((time) => !Number.isNaN(time));
	const emptied = Object.fromEntries(began.map((time) => [hourOf(time), '']));
	const kept = Object.entries({ ...emptied, ...before.emitted, ...state.emitted }).map(([hour, marks]) => [
		hour,
		(marks.match(eachMark) ?? []).filter((mark) => !lost.has(mark)).join(''),
	]);
	const earlier = {
		...state,
		unfinished: undefined,
		emitted: Object.fromEntries(kept) as Record<string, string>,
		readUntil: Math.min(state.readUntil, before.readUntil),
		fullScanAt: Math.min(state.fullScanAt, before.fullScanAt),
		forgotten: Math.min(state.forgotten ?? 0, before.forgotten ?? 0),
	};
	keepInBounds(earlier);
	return earlier;
}

function hourOf(time: number): number {
	return Math.floor(time / HOUR_MS);
}

/** The state after a window was read, to its end or not. */
export function afterReading(state: EndSearchState, window: TimeWindow, read: WindowRead): EndSearchState {
	const isRead = read.failure === null && read.position === undefined;
	return isRead ? finished(state, window) : interrupted(state, window, read);
}

/** The window was read to its end: what cannot be met again is forgotten. */
function finished(state: EndSearchState, window: TimeWindow): EndSearchState {
	const fullScanAt = window.fullScan ? window.to : state.fullScanAt;
	// Seen from the latest call: a clock that is ahead for one search must not make all calls come out again.
	const latest = (Math.max(...Object.keys(state.emitted).map(Number)) + 1) * HOUR_MS;
	const oldest = hourOf(Math.min(fullScanAt, latest) - MISSED_END_LOOK_BACK_MS) - 1;
	const emitted = Object.fromEntries(Object.entries(state.emitted).filter(([hour]) => Number(hour) >= oldest));
	// Hours whose marks are gone are not read again, wherever the clock goes.
	const forgotten = Math.max(state.forgotten ?? 0, oldest * HOUR_MS);
	return {
		...{ ...state, unfinished: undefined, readUntil: window.to, fullScanAt, emitted },
		...(forgotten > 0 && { forgotten }),
	};
}

/**
 * The window was not read to its end. It goes on at the page where the time was over; after a failure at the latest
 * call that was read, with a list of its own: a list that leads in circles, or a page that Exotel no longer knows,
 * would fail again. Calls of that same second are met again and known.
 */
function interrupted(state: EndSearchState, window: TimeWindow, { latest, position }: WindowRead): EndSearchState {
	return { ...state, unfinished: { ...window, from: Math.min(Math.max(latest, window.from), window.to), position } };
}
