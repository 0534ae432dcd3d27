/**
 * A simulated call: two legs, what happened when, what was sent to whom. API answers,
 * callbacks and the page are all views of this record.
 */
import type { Agent } from './account';
import type { Delivery, Message, WaitingMessage } from './delivery';
import type { AppletRequest } from './applet-request';

/** `from` is the leg dialled first (or the caller), `to` the other. */
export type Party = 'from' | 'to';
/** Status words of a leg, facts 3.2. */
export type LegStatus = 'in-progress' | 'completed' | 'busy' | 'failed' | 'no-answer' | 'canceled';
/** How a leg ended. */
export type LegEndStatus = Exclude<LegStatus, 'in-progress'>;
/** How a call ended, in the control API's words. */
export type CallOutcome = 'answered' | 'no-answer' | 'busy' | 'failed' | 'canceled';

/** One side of a call. Times are epoch milliseconds of simulated time. */
export interface Leg {
	party: Party;
	/** As dialled. */
	number: string;
	/** Null = never dialled. */
	status: LegStatus | null;
	dialledAt: number | null;
	ringingAt: number | null;
	answeredAt: number | null;
	endedAt: number | null;
	/** Whole seconds from answer to end; null while unknown. */
	onCallSeconds: number | null;
	ringingSeconds: number;
	/** The operator reported no ringing: callbacks then say RingingDuration 0 (seed 000). */
	ringingUnreported: boolean;
}

/** One moment of the timeline. `at` is epoch milliseconds of simulated time. */
export interface Moment {
	at: number;
	type: string;
	party: Party | null;
	/** A line for people. */
	detail?: string;
}

/** Where a v1 call reports to. */
export interface StatusCallback {
	url: string;
	events: string[];
	contentType: 'multipart/form-data' | 'application/json';
}

/** An announcement at the start of the conversation (`StartPlaybackTo`, `StartPlaybackValue`). */
export interface StartPlayback {
	to: 'callee' | 'both';
	url: string;
}

/** A call. Times are epoch milliseconds of simulated time. */
export interface Call {
	readonly sid: string;
	readonly accountSid: string;
	readonly api: 'v1' | 'v2';
	/** What was requested: two numbers, a number into a flow, a stream to a bot, an agent call, or an incoming call. */
	readonly kind: 'numbers' | 'flow' | 'stream' | 'agent' | 'inbound';
	direction: 'outbound-api' | 'inbound';
	from: string;
	/** For flows: the ExoPhone until an agent was connected. */
	to: string;
	exoPhone: string;
	flowId: string | null;
	createdAt: number;
	startedAt: number;
	endedAt: number | null;
	updatedAt: number;
	status: string;
	outcome: CallOutcome | null;
	legs: [Leg, Leg];
	conversationSeconds: number | null;
	record: boolean;
	recordingChannels: 'single' | 'dual';
	/** Of messages the caller left. */
	voicemailSeconds: number;
	customField: string | null;
	timeLimitSeconds: number;
	ringLimitSeconds: number;
	/** Played to the first party while the second is rung (`WaitUrl`). */
	waitUrl: string | null;
	/** Played when both are on the line. */
	startPlayback: StartPlayback | null;
	statusCallback: StatusCallback | null;
	/** v2: one entry per event. */
	eventCallbacks: { event: string; url: string }[];
	agent: Agent | null;
	/** An agent API (v2) call, or one that ran a Connect applet of version 1.1: the v2 API knows it. */
	ccm: boolean;
	/** Digits pressed, one entry per applet. */
	digits: string[];
	timeline: Moment[];
	deliveries: Delivery[];
	/** What is to be sent later or waits for its turn. */
	outbox: WaitingMessage[];
	/** Callbacks held back until the end of the call, to be sent in reverse order. */
	heldBack: Message[];
	appletRequests: AppletRequest[];
	/** Accepted spellings and omissions the documentation does not have. */
	flags: string[];
	/** What the caller hears, in order. */
	heard: { at: number; line: string }[];
	/** Simulated time this call has reached; exact whatever the load of the machine. */
	time: number;
}

/** What is known when a call begins. */
export interface CallStart {
	sid: string;
	accountSid: string;
	api: Call['api'];
	kind: Call['kind'];
	from: string;
	to: string;
	exoPhone: string;
	createdAt: number;
	flowId?: string | null;
	customField?: string | null;
	record?: boolean;
	recordingChannels?: Call['recordingChannels'];
	timeLimitSeconds?: number;
	ringLimitSeconds?: number;
	waitUrl?: string | null;
	startPlayback?: StartPlayback | null;
	statusCallback?: StatusCallback | null;
	eventCallbacks?: Call['eventCallbacks'];
	agent?: Agent | null;
	flags?: string[];
}

/** Ring time of a leg when the request names none (facts 2.1, one source only). */
const DEFAULT_RING_SECONDS = 30;
/** Longest call, seed 004. */
export const MAX_CALL_SECONDS = 14_400;

/** A call that has just been requested: nothing is dialled yet. */
export function newCall(start: CallStart): Call {
	return {
		sid: start.sid,
		accountSid: start.accountSid,
		api: start.api,
		kind: start.kind,
		direction: start.kind === 'inbound' ? 'inbound' : 'outbound-api',
		from: start.from,
		to: start.to,
		exoPhone: start.exoPhone,
		flowId: start.flowId ?? null,
		createdAt: start.createdAt,
		startedAt: start.createdAt,
		endedAt: null,
		updatedAt: start.createdAt,
		status: 'in-progress',
		outcome: null,
		legs: [newLeg('from', start.from), newLeg('to', start.to)],
		conversationSeconds: null,
		record: start.record ?? false,
		recordingChannels: start.recordingChannels ?? 'single',
		voicemailSeconds: 0,
		customField: start.customField ?? null,
		timeLimitSeconds: start.timeLimitSeconds ?? MAX_CALL_SECONDS,
		ringLimitSeconds: start.ringLimitSeconds ?? DEFAULT_RING_SECONDS,
		waitUrl: start.waitUrl ?? null,
		startPlayback: start.startPlayback ?? null,
		statusCallback: start.statusCallback ?? null,
		eventCallbacks: start.eventCallbacks ?? [],
		agent: start.agent ?? null,
		ccm: start.api === 'v2',
		digits: [],
		timeline: [],
		deliveries: [],
		outbox: [],
		heldBack: [],
		appletRequests: [],
		flags: start.flags ?? [],
		heard: [],
		time: start.createdAt,
	};
}

/** A leg that has not been dialled. */
export function newLeg(party: Party, number: string): Leg {
	return {
		party,
		number,
		status: null,
		dialledAt: null,
		ringingAt: null,
		answeredAt: null,
		endedAt: null,
		onCallSeconds: null,
		ringingSeconds: 0,
		ringingUnreported: false,
	};
}

/** Moments a call may collect; an endless flow is cut here. */
const MAX_MOMENTS = 500;

/** Records a moment at the time the call has reached. */
export function note(call: Call, type: string, party: Party | null, detail?: string): void {
	if (call.timeline.length >= MAX_MOMENTS) return;
	call.timeline.push(detail === undefined ? { at: call.time, type, party } : { at: call.time, type, party, detail });
}

/** Records what the caller hears. */
export function noteHeard(call: Call, line: string): void {
	if (call.heard.length < MAX_MOMENTS) call.heard.push({ at: call.time, line });
}

/** Whole seconds between two moments. */
export function seconds(from: number, to: number): number {
	return Math.max(0, Math.floor(to / 1000) - Math.floor(from / 1000));
}

/** Seconds of the recording: the conversation, if it was to be recorded, and what the caller left as a message. */
export function recordedSeconds(call: Call): number {
	return (call.record ? (call.conversationSeconds ?? 0) : 0) + call.voicemailSeconds;
}

/** The call is over and something was recorded. */
export function hasRecording(call: Call): boolean {
	return recordedSeconds(call) > 0 && call.endedAt !== null;
}

/**
 * v1 charge: 0.75 per started minute and answered leg, three decimals – an invented tariff in the shape of seed 004.
 */
export function price(call: Call): string {
	const minutes = call.legs.reduce((sum, leg) => sum + Math.ceil((leg.onCallSeconds ?? 0) / 60), 0);
	return (minutes * 0.75).toFixed(3);
}
