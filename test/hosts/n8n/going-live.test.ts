/**
 * docs/going-live-n8n.md, step by step: from an n8n that is stopped to the first call that is reported, on a real n8n behind a
 * tunnel. Exotel is the double; its region is "custom", since the real servers are not reached here.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { startDouble, type Double } from '../../double/index';
import { read, root } from '../../house/pages';
import { openTunnel, stepsOf, type Tunnel } from '../tunnel';
import { outputOf } from './runs';
import { accountData, openStage, SECRETS, SID, type Execution, type Stage, type Stored } from './stage';
import { line, node, ours, type CredentialReference, type Workflow } from './workflows';

const guide = read('docs/going-live-n8n.md');
const EXO_PHONE = '+918047112233';
const OWN_PHONE = '+919812345678';
const SECOND_PHONE = '+918012345678';

describe('going live with n8n, as the guide says', function () {
	this.timeout(180_000);
	let stage: Stage;
	let exotel: Double;
	let tunnel: Tunnel;
	let account: CredentialReference;
	let token: CredentialReference;

	before(async () => {
		exotel = await startDouble({ sid: SID, key: SECRETS.apiKey, token: SECRETS.apiToken, exoPhones: [EXO_PHONE] });
		tunnel = await openTunnel(['/webhook/', '/webhook-waiting/', '/webhook-test/']);
	});
	after(async () => {
		await stage?.close();
		await tunnel?.close();
		await exotel?.close();
	});

	/** "Execute workflow"; `meanwhile` is what Exotel does before it ends. */
	async function execute(stored: Stored, meanwhile: () => Promise<void> = async () => {}): Promise<Execution> {
		const workflowData = await stage.client.request('GET', `/rest/workflows/${stored.id}`);
		const body = { workflowData, triggerToStartFrom: { name: 'Manual Trigger' } };
		await stage.client.request('POST', `/rest/workflows/${stored.id}/run`, body);
		await meanwhile();
		const execution = await stage.client.waitForExecution(stored);
		assert.equal(execution.status, 'success', execution.error?.message);
		return execution;
	}
	const manually = (name: string, parameters: Record<string, unknown>, credential: CredentialReference): Workflow => {
		const type = parameters['resource'] === 'webhook' ? 'exotelWebhookTokenApi' : 'exotelVoiceApi';
		return line(name, [
			node('Manual Trigger', 'n8n-nodes-base.manualTrigger', 1),
			ours('Exotel', 'exotel', parameters, { [type]: credential }),
		]);
	};
	const exoPhone = { __rl: true, mode: 'list', value: EXO_PHONE };
	const firstCall = { resource: 'call', operation: 'connectNumbers', from: OWN_PHONE, to: SECOND_PHONE, exoPhone };

	const steps: [step: string, walk: () => Promise<void>][] = [
		['1. Make the account ready', async () => assert.deepEqual(exotel.account.exoPhones, [EXO_PHONE])],
		[
			'2. Enter key and region',
			async () => {
				const [, tarball = ''] = /`(artifacts\/exonodes-n8n-nodes-exotel-[\d.]+\.tgz)`/.exec(guide) ?? [];
				assert.ok(fs.existsSync(path.join(root, tarball)), 'npm run pack has made it');
				// Step 3 names these settings; n8n is started with them at once.
				assert.match(guide, /`N8N_WEBHOOK_URL=https:\/\/[\w.]+\/`[\s\S]*`N8N_PROXY_HOPS=1`/);
				stage = await openStage({ N8N_WEBHOOK_URL: `${tunnel.url}/`, N8N_PROXY_HOPS: '1' });
				tunnel.leadTo(stage.n8n.url);
				const data = accountData(exotel.origin);
				account = await stage.client.createCredential('exotelVoiceApi', 'Exotel', data);
				const tested = await stage.client.testCredential('exotelVoiceApi', account, data);
				assert.equal(tested.status, 'OK', tested.message);
				const wrong = { ...data, apiToken: 'not-the-token' };
				assert.equal((await stage.client.testCredential('exotelVoiceApi', account, wrong)).status, 'Error');
			},
		],
		[
			'3. Give n8n a public address',
			async () => {
				const { urlBaseWebhook } = await stage.client.request('GET', '/rest/settings');
				assert.equal(urlBaseWebhook, `${tunnel.url}/`, 'the address of a trigger begins with it');
				assert.equal((await fetch(`${tunnel.url}/rest/settings`)).status, 404, 'the editor is not published');
			},
		],
		[
			'4. Make a token',
			async () => {
				assert.match(guide, /`openssl rand -hex 16`/);
				const data = { token: 'c3'.repeat(16), previousToken: '' };
				token = await stage.client.createCredential('exotelWebhookTokenApi', 'Token', data);
			},
		],
		[
			'5. Paste the addresses at Exotel',
			async () => {
				const trigger = ours(
					'Exotel Trigger',
					'exotelTrigger',
					{ authentication: 'token', events: ['terminal'], options: {} },
					{ exotelWebhookTokenApi: token },
				);
				const listening = line('Listens', [trigger, node('After', 'n8n-nodes-base.noOp', 1)]);
				const stored = await stage.live(listening);
				const webhookUrl = `${tunnel.url}/webhook/${trigger.webhookId}/exotel`;
				const getAddress = { resource: 'webhook', operation: 'getAddress', webhookUrl };
				const address = await stage.client.createWorkflow(manually('Address', getAddress, token));
				const [{ address: url = '' } = {}] = outputOf(await execute(address), 'Exotel');
				assert.ok(String(url).startsWith(`${webhookUrl}?token=`));
				const inbound = exotel.addCall({ from: OWN_PHONE, exoPhone: EXO_PHONE });
				assert.equal((await exotel.report(inbound.sid, 'terminal', { to: webhookUrl })).status, 401);
				assert.equal((await exotel.report(inbound.sid, 'terminal', { to: String(url) })).status, 200);
				const [event] = outputOf(await stage.client.waitForExecution(stored), 'After');
				assert.equal(event?.['type'], 'terminal');
			},
		],
		[
			'6. The first call, to your own phone',
			async () => {
				const first = await stage.client.createWorkflow(manually('First call', firstCall, account));
				const [placed] = outputOf(await execute(first), 'Exotel');
				assert.deepEqual([exotel.rings.get(OWN_PHONE), exotel.calls.at(-1)?.sid], [1, placed?.['sid']]);

				const waiting = { ...firstCall, waitForOutcome: true };
				const again = await stage.client.createWorkflow(manually('And wait', waiting, account));
				exotel.nextCall({ liveReads: 'until-told' });
				const execution = await execute(again, async () => {
					await stage.until(() => exotel.calls.length === 3, 'the call was placed');
					const { sid } = exotel.calls.at(-1) ?? assert.fail();
					const reported = async (): Promise<boolean> =>
						(await exotel.report(sid, 'terminal')).status === 200;
					// n8n refuses what comes before it has stored the wait.
					await stage.until(reported, 'the callback is accepted');
				});
				assert.equal(outputOf(execution, 'Exotel')[0]?.['outcome'], 'answered');
				assert.ok(
					tunnel.seen.some((one) => one.startsWith('POST /webhook-waiting/')),
					'through the tunnel',
				);
			},
		],
		[
			'7. Ask for what is missing',
			async () => {
				const trigger = ours(
					'Exotel Trigger',
					'exotelTrigger',
					{ authentication: 'none', events: ['ringing'], options: {} },
					{},
				);
				const stored = await stage.live(line('Rings', [trigger, node('After', 'n8n-nodes-base.noOp', 1)]));
				const statusCallbackUrl = `${tunnel.url}/webhook/${trigger.webhookId}/exotel`;
				const options = { statusCallbackUrl, statusCallbackEvents: ['ringing', 'terminal'] };
				const rings = await stage.client.createWorkflow(manually('Rings', { ...firstCall, options }, account));
				await execute(rings);
				assert.equal((await exotel.report(exotel.calls.at(-1)?.sid ?? '', 'ringing')).status, 200);
				const [event] = outputOf(await stage.client.waitForExecution(stored), 'After');
				assert.equal(event?.['type'], 'ringing');
			},
		],
	];

	it('has the steps that are walked here', () => {
		assert.deepEqual(
			stepsOf(guide),
			steps.map(([step]) => step),
		);
	});
	for (const [step, walk] of steps) it(step, walk);
});
