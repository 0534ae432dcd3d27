/** What the control API and `Simulator.calls()` / `call()` return about calls: plain JSON, times in ISO 8601. */
import type { AppletRequest } from '../../model/applet-request';
import type { Call, CallOutcome, Leg, Moment, StatusCallback } from '../../model/call';
import type { Delivery } from '../../model/delivery';

/** How far a running call has got; null once it is over. */
export type CallStage = 'dialling' | 'ringing' | 'on-the-line' | 'talking' | null;

/** One row of the list. */
export interface CallRow {
	sid: string;
	account: string;
	api: Call['api'];
	kind: Call['kind'];
	direction: 'inbound' | 'outbound';
	from: string;
	to: string;
	exoPhone: string;
	/** Id of the flow; null if there is none. */
	flow: string | null;
	state: 'active' | 'ended';
	stage: CallStage;
	/** Exotel's own word. */
	status: string;
	/** Null while active. */
	outcome: CallOutcome | null;
	createdAt: string;
	endedAt: string | null;
	talkSeconds: number | null;
	/** Attempts so far. */
	deliveries: number;
	failedDeliveries: number;
	/** Accepted spellings and omissions the documentation does not have. */
	flags: string[];
}

/** One leg with its times. */
export interface LegView extends Pick<Leg, 'party' | 'number' | 'status' | 'ringingSeconds' | 'onCallSeconds'> {
	dialledAt: string | null;
	ringingAt: string | null;
	answeredAt: string | null;
	endedAt: string | null;
}

/** One attempt of a delivery. */
export interface DeliveryView extends Omit<Delivery, 'at' | 'retryAt'> {
	at: string;
	retryAt: string | null;
}

/** A call's recording. */
export interface RecordingView {
	url: string;
	readyAt: string;
	ready: boolean;
	/** Needs no credentials. */
	listenUrl: string;
}

/** Everything about one call. */
export interface CallView {
	call: Omit<CallRow, 'deliveries'> & {
		startedAt: string;
		updatedAt: string;
		legs: LegView[];
		customField: string | null;
		digits: string[];
		agent: { id: string; name: string | null; contact: string } | null;
		recording: RecordingView | null;
		statusCallback: StatusCallback | { event: string; url: string }[] | null;
	};
	/** `second` counts from the creation of the call. */
	timeline: (Omit<Moment, 'at'> & { at: string; second: number })[];
	deliveries: DeliveryView[];
	questions: (Omit<AppletRequest, 'at'> & { at: string })[];
	heard: { at: string; line: string }[];
}
