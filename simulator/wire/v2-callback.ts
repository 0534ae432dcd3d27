/** The v2 (CCM) status callback: always JSON, one URL per event, the whole call record inside (seed 001). */
import { v2Record } from './v2-record';
import type { Call } from '../model/call';
import type { Message } from '../model/delivery';

/** The message for an event, or null if nobody subscribed to it. v2 knows `answered` and `terminal` only. */
export function v2StatusCallback(baseUrl: string, call: Call, event: string): Message | null {
	const subscription = call.eventCallbacks.find((candidate) => candidate.event === event);
	if (!subscription) return null;
	const body = JSON.stringify({ event_details: { event_type: event }, call_details: v2Record(baseUrl, call) });
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
