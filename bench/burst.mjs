/**
 * Whether a burst delays callers: 20 of them wait in a real Node-RED with the packed package for an answer that never
 * comes, so that each gets the fallback after a second, while 1,000 callbacks come in at once, each on a connection of
 * its own, or 100 calls are placed at once. What counts is the longest delay of a fallback in any round, ms. Needs
 * `npm run pack`.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { connectQuery } from './exotel-requests.mjs';
import { median, NoisyError } from './measuring.mjs';
import { openNodeRed } from './node-red.mjs';
import { account, applet, callEvents, node, pathToken, TAB } from './node-red-flows.mjs';
import { ROWS } from './passages.mjs';
import { startSimulator } from './simulator-process.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const CALLBACKS = 1000;
const CALLS = 100;
const CALLERS = 20;
/** The callers come over one second, so that their fallbacks go out over the second of the burst. */
const BETWEEN_CALLERS_MS = 50;
const DEADLINE_MS = 1000;
const MOST_DELAY_MS = 200;
/** Without a burst no fallback is later than this, or the machine is too busy. */
const QUIET_DELAY_MS = 50;
const ROUNDS = 5;
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** An applet that nobody answers, an event node with a function behind it, and a button that places 100 calls. */
const flows = (simulatorUrl, nodeRedUrl) => [
	TAB,
	account({ region: 'custom', baseUrl: simulatorUrl, publicUrl: nodeRedUrl, requestsPerMinute: '6000' }),
	applet('nobody', null, { deadlineSeconds: String(DEADLINE_MS / 1000) }),
	callEvents('events', 'work'),
	node('function', 'work', { func: 'msg.text = JSON.stringify(msg.payload); return msg;', outputs: 1 }),
	node('inject', 'go', { props: [{ p: 'payload' }], repeat: '', once: false, payload: '', wires: [['split']] }),
	node('function', 'split', {
		func: `return [Array.from({ length: ${CALLS} }, (_, index) => ({ payload: '+9198123' + (45000 + index * 10) }))];`,
		outputs: 1,
		wires: [['call']],
	}),
	node('exotel-make-call', 'call', {
		account: 'account',
		mode: 'numbers',
		from: '+919876543210',
		fromType: 'str',
		to: 'payload',
		toType: 'msg',
		exoPhone: '08047112233',
		exoPhoneType: 'str',
		follow: true,
		wires: [['work'], ['work'], ['work']],
	}),
];

/** One caller; resolves with how much later than the deadline the fallback came, ms. */
function caller(port, index) {
	return new Promise((resolve, reject) => {
		const sent = performance.now();
		const at = `/exotel/nobody?token=${pathToken('/exotel/nobody')}&${connectQuery(index)}`;
		const options = { port, host: '127.0.0.1', path: at, agent: false, headers: { 'exotel-version': '1.0' } };
		const request = http.get(options, (response) => {
			const delay = performance.now() - sent - DEADLINE_MS;
			response.resume();
			if (response.statusCode === 200) resolve(delay);
			else reject(new Error(`A caller was answered with ${response.statusCode}.`));
		});
		request.on('error', reject);
	});
}

let callers = 0;

/** The longest delay of a fallback while `burst` happens. */
async function longestDelay(port, burst) {
	const answered = Promise.all(
		Array.from({ length: CALLERS }, async (_, index) => {
			await wait(index * BETWEEN_CALLERS_MS);
			return await caller(port, (callers += 1));
		}),
	);
	await wait(DEADLINE_MS);
	const [delays] = await Promise.all([answered, burst()]);
	return Math.max(...delays);
}

/** @returns {Promise<import('./run.mjs').Row[]>} */
export async function benchmark() {
	const simulator = await startSimulator('--speed', '1', '--account', 'acme1:bench-key:bench-token');
	const host = await openNodeRed({ adminRoot: '/admin' });
	const client = fork(path.join(here, 'burst-client.mjs'));
	try {
		const { port } = host.nodeRed;
		await host.deploy(flows(simulator.url, host.nodeRed.url));
		const bursts = {
			async none() {},
			async callbacks() {
				const at = '/exotel/events';
				client.send({ port, path: at, token: pathToken(at), count: CALLBACKS });
				const [{ refused }] = await once(client, 'message');
				if (refused > 0) throw new Error(`${refused} callbacks were refused.`);
			},
			async calls() {
				const pressed = await fetch(`${host.nodeRed.url}/admin/inject/go`, { method: 'POST' });
				if (!pressed.ok) throw new Error(`The button answered ${pressed.status}.`);
			},
		};
		const seen = { none: [], callbacks: [], calls: [] };
		for (let round = 0; round <= ROUNDS; round++) {
			for (const [name, burst] of Object.entries(bursts)) {
				const delay = await longestDelay(port, burst);
				if (round > 0) seen[name].push(delay);
				// The calls of the burst ring, talk and end.
				if (name === 'calls') await wait(12_000);
			}
		}
		if (Math.max(...seen.none) > QUIET_DELAY_MS)
			throw new NoisyError(`noisy: without a burst a fallback was ${Math.round(Math.max(...seen.none))} ms late`);
		const placed = await simulator.calls();
		if (placed < CALLS * (ROUNDS + 1)) throw new Error(`${placed} of ${CALLS * (ROUNDS + 1)} calls were placed.`);
		const row = (burst, name) => ({
			name,
			value: Math.max(0, Math.round(Math.max(...seen[burst]))),
			unit: 'ms',
			atMost: MOST_DELAY_MS,
			note: `middle of ${ROUNDS} rounds ${Math.round(median(seen[burst]))} ms; without a burst ${Math.round(Math.max(...seen.none))} ms`,
		});
		const [ofCallbacks, ofCalls] = ROWS.bursts;
		return [row('callbacks', ofCallbacks), row('calls', ofCalls)];
	} finally {
		client.kill();
		await host.close();
		await simulator.stop();
	}
}
