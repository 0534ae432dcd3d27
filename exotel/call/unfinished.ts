/**
 * Records of ended calls that Exotel has not finished: EndTime, Duration and Price come "about two minutes" after the
 * end (seed 004), other pages say five (SUP 56523) and ten to fifteen (SUP 48283); facts 3.1.
 */
import type { Call } from './call';

/** After this time nothing more is expected of a record. */
const FINISHED_WITHIN_MS = 15 * 60 * 1000;

/** What the rule looks at. */
export type MaybeUnfinished = Pick<
	Call,
	'api' | 'state' | 'status' | 'endedAt' | 'durationSeconds' | 'updatedAt' | 'createdAt'
>;

/**
 * True for a v1 record that says `completed` and whose end time and duration are still to come: better read it again.
 * Never true of a call that nobody answered, of a record that was changed 15 minutes ago or more, of one that is as
 * far ahead of our clock, nor of one without any time. `now`: ms since 1970.
 */
export function isUnfinished(call: MaybeUnfinished, now: number): boolean {
	if (call.api !== 'v1' || call.state !== 'ended' || call.status?.toLowerCase() !== 'completed') return false;
	if (call.endedAt !== null || call.durationSeconds !== null) return false;
	const changed = Date.parse(call.updatedAt ?? call.createdAt ?? '');
	return Math.abs(now - changed) < FINISHED_WITHIN_MS;
}
