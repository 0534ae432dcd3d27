/** Nothing a call, an answer or a flow carries is ever run or turned into markup by the page. */
import assert from 'node:assert/strict';
import { Stage } from './stage';

const MARKUP = '<img src=x onerror="window.ran=1"><script>window.ran=1</script><svg/onload=window.ran=1>';
const NAMED = '"><b id=intruder>bold</b>';

describe('the simulator’s page: hostile strings', function () {
	this.timeout(60_000);
	let stage: Stage;

	beforeEach(async () => {
		stage = await Stage.open();
	});
	afterEach(async () => {
		await stage.close();
	});

	it('shows them as the text they are, everywhere', async () => {
		const { page, simulator } = stage;
		const markup = { status: 500, contentType: `text/html; x=${encodeURIComponent(MARKUP)}`, body: MARKUP };
		stage.answers.set('/events', markup);
		stage.answers.set('/whom', {
			contentType: 'application/json',
			body: JSON.stringify({
				destination: { numbers: [MARKUP, 'javascript:window.ran=1'] },
				start_call_playback: { playback_to: 'both', type: 'text', value: MARKUP },
			}),
		});
		const sid = await stage.place({
			From: "sip:a'onmouseover=window.ran=1&lt;b&gt;@x",
			CustomField: MARKUP + NAMED,
			StatusCallback: stage.hook(`/events?q=${encodeURIComponent(MARKUP)}&raw="><b>`),
		});
		simulator.setFlow('menu', {
			applets: [
				{ type: 'greeting', text: MARKUP },
				{ type: 'connect', version: '1.0', url: stage.hook('/whom') },
			],
		});
		const inbound = simulator.inbound({ from: '09999912345', to: '08047115777', flow: 'menu', account: 'acme' });
		await simulator.advance(120);

		await stage.visit(`#/calls/${sid}`);
		await page.locator('.facts', { hasText: MARKUP + NAMED }).waitFor();
		await page.locator('.delivery summary').first().click();
		await page.locator('.delivery-body', { hasText: MARKUP }).waitFor();
		await nothingRan();

		await stage.visit(`#/calls/${inbound}`);
		await page.locator('.heard', { hasText: MARKUP }).waitFor();
		const step = page.locator('.call-pane .story-step').first();
		await step.getByText('Question and answer as sent').click();
		assert.ok((await step.innerText()).includes('onerror'), 'the answer is shown');
		await nothingRan();

		await stage.visit('#/flows');
		await page.getByRole('button', { name: /menu/ }).click();
		assert.equal(await page.getByLabel('What the caller hears').inputValue(), MARKUP);
		await nothingRan();

		await stage.visit('#/calls');
		await page.getByLabel('Filter the calls').fill(MARKUP);
		await page.locator('.nothing', { hasText: MARKUP }).waitFor();
		await nothingRan();

		await stage.visit(`#/calls/${encodeURIComponent(MARKUP)}`);
		await page.getByText('This call is no longer remembered.').waitFor();
		await stage.visit('#/calls/%E0%A4%A');
		await page.getByText('This call is no longer remembered.').waitFor();
		await nothingRan();
		assert.deepEqual(
			stage.faults().filter((fault) => !/status of 404/.test(fault)),
			[],
		);
	});

	it('makes links of nothing but its own addresses and http(s)', async () => {
		await stage.visit();
		const refused = await stage.page.evaluate(`import('./element.js').then(({ element }) =>
			['javascript:alert(1)', 'JAVASCRIPT:alert(1)', ' javascript:alert(1)', 'data:text/html,x', '//elsewhere.example/x', 'vbscript:x', '\\\\\\\\elsewhere'].map((href) => element('a', { href }).hasAttribute('href')))`);
		assert.deepEqual(refused, [false, false, false, false, false, false, false]);
		assert.deepEqual(stage.faults(), []);
	});

	it('holds under a policy that forbids inline script and style', async () => {
		const response = await fetch(`${stage.simulator.url}/_simulator/`);
		const policy = response.headers.get('content-security-policy') ?? '';
		assert.match(policy, /default-src 'none'/);
		assert.doesNotMatch(policy, /unsafe-inline|unsafe-eval|\*/);
		const html = await response.text();
		assert.doesNotMatch(html, /\sstyle=|<style|\son\w+=|<script>/);
		assert.deepEqual([...html.matchAll(/(?:src|href)="(https?:)?\/\//g)], []);
	});

	async function nothingRan(): Promise<void> {
		assert.equal(await stage.page.evaluate('window.ran'), undefined);
		assert.equal(
			await stage.page
				.locator(
					'#intruder, main img, main script, main iframe, main [onerror], main [onload], main [onmouseover]',
				)
				.count(),
			0,
		);
	}
});
