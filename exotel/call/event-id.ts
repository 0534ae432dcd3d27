/**
 * The id of an event: the same thing reported twice (a repeated delivery, the callback and a later poll, form and JSON)
 * has one id; two different things never share one. It is built from what Exotel says, never from when it arrived.
 */
import { createHash } from 'crypto';
import type { AgentEventType, CallStepType, Party } from './call';

/**
 * The end of a call: one id, whichever source reports it, except a flow that reports no answer (`flowEventId`):
 * the flow may still dial another number.
 */
export function terminalEventId(sid: string): string {
	return `${sid}:call:terminal`;
}

/** A step of a call, from a status callback. The leg is part of the id; `-` when the legs do not say. */
export function callEventId(sid: string, type: string, party: Party | null): string {
	return `${sid}:call:${wordOf(type)}:${party ?? '-'}`;
}

/** A word of Exotel's in an id; what is no word is hashed, because ids are kept. */
function wordOf(word: string): string {
	return /^[\w-]{1,40}$/.test(word) ? word : createHash('sha256').update(word).digest('hex').slice(0, 16);
}

/** A request of a flow to one of our URLs, distinguished by Exotel’s clock. */
export function flowEventId(sid: string, type: CallStepType, at: string): string {
	return `${sid}:flow:${type}:${at}`;
}

/** What tells one step of one attempt to reach one agent from every other. */
export interface AgentStep {
	type: AgentEventType;
	/** Exotel's word for the step; null when there is none. */
	step: string | null;
	/** The agent's number or SIP address. */
	contact: string | null;
	/** Exotel's clock, ISO 8601, or `-`. */
	at: string;
}

/**
 * A step of one attempt to reach one agent. Several agents ring under one call id and one agent may be tried twice, so
 * the agent and Exotel's clock are part of it; the number itself is not, because ids end up in logs.
 */
export function agentEventId(sid: string, { type, step, contact, at }: AgentStep): string {
	const who = contact === null ? '-' : createHash('sha256').update(`${sid} ${contact}`).digest('hex').slice(0, 12);
	return `${sid}:${type}:${step === null ? '-' : wordOf(step)}:${who}:${at}`;
}

/** Agent and clock out of the id of an agent's event. */
const AGENT_EVENT_ID = /:agent-(busy|free):[\w-]+:(-|[\da-f]{12}):(.+)$/;

/** True when `seen` holds the end of an attempt to reach the same agent that is later than the agent's event `id`. */
export function isOverBy(seen: readonly string[], id: string): boolean {
	const [, , who, at = ''] = AGENT_EVENT_ID.exec(id) ?? [];
	return seen.some((other) => {
		const [, state, otherWho, end = ''] = AGENT_EVENT_ID.exec(other) ?? [];
		return state === 'free' && otherWho === who && Date.parse(end) > Date.parse(at);
	});
}
