/**
 * The one shape: whatever Exotel says about a call, in whichever API, callback or applet, becomes a `Call`; whatever it
 * tells us happened becomes a `CallEvent`. Design, section 3; enumerations: facts 2.4, 5.3.
 */

/** How a call ended. `null` in a `Call` means it is still active. */
export type Outcome = 'answered' | 'no-answer' | 'busy' | 'failed' | 'canceled';

/** `from` is rung first, `to` second. For a call that came in, `from` is the caller. */
export type Party = 'from' | 'to';

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

/** A call. Times are ISO 8601 with offset or null; numbers are E.164 where they can be one, else as received. */
export interface Call {
	sid: string;
	api: 'v1' | 'v2';
	direction: 'inbound' | 'outbound';
	state: 'active' | 'ended';
	/** Exotel's own word, untouched; null where it sent none. */
	status: string | null;
	outcome: Outcome | null;
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

/** What happened. */
export type CallEventType = 'dial' | 'ringing' | 'answered' | 'terminal';

/** Which of Exotel's channels told us. */
export type CallEventSource =
	'v1-callback' | 'v2-callback' | 'agent-passthru' | 'call-event-passthru' | 'passthru' | 'sweep';

/** One thing that happened to a call. */
export interface CallEvent {
	/**
	 * Stable: the same delivery twice gives the same id; two different events of a call never share one. The end has
	 * one id, whoever tells it.
	 */
	id: string;
	type: CallEventType;
	/** Which leg; null when the source does not tell. Always null for `terminal`. */
	party: Party | null;
	/** ISO 8601 with offset: when it happened, by Exotel's clock where it says so, else when we received it. */
	at: string;
	source: CallEventSource;
	call: Call;
	/** Exactly what was received, decoded into an object (nested where the keys were nested). */
	raw: unknown;
}
