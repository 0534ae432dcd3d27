/**
 * The address under which Exotel reaches this host: what can be wrong with it, and the callback URL made from it, with
 * our token and the id of the attempt.
 */
import type { Region } from '../account';
import { inputError } from '../errors';
import { isPrivateHost } from '../addresses';

/** Query parameter that carries the webhook token. */
export const TOKEN_PARAMETER = 'token';
/** Query parameter that carries the id of the attempt that placed the call. */
export const ATTEMPT_PARAMETER = 'attempt';

/** What is wrong with a public address; `private`: Exotel's servers cannot reach it. */
export type PublicUrlFault = 'missing' | 'unreadable' | 'private';

/** What is wrong with a public address, or null. It must be plain http(s), without user name, query and fragment. */
export function publicUrlFault(publicUrl: string): PublicUrlFault | null {
	if (publicUrl === '') return 'missing';
	if (!URL.canParse(publicUrl)) return 'unreadable';
	const { protocol, username, password, search, hash, hostname } = new URL(publicUrl);
	const isHttp = protocol === 'https:' || protocol === 'http:';
	const plain = isHttp && [username, password, search, hash].every((part) => part === '');
	if (!plain) return 'unreadable';
	return isPrivateHost(hostname) ? 'private' : null;
}

/**
 * True when callbacks can reach this address: a public one, or a private one for an account on a server of the user's
 * own (region `custom`), such as the simulator.
 */
export function canReceiveCallbacks(publicUrl: string, region: Region): boolean {
	const fault = publicUrlFault(publicUrl);
	return fault === null || (fault === 'private' && region === 'custom');
}

/**
 * A callback URL with its token and attempt id; what the base URL already has in its query stays.
 * @throws ExotelError of kind `input` when the base is not an http(s) URL.
 */
export function callbackUrl(base: string, parameters: { token?: string; attemptId?: string }): string {
	const [address = ''] = base.trim().split('#');
	if (!/^https?:\/\/[^/?\s]+/i.test(address) || !URL.canParse(address)) {
		const message = 'Public URL must start with https:// or http://. Example: https://flows.example.com';
		throw inputError([{ field: 'publicUrl', rule: 'url', message }]);
	}
	const added: string[] = [];
	if (parameters.token) added.push(`${TOKEN_PARAMETER}=${encodeURIComponent(parameters.token)}`);
	if (parameters.attemptId) added.push(`${ATTEMPT_PARAMETER}=${encodeURIComponent(parameters.attemptId)}`);
	if (added.length === 0) return address;
	return `${address}${separatorAfter(address)}${added.join('&')}`;
}

function separatorAfter(address: string): string {
	if (!address.includes('?')) return '?';
	return /[?&]$/.test(address) ? '' : '&';
}
