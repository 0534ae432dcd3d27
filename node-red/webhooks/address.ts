/**
 * Where Exotel reaches a webhook of this Node-RED, and the token in that address.
 *
 * The account holds one secret webhook token. The address of a path carries a token derived from it for that path
 * alone: who reads one address in a dashboard or a log cannot forge callbacks for another, and the secret itself is
 * never shown again. The secret is accepted as well, for addresses written by hand.
 */
import { createHmac } from 'node:crypto';
import { isIP } from 'node:net';
import { callbackUrl } from '../../exotel/index';

export { WEBHOOK_FOLDER, webhookPath } from './path';

/** The token of one path: 128 bits, URL-safe. */
export function pathToken(secret: string, path: string): string {
	return createHmac('sha256', secret).update(`exotel webhook ${path}`).digest('base64url').slice(0, 22);
}

/** Every token a request to `path` may carry: derived and secret, of the present and of the previous webhook token. */
export function acceptedTokens(secrets: readonly string[], path: string): string[] {
	return secrets.filter((secret) => secret !== '').flatMap((secret) => [pathToken(secret, path), secret]);
}

/** Joins the public address of this Node-RED with its HTTP root, unless the address already ends with it. */
export function webhookBase(publicUrl: string, httpNodeRoot: string | false | undefined): string {
	const base = publicUrl.replace(/\/+$/, '');
	const root = typeof httpNodeRoot === 'string' ? httpNodeRoot.replace(/^\/+|\/+$/g, '') : '';
	return root === '' || new URL(base).pathname.endsWith(`/${root}`) ? base : `${base}/${root}`;
}

/** The full address of a webhook, token and attempt included. */
export function webhookUrl(base: string, path: string, secret: string, attemptId?: string): string {
	return callbackUrl(base + path, {
		...(secret === '' ? {} : { token: pathToken(secret, path) }),
		...(attemptId === undefined ? {} : { attemptId }),
	});
}

/**
 * What is wrong with a public address, as the last part of a catalogue key; null when nothing can be said against it.
 */
export function publicUrlFault(publicUrl: string): 'missing' | 'unreadable' | 'private' | null {
	if (publicUrl === '') return 'missing';
	let url: URL;
	try {
		url = new URL(publicUrl);
	} catch {
		return 'unreadable';
	}
	if (
		(url.protocol !== 'https:' && url.protocol !== 'http:') ||
		url.username !== '' ||
		url.search !== '' ||
		url.hash !== ''
	)
		return 'unreadable';
	return isPrivateHost(url.hostname) ? 'private' : null;
}

/** True for a host that only this machine or this network can reach. */
export function isPrivateHost(hostname: string): boolean {
	const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
	if (isIP(host) === 4) {
		const [a = 0, b = 0] = host.split('.').map(Number);
		return (
			a === 0 ||
			a === 10 ||
			a === 127 ||
			(a === 100 && b >= 64 && b < 128) ||
			(a === 169 && b === 254) ||
			(a === 172 && b >= 16 && b < 32) ||
			(a === 192 && b === 168)
		);
	}
	if (isIP(host) === 6)
		return host === '::1' || host === '::' || /^f[cd]|^fe[89ab]/.test(host) || host.startsWith('::ffff:');
	return (
		host === 'localhost' ||
		!host.includes('.') ||
		/\.(local|localhost|internal|lan|home|test|invalid|example)$/.test(host)
	);
}
