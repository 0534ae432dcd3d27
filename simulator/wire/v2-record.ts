/** The v2 (CCM) call record and its envelope, exactly as in seed 001. */
import { isoStamp } from './stamps';
import type { Call, Leg } from '../model/call';
import type { WireContext } from './context';
import { recordingUrl } from '../model/recording';
import { e164 } from '../model/phone-numbers';

/** `call_status` words of seed 001 for a call that is over. */
function v2Status(call: Call): string {
	const [agent, customer] = v2Legs(call);
	if (call.outcome === 'answered') return 'completed';
	if (agent.status === null) return 'agent_no_dial';
	if (agent.answeredAt === null) return 'agent_unanswered';
	if (customer.status === null) return 'customer_no_dial';
	return customer.status === 'canceled' ? 'agent_canceled' : 'customer_unanswered';
}

/** The agent's leg and the customer's: leg 1 and 2 of a two-number call, the other way round in flows (seed 001). */
function v2Legs(call: Call): [Leg, Leg] {
	return call.kind === 'agent' || call.kind === 'numbers' ? call.legs : [call.legs[1], call.legs[0]];
}

/** Leg words of v2 know no `canceled`; an unanswered customer leg is `no-answer` (seed 001). */
function v2LegStatus(leg: Leg): string | null {
	if (leg.status === 'canceled') return 'no-answer';
	if (leg.status === 'in-progress' && leg.answeredAt === null) return null;
	return leg.status;
}

/** The record as a GET answers it: active "OR post call processing data is yet to be processed" (seed 001). */
export function v2Details({ baseUrl, now, quirks }: WireContext, call: Call): Record<string, unknown> {
	const processed = call.endedAt !== null && now >= call.endedAt + quirks.detailsDelaySeconds * 1000;
	return v2Record(baseUrl, call, processed ? call.endedAt : null);
}

/**
 * The record as make-call answers and callbacks carry it.
 * @param endedAt epoch milliseconds; null = the call is shown as active
 */
export function v2Record(baseUrl: string, call: Call, endedAt = call.endedAt): Record<string, unknown> {
	const [, customerLeg] = v2Legs(call);
	const ended = endedAt !== null;
	const recording = ended ? recordingUrl(baseUrl, call) : null;
	return {
		call_sid: call.sid,
		direction: call.direction === 'inbound' ? 'inbound' : 'outbound',
		virtual_number: e164(call.exoPhone),
		call_state: ended ? 'terminal' : 'active',
		call_status: ended ? v2Status(call) : null,
		assigned_agent_details: agentDetails(call, ended),
		customer_details: {
			contact_name: null,
			contact_uri: e164(customerLeg.number),
			status: v2LegStatus(customerLeg),
		},
		created_time: isoStamp(call.createdAt),
		updated_time: isoStamp(call.updatedAt),
		start_time: isoStamp(call.startedAt),
		end_time: ended ? isoStamp(endedAt) : null,
		// null in every sample of seed 001, also in finished calls
		total_duration: null,
		total_talk_time: ended ? (call.conversationSeconds ?? 0) : null,
		custom_field: call.customField,
		app_id: call.flowId,
		app_name: call.flowId === null ? null : `Flow ${call.flowId}`,
		digits: call.digits.length > 0 ? call.digits.join('-') : null,
		recordings: recording === null ? null : [{ url: recording }],
	};
}

function agentDetails(call: Call, ended: boolean): Record<string, unknown> {
	const { agent } = call;
	const inbound = call.direction === 'inbound';
	const [agentLeg] = v2Legs(call);
	return {
		user_id: agent?.id ?? null,
		// seed 001: the name is null until the call is over
		user_name: ended ? (agent?.name ?? null) : null,
		contact_uri: e164(agent?.contact ?? agentLeg.number) || null,
		// seed 001: null for outgoing calls
		group_id: inbound ? (agent?.groupId ?? null) : null,
		group_name: inbound ? (agent?.groupName ?? null) : null,
		status: v2LegStatus(agentLeg),
	};
}
