/**
 * Runs a call through a flow: an outbound call first rings its number, an inbound caller is already on the line. Then
 * the applets, in order, with their branches. A caller who has hung up leaves only Passthru applets to run.
 */
import { end } from './two-numbers';
import { hangUp, ring } from './ring';
import { hears, note, type Call, type CallOutcome } from '../model/call';
import { newRun, type FlowRun } from '../model/flow-run';
import { runConnect } from './connect';
import { runGather } from './gather';
import { runPassthru } from './passthru';
import type { Applet } from '../model/flows';
import type { Exchange } from './simulation';

/** Applets a call runs at most; a flow that never ends is cut. */
const APPLET_LIMIT = 100;
/** Simulated seconds of a greeting, and of a flow that the simulator does not know. */
const GREETING_SECONDS = 3;
const UNKNOWN_FLOW_SECONDS = 6;

/**
 * Runs the call to its end.
 * @param digitsToCome what the caller presses, one entry per Gather
 */
export async function runFlowCall(exchange: Exchange, call: Call, digitsToCome: string[] = []): Promise<void> {
	const [first, second] = call.legs;
	second.number = '';
	if (call.kind === 'inbound') {
		first.dialledAt = call.time;
		first.answeredAt = call.time;
		first.status = 'in-progress';
		note(call, 'answered', 'from', 'the flow picks up');
	} else {
		if (!(await ring(exchange, call, first)))
			return end(exchange, call, first.status as CallOutcome, first.status as CallOutcome);
		call.startedAt = call.time;
	}
	const run = newRun(call, digitsToCome);
	const flow = call.flowId === null ? null : exchange.flows.find(call.flowId, call.accountSid);
	if (flow) await runApplets(exchange, run, flow.applets, { left: APPLET_LIMIT });
	else {
		const what =
			call.kind === 'stream'
				? 'a bot (streams are not simulated)'
				: `a flow the simulator does not know (set it with PUT /_simulator/api/flows/${call.flowId})`;
		hears(call, what);
		note(call, 'flow', null, what);
		await exchange.pass(call, Math.min(UNKNOWN_FLOW_SECONDS, call.timeLimitSeconds));
	}
	hangUp(call, first);
	// leg 1 counts as completed once the flow has picked up, whoever answered later (Exotel fact sheet 2.4)
	return end(exchange, call, 'completed', outcomeFor(run));
}

function outcomeFor(run: FlowRun): CallOutcome {
	if (run.dialled === null) return run.callType === 'incomplete' ? 'no-answer' : 'answered';
	return (run.call.conversationSeconds ?? 0) > 0 ? 'answered' : (run.dialled.status as CallOutcome);
}

async function runApplets(
	exchange: Exchange,
	run: FlowRun,
	applets: Applet[],
	budget: { left: number },
): Promise<void> {
	for (const applet of applets) {
		if (budget.left-- <= 0) {
			note(run.call, 'flow-cut', null, `after ${APPLET_LIMIT} applets`);
			return;
		}
		if (run.callerGone && applet.type !== 'passthru') continue;
		const branch = await runApplet(exchange, run, applet);
		if (branch) return runApplets(exchange, run, branch, budget);
	}
}

async function runApplet(exchange: Exchange, run: FlowRun, applet: Applet): Promise<Applet[] | null> {
	switch (applet.type) {
		case 'connect':
			return runConnect(exchange, run, applet);
		case 'passthru':
			return runPassthru(exchange, run, applet);
		case 'gather':
			await runGather(exchange, run, applet);
			return null;
		case 'greeting':
			hears(run.call, `"${applet.text}"`);
			note(run.call, 'greeting', null);
			await exchange.pass(run.call, GREETING_SECONDS);
			return null;
	}
}
