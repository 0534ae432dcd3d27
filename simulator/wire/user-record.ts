/** Agents as the v2 list of users shows them (facts 5.4). */
import type { Agent } from '../model/account';

/** One user, with or without their device. */
export function userRecord(agent: Agent, withDevices: boolean): Record<string, unknown> {
	const device = {
		type: /^sip/i.test(agent.contact) ? 'sip' : 'tel',
		contact_uri: agent.contact,
		available: agent.available,
		verified: agent.verified,
		status: agent.busyWith === null ? 'free' : 'busy',
	};
	return {
		id: agent.id,
		email: agent.email,
		first_name: agent.name,
		...(withDevices ? { devices: agent.device ? [device] : [] } : {}),
	};
}
