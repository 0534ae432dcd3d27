/** Words the failures of the API itself, as each API words them. Bodies: facts 1.5 and 9.7. */
import { CUT, UNANSWERED, type Reply } from './reply';
import { text } from '../../wire/answer';
import type { ApiFailure } from '../../model/outcomes';
import type { Simulation } from '../../engine/simulation';
import type { Subject } from '../../engine/chaos';

/** Words an error the way the requested API does: `RestException` (v1) or the envelope (v2). */
export type Refuse = (
	status: number,
	message: string,
	extra?: { code?: number; headers?: Record<string, string> },
) => Reply;

const DEFAULT_RETRY_AFTER_SECONDS = 30;
/** Seconds the answer of a call placed to a number ending in 98 is held. */
const SLOW_SECONDS = 10;

/** What failures are worded with. */
interface FailureContext {
	simulation: Simulation;
	refuse: Refuse;
	/** What the API answers for an account it does not know. */
	unknownAccount: () => Reply;
}

type ReplyOf = (context: FailureContext, subject: Subject) => Reply | null;

const refusal =
	(...refused: Parameters<Refuse>): ReplyOf =>
	({ refuse }) =>
		refuse(...refused);

/** The call is placed all the same. */
const isPlaced: ReplyOf = () => null;

const replies: Readonly<Record<ApiFailure, ReplyOf>> = {
	'too-many-requests': (context, subject) => {
		const { chaos } = context.simulation;
		return tooMany(context, chaos.amount('retryAfterSeconds', subject) || DEFAULT_RETRY_AFTER_SECONDS);
	},
	unavailable: refusal(503, 'Service Unavailable; ', { code: 35008 }),
	forbidden: refusal(
		403,
		'Your account is not KYC compliant. As per TRAI regulations, calls cannot be made until KYC is completed.',
	),
	'trial-account': refusal(
		403,
		'Trial accounts can call verified numbers only. Please verify this number or upgrade.',
	),
	'no-credit': refusal(402, 'Your account does not have enough credit to make this call.'),
	'wrong-region': ({ unknownAccount }) => unknownAccount(),
	'bad-gateway': badGateway,
	'html-page': htmlPage,
	'server-error': refusal(500, 'Internal Server Error'),
	'cut-before': () => CUT,
	'gateway-timeout': isPlaced,
	'no-answer': isPlaced,
	'cut-after': isPlaced,
	slow: isPlaced,
};

/** The answer of a failure after which nothing is dialled; null if the call is placed all the same. */
export function failureReply(context: FailureContext, failure: ApiFailure, subject: Subject): Reply | null {
	return replies[failure](context, subject);
}

/** The answer of a failing request that reads; its 503 has no code. */
export function readingFailureReply(context: FailureContext, failure: ApiFailure, subject: Subject): Reply | null {
	if (failure === 'unavailable') return context.refuse(503, 'Service Unavailable; ');
	return failureReply(context, failure, subject);
}

/** True when the call goes on before its request is answered, so that callbacks do not wait for the answer. */
export function goesOnUnanswered(failure: ApiFailure | null): boolean {
	return failure === 'slow' || failure === 'no-answer';
}

/** What the client gets to see although the call was placed. */
export async function replyAfterPlacing(
	{ simulation, refuse }: FailureContext,
	failure: ApiFailure | null,
	answer: Reply,
): Promise<Reply> {
	if (failure === 'cut-after') return CUT;
	if (failure === 'no-answer') return UNANSWERED;
	if (failure === 'gateway-timeout') return refuse(504, 'Gateway Timeout');
	if (failure === 'slow') await simulation.hold(SLOW_SECONDS);
	return answer;
}

/**
 * The answer to a request that came too early.
 * @param seconds simulated seconds after which it may come again
 */
export function tooMany({ simulation, refuse }: FailureContext, seconds: number): Reply {
	// the client waits in real time, the simulator's minute may be shorter
	const wait = Math.max(1, Math.ceil(seconds / (simulation.clock.speed || 1)));
	return refuse(429, 'Too many requests: at most 200 calls per minute', { headers: { 'Retry-After': String(wait) } });
}

/** What a proxy in front of the API says when it cannot reach it. */
function badGateway(): Reply {
	return text(
		502,
		'text/html',
		'<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad ' +
			'Gateway</h1></center>\r\n</body>\r\n</html>\r\n',
	);
}

/** What the sign-in page of a network between client and API says in place of the API. */
function htmlPage(): Reply {
	return text(200, 'text/html', '<html><body><h1>Please sign in to this network</h1></body></html>');
}
