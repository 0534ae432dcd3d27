/**
 * What a webhook costs a real n8n with the packed package: CPU time of n8n and its task runners for each event that
 * starts a workflow, each event that is filtered out and each Connect request that is answered, as a ratio to the
 * workflow somebody builds by hand. The floor is a community trigger that does nothing, in the same run. Needs
 * `npm run pack`.
 */
import { randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { connect } from '../tools/n8n/client.mjs';
import { scratchUserFolder, startN8n } from '../tools/n8n/host.mjs';
import { callback, connectQuery } from './exotel-requests.mjs';
import { assertQuiet, inTurns, median, ratioOf, rounded } from './measuring.mjs';
import { ANSWER_CONNECT, READ_CALLBACK } from './n8n-code.mjs';

const TOKEN = 'bench-webhook-token-Hy72wCdS';
const ROUNDS = 5;
const PER_ROUND = 25;
/** A tick of the processor's accounts, ms. */
const TICK_MS = 10;

/** A community package with triggers that do nothing: one starts the workflow, one answers and starts nothing. */
const FLOOR = `
const description = (name) => ({ displayName: name, name, group: ['trigger'], version: 1, description: name, defaults: { name }, inputs: [],
	outputs: ['main'], properties: [], webhooks: [{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: 'floor' }] });
class Starts { description = description('starts'); async webhook() { return { workflowData: [[{ json: {} }]] }; } }
class Answers { description = description('answers'); async webhook() { return { webhookResponse: { ok: true } }; } }
`;

async function installFloor(userFolder) {
	const folder = path.join(userFolder, '.n8n', 'nodes', 'node_modules', 'n8n-nodes-floor');
	await fs.mkdir(folder, { recursive: true });
	const nodes = ['Starts.node.js', 'Answers.node.js'];
	const manifest = { name: 'n8n-nodes-floor', version: '1.0.0', n8n: { n8nNodesApiVersion: 1, nodes } };
	await fs.writeFile(path.join(folder, 'package.json'), JSON.stringify(manifest));
	for (const name of ['Starts', 'Answers'])
		await fs.writeFile(path.join(folder, `${name}.node.js`), `${FLOOR} module.exports = { ${name} };`);
}

/** Milliseconds of CPU time of a process and all it started. */
async function cpuOf(pid) {
	const ticks = new Map();
	const parents = new Map();
	for (const name of await fs.readdir('/proc')) {
		if (!/^\d+$/.test(name)) continue;
		const stat = await fs.readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
		const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
		parents.set(Number(name), Number(fields[1]));
		ticks.set(Number(name), Number(fields[11]) + Number(fields[12]));
	}
	const isOurs = (one) => one === pid || (parents.has(one) && isOurs(parents.get(one)));
	return [...ticks].reduce((sum, [one, used]) => sum + (isOurs(one) ? used : 0), 0) * TICK_MS;
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
		questionByHand: [
			[
				webhook({ httpMethod: 'GET', responseMode: 'responseNode' }),
				code(ANSWER_CONNECT),
				node('Respond', 'n8n-nodes-base.respondToWebhook', 1.5, {
					respondWith: 'json',
					responseBody: '={{ JSON.stringify($json) }}',
					options: {},
				}),
			],
			'',
		],
	};
}

/** @returns {Promise<import('./run.mjs').Row[]>} */
export async function benchmark() {
	const userFolder = await scratchUserFolder();
	await installFloor(userFolder);
	const n8n = await startN8n({ userFolder });
	try {
		const client = await connect(n8n.url);
		const token = await client.createCredential('exotelWebhookTokenApi', 'Token', {
			token: TOKEN,
			previousToken: '',
		});
		const urls = {};
		for (const [name, [nodes, end]] of Object.entries(workflows(token))) {
			await client.publish(await client.createWorkflow(line(name, nodes)));
			urls[name] = `${n8n.url}/webhook/${nodes[0].webhookId}${end === '' ? '' : `/${end}`}?token=${TOKEN}`;
		}
		return await compared(n8n.pid, urls);
	} finally {
		await n8n.stop();
		await fs.rm(userFolder, { recursive: true, force: true });
	}
}

let calls = 0;
const connectHeaders = { 'exotel-version': '1.0' };
const requests = {
	event: () => ({
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(callback(calls++)),
	}),
	filtered: () => {
		const body = JSON.stringify({ ...callback(calls++), EventType: 'answered', Status: 'in-progress' });
		return { method: 'POST', headers: { 'content-type': 'application/json' }, body };
	},
};

async function compared(pid, urls) {
	const latency = Object.fromEntries(Object.keys(urls).map((name) => [name, []]));
	const cost = (name) => async () => {
		const before = await restedCpu(pid);
		for (let index = 0; index < PER_ROUND; index++) {
			const isQuestion = name.startsWith('question');
			const url = isQuestion ? `${urls[name]}&${connectQuery(calls++)}` : urls[name];
			const options = isQuestion
				? { headers: connectHeaders }
				: requests[name.startsWith('event') ? 'event' : 'filtered']();
			const started = performance.now();
			const response = await fetch(url, options);
			const text = await response.text();
			latency[name].push(performance.now() - started);
			if (response.status !== 200 || (isQuestion && !text.includes('+919812345678')))
				throw new Error(`${name} was answered with ${response.status}: ${text}`);
		}
		return ((await restedCpu(pid)) - before) / PER_ROUND;
	};
	const turns = (...names) => inTurns(Object.fromEntries(names.map((name) => [name, cost(name)])), ROUNDS);
	const event = await turns('event', 'eventByHand', 'eventByHandAgain', 'eventFloor');
	assertQuiet(event.eventByHand, event.eventByHandAgain, 'the workflow built by hand');
	const seen = {
		...event,
		...(await turns('filtered', 'filteredByHand', 'filteredFloor')),
		...(await turns('question', 'questionByHand')),
	};
	const shown = (name) =>
		`${rounded(median(seen[name]), 1)} ms of CPU time, answered in ${rounded(median(latency[name]), 1)} ms`;
	const row = (name, figure, goal, floor) => ({
		name: `n8n ${name}`,
		value: rounded(ratioOf(seen[figure], seen[`${figure}ByHand`])),
		unit: '×',
		...goal,
		against: `by hand (${shown(`${figure}ByHand`)})`,
		note: shown(figure) + (floor ? `; floor ${shown(floor)}` : ''),
	});
	return [
		row('status callback → workflow has run', 'event', { atMost: 1.1 }, 'eventFloor'),
		row('event filtered out', 'filtered', { atMost: rounded(1 / 1.2) }, 'filteredFloor'),
		row('Connect request → answer', 'question', { atMost: 1.1 }),
	];
}
