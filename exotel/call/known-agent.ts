/**
 * What is known of the agents of a call. A flow may dial several: each one's name and group are kept apart from the
 * others', and the agent of the call is the one named last.
 */
import type { Agent } from './call';

/** Agents whose names are kept; a call that is transferred more often than this is none. */
const MAX_AGENTS = 20;
const agentFields = ['id', 'name', 'groupId', 'groupName'] as const satisfies readonly (keyof Agent)[];

/** Hands out an agent as flat fields, blanks too. */
export function eachAgentField(agent: Agent, put: (name: string, value: unknown) => void): void {
	put('agent', true);
	put('agent.contact', agent.contact);
	for (const field of agentFields) put(agentKey(agent.contact, field), agent[field]);
}

function agentKey(contact: string | null, field: (typeof agentFields)[number]): string {
	return `agent.${contact ?? ''}.${field}`;
}

/** The agent out of flat fields; null when no event named one. */
export function agentOf(known: Readonly<Record<string, unknown>>): Agent | null {
	if (known['agent'] !== true) return null;
	const contact = (known['agent.contact'] ?? null) as Agent['contact'];
	const agent: Agent = { id: null, name: null, contact, groupId: null, groupName: null };
	for (const field of agentFields) {
		// What a source says without a contact is about the agent whom the others name.
		agent[field] = (known[agentKey(contact, field)] ?? known[agentKey(null, field)] ?? null) as string | null;
	}
	return agent;
}

/** True when one more agent would make the timeline too large. */
export function hasTooManyAgents(known: Readonly<Record<string, unknown>>, field: string): boolean {
	if (!field.startsWith('agent.+') && !field.startsWith('agent.sip')) return false;
	return Object.keys(known).filter((name) => name.startsWith('agent.')).length >= MAX_AGENTS * agentFields.length;
}
