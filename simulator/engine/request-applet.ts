/** Asks an applet's URL over real HTTP and notes the question at the call. */
import { questionParameters, withParameters } from '../wire/applet-parameters';
import { QUESTION_LIMIT, type AppletQuestion } from '../model/applet-request';
import type { Exchange } from './simulation';
import type { FlowRun } from '../model/flow-run';
import type { OutgoingResult } from './outgoing';

/** A question and its raw answer. */
export interface Asked {
	question: AppletQuestion;
	result: OutgoingResult;
}

/**
 * The caller waits meanwhile: simulated time goes on with the clock; a manual clock stands still.
 * @param version decides the parameters and the header: `Exotel-Version: 1.0` (seed 002), `exotel-version: 1.1` (seed
 *   003)
 */
export async function ask(
	exchange: Exchange,
	run: FlowRun,
	applet: AppletQuestion['applet'],
	url: string,
	source: 'primary' | 'fallback',
	version: '1.0' | '1.1' | null,
): Promise<Asked> {
	const { call } = run;
	const { settings, clock } = exchange;
	const target = withParameters(
		url,
		questionParameters(exchange, run, version ?? '1.0'),
		settings.quirks.plusInQuestions,
	);
	const question: AppletQuestion = {
		at: call.time,
		applet,
		version,
		source,
		method: 'GET',
		url: target,
		status: null,
		ms: null,
		contentType: null,
		body: null,
		accepted: false,
		reasons: [],
		notes: [],
		hears: [],
		rings: [],
		branch: null,
	};
	if (call.questions.length < QUESTION_LIMIT) call.questions.push(question);
	exchange.announce('call', call);
	const headers: Record<string, string> = { Accept: '*/*' };
	if (version === '1.0') headers['Exotel-Version'] = '1.0';
	if (version === '1.1') headers['exotel-version'] = '1.1';
	const result = await clock.track(
		exchange.outgoing.send({ method: 'GET', url: target, headers, body: null }, settings.answerTimeoutMs),
	);
	if (call.dropped) await new Promise<never>(() => undefined);
	exchange.resume(call);
	question.status = result.status;
	question.ms = result.ms;
	question.contentType = result.contentType;
	question.body = result.error === null ? result.body.slice(0, 8192) : null;
	return { question, result };
}
