/**
 * The control API under `/_simulator/api/`: what tests assert on and what the page is made of. It needs no credentials.
 */
import * as controls from '../../engine/controls';
import { amountSwitches, eventSwitches } from '../../engine/chaos';
import { BadRequest, jsonBody, type Incoming } from '../http/request';
import { callRow, callView } from './views';
import { checkConnectAnswer } from '../../wire/connect-answer';
import { FlowError } from '../../model/flow-error';
import { isObject } from '../../model/json';
import { isoStamp } from '../../wire/stamps';
import { json, type Answer } from '../../wire/answer';
import { LENIENCIES } from '../../model/leniencies';
import { liveEvents } from './live-events';
import { OTHERWISE, OUTCOMES } from '../../model/outcomes';
import { Router, type PathParameters, type Route } from '../http/router';
import { VERSION } from '../../model/version';
import type { Reply } from '../http/reply';
import type { Simulation } from '../../engine/simulation';

/** A request to the control API. */
interface ControlRequest {
	simulation: Simulation;
	incoming: Incoming;
	parameters: PathParameters;
	/** `?account=`. */
	account: string | undefined;
}

type Handler = (request: ControlRequest) => Promise<Reply> | Reply;

const BASE = '/_simulator/api/';

const routes: readonly Route<Handler>[] = [
	{ method: 'GET', path: 'health', handler: () => json(200, { status: 'ok', version: VERSION }) },
	{ method: 'GET', path: 'calls', handler: listCalls },
	{ method: 'GET', path: 'calls/<sid>', handler: oneCall },
	{ method: 'GET', path: 'state', handler: ({ simulation }) => json(200, stateOf(simulation)) },
	{ method: 'GET', path: 'outcomes', handler: () => json(200, { outcomes: [...OUTCOMES, OTHERWISE] }) },
	{ method: 'GET', path: 'events', handler: ({ simulation, incoming }) => liveEvents(simulation, incoming) },
	{ method: 'POST', path: 'inbound', handler: startInbound },
	{ method: 'GET', path: 'flows', handler: ({ simulation }) => json(200, { flows: simulation.flows.list() }) },
	{ method: 'PUT', path: 'flows', handler: (request) => setFlows(request, 'remove') },
	{ method: 'POST', path: 'flows', handler: (request) => setFlows(request, 'keep') },
	{ method: 'GET', path: 'flows/<id>', handler: oneFlow },
	{ method: 'PUT', path: 'flows/<id>', handler: setFlow },
	{ method: 'DELETE', path: 'flows/<id>', handler: removeFlow },
	{ method: 'GET', path: 'clock', handler: ({ simulation }) => json(200, clockOf(simulation)) },
	{ method: 'POST', path: 'clock', handler: setClock },
	{ method: 'GET', path: 'quirks', handler: ({ simulation }) => json(200, simulation.settings.quirks) },
	{ method: 'PUT', path: 'quirks', handler: setQuirks },
	{ method: 'GET', path: 'chaos', handler: ({ simulation }) => json(200, simulation.chaos.settings) },
	{ method: 'PUT', path: 'chaos', handler: setChaos },
	{ method: 'PUT', path: 'accounts/<sid>/agents', handler: setAgents },
	{ method: 'POST', path: 'check-answer', handler: checkAnswer },
	{ method: 'POST', path: 'reset', handler: reset },
];

const router = new Router(routes.map((route) => ({ ...route, path: BASE + route.path })));

/** As the README lists them. */
export const controlEndpoints: readonly string[] = routes.map(
	({ method, path }) => `${method} ${path.replace(/<(\w+)>/g, ':$1')}`,
);

/** Serves one request to the control API. */
export async function control(simulation: Simulation, incoming: Incoming): Promise<Reply> {
	const found = router.find(incoming.method, incoming.path);
	if (found.kind === 'unknown-path')
		return json(404, { error: `there is no ${BASE}${incoming.path.slice(BASE.length, BASE.length + 100)}` });
	if (found.kind === 'method-not-allowed')
		return json(405, { error: `${incoming.method} is not possible here` }, { Allow: found.allow });
	const account = new Map(incoming.query).get('account');
	try {
		return await found.handler({ simulation, incoming, parameters: found.parameters, account });
	} catch (error) {
		if (error instanceof BadRequest) return json(error.status, { error: error.message });
		if (error instanceof controls.NotFoundError) return json(404, { error: error.message });
		if (error instanceof FlowError) return json(400, { error: error.message, path: error.path });
		if (error instanceof RangeError) return json(400, { error: error.message });
		throw error;
	}
}

/** Newest first; `limit` rows at most, `total` counts all. */
function listCalls({ simulation, incoming, account }: ControlRequest): Answer {
	const limit = Number(new Map(incoming.query).get('limit') ?? Infinity);
	if (!(limit >= 0)) throw new RangeError('limit must be a number, 0 or more');
	const calls = simulation.calls.list(account).reverse();
	return json(200, { calls: calls.slice(0, limit).map((call) => callRow(call)), total: calls.length });
}

function oneCall({ simulation, parameters, account }: ControlRequest): Answer {
	const { sid = '' } = parameters;
	const call = account === undefined ? simulation.calls.find(sid) : simulation.calls.findFor(account, sid);
	if (!call) throw new controls.NotFoundError(`no call ${sid}`);
	return json(200, callView(simulation.wire, call));
}

/** Values of a body other than a list of flows: each takes two or more of the 65,536 characters of a flow. */
const MAX_VALUES = 32_768;

function startInbound({ simulation, incoming, account }: ControlRequest): Answer {
	return json(200, { sid: controls.startInbound(simulation, jsonBody(incoming, MAX_VALUES), account).sid });
}

function oneFlow({ simulation, parameters, account }: ControlRequest): Answer {
	return json(200, controls.getFlow(simulation, parameters.id ?? '', account));
}

function setFlows({ simulation, incoming, account }: ControlRequest, others: 'keep' | 'remove'): Answer {
	if (account !== undefined) throw new RangeError('account belongs to each flow here, not to the address');
	return json(200, { flows: controls.setFlows(simulation, jsonBody(incoming), others) });
}

function setFlow({ simulation, incoming, parameters, account }: ControlRequest): Answer {
	return json(200, controls.setFlow(simulation, parameters.id ?? '', jsonBody(incoming, MAX_VALUES), account));
}

function removeFlow({ simulation, parameters, account }: ControlRequest): Answer {
	const { id = '' } = parameters;
	controls.removeFlow(simulation, id, account);
	return json(200, { removed: id });
}

async function setClock({ simulation, incoming }: ControlRequest): Promise<Answer> {
	const { speed, advanceSeconds } = objectBody(incoming);
	if (speed === undefined && advanceSeconds === undefined)
		throw new RangeError('give speed (0 = manual) or advanceSeconds');
	if (speed !== undefined) controls.setSpeed(simulation, speed);
	if (advanceSeconds !== undefined) await controls.advance(simulation, advanceSeconds);
	return json(200, clockOf(simulation));
}

/** Values of a body of settings; the most, a hundred rules of chaos with all switches, are half of that. */
const MAX_SETTINGS = 10_000;

function setQuirks({ simulation, incoming }: ControlRequest): Answer {
	controls.setQuirks(simulation, jsonBody(incoming, MAX_SETTINGS));
	return json(200, simulation.settings.quirks);
}

/** `?account=` for the switches of one account only. */
function setChaos({ simulation, incoming, account }: ControlRequest): Answer {
	controls.setChaos(simulation, jsonBody(incoming, MAX_SETTINGS), account);
	return json(200, simulation.chaos.settings);
}

function reset({ simulation, incoming, account }: ControlRequest): Answer {
	const given: Record<string, unknown> = incoming.body.length > 0 ? objectBody(incoming) : {};
	const { keepFlows = false } = given;
	const named = given.account ?? undefined;
	if (named !== undefined && typeof named !== 'string') throw new RangeError('account must be an account SID');
	if (typeof keepFlows !== 'boolean') throw new RangeError('keepFlows must be true or false');
	const one = named ?? account;
	simulation.reset(one, keepFlows);
	return json(200, { reset: one ?? 'all' });
}

function setAgents({ simulation, incoming, parameters }: ControlRequest): Answer {
	const agents = controls.setAgents(simulation, parameters.sid ?? '', objectBody(incoming).agents);
	return json(200, { agents });
}

/** Would Exotel accept this answer to a Connect request? Needs no call. */
function checkAnswer({ simulation, incoming }: ControlRequest): Answer {
	const { version = '1.0', status = 200, contentType = 'application/json', body } = objectBody(incoming);
	if (version !== '1.0' && version !== '1.1') throw new RangeError('version must be "1.0" or "1.1"');
	if (typeof status !== 'number' || typeof contentType !== 'string')
		throw new RangeError('status must be a number and contentType a text');
	const text = typeof body === 'string' ? body : JSON.stringify(body ?? null);
	const answer = { status, contentType, body: text, error: null };
	const { plan, reasons, notes } = checkConnectAnswer(version, answer, simulation.wire.lenient);
	return json(200, { accepted: plan !== null, reasons, notes, rings: plan?.rings ?? [], plan });
}

function objectBody(incoming: Incoming): Record<string, unknown> {
	const body = jsonBody(incoming, MAX_VALUES);
	return isObject(body) ? body : {};
}

function clockOf({ clock }: Simulation): Record<string, unknown> {
	return { now: isoStamp(clock.now()), epochMs: clock.now(), speed: clock.speed, manual: clock.speed === 0 };
}

/** What the page shows besides calls. */
function stateOf(simulation: Simulation): Record<string, unknown> {
	const { strictness, seed, maxCalls, quirks, callsPerMinute } = simulation.settings;
	return {
		version: VERSION,
		url: simulation.url,
		clock: clockOf(simulation),
		chaos: simulation.chaos.settings,
		chaosSwitches: { events: eventSwitches, amounts: amountSwitches },
		outcomes: [...OUTCOMES, OTHERWISE],
		flows: simulation.flows.list(),
		accounts: simulation.accounts.list().map((account) => ({
			sid: account.sid,
			exoPhones: account.exoPhones.map((phone) => phone.number),
			agents: account.agents,
		})),
		anyAccount: !simulation.accounts.closed,
		leniencies: LENIENCIES.map(({ name, meaning }) => ({ name, meaning })),
		settings: { strictness, seed, maxCalls, quirks, callsPerMinute },
		calls: { kept: simulation.calls.size, dropped: simulation.calls.dropped },
		deliveries: simulation.deliveries.counts,
	};
}
