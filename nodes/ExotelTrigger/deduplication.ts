/**
 * Each event starts the workflow once. Exotel repeats callbacks and sends them out of order; what was already emitted is
 * kept in the workflow's static data, as far as it has to be. Best effort, as n8n writes that data as a whole: a second
 * list in the process catches repeats that arrive at the same moment.
 */

import type { IDataObject } from 'n8n-workflow';

import { advance, emptyTimeline } from '../../exotel';
import type { CallEvent, Timeline } from '../../exotel';
import { asObject } from '../host/parameters';

/** How far a call is: the core's timeline without what it knows of the call, which would make the data large. */
type SeenState = Pick<Timeline, 'position' | 'ended' | 'seen'>;

/** Calls that are remembered: about 60 kB of static data, and far longer than Exotel repeats a callback. */
const maxCalls = 200;
/** Ids that are remembered in the process. */
const maxRecentIds = 1_000;
const recentIds = new Set<string>();

function isSeenState(value: unknown): value is SeenState {
	const { position, ended, seen } = asObject(value);
	return typeof position === 'number' && typeof ended === 'boolean' && Array.isArray(seen);
}

/**
 * @param staticData of the node; it is changed
 * @param scope tells apart the nodes that share this process
 * @returns false when the event was already emitted or its call is further on
 */
export function isNewEvent(event: CallEvent, staticData: IDataObject, scope: string): boolean {
	const recentId = `${scope} ${event.id}`;
	if (recentIds.has(recentId)) return false;

	const { sid } = event.call;
	const calls = asObject(staticData.calls);
	const known = calls[sid];
	const { timeline, emit } = advance({ ...emptyTimeline(sid), ...(isSeenState(known) ? known : {}) }, event);
	const kept = Object.entries(calls)
		.filter(([other]) => other !== sid)
		.slice(-(maxCalls - 1));
	const { position, ended, seen } = timeline;
	staticData.calls = Object.fromEntries([...kept, [sid, { position, ended, seen }]]);

	recentIds.add(recentId);
	const [oldest] = recentIds;
	if (recentIds.size > maxRecentIds && oldest !== undefined) recentIds.delete(oldest);
	return emit !== null;
}
