/** What a phone does that is rung, as the outcome table says: the one rule for legs rung alone and together. */
import { GIVE_UP_SECONDS, outcomeOf } from '../model/outcomes';

/** How a leg ends that nobody answers. */
export type Unanswered = 'busy' | 'failed' | 'canceled' | 'no-answer';

/** A phone that rings for so many seconds; with `ends: null` it is answered then. Or one that never rings. */
export type Course =
	| { rings: true; ringingSeconds: number; ends: Unanswered | null }
	| { rings: false; ringingSeconds: 0; ends: Unanswered };

/** The course of this number; `limitSeconds`: how long it may ring. */
export function courseOf(number: string, limitSeconds: number): Course {
	const { leg, ringSeconds } = outcomeOf(number);
	const inVain: Course = { rings: true, ringingSeconds: limitSeconds, ends: 'no-answer' };
	switch (leg) {
		case 'busy':
		case 'failed':
			return { rings: false, ringingSeconds: 0, ends: leg };
		case 'answers':
			return ringSeconds <= limitSeconds ? { rings: true, ringingSeconds: ringSeconds, ends: null } : inVain;
		case 'canceled':
			return GIVE_UP_SECONDS < limitSeconds
				? { rings: true, ringingSeconds: GIVE_UP_SECONDS, ends: 'canceled' }
				: inVain;
		case 'no-answer':
			return inVain;
	}
}
