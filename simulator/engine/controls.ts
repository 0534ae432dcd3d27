/**
 * What can be done to a running simulation from outside. The programmatic entry and the control API call these
 * functions; each publishes what it changed.
 */
import { detach } from './detach';
import { isDiallable, repaired } from '../model/phone-numbers';
import { isObject } from '../model/json';
import { openCall } from './running-call';
import { readAdvance, readSpeed } from '../model/clock';
import { readAgents } from '../model/agent-settings';
import { readQuirks } from '../model/quirks';
import { runFlowCall } from './flow-call';
import { DEFAULT_ACCOUNT } from '../model/accounts';
import type { Agent } from '../model/account';
import type { Call } from '../model/call';
import type { Flow } from '../model/flow';
import type { Simulation } from './simulation';

/** Something that was named does not exist. */
export class NotFoundError extends RangeError {}

/**
 * Moves the simulated time on; resolves when everything due on the way has happened, deliveries included.
 * @throws RangeError if it is not a number of seconds
 */
export async function advance(simulation: Simulation, seconds: unknown): Promise<void> {
	await simulation.clock.advance(readAdvance(seconds));
	simulation.publish('clock');
}

/** @throws RangeError if it is not a speed */
export function setSpeed(simulation: Simulation, speed: unknown): void {
	simulation.clock.setSpeed(readSpeed(speed));
	simulation.publish('clock');
}

/**
 * Changes the quirks that are named; a reset restores the initial ones.
 * @throws RangeError naming what is wrong
 */
export function setQuirks(simulation: Simulation, quirks: unknown): void {
	Object.assign(simulation.settings.quirks, readQuirks(quirks));
	simulation.publish('quirks');
}

/**
 * Replaces all chaos switches, or – with an account – that account's only.
 * @throws RangeError naming what is wrong
 */
export function setChaos(simulation: Simulation, settings: unknown, account?: string): void {
	simulation.chaos.set(settings, account);
	simulation.publish('chaos');
}

/**
 * Sets a flow of one account, or of all.
 * @throws RangeError naming what is wrong
 */
export function setFlow(simulation: Simulation, id: string, definition: unknown, account?: string): Flow {
	const flow = simulation.flows.set(id, definition, account ?? null);
	simulation.publish('flows');
	return flow;
}

/** @throws NotFoundError if there is no such flow */
export function getFlow(simulation: Simulation, id: string, account?: string): Flow {
	const flow = simulation.flows.get(id, account ?? null);
	if (!flow) throw noFlow(id, account);
	return flow;
}

/**
 * Sets many flows, or none if one of them is wrong.
 * @param document `{ flows: […] }` as `GET flows` gives it, or one flow with its id
 * @param others what becomes of flows that the document does not name
 * @throws FlowError naming what is wrong with which flow
 */
export function setFlows(simulation: Simulation, document: unknown, others: 'keep' | 'remove'): Flow[] {
	const flows = simulation.flows.setAll(document, others);
	simulation.publish('flows');
	return flows;
}

/** @throws NotFoundError if there is no such flow */
export function removeFlow(simulation: Simulation, id: string, account?: string): void {
	if (!simulation.flows.remove(id, account ?? null)) throw noFlow(id, account);
	simulation.publish('flows');
}

function noFlow(id: string, account: string | undefined): NotFoundError {
	return new NotFoundError(account === undefined ? `no flow ${id}` : `no flow ${id} of account ${account} alone`);
}

/**
 * Replaces the agents of an account.
 * @throws NotFoundError if the account does not exist; RangeError naming what is wrong
 */
export function setAgents(simulation: Simulation, accountSid: string, agents: unknown): Agent[] {
	const account = simulation.accounts.find(accountSid);
	if (!account) throw new NotFoundError(`no account ${accountSid}`);
	account.setAgents(readAgents(agents));
	simulation.publish('agents');
	return account.agents;
}

/**
 * A customer rings an ExoPhone and lands in a flow.
 * @param request `{ from, to, flow, account?, digits? }`
 * @param defaultAccount used if the request names none; else the first known account
 * @throws NotFoundError if account or flow do not exist; RangeError naming what is wrong
 */
export function startInbound(simulation: Simulation, request: unknown, defaultAccount?: string): Call {
	const given = isObject(request) ? request : {};
	const from = readNumber(given.from, 'from');
	const to = readNumber(given.to, 'to');
	if (typeof given.flow !== 'string' && typeof given.flow !== 'number')
		throw new RangeError('flow must be the id of a flow set with PUT /_simulator/api/flows/<id>');
	const flowId = String(given.flow);
	const { accounts, flows } = simulation;
	const usual = defaultAccount ?? accounts.list()[0]?.sid ?? DEFAULT_ACCOUNT;
	const accountSid = typeof given.account === 'string' ? given.account : usual;
	const account = accounts.find(accountSid);
	if (!account) throw new NotFoundError(`no account ${accountSid}`);
	// as seen in the field an account adopts the number
	if (!account.exoPhone(to))
		throw new RangeError(
			`to must be an ExoPhone of account ${accountSid}: ${account.exoPhones.map(({ sid }) => sid).join(', ')}`,
		);
	const flow = flows.find(flowId, accountSid);
	if (!flow) throw new NotFoundError(`no flow ${flowId}; set it with PUT /_simulator/api/flows/${flowId}`);
	const digits = readDigits(given.digits);
	const running = openCall(simulation, {
		accountSid,
		api: 'v1',
		kind: 'inbound',
		from,
		to,
		exoPhone: to,
		flowId: flow.id,
	});
	detach(running, runFlowCall(running, digits));
	return running.call;
}

/** `digits` is what the caller presses: one text for the first prompt, or one entry per prompt. */
function readDigits(given: unknown): string[] {
	const entries: unknown[] = Array.isArray(given) ? given : [given ?? []].flat();
	return entries.map((entry) => {
		const pressed = typeof entry === 'number' ? String(entry) : entry;
		if (typeof pressed !== 'string' || !/^[0-9*#]{0,32}$/.test(pressed))
			throw new RangeError('digits must be made of 0-9, * and #');
		return pressed;
	});
}

function readNumber(given: unknown, name: string): string {
	const number = typeof given === 'string' ? repaired(given) : '';
	if (!isDiallable(number)) throw new RangeError(`${name} must be a phone number such as +919812345678`);
	return number;
}
