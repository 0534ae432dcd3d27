/**
 * The one shape: whatever Exotel says about a call, in whichever API, callback or applet, becomes a `Call`; whatever
 * happened to it becomes a `CallEvent`. Enumerations: facts 2.4, 5.3.
 */

/**
 * How a call ended; `null` in a `Call` means that it is still active. The first five come from Exotel. `unknown`: it
 * cannot be determined; `not-attempted`: no phone rang, because Exotel or an earlier failure prevented it; `skipped`:
 * the user's settings said not to call.
 */
export type Outcome =
	'answered' | 'no-answer' | 'busy' | 'failed' | 'canceled' | 'unknown' | 'not-attempted' | 'skipped';

/**
 * Why an outcome is `unknown`, `not-attempted` or `skipped`, in the same words on every host (decision 050).
 * - `no-response`: the make-call request left and no usable response came back; the phones may have rung.
 * - `restarted`: the program ended before the response arrived; the phones may have rung.
 * - `no-end-found`: the call was placed, but neither a callback nor Exotel's API reported how it ended.
 * - `wait-timeout`: the user's longest wait was over before the end was known.
 * - `not-stated`: Exotel says that the call has ended, but not how.
 * - `conflicting-call-sids`: a callback and the response to the same attempt name two different calls.
 * - `refused`: Exotel, or a check before the request, refused it; no phone rang.
 * - `earlier-item-failed`: nothing was dialled, because an earlier item of the same run had failed.
 */
export type OutcomeReason =
	| 'no-response'
	| 'restarted'
	| 'no-end-found'
	| 'wait-timeout'
	| 'not-stated'
	| 'conflicting-call-sids'
	| 'refused'
	| 'earlier-item-failed';

/** `from` is rung first, `to` second. For a call that came in, `from` is the caller. */
export type Party = 'from' | 'to';

/** Which of Exotel's two API generations holds a call. */
export type ApiVersion = 'v1' | 'v2';

/** One leg of a call. Durations in seconds. */
export interface Leg {
	party: Party;
	/** Exotel's own word for the leg, or null when the leg was never dialled. */
	status: string | null;
	onCallSeconds: number | null;
	ringingSeconds: number | null;
	/** `human`, `machine`, `notsure`, `na` (lower case), or null. */
	answeredBy: string | null;
}

/** The person on Exotel's side of the call, where Exotel names one. */
export interface Agent {
	id: string | null;
	name: string | null;
	contact: string | null;
	groupId: string | null;
	groupName: string | null;
}

/**
 * A call. Times are ISO 8601 with offset or null; numbers are E.164 where they can be one, else as received. `Sid` is
 * `string`; only the call of an attempt whose response never came has none.
 */
export interface Call<Sid extends string | null = string> {
	sid: Sid;
	api: ApiVersion;
	direction: 'inbound' | 'outbound';
	state: 'active' | 'ended';
	/** Exotel's own word, untouched; null where it sent none. */
	status: string | null;
	outcome: Outcome | null;
	/** Why the outcome is `unknown`, `not-attempted` or `skipped`; null for every other outcome. */
	reason: OutcomeReason | null;
	unansweredBy: Party | null;
	from: string | null;
	to: string | null;
	exoPhone: string | null;
	createdAt: string | null;
	startedAt: string | null;
	endedAt: string | null;
	updatedAt: string | null;
	/** From start to end, ringing included. */
	durationSeconds: number | null;
	/** Time both parties were on call. */
	talkSeconds: number | null;
	/** In the account's currency; Exotel does not say which. */
	price: number | null;
	recordingUrl: string | null;
	customField: string | null;
	legs: Leg[];
	agent: Agent | null;
}

/** True for an event that ends its call; the end of an agent's part of a call leaves the call running. */
export function isEnd(event: CallEvent): boolean {
	return event.type === 'terminal' && event.call.state === 'ended';
}

/** An active, outbound call of which nothing else is known: the base every reader fills in. */
export function emptyCall<Sid extends string | null>(sid: Sid, api: ApiVersion): Call<Sid> {
	return {
		sid,
		api,
		direction: 'outbound',
		state: 'active',
		status: null,
		outcome: null,
		reason: null,
		unansweredBy: null,
		from: null,
		to: null,
		exoPhone: null,
		createdAt: null,
		startedAt: null,
		endedAt: null,
		updatedAt: null,
		durationSeconds: null,
		talkSeconds: null,
		price: null,
		recordingUrl: null,
		customField: null,
		legs: [],
		agent: null,
	};
}

/** What may be known of a call whose outcome is not. */
export type KnownOfCall = Partial<Pick<Call, 'from' | 'to' | 'exoPhone' | 'customField' | 'createdAt'>>;

/** The call whose outcome cannot be determined: ended, with `outcome: 'unknown'` and the reason. */
export function unknownCall<Sid extends string | null>(
	sid: Sid,
	api: ApiVersion,
	reason: OutcomeReason,
	known: KnownOfCall = {},
): Call<Sid> {
	return { ...emptyCall(sid, api), ...known, state: 'ended', outcome: 'unknown', reason };
}

/** What happened. */
export type CallEventType = 'dial' | 'ringing' | 'answered' | 'terminal';

/** Which of Exotel's channels the event came from; `sweep` is our own request to Exotel's API. */
export type CallEventSource =
	'v1-callback' | 'v2-callback' | 'agent-passthru' | 'call-event-passthru' | 'passthru' | 'sweep';

/** One thing that happened to a call. */
export interface CallEvent {
	/**
	 * Stable: the same delivery twice gives the same id; two different events of a call never share one. The end has
	 * one id, whichever source reports it.
	 */
	id: string;
	type: CallEventType;
	/** Which leg; null when the source does not say. Always null for `terminal`. */
	party: Party | null;
	/** ISO 8601 with offset: when it happened, by Exotel's clock where it says so, else when we received it. */
	at: string;
	source: CallEventSource;
	call: Call;
	/** Exactly what was received, decoded into an object (nested where the keys were nested). */
	raw: unknown;
}
