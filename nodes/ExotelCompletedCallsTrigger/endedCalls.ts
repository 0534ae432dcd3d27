/**
 * Which calls were already handed out, and which stretch of time has to be looked at next. A call appears in Exotel's
 * list only when it has ended, but is sorted in by the time it began, so looking forward from the last poll would miss
 * every long call. The recent past is therefore read again each time, and calls already handed out are remembered.
 *
 * Everything is kept in n8n's static data, which n8n stores together with the executions it starts.
 */

import { createHash } from 'crypto';
import type { IDataObject } from 'n8n-workflow';

const minute = 60_000;
const hour = 60 * minute;

/** Exotel ends every call after 4 hours at the latest; records may be late by a quarter of an hour. */
const longestCall = 4.5 * hour;
/** Nearly all calls are shorter than this: it is read at every poll. */
const usualCall = 1 * hour;
/** The whole of `longestCall` is read this often. */
const longLookEvery = 10 * minute;

/** Exotel keeps calls for six months (at least 181 days) and refuses to be asked about older ones. */
const oldestAsked = 180 * 24 * hour;

/** What is kept between polls. All times in milliseconds since the epoch. */
export interface Progress {
	/** Calls that had ended before are none of ours. */
	since: number;
	/** Until when everything was read. */
	readUntil: number;
	/** When the whole of `longestCall` was read last. */
	longLookAt: number;
	/** A stretch that was not finished within n8n's time: where to go on. */
	unfinished?: Stretch & { position: string };
	/** Hour in which the calls began → short hashes of their SIDs, ten characters each. */
	handedOut: Record<string, string>;
}

/** A stretch of time; calls that began in it are read. */
export interface Stretch {
	from: number;
	to: number;
	longLook: boolean;
}

/** What was kept in the node's static data, or the beginning: only calls that end from now on. */
export function progressOf(staticData: IDataObject, now: number): Progress {
	const kept = staticData as unknown as Partial<Progress>;
	if (typeof kept.since === 'number') return { ...(kept as Progress), handedOut: { ...kept.handedOut } };
	return { since: now, readUntil: now, longLookAt: now, handedOut: {} };
}

/**
 * The stretch to read now. After a pause of n8n it reaches back to the last poll and the calls running then, but not
 * further than Exotel can be asked.
 */
export function nextStretch(progress: Progress, now: number): Stretch & { position?: string } {
	const earliest = now - oldestAsked;
	if (progress.unfinished !== undefined && progress.unfinished.from >= earliest) return progress.unfinished;
	const longLook = now - progress.longLookAt >= longLookEvery;
	return {
		from: Math.max(earliest, longLook ? progress.longLookAt - longestCall : progress.readUntil - usualCall),
		to: now,
		longLook,
	};
}

/** True when the call was not handed out before; it is remembered as handed out from now on. */
export function handOut(progress: Progress, sid: string, beganAt: number): boolean {
	const bucket = String(Math.floor(beganAt / hour));
	const mark = createHash('sha256').update(sid).digest('base64url').slice(0, 10);
	const marks = progress.handedOut[bucket] ?? '';
	for (let at = 0; at < marks.length; at += 10) if (marks.startsWith(mark, at)) return false;
	progress.handedOut[bucket] = marks + mark;
	return true;
}

/** The stretch was read to its end: what cannot be met again is forgotten. */
export function finished(progress: Progress, stretch: Stretch): Progress {
	const longLookAt = stretch.longLook ? stretch.to : progress.longLookAt;
	const oldest = Math.floor((longLookAt - longestCall) / hour) - 1;
	const handedOut = Object.fromEntries(
		Object.entries(progress.handedOut).filter(([bucket]) => Number(bucket) >= oldest),
	);
	return { ...progress, unfinished: undefined, readUntil: stretch.to, longLookAt, handedOut };
}
