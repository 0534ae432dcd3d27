/**
 * Every example workflow runs on a real n8n against the simulator as it was imported; only the account and the token
 * are filled in. What a person or a caller would do is done here: click "Execute workflow", ring the ExoPhone.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { outputOf } from './runs';
import { randomUUID } from 'node:crypto';
import {
	accountData,
	EXO_PHONE,
	openSimulator,
	SECRETS,
	sharedStage,
	type Client,
	type Execution,
	type Json,
	type Simulator,
	type Stage,
	type Stored,
} from './stage';
import type { CredentialReference, Workflow, WorkflowNode } from './workflows';

const root = path.resolve(__dirname, '..', '..', '..');
const folder = path.join(root, 'examples');

interface ExampleTools {
	importExample(
		client: Client,
		file: string,
		credentials: Record<string, CredentialReference>,
		change?: (node: WorkflowNode) => void,
	): Promise<{ workflow: Workflow; stored: Stored }>;
	webhookOf(url: string, workflow: Workflow, end: string): string;
}

describe('the example workflows on n8n', function () {
	this.timeout(180_000);
	let stage: Stage;
	let tools: ExampleTools;
	before(async () => {
		stage = await sharedStage();
		tools = (await import(pathToFileURL(path.join(root, 'tools', 'n8n', 'examples.mjs')).href)) as ExampleTools;
	});

	const imported = async (name: string, change?: (node: WorkflowNode) => void, account = stage.account) =>
		await tools.importExample(
			stage.client,
			path.join(folder, `${name}.json`),
			{ exotelVoiceApi: account, exotelWebhookTokenApi: stage.token },
			change,
		);

	/** "Execute workflow". */
	async function execute(name: string, start = 'Start', account = stage.account): Promise<Execution> {
		const { stored } = await imported(name, undefined, account);
		const workflowData = await stage.client.request('GET', `/rest/workflows/${stored.id}`);
		await stage.client.request('POST', `/rest/workflows/${stored.id}/run`, {
			workflowData,
			triggerToStartFrom: { name: start },
		});
		const execution = await stage.client.waitForExecution(stored);
		assert.equal(execution.status, 'success', execution.error?.message);
		return execution;
	}

	/** Publishes it and gives the address of its trigger, with the token. */
	async function live(
		name: string,
		end: string,
		change?: (node: WorkflowNode) => void,
	): Promise<{ stored: Stored; url: string }> {
		const { workflow, stored } = await imported(name, change);
		await stage.client.publish(stored);
		return { stored, url: `${tools.webhookOf(stage.n8n.url, workflow, end)}?token=${SECRETS.webhookToken}` };
	}

	const ring = (flow: string, from: string, digits?: string) =>
		stage.simulator.inbound({
			from,
			to: EXO_PHONE,
			flow,
			account: 'stage1',
			...(digits === undefined ? {} : { digits }),
		});
	const ended = async (sid: string): Promise<Json> => {
		await stage.until(
			() => (stage.simulator.call(sid)!['call'] as Json)['state'] === 'ended',
			'the call has ended',
		);
		return stage.simulator.call(sid) as Json;
	};

	it('are all tried here, have no account in them, and are listed in their README', () => {
		const files = fs.readdirSync(folder).filter((name) => name.endsWith('.json'));
		const text = fs.readFileSync(__filename, 'utf8');
		const readme = fs.readFileSync(path.join(folder, 'README.md'), 'utf8');
		assert.ok(files.length >= 6);
		for (const file of files) {
			assert.ok(text.includes(`'${file.slice(0, -5)}'`), file);
			assert.ok(readme.includes(`(${file})`), file);
		}
	});

	it('call-and-wait', async () => {
		const execution = await execute('call-and-wait');
		assert.match(outputOf(execution, 'They spoke')[0]!['result'], /^order-1042: they spoke for \d+ seconds$/);
	});

	it('reminder-calls', async () => {
		const execution = await execute('reminder-calls');
		assert.deepEqual(outputOf(execution, 'Not reached'), [
			{ name: 'Vikram', outcome: 'busy' },
			{ name: 'Meera', outcome: 'no-answer' },
		]);
	});

	it('clean-number-list', async () => {
		const execution = await execute('clean-number-list');
		assert.equal(outputOf(execution, 'Look up').length, 3);
		for (const kept of outputOf(execution, 'May be called'))
			assert.deepEqual([kept['type'], kept['dnd'] === true], ['mobile', false]);
	});

	describe('on an account with a call that has just ended', () => {
		let account: CredentialReference;
		let simulator: Simulator;
		before(async () => {
			// At n8n's own pace: "the last day" ends now.
			simulator = await openSimulator(1);
			account = await stage.client.createCredential(
				'exotelVoiceApi',
				'Account with an ended call',
				accountData(simulator.url),
			);
			const authorization = `Basic ${Buffer.from(`${SECRETS.apiKey}:${SECRETS.apiToken}`).toString('base64')}`;
			const body = new URLSearchParams({ From: '+919812345678', To: '+918012345602', CallerId: EXO_PHONE });
			await stage.hit('POST', `${simulator.url}/v1/Accounts/stage1/Calls/connect.json`, {
				headers: { authorization },
				body,
			});
			await stage.until(() => simulator.calls()[0]?.['state'] === 'ended', 'the call has ended');
		});
		after(() => simulator?.close());

		it('daily-report', async () => {
			const execution = await execute('daily-report', 'Start', account);
			assert.deepEqual(
				outputOf(execution, 'By outcome').map((row) => [row['direction'], row['outcome'], row['count_sid']]),
				[['outbound', 'busy', 1]],
			);
		});

		it('call-log', async () => {
			const execution = await execute('call-log', 'Ended calls', account);
			const { when, call, talked, ...row } = outputOf(execution, 'One row')[0]!;
			assert.ok(when && call);
			assert.deepEqual(row, {
				direction: 'outbound',
				from: '+919812345678',
				to: '+918012345602',
				outcome: 'busy',
			});
			assert.equal(String(talked), '0');
		});
	});

	it('route-caller', async () => {
		const { stored, url } = await live('route-caller', 'applet');
		stage.simulator.setFlow(
			'example-route',
			{ applets: [{ type: 'connect', version: '1.0', url, fallbackUrl: url.replace('/applet?', '/fallback?') }] },
			'stage1',
		);
		const { call } = await ended(ring('example-route', '+919812345678'));
		assert.equal(call['outcome'], 'answered');
		const execution = await stage.client.waitForExecution(stored);
		assert.equal(outputOf(execution, 'To the account manager')[0]!['sent'], true);
		await ended(ring('example-route', '+919898989898'));
		const other = await stage.client.waitForExecution(stored, ['success'], { newerThan: execution.id });
		assert.equal(outputOf(other, 'To the hotline')[0]!['sent'], true);
	});

	it('ask-for-a-key', async () => {
		const { stored, url } = await live('ask-for-a-key', 'applet');
		const call = `CallSid=${'k'.repeat(32)}&CallFrom=09812345678&CallTo=${EXO_PHONE}&Direction=incoming`;
		const asked = await stage.hit('GET', `${url}&${call}`);
		assert.deepEqual(JSON.parse(asked.text), {
			gather_prompt: { text: 'For sales press 1, for service press 2.' },
			max_input_digits: 1,
			repeat_menu: 1,
		});
		assert.equal((await stage.client.waitForExecution(stored)).status, 'success');
	});

	it('menu-by-keys', async () => {
		const { stored, url } = await live('menu-by-keys', 'applet');
		const { status, text } = await stage.hit(
			'GET',
			`${url}&CallSid=${'m'.repeat(32)}&CallFrom=09812345678&CallTo=${EXO_PHONE}&Direction=incoming&digits=%222%22`,
		);
		assert.deepEqual([status, JSON.parse(text)], [200, { select: 'support' }]);
		assert.equal((await stage.client.waitForExecution(stored)).status, 'success');
	});

	it('missed-call-callback', async () => {
		const { stored, url } = await live('missed-call-callback', 'exotel');
		const connect = await live('route-caller', 'applet', (node) => {
			// This example is live already, with the address it was imported with.
			if (node.webhookId !== undefined) node.webhookId = randomUUID();
			if (node.type.endsWith('.exotelAppletAnswer')) node.parameters['destinations'] = '+919812340001';
		});
		stage.simulator.setFlow(
			'example-missed',
			{
				applets: [
					{ type: 'connect', version: '1.0', url: connect.url },
					{ type: 'passthru', url, async: true },
				],
			},
			'stage1',
		);
		await ended(ring('example-missed', '+919812349910'));
		const execution = await stage.client.waitForExecution(stored);
		assert.equal(outputOf(execution, 'Connect agent and caller')[0]!['to'], '+919812349910');
	});

	it('save-recordings', async () => {
		const { stored, url } = await live('save-recordings', 'exotel', (node) => {
			if (node.type === 'n8n-nodes-base.wait') node.parameters = { amount: 1, unit: 'seconds' };
		});
		const authorization = `Basic ${Buffer.from(`${SECRETS.apiKey}:${SECRETS.apiToken}`).toString('base64')}`;
		const body = new URLSearchParams({
			From: '+919812345678',
			To: '+918012345605',
			CallerId: EXO_PHONE,
			Record: 'true',
			StatusCallback: url,
		});
		await stage.hit('POST', `${stage.simulator.url}/v1/Accounts/stage1/Calls/connect.json`, {
			headers: { authorization },
			body,
		});
		await stage.simulator.advance(30);
		await stage.simulator.settle();
		await stage.simulator.advance(900);
		const execution = await stage.client.waitForExecution(stored);
		assert.equal(execution.status, 'success', execution.error?.message);
		assert.ok(outputOf(execution, 'Fetch the recording')[0]!['bytes'] > 0);
	});
});
