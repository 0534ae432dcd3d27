/**
 * n8n's queue mode for real: PostgreSQL, Redis, a main process, two workers and a webhook processor, all with the
 * packed package. Calls, waits, events and applets go through the processor; workers are killed while calls wait and
 * while a call is placed.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { begin, outputOf } from './runs';
import {
	accountData,
	clientTools,
	hostTools,
	openSimulator,
	SECRETS,
	type Json,
	type N8n,
	type Stage,
	type Stored,
} from './stage';
import { connectNumbers, line, node, ours, start } from './workflows';

interface Service {
	port: number;
	stop(): Promise<void>;
}

interface Services {
	startRedis(): Promise<Service>;
	startPostgres(): Promise<Service & { user: string; database: string }>;
}

interface Queue extends Stage {
	main: N8n;
	workers: N8n[];
	startWorker(): Promise<void>;
}

/** Starts all processes; `n8n` of the stage is the webhook processor, which Exotel talks to. */
async function openQueue(): Promise<Queue> {
	const services = (await import(
		pathToFileURL(path.resolve(__dirname, '..', '..', '..', 'tools', 'n8n', 'services.mjs')).href
	)) as Services;
	const host = await hostTools();
	const { connect, until } = await clientTools();
	const closing: (() => Promise<unknown>)[] = [];
	try {
		const redis = await services.startRedis();
		closing.push(() => redis.stop());
		const postgres = await services.startPostgres();
		closing.push(() => postgres.stop());
		const simulator = await openSimulator();
		closing.push(() => simulator.close());
		const userFolder = await host.scratchUserFolder();
		closing.push(() => fs.rm(userFolder, { recursive: true, force: true }));

		const processorPort = await host.freePort();
		const url = `http://127.0.0.1:${processorPort}`;
		const environment = {
			EXECUTIONS_MODE: 'queue',
			QUEUE_BULL_REDIS_HOST: '127.0.0.1',
			QUEUE_BULL_REDIS_PORT: String(redis.port),
			QUEUE_HEALTH_CHECK_ACTIVE: 'true',
			DB_TYPE: 'postgresdb',
			DB_POSTGRESDB_HOST: '127.0.0.1',
			DB_POSTGRESDB_PORT: String(postgres.port),
			DB_POSTGRESDB_DATABASE: postgres.database,
			DB_POSTGRESDB_USER: postgres.user,
			N8N_DEFAULT_BINARY_DATA_MODE: 'database',
		};
		const startProcess = async (command: string[], port: number): Promise<N8n> => {
			const started = await host.startN8n({
				userFolder,
				command,
				port,
				url,
				environment: { ...environment, QUEUE_HEALTH_CHECK_PORT: String(port) },
			});
			closing.push(() => started.stop());
			return started;
		};
		// The main process creates the tables; the others find them.
		const main = await startProcess(['start'], await host.freePort());
		const processor = await startProcess(['webhook'], processorPort);
		const workers: N8n[] = [];
		const startWorker = async () => {
			workers.push(await startProcess(['worker', '--concurrency=5'], await host.freePort()));
		};
		await startWorker();
		await startWorker();

		const client = await connect(main.url);
		const account = await client.createCredential(
			'exotelVoiceApi',
			'Exotel in queue mode',
			accountData(simulator.url),
		);
		const token = await client.createCredential('exotelWebhookTokenApi', 'Token in queue mode', {
			token: SECRETS.webhookToken,
		});
		return {
			simulator,
			client,
			n8n: processor,
			main,
			workers,
			startWorker,
			account,
			token,
			restart: () => Promise.reject(new Error('not here')),
			live: async (workflow) => {
				const stored = await client.createWorkflow(workflow);
				await client.publish(stored);
				return stored;
			},
			hit: async (method, pathOrUrl, options = {}) => {
				const response = await fetch(pathOrUrl.startsWith('http') ? pathOrUrl : `${url}${pathOrUrl}`, {
					method,
					redirect: 'manual',
					signal: AbortSignal.timeout(30_000),
					...options,
				});
				return { status: response.status, text: await response.text(), headers: response.headers };
			},
			until,
			close: async () => {
				for (const stop of closing.reverse()) await stop();
			},
		};
	} catch (error) {
		for (const stop of closing.reverse()) await stop();
		throw error;
	}
}

const json = (body: Json) => ({ headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
const waits = { waitForOutcome: true, waitMinutes: 30 };

describe('n8n in queue mode', function () {
	this.timeout(300_000);
	let queue: Queue;
	before(async () => {
		queue = await openQueue();
	});
	after(() => queue?.close());
	afterEach(() => queue?.simulator.setSpeed(20));

	const callsTo = (to: string) => queue.simulator.calls().filter((call) => call['to'] === to);

	/** A published workflow that places a call to `{{ $json.to }}` and waits. */
	async function waiting(): Promise<{ workflow: Stored; path: string }> {
		const { path: at, nodes } = start();
		const workflow = await queue.live(
			line('Waits in the queue', [
				...nodes,
				ours('Exotel', 'exotel', connectNumbers('={{ $json.to }}', waits), { exotelVoiceApi: queue.account }),
				node('After', 'n8n-nodes-base.noOp', 1),
			]),
		);
		return { workflow, path: at };
	}

	/** Starts one execution per number, and comes back when all are in that state. */
	async function startAll(
		{ workflow, path: at }: { workflow: Stored; path: string },
		numbers: string[],
		state: string,
	): Promise<void> {
		await Promise.all(numbers.map((to) => begin(queue, at, [{ to }])));
		await queue.until(
			async () =>
				(await queue.client.executions(workflow)).filter(({ status }) => status === state).length ===
				numbers.length,
			`${numbers.length} executions are ${state}`,
			120,
		);
	}

	async function outcomes(workflow: Stored): Promise<Record<string, string>> {
		const found = await Promise.all(
			(await queue.client.executions(workflow)).map(({ id }) => queue.client.execution(id)),
		);
		return Object.fromEntries(
			found.flatMap((execution) => outputOf(execution, 'After')).map(({ to, outcome }) => [to, outcome]),
		);
	}

	it('waits for outcomes through the webhook processor', async () => {
		const expected = {
			'+918021110001': 'no-answer',
			'+918021110002': 'busy',
			'+918021110005': 'answered',
			'+918021110007': 'answered',
			'+918021110009': 'answered',
		};
		const flow = await waiting();
		await startAll(flow, Object.keys(expected), 'success');
		assert.deepEqual(await outcomes(flow.workflow), expected);
	});

	it('settles a lost answer by the late report, without a second call', async () => {
		const flow = await waiting();
		await startAll(flow, ['+918022220096'], 'success');
		assert.deepEqual(await outcomes(flow.workflow), { '+918022220096': 'answered' });
		assert.equal(callsTo('+918022220096').length, 1);
	});

	it('loses no outcome and dials nobody twice when a worker is killed while calls wait', async () => {
		queue.simulator.setSpeed(0);
		const numbers = Array.from({ length: 6 }, (_, index) => `+9180233301${index}5`);
		const flow = await waiting();
		await startAll(flow, numbers, 'waiting');
		await queue.workers[0]!.stop('SIGKILL');
		await queue.simulator.advance(60);
		await queue.until(
			async () => (await queue.client.executions(flow.workflow)).every(({ status }) => status === 'success'),
			'all executions went on',
			120,
		);
		assert.deepEqual(await outcomes(flow.workflow), Object.fromEntries(numbers.map((to) => [to, 'answered'])));
		for (const to of numbers) assert.equal(callsTo(to).length, 1, to);
	});

	it('dials nobody twice when the worker is killed while it places the call', async () => {
		await queue.startWorker();
		queue.simulator.setSpeed(1);
		const to = '+918024440098';
		const flow = await waiting();
		await begin(queue, flow.path, [{ to }]);
		await queue.until(() => callsTo(to).length === 1, 'the call is placed and its answer on the way');
		// Either worker may have it: both go, and new ones come.
		await Promise.all(queue.workers.map((worker) => worker.stop('SIGKILL')));
		await queue.startWorker();
		queue.simulator.setSpeed(20);
		await queue.until(
			async () =>
				(await queue.client.executions(flow.workflow)).every(
					({ status }) => !['new', 'running', 'waiting'].includes(status),
				),
			'the execution is given up',
			150,
		);
		assert.equal(callsTo(to).length, 1);
	});

	it('starts once for repeats, whether they meet the processor or the main process', async () => {
		const trigger = ours(
			'Trigger',
			'exotelTrigger',
			{ events: ['terminal'] },
			{ exotelWebhookTokenApi: queue.token },
		);
		const workflow = await queue.live(
			line('Listens in the queue', [trigger, node('After', 'n8n-nodes-base.noOp', 1)]),
		);
		const at = `/webhook/${trigger.webhookId}/exotel?token=${SECRETS.webhookToken}`;
		const body = json({
			CallSid: randomUUID().replaceAll('-', ''),
			EventType: 'terminal',
			Status: 'busy',
			Direction: 'outbound-api',
		});
		for (const base of [queue.n8n.url, queue.main.url, queue.n8n.url])
			assert.equal((await queue.hit('POST', `${base}${at}`, body)).status, 200);
		assert.equal((await queue.hit('POST', at.replace(SECRETS.webhookToken, 'wrong'), body)).status, 401);
		const execution = await queue.client.waitForExecution(workflow);
		assert.equal(outputOf(execution, 'Trigger')[0]!['call'].outcome, 'busy');
		assert.equal((await queue.client.executions(workflow)).length, 1);

		for (let end = 0; end < 10; end += 1) {
			const again = json({ CallSid: randomUUID().replaceAll('-', ''), EventType: 'terminal', Status: 'busy' });
			for (const base of [queue.n8n.url, queue.main.url])
				assert.equal((await queue.hit('POST', `${base}${at}`, again)).status, 200);
		}
		assert.equal((await queue.client.executions(workflow)).length, 11);
	});

	it('answers callers from a worker, and with the fallback when the workflow fails there', async () => {
		const build = async (after: ReturnType<typeof node>[]) => {
			const trigger = ours(
				'Question',
				'exotelAppletTrigger',
				{ applet: 'connect', fallbackDestinations: '+919800000001' },
				{ exotelWebhookTokenApi: queue.token },
			);
			await queue.live(
				line('Answers in the queue', [
					trigger,
					...after,
					ours('Answer', 'exotelAppletAnswer', { answer: 'connect', destinations: '+919811112222' }),
				]),
			);
			return `/webhook/${trigger.webhookId}/applet?token=${SECRETS.webhookToken}&CallSid=${randomUUID().replaceAll('-', '')}&CallFrom=09812345678`;
		};
		const ask = async (at: string) => {
			const before = Date.now();
			const { status, text } = await queue.hit('GET', at, { headers: { 'Exotel-Version': '1.0' } });
			assert.match(text, /destination/, `HTTP ${status}`);
			assert.ok(Date.now() - before < 3_500, 'it did not wait for the deadline of 4 s');
			return JSON.parse(text)['destination'];
		};
		assert.deepEqual(await ask(await build([])), { numbers: ['+919811112222'] });
		assert.deepEqual(
			await ask(
				await build([
					node('Fails', 'n8n-nodes-base.stopAndError', 1, { errorMessage: 'An error of the workflow' }),
				]),
			),
			{ numbers: ['+919800000001'] },
		);
	});
});
