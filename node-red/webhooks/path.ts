/** The path of a webhook from what a person typed: one rule for the runtime and the forms. */

/** All webhooks of this package live below this folder. */
export const WEBHOOK_FOLDER = '/exotel/';

/**
 * The path of a webhook below the HTTP root of Node-RED, from what the user typed; null when nothing usable was typed.
 */
export function webhookPath(typed: string): string | null {
	const trimmed = typed
		.trim()
		.replace(/^\/+|\/+$/g, '')
		.replace(/^exotel\/+/, '');
	// The self-test of the public URL answers there.
	if (trimmed === 'self-test') return null;
	return /^[A-Za-z0-9][A-Za-z0-9._~-]*(\/[A-Za-z0-9._~-]+)*$/.test(trimmed) ? WEBHOOK_FOLDER + trimmed : null;
}
