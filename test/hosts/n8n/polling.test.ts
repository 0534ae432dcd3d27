/**
 * The Exotel Completed Calls Trigger on a real n8n: each call that ends starts the workflow once, also one that began
 * before the trigger did, and over a restart. n8n polls once a minute at most, so this takes its time.
 */
import assert from 'node:assert/strict';
import { outputOf } from './runs';
import { accountData, changeDatabase, openSimulator, refusedRuns, SECRETS, sharedStage, SID } from './stage';
import type { Json, Simulator, SqliteStage } from './stage';
import { line, node, ours } from './workflows';

describe('the Exotel Completed Calls Trigger on n8n', function () {
	this.timeout(600_000);
	let stage: SqliteStage;
	let simulator: Simulator;
	before(async () => {
		stage = await sharedStage();
		simulator = await openSimulator(1);
	});
	after(() => simulator?.close());

	async function place(to: string): Promise<string> {
		const authorization = `Basic ${Buffer.from(`${SECRETS.apiKey}:${SECRETS.apiToken}`).toString('base64')}`;
		const body = new URLSearchParams({ From: '+919812345678', To: to, CallerId: '08047112345' });
		const { status, text } = await stage.hit('POST', `${simulator.url}/v1/Accounts/${SID}/Calls/connect.json`, {
			headers: { authorization },
			body,
		});
		assert.equal(status, 200, text);
		return JSON.parse(text).Call.Sid;
	}

	it('hands out each ended call once, over a restart and a full database, and none that had ended before', async () => {
		const old = await place('+918088880002');
		await stage.until(() => (simulator.call(old)!['call'] as Json)['state'] === 'ended', 'the old call has ended');
		const running = await place('+918088880010');

		const account = await stage.client.createCredential(
			'exotelVoiceApi',
			'Account that is polled',
			accountData(simulator.url),
		);
		const trigger = ours(
			'Trigger',
			'exotelCompletedCallsTrigger',
			{ pollTimes: { item: [{ mode: 'everyMinute' }] } },
			{ exotelVoiceApi: account },
		);
		const workflow = await stage.live(line('Polls', [trigger, node('After', 'n8n-nodes-base.noOp', 1)]));
		const handedOut = async (): Promise<Json[]> => {
			const found = await Promise.all(
				(await stage.client.executions(workflow)).map(({ id }) => stage.client.execution(id)),
			);
			return found.reverse().flatMap((execution) => outputOf(execution, 'Trigger'));
		};

		const busy = await place('+918088880102');
		await stage.until(async () => (await handedOut()).length >= 2, 'both calls are handed out', 150);
		assert.deepEqual(
			(await handedOut()).map(({ call }) => [call.sid, call.outcome]).sort(),
			[
				[busy, 'busy'],
				[running, 'answered'],
			].sort(),
		);

		await stage.restart();
		const later = await place('+918088880202');
		try {
			changeDatabase(stage.database, refusedRuns);
			await stage.until(() => /could not start a run for 1/.test(stage.n8n.log()), 'n8n has failed', 150);
		} finally {
			changeDatabase(stage.database, 'DROP TRIGGER IF EXISTS full');
		}
		await stage.until(async () => (await handedOut()).length >= 3, 'the later call is handed out', 150);
		// One more poll, which must bring nothing.
		await new Promise((resolve) => setTimeout(resolve, 65_000));
		const events = await handedOut();
		assert.deepEqual(events.map(({ call }) => call.sid).sort(), [running, busy, later].sort());
		assert.deepEqual([...new Set(events.map(({ type, source }) => `${type} ${source}`))], ['terminal sweep']);
	});

	it('shows the latest calls when it is tried out in the editor', async () => {
		const account = await stage.client.createCredential(
			'exotelVoiceApi',
			'Account that is sampled',
			accountData(simulator.url),
		);
		const trigger = ours(
			'Trigger',
			'exotelCompletedCallsTrigger',
			{ pollTimes: { item: [{ mode: 'everyMinute' }] }, filters: { outcomes: ['busy'] } },
			{ exotelVoiceApi: account },
		);
		const stored = await stage.client.createWorkflow(line('Sampled', [trigger]));
		const full = await stage.client.request('GET', `/rest/workflows/${stored.id}`);
		await stage.client.request('POST', `/rest/workflows/${stored.id}/run`, {
			workflowData: full,
			triggerToStartFrom: { name: 'Trigger' },
		});
		const execution = await stage.client.waitForExecution(stored);
		const outcomes = outputOf(execution, 'Trigger').map(({ call }) => call.outcome);
		assert.ok(outcomes.length >= 2);
		assert.deepEqual([...new Set(outcomes)], ['busy']);
	});
});
