/**
 * Each event starts the workflow once. Exotel repeats callbacks and sends them out of order; what was already emitted
 * is kept in the workflow's static data, as far as it has to be. Best effort, as n8n writes that data as a whole: a
 * second list in the process catches repeats that arrive at the same moment.
 */

import type { IDataObject } from 'n8n-workflow';

import { isNewEvent, mergeSeenStates } from '../../exotel';
import type { CallEvent, SeenState } from '../../exotel';
import { asObject } from '../host/parameters';

/** Calls that are remembered: about 60 kB of static data, and far longer than Exotel repeats a callback. */
const maxCalls = 200;
/** Calls that are remembered in the process, over all nodes. */
const maxRecentCalls = 1_000;
const recentCalls = new Map<string, SeenState>();

function seenStateIn(value: unknown): SeenState | null {
	const { position, ended, seen } = asObject(value);
	if (typeof position !== 'number' || typeof ended !== 'boolean' || !Array.isArray(seen)) return null;
	return { position, ended, seen: seen.map(String) };
}

/**
 * @param staticData of the node; it is changed. Null keeps the event in the process only.
 * @param scope tells apart the nodes that share this process
 * @returns false when the event was already emitted or its call is further on
 */
export function isFirstTime(event: CallEvent, staticData: IDataObject | null, scope: string): boolean {
	const { sid } = event.call;
	const recentKey = `${scope} ${sid}`;
	const calls = asObject(staticData?.calls);
	// Another process may have stored more than this one knows, and the other way round.
	const known = mergeSeenStates(seenStateIn(calls[sid]), recentCalls.get(recentKey) ?? null);
	const { isNew, state } = isNewEvent(known, event);
	if (staticData !== null) {
		const kept = Object.entries(calls)
			.filter(([other]) => other !== sid)
			.slice(-(maxCalls - 1));
		staticData.calls = Object.fromEntries([...kept, [sid, state]]);
	}

	recentCalls.delete(recentKey);
	recentCalls.set(recentKey, state);
	const [oldest] = recentCalls.keys();
	if (recentCalls.size > maxRecentCalls && oldest !== undefined) recentCalls.delete(oldest);
	return isNew;
}

/** n8n stores static data only when a field was set since it last looked. */
export function markChanged(staticData: IDataObject): void {
	staticData.calls = asObject(staticData.calls);
}
