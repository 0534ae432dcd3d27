/** Addresses that a request must not be led to: a recording's address may come from anybody. */
import { apiHosts, readApiKey, type Account, type ApiKey } from '../account';
import { ExotelError } from '../errors';
import { isPrivateHost } from '../addresses';

/** Why an address is not asked: it leads into this network, or by plain http. */
export type UrlFault = 'internal' | 'http';

/** True for an address on one of the account's own API hosts (the simulator, for example). */
export function isOwnServer(url: URL, account: Account): boolean {
	return Object.values(apiHosts(account)).some((origin) => isSame(new URL(origin), url));
}

/** Exotel's buckets on other people's hosts, as printed in seeds 000, 001 and 004 and facts 3.1. */
const buckets = [
	'https://s3-ap-southeast-1.amazonaws.com/exotelrecordings/',
	'https://s3-ap-south-1.amazonaws.com/exotel-mum1-recordings/',
	'https://s3-us-west-2.amazonaws.com/exotel-us3-recordings/',
];

/** True for an address of Exotel: on one of its own hosts or in one of its known buckets, by https. */
export function isExotelServer(url: URL): boolean {
	if (url.protocol !== 'https:' || url.port !== '') return false;
	return /(?:^|\.)exotel\.(?:com|in)$/.test(url.hostname) || buckets.some((bucket) => url.href.startsWith(bucket));
}

/**
 * True for an address that may be asked with the account's key: of Exotel or on the account's own server, the latter
 * by plain http only inside this network.
 */
export function mayCarryKey(url: URL, account: Account): boolean {
	if (isExotelServer(url)) return true;
	return isOwnServer(url, account) && (url.protocol === 'https:' || isPrivateHost(url.hostname));
}

/**
 * What is wrong with an address that came from outside, or null. The account's own server is always right. A name is
 * judged by its letters here; where it leads is judged by `privateAddressError` when it is looked up.
 */
export function foreignUrlFault(url: URL, account: Account): UrlFault | null {
	if (isOwnServer(url, account)) return null;
	if (isPrivateHost(url.hostname)) return 'internal';
	return url.protocol === 'https:' ? null : 'http';
}

/**
 * The error for a host name that is looked up for a request with `publicOnly`, or null: one private address among
 * those it has is enough, as the host chooses which one it connects to.
 * @param addresses IP addresses of the name
 */
export function privateAddressError(hostname: string, addresses: readonly string[]): ExotelError | null {
	if (!addresses.some(isPrivateHost)) return null;
	return new ExotelError('exotel', `${hostname} is the name of a server inside this network. It was not asked.`, {
		hint:
			"A recording is on the internet, or on the account's own server. Check where its address came from, and " +
			'the name server of this machine.',
		code: 'PRIVATE_ADDRESS',
	});
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

/**
 * True for an address on this server, and not by plain http where the server's own address is https. The simulator on
 * this machine has several names: `localhost`, `127.0.0.1`, `[::1]`.
 */
function isSame(origin: URL, url: URL): boolean {
	if (url.protocol !== origin.protocol && url.protocol !== 'https:') return false;
	const both = [origin.hostname, url.hostname];
	return origin.host === url.host || (origin.port === url.port && both.every(isLoopback));
}

/** True for the names of this machine: `localhost`, `127.0.0.1`, `[::1]`. */
function isLoopback(hostname: string): boolean {
	return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}
