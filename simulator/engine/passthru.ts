/**
 * The Passthru applet: a GET with everything known about the call. Synchronous, the caller waits and the status selects
 * the branch: 200 one, 302 the other, or a Switch Case by the answer's text; asynchronous, the answer is ignored
 * (facts 7.4).
 */
import { appletParameters, withParameters } from '../wire/applet-parameters';
import { detach } from './detach';
import { isObject, parsedJson } from '../model/json';
import { note } from '../model/call';
import { requestApplet, type AppletExchange } from './request-applet';
import type { Applet, PassthruApplet } from '../model/flow';
import type { FlowRun } from '../model/flow-run';
import type { RunningCall } from './running-call';

/** @returns the branch to go on with, or null for the next applet in order */
export async function runPassthru(
	running: RunningCall,
	run: FlowRun,
	applet: PassthruApplet,
): Promise<Applet[] | null> {
	note(running.call, 'passthru', null, applet.async ? `${applet.url} (async)` : applet.url);
	if (applet.async) {
		sendAsync(running, run, applet.url);
		return null;
	}
	const target = { applet: 'passthru', url: applet.url, source: 'primary', version: null } as const;
	const exchange = await requestApplet(running, run, target);
	const { request, result } = exchange;
	request.hears = ['silence, until the answer is there'];
	request.accepted = result.status === 200 || result.status === 302;
	if (!request.accepted) {
		request.reasons = [
			result.status === null
				? `no answer: ${result.error}`
				: `the status is ${result.status}; only 200 and 302 are defined`,
		];
		request.branch = 'undefined: the next applet in order is taken here';
		return null;
	}
	const selected = applet.cases && result.status === 200 ? selection(result.body) : null;
	if (applet.cases && selected !== null) return caseBranch(exchange, applet.cases, selected);
	request.branch = result.status === 200 ? '200: first branch' : '302: second branch';
	return (result.status === 200 ? applet.onTrue : applet.onFalse) ?? null;
}

function sendAsync(running: RunningCall, run: FlowRun, address: string): void {
	const { wire, deliveries } = running.simulation;
	const url = withParameters(address, appletParameters(wire, run, '1.0'), wire.quirks.plusInQuestions);
	const message = {
		kind: 'passthru',
		event: 'passthru',
		method: 'GET',
		url,
		headers: { Accept: '*/*' },
		contentType: null,
		body: null,
	} as const;
	detach(running, deliveries.deliver(running, message));
}

function caseBranch(
	{ request, result }: AppletExchange,
	cases: Record<string, Applet[]>,
	selected: string,
): Applet[] | null {
	const branch = Object.hasOwn(cases, selected) ? cases[selected] : undefined;
	request.branch = `case ${selected}`;
	if (!branch) request.notes.push(`there is no case "${selected}"; names must match exactly`);
	if (!/^text\/plain/i.test(result.contentType ?? ''))
		request.notes.push(`the Content-Type is ${result.contentType ?? 'missing'}; a Switch Case wants text/plain`);
	return branch ?? null;
}

/** The `select` of `{"select":"<case name>"}`, JSON sent as text (facts 7.4). */
function selection(body: string): string | null {
	const answer = parsedJson(body);
	return isObject(answer) && typeof answer.select === 'string' ? answer.select : null;
}
