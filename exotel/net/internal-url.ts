/** Addresses that a request must not be led to: a recording's address may come from anybody. */
import { apiHosts, readApiKey, type Account, type ApiKey } from '../account';
import { ExotelError } from '../errors';
import { isPrivateHost, parseAddress } from '../addresses';

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
 * True for an address that may be asked with the account's key: of Exotel, or with the very origin of the account's own
 * server, which `readAccount` lets be plain http inside this network only. An address with a login or a signature of
 * its own needs no key.
 */
export function mayCarryKey(url: URL, account: Account): boolean {
	if (url.username !== '' || url.password !== '') return false;
	if ([...url.searchParams.keys()].some((name) => /^(?:x-amz-)?signature$/i.test(name))) return false;
	return (
		isExotelServer(url) || Object.values(apiHosts(account)).some((origin) => new URL(origin).origin === url.origin)
	);
}

/**
 * What is wrong with an address that came from outside, or null. The account's own server is always right. A name is
 * judged by its letters here; where it leads is judged by `publicAddressesOf`.
 */
export function foreignUrlFault(url: URL, account: Account): UrlFault | null {
	if (isOwnServer(url, account)) return null;
	if (isPrivateHost(url.hostname)) return 'internal';
	return url.protocol === 'https:' ? null : 'http';
}

/**
 * The addresses to which the name in a URL from outside leads, looked up and judged before anything is sent: also where
 * a proxy looks the name up once more. Null for an IP address, which `foreignUrlFault` has judged, and for a server of
 * Exotel that only a proxy knows: by its certificate it can be no server of this network.
 * @param lookup gives the IP addresses of a name
 * @throws ExotelError when one of them is private, as the host chooses which one it connects to; else what `lookup`
 * rejects with, so that a name that cannot be judged is not asked
 */
export async function publicAddressesOf<Found extends { address: string }>(
	written: string,
	lookup: (name: string) => Promise<Found[]>,
): Promise<Found[] | null> {
	const url = new URL(written);
	if (parseAddress(url.hostname) !== null) return null;
	const found = await lookup(url.hostname).catch((failure: unknown) => {
		if (isExotelServer(url)) return null;
		throw failure;
	});
	if (found?.some(({ address }) => isPrivateHost(address)) === true) throw privateAddressError(url.hostname);
	return found;
}

function privateAddressError(hostname: string): ExotelError {
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
