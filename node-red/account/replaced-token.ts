/**
 * The webhook token an account had before it was given a new one. Calls under way report to addresses with the old
 * token, and those pasted into Exotel are replaced by hand; so the old one is accepted for a day more, by this Node-RED
 * and until it restarts. The editor cannot keep it for the user: it never sees a saved token again.
 */
import type { Express } from 'express';
import type { Red } from '../host';

/** Longer than the longest call, long enough to paste a few addresses. */
const STILL_ACCEPTED_MS = 24 * 60 * 60 * 1000;

interface Tokens {
	present: string;
	replaced: string;
	/** ms since 1970. */
	until: number;
}

/** By account id; an account that is deleted is forgotten. */
const known = new WeakMap<Express, Map<string, Tokens>>();

/**
 * Notes the token an account has now; the function returned gives the one it had before while that is still accepted,
 * else blank.
 */
export function replacedToken(RED: Red, accountId: string, present: string): () => string {
	let ofRuntime = known.get(RED.httpNode);
	if (ofRuntime === undefined) known.set(RED.httpNode, (ofRuntime = new Map()));
	const last = ofRuntime.get(accountId);
	const tokens =
		last === undefined
			? { present, replaced: '', until: 0 }
			: last.present === present
				? last
				: { present, replaced: last.present, until: Date.now() + STILL_ACCEPTED_MS };
	ofRuntime.set(accountId, tokens);
	// Whoever takes the token away wants no check at all.
	return () => (present !== '' && Date.now() < tokens.until ? tokens.replaced : '');
}

/** The account was deleted. */
export function forgetTokens(RED: Red, accountId: string): void {
	known.get(RED.httpNode)?.delete(accountId);
}
