/** What goes out when nobody knows how, or whether, a call went. */
import type { Call } from '../../exotel/index';

/** The payload of a call nobody knows the end of: the call's shape with `outcome: 'unknown'`. */
export function unknownCall(
	known: Partial<Pick<Call, 'api' | 'from' | 'to' | 'exoPhone' | 'customField'>> & { sid?: string | null },
): Record<string, unknown> {
	return {
		sid: null,
		api: 'v1',
		direction: 'outbound',
		state: 'unknown',
		status: null,
		unansweredBy: null,
		from: null,
		to: null,
		exoPhone: null,
		createdAt: null,
		startedAt: null,
		endedAt: null,
		updatedAt: null,
		durationSeconds: null,
		talkSeconds: null,
		price: null,
		recordingUrl: null,
		customField: null,
		legs: [],
		agent: null,
		...known,
		outcome: 'unknown',
	};
}
