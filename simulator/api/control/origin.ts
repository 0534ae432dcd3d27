/**
 * Keeps other web pages from operating the simulator: a browser names the page a request comes from (`Origin`,
 * `Sec-Fetch-Site`); programs name none. On a loopback address the `Host` must be a loopback name too (or the public
 * one), for reading as well: a page could point its own name at this machine.
 */
import type { Incoming } from '../http/request';

/** True if the request was made by a page that is not the simulator's own. */
export function isCrossOrigin(incoming: Incoming): boolean {
	const { origin, host, 'sec-fetch-site': site } = incoming.headers;
	if (site !== undefined && site !== 'same-origin' && site !== 'none') return true;
	if (origin === undefined) return false;
	try {
		return new URL(origin).host !== host;
	} catch {
		return true;
	}
}

/** True if a simulator on a loopback address is addressed by a name that is neither loopback nor its public one. */
export function isUntrustedHost(incoming: Incoming, boundTo: string, publicUrl: string | null): boolean {
	const { host } = incoming.headers;
	if (host === undefined || !isLoopback(boundTo) || isLoopback(hostName(host))) return false;
	return publicUrl === null || new URL(publicUrl).host !== host.toLowerCase();
}

function hostName(host: string): string {
	return host.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
}

function isLoopback(name: string): boolean {
	return name === 'localhost' || name === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(name);
}
