/**
 * Whether a request may be believed. Exotel signs nothing (facts 6.4), so our callback URL carries a random token,
 * compared in constant time, two valid at once for rotation; an address list and the proxies to be trusted are
 * optional. The same file writes that URL and reads the attempt id out of it.
 */
import { createHash, timingSafeEqual } from 'crypto';
import ipaddr from 'ipaddr.js';
import { text } from '../call/values';
import { inputError } from '../errors';
import { ATTEMPT_PARAMETER, header, type IncomingRequest, queryEntries, TOKEN_PARAMETER } from './incoming';

/** Whom to believe. */
export interface SenderRules {
	/** Valid tokens; blanks are ignored. Without any, no token is asked for. */
	tokens: readonly string[];
	/** Addresses or CIDR ranges that may call, e.g. `203.0.113.0/24`; none means any. */
	allowedAddresses?: readonly string[];
	/** Addresses or ranges of our own proxies: only from them is `X-Forwarded-For` believed. */
	trustedProxies?: readonly string[];
	/** Query parameter of the token, `token` unless set. */
	tokenParameter?: string;
}

/** The answer: allowed, or the status to send and a reason for the log (no token, no address). */
export type SenderVerdict = { allowed: true } | { allowed: false; httpStatus: 401 | 403; reason: string };

type Address = ReturnType<typeof ipaddr.process>;

/** Most hops read out of `X-Forwarded-For`. */
const MOST_HOPS = 20;
/** Longest token that is compared; ours has 43 characters. */
const LONGEST_TOKEN = 512;

function digest(token: string): Buffer {
	return createHash('sha256').update(token).digest();
}

function lastSegment(path: string | undefined): string | null {
	const segment = path?.split('?')[0]?.split('/').pop();
	if (segment === undefined || segment === '') return null;
	try {
		return decodeURIComponent(segment);
	} catch {
		return segment;
	}
}

function tokenAccepted(request: IncomingRequest, tokens: readonly string[], parameter: string): boolean {
	const offered = [lastSegment(request.path)];
	for (const [name, value] of queryEntries(request)) if (name === parameter) offered.push(text(value));
	const expected = tokens.map(digest);
	let accepted = false;
	for (const candidate of offered) {
		if (candidate === null || candidate.length > LONGEST_TOKEN) continue;
		const candidateDigest = digest(candidate);
		// Every token is compared, so that the time taken does not tell which one came close.
		for (const wanted of expected) accepted = timingSafeEqual(candidateDigest, wanted) || accepted;
	}
	return accepted;
}

/** Reads an address, also `1.2.3.4:5678`, `[::1]:80` and IPv4 mapped into IPv6; null when it is none. */
function readAddress(written: string | undefined): Address | null {
	const bare = (written ?? '')
		.trim()
		.replace(/^\[([^\]]*)\](?::\d+)?$/, '$1')
		.replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1');
	return ipaddr.isValid(bare) ? ipaddr.process(bare) : null;
}

function readRange(rule: string): [Address, number] | null {
	const [written, bits, ...rest] = rule.trim().split('/');
	const address = readAddress(written);
	if (address === null || rest.length > 0) return null;
	const longest = address.kind() === 'ipv4' ? 32 : 128;
	if (bits === undefined) return [address, longest];
	const prefix = /^\d{1,3}$/.test(bits) ? Number(bits) : NaN;
	return prefix <= longest ? [address, prefix] : null;
}

function within(address: Address, rules: readonly string[]): boolean {
	return rules.some((rule) => {
		const range = readRange(rule);
		return range !== null && range[0].kind() === address.kind() && address.match(range as never);
	});
}

/** The rule for an editor: true, or what is wrong with an address or CIDR range. */
export function checkAddressRule(rule: string): true | string {
	return readRange(rule) === null
		? `"${rule}" is no IP address or range; examples are 203.0.113.7 and 203.0.113.0/24.`
		: true;
}

/**
 * The address of the sender: the connection's, or behind trusted proxies the nearest one that is not a proxy of ours.
 */
function senderAddress(request: IncomingRequest, trustedProxies: readonly string[]): Address | null {
	let address = readAddress(request.remoteAddress);
	const hops = (header(request, 'x-forwarded-for') ?? '').split(',').slice(-MOST_HOPS);
	while (address !== null && within(address, trustedProxies) && hops.length > 0) {
		const hop = hops.pop() as string;
		if (hop.trim() === '') break;
		address = readAddress(hop);
	}
	return address;
}

/**
 * Decides whether a request may be believed. The token may be in the query or be the last segment of the path. 401 for
 * a missing or wrong token, 403 for an address that is not on the list. Never throws.
 */
export function checkSender(request: IncomingRequest, rules: SenderRules): SenderVerdict {
	const tokens = rules.tokens.filter((token) => token !== '');
	if (tokens.length > 0) {
		let accepted = false;
		try {
			accepted = tokenAccepted(request, tokens, rules.tokenParameter ?? TOKEN_PARAMETER);
		} catch {
			// A query that cannot be read holds no token.
		}
		if (!accepted) return { allowed: false, httpStatus: 401, reason: 'The webhook token is missing or wrong.' };
	}
	const allowed = (rules.allowedAddresses ?? []).filter((rule) => rule.trim() !== '');
	if (allowed.length > 0) {
		const address = senderAddress(request, rules.trustedProxies ?? []);
		if (address === null || !within(address, allowed)) {
			return {
				allowed: false,
				httpStatus: 403,
				reason: 'The sender’s address is not on the list of allowed addresses.',
			};
		}
	}
	return { allowed: true };
}

/**
 * Our callback URL with its token and attempt id; what the base URL already has in its query stays. Throws `input` when
 * the base is no http(s) URL.
 */
export function callbackUrl(base: string, parameters: { token?: string; attemptId?: string }): string {
	const [address] = base.trim().split('#') as [string];
	if (!/^https?:\/\/[^/?\s]+/i.test(address) || !URL.canParse(address)) {
		throw inputError([
			{
				field: 'publicUrl',
				rule: 'url',
				message: 'The public URL must start with https:// or http://; an example is https://flows.example.com.',
			},
		]);
	}
	const added: string[] = [];
	if (parameters.token) added.push(`${TOKEN_PARAMETER}=${encodeURIComponent(parameters.token)}`);
	if (parameters.attemptId) added.push(`${ATTEMPT_PARAMETER}=${encodeURIComponent(parameters.attemptId)}`);
	if (added.length === 0) return address;
	const joint = !address.includes('?') ? '?' : /[?&]$/.test(address) ? '' : '&';
	return `${address}${joint}${added.join('&')}`;
}

/** The attempt id that `callbackUrl` put into the URL this request came to, or null. Never throws. */
export function attemptOf(request: IncomingRequest): string | null {
	try {
		for (const [name, value] of queryEntries(request)) if (name === ATTEMPT_PARAMETER) return text(value);
	} catch {
		// A query that cannot be read names no attempt.
	}
	return null;
}
