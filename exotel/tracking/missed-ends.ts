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

/** Where a search begins. Times in ms since 1970. */
export interface SearchStart {
	/** Calls that ended before are none of ours. */
	since: number;
	/** Until when an earlier search read every call. */
	searchedUntil: number;
}

/** What the search needs. Times in ms since 1970. */
export interface MissedEndsSearch extends SearchStart {
	account: Account;
	/** How to send; the account's pacer should be in it. */
	send: SendOptions;
	now: number;
	/** `MISSED_END_GRACE_MS` unless given. */
	graceMs?: number;
}

/**
 * All ends that may have been missed, oldest call first; those already known are among them.
 * @throws ExotelError when the calls cannot be listed.
 */
export async function* findMissedEnds(search: MissedEndsSearch): AsyncGenerator<CallEvent, void, undefined> {
	const { account, since, searchedUntil, now, graceMs = MISSED_END_GRACE_MS } = search;
	const rule = { since, now, graceMs, timeZone: account.timeZone };
	// A call appears in the list when it has ended, sorted in by the time it began.
	const from = Math.max(earliestSearch(now), Math.min(searchedUntil, now) - MISSED_END_LOOK_BACK_MS);
	const filters: CallsBetweenFilters = { createdAfter: new Date(from), createdBefore: new Date(now), details: true };
	for await (const { calls, raw } of callsBetween(account, filters, search.send)) {
		for (const [index, call] of calls.entries()) {
			const event = missedEnd(call, raw[index], rule);
			if (event !== null) yield event;
		}
	}
}
