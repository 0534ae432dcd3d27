/**
 * Reads the status callbacks of API calls: v1 (default four fields or extended, seed 000 and 004, facts 6.2) and v2/v3
 * (seed 001, facts 6.3). An `answered` or `ringing` event names no leg: the legs' states tell which. The call's own
 * `Status` and talk time are believed only at the end; the samples of seed 000 carry `no-answer` in an answered event.
 */
import type { Account } from '../account';
import type { Call, CallEvent, CallEventType, Leg, Party } from '../call/call';
import { endId, stepId } from '../call/event-id';
import { isActiveWord, judge } from '../call/outcome';
import { readDirection } from '../call/record-v1';
import { callFromV2 } from '../call/record-v2';
import { amount, asPayload, items, lowerText, type Payload, secondsBetween, text } from '../call/values';
import { normalisePhone } from '../phone';
import { readTime, toIso } from '../time';
import { unreadable } from './incoming';

/** More legs than any call has; a longer list is cut. */
const MOST_LEGS = 10;
const CALL_ID = /^[\w-]{1,64}$/;
const TYPES: readonly string[] = ['dial', 'ringing', 'answered', 'terminal'];

/** The call's id. Throws `input` when it is missing or an unfilled template such as `{{CallSid}}`. */
export function readCallId(written: unknown): string {
	const sid = text(written);
	if (sid === null) throw unreadable('it names no call (CallSid is missing)');
	if (!CALL_ID.test(sid)) throw unreadable('its call id is no call id');
	return sid;
}

/**
 * Exotel's word for an event, e.g. `" Dial"`, as ours. A word nobody knows is the weakest event there is, `dial`, so
 * that it is passed on without moving the call.
 */
export function readEventType(word: string): CallEventType {
	return TYPES.includes(word) ? (word as CallEventType) : 'dial';
}

function readLegs(written: unknown): Leg[] {
	const list = items(written);
	const legs: Leg[] = [];
	for (let index = 0; index < list.length && index < MOST_LEGS; index++) {
		const leg = asPayload(list[index]);
		legs.push({
			party: index === 0 ? 'from' : 'to',
			status: leg === null ? null : text(leg['Status']),
			onCallSeconds: leg === null ? null : amount(leg['OnCallDuration']),
			ringingSeconds: leg === null ? null : amount(leg['RingingDuration']),
			answeredBy: leg === null ? null : lowerText(leg['AnsweredBy']),
		});
	}
	return legs;
}

/** Which leg an event is about: the second, as soon as it has a state that fits; null when no legs were sent. */
function partyOf(type: CallEventType, legs: readonly Leg[]): Party | null {
	if (legs.length === 0 || type === 'terminal') return null;
	const second = legs[1]?.status?.toLowerCase() ?? null;
	if (type !== 'answered') return second === null ? 'from' : 'to';
	return second === 'in-progress' || second === 'completed' ? 'to' : 'from';
}

/** The event a v1 status callback tells. Throws `input` when it names no call. */
export function readV1Callback(fields: Payload, account: Account, receivedAt: number): CallEvent {
	const { timeZone, defaultCountry } = account;
	const sid = readCallId(fields['CallSid']);
	const word = lowerText(fields['EventType']);
	const status = text(fields['Status']);
	// Without an event type it is the one callback at the end (facts 6.1), unless it says itself that the call is
	// running.
	const type = word === null ? (isActiveWord(status) ? 'dial' : 'terminal') : readEventType(word);
	const ended = type === 'terminal';
	const direction = readDirection(fields['Direction']);
	const legs = readLegs(fields['Legs']);
	const talkSeconds = ended ? amount(fields['ConversationDuration']) : null;
	const verdict = ended ? judge({ status, direction, legs, talkSeconds }) : null;
	const startedAt = readTime(fields['StartTime'], timeZone);
	const endedAt = ended ? readTime(fields['EndTime'], timeZone) : null;
	const updatedAt = readTime(fields['DateUpdated'], timeZone);
	const party = partyOf(type, legs);
	const call: Call = {
		sid,
		api: 'v1',
		direction,
		state: ended ? 'ended' : 'active',
		status: ended ? status : null,
		outcome: verdict === null ? null : verdict.outcome,
		unansweredBy: verdict === null ? null : verdict.unansweredBy,
		from: normalisePhone(fields['From'], defaultCountry),
		to: normalisePhone(fields['To'], defaultCountry),
		exoPhone: normalisePhone(fields['PhoneNumberSid'], defaultCountry),
		createdAt: readTime(fields['DateCreated'], timeZone),
		startedAt,
		endedAt,
		updatedAt,
		durationSeconds: secondsBetween(startedAt, endedAt),
		talkSeconds,
		price: amount(fields['Price']),
		recordingUrl: text(fields['RecordingUrl']),
		customField: text(fields['CustomField']),
		legs,
		agent: null,
	};
	return {
		id: ended ? endId(sid) : stepId(sid, word ?? type, party),
		type,
		party,
		at: readTime(fields['EventTime'], timeZone) ?? endedAt ?? updatedAt ?? toIso(receivedAt, timeZone),
		source: 'v1-callback',
		call,
		raw: fields,
	};
}

/** The event a v2 or v3 status callback tells. Throws `input` when it names no call. */
export function readV2Callback(fields: Payload, account: Account, receivedAt: number): CallEvent {
	const details = asPayload(fields['call_details']) ?? {};
	const sid = readCallId(details['call_sid'] ?? details['sid']);
	const word = lowerText(asPayload(fields['event_details'])?.['event_type']);
	// A terminal event ends the call even if its record still says `active`; any other leaves it running.
	const read = callFromV2(word === 'terminal' ? { ...details, call_state: word } : details, account);
	const type = word === null ? (read.state === 'ended' ? 'terminal' : 'dial') : readEventType(word);
	const ended = type === 'terminal';
	const call = ended ? read : asRunning(read);
	const party = partyOf(type, call.legs);
	return {
		id: ended ? endId(sid) : stepId(sid, word ?? type, party),
		type,
		party,
		at: call.endedAt ?? call.updatedAt ?? toIso(receivedAt, account.timeZone),
		source: 'v2-callback',
		call,
		raw: fields,
	};
}

/** The call as it is before its end, whatever the record says. */
function asRunning(call: Call): Call {
	return {
		...call,
		state: 'active',
		status: null,
		outcome: null,
		unansweredBy: null,
		endedAt: null,
		durationSeconds: null,
		talkSeconds: null,
	};
}
