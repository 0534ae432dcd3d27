/**
 * What a call flow says about its call whenever it requests one of our URLs: Connect, Passthru and the agent
 * pass-through share these query parameters (facts 7.1, 7.3, 7.4; seed 000 and 002). The call is still running then;
 * how its dialled leg ended is in `DialCallStatus` and `CallType`, beside the call.
 */
import type { Account } from '../account';
import { emptyCall, type Agent, type ApiVersion, type Call, type Leg, type PreviousAttempt } from '../call/call';
import { unansweredOutcome, type CallOutcome } from '../call/outcome';
import { readDirection } from '../call/record-v1';
import { amount, asPayload, items, lowerText, ownText, type Payload, text, withoutTrailing } from '../payload';
import { normalisePhone } from '../phone';
import { readTime } from '../time';
import { readCallSid } from './incoming';

/** More legs than any call has; a longer list is cut. */
export const MAX_LEGS = 10;

/** The agent a flow dialled, known only by number or SIP address; null when none was dialled. */
export function dialledAgent(contact: unknown, defaultCountry: string): Agent | null {
	const number = normalisePhone(contact, defaultCountry);
	return number === null ? null : { id: null, name: null, contact: number, groupId: null, groupName: null };
}

/** Legs of a flow request are the ones the flow dialled, so all of them belong to the second party (facts 9.2, 9.4). */
function readDialledLegs(legs: unknown): Leg[] {
	return items(legs)
		.slice(0, MAX_LEGS)
		.map((item) => {
			const leg = asPayload(item) ?? {};
			const insights = asPayload(leg.Insights) ?? {};
			return {
				party: 'to',
				status: text(leg.Status) ?? text(insights.Status),
				onCallSeconds: amount(leg.OnCallDuration),
				ringingSeconds: amount(leg.RingingDuration) ?? amount(insights.RingingDuration),
				answeredBy: lowerText(leg.AnsweredBy),
			};
		});
}

/** Seconds on call of all dialled legs; `DialCallDuration` is not talk time, it includes the ringing (facts 9.2). */
function talkSecondsOf(legs: readonly Leg[]): number | null {
	const durations = legs.flatMap(({ onCallSeconds }) => (onCallSeconds === null ? [] : [onCallSeconds]));
	return durations.length === 0 ? null : durations.reduce((sum, seconds) => sum + seconds, 0);
}

/** `"89"` → `89`: Exotel sends pressed keys in literal double quotes (facts 7.1). */
function readDigits(value: unknown): string | null {
	const digits = text(value);
	return digits === null ? null : text(withoutTrailing('"', digits.replace(/^"+/, '')));
}

/**
 * The running call of a flow request. `From` is the caller of a call that came in and the first leg of one that was
 * placed; the ExoPhone is what the caller dialled.
 * @throws ExotelError of kind `input` when the request names no call.
 */
export function readFlowCall(fields: Payload, account: Account, api: ApiVersion): Call {
	const { timeZone, defaultCountry } = account;
	const phone = (value: unknown): string | null => normalisePhone(value, defaultCountry);
	const direction = readDirection(fields.Direction);
	const to = phone(fields.To) ?? phone(fields.CallTo);
	const legs = readDialledLegs(fields.Legs);
	const recordingUrl = text(fields.RecordingUrl);
	return {
		...emptyCall(readCallSid(fields.CallSid), api),
		direction,
		status: text(fields.CallStatus),
		from: phone(fields.From) ?? phone(fields.CallFrom),
		to,
		exoPhone: direction === 'inbound' ? (phone(fields.CallTo) ?? to) : phone(fields.OutgoingPhoneNumber),
		createdAt: readTime(fields.Created, timeZone),
		startedAt: readTime(fields.StartTime, timeZone),
		// The constant 1970-01-01 05:30:00 while the flow runs (facts 7.1).
		endedAt: readTime(fields.EndTime, timeZone),
		updatedAt: readTime(fields.CurrentTime, timeZone),
		talkSeconds: talkSecondsOf(legs),
		recordingUrl,
		recordingUrls: recordingUrl === null ? [] : [recordingUrl],
		customField: ownText(fields.CustomField),
		digits: readDigits(fields.digits),
		directionWord: text(fields.Direction),
		flowId: text(fields.flow_id),
		legs,
		agent: dialledAgent(fields.DialWhomNumber, defaultCountry),
	};
}

/** Exotel's word for how the dialled leg ended, on its own or among the insights (facts 9.4). */
export function readDialStatus(fields: Payload): string | null {
	return text(fields.DialCallStatus) ?? text(asPayload(fields.Insights)?.DialCallStatus);
}

/**
 * What `CallType` says about the dialled leg when `DialCallStatus` says nothing (facts 7.1, 9.3). A flow may take a
 * message without having dialled anybody (seed 002): that is no end.
 */
const outcomeByCallType: Partial<Record<string, CallOutcome>> = {
	completed: { outcome: 'answered', unansweredBy: null, reason: null },
	'client-hangup': { outcome: 'canceled', unansweredBy: 'to', reason: null },
	incomplete: { outcome: 'no-answer', unansweredBy: 'to', reason: null },
	voicemail: { outcome: 'no-answer', unansweredBy: 'to', reason: null },
};

/**
 * How the dialled leg ended, out of `DialCallStatus` or else `CallType`; null when nothing was dialled yet. Where
 * `CallType` says that a conversation happened (seed 002), the flow dialled another number after it that was not
 * answered.
 */
export function readDialOutcome(fields: Payload): CallOutcome | null {
	const dialStatus = readDialStatus(fields)?.toLowerCase() ?? null;
	const callType = lowerText(fields.CallType) ?? '';
	if (dialStatus === 'completed') return { outcome: 'answered', unansweredBy: null, reason: null };
	const outcome = unansweredOutcome(dialStatus);
	if (outcome !== null && callType !== 'completed') return { outcome, unansweredBy: 'to', reason: null };
	if (callType === 'voicemail' && dialStatus === null && text(fields.DialWhomNumber) === null) return null;
	return Object.hasOwn(outcomeByCallType, callType) ? (outcomeByCallType[callType] ?? null) : null;
}

/**
 * How the flow's last attempt went; null when nothing was dialled. `DialCallDuration` includes the ringing (facts 9.2).
 */
export function readPreviousAttempt(fields: Payload, account: Account): PreviousAttempt | null {
	const status = readDialStatus(fields);
	const dialled = normalisePhone(fields.DialWhomNumber, account.defaultCountry);
	if (status === null && dialled === null) return null;
	return { dialled, status, durationSeconds: amount(fields.DialCallDuration) };
}
