/**
 * The built simulator, a process of its own: how long it takes to start, calls placed in a second over real HTTP, the
 * five callbacks of 1,000 calls that ring, talk and end together at speed 60 with none lost, and one step of the clock
 * that ends 10,000 calls. A new simulator in each round.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { performance } from 'node:perf_hooks';
import { assertQuiet, median, openLanes, requestBytes, rounded } from './measuring.mjs';
import { cpuOf } from './processes.mjs';
import { startSimulator } from './simulator-process.mjs';

const ROUNDS = 5;
const CALLS = 1000;
const EVENTS = ['ringing', 'answered', 'terminal'];
const PER_CALL = ['ringing', 'answered', 'ringing', 'answered', 'terminal'];
const ADVANCED_CALLS = 10_000;
const LANES = 16;
const DEADLINE_MS = 60_000;
const AUTHORIZATION = `Basic ${Buffer.from('key:token').toString('base64')}`;
const json = { 'Content-Type': 'application/json' };

/** Counts the callbacks of each call. */
async function receiver() {
	const events = new Map();
	const server = http.createServer((request, response) => {
		let body = '';
		request.setEncoding('utf8').on('data', (chunk) => (body += chunk));
		request.on('end', () => {
			const { CallSid, EventType } = JSON.parse(body);
			events.set(CallSid, [...(events.get(CallSid) ?? []), EventType]);
			response.end();
		});
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return {
		events,
		url: `http://127.0.0.1:${server.address().port}/status`,
		close() {
			server.closeAllConnections();
			server.close();
		},
	};
}

/** The requests that place calls, with callbacks where a URL is given. */
const requests = (count, callbackUrl) =>
	Array.from({ length: count }, (_, index) => {
		const callbacks = callbackUrl && {
			StatusCallback: callbackUrl,
			StatusCallbackContentType: 'application/json',
			...Object.fromEntries(EVENTS.map((event, position) => [`StatusCallbackEvents[${position}]`, event])),
		};
		const body = new URLSearchParams({
			From: `+9198${10_000_010 + index * 100}`,
			To: `+9199${10_000_010 + index * 100}`,
			CallerId: '08047112233',
			...callbacks,
		}).toString();
		return requestBytes({
			path: '/v1/Accounts/acme1/Calls/connect.json',
			headers: { authorization: AUTHORIZATION, 'content-type': 'application/x-www-form-urlencoded' },
			body,
		});
	});

/** Places the calls as fast as they are answered; resolves with their SIDs and calls a second. */
async function place({ url }, count, callbackUrl) {
	const bytes = requests(count, callbackUrl);
	const lanes = openLanes(Number(new URL(url).port), LANES);
	const answers = [];
	const started = performance.now();
	await lanes.all(bytes, (answer) => answers.push(answer));
	const ms = performance.now() - started;
	lanes.close();
	const sids = answers.map(({ status, body }) => {
		assert.equal(status, 200, body);
		return /"Sid": *"(\w+)"/.exec(body)[1];
	});
	return { sids, perSecond: (count * 1000) / ms };
}

const post = async (url, body) => {
	const response = await fetch(url, { method: 'POST', headers: json, body });
	assert.equal(response.status, 200);
	await response.arrayBuffer();
};

/** Calls placed on a clock that stands still ring, talk and end in one step; resolves with the milliseconds it took. */
async function advancing() {
	const simulator = await startSimulator('--speed', '0', '--max-calls', String(ADVANCED_CALLS));
	try {
		const { perSecond } = await place(simulator, ADVANCED_CALLS);
		const started = performance.now();
		await post(`${simulator.url}/_simulator/api/clock`, '{"advanceSeconds":60}');
		const advancedMs = performance.now() - started;
		const { calls } = await (await fetch(`${simulator.url}/_simulator/api/calls`)).json();
		assert.equal(calls.filter(({ outcome }) => outcome === 'answered').length, ADVANCED_CALLS);
		return { advancedMs, perSecond, readyMs: simulator.readyMs };
	} finally {
		await simulator.stop();
	}
}

/** Peak memory of a process, MB; 0 where the system does not tell. */
function peakMb(pid) {
	try {
		return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
	} catch {
		return 0;
	}
}

/** All callbacks of calls that go on together. */
async function delivering() {
	const sink = await receiver();
	const simulator = await startSimulator('--speed', '0');
	try {
		const before = await cpuOf(simulator.pid);
		const { sids } = await place(simulator, CALLS, sink.url);
		const released = performance.now();
		await post(`${simulator.url}/_simulator/api/clock`, '{"speed":60}');
		const delivered = () => sids.reduce((sum, sid) => sum + (sink.events.get(sid)?.length ?? 0), 0);
		while (delivered() < CALLS * PER_CALL.length && performance.now() - released < DEADLINE_MS)
			await new Promise((resolve) => setTimeout(resolve, 20));
		const deliveredMs = performance.now() - released;
		const cpuMs = (await cpuOf(simulator.pid)) - before;
		for (const sid of sids) assert.deepEqual(sink.events.get(sid), PER_CALL, sid);
		const { deliveries, calls } = await (await fetch(`${simulator.url}/_simulator/api/state`)).json();
		assert.deepEqual([deliveries.failed, calls.kept], [0, CALLS]);
		const resetting = performance.now();
		await post(`${simulator.url}/_simulator/api/reset`);
		const resetMs = performance.now() - resetting;
		return { lost: CALLS * PER_CALL.length - delivered(), deliveredMs, cpuMs, mb: peakMb(simulator.pid), resetMs };
	} finally {
		await simulator.stop();
		sink.close();
	}
}

/** @returns {Promise<import('./run.mjs').Row[]>} */
export async function benchmark() {
	const seen = { advanced: [], again: [], delivered: [] };
	for (let round = 0; round < ROUNDS; round++) {
		seen.advanced.push(await advancing());
		seen.delivered.push(await delivering());
		seen.again.push(await advancing());
	}
	const rate = (name) => seen[name].map(({ perSecond }) => perSecond);
	assertQuiet(rate('advanced'), rate('again'), 'calls placed in a second');
	const both = [...seen.advanced, ...seen.again];
	const middle = (runs, what) => median(runs.map((one) => one[what]));
	const { delivered } = seen;
	return [
		{
			name: 'simulator ready after',
			value: Math.round(middle(both, 'readyMs')),
			unit: 'ms',
			atMost: 300,
			note: 'from the start of the process',
		},
		{
			name: 'simulator, calls placed in a second',
			value: Math.round(middle(both, 'perSecond')),
			unit: 'calls/s',
			atLeast: 1000,
			note: `${ADVANCED_CALLS.toLocaleString('en')} calls, ${LANES} requests at once; the client uses one of the cores`,
		},
		{
			name: `simulator, advancing over ${ADVANCED_CALLS.toLocaleString('en')} calls`,
			value: Math.round(middle(both, 'advancedMs')),
			unit: 'ms',
			atMost: 5000,
			note: 'one step of 60 s ends them all',
		},
		{
			name: `simulator, ${CALLS.toLocaleString('en')} calls at once, callbacks lost`,
			value: Math.max(...delivered.map(({ lost }) => lost)),
			unit: 'callbacks',
			atMost: 0,
			note:
				`of ${CALLS * PER_CALL.length}, the last after ${Math.round(middle(delivered, 'deliveredMs'))} ms; ` +
				`${rounded(middle(delivered, 'cpuMs') / 1000)} s of CPU time, ${Math.round(middle(delivered, 'mb'))} MB at most`,
		},
		{
			name: `simulator, reset with ${CALLS.toLocaleString('en')} calls`,
			value: rounded(middle(delivered, 'resetMs'), 1),
			unit: 'ms',
			atMost: 100,
		},
	];
}
