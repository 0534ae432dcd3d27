/** Asks an address as an applet does and says what Exotel would do with its answer. */
import type { Account } from './account';
import { questionHeaders, questionParameters, questionUrl, type Question } from './applet-request';
import { judge, type Verdict } from './connect-rules';
import { send, type Response } from './http';

/** How an address is asked. */
export interface AskOptions extends Question {
	/** Asked when the first address fails by the rules of "Cases, where Fallback URL will be triggered". */
	fallback?: string;
	/** The destination of the previous attempt: "exactly the same set of destination numbers" is not dialled again. */
	previous?: string[];
	/** Exotel waits this long, milliseconds; 5000 as documented. */
	timeoutMs?: number;
}

/** What came of a question. */
export interface Asked extends Response {
	/** The address with its query, as it was asked. */
	url: string;
	/** Numbers or SIP addresses Exotel would dial, in order. They do not count among the rings of the double. */
	dialled: string[];
	/** Why a number, or all, would not be dialled; starts with what went wrong at the first address. */
	reasons: string[];
	/** ExoPhone used for dialling, E.164; null for that of the incoming call. */
	callerId: string | null;
	/** Whether the answer is the fallback's. */
	usedFallback: boolean;
	/** Whether Exotel asks again after each failed attempt. */
	fetchAfterAttempt: boolean;
	/** Passthru: 200 is the first branch, 302 the second (facts, not documented); null for anything else. */
	branch: 'A' | 'B' | null;
	/** Passthru before a Switch Case: `select` of a JSON text (facts, not documented). */
	select: string | null;
}

/** Asks. */
export async function ask(account: Account, url: string, options: AskOptions): Promise<Asked> {
	const first = await askOnce(account, url, options);
	const failed = options.applet !== 'passthru' && first.verdict.invalid;
	if (!failed || options.fallback === undefined) return finished(first.asked, first.verdict, options);
	const second = await askOnce(account, options.fallback, options);
	const verdict = { ...second.verdict, reasons: [...first.verdict.reasons, ...second.verdict.reasons] };
	return { ...finished(second.asked, verdict, options), usedFallback: true };
}

interface Once {
	asked: Response & { url: string };
	verdict: Verdict;
}

async function askOnce(account: Account, url: string, options: AskOptions): Promise<Once> {
	const target = questionUrl(url, questionParameters(account, options), options.plus);
	const response = await send(target, {
		method: 'GET',
		headers: questionHeaders(options.applet),
		timeoutMs: options.timeoutMs ?? 5000,
	});
	const asked = { ...response, url: target };
	if (options.applet === 'passthru') return { asked, verdict: nobody([]) };
	const version = options.applet === 'connect-1.0' ? '1.0' : '1.1';
	const early = transport(response);
	if (early !== null) return { asked, verdict: nobody([early]) };
	const verdict = judge(account, version, parsed(response.body));
	const silent = await silentAudio(verdict.audio, options.timeoutMs ?? 5000);
	return { asked, verdict: silent.length === 0 ? verdict : nobody([...verdict.reasons, ...silent]) };
}

function nobody(reasons: string[]): Verdict {
	return { dialled: [], reasons, invalid: reasons.length > 0, callerId: null, audio: [], fetchAfterAttempt: false };
}

/**
 * "does not return HTTP 200 OK", "doesn't return within the timeout period (5 seconds)", "Content-Type should be
 * application/JSON".
 */
function transport(response: Response): string | null {
	if (response.error === 'timeout') return 'no answer within the time-out';
	if (response.error !== undefined) return `no answer: ${response.error}`;
	if (response.status !== 200) return `HTTP ${response.status} is not 200`;
	const type = (response.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
	return type === 'application/json' ? null : `Content-Type ${type === '' ? 'is missing' : `is ${type}`}`;
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return null;
	}
}

/** "returns 200 HTTP code". Only addresses on this machine are tried: a test reaches no network. */
async function silentAudio(urls: readonly string[], timeoutMs: number): Promise<string[]> {
	const local = urls.filter((url) => /^https?:\/\/(?:127\.0\.0\.1|localhost)[:/]/.test(url));
	const answers = await Promise.all(local.map((url) => send(url, { method: 'GET', timeoutMs })));
	return answers.flatMap(({ status }, index) => (status === 200 ? [] : [`${local[index]} answers ${status}`]));
}

function finished(asked: Once['asked'], verdict: Verdict, options: AskOptions): Asked {
	const { previous } = options;
	const repeated =
		previous !== undefined &&
		verdict.dialled.length > 0 &&
		[...previous].sort().join() === [...verdict.dialled].sort().join();
	return {
		...asked,
		dialled: repeated ? [] : verdict.dialled,
		reasons: repeated ? [...verdict.reasons, 'the same numbers as in the attempt before'] : verdict.reasons,
		callerId: verdict.callerId,
		usedFallback: false,
		fetchAfterAttempt: verdict.fetchAfterAttempt,
		branch: options.applet === 'passthru' ? branch(asked.status) : null,
		select: options.applet === 'passthru' ? selected(asked) : null,
	};
}

function branch(status: number): 'A' | 'B' | null {
	return status === 200 ? 'A' : status === 302 ? 'B' : null;
}

function selected({ status, body }: Response): string | null {
	const value = status === 200 ? parsed(body) : null;
	const select = typeof value === 'object' && value !== null && 'select' in value ? value.select : null;
	return typeof select === 'string' ? select : null;
}
