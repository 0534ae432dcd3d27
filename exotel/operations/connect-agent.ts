/**
 * Connect an agent to a customer (v2, CCM): Exotel rings a user of the account, when the user's phone is switched on,
 * verified and free; when that is answered, it rings the customer. `POST /v2/accounts/<sid>/calls` with JSON; seed 001.
 */

import { inputError } from '../errors';
import type { Call } from '../call/call';
import { connectAgentFields } from '../fields/placing-calls';
import { readFields } from '../fields/reading';
import type { Operation } from './operation';
import { v2Url } from '../http/encoding';
import { placingRequest } from '../http/request';
import { readV2Call } from './read-v2-call';

/** What `connectAgent` takes. One of `agentContact` and `agentId` is needed. */
export interface ConnectAgentInput {
	/** Phone number or SIP address of a user. */
	agentContact?: string;
	agentId?: string;
	to: string;
	exoPhone: string;
	record?: boolean;
	recordingChannels?: 'single' | 'dual';
	waitAudioUrl?: string;
	/** Seconds, 1 to 14400. */
	timeLimitSeconds?: number;
	/** Seconds. */
	ringTimeSeconds?: number;
	customField?: string;
	statusCallbackUrl?: string;
	/** `['terminal']` when there is a URL and no choice. */
	statusCallbackEvents?: ('answered' | 'terminal')[];
}

/** Connect an agent to a customer (v2). Makes phones ring. */
export const connectAgent: Operation<ConnectAgentInput, Call> = {
	name: 'connectAgent',
	request(account, input) {
		const { values, violations } = readFields(connectAgentFields, input, account);
		const v = values as Partial<ConnectAgentInput>;
		const named = (field: string) => violations.some((violation) => violation.field === field);
		if (v.agentContact !== undefined && v.agentId !== undefined) {
			violations.push({
				field: 'agentId',
				rule: 'one-of',
				message: "Give either an Agent's phone or an Agent ID, not both.",
			});
		} else if (
			v.agentContact === undefined &&
			v.agentId === undefined &&
			!named('agentContact') &&
			!named('agentId')
		) {
			violations.push({
				field: 'agentContact',
				rule: 'required',
				message:
					"Agent's phone is missing. Give the phone, the SIP address or the ID of a user of your " +
					'Exotel account. Example: +919812345678',
			});
		}
		if (v.agentContact !== undefined && v.agentContact === v.to) {
			violations.push({
				field: 'to',
				rule: 'different',
				message: "Agent's phone and To are the same number. Exotel would drop the call at once.",
			});
		}
		if (violations.length > 0) throw inputError(violations);
		const events = v.statusCallbackEvents ?? ['terminal'];
		// The order of the page's table; what is undefined is left out.
		return placingRequest(
			v2Url(account, '/calls'),
			'application/json',
			JSON.stringify({
				from: v.agentContact === undefined ? { user_id: v.agentId } : { user_contact_uri: v.agentContact },
				to: { customer_contact_uri: v.to },
				virtual_number: v.exoPhone,
				recording: v.record,
				recording_channels: v.recordingChannels,
				wait_audio_url: v.waitAudioUrl,
				max_time_limit: v.timeLimitSeconds,
				attempt_time_out: v.ringTimeSeconds,
				custom_field: v.customField,
				status_callback:
					v.statusCallbackUrl === undefined
						? undefined
						: events.map((event) => ({ event, url: v.statusCallbackUrl })),
			}),
		);
	},
	read: readV2Call,
};
