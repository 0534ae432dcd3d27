/** A call as v2 prints it: seed 001, the samples of the answers and of the StatusCallback. */
import type { Account } from './account';
import { isRecorded, timeline, type DoubleCall } from './calls';
import { v2Stamp } from './clock';
import { toE164 } from './numbers';
import { recordingUrl } from './v1-record';

/** The moment a record shows: just made, a leg answered, or over. */
export type V2Moment = 'made' | 'answered-1' | 'answered-2' | 'over';

/** Seed 001, "call_status". */
export function v2Status(call: DoubleCall): string {
	if (call.terminal.status !== undefined) return call.terminal.status;
	const [agent, customer] = [call.legs[0]?.status ?? null, call.legs[1]?.status ?? null];
	if (agent === null) return 'agent_no_dial';
	if (agent !== 'completed') return 'agent_unanswered';
	if (customer === null) return 'customer_no_dial';
	if (customer === 'canceled') return 'agent_canceled';
	return customer === 'completed' ? 'completed' : 'customer_unanswered';
}

/**
 * A leg's state when the call is over. The list of seed 001 has no `canceled`; the agent's hanging up reads
 * `no-answer`.
 */
function legStatus(call: DoubleCall, leg: 0 | 1): string | null {
	const status = call.legs[leg]?.status ?? null;
	if (leg === 1 && call.legs[0]?.status !== 'completed') return null;
	return status === 'canceled' ? 'no-answer' : status;
}

/** The first lies at the address of the samples; where further ones lie is not documented. */
function recordings(account: Account, call: DoubleCall): { url: string }[] {
	const first = recordingUrl(account, call);
	return Array.from({ length: call.terminal.recordings ?? 1 }, (_, index) => ({
		url: index === 0 ? first : first.replace(/\.mp3$/, `-${index + 1}.mp3`),
	}));
}

/** The record, in the order of the samples. `total_duration` is null in all of them, even when the call is over. */
export function v2Record(account: Account, call: DoubleCall, moment: V2Moment): Record<string, unknown> {
	const line = timeline(call);
	const over = moment === 'over';
	const agent = account.agents.find((one) => one.userId === call.userId);
	const updated = {
		made: line.start,
		'answered-1': line.answered[0],
		'answered-2': line.answered[1],
		over: line.end,
	}[moment];
	const agentStatus = {
		made: null,
		'answered-1': 'in-progress',
		'answered-2': 'in-progress',
		over: legStatus(call, 0),
	}[moment];
	const customer = { made: null, 'answered-1': null, 'answered-2': 'in-progress', over: legStatus(call, 1) }[moment];
	return {
		call_sid: call.sid,
		direction: 'outbound',
		virtual_number: toE164(call.exoPhone),
		call_state: over ? 'terminal' : 'active',
		call_status: over ? v2Status(call) : null,
		assigned_agent_details: {
			user_id: call.userId,
			// Null in the samples of running calls, the name in those of finished ones.
			user_name: over ? (agent?.name ?? null) : null,
			contact_uri: call.from,
			group_id: null,
			group_name: null,
			status: agentStatus,
		},
		customer_details: {
			contact_name: over ? (account.addressBook.get(toE164(call.to ?? '')) ?? null) : null,
			contact_uri: toE164(call.to ?? ''),
			status: customer,
		},
		created_time: v2Stamp(line.created),
		updated_time: v2Stamp(updated ?? line.start),
		start_time: v2Stamp(line.start),
		end_time: over ? v2Stamp(line.end) : null,
		total_duration: null,
		total_talk_time: over ? line.conversation : null,
		custom_field: call.customField,
		app_id: null,
		app_name: null,
		digits: null,
		recordings: over && isRecorded(call) ? recordings(account, call) : null,
	};
}
