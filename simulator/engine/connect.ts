/**
 * The Connect applet: requests whom to ring, falls back to the second URL where the first is unusable (seeds 002, 003),
 * rings, and requests again after an unsuccessful attempt if the answer says so – but not when it gets the same numbers
 * twice.
 */
import { branchTo, type Next, type FlowRun } from '../model/flow-run';
import { checkConnectAnswer } from '../wire/connect-answer';
import { circleOfLandline } from '../model/landlines';
import { describeConsequence, describeStop } from './connect-consequence';
import { dial, type DialResult } from './dial';
import { lineKey, sameLine } from '../model/phone-numbers';
import { note, noteHeard } from '../model/call';
import { soundReasons } from './sounds';
import { requestApplet } from './request-applet';
import type { Account } from '../model/account';
import type { AppletRequest } from '../model/applet-request';
import type { Call } from '../model/call';
import type { ConnectApplet } from '../model/flow';
import type { ConnectPlan } from '../model/connect-plan';
import type { RunningCall } from './running-call';

/** Requests of one Connect applet; the real limit is not known. */
const MAX_FETCHES = 20;

/** @returns where the flow goes on */
export async function runConnect(running: RunningCall, run: FlowRun, applet: ConnectApplet): Promise<Next> {
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
			describeStop(call.appletRequests.at(-1));
			running.announce();
			break;
		}
		before = destinations;
		const attempt = await dial({ running, run, plan, version: applet.version });
		// a later empty answer does not undo that somebody was rung
		if (attempt !== 'nobody-dialled' || result === 'nobody-dialled') result = attempt;
		if (attempt !== 'nobody-answered' || !plan.fetchAfterAttempt) break;
		// seed 002: "Connect applet, no agent picked up", which is what the next request reports
		run.callType = 'incomplete';
	}
	return transition(run, applet, result);
}

function transition(run: FlowRun, applet: ConnectApplet, result: DialResult): Next {
	const { call } = run;
	run.reachedNobody = result !== 'talked';
	if (result === 'talked') {
		run.callType = 'completed';
		note(call, 'conversation-ends', null);
		return branchTo('afterConversation', applet.afterConversation);
	}
	if (result === 'nobody-dialled') {
		run.callType = 'incomplete';
		note(call, 'did-not-dial', null);
		noteHeard(call, 'nobody was rung; the flow goes on');
		return branchTo('didNotDial', applet.didNotDial) ?? branchTo('nobodyAnswers', applet.nobodyAnswers);
	}
	run.callType = result === 'caller-gone' ? 'client-hangup' : 'incomplete';
	note(call, 'nobody-answers', null);
	if (result === 'nobody-answered') noteHeard(call, 'nobody answers; the flow goes on');
	return branchTo('nobodyAnswers', applet.nobodyAnswers);
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
	const checked = checkConnectAnswer(version, result, running.simulation.wire.lenient);
	request.notes.push(...checked.notes);
	request.reasons = checked.reasons;
	if (checked.plan) request.reasons = await soundReasons(running, soundsOf(checked.plan), request);
	request.accepted = request.reasons.length === 0;
	const plan = request.accepted ? checked.plan : null;
	if (plan) applyAccount(running, run, plan, request);
	describeConsequence(request, plan, source === 'primary' && Boolean(applet.fallbackUrl));
	running.announce();
	return plan;
}

/** What depends on the account: the ExoPhone that agents see, and the agent who is rung first. */
function applyAccount(running: RunningCall, run: FlowRun, plan: ConnectPlan, request: AppletRequest): void {
	const { call, simulation } = running;
	const account = simulation.accounts.find(call.accountSid);
	const obstacle = plan.outgoingNumber === null ? null : outgoingObstacle(account, call, plan.outgoingNumber);
	run.outgoingNumber = obstacle === null ? plan.outgoingNumber : null;
	// documented fallback: the ExoPhone of the first leg (seed 002)
	if (obstacle !== null)
		request.notes.push(`outgoing_phone_number ${plan.outgoingNumber} ${obstacle}; the incoming ExoPhone is used`);
	const sticky = plan.stickyAgent ? account?.stickyAgentOf(call.from) : null;
	const first = plan.rings.find((number) => sticky && sameLine(number, sticky));
	if (first === undefined) return;
	plan.rings = [first, ...plan.rings.filter((number) => number !== first)];
	note(call, 'sticky-agent', 'to', `${first} talked to this caller before and is rung first`);
}

/** Why an ExoPhone cannot dial out (seed 002); null if it can. The circle of a mobile number is not known. */
function outgoingObstacle(account: Account | null, call: Call, outgoing: string): string | null {
	if (!account?.ownsExoPhone(outgoing)) return 'is no ExoPhone of this account';
	const [incomingCircle, circle] = [circleOfLandline(call.exoPhone), circleOfLandline(outgoing)];
	if (incomingCircle === null || circle === null || incomingCircle === circle) return null;
	return `is in telecom circle ${circle}, the incoming ExoPhone in ${incomingCircle}`;
}

function soundsOf({ musicOnHold, playback }: ConnectPlan): [string, string | null][] {
	return [
		['music_on_hold.value', musicOnHold.value],
		['start_call_playback.value', playback?.type === 'audio_url' ? playback.value : null],
	];
}
