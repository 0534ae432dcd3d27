/** Takes a snapshot of a simulation, and brings one back after a restart. */
import { detach } from './detach';
import { endCall } from './end-call';
import { giveUp, hangUp } from './ring';
import { MAX_SAVED_CALLS, type Snapshot } from '../model/snapshot';
import { note } from '../model/call';
import { RunningCall } from './running-call';
import type { Call } from '../model/call';
import type { Simulation } from './simulation';

/** What is to survive a restart. */
export function takeSnapshot({ accounts, calls, clock, flows }: Simulation): Snapshot {
	const agents = accounts.list().flatMap((account) => {
		const settings = account.agentSettings();
		return settings ? [[account.sid, settings] as const] : [];
	});
	return {
		now: clock.now(),
		flows: flows.list(),
		agents: Object.fromEntries(agents),
		calls: calls.list().slice(-MAX_SAVED_CALLS),
	};
}

/** Brings back flows, agents and calls; one that ran when the simulator was stopped has ended there. */
export function restore(simulation: Simulation, { agents, calls, flows }: Snapshot): void {
	for (const flow of flows) simulation.flows.set(flow.id, flow, flow.account);
	for (const [sid, settings] of Object.entries(agents)) simulation.accounts.find(sid)?.setAgents(settings);
	for (const call of calls) restoreCall(simulation, call);
}

function restoreCall(simulation: Simulation, call: Call): void {
	const account = simulation.accounts.find(call.accountSid);
	if (!account) return;
	if (call.agent) call.agent = account.agentById(call.agent.id) ?? { ...call.agent, busyWith: null };
	const running = new RunningCall(simulation, call);
	simulation.calls.add(running);
	simulation.deliveries.resume(running);
	if (call.endedAt === null) endInterrupted(running);
}

/** The call ends where the simulator was stopped: as answered when both sides have talked, else it has failed. */
function endInterrupted(running: RunningCall): void {
	const { call, simulation } = running;
	// Its own time is that of the next thing that was planned.
	call.time = Math.max(call.updatedAt, simulation.clock.now());
	note(call, 'interrupted', null, 'the simulator was stopped while this call ran');
	const [caller, callee] = call.legs;
	const isTalking = [caller, callee].every(({ answeredAt, endedAt }) => answeredAt !== null && endedAt === null);
	for (const leg of [callee, caller]) {
		giveUp(call, leg, 'canceled');
		hangUp(call, leg);
	}
	if (isTalking) call.conversationSeconds = (call.conversationSeconds ?? 0) + (callee.onCallSeconds ?? 0);
	const hasTalked = (call.conversationSeconds ?? 0) > 0;
	detach(running, hasTalked ? endCall(running, 'completed', 'answered') : endCall(running, 'failed', 'failed'));
}
