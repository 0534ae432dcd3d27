/**
 * Keeps other web pages from operating the simulator. A browser names the page a write comes from (`Origin`,
 * `Sec-Fetch-Site`); programs name none. A page could also point its own name at this machine (DNS rebinding), so every
 * request has to name a host that is known to be the simulator's.
 */
import { isIP } from 'node:net';
import { json, type Answer } from '../../wire/answer';
import type { Incoming } from './request';
import type { Simulation } from '../../engine/simulation';

/** Why a request is refused whatever it asks for: 403 with the reason; null if it is not. */
export function foreignRefusal({ settings, url }: Simulation, incoming: Incoming): Answer | null {
	const publicName = settings.publicUrl === null ? null : new URL(settings.publicUrl).hostname;
	const { host } = incoming.headers;
	if (host !== undefined && !isOwnName(hostName(host), [settings.host.toLowerCase(), publicName])) {
		return json(403, {
			error: `The simulator is not known under this name. Use ${url}, or name it with --public-url.`,
		});
	}
	const writes = incoming.method !== 'GET' && incoming.method !== 'HEAD';
	if (writes && isCrossOrigin(incoming, publicName)) {
		return json(403, {
			error:
				'Writes from another web page are refused. Use the page at /_simulator/ or a client that ' +
				'sends no Origin header.',
		});
	}
	return null;
}

/** True if the request was made by a page that is not the simulator's own. */
function isCrossOrigin({ headers }: Incoming, publicName: string | null): boolean {
	const { origin, host, 'sec-fetch-site': site } = headers;
	if (site !== undefined && site !== 'same-origin' && site !== 'none') return true;
	if (origin === undefined) return false;
	if (!URL.canParse(origin)) return true;
	const from = new URL(origin);
	return from.host !== host?.toLowerCase() && from.hostname !== publicName;
}

/**
 * Addresses, names without a dot (a computer or container of the own network) and the reserved `localhost` and
 * `internal` cannot be registered by a stranger; other names have to be configured.
 */
function isOwnName(name: string, configured: readonly (string | null)[]): boolean {
	return isIP(name) !== 0 || !name.includes('.') || /\.(localhost|internal)$/.test(name) || configured.includes(name);
}

/** The name in a `Host` header, without port, brackets and final dot. */
function hostName(host: string): string {
	return host
		.toLowerCase()
		.replace(/:\d*$/, '')
		.replace(/^\[(.*)\]$/, '$1')
		.replace(/\.$/, '');
}
