/** What the simulator sends to the servers of its users, attempt by attempt, and what came back. */

/** Kinds of messages. */
export type DeliveryKind = 'status-callback' | 'agent-passthru' | 'call-event' | 'passthru';

/** A message to be delivered. */
export interface Message {
	kind: DeliveryKind;
	/** Terminal, answered, ringing, dial, or the applet's name. */
	event: string;
	method: string;
	url: string;
	headers: Record<string, string>;
	contentType: string | null;
	body: string | null;
}

/** A message whose first attempt is still to come. */
export interface WaitingMessage {
	message: Message;
	/** Null until it has been given out. */
	id: number | null;
	duplicate: boolean;
	/** Simulated time at which it is to be sent. */
	dueAt: number;
}

/** One attempt to deliver a message. */
export interface Delivery extends Message {
	/** Number of the message within its call, from 1; repeated attempts and duplicates share it. */
	id: number;
	/** Epoch milliseconds of simulated time at which it was sent. */
	at: number;
	/** From 1. */
	attempt: number;
	/** True for the extra copies that number 07 or the chaos switch `duplicate` cause. */
	duplicate: boolean;
	/** HTTP status of the answer; null while it is under way or when there was none. */
	status: number | null;
	/** Real milliseconds until the answer. */
	ms: number | null;
	error: string | null;
	answer: { contentType: string | null; body: string } | null;
	/** Simulated time of the next attempt, if there will be one. */
	retryAt: number | null;
}

/** Deliveries remembered per call. */
export const MAX_DELIVERIES = 200;
