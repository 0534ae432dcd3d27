/**
 * Every form of the package in the real editor: opening one and pressing Done changes nothing, in every mode; what is
 * wrong is said in words; no error reaches the console; a screen reader finds a name for every control. With
 * `SCREENSHOTS=1` the pictures of the documentation are taken on the way, light and dark.
 */
import assert from 'node:assert/strict';
import { takePicture, takesPictures } from '../pictures';
import { Editor } from './editor';
import { FAULTS, FORMS, type Form } from './editor-form-cases';
import { account } from './flows';
import { openStage, type FlowNode, type NodeRed, type Stage } from './stage';

describe('the forms in the Node-RED editor', function () {
	this.timeout(240_000);
	let stage: Stage;
	let nodeRed: NodeRed;
	let editor: Editor;
	let column = 0;

	before(async () => {
		stage = await openStage();
		nodeRed = await stage.start();
		const taken: FlowNode = {
			id: 'taken',
			type: 'exotel-applet',
			z: 'tab',
			name: 'first come',
			account: 'account',
			path: 'taken',
			x: 900,
			y: 60,
			wires: [[]],
		};
		await stage.deploy(nodeRed, [
			{ id: 'tab', type: 'tab', label: 'Forms' },
			account(stage.simulator.url, nodeRed.url, { configVersion: 1 }),
			taken,
		]);
		editor = await Editor.open(nodeRed.url);
	});
	after(async () => {
		await editor?.close();
		await stage?.close();
	});

	// A test that failed leaves its form open; the next one starts on the canvas.
	beforeEach(() => editor.closeForms());

	/** Drags a node into the flow and gives it the account. */
	const place = async (type: string): Promise<string> => {
		column += 1;
		return editor.place(type, 250 + (column % 2) * 300, 60 + (column % 18) * 45);
	};

	const fill = async ({
		choose = {},
		tick = {},
		text = {},
		type_ = {},
	}: Omit<Form, 'name' | 'type'>): Promise<void> => {
		const { page } = editor;
		if ((await page.locator('#node-input-account').count()) > 0)
			await page.selectOption('#node-input-account', 'account');
		for (const [property, value] of Object.entries(choose))
			await page.selectOption(`#node-input-${property}`, value);
		for (const [property, value] of Object.entries(tick)) {
			await page.setChecked(`#node-input-${property}`, value);
		}
		for (const [property, value] of Object.entries(text)) {
			await page.evaluate(() =>
				document.querySelectorAll('.red-ui-tray details').forEach((more) => more.setAttribute('open', '')),
			);
			await page.fill(`#node-input-${property}`, value);
		}
		for (const [property, [value, kind]] of Object.entries(type_)) await editor.type(property, value, kind);
		if (Object.keys(tick).length === 0) return;
		// What a tick shows is under "More settings": the picture is to have it.
		await page.evaluate(() => {
			document.querySelectorAll('.red-ui-tray details').forEach((more) => more.setAttribute('open', ''));
			document.querySelector('#node-input-statusCallbackUrl')?.closest('.form-row')?.scrollIntoView();
		});
	};

	const picture = async (file: string): Promise<void> => {
		if (!takesPictures) return;
		await editor.page.mouse.move(2, 500);
		await editor.page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
		await editor.page.waitForFunction(() => document.querySelectorAll('.red-ui-popover').length === 0);
		for (const dark of [false, true]) {
			await editor.theme(dark);
			await takePicture(
				editor.page.locator('.red-ui-tray').last(),
				`node-red/${file}-${dark ? 'dark' : 'light'}`,
			);
		}
		await editor.theme(false);
	};

	for (const form of FORMS) {
		it(`${form.type} (${form.name}): filled in, Done, opened again and Done: nothing changes`, async () => {
			const id = await place(form.type);
			await editor.edit(id);
			await fill(form);
			await picture(`${form.type.replace('exotel-', '')}-${form.name}`);
			assert.deepEqual(await editor.accessibilityFaults(), []);
			await editor.done();
			assert.deepEqual(await editor.validity(id), { valid: true, reasons: [] });
			const first = await editor.saved(id);
			for (const [property, value] of Object.entries({ ...form.choose, ...form.text }))
				assert.equal(first[property], value, property);
			for (const [property, [value, kind]] of Object.entries(form.type_ ?? {}))
				assert.deepEqual([first[property], first[`${property}Type`]], [value, kind], property);
			await editor.edit(id);
			await editor.done();
			assert.deepEqual(await editor.saved(id), first);
		});
	}

	it('a node straight from the palette keeps its defaults when opened and closed', async () => {
		for (const type of [...new Set(FORMS.map((form) => form.type))]) {
			const id = await place(type);
			const before = await editor.saved(id);
			await editor.edit(id);
			await editor.done();
			const { account: _account, wires, ...after } = await editor.saved(id);
			const { account: _none, wires: same, ...defaults } = before;
			assert.deepEqual([after, wires], [defaults, same], type);
		}
	});

	for (const fault of FAULTS) {
		it(`${fault.type} (${Object.values(fault.choose ?? {}).join(', ') || 'form'}) says what is wrong`, async () => {
			const id = await place(fault.type);
			await editor.edit(id);
			await fill(fault);
			await editor.done();
			const { valid, reasons } = await editor.validity(id);
			assert.equal(valid, false);
			for (const reason of fault.reasons)
				assert.ok(
					reasons.some((said) => reason.test(said)),
					`${String(reason)} in ${JSON.stringify(reasons)}`,
				);
		});
	}

	/** Types into the visible input of a property, key by key. */
	const typeKeys = async (property: string, text: string): Promise<void> => {
		const row = editor.page.locator(`.form-row:has(> #node-input-${property})`);
		const input = row
			.locator(`input.red-ui-typedInput-input, > #node-input-${property}:not([type="hidden"])`)
			.first();
		await input.fill('');
		await input.pressSequentially(text);
	};

	it('a wrong value is marked while it is typed, with the reason below it, and is right again at once', async () => {
		await editor.edit(await place('exotel-make-call'));
		await fill({});
		await editor.page.evaluate(() =>
			document.querySelectorAll('.red-ui-tray details').forEach((more) => more.setAttribute('open', '')),
		);
		const reason = (property: string) => editor.page.locator(`#node-input-${property}-reason`);
		assert.equal(await reason('from').count(), 0, 'nothing is said about a field that was not touched');
		for (const [property, wrong, words, right] of [
			['from', '98123', /not a phone number/, '+919812345678'],
			['timeLimitSeconds', '20000', /at most 14400/, '1800'],
			['patienceMinutes', '77', /more than 0 and at most 30/, '5'],
			['patienceMinutes', '0', /more than 0 and at most 30/, '5'],
			['callbackPath', 'calls of mine', /^Callback path: use only/, 'my-calls'],
		] as const) {
			await typeKeys(property, wrong);
			assert.match((await reason(property).textContent()) ?? '', words, property);
			const described = editor.page.locator(`[aria-describedby="node-input-${property}-reason"]`);
			assert.equal(await described.getAttribute('aria-invalid'), 'true', property);
			await typeKeys(property, right);
			assert.equal(await reason(property).count(), 0, property);
		}
		await editor.cancel();
	});

	it('a rule about two fields is told below one of them while either is typed', async () => {
		const { page } = editor;
		const reason = (property: string) => page.locator(`#node-input-${property}-reason`);
		await editor.edit(await place('exotel-make-call'));
		await fill({});
		await typeKeys('from', '+919812345678');
		await typeKeys('to', '098123 45678');
		assert.match((await reason('to').textContent()) ?? '', /^From and To are the same number/);
		await typeKeys('from', '+919812345679');
		assert.equal(await reason('to').count(), 0);
		await editor.cancel();
		await editor.edit(await place('exotel-list-calls'));
		await fill({ choose: { range: 'custom' } });
		const [later, earlier] = [1, 2].map((days) => new Date(Date.now() - days * 86_400_000).toISOString());
		await typeKeys('createdAfter', later ?? '');
		await typeKeys('createdBefore', earlier ?? '');
		assert.match((await reason('createdAfter').textContent()) ?? '', /^Started after is later than Started before/);
		await page.selectOption('#node-input-range', 'yesterday');
		assert.equal(await reason('createdAfter').count(), 0);
		await editor.cancel();
	});

	it('exotel-account: the test tells that key, SID and address fit; opened and closed nothing changes', async () => {
		const before = await editor.saved('account');
		await editor.editConfig('exotel-account', 'account');
		await editor.page.click('#exotel-account-test');
		const findings = editor.page.locator('#exotel-account-findings li:has(i.fa-check)');
		await findings.nth(1).waitFor();
		assert.deepEqual(await editor.page.locator('#exotel-account-findings li:has(i.fa-times)').count(), 0);
		await picture('account');
		await editor.page.locator('#exotel-account-revoke').scrollIntoViewIfNeeded();
		await editor.page.evaluate(() => document.querySelector('#node-config-input-publicUrl')?.scrollIntoView());
		await picture('account-webhooks');
		assert.deepEqual(await editor.accessibilityFaults(), []);
		await editor.done(true);
		assert.deepEqual(await editor.saved('account'), before);
	});

	it('an account without a key is marked, also before it is opened; its form says what is wrong as one types', async () => {
		const imported = { ...account('http://10.0.0.9', '', { configVersion: 1 }), id: 'keyless' };
		await editor.page.evaluate((node) => (window as any).RED.nodes.import([node]), imported);
		await editor.page.waitForFunction(() => (window as any).RED.nodes.node('keyless').valid === false);
		const { valid, reasons } = await editor.validity('keyless');
		assert.equal(valid, false);
		assert.match(reasons.join(' '), /^API key is missing\..* API token is missing\./);
		await editor.editConfig('exotel-account', 'keyless');
		for (const [property, wrong, words, right] of [
			['apiKey', 'a:b', /API key holds a character/, 'key'],
			['apiToken', ' ', /API token is missing/, 'token'],
			['baseUrl', 'nonsense', /^Base URL must be/, 'http://10.0.0.9'],
			['sid', 'a b', /^Account SID may only hold/, 'acme1'],
			['publicUrl', 'nonsense', /^Public URL: /, 'https://flows.example.com'],
			['publicUrl', 'https://flows.example.com/exotel/', /without \/exotel/, 'https://flows.example.com'],
			['webhookToken', 'short', /^Webhook token: at least 16/, '0123456789abcdef'],
			['previousWebhookToken', 'short', /^Previous token: at least 16/, ''],
			['allowedAddresses', 'office', /office/, ''],
			['trustedProxies', 'proxy', /proxy/, ''],
			['timeZone', 'India', /^Time zone must be/, 'Asia/Kolkata'],
			['defaultCountry', 'India', /^Default country must be/, 'IN'],
			['requestsPerMinute', '0', /^Requests per minute: /, '200'],
		] as const) {
			const input = editor.page.locator(`#node-config-input-${property}`);
			const reason = editor.page.locator(`#node-config-input-${property}-reason`);
			await input.fill('');
			await input.pressSequentially(wrong);
			assert.match((await reason.textContent()) ?? '', words, property);
			const label = await editor.page.locator(`label[for="node-config-input-${property}"]`).textContent();
			assert.ok((await reason.textContent())?.includes(label?.trim() ?? '?') ?? false, `names ${String(label)}`);
			await input.fill(right);
			assert.equal(await reason.count(), 0, property);
		}
		// The rule of the tokens is none of theirs.
		await editor.page.fill('#node-config-input-webhookUser', 'exotel');
		await editor.page.fill('#node-config-input-webhookPassword', 'saved');
		await editor.done(true);
		assert.deepEqual(await editor.validity('keyless'), { valid: true, reasons: [] });
	});

	it('a button at the ExoPhone shows the numbers of the account, whatever stands in the field', async () => {
		await editor.edit(await place('exotel-make-call'));
		await fill({ type_: { exoPhone: ['08099999999', 'str'] } });
		const button = editor.page.getByRole('button', { name: 'Show the ExoPhones of the account' });
		await button.click();
		const first = editor.page
			.locator('.red-ui-autoComplete-container li, .red-ui-autoComplete-container a')
			.first();
		await first.click();
		assert.match(String(await editor.page.inputValue('#node-input-exoPhone')), /^\+91\d{10}$/);
		await editor.type('exoPhone', 'payload', 'msg');
		assert.equal(await button.isVisible(), false);
		await editor.cancel();
	});

	describe('the list of ExoPhones', () => {
		const list = () => editor.page.locator('.red-ui-autoComplete-container:visible');
		const field = (property: string) =>
			editor.page.locator(`.form-row:has(> #node-input-${property}) input.red-ui-typedInput-input`).first();
		const button = () => editor.page.getByRole('button', { name: 'Show the ExoPhones of the account' });
		/** Has the list of ExoPhones wait until the test lets it go; an account is asked once for its values. */
		const hold = async (): Promise<() => Promise<void>> => {
			let answer = (): void => undefined;
			const asked = new Promise<void>((resolve) => (answer = resolve));
			const isExoPhones = /exotel-account\/.*\/exophones$/;
			await editor.page.route(isExoPhones, async (route) => {
				await asked;
				await route.continue();
			});
			return async () => {
				const answered = editor.page.waitForResponse(isExoPhones);
				answer();
				await (await answered).finished();
				await editor.page.unroute(isExoPhones);
				// What the page does with the answer is done by its next turns.
				await editor.page.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
			};
		};
		const open = async (requestsPerMinute: string): Promise<void> => {
			// With another value of the account the list is fetched anew.
			await editor.page.evaluate((value) => {
				(window as any).RED.nodes.node('account').requestsPerMinute = value;
			}, requestsPerMinute);
			await editor.edit(await place('exotel-make-call'));
			await fill({});
		};

		for (const [how, ask] of [
			['typed for', () => field('exoPhone').press('0')],
			['asked for by its button', () => button().click()],
		] as const)
			it(`stays closed when it comes late, ${how}, and another field has the focus`, async () => {
				await open(how === 'typed for' ? '101' : '102');
				const release = await hold();
				await ask();
				await field('to').focus();
				await release();
				assert.equal(await list().count(), 0);
				await editor.page.keyboard.type('+9198');
				assert.equal(await field('to').inputValue(), '+9198', 'the focus stayed there');
				// It was not in vain: it opens at once when it is wanted.
				await button().click();
				await list().waitFor();
				await editor.page.keyboard.press('Escape');
				await editor.cancel();
			});

		it('closes when another field takes the focus, which keeps it', async () => {
			await open('103');
			await button().click();
			await list().waitFor();
			await field('to').focus();
			await list().waitFor({ state: 'detached' });
			await editor.page.keyboard.type('+9198');
			assert.equal(await field('to').inputValue(), '+9198');
			await editor.cancel();
		});

		it('closes when the form scrolls, not when the list itself does', async () => {
			await editor.page.setViewportSize({ width: 1500, height: 600 });
			await open('104');
			await editor.page.evaluate(() =>
				document.querySelectorAll('.red-ui-tray details').forEach((more) => more.setAttribute('open', '')),
			);
			await button().click();
			await list().waitFor();
			await list().evaluate((element) => element.dispatchEvent(new Event('scroll')));
			assert.equal(await list().count(), 1);
			await field('exoPhone').evaluate((input) => {
				for (let box = input.parentElement; box !== null; box = box.parentElement) {
					box.scrollBy(0, 15);
					if (box.scrollTop > 0) return;
				}
				throw new Error('The form cannot be scrolled.');
			});
			await list().waitFor({ state: 'detached' });
			await editor.page.setViewportSize({ width: 1500, height: 1000 });
			await editor.cancel();
		});
	});

	it('fields that one version of the Connect applet has say so', async () => {
		await editor.edit(await place('exotel-applet-answer'));
		for (const [property, version] of [
			['stateManagement', '1.1'],
			['stickyAgent', '1.1'],
			['playbackTo', '1.0'],
		] as const) {
			const note = editor.page.locator(`.form-row:has(> #node-input-${property}) .exotel-only-version`);
			assert.equal(await note.textContent(), `Only Connect ${version} understands this.`);
		}
		await editor.cancel();
	});

	it('a path of another node is refused, and the address to paste is shown with its token', async () => {
		const id = await place('exotel-applet');
		await editor.edit(id);
		await fill({ text: { path: 'shown' } });
		const address = await editor.page.waitForFunction(() => {
			const shown = (document.querySelector('#exotel-webhook-url') as HTMLInputElement | null)?.value ?? '';
			return /\/exotel\/shown\?token=/.test(shown) ? shown : null;
		});
		const shown = (await address.jsonValue()) ?? '';
		assert.ok(shown.startsWith(`${nodeRed.url}/exotel/shown?token=`));
		for (const [applet, mark] of [
			['greeting', '&applet=greeting'],
			['gather', '&applet=gather'],
			['connect', ''],
		] as const) {
			await editor.page.selectOption('#exotel-applet-for', applet);
			await editor.page.waitForFunction(
				(expected) => (document.querySelector('#exotel-webhook-url') as HTMLInputElement).value === expected,
				shown + mark,
			);
		}
		await editor.cancel();
	});

	it('deployed and loaded anew, every form is still as it was filled in', async () => {
		const ids: string[] = await editor.page.evaluate(() => {
			const found: string[] = [];
			(window as any).RED.nodes.eachNode(
				(node: { id: string; valid: boolean; type: string }) =>
					void (node.type.startsWith('exotel-') && node.valid && found.push(node.id)),
			);
			return found;
		});
		assert.ok(ids.length >= FORMS.length);
		const before = await Promise.all(ids.map((id) => editor.saved(id)));
		await editor.deploy();
		await editor.reload();
		assert.deepEqual(await Promise.all(ids.map((id) => editor.saved(id))), before);
	});

	it('nothing was reported to the console', () => assert.deepEqual(editor.errors(), []));
});
