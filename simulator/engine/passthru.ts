/**
 * The Passthru applet: a GET with everything known about the call. Synchronous, the caller waits and the status is a
 * verdict: 200 one branch, 302 the other, or a Switch Case by the answer's text; asynchronous, the answer is ignored
 * (Exotel fact sheet 7.4).
 */
import { ask } from './request-applet';
import { inBackground } from './detach';
import { note } from '../model/call';
import { questionParameters, withParameters } from '../wire/applet-parameters';
import type { Applet, PassthruApplet } from '../model/flows';
import type { Exchange } from './simulation';
import type { FlowRun } from '../model/flow-run';

/** @returns the branch to go on with, or null for the next applet in order */
export async function runPassthru(exchange: Exchange, run: FlowRun, applet: PassthruApplet): Promise<Applet[] | null> {
	const { call } = run;
	note(call, 'passthru', null, applet.async ? `${applet.url} (async)` : applet.url);
	if (applet.async) {
		const url = withParameters(
			applet.url,
			questionParameters(exchange, run, '1.0'),
			exchange.settings.quirks.plusInQuestions,
		);
		inBackground(
			call,
			exchange.courier.deliver(call, {
				kind: 'passthru',
				event: 'passthru',
				method: 'GET',
				url,
				headers: { Accept: '*/*' },
				contentType: null,
				body: null,
			}),
		);
		return null;
	}
	const { question, result } = await ask(exchange, run, 'passthru', applet.url, 'primary', null);
	question.hears = ['silence, until the answer is there'];
	question.accepted = result.status === 200 || result.status === 302;
	if (!question.accepted) {
		question.reasons = [
			result.status === null
				? `no answer: ${result.error}`
				: `the status is ${result.status}; only 200 and 302 are defined`,
		];
		question.branch = 'undefined: the next applet in order is taken here';
		return null;
	}
	const selected = applet.cases && result.status === 200 ? selection(result.body) : null;
	if (applet.cases && selected !== null) {
		question.branch = `case ${selected}`;
		if (!Object.hasOwn(applet.cases, selected))
			question.notes.push(`there is no case "${selected}"; names must match exactly`);
		if (!/^text\/plain/i.test(result.contentType ?? ''))
			question.notes.push(
				`the Content-Type is ${result.contentType ?? 'missing'}; a Switch Case wants text/plain`,
			);
		return Object.hasOwn(applet.cases, selected) ? applet.cases[selected] : null;
	}
	question.branch = result.status === 200 ? '200: first branch' : '302: second branch';
	return (result.status === 200 ? applet.onTrue : applet.onFalse) ?? null;
}

/** The `select` of `{"select":"<case name>"}`, JSON sent as text (Exotel fact sheet 7.4). */
function selection(body: string): string | null {
	try {
		const answer = JSON.parse(body) as { select?: unknown } | null;
		return typeof answer?.select === 'string' ? answer.select : null;
	} catch {
		return null;
	}
}
