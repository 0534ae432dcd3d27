/**
 * The control API under `/_simulator/api/`: what tests assert on and what the page is made of. It needs no credentials
 * but refuses writes that come from another web page.
 */
import { AMOUNT_SWITCHES, EVENT_SWITCHES } from '../../engine/chaos';
import { OTHERWISE, OUTCOMES } from '../../model/outcomes';
import { callRow, callView } from './views';
import { checkConnectAnswer } from '../../wire/connect-answer';
import { readAgents } from '../../model/agent-settings';
import { comesFromElsewhere, isAskedByForeignName } from './origin';
import { liveNews } from './live-events';
import { BadRequest, jsonBody, type Incoming } from '../request';
import { json, type Answer, type Reply } from '../../wire/answer';
import { isoStamp } from '../../wire/stamps';
import { readAdvance, readSpeed } from '../../model/clock';
import { readQuirks } from '../../model/quirks';
import { startInbound } from '../../engine/inbound';
import { VERSION } from '../../model/version';
import type { Exchange } from '../../engine/simulation';

interface Visit {
	exchange: Exchange;
	incoming: Incoming;
	name: string;
	account: string | undefined;
}

type Handler = (visit: Visit) => Promise<Reply> | Reply;

/** `:name` in an endpoint is the visit's name. */
const ROUTES: readonly [endpoint: string, handler: Handler][] = [
	['GET health', () => json(200, { status: 'ok', version: VERSION })],
	['GET calls', listCalls],
	['GET calls/:sid', oneCall],
	['GET state', ({ exchange }) => json(200, stateOf(exchange))],
	['GET outcomes', () => json(200, { outcomes: [...OUTCOMES, OTHERWISE] })],
	['GET events', ({ exchange, incoming }) => liveNews(exchange, incoming)],
	['POST inbound', ({ exchange, incoming, account }) => startInbound(exchange, jsonBody(incoming), account)],
	['GET flows', ({ exchange }) => json(200, { flows: exchange.flows.list() })],
	['PUT flows/:id', setFlow],
	['DELETE flows/:id', removeFlow],
	['GET clock', ({ exchange }) => json(200, clockOf(exchange))],
	['POST clock', setClock],
	['GET quirks', ({ exchange }) => json(200, exchange.settings.quirks)],
	['PUT quirks', setQuirks],
	['GET chaos', ({ exchange }) => json(200, exchange.chaos.settings)],
	['PUT chaos', setChaos],
	['PUT accounts/:sid/agents', setAgents],
	['POST check-answer', checkAnswer],
	['POST reset', reset],
];

const DOORS = ROUTES.map(([endpoint, handler]) => {
	const [method, path] = endpoint.split(' ');
	return { method, pattern: new RegExp(`^${path.replace(/:\w+/, '([^/]+)')}$`), handler };
});

/** As the README lists them. */
export const CONTROL_ENDPOINTS: readonly string[] = ROUTES.map(([endpoint]) => endpoint);

/** Serves one request to the control API. */
export async function control(exchange: Exchange, incoming: Incoming): Promise<Reply> {
	const path = incoming.path.slice('/_simulator/api/'.length);
	const writes = incoming.method !== 'GET' && incoming.method !== 'HEAD';
	if (isAskedByForeignName(incoming, exchange.settings.host, exchange.settings.publicUrl)) {
		return json(403, {
			error:
				`The simulator is not known under this name. Use ${exchange.url}/_simulator/, or start it ` +
				'with --public-url and the name.',
		});
	}
	if (writes && comesFromElsewhere(incoming)) {
		return json(403, {
			error:
				'Writes from another web page are refused. Use the page at /_simulator/ or a client that ' +
				'sends no Origin header.',
		});
	}
	const method = incoming.method === 'HEAD' ? 'GET' : incoming.method;
	const matches = DOORS.map((door) => ({ ...door, match: door.pattern.exec(path) })).filter(
		({ match }) => match !== null,
	);
	if (matches.length === 0) return json(404, { error: `there is no /_simulator/api/${path.slice(0, 100)}` });
	const chosen = matches.find((door) => door.method === method);
	if (!chosen?.match)
		return json(
			405,
			{ error: `${incoming.method} is not possible here` },
			{ Allow: matches.map((door) => door.method).join(', ') },
		);
	const account = new Map(incoming.query).get('account');
	try {
		return await chosen.handler({ exchange, incoming, name: decodedName(chosen.match[1] ?? ''), account });
	} catch (error) {
		if (error instanceof BadRequest) return json(error.status, { error: error.message });
		if (error instanceof RangeError) return json(400, { error: error.message });
		throw error;
	}
}

/** Newest first; `limit` rows at most, `total` counts all. */
function listCalls({ exchange, incoming, account }: Visit): Answer {
	const limit = Number(new Map(incoming.query).get('limit') ?? Infinity);
	if (!(limit >= 0)) throw new RangeError('limit must be a number, 0 or more');
	const calls = exchange.calls.list(account).reverse();
	return json(200, { calls: calls.slice(0, limit).map((call) => callRow(call)), total: calls.length });
}

function oneCall({ exchange, name, account }: Visit): Answer {
	const call = account === undefined ? exchange.calls.find(name) : exchange.calls.findFor(account, name);
	return call ? json(200, callView(exchange, call)) : json(404, { error: `no call ${name}` });
}

function setFlow({ exchange, incoming, name, account }: Visit): Answer {
	const flow = exchange.flows.set(name, jsonBody(incoming), account ?? null);
	exchange.tell('flows');
	return json(200, flow);
}

function removeFlow({ exchange, name, account }: Visit): Answer {
	if (!exchange.flows.remove(name, account ?? null)) return json(404, { error: `no flow ${name}` });
	exchange.tell('flows');
	return json(200, { removed: name });
}

async function setClock({ exchange, incoming }: Visit): Promise<Answer> {
	const { speed, advanceSeconds } = (jsonBody(incoming) ?? {}) as { speed?: unknown; advanceSeconds?: unknown };
	if (speed === undefined && advanceSeconds === undefined)
		throw new RangeError('give speed (0 = manual) or advanceSeconds');
	if (speed !== undefined) exchange.clock.setSpeed(readSpeed(speed));
	if (advanceSeconds !== undefined) await exchange.clock.advance(readAdvance(advanceSeconds));
	exchange.tell('clock');
	return json(200, clockOf(exchange));
}

/** Changes the quirks that are named; a reset brings the first ones back. */
function setQuirks({ exchange, incoming }: Visit): Answer {
	Object.assign(exchange.settings.quirks, readQuirks(jsonBody(incoming)));
	exchange.tell('quirks');
	return json(200, exchange.settings.quirks);
}

/** `?account=` for the switches of one account only. */
function setChaos({ exchange, incoming, account }: Visit): Answer {
	exchange.chaos.set(jsonBody(incoming), account);
	exchange.tell('chaos');
	return json(200, exchange.chaos.settings);
}

function reset({ exchange, incoming, account }: Visit): Answer {
	const body = incoming.body.length > 0 ? (jsonBody(incoming) as { account?: unknown } | null) : null;
	const named = body?.account ?? undefined;
	if (named !== undefined && typeof named !== 'string') throw new RangeError('account must be an account SID');
	const one = named ?? account;
	exchange.reset(one);
	return json(200, { reset: one ?? 'all' });
}

function setAgents({ exchange, incoming, name }: Visit): Answer {
	const account = exchange.accounts.find(name);
	if (!account) return json(404, { error: `no account ${name}` });
	account.setAgents(readAgents((jsonBody(incoming) as { agents?: unknown } | null)?.agents));
	return json(200, { agents: account.agents });
}

/** Would Exotel accept this answer to a Connect question? Needs no call. */
function checkAnswer({ incoming }: Visit): Answer {
	const {
		version = '1.0',
		status = 200,
		contentType = 'application/json',
		body,
	} = (jsonBody(incoming) ?? {}) as Record<string, unknown>;
	if (version !== '1.0' && version !== '1.1') throw new RangeError('version must be "1.0" or "1.1"');
	if (typeof status !== 'number' || typeof contentType !== 'string')
		throw new RangeError('status must be a number and contentType a text');
	const text = typeof body === 'string' ? body : JSON.stringify(body ?? null);
	const { plan, reasons, notes } = checkConnectAnswer(version, { status, contentType, body: text, error: null });
	return json(200, { accepted: plan !== null, reasons, notes, rings: plan?.rings ?? [], plan });
}

function clockOf(exchange: Exchange): Record<string, unknown> {
	return {
		now: isoStamp(exchange.clock.now()),
		epochMs: exchange.clock.now(),
		speed: exchange.clock.speed,
		manual: exchange.clock.speed === 0,
	};
}

/** What the page shows besides calls. */
function stateOf(exchange: Exchange): Record<string, unknown> {
	const { strictness, seed, maxCalls, quirks, callsPerMinute } = exchange.settings;
	return {
		version: VERSION,
		url: exchange.url,
		clock: clockOf(exchange),
		chaos: exchange.chaos.settings,
		chaosSwitches: { events: EVENT_SWITCHES, amounts: AMOUNT_SWITCHES },
		outcomes: [...OUTCOMES, OTHERWISE],
		flows: exchange.flows.list(),
		accounts: exchange.accounts.list().map((account) => ({
			sid: account.sid,
			exoPhones: account.exoPhones.map((phone) => phone.number),
			agents: account.agents,
		})),
		anyAccount: !exchange.accounts.closed,
		settings: { strictness, seed, maxCalls, quirks, callsPerMinute },
		calls: { kept: exchange.calls.size, dropped: exchange.calls.dropped },
		deliveries: exchange.courier.counts,
	};
}

function decodedName(part: string): string {
	try {
		return decodeURIComponent(part);
	} catch {
		return part;
	}
}
