/**
 * What a webhook costs a real n8n with the packed package, against the workflow somebody builds by hand: the time from
 * an event to the end of the workflow that it starts, filtered-out events a second, and the time to the answer of a Connect
 * request. The floor is a community package that does nothing but what n8n asks of it, in the same run. Needs
 * `npm run pack`.
 */
import { randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { connect, until } from '../tools/n8n/client.mjs';
import { scratchUserFolder, startN8n } from '../tools/n8n/host.mjs';
import { callback, connectQuery } from './exotel-requests.mjs';
import { assertQuiet, inTurns, median, ratioOf, rounded } from './measuring.mjs';
import { ANSWER_CONNECT, READ_CALLBACK } from './n8n-code.mjs';
import { cpuOf, TICK_MS } from './processes.mjs';

export const TOKEN = 'bench-webhook-token-Hy72wCdS';
const ROUNDS = 5;
/** Events and questions of a round, one after the other. */
const PER_ROUND = 20;
/** The workflow of an event has ended before the next one comes. */
const BETWEEN_EVENTS_MS = 150;
/** Filtered-out events of a round, and how many are sent at once. */
const FILTERED_PER_ROUND = 60;
const AT_ONCE = 4;

/** A community package that does as little as it can: starts a workflow, answers without one, answers from a workflow. */
const FLOOR = `
const description = (name, httpMethod, responseMode = 'onReceived') => ({ displayName: name, name, group: ['trigger'], version: 1, description: name, defaults: { name }, inputs: [],
	outputs: ['main'], properties: [], webhooks: [{ name: 'default', httpMethod, responseMode, path: 'floor' }] });
exports.Starts = class { description = description('starts', 'POST'); async webhook() { return { workflowData: [[{ json: {} }]] }; } };
exports.Answers = class { description = description('answers', 'POST'); async webhook() { return { webhookResponse: { ok: true } }; } };
exports.Asks = class { description = description('asks', 'GET', 'responseNode'); async webhook() { return { workflowData: [[{ json: {} }]] }; } };
exports.Replies = class { description = { ...description('replies', 'GET'), group: ['transform'], inputs: ['main'], webhooks: undefined }; async execute() {
	await this.sendResponse({ statusCode: 200, headers: {}, body: { destination: { numbers: ['+919812345678'] } } });
	return [this.getInputData()];
} };
`;

/** Puts the package of the floor into a user folder. */
export async function installFloor(userFolder) {
	const folder = path.join(userFolder, '.n8n', 'nodes', 'node_modules', 'n8n-nodes-floor');
	await fs.mkdir(folder, { recursive: true });
	const names = ['Starts', 'Answers', 'Asks', 'Replies'];
	const nodes = names.map((name) => `${name}.node.js`);
	const manifest = { name: 'n8n-nodes-floor', version: '1.0.0', n8n: { n8nNodesApiVersion: 1, nodes } };
	await fs.writeFile(path.join(folder, 'package.json'), JSON.stringify(manifest));
	await fs.writeFile(path.join(folder, 'floor.js'), FLOOR);
	for (const name of names)
		await fs.writeFile(path.join(folder, `${name}.node.js`), `exports.${name} = require('./floor.js').${name};`);
}

/** CPU time once the process has nothing more to do. */
async function restedCpu(pid) {
	let before = await cpuOf(pid);
	for (let quiet = 0; quiet < 3;) {
		await new Promise((resolve) => setTimeout(resolve, 150));
		const now = await cpuOf(pid);
		quiet = now - before <= TICK_MS ? quiet + 1 : 0;
		before = now;
	}
	return before;
}

const node = (name, type, typeVersion, parameters, more = {}) => ({
	id: randomUUID(),
	name,
	type,
	typeVersion,
	position: [0, 0],
	parameters,
	...more,
});

function line(name, nodes) {
	const link = (to) => ({ main: [[{ node: to.name, type: 'main', index: 0 }]] });
	const connections = Object.fromEntries(nodes.slice(1).map((to, index) => [nodes[index].name, link(to)]));
	return { name, nodes, connections };
}

const OURS = '@exonodes/n8n-nodes-exotel';
const code = (jsCode) => node('Code', 'n8n-nodes-base.code', 2, { jsCode: `const TOKEN = '${TOKEN}';\n${jsCode}` });

/** The workflows that are compared, by name, with where their webhooks are. */
function workflows(token) {
	const credentials = { exotelWebhookTokenApi: token };
	const ours = (type, parameters, more = {}) =>
		node(type, `${OURS}.${type}`, 1, parameters, { webhookId: randomUUID(), ...more });
	const webhook = (parameters) => {
		const webhookPath = randomUUID();
		const given = { httpMethod: 'POST', path: webhookPath, options: {}, ...parameters };
		return node('Webhook', 'n8n-nodes-base.webhook', 2.1, given, { webhookId: webhookPath });
	};
	const end = () => node('End', 'n8n-nodes-base.noOp', 1, {});
	const condition = (leftValue, rightValue) => ({
		id: randomUUID(),
		leftValue,
		rightValue,
		operator: { type: 'string', operation: 'equals' },
	});
	const onlyEnds = () =>
		node('IF', 'n8n-nodes-base.if', 2.2, {
			conditions: {
				options: { caseSensitive: true, leftValue: '', typeValidation: 'loose', version: 2 },
				conditions: [
					condition('={{ $json.query.token }}', TOKEN),
					condition('={{ $json.body.EventType }}', 'terminal'),
				],
				combinator: 'and',
			},
			options: {},
		});
	const floor = (type) => node(type, `n8n-nodes-floor.${type}`, 1, {}, { webhookId: randomUUID() });
	const askedByHand = () => [
		webhook({ httpMethod: 'GET', responseMode: 'responseNode' }),
		code(ANSWER_CONNECT),
		node('Respond', 'n8n-nodes-base.respondToWebhook', 1.5, {
			respondWith: 'json',
			responseBody: '={{ JSON.stringify($json) }}',
			options: {},
		}),
	];
	const trigger = (parameters) => ours('exotelTrigger', parameters, { credentials });
	const answer = ours('exotelAppletAnswer', {
		answer: 'connect',
		destinations: '+919812345678, 09812345679',
		options: { record: true, ringTimeSeconds: 30 },
	});
	return {
		event: [[trigger({ events: ['terminal'] }), end()], 'exotel'],
		eventByHand: [[webhook({ responseMode: 'onReceived' }), code(READ_CALLBACK), end()], ''],
		eventByHandAgain: [[webhook({ responseMode: 'onReceived' }), code(READ_CALLBACK), end()], ''],
		eventFloor: [[floor('starts'), end()], 'floor'],
		filtered: [[trigger({ events: ['terminal'] }), end()], 'exotel'],
		filteredByHand: [[webhook({ responseMode: 'onReceived' }), onlyEnds(), end()], ''],
		filteredFloor: [[floor('answers'), end()], 'floor'],
		question: [[ours('exotelAppletTrigger', { applet: 'connect' }, { credentials }), answer], 'applet'],
		questionByHand: [askedByHand(), ''],
		questionByHandAgain: [askedByHand(), ''],
		questionFloor: [[floor('asks'), node('replies', 'n8n-nodes-floor.replies', 1, {})], 'floor'],
	};
}

/**
 * Publishes the workflows to compare.
 *
 * @param {import('../tools/n8n/client.mjs').N8nClient} client
 * @param {string} url where Exotel reaches n8n
 * @param {string[]} [names] only these
 * @returns {Promise<Record<string, { url: string, id: string }>>} the webhook and the workflow of each
 */
export async function publishAll(client, url, names) {
	const secret = { token: TOKEN, previousToken: '' };
	const token = await client.createCredential('exotelWebhookTokenApi', 'Token', secret);
	const live = {};
	for (const [name, [nodes, end]] of Object.entries(workflows(token))) {
		if (names !== undefined && !names.includes(name)) continue;
		const stored = await client.createWorkflow(line(name, nodes));
		await client.publish(stored);
		const at = `${url}/webhook/${nodes[0].webhookId}${end === '' ? '' : `/${end}`}?token=${TOKEN}`;
		live[name] = { url: at, id: stored.id };
	}
	return live;
}

/** @returns {Promise<import('./run.mjs').Row[]>} */
export async function benchmark() {
	const userFolder = await scratchUserFolder();
	await installFloor(userFolder);
	const n8n = await startN8n({ userFolder });
	try {
		const client = await connect(n8n.url);
		return await compared(n8n.pid, client, await publishAll(client, n8n.url));
	} finally {
		await n8n.stop();
		await fs.rm(userFolder, { recursive: true, force: true });
	}
}

let calls = 0;
const JSON_TYPE = { 'content-type': 'application/json' };
/** An event that starts a workflow, and one that is filtered out. */
export const event = (more) => ({
	method: 'POST',
	headers: JSON_TYPE,
	body: JSON.stringify({ ...callback(calls++), ...more }),
});
const unwanted = () => event({ EventType: 'answered', Status: 'in-progress' });

/** Sends a request, and throws unless it is answered with 200 and, where asked for, a number. */
export async function sent(url, options, expected = '') {
	const response = await fetch(url, { ...options, signal: AbortSignal.timeout(30_000) });
	const text = await response.text();
	if (response.status !== 200 || !text.includes(expected))
		throw new Error(`${new URL(url).pathname} was answered with ${response.status}: ${text}`);
}

/** Asks for an answer; resolves with the milliseconds it took. */
export async function asked(url) {
	const started = performance.now();
	await sent(`${url}&${connectQuery(calls++)}`, { headers: { 'exotel-version': '1.0' } }, '+919812345678');
	return performance.now() - started;
}

/** When the newest executions of a workflow ended, oldest first, once there are `count` after `newerThan`. */
async function ends(client, id, count, newerThan) {
	let found = [];
	const isNew = ({ id: execution, status }) => Number(execution) > newerThan && status === 'success';
	await until(async () => {
		found = (await client.executions({ id })).filter(isNew);
		return found.length >= count;
	}, `${count} executions of ${id} have ended`);
	return found.toSorted((a, b) => Number(a.id) - Number(b.id)).map(({ stoppedAt }) => Date.parse(stoppedAt));
}

const lastId = async (client, id) => Math.max(0, ...(await client.executions({ id })).map((one) => Number(one.id)));

/** Milliseconds from each event to the end of the workflow it starts: the middle of a round. */
async function eventRound(client, { url, id }) {
	const before = await lastId(client, id);
	const begun = [];
	for (let index = 0; index < PER_ROUND; index++) {
		const pause = new Promise((resolve) => setTimeout(resolve, BETWEEN_EVENTS_MS));
		begun.push(Date.now());
		await Promise.all([sent(url, event()), pause]);
	}
	const ended = await ends(client, id, PER_ROUND, before);
	return median(ended.map((end, index) => end - begun[index]));
}

/** Events a second, until the last one is answered and the last workflow that runs for one has ended. */
async function filteredRound(client, { url, id }, startsWorkflow) {
	const before = startsWorkflow ? await lastId(client, id) : 0;
	const begun = Date.now();
	let left = FILTERED_PER_ROUND;
	const lane = async () => {
		while (left-- > 0) await sent(url, unwanted());
	};
	await Promise.all(Array.from({ length: AT_ONCE }, lane));
	let end = Date.now();
	if (startsWorkflow) end = Math.max(end, ...(await ends(client, id, FILTERED_PER_ROUND, before)));
	return (FILTERED_PER_ROUND * 1000) / (end - begun);
}

/** Milliseconds to the answer: the middle of a round. */
export async function questionRound({ url }) {
	const took = [];
	for (let index = 0; index < PER_ROUND; index++) took.push(await asked(url));
	return median(took);
}

async function compared(pid, client, live) {
	const cpu = Object.fromEntries(Object.keys(live).map((name) => [name, []]));
	const costly = (name, count, round) => async () => {
		const before = await restedCpu(pid);
		const figure = await round();
		cpu[name].push(((await restedCpu(pid)) - before) / count);
		return figure;
	};
	const turns = (names, count, round) =>
		inTurns(Object.fromEntries(names.map((name) => [name, costly(name, count, () => round(name))])), ROUNDS);
	const variants = (name) => [name, `${name}ByHand`, `${name}ByHandAgain`, `${name}Floor`];
	const seen = {
		...(await turns(variants('event'), PER_ROUND, (name) => eventRound(client, live[name]))),
		...(await turns(['filtered', 'filteredByHand', 'filteredFloor'], FILTERED_PER_ROUND, (name) =>
			filteredRound(client, live[name], name === 'filteredByHand'),
		)),
		...(await turns(variants('question'), PER_ROUND, (name) => questionRound(live[name]))),
	};
	assertQuiet(seen.eventByHand, seen.eventByHandAgain, 'an event of the workflow built by hand');
	assertQuiet(seen.questionByHand, seen.questionByHandAgain, 'the answer of the workflow built by hand');
	const shown = (name) => {
		const figure = rounded(median(seen[name]), 1);
		const what = name.startsWith('filtered') ? `${figure} a second` : `${figure} ms`;
		return `${what}, ${rounded(median(cpu[name]), 1)} ms of CPU time`;
	};
	const row = (what, name, goal, floor) => ({
		name: `n8n ${what}`,
		value: rounded(ratioOf(seen[name], seen[`${name}ByHand`])),
		unit: '×',
		...goal,
		floor: { value: rounded(ratioOf(seen[name], seen[`${name}Floor`])), ...floor },
		against: `by hand (${shown(`${name}ByHand`)})`,
		note: `${shown(name)}; floor ${shown(`${name}Floor`)}`,
	});
	return [
		row('status callback → workflow has run, time', 'event', { atMost: 1.1 }, { atMost: 1.15, counts: 'instead' }),
		row('event filtered out, events a second', 'filtered', { atLeast: 1.2 }, { atLeast: 0.85, counts: 'as well' }),
		row('Connect request → answer, time', 'question', { atMost: 1.1 }, { atMost: 1.15, counts: 'instead' }),
	];
}
