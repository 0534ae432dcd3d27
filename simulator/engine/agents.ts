/**
 * Which of the numbers to ring are free, and keeping them busy while they are rung and talk. These are rules of the
 * contact centre, so of Connect 1.1 only (seed 003).
 */
import { agentObstacle, type Account } from '../model/account';
import { isSip } from '../model/phone-numbers';
import { note } from '../model/call';
import type { Dialling } from './dialling';

/** False, with a note, for an agent who cannot be rung and for a number that another call keeps busy. */
export function mayRing(dialling: Dialling, number: string): boolean {
	const account = accountOf(dialling);
	const obstacle = dialling.version === '1.1' && account ? obstacleOf(account, number) : null;
	if (!obstacle) return true;
	note(dialling.running.call, 'not-dialled', 'to', `${number}: error ${obstacle}`);
	return false;
}

/** Connects the agent to the call; where their state is managed, they are busy until released. */
export function markBusy(dialling: Dialling, number: string): void {
	const { call } = dialling.running;
	const account = accountOf(dialling);
	if (!account) return;
	call.agent = account.knownAgent(number) ?? call.agent;
	if (!isManaged(dialling, account, number)) return;
	// an account without configured agents knows everyone
	const agent = account.agentByContact(number);
	call.agent = agent ?? call.agent;
	if (agent) agent.busyWith = call.sid;
	else account.manage(number, call.sid);
}

/** Sets the number free again. */
export function release(dialling: Dialling, number: string): void {
	accountOf(dialling)?.free(dialling.running.call.sid, number);
}

function accountOf({ running }: Dialling): Account | null {
	return running.simulation.accounts.find(running.call.accountSid);
}

function obstacleOf(account: Account, number: string): number | null {
	const agent = account.knownAgent(number);
	if (agent) return agentObstacle(agent);
	return account.managedCallOf(number) === null ? null : 10706;
}

/** Created users and SIP addresses always, everybody else with `state_management` (seed 003). */
function isManaged({ plan, version }: Dialling, account: Account, number: string): boolean {
	return version === '1.1' && (plan.stateManagement || isSip(number) || account.hasCreated(number));
}
