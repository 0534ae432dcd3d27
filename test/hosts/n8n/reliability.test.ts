/**
 * What must not go wrong on a real n8n, against the raw double of Exotel: no phone rings twice, no placed call is hidden
 * by another one that failed, no end of a call is lost, no caller waits for a workflow that is over.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { startDouble, type Double } from '../../double/index';
import { begin, outputOf } from './runs';
import { SECRETS, sharedStage, type Execution, type Json, type Stage, type Stored } from './stage';
import { line, node, ours, start, type CredentialReference, type WorkflowNode } from './workflows';

const json = (body: unknown) => ({ headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
/** How often n8n is killed while it answers. */
const kills = 2;
const newSid = () => randomUUID().replaceAll('-', '');

describe('nothing is lost and nothing rings twice on n8n', function () {
	this.timeout(240_000);
	let stage: Stage;
	let exotel: Double;
	let account: CredentialReference;
	before(async () => {
		stage = await sharedStage();
		exotel = await startDouble();
		const { sid, key, token } = exotel.account;
		account = await stage.client.createCredential('exotelVoiceApi', 'The raw double', {
			region: 'custom',
			baseUrl: exotel.origin,
			sid,
			apiKey: key,
			apiToken: token,
			timeZone: 'Asia/Kolkata',
			defaultCountry: 'IN',
		});
	});
	after(() => exotel?.close());

	const numbers = (count: number, from: number): string[] =>
		Array.from({ length: count }, (_, index) => `+9198450${String(from + index).padStart(5, '0')}`);
	const rings = (to: readonly string[]): number[] => to.map((number) => exotel.rings.get(number) ?? 0);

	const placing = (parameters: Json = {}, settings: Json = {}): WorkflowNode =>
		ours(
			'Exotel',
			'exotel',
			{
				resource: 'call',
				operation: 'connectNumbers',
				from: '+919812345678',
				to: '={{ $json.to }}',
				exoPhone: { __rl: true, mode: 'number', value: exotel.account.exoPhones[0] },
				...parameters,
			},
			{ exotelVoiceApi: account },
			settings,
		);

	interface Placed {
		workflow: Stored;
		execution: Execution;
		items: Json[];
	}

	/** Places calls to these numbers; `refused` answers the POST of that number so. */
	async function place(
		to: string[],
		parameters: Json = {},
		settings: Json = {},
		behind: WorkflowNode[] = [],
	): Promise<Placed> {
		const { path, nodes } = start();
		const workflow = await stage.live(line('Calls', [...nodes, placing(parameters, settings), ...behind]));
		await begin(
			stage,
			path,
			to.map((number) => ({ to: number })),
		);
		const execution = await stage.client.waitForExecution(workflow);
		return { workflow, execution, items: outputOf(execution, 'Exotel') };
	}

	const refusal = {
		status: 400,
		headers: { 'Content-Type': 'application/json' },
		body: JSON.stringify({ RestException: { Status: 400, Message: 'Number is not allowed' } }),
	};
	const scripted = (answers: (typeof refusal | 'normal' | 'timeout' | 'reset-after-write')[]) => {
		for (const answer of answers) exotel.nextCall({ answer });
	};

	describe('an item that Exotel refuses, with the setting Stop', () => {
		for (const retryOnFail of [false, true]) {
			it(`hides no call that was placed, and nobody is dialled after it (Retry On Fail: ${retryOnFail})`, async () => {
				const to = numbers(6, retryOnFail ? 200 : 100);
				scripted(['normal', 'normal', 'normal', refusal]);
				const { execution, items } = await place(to, {}, { retryOnFail, maxTries: 3, waitBetweenTries: 0 });
				assert.equal(execution.status, 'success');
				assert.deepEqual(rings(to), [1, 1, 1, 0, 0, 0]);
				assert.deepEqual(
					items.map(({ outcome, reason }) => [outcome, reason]),
					[
						[null, null],
						[null, null],
						[null, null],
						['not-attempted', 'refused'],
						['not-attempted', 'earlier-item-failed'],
						['not-attempted', 'earlier-item-failed'],
					],
				);
				assert.deepEqual(
					items.slice(0, 3).map(({ sid }) => sid),
					exotel.calls
						.filter(({ to: called, dialled }) => dialled && to.includes(called!))
						.map(({ sid }) => sid),
				);
				assert.match(items[3]!['message'], /not allowed/);
				assert.equal(items[5]!['message'], items[3]!['message'], 'the reason of the one that failed');
				assert.match(
					execution.runData['Exotel']![0]!.hints![0]!.message,
					/3 of 6 calls were placed\. The 2 items after.*Item 3.*not allowed/,
				);
			});
		}

		it('fails when no phone has rung, and n8n may run it again', async () => {
			const to = numbers(3, 300);
			scripted([refusal]);
			const { execution } = await place(to);
			assert.equal(execution.status, 'error');
			assert.match(execution.error!.message, /not allowed/);
			assert.deepEqual(rings(to), [0, 0, 0]);
		});

		it('stops at a call that is in doubt, and names its attempt', async () => {
			const to = numbers(3, 400);
			scripted(['normal', 'reset-after-write']);
			const { items } = await place(to);
			assert.deepEqual(rings(to), [1, 1, 0]);
			assert.deepEqual([items[1]!['outcome'], items[1]!['reason']], ['unknown', 'no-response']);
			assert.match(items[1]!['details'].attemptId, /^[\w-]{22}$/);
			assert.equal(items[2]!['reason'], 'earlier-item-failed');
		});

		it("n8n's Retry rings nobody twice, and an error workflow sees what the user lets fail", async () => {
			const errors = await stage.live(
				line('Error workflow', [
					node('Error', 'n8n-nodes-base.errorTrigger', 1),
					node('Seen', 'n8n-nodes-base.noOp', 1),
				]),
			);
			const to = numbers(4, 500);
			scripted(['normal', 'normal', refusal]);
			const stop = node('Stop', 'n8n-nodes-base.stopAndError', 1, {
				errorMessage:
					'={{ "Not called: " + $input.all().filter(({ json }) => json.outcome === "not-attempted").length }}',
			});
			const { path, nodes } = start();
			const workflow = line('Fails behind the calls', [...nodes, placing(), stop]);
			const stored = await stage.live({
				...workflow,
				settings: { executionOrder: 'v1', errorWorkflow: errors.id },
			});
			await begin(
				stage,
				path,
				to.map((number) => ({ to: number })),
			);
			const failed = await stage.client.waitForExecution(stored, ['error']);
			assert.match(failed.error!.message, /Not called: 2/);
			const seen = await stage.client.waitForExecution(errors);
			assert.match(outputOf(seen, 'Error')[0]!['execution'].error.message, /Not called: 2/);
			assert.equal(outputOf(seen, 'Error')[0]!['execution'].lastNodeExecuted, 'Stop');

			for (const loadWorkflow of [false, true]) {
				await stage.client.request('POST', `/rest/executions/${failed.id}/retry`, { loadWorkflow });
			}
			await stage.until(
				async () =>
					(await stage.client.executions(stored)).filter(({ status }) => status === 'error').length === 3,
				'both retries have failed at the same place',
			);
			assert.deepEqual(rings(to), [1, 1, 0, 0]);
		});
	});

	it('sends the attempt along in the status callback URL, and a trigger hands it out', async () => {
		const trigger = ours('Trigger', 'exotelTrigger', {}, { exotelWebhookTokenApi: stage.token });
		const listens = await stage.live(line('Listens', [trigger, node('After', 'n8n-nodes-base.noOp', 1)]));
		const url = `${stage.n8n.url}/webhook/${trigger.webhookId}/exotel?token=${SECRETS.webhookToken}`;
		const to = numbers(1, 600);
		const { items } = await place(to, { options: { statusCallbackUrl: url } });
		const [{ sid, attemptId } = {}] = items;
		assert.match(attemptId, /^[\w-]{22}$/);
		assert.equal((await exotel.report(sid, 'terminal')).status, 200);
		const execution = await stage.client.waitForExecution(listens);
		assert.equal(outputOf(execution, 'Trigger')[0]!['attemptId'], attemptId);
		const plain = await place(numbers(1, 601));
		assert.equal('attemptId' in plain.items[0]!, false, 'an attempt that nobody can ever name is not handed out');
	});

	describe('Wait for Outcome', () => {
		const waits = { waitForOutcome: true, waitMinutes: 30 };

		async function parked(to: string): Promise<Stored> {
			const { path, nodes } = start();
			const workflow = await stage.live(
				line('Waits', [...nodes, placing(waits), node('After', 'n8n-nodes-base.noOp', 1)]),
			);
			await begin(stage, path, [{ to }]);
			await stage.client.waitForExecution(workflow, ['waiting']);
			return workflow;
		}

		it('asks Exotel when the report never comes, without waiting for the end of the time', async () => {
			const [silent, running] = numbers(2, 700) as [string, string];
			exotel.nextCall({ liveReads: 'until-told' });
			const workflow = await parked(silent);
			exotel.nextCall({ liveReads: 'until-told' });
			const other = await parked(running);
			const sidOf = (number: string) => exotel.calls.find((call) => call.to === number)!.sid;
			exotel.end(sidOf(silent));
			const execution = await stage.client.waitForExecution(workflow, ['success'], { seconds: 170 });
			const [item] = outputOf(execution, 'After');
			assert.deepEqual([item!['sid'], item!['outcome'], item!['to']], [sidOf(silent), 'answered', silent]);
			assert.deepEqual(rings([silent, running]), [1, 1]);
			// The other one waits on once it has asked as well, after the first time at its beginning; a report still wakes
			// it. While it runs, n8n takes none.
			const asked = () =>
				exotel.requests.filter(({ method, path }) => method === 'GET' && path.includes(sidOf(running))).length;
			await stage.until(
				async () => asked() >= 2 && (await stage.client.executions(other))[0]!.status === 'waiting',
				'the other one waits on',
			);
			assert.equal((await exotel.report(sidOf(running), 'terminal')).status, 200);
			const ended = await stage.client.waitForExecution(other);
			assert.equal(outputOf(ended, 'After')[0]!['outcome'], 'answered');
		});
	});

	describe('the Exotel Trigger', () => {
		const report = (sid: string, type: string, more: Json = {}): Json => ({
			CallSid: sid,
			EventType: type,
			Status: type === 'terminal' ? 'completed' : 'in-progress',
			DateUpdated: '2026-11-21 08:00:00',
			Legs: [{ Status: type === 'ringing' ? 'ringing' : 'in-progress' }, {}],
			...more,
		});

		it('starts the workflow once for each event, also after n8n was killed', async () => {
			const trigger = ours(
				'Trigger',
				'exotelTrigger',
				{ events: ['answered', 'ringing', 'terminal'] },
				{ exotelWebhookTokenApi: stage.token },
			);
			const workflow = await stage.live(line('Listens', [trigger, node('After', 'n8n-nodes-base.noOp', 1)]));
			const url = `/webhook/${trigger.webhookId}/exotel?token=${SECRETS.webhookToken}`;
			const sids = Array.from({ length: 4 }, newSid);
			for (const sid of sids) {
				for (const type of ['answered', 'terminal'])
					assert.equal((await stage.hit('POST', url, json(report(sid, type)))).status, 200);
			}
			await stage.n8n.stop('SIGKILL');
			await stage.restart();
			for (const sid of sids) {
				for (const type of ['terminal', 'answered', 'ringing'])
					assert.equal((await stage.hit('POST', url, json(report(sid, type)))).status, 200);
			}
			assert.equal((await stage.client.executions(workflow)).length, 2 * sids.length);
		});
	});

	it('an event that was answered has its run stored: n8n is killed the moment it answers', async () => {
		const trigger = ours('Trigger', 'exotelTrigger', {}, { exotelWebhookTokenApi: stage.token });
		const workflow = await stage.live(line('Listens', [trigger, node('After', 'n8n-nodes-base.noOp', 1)]));
		const url = `/webhook/${trigger.webhookId}/exotel?token=${SECRETS.webhookToken}`;
		const send = async (sid: string): Promise<boolean> =>
			await stage
				.hit('POST', url, json({ CallSid: sid, EventType: 'terminal', Status: 'busy' }))
				.then(({ status }) => status === 200)
				.catch(() => false);
		const answered: string[] = [];
		for (let kill = 0; kill < kills; kill += 1) {
			const sids = Array.from({ length: 8 }, newSid);
			let first: () => void = () => {};
			const firstAnswer = new Promise<void>((resolve) => (first = resolve));
			const sending = sids.map(async (sid) => {
				if (!(await send(sid))) return;
				answered.push(sid);
				first();
			});
			await firstAnswer;
			await stage.n8n.stop('SIGKILL');
			await Promise.all(sending);
			await stage.restart();
			const stored = (await stage.client.executions(workflow)).length;
			assert.ok(stored >= answered.length, `${answered.length} answered, ${stored} runs stored`);
			for (const sid of answered) await send(sid);
			assert.equal(
				(await stage.client.executions(workflow)).length,
				stored,
				'no repeat starts the workflow again',
			);
		}
	});

	describe('a caller whose workflow is over', () => {
		const question = new URLSearchParams({
			CallSid: newSid(),
			CallFrom: '09812345678',
			CallTo: '08047112345',
			Direction: 'incoming',
			flow_id: '926',
		}).toString();

		async function asking(
			after: WorkflowNode[],
		): Promise<{ workflow: Stored; ask(): Promise<{ destination: Json; ms: number }> }> {
			const trigger = ours(
				'Question',
				'exotelAppletTrigger',
				{ applet: 'connect', fallbackDestinations: '+919800000001', options: { answerSeconds: 4 } },
				{ exotelWebhookTokenApi: stage.token },
			);
			const workflow = await stage.live(line('Answers', [trigger, ...after]));
			const url = `/webhook/${trigger.webhookId}/applet?token=${SECRETS.webhookToken}&${question}`;
			return {
				workflow,
				ask: async () => {
					const before = Date.now();
					const { status, text, headers } = await stage.hit('GET', url, {
						headers: { 'Exotel-Version': '1.0' },
					});
					assert.equal(status, 200, text);
					assert.deepEqual(
						[headers.get('content-type'), headers.get('x-exotel-applet-answer')],
						['application/json', null],
					);
					return { destination: JSON.parse(text)['destination'], ms: Date.now() - before };
				},
			};
		}
		const answer = (parameters: Json, name = 'Answer') => ours(name, 'exotelAppletAnswer', parameters);
		const fallback = { numbers: ['+919800000001'] };

		it('gets the fallback at once when the workflow fails or ends without an answer', async () => {
			const fails = await asking([node('Fails', 'n8n-nodes-base.stopAndError', 1, { errorMessage: 'No' })]);
			const silent = await asking([node('Nothing', 'n8n-nodes-base.noOp', 1)]);
			const answers = await asking([answer({ answer: 'connect', destinations: '+919811112222' })]);
			for (const { ask } of [fails, silent]) {
				for (let time = 0; time < 3; time += 1) {
					const { destination, ms } = await ask();
					assert.deepEqual(destination, fallback);
					assert.ok(ms < 3_000, `${ms} ms: it did not wait for the deadline of 4 s`);
				}
			}
			assert.deepEqual((await answers.ask()).destination, { numbers: ['+919811112222'] });
			assert.ok(!/Cannot set headers after they are sent/.test(stage.n8n.log()));
		});

		it('gets the fallback when the destination is empty, and the node says so', async () => {
			for (const destinations of ['={{ $json.nope.deep.boom }}', '={{ null }}', '={{ "" }}']) {
				const { ask, workflow } = await asking([answer({ answer: 'connect', destinations })]);
				assert.deepEqual((await ask()).destination, fallback, destinations);
				const { error } = await stage.client.waitForExecution(workflow);
				assert.match(error!.message, /Connect to is missing/i);
			}
		});

		it('is answered once: a second answer says that it was not sent', async () => {
			const first = answer({ answer: 'connect', destinations: '+919811112222' });
			const { ask, workflow } = await asking([first, answer({ answer: 'nobody' }, 'Again')]);
			assert.deepEqual((await ask()).destination, { numbers: ['+919811112222'] });
			const execution = await stage.client.waitForExecution(workflow);
			assert.equal(outputOf(execution, 'Answer')[0]!['sent'], true);
			assert.deepEqual(outputOf(execution, 'Again'), [{ sent: false, reason: 'already-answered' }]);
		});
	});
});
