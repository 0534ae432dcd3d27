/**
 * `GET /v2/accounts/<sid>/users`: the account's agents, devices only when requested (facts 5.4, public
 * code).
 */
import { userRecord } from '../../wire/user-record';
import { v2List } from '../../wire/v2-envelope';
import type { Answer } from '../../wire/answer';
import type { ApiRequest } from '../http/api-request';

/** Answers a page of agents. */
export function listUsers({ account, incoming, envelope }: ApiRequest): Answer {
	const query = new Map(incoming.query);
	const whole = (name: string, fallback: number, max: number) =>
		/^\d{1,6}$/.test(query.get(name) ?? '') ? Math.min(Number(query.get(name)), max) : fallback;
	const limit = whole('limit', 20, 200);
	const offset = whole('offset', 0, 1_000_000);
	const email = query.get('email')?.toLowerCase();
	const found = account.agents.filter((agent) => email === undefined || agent.email.toLowerCase() === email);
	const page = found.slice(offset, offset + limit);
	const withDevices = (query.get('fields') ?? '').split(',').includes('devices');
	return v2List(
		envelope,
		{ total: found.length, count: page.length, offset, limit },
		page.map((agent) => userRecord(agent, withDevices)),
	);
}
