/**
 * The first hour in the Node-RED editor, in each of its four languages: wrong values are typed into every form, and the
 * reason is read below the field, in that language and with the name that the field has in the form. With
 * `SHOTS=<folder>` a picture of each form is put there, light and dark.
 */
import assert from 'node:assert/strict';
import path from 'node:path';
import { Editor } from './editor';
import { account } from './flows';
import { openStage, type NodeRed, type Stage } from './stage';

/** A form, in one of its modes, and what is typed into its fields. */
interface Wrong {
	type: string;
	choose?: Record<string, string>;
	values: Record<string, string>;
	/** Fields that hold the name of a property of the message unless told otherwise. */
	asText?: string[];
}

const WRONG: Wrong[] = [
	{
		type: 'exotel-make-call',
		asText: ['to'],
		values: {
			from: '98123',
			to: 'reception',
			exoPhone: '12',
			timeLimitSeconds: '20000',
			ringTimeSeconds: '0',
			patienceMinutes: '77',
			callbackPath: 'calls of mine',
		},
	},
	{ type: 'exotel-make-call', choose: { mode: 'flow' }, values: { flowId: 'a b' } },
	{ type: 'exotel-get-call', asText: ['sid'], values: { sid: 'a b' } },
	{
		type: 'exotel-list-calls',
		choose: { range: 'custom' },
		values: { createdAfter: 'some day', durationMinSeconds: '-1', limit: '0' },
	},
	{
		type: 'exotel-get-recording',
		choose: { output: 'file' },
		asText: ['url'],
		values: { url: 'nonsense', waitSeconds: '9999' },
	},
	{ type: 'exotel-lookup-number', asText: ['number'], values: { number: '12' } },
	{ type: 'exotel-call-events', values: { path: 'calls of mine' } },
	{
		type: 'exotel-applet',
		choose: { fallback: 'numbers' },
		values: {
			path: 'a b',
			fallbackNumbers: 'reception',
			deadlineSeconds: '9',
			fallbackGreeting: 'https://a.example/b.mp3',
		},
	},
	{ type: 'exotel-applet-answer', values: { destinations: '12', ringTimeSeconds: '90' } },
	{ type: 'exotel-applet-answer', choose: { answer: 'gather' }, values: { maxDigits: '0' } },
	{
		type: 'exotel-account',
		values: {
			apiKey: 'a:b',
			apiToken: ' ',
			baseUrl: 'nonsense',
			sid: 'a b',
			publicUrl: 'nonsense',
			webhookToken: 'short',
			previousWebhookToken: 'short',
			allowedAddresses: 'office',
			trustedProxies: 'proxy',
			timeZone: 'India',
			defaultCountry: 'India',
			requestsPerMinute: '0',
		},
	},
];

describe('the first hour in the Node-RED editor', function () {
	this.timeout(240_000);
	let stage: Stage;
	let nodeRed: NodeRed;
	const nodes = new Map<string, string>();
	const english = new Map<string, string>();

	before(async () => {
		stage = await openStage();
		nodeRed = await stage.start();
		await stage.deploy(nodeRed, [
			{ id: 'tab', type: 'tab', label: 'First hour' },
			account(stage.simulator.url, nodeRed.url, { configVersion: 1 }),
		]);
		const editor = await Editor.open(nodeRed.url);
		try {
			for (const type of new Set(WRONG.map((form) => form.type)))
				if (type !== 'exotel-account') nodes.set(type, await editor.place(type, 300, 60 + nodes.size * 60));
			for (const form of WRONG) for (const [key, text] of await reasonsOf(editor, form)) english.set(key, text);
			await editor.deploy();
		} finally {
			await editor.close();
		}
	});
	after(() => stage.close());

	/** Types the wrong values into a form; the reasons by form and field. */
	async function reasonsOf(
		editor: Editor,
		{ type, choose = {}, values, asText = [] }: Wrong,
		seen: (property: string, reason: string, label: string) => void = () => {},
	): Promise<Map<string, string>> {
		const { page } = editor;
		const isAccount = type === 'exotel-account';
		const prefix = isAccount ? 'node-config-input' : 'node-input';
		if (isAccount) await editor.editConfig(type, 'account');
		else await editor.edit(nodes.get(type) ?? assert.fail(type));
		const chooser = page.locator('#node-input-account');
		if (!isAccount && (await chooser.count()) > 0) await chooser.selectOption('account');
		for (const [property, value] of Object.entries(choose))
			await page.selectOption(`#${prefix}-${property}`, value);
		for (const property of asText) await editor.type(property, '', 'str');
		await page.evaluate(() =>
			document.querySelectorAll('.red-ui-tray details').forEach((more) => more.setAttribute('open', '')),
		);
		const found = new Map<string, string>();
		for (const [property, value] of Object.entries(values)) {
			const own = `#${prefix}-${property}`;
			const input = page
				.locator(`.form-row:has(> ${own})`)
				.locator(`input.red-ui-typedInput-input, > ${own}:not([type="hidden"])`)
				.first();
			await input.fill('');
			await input.pressSequentially(value);
			const reason = (await page.locator(`${own}-reason`).textContent({ timeout: 10_000 })) ?? '';
			const label = (await page.locator(`label[for="${prefix}-${property}"]`).textContent())?.trim() ?? '';
			seen(property, reason, label);
			found.set(`${type} ${Object.values(choose).join()} ${property}`, reason);
		}
		const shots = process.env['SHOTS'];
		for (const dark of shots === undefined ? [] : [false, true]) {
			await editor.theme(dark);
			const name = [
				await page.evaluate(() => navigator.language),
				type,
				...Object.values(choose),
				dark ? 'dark' : 'light',
			];
			await page
				.locator('.red-ui-tray')
				.last()
				.screenshot({ path: path.join(shots ?? '', `${name.join('-')}.png`) });
		}
		await editor.theme(false);
		await editor.cancel(isAccount);
		return found;
	}

	it('has at least thirty wrong values', () => assert.ok(english.size >= 30, String(english.size)));

	for (const language of ['en-US', 'de', 'ja', 'hi'])
		it(`${language}: every wrong value has a reason that names its field, in that language`, async () => {
			const editor = await Editor.open(nodeRed.url, { language });
			try {
				for (const form of WRONG) {
					const reasons = await reasonsOf(editor, form, (property, reason, label) =>
						assert.ok(
							label !== '' && reason.includes(label),
							`${form.type} ${property}: ${label}: ${reason}`,
						),
					);
					for (const [key, reason] of language === 'en-US' ? [] : reasons) {
						assert.notEqual(reason, english.get(key), key);
						assert.doesNotMatch(reason, /__|\b(?:must|is not|at least|at most|missing)\b/, key);
					}
				}
				assert.deepEqual(editor.errors(), []);
			} finally {
				await editor.close();
			}
		});
});
