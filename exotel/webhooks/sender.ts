/**
 * Sender verification. Exotel signs nothing (facts 6.4), so our callback URLs carry a random token, compared in
 * constant time; several are valid at once for rotation. A list of allowed addresses and our own trusted proxies are
 * optional. The rules are parsed once, when the settings are read.
 */
import { createHash, timingSafeEqual } from 'crypto';
import { isWithin, parseAddress, parseAddressList, type AddressRange, type IpAddress } from '../addresses';
import { ATTEMPT_PARAMETER, TOKEN_PARAMETER } from '../net/public-url';
import { text } from '../payload';
import type { Violation } from '../errors';
import { header, type IncomingRequest, queryEntries } from './incoming';

/** Who may call a webhook, as the user set it. */
export interface SenderSettings {
	/**
	 * Valid tokens; blank ones and those that are too short (`isUsableToken`) are ignored, and without a usable one
	 * nobody is let in. `anyone`: no token is needed.
	 */
	tokens: readonly string[] | 'anyone';
	/** Addresses or CIDR ranges that may call, e.g. `203.0.113.0/24`; blank means any. */
	allowedAddresses?: string | readonly string[];
	/** Addresses or ranges of our own proxies: `X-Forwarded-For` is believed only when it comes from one of them. */
	trustedProxies?: string | readonly string[];
}

/** Parsed settings. */
export interface SenderRules {
	/** What is wrong with the two address lists. While `allowedAddresses` has a violation, no sender is allowed. */
	violations: Violation[];
	/** Who can get in: who has a token, anyone, or – as no usable token is set – nobody. */
	access: 'token' | 'anyone' | 'nobody';
	/** Decides whether a request comes from an allowed sender. Never throws. */
	verify(request: IncomingRequest): SenderCheck;
}

/** The decision: allowed, or the status to answer with and a reason for the log (no token, no address). */
export type SenderCheck = { allowed: true } | { allowed: false; httpStatus: 401 | 403 | 503; reason: string };

/**
 * A list of addresses as it was read; as it was written where an environment variable or an expression gave nothing.
 * What was written there is no address, so such a list lets nobody in: blank, it would let in anybody.
 */
export function listOrWritten(read: unknown, written: unknown): string {
	const source = typeof written === 'string' && !/^[\s=]*$/.test(written) ? written : '';
	return typeof read === 'string' && read.trim() !== '' ? read : source;
}

/** Hops read out of `X-Forwarded-For`. */
const MAX_HOPS = 20;
/** Shorter tokens can be guessed. */
export const MIN_TOKEN_LENGTH = 16;
/** Longer tokens are not compared; ours has 43 characters. */
const MAX_TOKEN_LENGTH = 512;

/** True for a webhook token, or the secret that tokens are derived from, that cannot be guessed by its length. */
export function isUsableToken(token: string): boolean {
	return token.length >= MIN_TOKEN_LENGTH;
}

const wrongToken: SenderCheck = {
	allowed: false,
	httpStatus: 401,
	reason: 'The webhook token is missing or wrong.',
};
const noToken: SenderCheck = {
	allowed: false,
	httpStatus: 503,
	reason: 'No webhook token is set, so nobody is let in. Open the account or credential and set one.',
};
const shortToken: SenderCheck = {
	allowed: false,
	httpStatus: 503,
	reason:
		`The webhook token is too short, so nobody is let in. Set one of at least ${MIN_TOKEN_LENGTH} characters in ` +
		'the account or credential.',
};
const wrongAddress: SenderCheck = {
	allowed: false,
	httpStatus: 403,
	reason: 'The sender’s address is not on the list of allowed addresses.',
};
const wrongList: SenderCheck = {
	allowed: false,
	httpStatus: 403,
	reason: 'The list of allowed addresses is empty or has a mistake, so nobody is let in. Correct it.',
};

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

/** No accepted token is shorter; longer ones are not compared. */
function isOfferable(token: string): boolean {
	return isUsableToken(token) && token.length <= MAX_TOKEN_LENGTH;
}

/** The tokens a request offers: in the query or as the last segment of the path. */
function offeredTokens(request: IncomingRequest): string[] {
	const found = [lastSegment(request.path)];
	try {
		for (const [name, value] of queryEntries(request)) {
			// A parameter that comes twice is two entries of a text, but one list where the host has parsed the query.
			if (name === TOKEN_PARAMETER) found.push(...[value].flat().map(text));
		}
	} catch {
		// A query that cannot be read holds no token.
	}
	return found.filter((token): token is string => token !== null && isOfferable(token));
}

/** The refusal of a request that offers no text long enough for a token, or null: no secret is needed to refuse it. */
export function refuseWithoutToken(request: IncomingRequest): SenderCheck | null {
	return offeredTokens(request).length === 0 ? wrongToken : null;
}

/** Compares every pair, so that the time taken does not show which token came close. */
function hasValidToken(request: IncomingRequest, expected: readonly Buffer[]): boolean {
	let valid = false;
	for (const token of offeredTokens(request)) {
		const offered = digest(token);
		for (const accepted of expected) valid = timingSafeEqual(offered, accepted) || valid;
	}
	return valid;
}

/** The sender's address: the connection's, or behind trusted proxies the nearest one that is not a proxy of ours. */
function senderAddress(request: IncomingRequest, trustedProxies: readonly AddressRange[]): IpAddress | null {
	let address = parseAddress(request.remoteAddress);
	const hops = (header(request, 'x-forwarded-for') ?? '').split(',').slice(-MAX_HOPS);
	while (address !== null && isWithin(address, trustedProxies)) {
		const hop = hops.pop()?.trim() ?? '';
		if (hop === '') break;
		address = parseAddress(hop);
	}
	return address;
}

function accessOf(tokens: SenderSettings['tokens']): SenderRules['access'] {
	if (tokens === 'anyone') return 'anyone';
	return tokens.some(isUsableToken) ? 'token' : 'nobody';
}

/** Parses the settings of a webhook. */
export function parseSenderRules(settings: SenderSettings): SenderRules {
	const allowed = parseAddressList(settings.allowedAddresses ?? '', 'allowedAddresses');
	const proxies = parseAddressList(settings.trustedProxies ?? '', 'trustedProxies');
	const restricted = allowed.ranges.length > 0 || allowed.violations.length > 0;
	const access = accessOf(settings.tokens);
	const written = settings.tokens === 'anyone' ? [] : settings.tokens.filter((token) => token !== '');
	const tokens = written.filter(isUsableToken).map(digest);
	return {
		violations: [...allowed.violations, ...proxies.violations],
		access,
		verify(request) {
			if (access === 'nobody') return written.length === 0 ? noToken : shortToken;
			if (access === 'token' && !hasValidToken(request, tokens)) return wrongToken;
			if (!restricted) return { allowed: true };
			if (allowed.violations.length > 0) return wrongList;
			const address = senderAddress(request, proxies.ranges);
			return address !== null && isWithin(address, allowed.ranges) ? { allowed: true } : wrongAddress;
		},
	};
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
