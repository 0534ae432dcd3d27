/**
 * Somebody's first minutes in the editor: drag the nodes, fill in the account, deploy, press the button, read the debug
 * sidebar.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { startSimulator } from '../../../simulator/index';
import { takePicture, takesPictures } from '../pictures';
import { Editor } from './editor';
import { EXO_PHONE, openStage, SECRETS, SID, type NodeRed, type Simulator, type Stage } from './stage';

describe('first use in the Node-RED editor', function () {
	this.timeout(180_000);
	let stage: Stage;
	let nodeRed: NodeRed;
	let editor: Editor;
	let simulator: Simulator | undefined;

	before(async () => {
		stage = await openStage();
		nodeRed = await stage.start();
		await stage.deploy(nodeRed, [{ id: 'tab', type: 'tab', label: 'Mine' }]);
		editor = await Editor.open(nodeRed.url, { width: 1280, height: 760 });
	});
	after(async () => {
		await editor?.close();
		await simulator?.close();
		await stage?.close();
	});

	it('has its examples where the guides say: menu → Import → Examples', async () => {
		const { page } = editor;
		await page.click('#red-ui-header-button-sidemenu');
		await page.locator('#menu-item-import .red-ui-menu-label', { hasText: 'Import' }).click();
		const dialog = page.getByRole('dialog');
		await dialog.getByRole('link', { name: 'Clipboard', exact: true }).waitFor();
		await dialog.getByRole('link', { name: 'Examples', exact: true }).click();
		for (const folder of ['@exonodes/node-red-exotel', '1 Start here', '1 First call'])
			await dialog.getByText(folder, { exact: true }).click();
		await dialog.getByRole('button', { name: 'Cancel' }).click();
	});

	it('drag, fill in, deploy, press, read: placed, answered, ended', async () => {
		const { page } = editor;
		const inject = await editor.place('inject', 170, 220);
		const call = await editor.place('exotel-make-call', 400, 220);
		const debug = await editor.place('debug', 680, 220);
		for (const port of [0, 1, 2]) await editor.wire(call, port, debug);
		await editor.wire(inject, 0, call);

		await editor.edit(call);
		await page.click('#node-input-btn-account-add, #node-input-lookup-account');
		await page.locator('#node-config-input-region').waitFor();
		await editor.opened();
		await page.selectOption('#node-config-input-region', 'custom');
		for (const [field, value] of Object.entries({
			baseUrl: stage.simulator.url,
			sid: SID,
			apiKey: SECRETS.apiKey,
			apiToken: 'wrong',
			publicUrl: nodeRed.url,
		}))
			await page.fill(`#node-config-input-${field}`, value);
		await page.click('#exotel-account-test');
		await page.locator('#exotel-account-findings li:has(i.fa-times)').first().waitFor();
		await page.fill('#node-config-input-apiToken', SECRETS.apiToken);
		await page.click('#exotel-account-test');
		await page.locator('#exotel-account-findings li:has(i.fa-check)').nth(1).waitFor();
		await editor.done(true);

		await page.fill('#node-input-name', 'Ring a customer');
		await editor.type('from', '+919876543210', 'str');
		await editor.type('to', '+919812345678', 'str');
		await editor.type('exoPhone', EXO_PHONE, 'str');
		await editor.done();
		assert.deepEqual(await editor.validity(call), { valid: true, reasons: [] });
		await editor.deploy();

		// The button at the inject node's left edge.
		await page.locator(`[id="${inject}"] .red-ui-flow-node-button-button`).click();
		const sidebar = page.locator('.red-ui-debug-msg');
		await sidebar.filter({ hasText: 'answered' }).first().waitFor();
		await page.waitForFunction(() => document.querySelectorAll('.red-ui-debug-msg').length >= 4);
		await page.waitForFunction(
			(node) =>
				/^answered · \d+ s$/.test(
					document.getElementById(node)?.querySelector('.red-ui-flow-node-status-label')?.textContent ?? '',
				),
			call,
		);
		if (takesPictures) {
			await page.waitForFunction(() => document.querySelectorAll('.red-ui-notification').length === 0);
			await page.evaluate(() => document.querySelector('#red-ui-workspace-chart')?.scrollTo(0, 0));
			await editor.theme(false);
			await takePicture(page, 'node-red/first-call-light');
		}
		const { calls } = await stage.control('GET', 'calls');
		assert.deepEqual([calls.length, calls[0].outcome], [1, 'answered']);
	});

	it('a new account has a webhook token, and saved secrets are never sent back', async () => {
		const flows = await (await fetch(`${nodeRed.url}/flows`)).json();
		const account = (flows as { id: string; type: string }[]).find((node) => node.type === 'exotel-account');
		const credentials = await (await fetch(`${nodeRed.url}/credentials/exotel-account/${account?.id}`)).json();
		assert.deepEqual(credentials, {
			has_apiKey: true,
			has_apiToken: true,
			has_webhookToken: true,
			has_previousWebhookToken: false,
			has_webhookUser: false,
			has_webhookPassword: false,
		});
	});

	it('all examples are imported one after the other, share one account, and the first runs at one click', async () => {
		const { page } = editor;
		const examples = await page.evaluate(async () => {
			const library = await fetch('library/examples/flows/@exonodes/node-red-exotel');
			return (await library.json()) as (string | { fn: string })[];
		});
		assert.deepEqual(examples, ['1 Start here', '2 One per node', '3 Jobs']);
		const folder = path.resolve(__dirname, '..', '..', '..', 'node-red', 'examples');
		const files = fs
			.readdirSync(folder, { recursive: true, encoding: 'utf8' })
			.filter((name) => /json$/.test(name));
		for (const file of files.sort()) {
			const flow = JSON.parse(fs.readFileSync(path.join(folder, file), 'utf8'));
			// What the menu does; a node that is there already would throw.
			await page.evaluate((nodes) => {
				(window as any).RED.view.importNodes(nodes, { generateIds: false, addFlow: false });
			}, flow);
		}
		const account = 'e000000000000001';
		await page.waitForFunction((id) => Boolean((window as any).RED.nodes.node(id)), account);
		const wrong = await page.evaluate(() => {
			const found: string[] = [];
			(window as any).RED.nodes.eachNode((node: any) => {
				if (node.valid === false) found.push(`${node.type} ${node.name}: ${String(node.validationErrors)}`);
			});
			return found;
		});
		assert.deepEqual(wrong, []);
		const { publicUrl } = await editor.saved(account);
		assert.equal(publicUrl, new URL(nodeRed.url).origin);
		// As it is started at a terminal, but for the port: it knows no accounts and takes any key.
		simulator = await startSimulator({ port: 0, speed: 20 });
		await editor.editConfig('exotel-account', account);
		await page.fill('#node-config-input-baseUrl', simulator.url);
		await editor.done(true);
		await editor.deploy();
		const [first] = files;
		const flow = JSON.parse(fs.readFileSync(path.join(folder, first ?? ''), 'utf8')) as Record<string, string>[];
		const id = (type: string): string => flow.find((node) => node['type'] === type)?.['id'] ?? '';
		await page.evaluate((tab) => (window as any).RED.workspaces.show(tab), id('tab'));
		await page.locator(`[id="${id('inject')}"] .red-ui-flow-node-button-button`).click();
		await page.waitForFunction((node) => {
			const label = document.getElementById(node)?.querySelector('.red-ui-flow-node-status-label');
			return /^answered · \d+ s$/.test(label?.textContent ?? '');
		}, id('exotel-make-call'));
		const told = (await page.locator('.red-ui-debug-msg-payload').allTextContents()).join('\n');
		for (const words of ['agent +919812345600 rings', 'customer +919812345678 answered'])
			assert.ok(told.includes(words), told);
	});

	for (const language of ['de', 'ja', 'hi']) {
		it(`speaks ${language}: the words of the node, of the account and of the fields`, async () => {
			const root = path.resolve(__dirname, '..', '..', '..', 'node-red');
			const read = (file: string) =>
				JSON.parse(
					fs.readFileSync(path.join(root, file, 'locales', language, `${path.basename(file)}.json`), 'utf8'),
				);
			const own = read('nodes/exotel-applet-answer')['exotel-applet-answer'];
			const shared = JSON.parse(
				fs.readFileSync(path.join(root, 'account', 'locales', language, 'exotel-account.json'), 'utf8'),
			);
			const translated = await Editor.open(nodeRed.url, { language });
			try {
				const id = await translated.place('exotel-applet-answer', 300, 400);
				await translated.edit(id);
				const labels = await translated.page.locator('#dialog-form .form-row label').allTextContents();
				const shown = labels.map((label) => label.trim());
				for (const wanted of [
					own.label.answer,
					shared.field.any.destinations.label,
					shared.field.any.conversationTimeSeconds.label,
				])
					assert.ok(shown.includes(wanted), `${String(wanted)} in ${shown.join(' | ')}`);
				assert.equal(
					(await translated.page.locator('#exotel-applet-answer-note').textContent())?.trim(),
					own.form['note-connect'],
				);
				assert.deepEqual(translated.errors(), []);
			} finally {
				await translated.close();
			}
		});
	}

	it('nothing was reported to the console', () => assert.deepEqual(editor.errors(), []));
});
