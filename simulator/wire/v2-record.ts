/** The v2 (CCM) call record and its envelope, exactly as in seed 001. */
import { isoStamp } from './stamps';
import type { Call, Leg } from '../model/call';
import { recordingUrl } from '../model/recording';
import { e164 } from '../model/phone-numbers';

/** `call_status` words of seed 001; null while the call is active. */
function v2Status(call: Call): string | null {
	if (call.endedAt === null) return null;
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

/** The record as answers and callbacks carry it. */
export function v2Record(baseUrl: string, call: Call): Record<string, unknown> {
	const [, customerLeg] = v2Legs(call);
	const ended = call.endedAt !== null;
	const recording = recordingUrl(baseUrl, call);
	return {
		call_sid: call.sid,
		direction: call.direction === 'inbound' ? 'inbound' : 'outbound',
		virtual_number: call.exoPhone,
		call_state: ended ? 'terminal' : 'active',
		call_status: v2Status(call),
		assigned_agent_details: agentDetails(call),
		customer_details: {
			contact_name: null,
			contact_uri: e164(customerLeg.number),
			status: v2LegStatus(customerLeg),
		},
		created_time: isoStamp(call.createdAt),
		updated_time: isoStamp(call.updatedAt),
		start_time: isoStamp(call.startedAt),
		end_time: call.endedAt === null ? null : isoStamp(call.endedAt),
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

function agentDetails(call: Call): Record<string, unknown> {
	const { agent } = call;
	const [agentLeg] = v2Legs(call);
	return {
		user_id: agent?.id ?? null,
		// seed 001: the name is null until the call is over
		user_name: call.endedAt === null ? null : (agent?.name ?? null),
		contact_uri: agent?.contact ?? (agentLeg.number || null),
		group_id: agent?.groupId ?? null,
		group_name: agent?.groupName ?? null,
		status: v2LegStatus(agentLeg),
	};
}
