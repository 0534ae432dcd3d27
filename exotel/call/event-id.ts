/**
 * The id of an event: the same thing told twice (a repeated delivery, the callback and a later look-up, form and JSON)
 * has one id; two different things never share one. It is built from what Exotel says, never from when we heard it.
 */
import { createHash } from 'crypto';
import type { CallEventType, Party } from './call';

/**
 * The end of a call: one id whoever tells it, but for a flow's word that nobody answered (`flowId`), which may not be
 * the last.
 */
export function endId(sid: string): string {
	return `${sid}:call:terminal`;
}

/** A step of a call told by a status callback: which leg is part of the id, `-` when the legs do not tell. */
export function stepId(sid: string, type: CallEventType | string, party: Party | null): string {
	return `${sid}:call:${type}:${party ?? '-'}`;
}

/** A visit of a flow to one of our URLs, told apart by Exotel's clock. */
export function flowId(sid: string, type: CallEventType, at: string): string {
	return `${sid}:flow:${type}:${at}`;
}

/**
 * A step of one attempt to reach one agent. Several agents ring under one call id and one agent may be tried twice, so
 * the agent and Exotel's clock are part of it; the number itself is not, because ids end up in logs.
 */
export function agentId(sid: string, type: CallEventType, contact: string | null, at: string): string {
	const who = contact === null ? '-' : createHash('sha256').update(`${sid} ${contact}`).digest('hex').slice(0, 12);
	return `${sid}:agent:${type}:${who}:${at}`;
}
