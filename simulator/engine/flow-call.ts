/**
 * Runs a call through a flow: an outbound call first rings its number, an inbound caller is already on the line. Then
 * the applets, in order, with their branches. A caller who has hung up leaves only applets to run that need no caller.
 */
import { endCall } from './end-call';
import { hangUp, ring } from './ring';
import { newRun, type FlowRun, type Next } from '../model/flow-run';
import { note, noteHeard, type CallOutcome } from '../model/call';
import { runConnect } from './connect';
import { runGather } from './gather';
import { runGreeting } from './greeting';
import { runPassthru } from './passthru';
import { runSwitchCase } from './switch-case';
import { runVoicemail } from './voicemail';
import type { Applet } from '../model/flow';
import type { RunningCall } from './running-call';

/** Applets a call runs at most; an endless flow is cut. */
const MAX_APPLETS = 100;
/** Simulated seconds of a flow that the simulator does not know. */
const UNKNOWN_FLOW_SECONDS = 6;

/**
 * Runs the call to its end.
 * @param digitsToCome what the caller presses, one entry per prompt
 */
export async function runFlowCall(running: RunningCall, digitsToCome: string[] = []): Promise<void> {
	const { call, simulation } = running;
	const [first, second] = call.legs;
	second.number = '';
	if (call.kind === 'inbound') {
		first.dialledAt = call.time;
		first.answeredAt = call.time;
		first.status = 'in-progress';
		note(call, 'answered', 'from', 'the flow picks up');
	} else {
		const unanswered = await ring(running, first);
		if (unanswered) return endCall(running, unanswered, unanswered);
		call.startedAt = call.time;
	}
	const run = newRun(call, digitsToCome);
	const flow = call.flowId === null ? null : simulation.flows.find(call.flowId, call.accountSid);
	if (flow) await runApplets(running, run, flow.applets, { left: MAX_APPLETS });
	else await playUnknown(running);
	hangUp(call, first);
	// leg 1 counts as completed once the flow has picked up, whoever answered later (facts 2.4)
	return endCall(running, 'completed', outcomeOfRun(run));
}

async function playUnknown(running: RunningCall): Promise<void> {
	const { call } = running;
	const what =
		call.kind === 'stream'
			? 'a bot (streams are not simulated)'
			: `a flow the simulator does not know (set it with PUT /_simulator/api/flows/${call.flowId})`;
	noteHeard(call, what);
	note(call, 'flow', null, what);
	await running.pass(Math.min(UNKNOWN_FLOW_SECONDS, call.timeLimitSeconds));
}

function outcomeOfRun({ call, reachedNobody, dialled }: FlowRun): CallOutcome {
	if (dialled === null) return reachedNobody ? 'no-answer' : 'answered';
	if ((call.conversationSeconds ?? 0) > 0 || dialled.status === 'completed') return 'answered';
	return dialled.status;
}

const needsNoCaller: ReadonlySet<Applet['type']> = new Set(['passthru', 'switch-case', 'hangup']);

async function runApplets(
	running: RunningCall,
	run: FlowRun,
	applets: Applet[],
	budget: { left: number },
): Promise<void> {
	for (const applet of applets) {
		if (budget.left-- <= 0) {
			note(run.call, 'flow-cut', null, `after ${MAX_APPLETS} applets`);
			return;
		}
		if (run.callerGone && !needsNoCaller.has(applet.type)) continue;
		const next = await runApplet(running, run, applet);
		if (next === 'end') return;
		if (next === null) continue;
		note(run.call, 'branch', null, next.branch);
		return runApplets(running, run, next.applets, budget);
	}
}

async function runApplet(running: RunningCall, run: FlowRun, applet: Applet): Promise<Next> {
	switch (applet.type) {
		case 'connect':
			return runConnect(running, run, applet);
		case 'passthru':
			return runPassthru(running, run, applet);
		case 'switch-case':
			return runSwitchCase(run, applet);
		case 'gather':
			return runGather(running, run, applet);
		case 'greeting':
			await runGreeting(running, run, applet);
			return null;
		case 'voicemail':
			await runVoicemail(running, run, applet);
			return null;
		case 'hangup':
			note(run.call, 'hangup', null);
			return 'end';
	}
}
