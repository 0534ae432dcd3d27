/** Where a call is within its flow: what the next applet request reports. */
import type { Applet } from './flow';
import type { AppletRequest } from './applet-request';
import type { Call, LegEndStatus } from './call';

/** Kinds of call as applet requests name them (seed 002). */
export type CallType = 'call-attempt' | 'completed' | 'client-hangup' | 'incomplete' | 'voicemail';

/** What the last Connect applet came to. */
export interface Dialled {
	/** Words of seed 002. */
	status: LegEndStatus;
	/** The last agent rung. */
	number: string;
	/** Seconds from dialling the agent to the end, ringing included. */
	seconds: number;
	/** Seconds of conversation. */
	talkSeconds: number;
}

/** What a Switch Case looks at: the last answer of a synchronous Passthru. */
export interface PassthruAnswer {
	request: AppletRequest;
	/** The `select` of the answer; null if it has none. */
	select: string | null;
}

/** Where a flow goes on after an applet: a branch, nowhere, or – null – the next applet in order. */
export type Next = { branch: string; applets: Applet[] } | 'end' | null;

/** The branch, or the next applet in order where it is not set. */
export function branchTo(branch: string, applets: Applet[] | undefined): Next {
	return applets === undefined ? null : { branch, applets };
}

/** A call on its way through a flow. */
export interface FlowRun {
	call: Call;
	flowId: string;
	callType: CallType;
	dialled: Dialled | null;
	/** True if the last Connect applet reached nobody, whatever came after it. */
	reachedNobody: boolean;
	/** The ExoPhone that agents see, where an answer chose one; null = the one of the call. */
	outgoingNumber: string | null;
	/** Of the Gather before this applet; null if there was none. */
	digits: string | null;
	/** What the caller will press, one entry per prompt. */
	digitsToCome: string[];
	/** Null until a synchronous Passthru was answered with 200. */
	passthruAnswer: PassthruAnswer | null;
	/** The caller has hung up; only applets that need no caller still run. */
	callerGone: boolean;
}

/** The start of a flow. */
export function newRun(call: Call, digitsToCome: string[]): FlowRun {
	return {
		call,
		flowId: call.flowId ?? '',
		callType: 'call-attempt',
		dialled: null,
		reachedNobody: false,
		outgoingNumber: null,
		digits: null,
		digitsToCome,
		passthruAnswer: null,
		callerGone: false,
	};
}
