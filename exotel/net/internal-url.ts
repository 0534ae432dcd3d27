/** Addresses that a request must not be led to: a recording's address may come from anybody. */
import { apiHosts, type Account } from '../account';
import { isPrivateHost } from './addresses';

/**
 * True for an address that only this machine or this network can reach, unless it is on the account's own API host (the
 * simulator, for example). A name is judged by its letters; nothing is looked up.
 */
export function isInternalUrl(url: URL, account: Account): boolean {
	const isOwnServer = Object.values(apiHosts(account)).some((origin: string) => new URL(origin).host === url.host);
	return !isOwnServer && isPrivateHost(url.hostname);
}
