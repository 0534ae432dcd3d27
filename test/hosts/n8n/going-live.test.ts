/**
 * docs/going-live-n8n.md, step by step and as a user in the editor: from an n8n that is stopped to the first call that is
 * reported, on a real n8n behind a tunnel. Exotel is the double; its region is "custom", since the real servers are not
 * reached here.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { startDouble, type Double } from '../../double/index';
import { read, root } from '../../house/pages';
import { openTunnel, stepsOf, type Tunnel } from '../tunnel';
import { Editor, forgetCredentials } from './editor';
import { openStage, SECRETS, SID, type Stage, type Stored } from './stage';

const guide = read('docs/going-live-n8n.md');
const EXO_PHONE = '+918047112233';
const OWN_PHONE = '+919812345678';
const SECOND_PHONE = '+918012345678';

describe('going live with n8n, as the guide says', function () {
	this.timeout(420_000);
	let stage: Stage;
	let exotel: Double;
	let tunnel: Tunnel;
	let editor: Editor;
	/** The production URL of the trigger of step 3, and the address of step 5 that is made of it. */
	let productionUrl = '';
	let address = '';
	let listening: Stored;

	before(async () => {
		exotel = await startDouble({ sid: SID, key: SECRETS.apiKey, token: SECRETS.apiToken, exoPhones: [EXO_PHONE] });
		tunnel = await openTunnel(['/webhook/', '/webhook-waiting/', '/webhook-test/']);
	});
	after(async () => {
		await editor?.close();
		await stage?.close();
		await tunnel?.close();
		await exotel?.close();
	});
	afterEach(() => assert.deepEqual(editor?.errors.splice(0) ?? [], [], 'errors of the page'));

	/** Runs the open node, or "Execute workflow" from it; `meanwhile` is what Exotel does. Its output once it has `text`. */
	async function execute(text: RegExp, meanwhile: () => Promise<void> = async () => {}): Promise<string> {
		await editor.part('node-execute-button').first().click();
		await meanwhile();
		const output = editor.part('output-panel');
		await output.getByText(text).first().waitFor();
		return await output.innerText();
	}
	/** *Account → Check* in a workflow of its own. */
	async function check(text: RegExp): Promise<string> {
		await editor.newWorkflow();
		await editor.add('Exotel', 'Check the account');
		return await execute(text);
	}
	/** The form of a first call, filled in as step 6 says. */
	async function fillInCall(): Promise<void> {
		await editor.newWorkflow();
		await editor.add('Exotel', 'Connect two numbers');
		await editor.fill('from', OWN_PHONE);
		await editor.fill('to', SECOND_PHONE);
		await editor.pick('exoPhone', /\+?91\d{10}|0\d{10}/);
	}
	const lastCall = (): string => exotel.calls.at(-1)?.sid ?? assert.fail('no call was placed');

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
				await forgetCredentials(stage.client);
				editor = await Editor.open(stage.n8n.url, 'light');
				await editor.newWorkflow();
				await editor.add('Exotel', 'Check the account');
				await editor.makeCredential(
					{ baseUrl: exotel.origin, sid: SID, apiKey: SECRETS.apiKey, apiToken: 'not-the-token' },
					'Custom',
				);
				await editor.part('credential-save-button').click();
				await editor.page.getByText('More details').click();
				await editor.page
					.getByText(/did not accept API Key and API Token/)
					.first()
					.waitFor();
				await editor.fill('apiToken', SECRETS.apiToken);
				await editor.saveCredential();
				const found = await execute(/The account works/);
				assert.match(found, /ExoPhones of the account: 1\b/);
				assert.deepEqual(exotel.calls, [], 'no call is placed');
			},
		],
		[
			'3. Give n8n a public address',
			async () => {
				await editor.newWorkflow();
				await editor.add('Exotel', 'On ended');
				productionUrl = await editor.productionUrl();
				assert.ok(productionUrl.startsWith(`${tunnel.url}/webhook/`), productionUrl);
				assert.equal((await fetch(`${tunnel.url}/rest/settings`)).status, 404, 'the editor is not published');
			},
		],
		[
			'4. Make a token',
			async () => {
				assert.match(guide, /`openssl rand -hex 16`/);
				await editor.makeCredential({ token: 'c3'.repeat(16) });
				await editor.saveCredential();
				await editor.closeNode();
			},
		],
		[
			'5. Paste the addresses at Exotel',
			async () => {
				const hasToken = async (): Promise<boolean> => {
					const resource = `/rest/workflows/${editor.workflowId()}`;
					const stored = await stage.client.request('GET', resource).catch(() => null);
					return JSON.stringify(stored?.['nodes'] ?? []).includes('exotelWebhookTokenApi');
				};
				await stage.until(hasToken, 'the trigger is saved');
				listening = await editor.publish();
				await editor.newWorkflow();
				await editor.add('Exotel', 'Get the address of a trigger');
				await editor.fill('webhookUrl', productionUrl);
				const output = await execute(/token=/);
				[address = ''] = /https:\S+token=[\w-]+/.exec(output) ?? [];
				assert.ok(address.startsWith(`${productionUrl}?token=`), output);
				const inbound = exotel.addCall({ from: OWN_PHONE, exoPhone: EXO_PHONE });
				assert.equal((await exotel.report(inbound.sid, 'terminal', { to: productionUrl })).status, 401);
				assert.equal((await exotel.report(inbound.sid, 'terminal', { to: address })).status, 200);
				const { runData } = await stage.client.waitForExecution(listening);
				const [event] = Object.values(runData)[0]?.[0]?.data?.main?.[0] ?? [];
				assert.deepEqual([event?.json['type'], event?.json['call'].sid], ['terminal', inbound.sid]);
			},
		],
		[
			'6. The first call, to your own phone',
			async () => {
				await fillInCall();
				const before = exotel.calls.length;
				await execute(/1 item/);
				assert.deepEqual([exotel.rings.get(OWN_PHONE), exotel.calls.length], [1, before + 1]);

				await editor.toggle('waitForOutcome');
				await editor.part('parameter-input-waitMinutes').waitFor();
				exotel.nextCall({ liveReads: 'until-told' });
				await execute(/answered/, async () => {
					await stage.until(() => exotel.calls.length === before + 2, 'the call was placed');
					const isRead = (): boolean =>
						exotel.requests.some(({ method, path: of }) => method === 'GET' && of.includes(lastCall()));
					await stage.until(isRead, 'the call is read before the wait, while it goes on');
					// n8n refuses what comes before it has stored the wait.
					const isTold = async (): Promise<boolean> =>
						(await exotel.report(lastCall(), 'terminal')).status === 200;
					await stage.until(isTold, 'the callback is accepted');
				});
				const isOfWait = (one: string): boolean => one.startsWith('POST /webhook-waiting/');
				assert.ok(tunnel.seen.some(isOfWait), 'through the tunnel');
				const found = await check(/The last callback came at/);
				assert.doesNotMatch(found, /\bfault\b/);
			},
		],
		[
			'7. Ask for what is missing',
			async () => {
				await fillInCall();
				await editor.option('Status Callback URL', 'statusCallbackUrl', address);
				await execute(/1 item/);
				// Exotel has not switched "ringing" on: the end comes all the same.
				assert.equal((await exotel.report(lastCall(), 'terminal')).status, 200);
				await stage.until(
					async () => (await stage.client.executions(listening)).length === 2,
					'the trigger has started its workflow again',
				);
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
