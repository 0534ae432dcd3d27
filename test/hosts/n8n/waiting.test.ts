/**
 * Wait for Outcome on a real n8n: the execution sleeps in n8n's own waiting state and Exotel's report of the end of the
 * call wakes it. Reports that are repeated, early, late, about other calls or damaged; a restart of n8n; a report that
 * never comes.
 */
import assert from 'node:assert/strict';
import { begin, outputOf, runExotel } from './runs';
import { accountData, sharedStage, type Json, type Stage, type Stored } from './stage';
import { connectNumbers, exoPhone, join, line, node, ours, start } from './workflows';

const json = (body: Json) => ({ headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

/** A terminal v1 report as Exotel writes it. */
const report = (sid: string, more: Json = {}) => ({
	CallSid: sid,
	EventType: 'terminal',
	Status: 'completed',
	DateUpdated: '2026-11-21 08:00:00',
	RecordingUrl: '',
	...more,
});

describe('waiting for the outcome of a call on n8n', function () {
	this.timeout(240_000);
	let stage: Stage;
	before(async () => {
		stage = await sharedStage();
	});
	afterEach(() => stage.simulator.setSpeed(20));

	const callTo = (to: string): Json | undefined => stage.simulator.calls().find((call) => call['to'] === to);
	const waits = { waitForOutcome: true, waitMinutes: 30 };

	/** Starts a call whose end nobody reports yet, and waits until n8n has parked the execution. */
	async function parked(to: string): Promise<{ workflow: Stored; sid: string; url: string }> {
		stage.simulator.setSpeed(0);
		const { path, nodes } = start();
		const exotel = ours('Exotel', 'exotel', connectNumbers(to, waits), { exotelVoiceApi: stage.account });
		const workflow = await stage.live(line('Waits', [...nodes, exotel, node('After', 'n8n-nodes-base.noOp', 1)]));
		await begin(stage, path);
		await stage.client.waitForExecution(workflow, ['waiting']);
		const sid = String(callTo(to)?.['sid']);
		const { statusCallback } = stage.simulator.call(sid)!['call'] as { statusCallback: { url: string } };
		return { workflow, sid, url: statusCallback.url };
	}

	const statusOf = async (workflow: Stored) => (await stage.client.executions(workflow))[0]!.status;

	it('goes on with each outcome, and with what was known when the call was placed', async () => {
		const expected = {
			'+918011110001': 'no-answer',
			'+918011110002': 'busy',
			'+918011110003': 'failed',
			'+918011110005': 'answered',
			'+918011110010': 'answered',
		};
		const runs = await Promise.all(Object.keys(expected).map((to) => runExotel(stage, connectNumbers(to, waits))));
		assert.deepEqual(
			Object.fromEntries(runs.map(({ items }) => [items[0]!['to'], items[0]!['outcome']])),
			expected,
		);
		for (const { items, execution } of runs) {
			assert.equal(execution.status, 'success');
			assert.equal(items.length, 1);
			assert.deepEqual([items[0]!['from'], items[0]!['reason']], ['+919812345678', null]);
		}
	});

	it("waits for flows and for agents' calls too", async () => {
		const flow = await runExotel(stage, {
			resource: 'call',
			operation: 'connectFlow',
			from: '+919811110005',
			flowId: '926',
			exoPhone,
			...waits,
		});
		assert.equal(flow.items[0]!['outcome'], 'answered');
		assert.equal(flow.items[0]!['from'], '+919811110005', 'the short report of a flow call leaves this out');
		const agent = await runExotel(stage, {
			resource: 'call',
			operation: 'connectAgent',
			agentContact: '+919812345678',
			to: '+918011110002',
			exoPhone,
			...waits,
		});
		assert.equal(agent.items[0]!['outcome'], 'busy');
	});

	it('goes on once when every report comes twice', async () => {
		const { workflow, items, execution } = await runExotel(stage, connectNumbers('+918011110007', waits));
		assert.equal(items[0]!['outcome'], 'answered');
		assert.equal(execution.runData['Exotel']!.length, 1);
		assert.equal((await stage.client.executions(workflow)).length, 1);
	});

	it('goes on when reports come in reverse order', async () => {
		const { items } = await runExotel(stage, connectNumbers('+918011110008', waits));
		assert.equal(items[0]!['outcome'], 'answered');
	});

	it('learns the outcome of a call whose report came before the answer of the request', async () => {
		const { items } = await runExotel(stage, connectNumbers('+918011110009', waits));
		assert.equal(items[0]!['outcome'], 'answered');
	});

	for (const [digits, what] of [
		['93', 'a 504 although the call was placed'],
		['96', 'a connection that closed without an answer'],
	]) {
		it(`settles ${what}: the report names the attempt, and nobody is called twice`, async () => {
			const to = `+9180222200${digits}`;
			const { items } = await runExotel(stage, connectNumbers(to, waits), {
				settings: { retryOnFail: true, waitBetweenTries: 0 },
			});
			assert.deepEqual(
				[items[0]!['outcome'], items[0]!['to'], items[0]!['sid']],
				['answered', to, callTo(to)!['sid']],
			);
			assert.equal(stage.simulator.calls().filter((call) => call['to'] === to).length, 1);
		});
	}

	it(
		'is not woken by other calls, progress, damaged or forged reports; then by a multipart ' + 'report, once',
		async () => {
			const to = '+918033330010';
			const { workflow, sid, url } = await parked(to);
			const [address] = url.split('?') as [string];

			assert.equal((await stage.hit('POST', url, json(report('f'.repeat(32))))).status, 200, 'another call');
			assert.equal(
				(
					await stage.hit(
						'POST',
						url,
						json(report(sid, { EventType: 'answered', Legs: [{ Status: 'in-progress' }, {}] })),
					)
				).status,
				200,
				'progress',
			);
			assert.equal(
				(await stage.hit('POST', url, { headers: { 'content-type': 'application/json' }, body: '{"CallSid":' }))
					.status,
				422,
				'broken JSON',
			);
			assert.equal((await stage.hit('POST', url, json({ nothing: 'of Exotel' }))).status, 400, 'no report');
			assert.equal((await stage.hit('POST', address, json(report(sid)))).status, 401, 'no signature');
			assert.equal(
				(
					await stage.hit(
						'POST',
						url.replace(/signature=[^&]+/, `signature=${'0'.repeat(64)}`),
						json(report(sid)),
					)
				).status,
				401,
				'forged signature',
			);
			assert.equal((await stage.hit('PUT', url, json(report(sid)))).status, 404, 'wrong method');
			assert.equal(await statusOf(workflow), 'waiting');

			const form = new FormData();
			for (const [name, value] of Object.entries(
				report(sid, { 'Legs[0][Status]': 'completed', 'Legs[1][Status]': 'completed' }),
			))
				form.set(name, String(value));
			assert.equal((await stage.hit('POST', url, { body: form })).status, 200);
			const execution = await stage.client.waitForExecution(workflow);
			assert.deepEqual(
				outputOf(execution, 'After').map(({ sid: ended, outcome }) => [ended, outcome]),
				[[sid, 'answered']],
			);
			assert.equal((await stage.hit('POST', url, json(report(sid)))).status, 409, 'a repeat wakes nobody');
		},
	);

	it('tells how it is doing: calls waited for, and ends that a callback told', async () => {
		const health = async () => (await runExotel(stage, { resource: 'account', operation: 'getHealth' })).items[0]!;
		const before = await health();
		const { sid, url, workflow } = await parked('+918033330210');
		assert.equal((await health())['openCalls'], before['openCalls'] + 1);
		assert.equal((await stage.hit('POST', url, json(report(sid)))).status, 200);
		await stage.client.waitForExecution(workflow);
		const after = await health();
		assert.deepEqual(
			[after['openCalls'], after['endsByCallback']],
			[before['openCalls'], before['endsByCallback'] + 1],
		);
		assert.ok(Date.parse(after['lastCallbackAt']) > Date.parse(before['countedSince']));
	});

	it('takes a report by GET', async () => {
		const { workflow, sid, url } = await parked('+918033330110');
		assert.equal(
			(await stage.hit('GET', `${url}&${new URLSearchParams(report(sid, { Status: 'no-answer' })).toString()}`))
				.status,
			200,
		);
		const [item] = outputOf(await stage.client.waitForExecution(workflow), 'After');
		assert.equal(item!['outcome'], 'no-answer');
		assert.ok(!JSON.stringify(item).includes('signature'), "n8n's signature is nobody's business");
	});

	it('keeps the calls of a loop apart: a late repeat of the first does not end the second', async () => {
		stage.simulator.setSpeed(0);
		const { path, nodes } = start();
		const loop = node('Loop', 'n8n-nodes-base.splitInBatches', 3, { options: {} });
		const exotel = ours('Exotel', 'exotel', connectNumbers('={{ $json.to }}', waits), {
			exotelVoiceApi: stage.account,
		});
		const workflow = line('Loop', [...nodes, loop]);
		workflow.nodes.push(exotel);
		const stored = await stage.live(join(join(workflow, 'Loop', 1, 'Exotel'), 'Exotel', 0, 'Loop'));
		const [first, second] = ['+918044440010', '+918044440110'] as const;
		await begin(stage, path, [{ to: first }, { to: second }]);

		await stage.client.waitForExecution(stored, ['waiting']);
		const { sid } = callTo(first)!;
		const { statusCallback } = stage.simulator.call(sid)!['call'] as { statusCallback: { url: string } };
		assert.equal((await stage.hit('POST', statusCallback.url, json(report(sid, { Status: 'busy' })))).status, 200);
		await stage.until(() => callTo(second) !== undefined, 'the second call is placed');
		await stage.until(async () => (await statusOf(stored)) === 'waiting', 'the second wait');

		assert.equal(
			(await stage.hit('POST', statusCallback.url, json(report(sid, { Status: 'busy' })))).status,
			200,
			'the repeat',
		);
		assert.equal(await statusOf(stored), 'waiting');
		const { sid: secondSid } = callTo(second)!;
		const { statusCallback: its } = stage.simulator.call(secondSid)!['call'] as { statusCallback: { url: string } };
		assert.equal((await stage.hit('POST', its.url, json(report(secondSid)))).status, 200);
		const execution = await stage.client.waitForExecution(stored);
		assert.deepEqual(
			outputOf(execution, 'Loop', 0).map(({ to, outcome }) => [to, outcome]),
			[
				[first, 'busy'],
				[second, 'answered'],
			],
		);
	});

	it('survives a restart of n8n, and a report that came while n8n was away', async () => {
		const { workflow, sid } = await parked('+918055550010');
		await stage.restart();
		assert.equal(await statusOf(workflow), 'waiting');
		// The call ends; its report is delivered now, or repeated as Exotel does when the first attempt met nobody.
		await stage.simulator.advance(1_200);
		const execution = await stage.client.waitForExecution(workflow);
		assert.deepEqual(
			outputOf(execution, 'After').map((item) => [item['sid'], item['outcome']]),
			[[sid, 'answered']],
		);

		const away = await parked('+918055550110');
		const { port } = stage.n8n;
		await stage.n8n.stop();
		await stage.simulator.advance(60);
		const [missed] = stage.simulator.call(away.sid)!['deliveries'] as Json[];
		assert.ok(missed!['error'], `nobody listened on ${port}`);
		await stage.restart();
		await stage.simulator.advance(1_200);
		const late = await stage.client.waitForExecution(away.workflow);
		assert.equal(outputOf(late, 'After')[0]!['outcome'], 'answered');
	});

	it('asks Exotel at the end of the time when no report came', async () => {
		const { items, execution } = await runExotel(
			stage,
			connectNumbers('+918011110006', { waitForOutcome: true, waitMinutes: 0.1 }),
		);
		assert.equal(execution.status, 'success');
		assert.deepEqual([items[0]!['outcome'], items[0]!['reason']], ['answered', null]);
	});

	it('asks Exotel about several waits at once, early, when no reports come', async () => {
		const runs = await Promise.all(
			[1, 2, 3, 4, 5].map((index) =>
				runExotel(stage, connectNumbers(`+91801111${index}006`, waits), { seconds: 200 }),
			),
		);
		assert.deepEqual(
			runs.map(({ items }) => items[0]!['outcome']),
			runs.map(() => 'answered'),
		);
	});

	it('ends as "unknown" when the call goes on longer than the time', async () => {
		stage.simulator.setSpeed(0);
		const { items } = await runExotel(
			stage,
			connectNumbers('+918011110106', { waitForOutcome: true, waitMinutes: 0.1 }),
			{ seconds: 100 },
		);
		assert.deepEqual([items[0]!['outcome'], items[0]!['reason']], ['unknown', 'wait-timeout']);
	});

	it('splits by outcome: after a callback, after asking Exotel, and beside the error output', async () => {
		const splits = { ...waits, splitByOutcome: true };
		const errorOutput = { settings: { onError: 'continueErrorOutput' } };
		const runs = await Promise.all([
			runExotel(stage, connectNumbers('+918011110205', splits)),
			runExotel(stage, connectNumbers('+918011110202', splits), errorOutput),
			runExotel(stage, connectNumbers('+918011110206', { ...splits, waitMinutes: 0.1 })),
			runExotel(stage, connectNumbers('nobody', splits), errorOutput),
		]);
		// Unknown, answered, not answered, error.
		assert.deepEqual(
			runs.map(({ execution }) =>
				[0, 1, 2, 3].map((output) => outputOf(execution, 'Exotel', output).map(({ outcome }) => outcome)),
			),
			[
				[[], ['answered'], [], []],
				[[], [], ['busy'], []],
				[[], ['answered'], [], []],
				[[], [], [], ['not-attempted']],
			],
		);
	});

	it('refuses several items before any phone rings, and names the way out', async () => {
		const { execution } = await runExotel(stage, connectNumbers('={{ $json.to }}', waits), {
			items: [{ to: '+918066660010' }, { to: '+918066660110' }],
		});
		assert.match(execution.error!.message, /one call at a time/);
		assert.match(execution.error!.description!, /Loop Over Items/);
		assert.equal(callTo('+918066660010'), undefined);
	});

	it('refuses to wait where Exotel cannot reach this n8n', async () => {
		const real = await stage.client.createCredential('exotelVoiceApi', 'A real region', {
			...accountData(stage.simulator.url),
			region: 'mumbai',
		});
		const { path, nodes } = start();
		const workflow = await stage.live(
			line('No public address', [
				...nodes,
				ours('Exotel', 'exotel', connectNumbers('+918066660210', waits), { exotelVoiceApi: real }),
			]),
		);
		await begin(stage, path);
		const { error } = await stage.client.waitForExecution(workflow);
		assert.match(error!.message, /no public address/);
		assert.match(error!.description!, /WEBHOOK_URL/);
	});
});
