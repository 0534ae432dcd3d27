/**
 * The part of an incoming message that later messages about the same call carry on. It may have to wait for hours, in
 * memory or in a context store, so it is plain JSON of limited size; the request and response objects of a webhook
 * never are.
 */
import type { Message } from '../host';

/** All kept properties together; a flow that needs more keeps it itself, under the call's id. */
const MAX_CHARACTERS = 16_384;
/** Set anew on every message. */
const REPLACED = new Set(['payload', 'exotel', 'req', 'res', 'error', '_error', '_event']);

/** The kept properties, and the names of those that were too large or no JSON. */
export interface KeptMessage {
	properties: Record<string, unknown>;
	dropped: string[];
}

/** Copies what can be kept; small properties go before large ones. */
export function keepMessage(msg: Message): KeptMessage {
	const candidates: [string, string][] = [];
	const dropped: string[] = [];
	for (const [name, value] of Object.entries(msg)) {
		if (REPLACED.has(name) || value === undefined) continue;
		// Written into an object, this name would replace its prototype.
		const written = name === '__proto__' ? null : asJson(value);
		if (written === null) dropped.push(name);
		else candidates.push([name, written]);
	}
	candidates.sort(([, a], [, b]) => a.length - b.length);
	const properties: Record<string, unknown> = {};
	let size = 0;
	for (const [name, written] of candidates) {
		size += name.length + written.length;
		if (size > MAX_CHARACTERS) dropped.push(name);
		else properties[name] = JSON.parse(written);
	}
	return { properties, dropped };
}

function asJson(value: unknown): string | null {
	try {
		return JSON.stringify(value) ?? null;
	} catch {
		return null;
	}
}
