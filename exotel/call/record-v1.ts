/**
 * Reads a call as API v1 describes it (make call, call details, one record of the bulk list) into a `Call`.
 * Fields: seed 004, facts 2.3, 3.1 and 3.2. Numbers come back as `0…`, stamps are naive, blanks take many forms.
 */
import type { Account } from '../account';
import { ExotelError } from '../errors';
import { amount, asPayload, items, lowerText, ownText, type Payload, secondsBetween, text } from '../payload';
import { normalisePhone } from '../phone';
import { readTime } from '../time';
import { emptyCall, type Call, type Leg } from './call';
import { determineOutcome, isActiveWord, isFinalWord } from './outcome';

/** `inbound` for every word that means a call came in (v1 `inbound`, applets `incoming`); all else was placed. */
export function readDirection(value: unknown): Call['direction'] {
	const direction = lowerText(value);
	return direction === 'inbound' || direction === 'incoming' ? 'inbound' : 'outbound';
}

/** What an ExoPhone's number may look like, masked ones of the documents' samples included. */
const EXOPHONE_NUMBER = /^\+?[\dXx*][\dXx* ()-]{2,19}$/;

/**
 * The ExoPhone of a v1 record or callback: `PhoneNumber` where there is one; `PhoneNumberSid` is a number or an ID,
 * "depending on when the number was set up" (seed 004).
 */
export function readExoPhone(fields: Payload, defaultCountry: string): Pick<Call, 'exoPhone' | 'exoPhoneSid'> {
	const [number, numberOrId] = [text(fields.PhoneNumber), text(fields.PhoneNumberSid)];
	const isId = numberOrId !== null && !EXOPHONE_NUMBER.test(numberOrId);
	return {
		exoPhone: normalisePhone(number ?? (isId ? null : fields.PhoneNumberSid), defaultCountry),
		exoPhoneSid: isId ? numberOrId : null,
	};
}

/** The error for a record without a call in it. */
export function notACallRecord(record: unknown): ExotelError {
	return new ExotelError('exotel', 'Exotel returned something that is not a call record.', {
		hint: 'Try again. If it happens again, check the region and the account SID.',
		raw: record,
	});
}

/** Leg entries, however wrapped: `[{Leg: {…}}]` (JSON), `{Leg: […]}` or `{Leg: {…}}` (XML), `[{…}]` (callback). */
function legEntries(legs: unknown): Payload[] {
	const inner = asPayload(legs)?.Leg;
	const wrapped: unknown[] = Array.isArray(inner) ? inner : [inner];
	const list = inner === undefined ? items(legs) : wrapped;
	const entries: Payload[] = [];
	for (const item of list) {
		const entry = asPayload(item);
		if (entry !== null) entries.push(asPayload(entry.Leg) ?? entry);
	}
	return entries;
}

function emptyLeg(party: Leg['party'], status: string | null): Leg {
	return { party, status, onCallSeconds: null, ringingSeconds: null, answeredBy: null };
}

/**
 * The two legs of `details=true`: statuses beside the list, durations inside it, both possibly at the top (facts
 * 3.2).
 */
function readLegs(call: Payload, details: Payload): Leg[] {
	const legs = [
		emptyLeg('from', text(details.Leg1Status ?? call.Leg1Status)),
		emptyLeg('to', text(details.Leg2Status ?? call.Leg2Status)),
	];
	const entries = legEntries(details.Legs ?? call.Legs);
	if (entries.length === 0 && legs.every(({ status }) => status === null)) return [];
	entries.forEach((entry, index) => {
		const leg = legs[(amount(entry.Id) ?? index + 1) - 1];
		if (leg === undefined) return;
		leg.status ??= text(entry.Status);
		leg.onCallSeconds = amount(entry.OnCallDuration);
		leg.ringingSeconds = amount(entry.RingingDuration);
		leg.answeredBy = lowerText(entry.AnsweredBy);
	});
	return legs;
}

/** The bulk list says "N/A" where a call has no custom field (facts 3.3). */
function readCustomField(value: unknown): string | null {
	const customField = ownText(value);
	return customField === 'N/A' ? null : customField;
}

/**
 * Turns a v1 call record (the object itself or the `{ Call: … }` around it; JSON or decoded XML) into a `Call`.
 * @throws ExotelError of kind `exotel` when it is not a call record.
 */
export function callFromV1(record: unknown, account: Account): Call {
	const outer = asPayload(record);
	const call = asPayload(outer?.Call) ?? outer;
	const sid = text(call?.Sid);
	if (call === null || sid === null) throw notACallRecord(record);
	const { timeZone, defaultCountry } = account;
	const details = asPayload(call.Details) ?? {};
	const status = text(call.Status);
	const direction = readDirection(call.Direction);
	const startedAt = readTime(call.StartTime, timeZone);
	const endedAt = readTime(call.EndTime, timeZone);
	const legs = readLegs(call, details);
	const talkSeconds = amount(details.ConversationDuration ?? call.ConversationDuration);
	const ended = isFinalWord(status) || (endedAt !== null && !isActiveWord(status));
	const recordingUrl = text(call.PreSignedRecordingUrl) ?? text(call.RecordingUrl);
	return {
		...emptyCall(sid, 'v1'),
		direction,
		state: ended ? 'ended' : 'active',
		status,
		...(ended ? determineOutcome({ status, direction, legs, talkSeconds }) : {}),
		from: normalisePhone(call.From, defaultCountry),
		to: normalisePhone(call.To, defaultCountry),
		...readExoPhone(call, defaultCountry),
		createdAt: readTime(call.DateCreated, timeZone),
		startedAt,
		endedAt,
		updatedAt: readTime(call.DateUpdated, timeZone),
		durationSeconds: amount(call.Duration) ?? secondsBetween(startedAt, endedAt),
		talkSeconds,
		price: amount(call.Price),
		recordingUrl,
		recordingUrls: recordingUrl === null ? [] : [recordingUrl],
		customField: readCustomField(call.CustomField),
		callerName: text(call.CallerName),
		forwardedFrom: normalisePhone(call.ForwardedFrom, defaultCountry),
		answeredBy: lowerText(call.AnsweredBy),
		parentSid: text(call.ParentCallSid),
		directionWord: text(call.Direction),
		legs,
	};
}
