/** What the simulator sent to somebody else's server, attempt by attempt, and what came back. */
export type DeliveryKind = 'status-callback' | 'agent-passthru' | 'call-event' | 'passthru';

/** One attempt to deliver a message. */
export interface Delivery {
	/** number of the message within its call, from 1; repeated attempts and duplicates share it */
	id: number;
	kind: DeliveryKind;
	/** terminal, answered, ringing, dial, or the applet's name */
	event: string;
	/** epoch milliseconds of simulated time at which it was sent */
	at: number;
	method: string;
	url: string;
	headers: Record<string, string>;
	contentType: string | null;
	body: string | null;
	/** from 1 */
	attempt: number;
	/** true for the extra copies that number 07 or the chaos switch `duplicate` cause */
	duplicate: boolean;
	/** HTTP status of the answer; null while it is under way or when there was none */
	status: number | null;
	/** real milliseconds until the answer */
	ms: number | null;
	error: string | null;
	answer: { contentType: string | null; body: string } | null;
	/** simulated time of the next attempt, if there will be one */
	retryAt: number | null;
}

/** Deliveries remembered per call. */
export const DELIVERY_LIMIT = 200;
