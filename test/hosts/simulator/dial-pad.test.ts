/** The page's dial pad and flow editor: ring in as a customer and see what is asked, answered, heard and rung. */
import assert from 'node:assert/strict';
import { Stage } from './stage';
import { must } from '../../simulator/must';

const GOOD_ANSWER = JSON.stringify({
	destination: { numbers: ['+919812345601', '+919812345678'] },
	start_call_playback: { playback_to: 'both', type: 'text', value: 'This call is recorded' },
});

describe('the simulator’s page: dial pad and flows', function () {
	this.timeout(60_000);
	let stage: Stage;

	beforeEach(async () => {
		stage = await Stage.open();
	});
	afterEach(async () => {
		await stage.close();
	});

	it('makes a flow in the form and rings it: asked, accepted, rung, heard', async () => {
		const { page, simulator } = stage;
		stage.answers.set('/whom', { contentType: 'application/json', body: GOOD_ANSWER });
		await stage.visit('#/dial');
		await page.getByRole('link', { name: 'make a flow first' }).click();
		await page.getByLabel('Flow id').fill('support');
		await page.getByLabel('URL', { exact: true }).fill(stage.hook('/whom'));
		await page.getByLabel('Fallback URL (optional)').fill(stage.hook('/fallback'));
		await page.getByRole('button', { name: '+ Passthru' }).click();
		await page
			.getByRole('group', { name: '2. Passthru' })
			.getByLabel('URL', { exact: true })
			.fill(stage.hook('/after'));
		await page.getByLabel('Asynchronous').check();
		await page.getByRole('button', { name: 'Save flow' }).click();
		await page.getByText('Flow “support” is saved.').waitFor();
		const { flows } = await stage.control('flows');
		assert.deepEqual(flows, [
			{
				id: 'support',
				account: null,
				applets: [
					{ type: 'connect', version: '1.0', url: stage.hook('/whom'), fallbackUrl: stage.hook('/fallback') },
					{ type: 'passthru', url: stage.hook('/after'), async: true },
				],
			},
		]);

		await page.getByRole('link', { name: 'Dial pad' }).click();
		for (const key of '09999912345') await page.getByRole('button', { name: key, exact: true }).click();
		assert.equal(await page.getByLabel('You are (caller)').inputValue(), '09999912345');
		await page.getByRole('button', { name: 'Ring', exact: true }).click();
		const result = page.locator('.dial-result');
		await result.getByText('Exotel accepts it').waitFor();
		assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Ring', 'the focus stays');
		assert.match(await result.locator('.story-result').innerText(), /Rings\s+\+919812345601, \+919812345678/);
		assert.match(await result.locator('.story-result').innerText(), /This call is recorded/);

		await simulator.advance(120);
		await result.getByText('Answered. Both sides talked for 6 s.').waitFor();
		const heard = (await result.locator('.heard q').allInnerTexts()).join('\n');
		assert.match(heard, /music on hold/i);
		assert.match(heard, /This call is recorded/);
		assert.match(heard, /\+919812345678 speaking/);
		assert.deepEqual(await result.locator('.lane-number').allInnerTexts(), [
			'09999912345',
			'+919812345601',
			'+919812345678',
			'2 requests to your side',
		]);
		assert.equal(
			await result.locator('.lane', { hasText: '+919812345601' }).locator('.lane-ending').innerText(),
			'no answer',
		);
		await page.getByRole('link', { name: 'Everything about this call' }).click();
		await page.getByRole('heading', { name: 'Moments' }).waitFor();
		assert.deepEqual(stage.faults(), []);
	});

	it('says why Exotel would refuse an answer, and what the fallback does', async () => {
		stage.answers.set('/whom', { contentType: 'text/html', body: '<p>no</p>' });
		stage.answers.set('/fallback', {
			contentType: 'application/json',
			body: JSON.stringify({ destination: { numbers: ['+919812345678'] } }),
		});
		stage.simulator.setFlow('support', {
			applets: [
				{ type: 'connect', version: '1.0', url: stage.hook('/whom'), fallbackUrl: stage.hook('/fallback') },
			],
		});
		await stage.visit('#/dial');
		const { page } = stage;
		await page.getByLabel('You are (caller)').fill('09999912345');
		await page.getByRole('button', { name: 'Ring', exact: true }).click();
		const steps = page.locator('.dial-result .story-step');
		await steps.nth(1).getByText('Exotel accepts it').waitFor();
		const refused = await steps.nth(0).innerText();
		assert.match(refused, /Exotel refuses it/);
		assert.match(refused, /content.type/i);
		assert.match(await steps.nth(1).innerText(), /fallback URL[\s\S]*Exotel accepts it[\s\S]*\+919812345678/);
		await steps.nth(0).getByText('Question and answer as sent').click();
		assert.match(await steps.nth(0).innerText(), /GET http[\s\S]*CallSid=[\s\S]*200 text\/html[\s\S]*<p>no<\/p>/);
		assert.deepEqual(stage.faults(), []);
	});

	for (const colorScheme of ['light', 'dark'] as const)
		it(`says in words what your server refused and what to do, ${colorScheme}`, async () => {
			await stage.close();
			stage = await Stage.open({}, { colorScheme });
			stage.answers.set('/left', {
				status: 404,
				contentType: 'application/json',
				body: '{"message":"The requested webhook is not registered"}',
			});
			stage.answers.set('/whom', { status: 401, body: 'No token\n' });
			stage.simulator.setFlow('support', {
				applets: [
					{ type: 'passthru', url: stage.hook('/left'), async: true },
					{ type: 'passthru', url: 'http://127.0.0.1:1/nobody', async: true },
					{ type: 'connect', version: '1.0', url: stage.hook('/whom') },
				],
			});
			await stage.visit('#/dial');
			const { page } = stage;
			await page.getByLabel('You are (caller)').fill('09999912345');
			await page.getByRole('button', { name: 'Ring', exact: true }).click();
			const refused = page.getByRole('region', { name: 'What your server refused' }).getByRole('listitem');
			await refused.nth(1).waitFor();
			assert.deepEqual(
				(await refused.allInnerTexts()).map((text) => text.replace(/\s+/g, ' ').trim()),
				[
					'Passthru question: 404 Not Found. Your server answered: “The requested webhook is not registered”. ' +
						'Nothing answers at this address. Deploy the flow in Node-RED or publish the workflow in n8n; then ' +
						'compare the address with that of the node.',
					'Passthru question: no answer. ECONNREFUSED: connect ECONNREFUSED 127.0.0.1:1. Nothing listens at ' +
						'this address. Start Node-RED or n8n, or correct host and port of the address.',
				],
			);
			const step = page.locator('.dial-result .story-step', { hasText: 'Connect 1.0' });
			await step.getByText('401 Unauthorized. Your server answered: “No token”.').waitFor();
			await step.getByText('Copy the address again, whole, with its token').waitFor();
			assert.match(
				await page.locator('.dial-result figcaption').innerText(),
				/3 requests to your side, 3 of them refused\.$/,
			);
			assert.deepEqual(await stage.accessibilityFaults(), []);
			assert.deepEqual(stage.faults(), []);
		});

	it('shows a question while it waits for the answer', async () => {
		let answer = (): void => undefined;
		const after = new Promise<void>((resolve) => (answer = resolve));
		stage.answers.set('/whom', { contentType: 'application/json', body: GOOD_ANSWER, after });
		stage.simulator.setFlow('support', {
			applets: [{ type: 'connect', version: '1.1', url: stage.hook('/whom') }],
		});
		await stage.visit('#/dial');
		const { page } = stage;
		await page.getByLabel('You are (caller)').fill('09999912345');
		await page.getByRole('button', { name: 'Ring', exact: true }).click();
		await page.locator('.dial-result .story-head', { hasText: 'Connect 1.1' }).getByText('asking').waitFor();
		answer();
		// the 1.1 answer has another shape: Exotel would refuse this one
		await page
			.locator('.dial-result .story-head', { hasText: 'Connect 1.1' })
			.getByText('Exotel refuses it')
			.waitFor();
		assert.deepEqual(stage.faults(), []);
	});

	it('draws agents who ring at once one below the other, with who answered and who stopped ringing', async () => {
		const numbers = ['+919812345602', '+919812345678', '+919812345679'];
		stage.answers.set('/whom', {
			contentType: 'application/json',
			body: JSON.stringify({
				destination: { numbers },
				parallel_ringing: { activate: true, max_parallel_attempts: 3 },
			}),
		});
		stage.simulator.setFlow('support', {
			applets: [{ type: 'connect', version: '1.0', url: stage.hook('/whom') }],
		});
		const sid = stage.simulator.inbound({ from: '09999912345', to: '08047115777', flow: 'support' });
		await stage.simulator.advance(60);
		await stage.visit(`#/calls/${sid}`);
		const lanes = stage.page.locator('#view-calls .lane');
		await lanes.nth(4).waitFor();
		const drawn = await Promise.all(
			[1, 2, 3].map(async (index) => [
				await lanes.nth(index).locator('.lane-number').innerText(),
				await lanes.nth(index).locator('.lane-ending').innerText(),
				await lanes.nth(index).locator('.stretch-talk').count(),
			]),
		);
		assert.deepEqual(drawn, [
			['+919812345602', 'busy', 0],
			['+919812345678', 'hung up', 1],
			['+919812345679', 'canceled', 0],
		]);
		assert.deepEqual(stage.faults(), []);
	});

	it('hands the pressed keys to the flow', async () => {
		stage.answers.set('/whom', { contentType: 'application/json', body: GOOD_ANSWER });
		stage.simulator.setFlow('menu', {
			applets: [
				{ type: 'gather', prompt: 'Press 1 for sales' },
				{ type: 'connect', version: '1.0', url: stage.hook('/whom') },
			],
		});
		await stage.visit('#/dial');
		const { page } = stage;
		await page.getByLabel('You are (caller)').fill('+919999912345');
		await page.getByLabel('Keys you press when asked (optional)').fill('42');
		await page.getByRole('button', { name: 'Ring', exact: true }).click();
		await page.locator('.heard', { hasText: 'Press 1 for sales' }).waitFor();
		await stage.simulator.advance(10);
		const step = page.locator('.dial-result .story-step', { hasText: 'Connect 1.0' });
		await step.getByText('Question and answer as sent').click();
		// Exotel sends the digits in quotes
		assert.match(await step.innerText(), /digits=%2242%22/);
		const [row] = stage.simulator.calls();
		const { call } = await stage.control(`calls/${String(must(row).sid)}`);
		assert.deepEqual(call.digits, ['42']);
		assert.deepEqual(stage.faults(), []);
	});

	it('says what is wrong with a number before it asks anything', async () => {
		stage.simulator.setFlow('support', { applets: [{ type: 'greeting', text: 'Welcome' }] });
		await stage.visit('#/dial');
		const { page } = stage;
		await page.getByLabel('You are (caller)').fill('not a number');
		await page.getByRole('button', { name: 'Ring', exact: true }).click();
		await page.getByText('Enter a phone number, for example 09999912345.').waitFor();
		assert.equal(await page.evaluate('document.activeElement.id'), 'dial-from');
		assert.equal(stage.simulator.calls().length, 0);
		assert.deepEqual(stage.faults(), []);
	});

	it('shows what the simulator refuses at the field, by its name on the page', async () => {
		stage.simulator.setFlow('support', { applets: [{ type: 'greeting', text: 'Welcome' }] });
		await stage.visit('#/dial');
		const { page } = stage;
		assert.deepEqual(await page.locator('#dial-flow option').allInnerTexts(), ['support: Greeting “Welcome”']);
		await page.getByLabel('You are (caller)').fill('09999912345');
		await page.getByLabel('Keys you press when asked (optional)').fill('abc');
		await page.getByRole('button', { name: 'Ring', exact: true }).click();
		const problem = page.locator('#dial-digits-problem');
		await problem.getByText('“Keys you press when asked (optional)” must be made of 0-9, * and #').waitFor();
		assert.equal(await page.evaluate('document.activeElement.id'), 'dial-digits');
		await page.getByLabel('Keys you press when asked (optional)').fill('1');
		await page.getByLabel('You ring (ExoPhone)').fill('+912222222222');
		await page.getByRole('button', { name: 'Ring', exact: true }).click();
		await page.locator('#dial-to-problem').getByText('“You ring (ExoPhone)” must be an ExoPhone of').waitFor();
		assert.equal(await problem.innerText(), '');
		assert.equal(stage.simulator.calls().length, 0);
	});

	it('names the applet with the wrong address and keeps what was typed', async () => {
		await stage.visit('#/flows');
		const { page } = stage;
		await page.getByLabel('Flow id').fill('support');
		await page.getByLabel('URL', { exact: true }).fill('somewhere');
		await page.getByRole('button', { name: 'Save flow' }).click();
		await page.getByText(/^Applet 1: url must be an http or https URL/).waitFor();
		assert.equal(await page.getByLabel('URL', { exact: true }).inputValue(), 'somewhere');
	});

	it('changes a flow without losing its branches, and removes it', async () => {
		const applets = [
			{ type: 'passthru', url: stage.hook('/decide'), onFalse: [{ type: 'greeting', text: 'Good bye' }] },
		];
		stage.simulator.setFlow('decide', { applets });
		await stage.visit('#/flows');
		const { page } = stage;
		await page.getByRole('button', { name: /decide/ }).click();
		await page.getByRole('region', { name: 'The flow to read' }).getByText('“Good bye”').waitFor();
		await page.getByRole('button', { name: '+ Greeting' }).click();
		await page.getByRole('group', { name: '2. Greeting' }).getByLabel('What the caller hears').fill('Welcome');
		await page.getByRole('button', { name: 'Move Greeting up' }).click();
		await page.getByRole('button', { name: 'Save flow' }).click();
		await page.getByText('Flow “decide” is saved.').waitFor();
		const [flow] = (await stage.control('flows')).flows;
		assert.deepEqual(
			flow.applets.map(({ type, onFalse }: { type: string; onFalse?: unknown }) => [type, onFalse]),
			[
				['greeting', undefined],
				['passthru', [{ type: 'greeting', text: 'Good bye' }]],
			],
		);
		await page.getByRole('button', { name: 'Remove this flow' }).click();
		await page.getByRole('button', { name: 'Keep it' }).click();
		assert.equal((await stage.control('flows')).flows.length, 1);
		await page.getByRole('button', { name: 'Remove this flow' }).click();
		await page.getByRole('button', { name: 'Remove', exact: true }).click();
		await page.getByText('No flow yet.').waitFor();
		assert.deepEqual((await stage.control('flows')).flows, []);
		assert.deepEqual(stage.faults(), []);
	});

	it('asks before something drawn is lost: unsaved changes, a flow of the same id, an import', async () => {
		stage.simulator.setFlow('clinic', { applets: [{ type: 'greeting', text: 'Clinic' }] });
		await stage.visit('#/flows');
		const { page } = stage;
		const clinic = async () => (await stage.control('flows/clinic')).applets[0].text;
		await page.getByRole('button', { name: /clinic/ }).click();
		await page.getByLabel('What the caller hears').fill('Changed');
		await page.getByRole('button', { name: 'New flow' }).click();
		await page.getByRole('button', { name: 'Go on editing' }).click();
		assert.equal(await page.getByLabel('What the caller hears').inputValue(), 'Changed');
		await page.getByRole('button', { name: 'New flow' }).click();
		await page.getByRole('button', { name: 'Leave without saving' }).click();
		await page.getByLabel('Flow id').fill('clinic');
		await page.getByRole('button', { name: 'Remove Connect' }).click();
		await page.getByRole('button', { name: '+ Hang up' }).click();
		await page.getByRole('button', { name: 'Save flow' }).click();
		await page.getByRole('button', { name: 'Choose another id' }).click();
		assert.equal(await clinic(), 'Clinic');
		await page.getByLabel('Flow id').fill('other');
		await page.getByRole('button', { name: 'Save flow' }).click();
		await page.getByText('Flow “other” is saved.').waitFor();
		await page.getByRole('heading', { name: 'Flow other' }).waitFor();
		await page.getByRole('button', { name: 'Import', exact: true }).click();
		const brought = { id: 'clinic', applets: [{ type: 'greeting', text: 'Brought' }] };
		await page.locator('textarea').fill(JSON.stringify(brought));
		await page.locator('form[aria-label="Import flows"] button[type=submit]').click();
		await page.getByText('What is there now would be lost: clinic.').waitFor();
		await page.getByRole('button', { name: 'Keep what is there' }).click();
		assert.equal(await clinic(), 'Clinic');
		assert.deepEqual(stage.faults(), []);
	});

	it('says in the words of the form what an applet needs, and what happens without a branch', async () => {
		await stage.visit('#/flows');
		const { page } = stage;
		await page.getByLabel('Flow id').fill('words');
		const connect = page.getByRole('group', { name: '1. Connect' });
		await connect.getByText('Nobody was rung: the next applet, or the call ends').waitFor();
		await connect.getByRole('button', { name: 'Branch: Nobody answered' }).click();
		await connect.getByText('Nobody was rung: as for Nobody answered').waitFor();
		await page.getByRole('button', { name: 'Remove Connect' }).click();
		await page.getByRole('button', { name: '+ Greeting' }).click();
		await page.getByRole('button', { name: 'Save flow' }).click();
		await page
			.getByText(
				'Applet 1: needs one of “What the caller hears”, “the URL of a sound (WAV)”, “a URL that answers the text”',
			)
			.waitFor();
	});

	it('draws branches: keys, nothing pressed, cases', async () => {
		await stage.visit('#/flows');
		const { page } = stage;
		await page.getByLabel('Flow id').fill('menu');
		await page.getByRole('button', { name: 'Remove Connect' }).click();
		await page.getByRole('button', { name: '+ Gather' }).click();
		const gather = page.getByRole('group', { name: '1. Gather' });
		await gather.getByLabel('What the caller hears').fill('For sales press 1');
		await gather.getByText('Keys, time and repetitions').click();
		await gather.getByLabel('Keys at most').fill('1');
		await gather.getByLabel('Finishing key, or none').fill('none');
		await gather.getByLabel('New key').fill('1');
		await gather.getByRole('button', { name: 'Add key' }).click();
		await gather
			.getByRole('group', { name: 'Add an applet: Key 1' })
			.getByRole('button', { name: '+ Connect' })
			.click();
		await gather.getByLabel('URL', { exact: true }).fill(stage.hook('/sales'));
		await gather.getByRole('button', { name: 'Branch: Nothing pressed' }).click();
		await gather
			.getByRole('group', { name: 'Add an applet: Nothing pressed' })
			.getByRole('button', { name: '+ Voicemail' })
			.click();
		await page.getByRole('button', { name: 'Save flow' }).click();
		await page.getByText('Flow “menu” is saved.').waitFor();
		assert.deepEqual((await stage.control('flows/menu')).applets, [
			{
				type: 'gather',
				prompt: 'For sales press 1',
				maxDigits: 1,
				finishOnKey: '',
				keys: { 1: [{ type: 'connect', version: '1.0', url: stage.hook('/sales') }] },
				noInput: [{ type: 'voicemail' }],
			},
		]);
		const outline = await page.getByRole('region', { name: 'The flow to read' }).innerText();
		assert.match(
			outline,
			/Gather “For sales press 1”\s+Key 1\s+(1\. )?Connect 1\.0 http[\s\S]*Nothing pressed\s+(1\. )?Voicemail/,
		);
		// what is wrong in a branch is named there
		await gather.getByLabel('URL', { exact: true }).fill('nowhere');
		await page.getByRole('button', { name: 'Save flow' }).click();
		await page.getByText('Applet 1, Key 1, Applet 1: url must be an http or https URL').waitFor();
		await gather.getByRole('button', { name: 'Remove the branch Key 1' }).click();
		await page.getByRole('button', { name: 'Save flow' }).click();
		await page.getByText('Flow “menu” is saved.').nth(1).waitFor();
		const [saved] = (await stage.control('flows/menu')).applets;
		assert.deepEqual([saved.keys, saved.noInput], [undefined, [{ type: 'voicemail' }]]);
		assert.ok(stage.faults().every((fault) => fault.includes('400')));
	});

	it('exports flows to a file and imports them again; marks what is wrong where it stands', async () => {
		const { page, simulator } = stage;
		simulator.setFlow('support', {
			applets: [{ type: 'passthru', url: stage.hook('/p'), onFalse: [{ type: 'greeting', text: 'Bye' }] }],
		});
		simulator.setFlow('support', { applets: [{ type: 'hangup' }] }, 'acme1');
		const before = JSON.stringify(await stage.control('flows'));
		await stage.visit('#/flows');
		const [download] = await Promise.all([
			page.waitForEvent('download'),
			page.getByRole('button', { name: 'Export all' }).click(),
		]);
		assert.equal(download.suggestedFilename(), 'exotel-flows.json');
		const file = await download.path();
		simulator.reset();
		simulator.setFlow('other', { applets: [] });
		await page.getByRole('button', { name: 'Import', exact: true }).click();
		const form = page.getByRole('form', { name: 'Import flows' });
		await form.getByLabel('File').setInputFiles(file);
		await form.getByLabel('Replace all flows').check();
		await form.getByRole('button', { name: 'Import' }).click();
		await page.getByRole('button', { name: 'Replace', exact: true }).click();
		await page.getByText('2 flows are imported.').waitFor();
		assert.equal(JSON.stringify(await stage.control('flows')), before);

		await page.getByRole('button', { name: 'Import', exact: true }).click();
		const text = form.getByLabel('or text');
		const marked = async (content: string, problem: RegExp): Promise<string> => {
			await text.fill(content);
			await form.getByRole('button', { name: 'Import' }).click();
			await form.getByText(problem).waitFor();
			return text.evaluate((area: any) => area.value.slice(area.selectionStart, area.selectionEnd));
		};
		const document =
			'{ "id": "a",\n  "applets": [\n    { "type": "hangup" },\n    { "type": "greeting", "text": 5 }\n  ] }';
		assert.equal(await marked(document, /^Line 4: applets\[1\]\.text must be a text/), '5');
		assert.equal(
			await marked(document.replace('"text"', '"txt"'), /^Line 4: applets\[1\]\.txt is not a field/),
			'5',
		);
		assert.equal(
			await marked(document.replace('"a"', '"a b"').replace('5', '"x"'), /^Line 1: id must be/),
			'"a b"',
		);
		assert.equal(
			await marked(document.replace(', "text": 5', ''), /^Line 4: .*needs one of/),
			'{ "type": "greeting" }',
		);
		await marked('{ "id": "a",\n  "applets": [,] }', /^Line 2: this is not JSON/);
		await text.fill(document.replace('5', '"Hello"'));
		await form.getByRole('button', { name: 'Import' }).click();
		await page.getByText('Flow “a” is imported.').waitFor();
		assert.equal((await stage.control('flows')).flows.length, 3, 'the others stay');
		assert.ok(stage.faults().every((fault) => fault.includes('400')));
	});

	it('rings for the account that is chosen, with its ExoPhone and its flows', async () => {
		await stage.close();
		stage = await Stage.open({
			seed: 5,
			accounts: [
				{ sid: 'acme1', key: 'k', token: 't' },
				{ sid: 'second', key: 'k2', token: 't2', exoPhones: ['08044445555'] },
			],
		});
		const { page, simulator } = stage;
		simulator.setFlow('of-acme', { applets: [] }, 'acme1');
		simulator.setFlow('of-second', { applets: [] }, 'second');
		await stage.visit('#/dial');
		assert.equal(await page.getByLabel('You ring (ExoPhone)').inputValue(), '08047112233');
		await page.getByLabel('Account', { exact: true }).selectOption('second');
		assert.equal(await page.getByLabel('You ring (ExoPhone)').inputValue(), '08044445555');
		assert.deepEqual(await page.locator('#dial-flow option').allInnerTexts(), ['of-second']);
		await page.getByLabel('You are (caller)').fill('09999912345');
		await page.getByRole('button', { name: 'Ring', exact: true }).click();
		await page.locator('.dial-result .dial-head').waitFor();
		assert.deepEqual(
			simulator.calls().map(({ account, flow }) => [account, flow]),
			[['second', 'of-second']],
		);
		await page.getByRole('link', { name: 'Guide' }).click();
		await page.locator('#view-guide').getByText('The seed is pinned (5)').waitFor();
		assert.deepEqual(stage.faults(), []);
	});

	it('says which ExoPhones can be rung when it is given another number', async () => {
		stage.simulator.setFlow('support', { applets: [] });
		const { page } = stage;
		await stage.visit('#/dial');
		await page.getByLabel('You are (caller)').fill('09999912345');
		await page.getByLabel('You ring (ExoPhone)').fill('08011112222');
		await page.getByRole('button', { name: 'Ring', exact: true }).click();
		await page.getByText(/must be an ExoPhone of account \w+: 08047112233, 08047112345, 08047115777$/).waitFor();
		assert.deepEqual(stage.simulator.calls(), []);
	});
});
