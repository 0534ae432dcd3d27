/**
 * Each event starts the workflow once. Exotel repeats callbacks and sends them out of order; what was already emitted is
 * kept in the workflow's static data, as far as it has to be. Best effort, as n8n writes that data as a whole: a second
 * list in the process catches repeats that arrive at the same moment.
 */

import type { IDataObject } from 'n8n-workflow';

import { isNewEvent } from '../../exotel';
import type { CallEvent, SeenState } from '../../exotel';
import { asObject } from '../host/parameters';

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
export function isFirstTime(event: CallEvent, staticData: IDataObject, scope: string): boolean {
	const recentId = `${scope} ${event.id}`;
	if (recentIds.has(recentId)) return false;

	const { sid } = event.call;
	const calls = asObject(staticData.calls);
	const known = calls[sid];
	const { isNew, state } = isNewEvent(isSeenState(known) ? known : null, event);
	const kept = Object.entries(calls)
		.filter(([other]) => other !== sid)
		.slice(-(maxCalls - 1));
	staticData.calls = Object.fromEntries([...kept, [sid, state]]);

	recentIds.add(recentId);
	const [oldest] = recentIds;
	if (recentIds.size > maxRecentIds && oldest !== undefined) recentIds.delete(oldest);
	return isNew;
}
