/**
 * The one shape: whatever Exotel says about a call, in whichever API, callback or applet, becomes a `Call`; whatever
 * happened to it becomes a `CallEvent`. Enumerations: facts 2.4, 5.3.
 */

/** How a call ended that took place. The first five come from Exotel; `unknown`: it cannot be determined. */
export const callOutcomes = ['answered', 'no-answer', 'busy', 'failed', 'canceled', 'unknown'] as const;

/**
 * How a call ended; `null` in a `Call` means that it is still active. `not-attempted`: no phone rang, because Exotel or
 * an earlier failure prevented it; `skipped`: the user's settings said not to call.
 */
export type Outcome = (typeof callOutcomes)[number] | 'not-attempted' | 'skipped';

/**
 * Why an outcome is `unknown`, `not-attempted` or `skipped`, in the same words on every host (decision 050).
 * - `no-response`: the make-call request left and no usable response came back; the phones may have rung.
 * - `restarted`: the program ended before the response arrived; the phones may have rung.
 * - `no-end-found`: the call was placed, but neither a callback nor Exotel's API reported how it ended.
 * - `wait-timeout`: the user's longest wait was over before the end was known.
 * - `not-stated`: Exotel says that the call has ended, but not how. Of an incoming call its word `completed` does not
 *   say whether anybody answered; its legs do.
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
 * A call. Times are ISO 8601 with offset or null; numbers are E.164 where they can be one, else as received; durations
 * are in seconds. `Sid` is `string`; only the call of an attempt whose response never came has none. The order of the
 * fields is the order of the columns a user sees.
 */
export interface Call<Sid extends string | null = string> {
	outcome: Outcome | null;
	/** Why the outcome is `unknown`, `not-attempted` or `skipped`; null for every other outcome. */
	reason: OutcomeReason | null;
	unansweredBy: Party | null;
	direction: 'inbound' | 'outbound';
	from: string | null;
	to: string | null;
	exoPhone: string | null;
	/** Time both parties were on call; of a call with transfers the sum. */
	talkSeconds: number | null;
	/** From start to end, ringing included. */
	durationSeconds: number | null;
	createdAt: string | null;
	startedAt: string | null;
	endedAt: string | null;
	updatedAt: string | null;
	/** In the account's currency; Exotel does not say which. */
	price: number | null;
	recordingUrl: string | null;
	/** The addresses of all recordings; a call with transfers has several (seed 001). The first is `recordingUrl`. */
	recordingUrls: string[];
	/** What the request that placed the call said; of calls placed here also where Exotel leaves it out. */
	customField: string | null;
	/** Keys pressed during the call, those of different applets separated by `-` (seed 001). */
	digits: string | null;
	/** The customer's name in the account's address book (seed 001). */
	customerName: string | null;
	/** v1 `CallerName`; seed 004 prints it and does not explain it. */
	callerName: string | null;
	/** v1 `ForwardedFrom`; seed 004 prints it and does not explain it. */
	forwardedFrom: string | null;
	agent: Agent | null;
	/** Who picked up: `human` (seed 004) or another word, in lower case. Legs have a word of their own. */
	answeredBy: string | null;
	legs: Leg[];
	sid: Sid;
	/** v1 `ParentCallSid`; seed 004 prints it and does not explain it. */
	parentSid: string | null;
	state: 'active' | 'ended';
	/** Exotel's own word, untouched; null where it sent none. */
	status: string | null;
	/** Exotel's own word for the direction, such as `outbound-api` or `outbound-dial`; null where it sent none. */
	directionWord: string | null;
	/** The flow the call started with (seed 001), or that sent the request (seed 002). */
	flowId: string | null;
	flowName: string | null;
	/** Exotel's ID of the ExoPhone, where it sends that instead of the number (v1 `PhoneNumberSid`). */
	exoPhoneSid: string | null;
	/** Exotel's ID of the request whose response this is (v2), for questions to Exotel's support. */
	requestId: string | null;
	api: ApiVersion;
}

/** True for an event that ends its call; an agent who becomes free ends no call. */
export function isEnd(event: CallEvent): boolean {
	return event.type === 'terminal' && event.call.state === 'ended';
}

/** True for an event about one attempt to reach one agent: it says nothing about how far the call is. */
export function isAgentEvent(event: CallEvent): event is AgentEvent {
	return event.type === 'agent-busy' || event.type === 'agent-free';
}

/** An active, outbound call of which nothing else is known: the base every reader fills in. */
export function emptyCall<Sid extends string | null>(sid: Sid, api: ApiVersion): Call<Sid> {
	return {
		outcome: null,
		reason: null,
		unansweredBy: null,
		direction: 'outbound',
		from: null,
		to: null,
		exoPhone: null,
		talkSeconds: null,
		durationSeconds: null,
		createdAt: null,
		startedAt: null,
		endedAt: null,
		updatedAt: null,
		price: null,
		recordingUrl: null,
		recordingUrls: [],
		customField: null,
		digits: null,
		customerName: null,
		callerName: null,
		forwardedFrom: null,
		agent: null,
		answeredBy: null,
		legs: [],
		sid,
		parentSid: null,
		state: 'active',
		status: null,
		directionWord: null,
		flowId: null,
		flowName: null,
		exoPhoneSid: null,
		requestId: null,
		api,
	};
}

/** What may be known of a call whose outcome is not. */
export type KnownOfCall = Partial<Pick<Call, 'from' | 'to' | 'exoPhone' | 'customField' | 'createdAt'>>;

/** The call, with what is known besides where it is blank: a short callback names nobody (seed 004). */
export function withKnown<Sid extends string | null>(call: Call<Sid>, known: KnownOfCall): Call<Sid> {
	const { from, to, exoPhone, customField } = call;
	return {
		...call,
		from: from ?? known.from ?? null,
		to: to ?? known.to ?? null,
		exoPhone: exoPhone ?? known.exoPhone ?? null,
		customField: customField ?? known.customField ?? null,
	};
}

/** The call whose outcome cannot be determined: ended, with `outcome: 'unknown'` and the reason. */
export function unknownCall<Sid extends string | null>(
	sid: Sid,
	api: ApiVersion,
	reason: OutcomeReason,
	known: KnownOfCall = {},
): Call<Sid> {
	return { ...emptyCall(sid, api), ...known, state: 'ended', outcome: 'unknown', reason };
}

/**
 * How far a call is. `dial`: it goes on, in a flow or in a way we have no word for; `ringing` and `answered`: one of
 * its two phones; `terminal`: its end.
 */
export type CallStepType = 'dial' | 'ringing' | 'answered' | 'terminal';

/** What one attempt to reach one agent means to that agent's phone (`Status` of seed 000). */
export type AgentEventType = 'agent-busy' | 'agent-free';

/** Every type of event, in the order in which hosts show them. */
export const callEventTypes = ['dial', 'ringing', 'answered', 'terminal', 'agent-busy', 'agent-free'] as const;

/** What happened. */
export type CallEventType = (typeof callEventTypes)[number];

/** The channels by which Exotel reports, in the order in which hosts show them. */
export const callbackSources = [
	'v1-callback',
	'v2-callback',
	'passthru',
	'agent-passthru',
	'call-event-passthru',
] as const;

/**
 * Which of Exotel's channels the event came from; `sweep` is our own request to Exotel's API, `response` the answer to
 * the one that placed the call (never announced: it only fills in what others leave out).
 */
export type CallEventSource = (typeof callbackSources)[number] | 'sweep' | 'response';

/** What all events have. */
interface CallEventBase {
	/**
	 * Stable: the same delivery twice gives the same id; two different events of a call never share one. The end has
	 * one id, whichever source reports it.
	 */
	id: string;
	type: CallEventType;
	/** Which leg; null when the source does not say. Always null for `terminal`, always `to` for an agent. */
	party: Party | null;
	/** ISO 8601 with offset: when it happened, by Exotel's clock where it says so, else when we received it. */
	at: string;
	source: CallEventSource;
	call: Call;
	/** Exactly what was received, decoded into an object (nested where the keys were nested). */
	raw: unknown;
}

/** A step of a call. */
export interface CallStep extends CallEventBase {
	type: CallStepType;
	/** Exotel's word for the event, in lower case; only where we have none for it, of a `dial` then. */
	step?: string;
}

/** How the flow's last attempt to reach somebody went. */
export interface PreviousAttempt {
	/** Who was dialled: E.164, SIP address, or null. */
	dialled: string | null;
	/** Exotel's word: `completed`, `busy`, `no-answer`, `failed`, `canceled`, or one it may add. */
	status: string | null;
	/** From dialling to the end, ringing included. */
	durationSeconds: number | null;
}

/** A Passthru of a flow (seed 002), with what is said there besides the call. */
export interface PassthruEvent extends CallStep {
	source: 'passthru';
	/**
	 * Exotel's word for how far the flow came: `call-attempt`, `completed`, `client-hangup`, `incomplete`, `voicemail`.
	 */
	callType: string | null;
	/** Null when nothing was dialled before. */
	previousAttempt: PreviousAttempt | null;
}

/**
 * A step of one attempt to reach one agent (seed 000, seed 003). The call goes on beside it: several agents may be
 * tried, one after the other or at the same time. `at` is Exotel's `CurrentTime`.
 */
export interface AgentEvent extends CallEventBase {
	type: AgentEventType;
	source: 'agent-passthru' | 'call-event-passthru';
	/** Number or SIP address of the agent (`DialWhomNumber`; `to` of seed 003); null when Exotel does not say it. */
	agentNumber: string | null;
	/** `busy`: the agent is being called or talks; `free`: this attempt is over, whatever came of it. */
	agentStatus: 'busy' | 'free';
	/**
	 * The step of the attempt: `dial`, `ringing`, `answered`, `terminal` or a word Exotel adds, in lower case; null
	 * from the older form, which has no `EventType`.
	 */
	agentStep: string | null;
}

/** One thing that happened to a call. */
export type CallEvent = CallStep | PassthruEvent | AgentEvent;
