/**
 * Finds the ends of calls that no callback told us about: from time to time it lists the calls of the last hours, and
 * every ended one becomes a terminal event like any other – those already known are dropped by the node's timeline.
 */
import { callsBetween, eventFromCall, toIso, type CallEvent } from '../../../exotel/index';
import type { AccountConnection } from '../../connection/account-connection';

/** A call lasts at most four hours (Exotel's limit); its end is looked for a little longer. */
const LOOK_BACK_MS = 5 * 60 * 60 * 1000;
/** The callback goes first: an end younger than this is left to it. */
const GRACE_MS = 2 * 60 * 1000;

/** What the search needs of its node. */
export interface MissedEndsPlan {
	everyMs: number;
	connection(): AccountConnection;
	/** Calls created before this moment are none of ours, ms since 1970: the past is no news. */
	since(): Promise<number>;
	found(event: CallEvent): Promise<void>;
	failed(reason: unknown): void;
}

/**
 * Lists calls every `everyMs` until `signal` is aborted. Never rejects: a failed search is reported, the next one
 * comes.
 */
export function lookForMissedEnds(plan: MissedEndsPlan, signal: AbortSignal): void {
	let timer: NodeJS.Timeout;
	const round = async (): Promise<void> => {
		try {
			await search(plan, signal);
		} catch (reason) {
			if (!signal.aborted) plan.failed(reason);
		}
		if (!signal.aborted) timer = setTimeout(() => void round(), plan.everyMs);
	};
	timer = setTimeout(() => void round(), plan.everyMs);
	signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
}

async function search(plan: MissedEndsPlan, signal: AbortSignal): Promise<void> {
	const connection = plan.connection();
	connection.check();
	const { account } = connection;
	const now = Date.now();
	const from = Math.max(await plan.since(), now - LOOK_BACK_MS);
	const filters = { createdAfter: new Date(from), createdBefore: new Date(now), details: true };
	for await (const { calls, raw } of callsBetween(account, filters, connection.sendOptions({ signal }))) {
		for (const [index, call] of calls.entries()) {
			if (call.endedAt !== null && now - Date.parse(call.endedAt) < GRACE_MS) continue;
			const event = eventFromCall(call, raw[index], toIso(now, account.timeZone));
			if (event !== null) await plan.found(event);
		}
	}
}
