/** What a tracker announces to its host, and what it needs of it. */
import type { ApiVersion, Call, CallEvent, OutcomeReason } from '../call/call';
import type { Clock } from '../http/transport';

/** What every announcement says. */
interface AnnouncementBase {
	/** The attempt that placed the call; null for a call that was placed elsewhere. */
	attemptId: string | null;
	/** What the host handed to `begin`; a copy. */
	context: Record<string, unknown>;
}

/** Exotel took the call. `learntFrom: 'callback'`: a callback arrived before the response. */
export type PlacedAnnouncement<Details> = AnnouncementBase & { type: 'placed'; call: Call } & (
		{ learntFrom: 'response'; details: Details } | { learntFrom: 'callback'; event: CallEvent }
	);

/** Something happened to a call; `ended` is its end. */
export type EventAnnouncement = AnnouncementBase & { type: 'progress' | 'ended'; event: CallEvent };

/** The outcome is unknown. A later callback may still report it, unless two SIDs are in conflict. */
export type UnknownAnnouncement<Details> = AnnouncementBase & {
	type: 'unknown';
	call: Call<string | null>;
	reason: OutcomeReason;
	/** Both SIDs, with `conflicting-call-sids`: the callback's and the response's. Else empty. */
	callSids: string[];
	/** What the host handed to `unknown`; null where the tracker found out by itself. */
	details: Details | null;
};

/** Everything a tracker announces, in the order of one call. */
export type Announcement<Details> = PlacedAnnouncement<Details> | EventAnnouncement | UnknownAnnouncement<Details>;

/** The end of a call, or that it is unknown: kept with its call until it has been sent. */
export type EndAnnouncement = EventAnnouncement | UnknownAnnouncement<null>;

/** What the user should know although no call is announced. */
export type TrackerWarning =
	/** Records were dropped, the oldest first, because the store is full; `count` since the last warning. */
	| { code: 'store-full'; count: number }
	/** The host's store failed; tracking goes on in memory. */
	| { code: 'store-failed'; reason: unknown }
	/** A poll failed for a reason that is none of Exotel's. */
	| { code: 'poll-failed'; reason: unknown }
	/** Response and callback of one attempt name two calls, and its end has gone out already. */
	| { code: 'conflicting-call-sids'; attemptId: string; callSids: string[] }
	/** A fault of the host or of this package. */
	| { code: 'fault'; reason: unknown };

/** What a tracker needs of its host. */
export interface TrackerHost<Details> {
	clock: Clock;
	/** A number from 0 up to 1, as `Math.random`. */
	random(): number;
	/**
	 * Reads a call from Exotel: the event of its end, or null while it is active. `signal` is aborted when it takes too
	 * long.
	 */
	poll(sid: string, api: ApiVersion, signal: AbortSignal): Promise<CallEvent | null>;
	/** Milliseconds to wait before poll number `pollCount` + 1. */
	pollAfterMs(pollCount: number): number;
	/** Takes one announcement; must return at once. `sent` is called when it has been sent, at once or later. */
	emit(announcement: Announcement<Details>, sent: () => void): void;
	warn(warning: TrackerWarning): void;
}
