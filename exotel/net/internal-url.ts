/** Addresses that a request must not be led to: a recording's address may come from anybody. */
import { apiHosts, readApiKey, type Account, type ApiKey } from '../account';
import { isPrivateHost } from './addresses';

/**
 * True for an address that only this machine or this network can reach, unless it is on the account's own API host (the
 * simulator, for example). A name is judged by its letters; nothing is looked up.
 */
export function isInternalUrl(url: URL, account: Account): boolean {
	return (
		isPrivateHost(url.hostname) && !Object.values(apiHosts(account)).some((origin) => isSame(new URL(origin), url))
	);
}

/** True for an account on a server of this machine, such as the simulator: no request leaves the machine. */
export function isOnThisMachine(account: Account): boolean {
	return Object.values(apiHosts(account)).every((origin) => isLoopback(new URL(origin).hostname));
}

/** What an account on this machine is sent with when it has no key: the simulator accepts any. */
const ANY_KEY: ApiKey = { key: 'any-key', token: 'any-token' };

/**
 * The secrets of an account; null for one that cannot be read. An account on a server of this machine works without.
 * @throws ExotelError of kind `input` naming every bad field.
 */
export function readAccountKey(account: Account | null, input: { key?: unknown; token?: unknown }): ApiKey {
	if (account === null || !isOnThisMachine(account)) return readApiKey(input);
	return readApiKey({ key: input.key || ANY_KEY.key, token: input.token || ANY_KEY.token });
}

/** The simulator on this machine has several names: `localhost`, `127.0.0.1`, `[::1]`. */
function isSame(origin: URL, url: URL): boolean {
	const both = [origin.hostname, url.hostname];
	return origin.host === url.host || (origin.port === url.port && both.every(isLoopback));
}

/** True for the names of this machine: `localhost`, `127.0.0.1`, `[::1]`. */
function isLoopback(hostname: string): boolean {
	return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}
