/**
 * Reads the status callbacks of API calls: v1 (default four fields or extended, seed 000 and 004, facts 6.2) and v2/v3
 * (seed 001, facts 6.3). An `answered` or `ringing` event names no leg: the legs' states show which. The call's own
 * `Status` and talk time are believed only at the end; the samples of seed 000 carry `no-answer` in an answered event.
 * A callback that says nothing about how the call went (no status, no talk time, no legs) ends nothing, whatever its
 * event is called.
 */
import type { Account } from '../account';
import { emptyCall, type Call, type CallStep, type CallStepType, type Leg, type Party } from '../call/call';
import { callEventId, terminalEventId } from '../call/event-id';
import { determineOutcome, isActiveWord } from '../call/outcome';
import { readDirection, readExoPhone } from '../call/record-v1';
import { callFromV2 } from '../call/record-v2';
import { amount, asPayload, items, lowerText, ownText, type Payload, secondsBetween, text } from '../payload';
import { normalisePhone } from '../phone';
import { readTime, toIso } from '../time';
import { MAX_LEGS } from './flow-request';
import { readCallSid, readEventType } from './incoming';

function readLegs(value: unknown): Leg[] {
	const list = items(value);
	const legs: Leg[] = [];
	for (let index = 0; index < list.length && index < MAX_LEGS; index++) {
		const leg = asPayload(list[index]) ?? {};
		legs.push({
			party: index === 0 ? 'from' : 'to',
			status: text(leg.Status),
			onCallSeconds: amount(leg.OnCallDuration),
			ringingSeconds: amount(leg.RingingDuration),
			answeredBy: lowerText(leg.AnsweredBy),
		});
	}
	return legs;
}

/** Which leg the states speak of: the second, as soon as it has one that fits; null when no legs were sent. */
function legOf(type: CallStepType, legs: readonly Leg[]): Party | null {
	if (legs.length === 0 || type === 'terminal') return null;
	const second = legs[1]?.status?.toLowerCase() ?? null;
	if (type !== 'answered') return second === null ? 'from' : 'to';
	return second === 'in-progress' || second === 'completed' ? 'to' : 'from';
}

/**
 * Without an event type it is the one callback at the end (facts 6.1), unless it says itself that the call is
 * running.
 */
function v1TypeOf(word: string | null, fields: Payload): CallStepType {
	if (word !== null) return readEventType(word);
	return isActiveWord(text(fields.Status)) ? 'dial' : 'terminal';
}

/** True when a record that claims to be the end says nothing about how the call ended. */
function saysNothing(end: Pick<Call, 'status' | 'outcome'>): boolean {
	return end.status === null && end.outcome === 'unknown';
}

/** What the word for an event, null without one, and the legs make of a step of a call. */
function stepOf(type: CallStepType, word: string | null, { sid, legs }: Call): Pick<CallStep, 'id' | 'party' | 'step'> {
	const leg = legOf(type, legs);
	const id = type === 'terminal' ? terminalEventId(sid) : callEventId(sid, word ?? type, leg);
	// Of a word that is not ours nobody knows which phone it is about. The id still tells its repetitions apart.
	const step = { id, party: type === word ? leg : null };
	return word === null || word === readEventType(word) ? step : { ...step, step: word };
}

/** Reads how a call ended into it, which counts at the end only. False when the callback does not say it at all. */
function readV1End(call: Call, fields: Payload, timeZone: string): boolean {
	const status = text(fields.Status);
	const talkSeconds = amount(fields.ConversationDuration);
	const { direction, legs } = call;
	const { outcome, reason, unansweredBy } = determineOutcome({ status, direction, legs, talkSeconds });
	if (saysNothing({ status, outcome })) return false;
	call.state = 'ended';
	call.status = status;
	call.outcome = outcome;
	call.reason = reason;
	call.unansweredBy = unansweredBy;
	call.talkSeconds = talkSeconds;
	call.endedAt = readTime(fields.EndTime, timeZone);
	return true;
}

/**
 * The event of a v1 status callback.
 * @throws ExotelError of kind `input` when it names no call.
 */
export function readV1Callback(fields: Payload, account: Account, receivedAt: number): CallStep {
	const { timeZone, defaultCountry } = account;
	const sid = readCallSid(fields.CallSid);
	const word = lowerText(fields.EventType);
	const call = emptyCall(sid, 'v1');
	call.direction = readDirection(fields.Direction);
	call.directionWord = text(fields.Direction);
	call.from = normalisePhone(fields.From, defaultCountry);
	call.to = normalisePhone(fields.To, defaultCountry);
	Object.assign(call, readExoPhone(fields, defaultCountry));
	call.createdAt = readTime(fields.DateCreated, timeZone);
	call.startedAt = readTime(fields.StartTime, timeZone);
	call.updatedAt = readTime(fields.DateUpdated, timeZone);
	call.price = amount(fields.Price);
	call.recordingUrl = text(fields.RecordingUrl);
	if (call.recordingUrl !== null) call.recordingUrls = [call.recordingUrl];
	call.customField = ownText(fields.CustomField);
	call.legs = readLegs(fields.Legs);
	const reported = v1TypeOf(word, fields);
	const type = reported === 'terminal' && !readV1End(call, fields, timeZone) ? 'dial' : reported;
	call.durationSeconds = secondsBetween(call.startedAt, call.endedAt);
	const at = readTime(fields.EventTime, timeZone) ?? call.endedAt ?? call.updatedAt ?? toIso(receivedAt, timeZone);
	return { ...stepOf(type, word, call), type, at, source: 'v1-callback', call, raw: fields };
}

/**
 * The event of a v2 or v3 status callback.
 * @throws ExotelError of kind `input` when it names no call.
 */
export function readV2Callback(fields: Payload, account: Account, receivedAt: number): CallStep {
	const details = asPayload(fields.call_details) ?? {};
	readCallSid(details.call_sid ?? details.sid);
	const word = lowerText(asPayload(fields.event_details)?.event_type);
	// A terminal event ends the call even if its record still says `active`; any other leaves it running.
	const record = callFromV2(word === 'terminal' ? { ...details, call_state: word } : details, account);
	const byState = record.state === 'ended' ? 'terminal' : 'dial';
	const reported = word === null ? byState : readEventType(word);
	const type = reported === 'terminal' && saysNothing(record) ? 'dial' : reported;
	const call = type === 'terminal' ? record : asActive(record);
	const at = call.endedAt ?? call.updatedAt ?? toIso(receivedAt, account.timeZone);
	return { ...stepOf(type, word, call), type, at, source: 'v2-callback', call, raw: fields };
}

/** The call as it is before its end, whatever the record says. */
function asActive(call: Call): Call {
	const { status, outcome, reason, unansweredBy, endedAt, durationSeconds, talkSeconds } = emptyCall(call.sid, 'v2');
	return { ...call, state: 'active', status, outcome, reason, unansweredBy, endedAt, durationSeconds, talkSeconds };
}
