/**
 * What is known of the agents of a call. A flow may dial several: each one's name and group are kept apart from the
 * others', and the agent of the call is the one who answered last, else the one named last.
 */
import { createHash } from 'crypto';
import { isAgentEvent, type Agent, type Call, type CallEvent } from './call';

/** Agents whose names are kept; a call that is transferred more often than this is none. */
const MAX_AGENTS = 20;
/** A longer contact is neither a number nor a SIP address; its hash stands for it. */
const MAX_CONTACT_LENGTH = 100;
const agentFields = ['id', 'name', 'groupId', 'groupName'] as const satisfies readonly (keyof Agent)[];

/** The name under which a field of one agent is kept. */
type AgentKey = `agent.${string}.${(typeof agentFields)[number]}`;

/** What is known of the agents, by the name of the field. */
export type KnownAgents = { agent?: true; 'agent.contact'?: Agent['contact'] } & { [Name in AgentKey]?: string | null };

/** Hands out an agent as flat fields, blanks too. */
export function eachAgentField(
	agent: Agent,
	put: <Name extends keyof KnownAgents>(name: Name, value: KnownAgents[Name] | null) => void,
): void {
	put('agent', true);
	put('agent.contact', agent.contact);
	for (const field of agentFields) put(agentKey(agent.contact, field), agent[field]);
}

function agentKey(contact: string | null, field: (typeof agentFields)[number]): AgentKey {
	const isLong = contact !== null && contact.length > MAX_CONTACT_LENGTH;
	const name = isLong ? createHash('sha256').update(contact).digest('hex') : (contact ?? '');
	return `agent.${name}.${field}`;
}

/** The agent out of flat fields; null when no event named one. */
export function agentOf(known: KnownAgents): Agent | null {
	if (known.agent !== true) return null;
	const contact = known['agent.contact'] ?? null;
	const agent: Agent = { id: null, name: null, contact, groupId: null, groupName: null };
	for (const field of agentFields) {
		// What a source says without a contact is about the agent whom the others name.
		agent[field] = known[agentKey(contact, field)] ?? known[agentKey(null, field)] ?? null;
	}
	return agent;
}

/**
 * Whom an event of an agent is about, as flat fields; none for any other event. Connect 1.1 calls the agent `to`, too
 * (seed 003).
 */
export function ownAgent(event: CallEvent): Pick<KnownAgents, 'agent.contact'> & Partial<Pick<Call, 'to'>> {
	if (!isAgentEvent(event) || event.agentNumber === null) return {};
	const { agentNumber, source } = event;
	return { 'agent.contact': agentNumber, ...(source === 'call-event-passthru' && { to: agentNumber }) };
}

/** Which agent a field of `agentKey` is about; null for any other field, and for an agent without contact. */
function keptContact(field: string): string | null {
	return /^agent\.(.+)\.\w+$/s.exec(field)?.[1] ?? null;
}

/**
 * Fields of the agents that are too many. Those whose contacts sort first stay: a rule that depends neither on the
 * order of the events nor on which of them has already been left out.
 */
export function fieldsOfTooManyAgents(known: KnownAgents): AgentKey[] {
	const contacts = new Set(Object.keys(known).flatMap((field) => keptContact(field) ?? []));
	if (contacts.size <= MAX_AGENTS) return [];
	const dropped = new Set([...contacts].sort().slice(MAX_AGENTS));
	return Object.keys(known).filter((field): field is AgentKey => dropped.has(keptContact(field) ?? ''));
}
