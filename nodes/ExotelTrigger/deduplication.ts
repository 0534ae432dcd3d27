/**
 * Each event starts the workflow once. Exotel repeats callbacks and sends them out of order; what was already emitted
 * is kept in the workflow's static data, as far as it has to be. Best effort, as n8n loads that data when a request
 * comes and writes it as a whole: a second list in the process catches repeats that arrive at the same moment, and adds
 * what requests that overlap would write over.
 */

import type { IDataObject, IWebhookFunctions } from 'n8n-workflow';

import { asPassedOn, ENDED_KEPT_MS, isNewEvent, isOver, keepNewest, leaveOut, mergeSeenStates } from '../../exotel';
import type { CallEvent, NewEventCheck, SeenState } from '../../exotel';
import { asObject } from '../host/parameters';

/**
 * Characters of the calls that are remembered in static data: 1,300 calls of two events each. n8n loads and stores all
 * of it with each event.
 */
const maxLength = 128_000;
/** Calls that are remembered in the process, over all nodes. */
const maxRecentCalls = 1_000;
const recentCalls = new Map<string, RecentCall>();
/** Events whose sender has hung up before n8n answered. */
const unanswered = new Map<string, true>();
const minuteMs = 60_000;

/** A call of which this process heard lately. */
interface RecentCall {
	scope: string;
	sid: string;
	state: SeenState;
	minute: number;
	/** As it is stored with other calls: without an event whose run n8n may still fail to store. */
	text: string | null;
}

/**
 * A call in static data, as JSON: the minute in which something was heard of it last, its state, and the ids of its
 * events without the SID, with which each begins. A text, because n8n watches each object in static data.
 */
function stored(sid: string, { position, ended, seen }: SeenState, minute: number): string {
	const ids = seen.map((id) => (id.startsWith(`${sid}:`) ? id.slice(sid.length) : id));
	return JSON.stringify([minute, position, ended, ...ids]);
}

function seenStateIn(sid: string, text: unknown): SeenState | null {
	if (typeof text !== 'string') return null;
	const [minute, position, ended, ...ids] = listIn(text);
	if (typeof minute !== 'number' || typeof position !== 'number' || typeof ended !== 'boolean') return null;
	return {
		position,
		ended,
		seen: ids.map((id) => (String(id).startsWith(':') ? `${sid}${String(id)}` : String(id))),
	};
}

function listIn(text: string): unknown[] {
	try {
		const list: unknown = JSON.parse(text);
		return Array.isArray(list) ? list : [];
	} catch {
		return [];
	}
}

function minuteOf(text: string): number {
	return Number.parseInt(text.slice(1), 10);
}

/** What was loaded, and what requests at the same time have had stored since; newest last. */
function withRecent(calls: IDataObject, scope: string): Array<[sid: string, call: string]> {
	const merged = new Map<string, string>();
	for (const [sid, text] of Object.entries(calls)) if (typeof text === 'string') merged.set(sid, text);
	for (const recent of recentCalls.values()) {
		if (recent.scope !== scope || recent.text === null) continue;
		const { sid, text } = recent;
		const loaded = merged.get(sid);
		if (loaded === text) continue;
		const both = loaded === undefined ? text : joined(sid, loaded, text);
		// Another process knew more: what it stored need not be compared again.
		if (both === loaded) recent.text = loaded;
		merged.delete(sid);
		merged.set(sid, both);
	}
	return [...merged].sort(([, a], [, b]) => minuteOf(a) - minuteOf(b));
}

function joined(sid: string, loaded: string, recent: string): string {
	const state = mergeSeenStates(seenStateIn(sid, loaded), seenStateIn(sid, recent));
	return state === null ? recent : stored(sid, state, Math.max(minuteOf(loaded), minuteOf(recent)));
}

/** The calls of which something was heard lately, newest last, as far as there is room for them. */
function kept(calls: ReadonlyArray<[sid: string, call: string]>, minute: number): IDataObject {
	const oldest = minute - ENDED_KEPT_MS / minuteMs;
	const recent = calls.filter(([, text]) => minuteOf(text) >= oldest);
	const lengths = recent.map(([sid, text]) => sid.length + text.length + 12);
	let length = lengths.reduce((sum, one) => sum + one, 0);
	const tooMany = lengths.findIndex((one) => {
		const fits = length <= maxLength;
		length -= one;
		return fits;
	});
	return Object.fromEntries(recent.slice(tooMany));
}

/**
 * @param staticData of the node; it is changed. Null keeps the event in the process only.
 * @param scope tells apart the nodes that share this process
 * @param now milliseconds since 1970
 * @returns false when the event was already emitted or its call is further on
 */
export function isFirstTime(
	event: CallEvent,
	staticData: IDataObject | null,
	scope: string,
	now = Date.now(),
): boolean {
	return remember(event, { staticData, scope, now }, (known) => isNewEvent(known, event));
}

/** The event as it is passed on: after the end of its call, what a caller pressed or recorded is progress. */
export function passedOnAs(event: CallEvent, staticData: IDataObject, scope: string): CallEvent {
	return asPassedOn(knownOf(event.call.sid, asObject(staticData.calls), scope), event);
}

/** Remembers an event that the filters leave out: it outdates progress, but is not what starts the workflow. */
export function rememberLeftOut(event: CallEvent, staticData: IDataObject | null, scope: string): void {
	remember(event, { staticData, scope, now: Date.now() }, (known) => ({
		isNew: false,
		state: leaveOut(known, event),
	}));
	// It starts no run that n8n could fail to store.
	if (staticData !== null) markRecent(event, scope);
}

/** True when the end of a call was passed on: no report of it starts the workflow any more. */
export function hasEnded(sid: string, staticData: IDataObject, scope: string): boolean {
	return isOver(knownOf(sid, asObject(staticData.calls), scope));
}

/** Another process may have stored more than this one knows, and the other way round. */
function knownOf(sid: string, calls: IDataObject, scope: string): SeenState | null {
	return mergeSeenStates(seenStateIn(sid, calls[sid]), recentCalls.get(`${scope} ${sid}`)?.state ?? null);
}

/** What n8n answers a request with. */
type Answer = ReturnType<IWebhookFunctions['getResponseObject']>;

/**
 * Follows what becomes of an event: when n8n cannot store its run it answers 500, and the repeated event must not be
 * dropped. At its limit of runs n8n stores the run and answers much later, perhaps to a sender that has hung up: only
 * its answer says that the run was not stored.
 */
export function followAnswer(event: CallEvent, scope: string, response: Answer): void {
	const key = `${scope} ${event.id}`;
	response.once('close', () => {
		if (!response.writableEnded) keepNewest(unanswered, key, true, maxRecentCalls);
	});
	const { end } = response;
	response.end = (...rest: unknown[]) => {
		unanswered.delete(key);
		if (response.statusCode >= 400) forgetInProcess(event, scope);
		return Reflect.apply(end, response, rest) as Answer;
	};
}

/** True while n8n has answered nothing to an event whose sender has hung up. */
export function isUnanswered(event: CallEvent, scope: string): boolean {
	return unanswered.has(`${scope} ${event.id}`);
}

/** Forgets in this process what an event has added: n8n did not store its run, and stores no static data then. */
function forgetInProcess(event: CallEvent, scope: string): void {
	recentCalls.delete(`${scope} ${event.call.sid}`);
}

/** Where and when something is remembered; see `isFirstTime`. */
interface Memory {
	staticData: IDataObject | null;
	scope: string;
	now: number;
}

/** @returns false when the check says that the event is not new */
function remember(
	event: CallEvent,
	{ staticData, scope, now }: Memory,
	check: (known: SeenState | null) => NewEventCheck,
): boolean {
	const { sid } = event.call;
	const calls = asObject(staticData?.calls);
	const { isNew, state } = check(knownOf(sid, calls, scope));
	const minute = Math.floor(now / minuteMs);
	const text = stored(sid, state, minute);
	if (staticData !== null) {
		const others = withRecent(calls, scope).filter((entry) => entry[0] !== sid);
		staticData.calls = kept([...others, [sid, text]], minute);
	}
	const key = `${scope} ${sid}`;
	const loaded = typeof calls[sid] === 'string' ? calls[sid] : null;
	const before = recentCalls.get(key)?.text ?? loaded;
	keepNewest(recentCalls, key, { scope, sid, state, minute, text: before }, maxRecentCalls);
	return isNew;
}

/** What is known of the call of this event may be stored with that of others. */
function markRecent({ call: { sid } }: CallEvent, scope: string): void {
	const recent = recentCalls.get(`${scope} ${sid}`);
	if (recent !== undefined) recent.text = stored(sid, recent.state, recent.minute);
}

/**
 * n8n has stored the run of an event and is about to store the static data: they get what other requests have had
 * stored since they were loaded. n8n stores them only when a field was set since it last looked.
 */
export function markStored(event: CallEvent, staticData: IDataObject, scope: string): void {
	markRecent(event, scope);
	staticData.calls = kept(withRecent(asObject(staticData.calls), scope), Math.floor(Date.now() / minuteMs));
}
