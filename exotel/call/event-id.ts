/**
 * The id of an event: the same thing reported twice (a repeated delivery, the callback and a later poll, form and JSON)
 * has one id; two different things never share one. It is built from what Exotel says, never from when it arrived.
 */
import { createHash } from 'crypto';
import type { CallEventType, Party } from './call';

/**
 * The end of a call: one id, whichever source reports it, except a flow that reports no answer (`flowEventId`):
 * the flow may still dial another number.
 */
export function terminalEventId(sid: string): string {
	return `${sid}:call:terminal`;
}

/** A step of a call, from a status callback. The leg is part of the id; `-` when the legs do not say. */
export function callEventId(sid: string, type: CallEventType | string, party: Party | null): string {
	return `${sid}:call:${wordOf(type)}:${party ?? '-'}`;
}

/** A word of Exotel's in an id; what is no word is hashed, because ids are kept. */
function wordOf(word: string): string {
	return /^[\w-]{1,40}$/.test(word) ? word : createHash('sha256').update(word).digest('hex').slice(0, 16);
}

/** A request of a flow to one of our URLs, distinguished by Exotel’s clock. */
export function flowEventId(sid: string, type: CallEventType, at: string): string {
	return `${sid}:flow:${type}:${at}`;
}

/**
 * A step of one attempt to reach one agent. Several agents ring under one call id and one agent may be tried twice, so
 * the agent and Exotel's clock are part of it; the number itself is not, because ids end up in logs.
 */
export function agentEventId(sid: string, type: CallEventType, contact: string | null, at: string): string {
	const who = contact === null ? '-' : createHash('sha256').update(`${sid} ${contact}`).digest('hex').slice(0, 12);
	return `${sid}:agent:${type}:${who}:${at}`;
}
