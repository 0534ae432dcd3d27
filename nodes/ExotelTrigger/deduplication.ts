/**
 * Each event starts the workflow once. Exotel repeats callbacks and sends them out of order; what was already told is
 * kept in the workflow's static data, as far as it has to be. Best effort, as n8n writes that data as a whole: a second
 * list in the process catches repeats that arrive at the same moment.
 */

import type { IDataObject } from 'n8n-workflow';

import { advance, emptyTimeline } from '../../exotel';
import type { CallEvent, Timeline } from '../../exotel';

/** How far a call was told: the core's timeline without what it knows of the call, which would make the data large. */
type Told = Pick<Timeline, 'position' | 'ended' | 'seen'>;

/**
 * Calls that are remembered: about 60 kB of static data, and far longer than Exotel repeats a callback for most
 * accounts.
 */
const mostCalls = 200;
/** Ids that are remembered in the process. */
const mostRecentIds = 1_000;
const recentIds = new Set<string>();

/**
 * @param staticData of the node; it is changed
 * @param scope tells apart the nodes that share this process
 * @returns false when the event was already told or its call is further on
 */
export function isNews(event: CallEvent, staticData: IDataObject, scope: string): boolean {
	const recentId = `${scope} ${event.id}`;
	if (recentIds.has(recentId)) return false;

	const { sid } = event.call;
	const calls = (staticData.calls ?? {}) as Record<string, Told>;
	const { timeline, emit } = advance({ ...emptyTimeline(sid), ...calls[sid] }, event);
	const kept = Object.entries(calls)
		.filter(([other]) => other !== sid)
		.slice(-(mostCalls - 1));
	const { position, ended, seen } = timeline;
	staticData.calls = Object.fromEntries([...kept, [sid, { position, ended, seen }]]) as unknown as IDataObject;

	recentIds.add(recentId);
	if (recentIds.size > mostRecentIds) recentIds.delete(recentIds.values().next().value ?? '');
	return emit !== null;
}
