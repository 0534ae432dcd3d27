/**
 * The Passthru applet: a GET with everything known about the call. Synchronous, the caller waits and the status selects
 * the branch: 200 one, 302 the other; a Switch Case behind it looks at the text of a 200. Asynchronous, the answer is
 * ignored (facts 7.4).
 */
import { branchTo, type FlowRun, type Next } from '../model/flow-run';
import { appletParameters, withParameters } from '../wire/applet-parameters';
import { detach } from './detach';
import { isObject, parsedJson } from '../model/json';
import { note } from '../model/call';
import { requestApplet } from './request-applet';
import type { PassthruApplet } from '../model/flow';
import type { RunningCall } from './running-call';

/** @returns where the flow goes on */
export async function runPassthru(running: RunningCall, run: FlowRun, applet: PassthruApplet): Promise<Next> {
	run.passthruAnswer = null;
	note(running.call, 'passthru', null, applet.async ? `${applet.url} (async)` : applet.url);
	if (applet.async) {
		sendAsync(running, run, applet.url);
		return null;
	}
	const target = { applet: 'passthru', url: applet.url, source: 'primary', version: null } as const;
	const { request, result } = await requestApplet(running, run, target);
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
	if (result.status === 302) {
		request.branch = '302: second branch';
		return branchTo('onFalse', applet.onFalse);
	}
	request.branch = '200: first branch';
	run.passthruAnswer = { request, select: selection(result.body) };
	return branchTo('onTrue', applet.onTrue);
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

/** The `select` of `{"select":"<case name>"}`, JSON sent as text (facts 7.4). */
function selection(body: string): string | null {
	const answer = parsedJson(body);
	return isObject(answer) && typeof answer.select === 'string' ? answer.select : null;
}
