/** Which of the numbers to ring are agents of the account, and whether they are free. */
import { agentObstacle, type Agent } from '../model/account';
import { note } from '../model/call';
import { sameLine } from '../model/phone-numbers';
import type { Dialling } from './dialling';

/** Known agents are looked at whatever the answer says; with state management everybody becomes one (seed 003). */
export function mayRing(dialling: Dialling, number: string): boolean {
	const agent = agentFor(dialling, number);
	const obstacle = agent && agentObstacle(agent);
	if (!obstacle) return true;
	note(dialling.running.call, 'not-dialled', 'to', `${number}: error ${obstacle}`);
	return false;
}

/** Connects the agent to the call; they are busy until released. */
export function markBusy(dialling: Dialling, number: string): void {
	const { call } = dialling.running;
	const agent = agentFor(dialling, number);
	call.agent = agent ?? call.agent;
	if (agent) agent.busyWith = call.sid;
}

/** Sets the agent free again. */
export function release(dialling: Dialling, number: string): void {
	const agent = agentFor(dialling, number);
	if (agent?.busyWith === dialling.running.call.sid) agent.busyWith = null;
}

function agentFor({ running, plan }: Dialling, number: string): Agent | null {
	const account = running.simulation.accounts.find(running.call.accountSid);
	const known = account?.agents.find((agent) => sameLine(agent.contact, number)) ?? null;
	return known ?? (plan.stateManagement ? (account?.agentByContact(number) ?? null) : null);
}
