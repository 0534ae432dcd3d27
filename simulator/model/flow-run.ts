/** Where a call is within its flow: what the next applet's question has to tell. */
import type { Call } from './call';

/** Kinds of call as applet questions name them (seed 002). */
export type CallType = 'call-attempt' | 'completed' | 'client-hangup' | 'incomplete' | 'voicemail';

/** What the last Connect applet came to. */
export interface Dialled {
	/** completed, busy, no-answer, failed, canceled (seed 002) */
	status: string;
	/** the last agent rung */
	number: string;
	/** seconds from dialling the agent to the end, ringing included */
	seconds: number;
	/** seconds of conversation */
	talkSeconds: number;
}

/** A call on its way through a flow. */
export interface FlowRun {
	call: Call;
	flowId: string;
	callType: CallType;
	dialled: Dialled | null;
	/** of the Gather before this applet; null if there was none */
	digits: string | null;
	/** what the caller is going to press, one entry per Gather */
	digitsToCome: string[];
	/** the caller has hung up; only Passthru applets still run */
	callerGone: boolean;
}

/** The start of a flow. */
export function newRun(call: Call, digitsToCome: string[]): FlowRun {
	return {
		call,
		flowId: call.flowId ?? '',
		callType: 'call-attempt',
		dialled: null,
		digits: null,
		digitsToCome,
		callerGone: false,
	};
}
