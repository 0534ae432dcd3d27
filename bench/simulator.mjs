/**
 * 1,000 calls at the same moment at speed 60, all five callbacks of each delivered over real HTTP: processor time and
 * memory of the simulator (a process of its own), and no delivery lost. The calls are placed while the clock stands
 * still, so that all of them ring, talk and end together. Goal: none lost. And 10,000 calls without callbacks that one
 * step of the clock ends. Runs the built package.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';

const CALLS = Number(process.env.BENCH_CALLS ?? 1000);
const EVENTS = ['ringing', 'answered', 'terminal'];
const PER_CALL = 5;
const ADVANCED_CALLS = 10_000;
const AT_ONCE = 64;
const DEADLINE_MS = 120_000;
const cli = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', 'simulator', 'dist', 'cli.js');

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
	return { server, events, url: `http://127.0.0.1:${server.address().port}/status` };
}

/** Starts the simulator as its users do. */
async function simulator(...options) {
	// the documented 200 calls a minute are a limit of Exotel, not of this measurement
	const spawned = performance.now();
	const child = spawn(process.execPath, [cli, '--port', '0', '--speed', '0', '--as-seen-in-the-field', ...options], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	let printed = '';
	child.stdout.setEncoding('utf8');
	child.stdout.on('data', (chunk) => (printed += chunk));
	while (!/Base URL +\S+/.test(printed)) await once(child.stdout, 'data');
	return { child, readyMs: performance.now() - spawned, url: /Base URL +(\S+)/.exec(printed)[1] };
}

/** Processor seconds and peak memory (MB) of a process; Linux only, else null. */
function usage(pid) {
	try {
		const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
			.replace(/^.*\) /, '')
			.split(' ');
		const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
		return { seconds: (Number(fields[11]) + Number(fields[12])) / 100, megabytes: Number(peak?.[1] ?? 0) / 1024 };
	} catch {
		return null;
	}
}

/** Places calls without callbacks on a clock that stands still, then lets them all ring, talk and end in one step. */
async function advancing() {
	const { child, url } = await simulator('--max-calls', String(ADVANCED_CALLS));
	try {
		const headers = { Authorization: `Basic ${Buffer.from('key:token').toString('base64')}` };
		const body = new URLSearchParams({ From: '+919812345670', To: '+919812345680', CallerId: '08047112233' });
		let left = ADVANCED_CALLS;
		const place = async () => {
			while (left-- > 0) {
				const path = '/v1/Accounts/acme1/Calls/connect.json';
				const response = await fetch(`${url}${path}`, { method: 'POST', headers, body });
				assert.equal(response.status, 200);
				await response.arrayBuffer();
			}
		};
		await Promise.all(Array.from({ length: AT_ONCE }, place));
		const started = performance.now();
		const json = { 'Content-Type': 'application/json' };
		const step = '{"advanceSeconds":60}';
		await fetch(`${url}/_simulator/api/clock`, { method: 'POST', headers: json, body: step });
		const advancedMs = performance.now() - started;
		const { calls } = await (await fetch(`${url}/_simulator/api/calls`)).json();
		assert.equal(calls.filter(({ outcome }) => outcome === 'answered').length, ADVANCED_CALLS);
		return advancedMs;
	} finally {
		child.kill('SIGTERM');
		await once(child, 'exit');
	}
}

export async function benchmark() {
	const advancedMs = await advancing();
	const sink = await receiver();
	const { child, url, readyMs } = await simulator();
	try {
		const idle = usage(child.pid);
		const started = performance.now();
		const body = (index) =>
			new URLSearchParams({
				From: `+9198${String(10_000_000 + index * 100 + 10)}`,
				To: `+9199${String(10_000_000 + index * 100 + 10)}`,
				CallerId: '08047112233',
				StatusCallback: sink.url,
				StatusCallbackContentType: 'application/json',
				...Object.fromEntries(EVENTS.map((event, position) => [`StatusCallbackEvents[${position}]`, event])),
			});
		const headers = { Authorization: `Basic ${Buffer.from('key:token').toString('base64')}` };
		const sids = [];
		let next = 0;
		await Promise.all(
			Array.from({ length: AT_ONCE }, async () => {
				while (next < CALLS) {
					const response = await fetch(`${url}/v1/Accounts/Exotel/Calls/connect.json`, {
						method: 'POST',
						headers,
						body: body(next++),
					});
					assert.equal(response.status, 200);
					sids.push((await response.json()).Call.Sid);
				}
			}),
		);
		const placedMs = performance.now() - started;
		const released = performance.now();
		await fetch(`${url}/_simulator/api/clock`, {
			method: 'POST',
			headers: { 'Content-Type': 'application/json' },
			body: '{"speed":60}',
		});
		const delivered = () => sids.reduce((sum, sid) => sum + (sink.events.get(sid)?.length ?? 0), 0);
		while (delivered() < CALLS * PER_CALL && performance.now() - released < DEADLINE_MS)
			await new Promise((resolve) => setTimeout(resolve, 20));
		const deliveredMs = performance.now() - released;
		const lost = CALLS * PER_CALL - delivered();
		const busy = usage(child.pid);
		const { deliveries, calls } = await (await fetch(`${url}/_simulator/api/state`)).json();
		assert.equal(lost, 0, `${lost} deliveries were lost`);
		for (const sid of sids)
			assert.deepEqual(sink.events.get(sid), ['ringing', 'answered', 'ringing', 'answered', 'terminal'], sid);
		assert.deepEqual([deliveries.delivered, deliveries.failed, calls.kept], [CALLS * PER_CALL, 0, CALLS]);
		const resetting = performance.now();
		assert.equal((await fetch(`${url}/_simulator/api/reset`, { method: 'POST' })).status, 200);
		const resetMs = performance.now() - resetting;
		return [
			{
				name: 'ready after',
				value: Math.round(readyMs),
				unit: 'ms',
				atMost: 300,
				note: 'from the start of the process',
			},
			{
				name: `${CALLS} concurrent calls, deliveries lost`,
				value: lost,
				unit: 'deliveries',
				atMost: 0,
				note: `of ${CALLS * PER_CALL}`,
			},
			{
				name: 'calls placed in a second',
				value: Math.round(CALLS / (placedMs / 1000)),
				unit: 'calls/s',
				atLeast: 1000,
				note: `${AT_ONCE} requests at once; the client uses one of the cores`,
			},
			{
				name: 'until the last callback',
				value: Math.round(deliveredMs),
				unit: 'ms',
				note: 'at speed 60 a call of 14 s takes 233 ms',
			},
			{
				name: 'processor time of the simulator',
				value: busy && idle ? Number((busy.seconds - idle.seconds).toFixed(2)) : 0,
				unit: 's',
				note: 'placing and delivering',
			},
			{
				name: 'peak memory of the simulator',
				value: Math.round(busy?.megabytes ?? 0),
				unit: 'MB',
				note: `${Math.round(idle?.megabytes ?? 0)} MB at rest`,
			},
			{
				name: `advancing over ${ADVANCED_CALLS} calls`,
				value: Math.round(advancedMs),
				unit: 'ms',
				atMost: 5000,
				note: 'one step of 60 s ends them all',
			},
			{ name: `reset with ${CALLS} calls`, value: Math.round(resetMs * 10) / 10, unit: 'ms', atMost: 100 },
		];
	} finally {
		child.kill('SIGTERM');
		await once(child, 'exit');
		sink.server.closeAllConnections();
		sink.server.close();
	}
}
