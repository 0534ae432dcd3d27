/**
 * `GET /v2/accounts/<sid>/users`: the account's agents, devices only when asked for (Exotel fact sheet 5.4, public
 * code).
 */
import { v2List, type V2Request } from '../../wire/v2-envelope';
import type { Account, Agent } from '../../model/accounts';
import type { Answer } from '../../wire/answer';
import type { Incoming } from '../request';

/** Answers a page of agents. */
export function listUsers(account: Account, incoming: Incoming, request: V2Request): Answer {
	const query = new Map(incoming.query);
	const whole = (name: string, otherwise: number, most: number) =>
		/^\d{1,6}$/.test(query.get(name) ?? '') ? Math.min(Number(query.get(name)), most) : otherwise;
	const limit = whole('limit', 20, 200);
	const offset = whole('offset', 0, 1_000_000);
	const email = query.get('email')?.toLowerCase();
	const found = account.agents.filter((agent) => email === undefined || agent.email.toLowerCase() === email);
	const page = found.slice(offset, offset + limit);
	const withDevices = (query.get('fields') ?? '').split(',').includes('devices');
	return v2List(
		request,
		{ total: found.length, count: page.length, offset, limit },
		page.map((agent) => userRecord(agent, withDevices)),
	);
}

function userRecord(agent: Agent, withDevices: boolean): Record<string, unknown> {
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
