/**
 * What a caller pressed or recorded. Exotel tells it in the request of a Passthru and nowhere else (seed 002), so it is
 * passed on however late it comes: a flow may ask its caller something after an attempt to dial, which is told as an
 * end, or after the conversation.
 */
import type { Call, CallEvent } from './call';
import { flowEventId } from './event-id';

/**
 * The progress that a Passthru tells with what the caller pressed or recorded, also one that tells an end; null for any
 * other event.
 */
export function callerInput(event: CallEvent): CallEvent | null {
	if (event.source !== 'passthru' || !('callType' in event)) return null;
	const { sid, to, digits, recordingUrl, updatedAt } = event.call;
	if (digits === null && recordingUrl === null) return null;
	if (event.type === 'dial') return event;
	const facts = [event.callType, to, digits, recordingUrl];
	return { ...event, type: 'dial', id: flowEventId(sid, { type: 'dial', facts, at: updatedAt ?? '-' }) };
}

/** What the caller pressed or recorded as one request says it, whatever was known before; blank fields are absent. */
export function ownInput(input: CallEvent | null): Partial<Pick<Call, 'digits' | 'recordingUrl' | 'recordingUrls'>> {
	if (input === null) return {};
	const { digits, recordingUrl, recordingUrls } = input.call;
	return {
		...(digits === null ? {} : { digits }),
		...(recordingUrl === null ? {} : { recordingUrl, recordingUrls }),
	};
}
