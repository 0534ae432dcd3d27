/**
 * Polls for the ends of calls that no callback reported: from time to time the calls of the last hours are listed, and
 * every ended one becomes a terminal event like any other – those already known are dropped by the tracker.
 */
import type { CallEvent, CallTracker } from '../../../exotel/index';
import type { AccountConnection } from '../../account/account-connection';
import type { NodeCalls } from '../../calls/node-calls';
import { processClock } from '../../clock';

/** After a start of Node-RED the first search does not wait longer than this, ms. */
const MAX_FIRST_WAIT_MS = 2 * 60 * 1000;

/** What the polling needs of its node. */
export interface MissedEventsPlan {
	everyMs: number;
	/** Remembers over deploys when the next search is due, so that frequent deploys do not put it off for ever. */
	schedule: Pick<NodeCalls, 'nextSearchAt'>;
	connection(): AccountConnection;
	/** The search of the node's tracker. */
	search: CallTracker['search'];
	found(event: CallEvent): Promise<unknown>;
	failed(reason: unknown): void;
}

/**
 * Searches every `everyMs` until `signal` is aborted. Never rejects: a failed search is reported, the next one comes.
 */
export async function pollMissedTerminalEvents(plan: MissedEventsPlan, signal: AbortSignal): Promise<void> {
	const { schedule, everyMs } = plan;
	const now = Date.now();
	schedule.nextSearchAt = Math.min(schedule.nextSearchAt ?? now + MAX_FIRST_WAIT_MS, now + everyMs);
	const isClosed = (): boolean => signal.aborted;
	for (;;) {
		await processClock.sleep(Math.max(0, schedule.nextSearchAt - Date.now()), signal).catch(() => undefined);
		if (isClosed()) return;
		try {
			await search(plan, signal);
		} catch (reason) {
			if (isClosed()) return;
			plan.failed(reason);
		}
		schedule.nextSearchAt = Date.now() + everyMs;
	}
}

async function search(plan: MissedEventsPlan, signal: AbortSignal): Promise<void> {
	const connection = plan.connection();
	const send = connection.sendOptions({ signal });
	await plan.search.run({ account: connection.account, send }, plan.found);
}
