/**
 * What a call flow says about its call whenever it comes to one of our URLs: Connect, Passthru and the agent pop-up
 * share these query parameters (facts 7.1, 7.3, 7.4; seed 000 and 002). The call is still running then; how its dialled
 * leg ended is in `DialCallStatus` and `CallType`, beside the call.
 */
import type { Account } from '../account';
import type { Agent, Call, Leg } from '../call/call';
import { unansweredOutcome, type Verdict } from '../call/outcome';
import { readDirection } from '../call/record-v1';
import { amount, asPayload, items, lowerText, type Payload, text } from '../call/values';
import { normalisePhone } from '../phone';
import { readTime } from '../time';
import { readCallId } from './status-callback';

const MOST_LEGS = 10;

/** The agent a flow dialled, known only by number or SIP address; null when none was dialled. */
export function dialledAgent(contact: unknown, defaultCountry: string): Agent | null {
	const number = normalisePhone(contact, defaultCountry);
	return number === null ? null : { id: null, name: null, contact: number, groupId: null, groupName: null };
}

/** Legs of a flow request are the ones the flow dialled, so all of them belong to the second party (facts 9.2, 9.4). */
function readDialledLegs(written: unknown): Leg[] {
	return items(written)
		.slice(0, MOST_LEGS)
		.map((item) => {
			const leg = asPayload(item) ?? {};
			const insights = asPayload(leg['Insights']) ?? {};
			return {
				party: 'to',
				status: text(leg['Status']) ?? text(insights['Status']),
				onCallSeconds: amount(leg['OnCallDuration']),
				ringingSeconds: amount(leg['RingingDuration']) ?? amount(insights['RingingDuration']),
				answeredBy: lowerText(leg['AnsweredBy']),
			};
		});
}

/** Seconds on call of all dialled legs; `DialCallDuration` is no talk time, it includes the ringing (facts 9.2). */
function talkOf(legs: readonly Leg[]): number | null {
	const spoken = legs.filter((leg) => leg.onCallSeconds !== null);
	return spoken.length === 0 ? null : spoken.reduce((sum, leg) => sum + (leg.onCallSeconds as number), 0);
}

/**
 * The running call of a flow request. `From` is the caller of a call that came in and the first leg of one that was
 * placed; the ExoPhone is what the caller dialled. Throws `input` when the request names no call.
 */
export function readFlowCall(fields: Payload, account: Account, api: Call['api']): Call {
	const { timeZone, defaultCountry } = account;
	const phone = (written: unknown): string | null => normalisePhone(written, defaultCountry);
	const direction = readDirection(fields['Direction']);
	const from = phone(fields['From']) ?? phone(fields['CallFrom']);
	const to = phone(fields['To']) ?? phone(fields['CallTo']);
	const dialledExoPhone = phone(fields['CallTo']) ?? to;
	const legs = readDialledLegs(fields['Legs']);
	return {
		sid: readCallId(fields['CallSid']),
		api,
		direction,
		state: 'active',
		status: text(fields['CallStatus']),
		outcome: null,
		unansweredBy: null,
		from,
		to,
		exoPhone: direction === 'inbound' ? dialledExoPhone : phone(fields['OutgoingPhoneNumber']),
		createdAt: readTime(fields['Created'], timeZone),
		startedAt: readTime(fields['StartTime'], timeZone),
		// The constant 1970-01-01 05:30:00 while the flow runs (facts 7.1).
		endedAt: readTime(fields['EndTime'], timeZone),
		updatedAt: readTime(fields['CurrentTime'], timeZone),
		durationSeconds: null,
		talkSeconds: talkOf(legs),
		price: null,
		recordingUrl: text(fields['RecordingUrl']),
		customField: text(fields['CustomField']),
		legs,
		agent: dialledAgent(fields['DialWhomNumber'], defaultCountry),
	};
}

/** Exotel's word for how the dialled leg ended, on its own or among the insights (facts 9.4). */
export function readDialStatus(fields: Payload): string | null {
	return text(fields['DialCallStatus']) ?? text(asPayload(fields['Insights'])?.['DialCallStatus']);
}

/**
 * How the dialled leg ended, out of `DialCallStatus` or else `CallType` (facts 7.1, 9.3); null when nothing was dialled
 * yet.
 */
export function readDialVerdict(fields: Payload): Verdict | null {
	const dial = readDialStatus(fields)?.toLowerCase() ?? null;
	if (dial === 'completed') return { outcome: 'answered', unansweredBy: null };
	const unanswered = unansweredOutcome(dial);
	if (unanswered !== null) return { outcome: unanswered, unansweredBy: 'to' };
	switch (lowerText(fields['CallType'])) {
		case 'completed':
			return { outcome: 'answered', unansweredBy: null };
		case 'client-hangup':
			return { outcome: 'canceled', unansweredBy: 'to' };
		case 'incomplete':
		case 'voicemail':
			return { outcome: 'no-answer', unansweredBy: 'to' };
		default:
			return null;
	}
}
