/** The page for everybody: light and dark, phone-sized, by keyboard, with a screen reader. */
import assert from 'node:assert/strict';
import { Stage } from './stage';

const VIEWS = ['#/calls', '#/dial', '#/flows', '#/network', '#/guide'];
const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 };

/** One call of each kind, a flow and a switch, so that every view has something to show. */
async function furnish(stage: Stage): Promise<{ ended: string; inbound: string }> {
	stage.answers.set('/whom', {
		contentType: 'application/json',
		body: JSON.stringify({ destination: { numbers: ['+919812345601', '+919812345678'] } }),
	});
	stage.answers.set('/events', { status: 500 });
	stage.simulator.setFlow('support', {
		applets: [
			{ type: 'connect', version: '1.0', url: stage.hook('/whom') },
			{ type: 'passthru', url: stage.hook('/after'), onFalse: [{ type: 'voicemail' }, { type: 'hangup' }] },
			{ type: 'gather', prompt: 'For sales press 1', keys: { 1: [{ type: 'greeting', text: 'Sales' }] } },
			{ type: 'switch-case', cases: { books: [{ type: 'hangup' }] } },
		],
	});
	for (const to of ['09812345601', '09812345602', '09812345603', '09812345604']) await stage.place({ To: to });
	const ended = await stage.place({
		StatusCallback: stage.hook('/events'),
		StatusCallbackEvents: 'terminal',
		Record: 'true',
		CustomField: 'order 4711, an unusually long note that has to be broken somewhere sensible on a small screen',
	});
	const inbound = stage.simulator.inbound({
		from: '09999912345',
		to: '08047115777',
		flow: 'support',
		account: 'acme',
	});
	await stage.simulator.advance(90);
	await stage.place();
	await stage.simulator.advance(6);
	stage.simulator.setChaos({ duplicate: 0.5 });
	return { ended, inbound };
}

describe('the simulator’s page for everybody', function () {
	this.timeout(120_000);
	let stage: Stage;

	afterEach(async () => {
		const faults = stage.faults();
		await stage.close();
		assert.deepEqual(faults, []);
	});

	for (const colorScheme of ['light', 'dark'] as const) {
		it(`has no serious accessibility fault in any view, ${colorScheme}`, async () => {
			stage = await Stage.open({ strictness: 'as-seen-in-the-field' }, { colorScheme });
			await stage.visit();
			assert.deepEqual(await stage.accessibilityFaults(), [], 'first run');
			const { ended, inbound } = await furnish(stage);
			for (const view of [...VIEWS, `#/calls/${ended}`, `#/calls/${inbound}`]) {
				await stage.visit(view);
				await open(stage, view);
				assert.deepEqual(await stage.accessibilityFaults(), [], view);
			}
		});
	}

	it('has no serious accessibility fault on a phone, and nothing sticks out', async () => {
		stage = await Stage.open({ strictness: 'as-seen-in-the-field' }, PHONE);
		await stage.visit();
		await fits(stage, 'first run');
		const { ended, inbound } = await furnish(stage);
		for (const view of [...VIEWS, `#/calls/${ended}`, `#/calls/${inbound}`]) {
			await stage.visit(view);
			await open(stage, view);
			await fits(stage, view);
			assert.deepEqual(await stage.accessibilityFaults(), [], view);
		}
	});

	it('goes from the list to a call and back on a phone', async () => {
		stage = await Stage.open({}, PHONE);
		const sid = await stage.place();
		await stage.simulator.advance(60);
		await stage.visit();
		await stage.page.locator('.call-row').tap();
		await stage.page.getByText('Both sides talked for 6 s.').waitFor();
		assert.equal(await stage.page.locator('.call-row:visible').count(), 0);
		await stage.page.getByRole('link', { name: 'All calls' }).tap();
		await stage.page.locator(`.call-row[href="#/calls/${sid}"]`).waitFor();
		assert.equal(await stage.page.locator('.call-view:visible').count(), 0);
	});

	it('is worked by keyboard alone, with a visible focus and without a trap', async () => {
		stage = await Stage.open();
		const sid = await stage.place({ StatusCallback: stage.hook('/events') });
		await stage.simulator.advance(60);
		await stage.visit();
		const { page } = stage;
		await page.locator('.call-row').waitFor();
		const visited: string[] = [];
		for (let steps = 0; steps < 40; steps++) {
			await page.keyboard.press('Tab');
			const focus = (await page.evaluate(`(() => {
				const at = document.activeElement;
				if (at === document.body) return null;
				const style = getComputedStyle(at);
				return { name: at.getAttribute('aria-label') ?? at.textContent.trim() ?? at.id, outline: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 };
			})()`)) as { name: string; outline: boolean } | null;
			if (focus === null) break;
			assert.ok(focus.outline, `the focus is visible on ${focus.name}`);
			visited.push(focus.name);
		}
		assert.equal(visited[0], 'Skip to the content');
		assert.ok(visited.length < 40, `the focus leaves the page again: ${visited.join(' | ')}`);
		for (const name of ['Calls', 'Dial pad', 'Flows', 'Clock & chaos', 'Guide', 'Reset', 'Filter the calls'])
			assert.ok(visited.includes(name), `${name} is reached`);

		await page.locator('.call-row').focus();
		await page.keyboard.press('Enter');
		await page.waitForFunction(`location.hash === '#/calls/${sid}'`);
		await page.locator('.delivery summary').focus();
		await page.keyboard.press('Enter');
		await page.locator('.delivery-body').waitFor();
		await page.getByRole('button', { name: 'Reset' }).focus();
		await page.keyboard.press('Enter');
		await page.getByRole('dialog').waitFor();
		await page.keyboard.press('Escape');
		await page.getByRole('dialog').waitFor({ state: 'detached' });
		assert.equal(stage.simulator.calls().length, 1, 'Escape keeps everything');
	});

	it('tells a screen reader about new calls', async () => {
		stage = await Stage.open();
		await stage.visit();
		const said = stage.page.locator('#announcer[aria-live="polite"]');
		await stage.place({ To: '09812345602' });
		await said.filter({ hasText: 'New call from 09999900011 to 09812345602' }).waitFor({ state: 'attached' });
	});

	it('keeps the chosen colours', async () => {
		stage = await Stage.open({}, { colorScheme: 'light' });
		await stage.visit();
		const { page } = stage;
		const paper = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
		const light = await paper();
		const button = page.getByRole('button', { name: /^Colours/ });
		await button.click();
		assert.equal(await paper(), light);
		await button.click();
		const dark = await paper();
		assert.notEqual(dark, light);
		await page.reload();
		assert.equal(await paper(), dark);
		await button.click();
		assert.equal(await paper(), light, 'as the system has it');
	});
});

/** Opens what can be opened, so that it is looked at too. */
async function open(stage: Stage, view: string): Promise<void> {
	const { page } = stage;
	if (view.startsWith('#/calls')) await page.locator('.call-row').first().waitFor({ state: 'attached' });
	if (view.startsWith('#/calls/')) {
		await page.locator('.call-view .facts dd').first().waitFor();
		for (const summary of await page.locator('.call-view summary').all()) await summary.click();
	}
	if (view === '#/flows') {
		await page.locator('.flow-row').first().click();
		for (const summary of await page.locator('.flow-editor summary:visible').all()) await summary.click();
	}
	if (view === '#/dial') {
		await page.getByLabel('You are (caller)').fill('09999912345');
		await page.getByRole('button', { name: 'Ring', exact: true }).click();
		await page.locator('.dial-result .story-step').first().waitFor();
	}
}

async function fits(stage: Stage, view: string): Promise<void> {
	const sticking = await stage.page
		.evaluate(`document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll('body *')]
		.filter((element) => element.getBoundingClientRect().right > innerWidth + 1 && element.getClientRects().length > 0)
		.map((element) => element.tagName + '.' + element.className).slice(0, 10)`);
	assert.deepEqual(sticking, [], view);
}
