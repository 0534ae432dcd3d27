/** The path of a webhook from what a person typed: one rule for the runtime and the forms. */

/** All webhooks of this package live below this folder. */
const WEBHOOK_FOLDER = '/exotel/';

/** A path without the slashes at its ends. */
export function withoutSlashes(path: string): string {
	let [start, end] = [0, path.length];
	while (path[start] === '/') start += 1;
	while (end > start && path[end - 1] === '/') end -= 1;
	return path.slice(start, end);
}

/** The path of a webhook as its node names it: `who-to-ring` for `/exotel/who-to-ring`. */
export function belowFolder(path: string): string {
	return path.slice(WEBHOOK_FOLDER.length);
}

/**
 * True for a public URL that ends with the folder which every address of a webhook gets anyway: `/exotel/exotel/…`
 * leads nowhere. One that ends with the HTTP root of Node-RED is fine, whatever that is.
 */
export function repeatsFolder(publicUrl: string, httpNodeRoot: unknown): boolean {
	if (!URL.canParse(publicUrl)) return false;
	const path = `/${withoutSlashes(new URL(publicUrl).pathname)}/`;
	const root = typeof httpNodeRoot === 'string' ? withoutSlashes(httpNodeRoot) : '';
	return path.endsWith(WEBHOOK_FOLDER) && (root === '' || !path.endsWith(`/${root}/`));
}

/**
 * The path of a webhook below the HTTP root of Node-RED, from what the user typed; null when nothing usable was typed.
 */
export function webhookPath(typed: string): string | null {
	const below = withoutSlashes(typed.trim());
	const trimmed = below.startsWith('exotel/') ? withoutSlashes(below.slice('exotel/'.length)) : below;
	// The self-test of the public URL answers there.
	if (trimmed === 'self-test') return null;
	return /^[A-Za-z0-9][A-Za-z0-9._~-]*(\/[A-Za-z0-9._~-]+)*$/.test(trimmed) ? WEBHOOK_FOLDER + trimmed : null;
}
