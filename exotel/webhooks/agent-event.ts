/**
 * Reads what Exotel reports about an agent's phone: the agent pass-through of the Connect applet (GET, seed 000, facts
 * 7.3) and its contact-centre twin `call_event_passthru_url` (JSON, seed 003, facts 7.5). These events are about one
 * attempt to reach one agent. `busy` means "is being called" and `free` "is not any more"; neither is how the call
 * went, and a `terminal` here does not end the call.
 */
import type { Account } from '../account';
import { emptyCall, type Call, type CallEvent, type CallEventSource, type CallEventType } from '../call/call';
import { agentEventId } from '../call/event-id';
import { readDirection } from '../call/record-v1';
import { asPayload, lowerText, type Payload, text } from '../payload';
import { normalisePhone } from '../phone';
import { readTime, toIso } from '../time';
import { dialledAgent, readFlowCall } from './flow-request';
import { readCallSid, readEventType } from './incoming';

/** The event's word; without one, `free` means the attempt is over. */
function typeOf(word: string | null, status: unknown): CallEventType {
	if (word !== null) return readEventType(word);
	return lowerText(status) === 'free' ? 'terminal' : 'dial';
}

function agentEvent(source: CallEventSource, type: CallEventType, call: Call, received: Received): CallEvent {
	const contact = call.agent?.contact ?? null;
	return {
		id: agentEventId(call.sid, type, contact, call.updatedAt ?? '-'),
		type,
		party: type === 'terminal' ? null : 'to',
		at: call.updatedAt ?? toIso(received.at, received.timeZone),
		source,
		call,
		raw: received.raw,
	};
}

interface Received {
	/** Milliseconds since 1970. */
	at: number;
	timeZone: string;
	raw: Payload;
}

/**
 * The event of an agent pass-through.
 * @throws ExotelError of kind `input` when it names no call.
 */
export function readAgentPassthru(fields: Payload, account: Account, receivedAt: number): CallEvent {
	const type = typeOf(lowerText(fields.EventType), fields.Status);
	const received = { at: receivedAt, timeZone: account.timeZone, raw: fields };
	const call = readFlowCall(fields, account, 'v1');
	const exoPhone = normalisePhone(fields.CallTo, account.defaultCountry) ?? call.to;
	// `Direction` is about the leg to the agent: always `outbound-dial`. The call itself came in to the ExoPhone.
	return agentEvent(
		'agent-passthru',
		type,
		{ ...call, direction: 'inbound', directionWord: null, exoPhone },
		received,
	);
}

/**
 * The event of a `call_event_passthru_url`.
 * @throws ExotelError of kind `input` when it names no call.
 */
export function readCallEventPassthru(fields: Payload, account: Account, receivedAt: number): CallEvent {
	const { timeZone, defaultCountry } = account;
	const details = asPayload(fields.call_details) ?? {};
	const type = typeOf(lowerText(asPayload(fields.event_details)?.event_type), details.status);
	const to = normalisePhone(details.to, defaultCountry);
	const call: Call = {
		...emptyCall(readCallSid(details.call_sid ?? details.sid), 'v2'),
		direction: readDirection(details.direction),
		directionWord: text(details.direction),
		from: normalisePhone(details.from, defaultCountry),
		to,
		exoPhone: normalisePhone(details.virtual_number, defaultCountry),
		createdAt: readTime(details.created_time, timeZone),
		updatedAt: readTime(details.current_time, timeZone),
		agent: dialledAgent(to, defaultCountry),
	};
	return agentEvent('call-event-passthru', type, call, { at: receivedAt, timeZone, raw: fields });
}
