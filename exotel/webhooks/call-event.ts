/**
 * Turns any request of Exotel about a call into a `CallEvent`. Which of its five channels it came by is told by its
 * fields (facts 6 and 7), so that one URL can serve them all.
 */
import type { Account } from '../account';
import type { CallEvent } from '../call/call';
import { endId, flowId } from '../call/event-id';
import { asPayload, lowerText, type Payload, text } from '../call/values';
import { ExotelError } from '../errors';
import { toIso } from '../time';
import { readAgentPassthru, readCallEventPassthru } from './agent-event';
import { readDialStatus, readDialVerdict, readFlowCall } from './flow-request';
import { decodeIncoming, type IncomingRequest, unreadable } from './incoming';
import { readV1Callback, readV2Callback } from './status-callback';

/** Fields only a visit of a flow has. */
const FLOW_FIELDS: readonly string[] = ['CurrentTime', 'CallType', 'flow_id', 'DialWhomNumber', 'DialCallStatus'];

/**
 * Every status callback has `DateUpdated` (facts 6.2) and no visit of a flow: no new field can make one look like the
 * other.
 */
function isFlowRequest(fields: Payload): boolean {
	return !('DateUpdated' in fields) && FLOW_FIELDS.some((field) => field in fields);
}

/** The record of a `call_event_passthru_url` speaks of `from`, `to` and a moment, not of agent, customer and state. */
function isAgentRecord(details: Payload): boolean {
	if ('call_state' in details || 'state' in details || 'customer_details' in details) return false;
	return 'current_time' in details || 'from' in details;
}

/**
 * A Passthru: a sign of life, or an end when the flow has dialled. A conversation or a caller who hung up is the end of
 * the call. That nobody answered is an end of its own, told apart by Exotel's clock: the flow may dial somebody else
 * after it.
 */
function readPassthru(fields: Payload, account: Account, receivedAt: number): CallEvent {
	const call = readFlowCall(fields, account, 'v1');
	const verdict = readDialVerdict(fields);
	const at = call.updatedAt ?? toIso(receivedAt, account.timeZone);
	if (verdict === null) {
		return {
			id: flowId(call.sid, 'dial', call.updatedAt ?? '-'),
			type: 'dial',
			party: null,
			at,
			source: 'passthru',
			call,
			raw: fields,
		};
	}
	const final = verdict.outcome === 'answered' || lowerText(fields['CallType']) === 'client-hangup';
	return {
		id: final ? endId(call.sid) : flowId(call.sid, 'terminal', call.updatedAt ?? '-'),
		type: 'terminal',
		party: null,
		at,
		source: 'passthru',
		call: { ...call, state: 'ended', status: readDialStatus(fields) ?? text(fields['CallType']), ...verdict },
		raw: fields,
	};
}

function recognise(fields: Payload, account: Account, receivedAt: number): CallEvent {
	const details = asPayload(fields['call_details']);
	if (details !== null) {
		return isAgentRecord(details)
			? readCallEventPassthru(fields, account, receivedAt)
			: readV2Callback(fields, account, receivedAt);
	}
	if (isFlowRequest(fields)) {
		return 'EventType' in fields
			? readAgentPassthru(fields, account, receivedAt)
			: readPassthru(fields, account, receivedAt);
	}
	return readV1Callback(fields, account, receivedAt);
}

/**
 * Reads one request of Exotel about a call: a v1 or v2 status callback, an agent pop-up, a contact-centre call event or
 * a Passthru. Throws `ExotelError` of kind `input` (with the `httpStatus` to answer) for anything else, and nothing but
 * that.
 */
export function readCallEvent(request: IncomingRequest, account: Account): CallEvent {
	const fields = decodeIncoming(request);
	try {
		return recognise(fields, account, request.receivedAt);
	} catch (thrown) {
		const error: unknown = thrown;
		if (error instanceof ExotelError && error.kind === 'input') throw error;
		throw unreadable('its fields are not what Exotel sends');
	}
}
