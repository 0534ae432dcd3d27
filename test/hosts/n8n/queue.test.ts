/**
 * n8n's queue mode against the simulator: calls, waits, events and applets go through the webhook processor; a worker is
 * killed while calls wait. Workers that are killed while they place calls: queue-faults.test.ts.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { sharedQueue, type Queue } from './queue-stage';
import { begin, outputOf } from './runs';
import { SECRETS, type Json, type Stored } from './stage';
import { connectNumbers, line, node, ours, start } from './workflows';

const json = (body: Json) => ({ headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
const waits = { waitForOutcome: true, waitMinutes: 30 };

describe('n8n in queue mode', function () {
	this.timeout(300_000);
	let queue: Queue;
	before(async () => {
		queue = await sharedQueue();
	});
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
		await queue.workers.shift()!.stop('SIGKILL');
		await queue.simulator.advance(60);
		await queue.until(
			async () => (await queue.client.executions(flow.workflow)).every(({ status }) => status === 'success'),
			'all executions went on',
			120,
		);
		assert.deepEqual(await outcomes(flow.workflow), Object.fromEntries(numbers.map((to) => [to, 'answered'])));
		for (const to of numbers) assert.equal(callsTo(to).length, 1, to);
		await queue.startWorker();
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
