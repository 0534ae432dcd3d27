/** Requests an applet's URL over real HTTP and records request and answer at the call. */
import { appletParameters, withParameters } from '../wire/applet-parameters';
import { MAX_APPLET_REQUESTS, type AppletRequest } from '../model/applet-request';
import { keptAnswer } from './kept-answers';
import { MAX_BODY_BYTES } from './outgoing';
import type { FlowRun } from '../model/flow-run';
import type { OutgoingResult } from './outgoing';
import type { RunningCall } from './running-call';

/** Characters of an answer that are kept with the call at most. */
const MAX_KEPT_ANSWER = 8192;

/** What is requested. */
export interface AppletTarget {
	applet: AppletRequest['applet'];
	url: string;
	source: AppletRequest['source'];
	/** Default GET. */
	method?: AppletRequest['method'];
	/** Decides the parameters and the header: `Exotel-Version: 1.0` (seed 002), `exotel-version: 1.1` (seed 003). */
	version: AppletRequest['version'];
}

/** A request and its raw answer. */
export interface AppletExchange {
	request: AppletRequest;
	result: OutgoingResult;
}

/** The caller waits meanwhile: simulated time goes on with the clock; a manual clock stands still. */
export async function requestApplet(running: RunningCall, run: FlowRun, target: AppletTarget): Promise<AppletExchange> {
	const { call, signal, simulation } = running;
	const { settings, clock, outgoing } = simulation;
	const parameters = appletParameters(simulation.wire, run, target.version ?? '1.0');
	const url = withParameters(target.url, parameters, settings.quirks.plusInQuestions);
	const request = newRequest({ ...target, url }, call.time);
	if (call.appletRequests.length < MAX_APPLET_REQUESTS) call.appletRequests.push(request);
	running.announce();
	const headers = { Accept: '*/*', ...versionHeader(target.version) };
	const result = await clock.track(
		outgoing.send(
			{ method: request.method, url, headers, body: null, maxBytes: MAX_BODY_BYTES },
			settings.answerTimeoutMs,
		),
	);
	signal.throwIfAborted();
	running.resume();
	request.status = result.status;
	request.ms = result.ms;
	request.contentType = result.contentType;
	if (result.error === null) request.body = keptAnswer(simulation.calls, call, result.body, MAX_KEPT_ANSWER);
	if (result.cut) request.notes = ['the answer is longer than 64 KB; reading stopped there'];
	return { request, result };
}

function newRequest({ applet, version, source, method = 'GET', url }: AppletTarget, at: number): AppletRequest {
	return {
		at,
		applet,
		version,
		source,
		method,
		url,
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
}

function versionHeader(version: AppletTarget['version']): Record<string, string> {
	if (version === '1.0') return { 'Exotel-Version': '1.0' };
	return version === '1.1' ? { 'exotel-version': '1.1' } : {};
}
