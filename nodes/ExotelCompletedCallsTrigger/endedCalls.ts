/**
 * Which calls were already emitted, and which window of time has to be read next. A call appears in Exotel's list only
 * when it has ended, but is sorted in by the time it began, so looking forward from the last poll would miss every long
 * call. The recent past is therefore read again each time, and calls already emitted are remembered.
 *
 * Everything is kept in n8n's static data, which n8n stores together with the executions it starts.
 */

import { createHash } from 'crypto';
import type { IDataObject } from 'n8n-workflow';

import { earliestSearch, MISSED_END_LOOK_BACK_MS } from '../../exotel';
import { asObject } from '../host/parameters';

const minute = 60_000;
const hour = 60 * minute;

/** Nearly all calls are shorter than this: it is read at every poll. */
const usualCall = 1 * hour;
/** All calls that may have run lately are read this often. */
const fullScanEvery = 10 * minute;

/** Characters of a hashed SID. */
const markLength = 10;

/** What is kept between polls. All times in milliseconds since 1970. */
export interface State {
	/** Calls that had ended before are none of ours. */
	since: number;
	/** Until when everything was read. */
	readUntil: number;
	/** When all calls that may have run lately were read last. */
	fullScanAt: number;
	/** What is left of a window that was not read to its end, because n8n's time was over or the list failed. */
	unfinished?: TimeWindow | undefined;
	/** Hour in which the calls began → short hashes of their SIDs, ten characters each. */
	emitted: Record<string, string>;
}

/** A window of time; calls that began in it are read. */
export interface TimeWindow {
	from: number;
	to: number;
	fullScan: boolean;
	/** A page of the list, where the reading stopped in between. */
	position?: string | undefined;
}

function isState(value: IDataObject): value is IDataObject & State {
	return [value.since, value.readUntil, value.fullScanAt].every((time) => typeof time === 'number');
}

/** What was kept in the node's static data, or the beginning: only calls that end from now on. */
export function loadState(staticData: IDataObject, now: number): State {
	if (!isState(staticData)) return { since: now, readUntil: now, fullScanAt: now, emitted: {} };
	const emitted = Object.entries(asObject(staticData.emitted)).map(([hourOf, marks]) => [hourOf, String(marks)]);
	return { ...staticData, emitted: Object.fromEntries(emitted) };
}

/**
 * The window to read now. After a pause of n8n it reaches back to the last poll and the calls running then, but not
 * further than Exotel lists calls.
 */
export function nextWindow(state: State, now: number): TimeWindow {
	const earliest = earliestSearch(now);
	if (state.unfinished !== undefined && state.unfinished.from >= earliest) return state.unfinished;
	const fullScan = now - state.fullScanAt >= fullScanEvery;
	const from = fullScan ? state.fullScanAt - MISSED_END_LOOK_BACK_MS : state.readUntil - usualCall;
	return { from: Math.max(earliest, from), to: now, fullScan };
}

/** True when the call was not emitted before; it is remembered as emitted from now on. */
export function markEmitted(state: State, sid: string, beganAt: number): boolean {
	const bucket = String(Math.floor(beganAt / hour));
	const mark = createHash('sha256').update(sid).digest('base64url').slice(0, markLength);
	const marks = state.emitted[bucket] ?? '';
	for (let at = 0; at < marks.length; at += markLength) if (marks.startsWith(mark, at)) return false;
	state.emitted[bucket] = marks + mark;
	return true;
}

/** The window was read to its end: what cannot be met again is forgotten. */
export function finished(state: State, window: TimeWindow): State {
	const fullScanAt = window.fullScan ? window.to : state.fullScanAt;
	const oldest = Math.floor((fullScanAt - MISSED_END_LOOK_BACK_MS) / hour) - 1;
	const emitted = Object.fromEntries(Object.entries(state.emitted).filter(([bucket]) => Number(bucket) >= oldest));
	return { ...state, unfinished: undefined, readUntil: window.to, fullScanAt, emitted };
}

/**
 * The window was not read to its end. It goes on at the page where n8n's time was over; after a failure at the latest
 * call that was read, with a list of its own: a list that leads in circles, or a page that Exotel no longer knows,
 * would fail again. Calls of that same second are met again and known.
 * @param began times at which the calls that were read began; oldest first, as the list is
 */
export function interrupted(state: State, window: TimeWindow, began: number[], position?: string): State {
	const from = began.reduce((latest, time) => (time > latest ? time : latest), window.from);
	return { ...state, unfinished: { ...window, from: Math.min(from, window.to), position } };
}
