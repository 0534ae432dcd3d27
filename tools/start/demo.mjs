/**
 * `--demo`: a week of calls in a simulator that has none yet. The simulator itself plays them, on a clock that is moved
 * by hand from a week ago to now: customers ring, agents ring customers, some are missed, busy or given up.
 */
import http from 'node:http';
import { INBOUND_FLOW } from './inbound-flow.mjs';

const ACCOUNT = 'acme1';
const EXOPHONES = ['08047112233', '08047112345'];
/** Their last two digits decide what a phone does; these answer. */
const AGENTS = ['+919812345611', '+919812345612', '+919812345613', '+919812345614'];
const NEVER_ANSWERS = '+919812345601';
const CALLER_GIVES_UP = '+919812345604';
/** Customers, without the last two digits. */
const FAMILIES = ['+9198123456', '+9198765432', '+9199999123'];
const DAY_MS = 86_400_000;
/** India's time, which has no daylight saving. */
const INDIA_MS = 19_800_000;
/** A call of the last minutes would still run. */
const LAST_MS = 15 * 60_000;
/** Seconds after which everybody who answers has answered, and the length of the conversation is settled. */
const SETTLED_SECONDS = 30;

/**
 * The simulator of a starter, with a week of calls if these are wanted and it has none.
 *
 * @param {(options: object) => Promise<import('@exonodes/exotel-simulator').Simulator>} startSimulator
 * @param {{ isDemo: boolean, port: number, dataFile: string }} options
 */
export async function simulatorWith(startSimulator, { isDemo, ...options }) {
	const simulator = await startSimulator(options);
	if (!isDemo) return simulator;
	if (simulator.calls().length > 0) {
		console.log(
			'There are calls in the simulator already, so --demo adds none. Reset on its page removes them and keeps ' +
				'the flows; then start with --demo again.',
		);
		return simulator;
	}
	await simulator.close();
	const count = await playWeek(startSimulator, { dataFile: options.dataFile, now: Date.now() });
	console.log(`The simulator has ${count} calls of the last seven days.`);
	return await startSimulator(options);
}

/**
 * Plays the week before `now` into a data file; the same calls for the same `now`.
 *
 * @param {(options: object) => Promise<import('@exonodes/exotel-simulator').Simulator>} startSimulator
 * @param {{ dataFile: string, now: number }} options `now`: epoch milliseconds
 * @returns {Promise<number>} how many calls
 */
export async function playWeek(startSimulator, { dataFile, now }) {
	const planned = plannedCalls(now);
	let rung = [];
	const flow = http.createServer((_request, response) => {
		response.setHeader('content-type', 'application/json');
		response.end(JSON.stringify({ destination: { numbers: rung }, record: true, max_ringing_duration: 20 }));
	});
	await new Promise((resolve) => flow.listen(0, '127.0.0.1', resolve));
	const startTime = now - 7 * DAY_MS;
	const simulator = await startSimulator({ port: 0, speed: 0, seed: 'a week of calls', startTime, dataFile });
	const drawn = simulator.flows();
	const url = `http://127.0.0.1:${flow.address().port}/who-to-ring`;
	simulator.setFlow(INBOUND_FLOW, { applets: [{ type: 'connect', version: '1.0', url }] });
	for (const { at, talkSeconds, ...call } of planned) {
		await simulator.advance(Math.max(0, (at - simulator.now()) / 1000));
		await send(`${simulator.url}/_simulator/api/quirks`, 'PUT', JSON.stringify({ talkSeconds }));
		rung = call.agents;
		if (call.isInbound) simulator.inbound({ ...call, account: ACCOUNT, flow: INBOUND_FLOW });
		else await placeCall(simulator.url, call);
		await simulator.advance(SETTLED_SECONDS);
	}
	await simulator.advance(Math.max(0, (now - simulator.now()) / 1000));
	simulator.setFlows(drawn);
	await simulator.close();
	await new Promise((resolve) => flow.close(resolve));
	return planned.length;
}

async function placeCall(simulatorUrl, { from, to, exoPhone, note }) {
	const form = new URLSearchParams({ From: from, To: to, CallerId: exoPhone, Record: 'true', CustomField: note });
	const headers = { authorization: `Basic ${Buffer.from('any-key:any-token').toString('base64')}` };
	await send(`${simulatorUrl}/v1/Accounts/${ACCOUNT}/Calls/connect.json`, 'POST', form, headers);
}

async function send(url, method, body, headers = {}) {
	const type = typeof body === 'string' ? { 'content-type': 'application/json' } : {};
	const response = await fetch(url, { method, body, headers: { ...type, ...headers } });
	if (!response.ok) throw new Error(`The simulator answered ${response.status}: ${await response.text()}`);
}

/** The calls of the seven days before `now`, in the order in which they begin. */
function plannedCalls(now) {
	const random = pseudoRandom(20_260_101);
	const today = Math.floor((now + INDIA_MS) / DAY_MS) * DAY_MS - INDIA_MS;
	return [7, 6, 5, 4, 3, 2, 1, 0]
		.flatMap((daysAgo) => dayOf(today - daysAgo * DAY_MS, random))
		.filter(({ at }) => at >= now - 7 * DAY_MS && at <= now - LAST_MS);
}

/** One day from 9 to 19 o'clock, Sundays with few calls; no agent has two calls at once. */
function dayOf(midnight, random) {
	const isSunday = new Date(midnight + INDIA_MS).getUTCDay() === 0;
	const count = isSunday ? 5 : 18 + random(8);
	const starts = Array.from({ length: count }, () => midnight + (9 * 3600 + random(10 * 3600)) * 1000).sort(
		(one, other) => one - other,
	);
	const freeAt = new Map(AGENTS.map((agent) => [agent, 0]));
	return starts.map((at) => {
		const talkSeconds = 20 + Math.floor((random(1000) / 1000) ** 2 * 420);
		const free = AGENTS.filter((agent) => (freeAt.get(agent) ?? 0) < at);
		const agent = free[random(free.length)] ?? NEVER_ANSWERS;
		freeAt.set(agent, at + (talkSeconds + 60) * 1000);
		const call = random(100) < 55 ? inboundCall(agent, random) : outboundCall(agent, random);
		return { at, talkSeconds, ...call };
	});
}

/** @param {string} agent who is free */
function inboundCall(agent, random) {
	const fate = random(100);
	let agents = [agent];
	if (fate < 14) agents = [NEVER_ANSWERS];
	else if (fate < 22) agents = [CALLER_GIVES_UP];
	else if (fate < 32) agents = [NEVER_ANSWERS, agent];
	return { isInbound: true, from: customer(random), to: EXOPHONES[random(EXOPHONES.length)], agents };
}

/** @param {string} agent who is rung first */
function outboundCall(agent, random) {
	const fate = random(100);
	const to = customer(random);
	const ending = (digits) => to.slice(0, -2) + digits;
	const call = { isInbound: false, from: agent, to, exoPhone: EXOPHONES[0], note: `order ${4700 + random(90)}` };
	if (fate < 14) return { ...call, to: ending('01') };
	if (fate < 20) return { ...call, to: ending('02') };
	if (fate < 23) return { ...call, to: ending('03') };
	return fate < 28 ? { ...call, from: NEVER_ANSWERS } : call;
}

/** A number whose last two digits answer. */
function customer(random) {
	return `${FAMILIES[random(FAMILIES.length)]}${20 + random(60)}`;
}

/** Whole numbers from 0 to below `limit`, the same ones each time (mulberry32). */
function pseudoRandom(seed) {
	let state = seed;
	return (limit) => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
	};
}
