/**
 * Follows the redirects of a request that only reads. The hosts' own clients would go wherever a server sends them;
 * here every step is judged before it is taken, by the same rules on each host.
 */
import type { Account } from '../account';
import { ExotelError } from '../errors';
import { foreignUrlFault, isOwnServer, mayCarryKey, type UrlFault } from '../net/internal-url';
import type { Clock, HttpRequest, HttpResponse, Transport, TransportOptions } from './transport';

/** Recordings redirect to their storage once; more than this is a loop. */
const MAX_REDIRECTS = 5;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** What following redirects needs of its host. */
interface Following {
	transport: Transport;
	clock: Clock;
	account: Account;
}

/**
 * Sends a request and, for a GET, what its redirects ask for; all within one timeout. The key stays on its server.
 * @throws ExotelError when a redirect leads into this network or to plain http; else what the transport rejects with.
 */
export async function sendFollowing(
	request: HttpRequest,
	{ transport, clock, account }: Following,
	options: TransportOptions,
): Promise<HttpResponse> {
	const end = clock.elapsed() + options.timeoutMs;
	let current = request;
	for (let redirects = 0; ; redirects += 1) {
		const timeoutMs = Math.max(1, end - clock.elapsed());
		const response = await transport(current, { ...options, timeoutMs });
		const next = redirects < MAX_REDIRECTS ? targetOf(current, response) : null;
		if (next === null) return response;
		const fault = foreignUrlFault(next, account);
		if (fault !== null) throw refusedRedirect(response.status, fault);
		const staysThere = next.origin === new URL(current.url).origin;
		current = {
			...current,
			url: next.href,
			authenticate: current.authenticate && staysThere && mayCarryKey(next, account),
			publicOnly: !isOwnServer(next, account),
		};
	}
}

/** Where a response sends a GET; null when it does not. */
function targetOf(request: HttpRequest, response: Partial<HttpResponse> | undefined): URL | null {
	const { status = 0, headers = {} } = response ?? {};
	const { location } = headers;
	if (request.method !== 'GET' || !REDIRECTS.has(status) || location === undefined) return null;
	if (!URL.canParse(location, request.url)) return null;
	const target = new URL(location, request.url);
	return /^https?:$/.test(target.protocol) ? target : null;
}

function refusedRedirect(httpStatus: number, fault: UrlFault): ExotelError {
	const target = fault === 'http' ? 'an address that is not encrypted (http)' : 'an address inside this network';
	return new ExotelError('exotel', `The server redirected to ${target}.`, {
		hint: 'It was not followed. Check where the address came from, and the base URL of the account.',
		httpStatus,
	});
}
