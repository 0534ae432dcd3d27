/**
 * The editor of a real n8n in Chromium, light and dark: each node is added from the panel, a credential is made and
 * tested, an ExoPhone is picked from the list, the node runs and its output is read; forms, panels and a whole example
 * are looked at.
 */
import assert from 'node:assert/strict';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Editor, forgetCredentials } from './editor';
import { SECRETS, sharedStage, SID, type Client, type Stage, type Stored } from './stage';
import type { CredentialReference } from './workflows';

const root = path.resolve(__dirname, '..', '..', '..');

for (const theme of ['light', 'dark'] as const) {
	describe(`the n8n editor, ${theme}`, function () {
		this.timeout(300_000);
		let stage: Stage;
		let editor: Editor;
		before(async () => {
			stage = await sharedStage();
			await forgetCredentials(stage.client);
			await stage.client.request('PATCH', '/rest/me/settings', { theme }).catch(() => {});
			editor = await Editor.open(stage.n8n.url, theme);
		});
		after(() => editor?.close());
		afterEach(() => assert.deepEqual(editor.errors.splice(0), [], 'errors of the page'));

		it('finds our nodes in the panel by name and by what people call it', async () => {
			await editor.newWorkflow();
			await editor.find('Exotel', 'Exotel Applet Trigger');
			await editor.picture('panel');
			await editor.find('call log', 'Exotel Completed Calls Trigger');
			await editor.find('IVR', 'Exotel Applet Answer');
		});

		it(
			'places a call and waits for its outcome: credential made and tested, ExoPhone picked from ' +
				'the list, output read',
			async () => {
				await editor.newWorkflow();
				await editor.add('Exotel', 'Connect two numbers');
				await editor.makeCredential(
					{ baseUrl: stage.simulator.url, sid: SID, apiKey: SECRETS.apiKey, apiToken: SECRETS.apiToken },
					'Custom',
				);
				await editor.picture('credential');
				await editor.saveCredential();
				await editor.fill('from', '+919812345678');
				await editor.fill('to', '+918012345605');
				await editor.pick('exoPhone', /\+91\d{10}/);
				await editor.toggle('waitForOutcome');
				await editor.part('parameter-input-waitMinutes').waitFor();
				await editor.picture('call-form');
				await editor.part('node-execute-button').first().click();
				const output = editor.part('output-panel');
				await output.getByText('answered').first().waitFor();
				await editor.picture('call-output');
				assert.match(await output.innerText(), /\+918012345605/);
			},
		);

		it('shows what to correct when a number cannot be one', async () => {
			await editor.newWorkflow();
			await editor.add('Exotel', 'Look up a number');
			await editor.fill('number', 'reception');
			await editor.part('node-execute-button').first().click();
			await editor
				.part('output-panel')
				.getByText(/is not a phone number/)
				.first()
				.waitFor();
			await editor.picture('input-error');
		});

		it("explains the trigger's addresses and token", async () => {
			await editor.newWorkflow();
			await editor.add('Exotel', 'On ended');
			await editor.makeCredential({ token: SECRETS.webhookToken });
			await editor.picture('webhook-token');
			await editor.saveCredential();
			const panel = await editor.part('ndv').innerText();
			assert.match(panel, /Status Callback URL/);
			assert.match(panel, /Do not give Exotel the URL above:.*answered 401.*Get Address.*production URL/s);
			for (const label of ['Webhook Token', 'Exotel Account (Optional: Lists, Confirming Ends)'])
				assert.ok(panel.includes(label), `${label}: ${panel}`);
			await editor.page.getByText('Webhook URLs').click();
			await editor.picture('trigger');
		});

		for (const [node, words, name] of [
			['Exotel Completed Calls Trigger', /Each call starts the workflow once/, 'completed-calls-trigger'],
			['Exotel Applet Trigger', /Do not give Exotel the URL above/, 'applet-trigger'],
			['Exotel Applet Answer', /Connect to|Call These/, 'applet-answer'],
		] as const) {
			it(`adds ${node} from the panel`, async () => {
				await editor.newWorkflow();
				await editor.add(node);
				await editor.part('ndv').getByText(words).first().waitFor();
				const addresses = editor.page.getByText('Webhook URLs');
				if (await addresses.isVisible()) await addresses.click();
				await editor.picture(name);
			});
		}

		it('imports an example with Import → From file in the menu of a workflow', async () => {
			await editor.newWorkflow();
			await editor.importFile(path.join(root, 'examples', 'call-and-wait.json'));
			await editor.part('canvas-node').nth(3).waitFor();
		});

		it('shows an imported example', async () => {
			const tools = (await import(pathToFileURL(path.join(root, 'tools', 'n8n', 'examples.mjs')).href)) as {
				importExample(
					client: Client,
					file: string,
					credentials: Record<string, CredentialReference>,
				): Promise<{ stored: Stored }>;
			};
			const credentials = (await stage.client.request(
				'GET',
				'/rest/credentials',
			)) as unknown as (CredentialReference & { type: string })[];
			const byType = Object.fromEntries(credentials.map(({ id, name, type }) => [type, { id, name }]));
			for (const name of ['call-and-wait', 'route-caller']) {
				const { stored } = await tools.importExample(
					stage.client,
					path.join(root, 'examples', `${name}.json`),
					byType,
				);
				await editor.openWorkflow(stored.id);
				await editor.part('zoom-to-fit').click();
				assert.ok((await editor.part('canvas-node').count()) >= 4);
				await editor.picture(`example-${name}`);
			}
		});
	});
}
