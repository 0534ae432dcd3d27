/**
 * How the API itself fails: by the dialled number (91 to 99, outcome table), by a chaos switch, or because the account
 * asks too fast. Bodies: Exotel fact sheet 1.5 and 9.7.
 */
import { outcomeOf, type ApiFailure } from '../model/outcomes';
import { CUT, text, type Reply } from '../wire/answer';
import type { Account } from '../model/accounts';
import type { EventSwitch, Subject } from '../engine/chaos';
import type { Exchange } from '../engine/simulation';

/** Words a refusal the way the asked API does: `RestException` (v1) or the envelope (v2). */
export type Refuse = (
	status: number,
	message: string,
	extra?: { code?: number; headers?: Record<string, string> },
) => Reply;

/** A way in which the API fails. */
export interface Failure {
	kind: ApiFailure;
	/** the answer if nothing is dialled; null if the call is placed all the same */
	answer: ((refuse: Refuse) => Reply) | null;
}

const SWITCHES: readonly [EventSwitch, ApiFailure][] = [
	['cutBefore', 'cut-before'],
	['tooManyRequests', 'too-many-requests'],
	['unavailable', 'unavailable'],
	['forbidden', 'forbidden'],
	['badGateway', 'bad-gateway'],
	['serverError', 'server-error'],
	['gatewayTimeout', 'gateway-timeout'],
	['cutAfter', 'cut-after'],
];

/**
 * @param decidedBy the number whose digits decide: `To`, or `From` for a flow
 * @returns null if the request is simply served
 */
export function refuseByChance(
	exchange: Exchange,
	subject: Subject,
	decidedBy: string,
): Failure | 'too-many-requests' | null {
	const struck = SWITCHES.find(([name]) => exchange.chaos.strikes(name, subject));
	const kind = struck?.[1] ?? outcomeOf(decidedBy).api;
	if (kind === null) return null;
	if (kind === 'too-many-requests') return kind;
	return { kind, answer: ANSWERS[kind] };
}

const ANSWERS: Record<Exclude<ApiFailure, 'too-many-requests'>, Failure['answer']> = {
	unavailable: (refuse) => refuse(503, 'Service Unavailable; ', { code: 35008 }),
	forbidden: (refuse) =>
		refuse(
			403,
			'Your account is not KYC compliant. As per TRAI regulations, calls cannot be made until KYC is completed.',
		),
	'bad-gateway': () => badGateway(),
	'server-error': (refuse) => refuse(500, 'Internal Server Error'),
	'cut-before': () => CUT,
	'gateway-timeout': null,
	'cut-after': null,
	slow: null,
};

/** What a proxy in front of the API says when it cannot reach it. */
export function badGateway(): Reply {
	return text(
		502,
		'text/html',
		'<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad ' +
			'Gateway</h1></center>\r\n</body>\r\n</html>\r\n',
	);
}

/** Seconds the answer of a call placed to a number ending in 98 is held. */
const SLOW_SECONDS = 10;

/** What the client gets to see although the call was placed. */
export async function afterPlacing(
	exchange: Exchange,
	failure: Failure | null,
	answer: Reply,
	refuse: Refuse,
): Promise<Reply> {
	if (failure?.kind === 'cut-after') return CUT;
	if (failure?.kind === 'gateway-timeout') return refuse(504, 'Gateway Timeout');
	if (failure?.kind === 'slow') await exchange.hold(SLOW_SECONDS);
	return answer;
}

/**
 * Counts a make-call request against the account's limit (200 a minute of simulated time, Exotel fact sheet 1.3).
 * @returns null if it may pass, else the seconds after which it may come again
 */
export function overLimit(exchange: Exchange, account: Account): number | null {
	const { callsPerMinute, strictness } = exchange.settings;
	if (callsPerMinute === 0 || strictness === 'lenient') return null;
	const now = exchange.clock.now();
	account.placements = account.placements.filter((time) => time > now - 60_000);
	if (account.placements.length >= callsPerMinute)
		return Math.max(1, Math.ceil((account.placements[0] + 60_000 - now) / 1000));
	account.placements.push(now);
	return null;
}

/**
 * The answer to a request that came too early.
 * @param seconds simulated seconds after which it may come again
 */
export function tooMany(exchange: Exchange, refuse: Refuse, seconds: number): Reply {
	// the client waits in real time, the simulator's minute may be shorter
	const wait = Math.max(1, Math.ceil(seconds / (exchange.clock.speed || 1)));
	return refuse(429, 'Too many requests: at most 200 calls per minute', { headers: { 'Retry-After': String(wait) } });
}
