/**
 * Reads what Exotel reports about an agent's phone: the agent pass-through of the Connect applet (GET, seed 000, facts
 * 7.3) and its contact-centre twin `call_event_passthru_url` (JSON, seed 003, facts 7.5). These events are about one
 * attempt to reach one agent. `busy` means "is being called" and `free` "is not any more"; neither is how the call
 * went, and none of them ends the call.
 */
import type { Account } from '../account';
import { emptyCall, type AgentEvent, type Call } from '../call/call';
import { agentEventId } from '../call/event-id';
import { readDirection } from '../call/record-v1';
import { asPayload, lowerText, type Payload, text } from '../payload';
import { normalisePhone } from '../phone';
import { readTime, toIso } from '../time';
import { dialledAgent, readFlowCall } from './flow-request';
import { readCallSid } from './incoming';

/** What both channels say of an attempt, and how it was received. */
interface Attempt {
	source: AgentEvent['source'];
	step: string | null;
	status: string | null;
	/** Milliseconds since 1970. */
	receivedAt: number;
	timeZone: string;
	raw: Payload;
}

/** `Status` says it; where it is missing, the word for the end of the attempt does. */
function isFree({ step, status }: Attempt): boolean {
	return status === 'free' || (status !== 'busy' && step === 'terminal');
}

function agentEvent(attempt: Attempt, call: Call): AgentEvent {
	const { source, step, raw } = attempt;
	const contact = call.agent?.contact ?? null;
	const agentStatus = isFree(attempt) ? 'free' : 'busy';
	const type = `agent-${agentStatus}` as const;
	return {
		id: agentEventId(call.sid, { type, step, contact, at: call.updatedAt ?? '-' }),
		type,
		party: 'to',
		at: call.updatedAt ?? toIso(attempt.receivedAt, attempt.timeZone),
		source,
		agentNumber: contact,
		agentStatus,
		agentStep: step,
		call,
		raw,
	};
}

/** Fields of a flow that has dialled or runs; no pass-through has them. */
const PASSTHRU_FIELDS: readonly string[] = ['CallType', 'DialCallStatus', 'flow_id'];

/**
 * True for an agent pass-through among the requests of a flow: by its `EventType`, in the older form by `Status` busy
 * or free, which no Passthru has.
 */
export function isAgentPassthru(fields: Payload): boolean {
	if ('EventType' in fields) return true;
	const status = lowerText(fields.Status);
	return (status === 'busy' || status === 'free') && !PASSTHRU_FIELDS.some((field) => field in fields);
}

/**
 * The event of an agent pass-through.
 * @throws ExotelError of kind `input` when it names no call.
 */
export function readAgentPassthru(fields: Payload, account: Account, receivedAt: number): AgentEvent {
	const call = readFlowCall(fields, account, 'v1');
	const exoPhone = normalisePhone(fields.CallTo, account.defaultCountry) ?? call.to;
	const attempt: Attempt = {
		source: 'agent-passthru',
		step: lowerText(fields.EventType),
		status: lowerText(fields.Status),
		receivedAt,
		timeZone: account.timeZone,
		raw: fields,
	};
	// `Direction` is about the leg to the agent: always `outbound-dial`. Nothing tells a flow that was called from one
	// that was connected by the API; most are called. What other reports say of the call counts more.
	return agentEvent(attempt, { ...call, direction: 'inbound', directionWord: null, exoPhone });
}

/**
 * The event of a `call_event_passthru_url`.
 * @throws ExotelError of kind `input` when it names no call.
 */
export function readCallEventPassthru(fields: Payload, account: Account, receivedAt: number): AgentEvent {
	const { timeZone, defaultCountry } = account;
	const details = asPayload(fields.call_details) ?? {};
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
	const attempt: Attempt = {
		source: 'call-event-passthru',
		step: lowerText(asPayload(fields.event_details)?.event_type),
		status: lowerText(details.status),
		receivedAt,
		timeZone,
		raw: fields,
	};
	return agentEvent(attempt, call);
}
