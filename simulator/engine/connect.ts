/**
 * The Connect applet: requests whom to ring, falls back to the second URL where the first is unusable (seeds 002, 003),
 * rings, and requests again after an unsuccessful attempt if the answer says so – but not when it gets the same numbers
 * twice.
 */
import { checkConnectAnswer } from '../wire/connect-answer';
import { describeConsequence } from './connect-consequence';
import { dial, type DialResult } from './dial';
import { lineKey } from '../model/phone-numbers';
import { note, noteHeard } from '../model/call';
import { requestApplet } from './request-applet';
import type { Applet, ConnectApplet } from '../model/flow';
import type { ConnectPlan } from '../model/connect-plan';
import type { FlowRun } from '../model/flow-run';
import type { RunningCall } from './running-call';

/** Requests of one Connect applet; the real limit is not known. */
const MAX_FETCHES = 20;

/** @returns the branch to go on with, or null for the next applet in order */
export async function runConnect(running: RunningCall, run: FlowRun, applet: ConnectApplet): Promise<Applet[] | null> {
	const { call } = running;
	note(call, 'connect', null, applet.url);
	if (applet.version === '1.1') call.ccm = true;
	let result: DialResult = 'nobody-dialled';
	let before: string | null = null;
	for (let fetched = 0; fetched < MAX_FETCHES; fetched++) {
		const plan = await fetchPlan(running, run, applet);
		if (!plan) break;
		const destinations = plan.rings.map(lineKey).sort().join(',');
		if (destinations === before) {
			note(call, 'fetch-stopped', null, 'the same destinations twice in a row');
			break;
		}
		before = destinations;
		const attempt = await dial({ running, run, plan, version: applet.version });
		// a later empty answer does not undo that somebody was rung
		if (attempt !== 'nobody-dialled' || result === 'nobody-dialled') result = attempt;
		if (attempt !== 'nobody-answered' || !plan.fetchAfterAttempt) break;
	}
	return transition(run, applet, result);
}

function transition(run: FlowRun, applet: ConnectApplet, result: DialResult): Applet[] | null {
	const { call } = run;
	if (result === 'talked') {
		run.callType = 'completed';
		note(call, 'conversation-ends', null);
		return applet.afterConversation ?? null;
	}
	if (result === 'nobody-dialled') {
		run.callType = 'incomplete';
		note(call, 'did-not-dial', null);
		noteHeard(call, 'nobody was rung; the flow goes on');
		return applet.didNotDial ?? applet.nobodyAnswers ?? null;
	}
	run.callType = result === 'caller-gone' ? 'client-hangup' : 'incomplete';
	note(call, 'nobody-answers', null);
	if (result === 'nobody-answered') noteHeard(call, 'nobody answers; the flow goes on');
	return applet.nobodyAnswers ?? null;
}

async function fetchPlan(running: RunningCall, run: FlowRun, applet: ConnectApplet): Promise<ConnectPlan | null> {
	const primary = await requestPlan(running, run, applet, 'primary');
	if (primary || !applet.fallbackUrl) return primary;
	note(run.call, 'fallback', null, applet.fallbackUrl);
	return requestPlan(running, run, applet, 'fallback');
}

async function requestPlan(
	running: RunningCall,
	run: FlowRun,
	applet: ConnectApplet,
	source: 'primary' | 'fallback',
): Promise<ConnectPlan | null> {
	const { version } = applet;
	const url = source === 'primary' ? applet.url : (applet.fallbackUrl ?? '');
	const { request, result } = await requestApplet(running, run, { applet: 'connect', url, source, version });
	const checked = checkConnectAnswer(version, result);
	request.notes = checked.notes;
	request.reasons = [...checked.reasons, ...(checked.plan ? await audioReasons(running, checked.plan) : [])];
	request.accepted = request.reasons.length === 0;
	const plan = request.accepted ? checked.plan : null;
	describeConsequence(request, plan, source === 'primary' && Boolean(applet.fallbackUrl));
	running.announce();
	return plan;
}

/** Sounds named in an answer have to be there (seeds 002, 003). */
async function audioReasons(running: RunningCall, plan: ConnectPlan): Promise<string[]> {
	if (plan.playback?.type !== 'audio_url') return [];
	const { clock, outgoing, settings } = running.simulation;
	const url = plan.playback.value;
	const request = { method: 'GET', url, headers: { Accept: '*/*' }, body: null };
	const sound = await clock.track(outgoing.send(request, settings.answerTimeoutMs));
	return sound.status === 200
		? []
		: [`start_call_playback.value: ${url} answers ${sound.status ?? sound.error}; it must answer 200`];
}
