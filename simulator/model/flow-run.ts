/** Where a call is within its flow: what the next applet request reports. */
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

/** A call on its way through a flow. */
export interface FlowRun {
	call: Call;
	flowId: string;
	callType: CallType;
	dialled: Dialled | null;
	/** The ExoPhone that agents see, where an answer chose one; null = the one of the call. */
	outgoingNumber: string | null;
	/** Of the Gather before this applet; null if there was none. */
	digits: string | null;
	/** What the caller will press, one entry per Gather. */
	digitsToCome: string[];
	/** The caller has hung up; only Passthru applets still run. */
	callerGone: boolean;
}

/** The start of a flow. */
export function newRun(call: Call, digitsToCome: string[]): FlowRun {
	return {
		call,
		flowId: call.flowId ?? '',
		callType: 'call-attempt',
		dialled: null,
		outgoingNumber: null,
		digits: null,
		digitsToCome,
		callerGone: false,
	};
}
