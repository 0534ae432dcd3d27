/** The v2 (CCM) status callback: always JSON, one URL per event, the whole call record inside (seed 001). */
import { v2Record } from './v2-record';
import type { Call } from '../model/call';
import type { Exchange } from '../engine/simulation';
import type { Message } from '../engine/deliveries';

/** The message for an event, or null if nobody subscribed to it. v2 knows `answered` and `terminal` only. */
export function v2Message(exchange: Exchange, call: Call, event: string): Message | null {
	const subscription = call.eventCallbacks.find((candidate) => candidate.event === event);
	if (!subscription) return null;
	const body = JSON.stringify({ event_details: { event_type: event }, call_details: v2Record(exchange, call) });
	return {
		kind: 'status-callback',
		event,
		method: 'POST',
		url: subscription.url,
		headers: { 'Content-Type': 'application/json', Accept: '*/*' },
		contentType: 'application/json',
		body,
	};
}
