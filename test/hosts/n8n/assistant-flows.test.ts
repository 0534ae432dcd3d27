/**
 * The workflows that an assistant wrote from llms.txt, and the one that docs/flows-as-json.md shows, imported as they are into a
 * real n8n. What a user does then is done here: choose the credentials, run or publish it, give the address to Exotel.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { codeBlocks, read, root } from '../../house/pages';
import { outputOf } from './runs';
import { accountData, EXO_PHONE, openSimulator, SECRETS, sharedStage, SID, type Execution, type Json } from './stage';
import type { Simulator, Stage, Stored } from './stage';
import type { CredentialReference, Workflow } from './workflows';

const folder = path.join(root, 'test', 'fixtures', 'assistant', 'n8n');
const fixture = (name: string): Workflow =>
	JSON.parse(fs.readFileSync(path.join(folder, `${name}.json`), 'utf8')) as Workflow;
const DAY_SECONDS = 86_400;

describe('workflows that an assistant wrote, on a real n8n', function () {
	this.timeout(180_000);
	let stage: Stage;

	before(async () => {
		stage = await sharedStage();
	});

	/** Imports a workflow and chooses the credential of each Exotel node. */
	async function imported(workflow: Workflow, account: CredentialReference = stage.account): Promise<Stored> {
		for (const node of workflow.nodes) {
			if (node.type.endsWith('.exotel')) node.credentials = { exotelVoiceApi: account };
			if (node.type.endsWith('.exotelAppletTrigger')) node.credentials = { exotelWebhookTokenApi: stage.token };
		}
		return stage.client.createWorkflow(workflow);
	}

	/** "Execute workflow" of a workflow with a manual trigger of this name. */
	async function execute(stored: Stored, start: string): Promise<Execution> {
		const workflowData = await stage.client.request('GET', `/rest/workflows/${stored.id}`);
		const body = { workflowData, triggerToStartFrom: { name: start } };
		await stage.client.request('POST', `/rest/workflows/${stored.id}/run`, body);
		const execution = await stage.client.waitForExecution(stored);
		assert.equal(execution.status, 'success', execution.error?.message);
		return execution;
	}

	it('the workflow of the guide places a call and waits for its outcome', async () => {
		const [shown] = codeBlocks(read('docs/flows-as-json.md'));
		const text = (shown?.content ?? '').replace('08047112233', EXO_PHONE);
		const execution = await execute(await imported(JSON.parse(text) as Workflow), 'Start');
		const [call] = outputOf(execution, 'Call');
		assert.deepEqual([call?.['outcome'], call?.['to']], ['answered', '+918012345605']);
	});

	it('calls a customer and writes the outcome', async () => {
		const execution = await execute(await imported(fixture('call-a-customer')), 'Start');
		const [{ talkSeconds, endedAt, ...row } = {} as Json] = outputOf(execution, 'Outcome');
		assert.deepEqual(row, { customer: '+918012345605', order: 'order-1042', outcome: 'answered' });
		assert.ok(Number(talkSeconds) > 0);
		assert.match(String(endedAt), /^\d{4}-\d\d-\d\dT[\d:]+\+05:30$/);
	});

	it('routes a caller by the hour', async () => {
		const workflow = fixture('route-by-hour');
		const stored = await imported(workflow);
		await stage.client.publish(stored);
		const [trigger] = workflow.nodes;
		const url = `${stage.n8n.url}/webhook/${trigger?.webhookId}/applet?token=${SECRETS.webhookToken}`;
		stage.simulator.setFlow('hours', { applets: [{ type: 'connect', version: '1.0', url }] }, SID);
		const expected = new Set([dialledNow()]);
		const sid = stage.simulator.inbound({ from: '+919876543210', to: EXO_PHONE, flow: 'hours', account: SID });
		const view = (): Json => stage.simulator.call(sid) as Json;
		await stage.until(() => view()['call'].state === 'ended', 'the caller has hung up');
		expected.add(dialledNow());
		assert.equal(view()['call'].outcome, 'answered');
		const text = JSON.stringify(view());
		assert.ok([...expected].some((number) => text.includes(number)));
		assert.ok(!text.includes('9812340305'), 'not the fallback');
	});

	describe('with calls of yesterday and of today', () => {
		let past: Simulator;
		before(async () => {
			past = await openSimulator(0, { startTime: Date.now() - DAY_SECONDS * 1000 });
		});
		after(() => past?.close());

		it('logs the calls of yesterday, and none of today', async () => {
			const place = async (to: string): Promise<void> => {
				const authorization = `Basic ${Buffer.from(`${SECRETS.apiKey}:${SECRETS.apiToken}`).toString('base64')}`;
				const body = new URLSearchParams({ From: '+919812345678', To: to, CallerId: EXO_PHONE });
				const address = `${past.url}/v1/Accounts/${SID}/Calls/connect.json`;
				assert.equal((await stage.hit('POST', address, { headers: { authorization }, body })).status, 200);
				await past.advance(120);
			};
			await place('+918012345602');
			await past.advance(DAY_SECONDS);
			await place('+918012345605');
			const account = await stage.client.createCredential('exotelVoiceApi', 'Yesterday', accountData(past.url));
			const execution = await execute(await imported(fixture('log-yesterday'), account), 'Try it');
			const [{ when, ...row } = {} as Json, ...others] = outputOf(execution, 'Row');
			assert.match(String(when), /\+05:30$/);
			assert.deepEqual(row, {
				direction: 'outbound',
				from: '+919812345678',
				to: '+918012345602',
				outcome: 'busy',
				talkSeconds: 0,
			});
			assert.deepEqual(others, []);
		});
	});
});

/** Who is dialled at this hour, as the task says. */
function dialledNow(): string {
	const options = { hour: 'numeric', hourCycle: 'h23', timeZone: 'Asia/Kolkata' } as const;
	const hour = Number(new Intl.DateTimeFormat('en-GB', options).format(new Date()));
	return hour >= 9 && hour < 18 ? '9812340105' : '9812340405';
}
