/**
 * The search for ends that no callback reported: it lists the calls of the last hours, and every one that has ended
 * becomes a terminal event with the id the callback's would have, so that ends already known are dropped as duplicates.
 */
import type { Account } from '../account';
import type { Call, CallEvent } from '../call/call';
import { eventFromCall } from '../call/timeline';
import type { SendOptions } from '../http/send';
import { callsBetween, type CallsBetweenFilters } from '../operations/calls-between';
import { earliestCall } from '../operations/list-calls';
import { toIso } from '../time';

/** Exotel ends every call after four hours; its record may be late. Calls created in this time are looked through. */
export const MISSED_END_LOOK_BACK_MS = 5 * 60 * 60 * 1000;
/** The callback goes first: an end younger than this is left to it. */
export const MISSED_END_GRACE_MS = 2 * 60 * 1000;

/** What is at the edge of Exotel's six months would be refused while the request is on its way. */
const EDGE_MS = 60 * 60 * 1000;

/** The earliest time a search for ended calls may begin at, ms since 1970. */
export function earliestSearch(now: number): number {
	return earliestCall(now) + EDGE_MS;
}

/** Which ends count. Times in ms since 1970. */
export interface MissedEndRule {
	/** Calls that ended before are none of ours. */
	since: number;
	now: number;
	/** Ends younger than this are left out, ms; `MISSED_END_GRACE_MS` where callbacks come, 0 where none do. */
	graceMs: number;
	timeZone: string;
}

/** The terminal event of a listed call, or null when it is active, ended before `since` or has just ended. */
export function missedEnd(call: Call, raw: unknown, rule: MissedEndRule): CallEvent | null {
	const endedAt = Date.parse(call.endedAt ?? call.updatedAt ?? call.createdAt ?? '');
	if (endedAt < rule.since) return null;
	// Without a grace time an end counts at once, also when Exotel's clock is ahead of ours.
	if (rule.graceMs > 0 && rule.now - endedAt < rule.graceMs) return null;
	return eventFromCall(call, raw, call.endedAt ?? call.updatedAt ?? toIso(rule.now, rule.timeZone));
}

/** A call of the list. */
export interface FoundCall {
	call: Call;
	/** The same call as Exotel sent it. */
	raw: unknown;
}

/** The calls that are searched. */
export interface EndList {
	account: Account;
	/** How to send; the account's pacer should be in it. */
	send: SendOptions;
	filters?: CallsBetweenFilters;
	/** The reading ends with the first page after this time, ms since 1970; at the end of the list unless given. */
	stopAt?: number;
}

/** A window of time; calls that began in it are read. */
export interface TimeWindow {
	from: number;
	to: number;
	fullScan: boolean;
	/** A page of the list, where the reading stopped in between. */
	position?: string | undefined;
}

/** How far a window was read. */
export interface WindowRead {
	/** When the latest call that was read began. */
	latest: number;
	/** Where to go on when the time was over before the list. */
	position?: string;
	/** Why the list ended early; null when it did not. */
	failure: Error | null;
}

/** Reads a window of the list, oldest call first, and hands over each page. Never rejects. */
export async function readWindow(
	{ account, send, filters, stopAt = Infinity }: EndList,
	window: TimeWindow,
	take: (calls: FoundCall[]) => Promise<void> | void,
): Promise<WindowRead> {
	const { from, to, position } = window;
	const range = { createdAfter: new Date(from), createdBefore: new Date(to), sortBy: 'oldest', pageSize: 100 };
	let latest = from;
	try {
		for await (const page of callsBetween(account, { ...filters, ...range, position }, send)) {
			await take(page.calls.map((call, index) => ({ call, raw: page.raw[index] })));
			for (const { createdAt } of page.calls) latest = Math.max(latest, Date.parse(createdAt ?? '') || 0);
			if (send.clock.now() > stopAt) return { latest, position: page.position, failure: null };
		}
	} catch (error) {
		return { latest, failure: error instanceof Error ? error : new Error(String(error)) };
	}
	return { latest, failure: null };
}
