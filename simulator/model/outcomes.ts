/**
 * The outcome table: the last two digits of a dialled number decide how that leg behaves, and – for 84 to 86 and 91 to
 * 99 – how the API itself fails. Same number, same result. The table is shown on the page, by the command line and in
 * the README.
 */
export type LegEnd = 'answers' | 'no-answer' | 'busy' | 'failed' | 'canceled';

/** How callbacks of a call behave because of a dialled number. */
export type CallbackBehaviour = 'normal' | 'none' | 'twice' | 'reversed' | 'early';

/** How the API answers a request because of a dialled number. */
export type ApiFailure =
	| 'too-many-requests'
	| 'unavailable'
	| 'gateway-timeout'
	| 'forbidden'
	| 'trial-account'
	| 'no-credit'
	| 'wrong-region'
	| 'bad-gateway'
	| 'html-page'
	| 'no-answer'
	| 'cut-after'
	| 'cut-before'
	| 'slow'
	| 'server-error';

/** One row of the table. */
export interface Outcome {
	/** The last two digits, or `other`. */
	digits: string;
	/** One line for people. */
	meaning: string;
	leg: LegEnd;
	/** Seconds from the first ring to the answer. */
	ringSeconds: number;
	/** Seconds of conversation. */
	talkSeconds: number;
	callbacks: CallbackBehaviour;
	api: ApiFailure | null;
}

const answers = { leg: 'answers', ringSeconds: 3, talkSeconds: 6, callbacks: 'normal', api: null } as const;

/** A leg that is given up rings this long first (seconds). */
export const GIVE_UP_SECONDS = 15;

/** What every other number does. */
export const OTHERWISE: Outcome = { ...answers, digits: 'other', meaning: 'answers after 3 s and talks 6 s' };

/** The table, by digits. */
export const OUTCOMES: readonly Outcome[] = [
	{ ...answers, digits: '01', leg: 'no-answer', meaning: 'never answers' },
	{ ...answers, digits: '02', leg: 'busy', meaning: 'is busy' },
	{ ...answers, digits: '03', leg: 'failed', meaning: 'fails: no such number' },
	{
		...answers,
		digits: '04',
		leg: 'canceled',
		meaning: `rings ${GIVE_UP_SECONDS} s, then the other side gives up (canceled)`,
	},
	{ ...answers, digits: '05', talkSeconds: 2, meaning: 'answers after 3 s and talks 2 s' },
	{ ...answers, digits: '06', callbacks: 'none', meaning: 'answers, but no callback is ever sent' },
	{ ...answers, digits: '07', callbacks: 'twice', meaning: 'answers; every callback comes twice' },
	{
		...answers,
		digits: '08',
		callbacks: 'reversed',
		meaning: 'answers; callbacks come in reverse order after the end',
	},
	{
		...answers,
		digits: '09',
		callbacks: 'early',
		meaning: 'answers; the first callback comes before the make-call answer',
	},
	{
		...answers,
		digits: '84',
		api: 'trial-account',
		meaning: 'API: 403, a trial account calls verified numbers only',
	},
	{ ...answers, digits: '85', api: 'no-credit', meaning: 'API: 402, no credit left' },
	{ ...answers, digits: '86', api: 'wrong-region', meaning: 'API: 404, the account is in another region' },
	{ ...answers, digits: '91', api: 'too-many-requests', meaning: 'API: 429 with Retry-After, nothing is dialled' },
	{ ...answers, digits: '92', api: 'unavailable', meaning: 'API: 503, nothing is dialled' },
	{ ...answers, digits: '93', api: 'gateway-timeout', meaning: 'API: 504 although the call is placed' },
	{ ...answers, digits: '94', api: 'forbidden', meaning: 'API: 403, account not KYC compliant' },
	{ ...answers, digits: '95', api: 'bad-gateway', meaning: 'API: 502 with an HTML page, nothing is dialled' },
	{
		...answers,
		digits: '96',
		api: 'cut-after',
		meaning: 'API: connection closed without an answer although the call is placed',
	},
	{
		...answers,
		digits: '97',
		api: 'cut-before',
		meaning: 'API: connection closed without an answer, nothing is dialled',
	},
	{ ...answers, digits: '98', api: 'slow', meaning: 'API: the call is placed at once, the answer comes 10 s later' },
	{ ...answers, digits: '99', api: 'server-error', meaning: 'API: 500, nothing is dialled' },
];

/**
 * The row of the table for a dialled number or SIP address. A placeholder such as `+9199531XXXXX` ends in no digits.
 */
export function outcomeOf(number: string | null): Outcome {
	const [user = ''] = (number ?? '').split('@', 1);
	const digits = user.replace(/[\s()-]/g, '').slice(-2);
	return OUTCOMES.find((outcome) => outcome.digits === digits) ?? OTHERWISE;
}

/**
 * Seconds that two numbers talk.
 * @param usual seconds when neither of them has a row of its own about it
 */
export function talkSecondsOf(one: string | null, other: string | null, usual: number): number {
	const said = Math.min(outcomeOf(one).talkSeconds, outcomeOf(other).talkSeconds);
	return said === OTHERWISE.talkSeconds ? usual : said;
}

/** How the callbacks of a call behave: the last dialled number with a special behaviour decides. */
export function callbackBehaviour(numbers: readonly string[]): CallbackBehaviour {
	const special = numbers.map((number) => outcomeOf(number).callbacks).filter((behaviour) => behaviour !== 'normal');
	return special.at(-1) ?? 'normal';
}
