/**
 * n8n's queue mode when a component is killed once while calls are waited for, and is back before they end: webhook
 * processor, main process, Redis, PostgreSQL. Workers: queue.test.ts.
 */
import assert from 'node:assert/strict';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { outputOf } from './runs';
import { accountData, clientTools, openSimulator, type Client, type N8n, type Simulator } from './stage';
import { connectNumbers, line, node, ours, start } from './workflows';

interface Service {
	/** Ends it as `kill -9` does and starts it again on the same data and port. */
	restart(): Promise<void>;
}

interface Queue {
	redis: Service;
	postgres: Service;
	main: N8n;
	processors: N8n[];
	startProcess(command: string[], port?: number): Promise<N8n>;
	startWorker(): Promise<N8n>;
	stop(): Promise<void>;
}

interface QueueTools {
	startQueue(): Promise<Queue>;
}

const tools = path.resolve(__dirname, '..', '..', '..', 'tools', 'n8n', 'queue.mjs');
const CALLS = [1, 2, 3];

describe('n8n in queue mode, when a component is killed while calls are waited for', function () {
	this.timeout(600_000);
	let queue: Queue;
	let simulator: Simulator;
	let client: Client;
	let until: (isSo: () => Promise<boolean>, description: string, seconds?: number) => Promise<void>;

	before(async () => {
		const { startQueue } = (await import(pathToFileURL(tools).href)) as QueueTools;
		const { connect, ...more } = await clientTools();
		({ until } = more);
		queue = await startQueue();
		simulator = await openSimulator(0);
		await queue.startWorker();
		client = await connect(queue.main.url);
	});
	after(async () => {
		await queue?.stop();
		await simulator?.close();
	});

	const again = async (of: N8n | undefined, command: string): Promise<unknown> => {
		await of?.stop('SIGKILL');
		return await queue.startProcess([command], of?.port);
	};
	const components: Record<string, () => Promise<unknown>> = {
		'webhook processor': () => again(queue.processors[0], 'webhook'),
		'main process': () => again(queue.main, 'start'),
		Redis: () => queue.redis.restart(),
		PostgreSQL: () => queue.postgres.restart(),
	};

	for (const [index, [name, restart]] of Object.entries(components).entries())
		it(`loses no outcome and dials nobody twice: ${name}`, async () => {
			const numbers = CALLS.map((call) => `+91802${index}5550${call}5`);
			const callsTo = (to: string): object[] => simulator.calls().filter((call) => call['to'] === to);
			const account = await client.createCredential('exotelVoiceApi', name, accountData(simulator.url));
			const { path: at, nodes } = start();
			const waits = { waitForOutcome: true, waitMinutes: 30 };
			const call = ours('Exotel', 'exotel', connectNumbers('={{ $json.to }}', waits), {
				exotelVoiceApi: account,
			});
			const workflow = await client.createWorkflow(
				line(name, [...nodes, call, node('After', 'n8n-nodes-base.noOp', 1)]),
			);
			await client.publish(workflow);
			const address = `${queue.processors[0]?.url}/webhook/${at}`;
			const allAre = (state: string) => async (): Promise<boolean> => {
				// While a component is away, n8n may not answer.
				const found = await client.executions(workflow).catch(() => []);
				return found.length === numbers.length && found.every(({ status }) => status === state);
			};

			for (const to of numbers) {
				const begun = await fetch(address, {
					method: 'POST',
					headers: { 'content-type': 'application/json' },
					body: JSON.stringify({ items: [{ to }] }),
				});
				assert.equal(begun.status, 200);
			}
			await until(allAre('waiting'), 'all calls are waited for', 120);
			await restart();
			await until(allAre('waiting'), `n8n answers again: ${name}`, 120);
			await simulator.advance(60);
			await until(allAre('success'), 'all executions went on', 180);

			const found = await client.executions(workflow);
			const ended = await Promise.all(found.map(({ id }) => client.execution(id)));
			const outcomes = ended.flatMap((execution) => outputOf(execution, 'After'));
			assert.deepEqual(
				Object.fromEntries(outcomes.map(({ to, outcome }) => [to, outcome])),
				Object.fromEntries(numbers.map((to) => [to, 'answered'])),
			);
			for (const to of numbers) assert.equal(callsTo(to).length, 1, to);
		});
});
