/**
 * Turns any request of Exotel about a call into a `CallEvent`. Its
 * fields say which of the five channels it came by (facts 6 and 7), so that one URL can serve them all.
 */
import type { Account } from '../account';
import type { Call, CallEvent, PassthruEvent } from '../call/call';
import type { CallOutcome } from '../call/outcome';
import { flowEventId, terminalEventId } from '../call/event-id';
import { asPayload, lowerText, type Payload, text } from '../payload';
import { isInputError } from '../errors';
import { toIso } from '../time';
import { isAgentPassthru, readAgentPassthru, readCallEventPassthru } from './agent-event';
import { readDialStatus, readDialOutcome, readFlowCall, readPreviousAttempt } from './flow-request';
import { decodeIncoming, type IncomingRequest, unreadable } from './incoming';
import { readV1Callback, readV2Callback } from './status-callback';

/** Fields that only a flow's request has. */
const flowFields: readonly string[] = ['CurrentTime', 'CallType', 'flow_id', 'DialWhomNumber', 'DialCallStatus'];

/**
 * Every status callback has `DateUpdated` (facts 6.2) and no flow's request has: a new field cannot make one look like
 * the other.
 */
function isFlowRequest(fields: Payload): boolean {
	return !('DateUpdated' in fields) && flowFields.some((field) => field in fields);
}

/** Fields of a v2 callback that no record of a `call_event_passthru_url` has (seeds 001, 003). */
const v2Fields: readonly string[] = ['call_state', 'state', 'customer_details', 'call_status', 'total_talk_time'];

/**
 * The record of a `call_event_passthru_url` speaks of `from`, `to`, a moment and a busy or free agent, not of customer,
 * state and talk. A record with any other word is the call's: its end must not be taken for an agent's.
 */
function isAgentRecord(details: Payload): boolean {
	if (v2Fields.some((field) => field in details)) return false;
	const status = lowerText(details.status);
	if (status !== null && status !== 'busy' && status !== 'free') return false;
	return 'current_time' in details || 'from' in details;
}

/** What differs between two requests of one flow within a second: where it is, whom it dialled, what was pressed. */
const visitFields: readonly string[] = ['flow_id', 'CallType', 'DialWhomNumber', 'DialCallStatus', 'digits'];

/** True when the flow's dialling is certainly over: a conversation took place, or the caller hung up. */
function isFinal(outcome: CallOutcome, fields: Payload): boolean {
	return outcome.outcome === 'answered' || lowerText(fields.CallType) === 'client-hangup';
}

/**
 * A Passthru: progress, or an end when the flow has dialled. A conversation or a caller who hung up is the end of the
 * call. "No answer" is an end of its own: the flow may dial another number after it.
 */
function readPassthru(fields: Payload, account: Account, receivedAt: number): PassthruEvent {
	const call = readFlowCall(fields, account, 'v1');
	const outcome = readDialOutcome(fields);
	const type = outcome === null ? 'dial' : 'terminal';
	const id =
		outcome !== null && isFinal(outcome, fields)
			? terminalEventId(call.sid)
			: flowEventId(call.sid, {
					type,
					facts: visitFields.map((name) => text(fields[name])),
					at: call.updatedAt ?? '-',
				});
	const at = call.updatedAt ?? toIso(receivedAt, account.timeZone);
	if (outcome !== null) {
		const status = readDialStatus(fields) ?? text(fields.CallType);
		Object.assign(call, { state: 'ended', status, ...outcome } satisfies Partial<Call>);
	}
	const callType = text(fields.CallType);
	const previousAttempt = readPreviousAttempt(fields, account);
	return { id, type, party: null, at, source: 'passthru', callType, previousAttempt, call, raw: fields };
}

function recognise(fields: Payload, account: Account, receivedAt: number): CallEvent {
	const details = asPayload(fields.call_details);
	if (details !== null) {
		return isAgentRecord(details)
			? readCallEventPassthru(fields, account, receivedAt)
			: readV2Callback(fields, account, receivedAt);
	}
	if (isFlowRequest(fields)) {
		return isAgentPassthru(fields)
			? readAgentPassthru(fields, account, receivedAt)
			: readPassthru(fields, account, receivedAt);
	}
	return readV1Callback(fields, account, receivedAt);
}

/** What is kept of a call must not grow with what anybody sends; `raw` has the whole text. */
const MAX_TEXT_LENGTH = 4_096;

function hasLongText(value: unknown): boolean {
	if (typeof value === 'string') return value.length > MAX_TEXT_LENGTH;
	return typeof value === 'object' && value !== null && Object.values(value).some(hasLongText);
}

/** True when nothing that came can hold a long text: a body as text or bytes that is short as a whole. */
function isShort({ body }: IncomingRequest): boolean {
	const { length } = typeof body === 'string' || body instanceof Uint8Array ? body : '';
	return length > 0 && length <= MAX_TEXT_LENGTH;
}

/** The call, every text in it, in its legs and agent too, cut to what is kept. A call is plain JSON. */
function withShortTexts(call: Call): Call {
	if (!hasLongText(call)) return call;
	const short = (_name: string, part: unknown): unknown =>
		typeof part === 'string' ? part.slice(0, MAX_TEXT_LENGTH) : part;
	return JSON.parse(JSON.stringify(call, short)) as Call;
}

/**
 * Reads one request of Exotel about a call: a v1 or v2 status callback, an agent pass-through, a contact-centre call
 * event or a Passthru.
 * @throws ExotelError of kind `input`, with the `httpStatus` to answer, for anything else, and nothing but that.
 */
export function readCallEvent(request: IncomingRequest, account: Account): CallEvent {
	const fields = decodeIncoming(request);
	try {
		const event = recognise(fields, account, request.receivedAt);
		return isShort(request) ? event : { ...event, call: withShortTexts(event.call) };
	} catch (thrown) {
		throw isInputError(thrown) ? thrown : unreadable('its fields are not what Exotel sends');
	}
}
