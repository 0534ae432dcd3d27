/** Reads the agents of an account as the control API takes them. */
import { isDiallable } from './phone-numbers';
import type { AgentSettings } from './options';

const switchNames = ['available', 'verified', 'device', 'deviceKnown', 'reachable', 'voipAllowed'] as const;
const textNames = ['id', 'name', 'email', 'groupId', 'groupName'] as const;
const MAX_AGENTS = 500;

/** @throws RangeError naming what is wrong */
export function readAgents(given: unknown): AgentSettings[] {
	if (!Array.isArray(given) || given.length > MAX_AGENTS)
		throw new RangeError(`agents must be an array of at most ${MAX_AGENTS} agents`);
	return given.map((entry: unknown, index) => {
		if (typeof entry !== 'object' || entry === null) throw new RangeError(`agents[${index}] must be an object`);
		const fields = entry as Record<string, unknown>;
		if (typeof fields.contact !== 'string' || !isDiallable(fields.contact))
			throw new RangeError(`agents[${index}].contact must be a phone number or SIP address`);
		const agent: AgentSettings = { contact: fields.contact };
		for (const name of textNames) {
			const value = fields[name];
			if (value === undefined || value === null) continue;
			if (typeof value !== 'string' || value.length > 200)
				throw new RangeError(`agents[${index}].${name} must be a text`);
			agent[name] = value;
		}
		for (const name of switchNames) {
			const value = fields[name];
			if (value === undefined) continue;
			if (typeof value !== 'boolean') throw new RangeError(`agents[${index}].${name} must be true or false`);
			agent[name] = value;
		}
		return agent;
	});
}
