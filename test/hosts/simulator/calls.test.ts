/**
 * The page's calls: live list, one call's timeline to scale, deliveries, first run, filter, reset, asking when live
 * news fails.
 */
import assert from 'node:assert/strict';
import { Stage } from './stage';
import { LENIENCIES } from '../../../simulator/model/leniencies';
import { must } from '../../simulator/must';

const EVENTS = {
	'StatusCallbackEvents[0]': 'terminal',
	'StatusCallbackEvents[1]': 'answered',
	StatusCallbackContentType: 'application/json',
};

describe('the simulator’s page: calls', function () {
	this.timeout(60_000);
	let stage: Stage;

	beforeEach(async () => {
		stage = await Stage.open();
	});
	afterEach(async () => {
		const faults = stage.faults();
		await stage.close();
		assert.deepEqual(faults, []);
	});

	it('tells a newcomer what to connect to, with a curl line that works as it is', async () => {
		await stage.visit();
		const { page, simulator } = stage;
		const shown = await page.locator('#view-calls .credentials').innerText();
		assert.ok(shown.includes(simulator.url), 'the base URL is shown');
		for (const name of ['Account SID', 'API key', 'API token', 'ExoPhone'])
			assert.ok(shown.includes(name), `${name} is shown`);

		const line = await page.locator('#view-calls .curl').innerText();
		const words = line.replace(/\\\n/g, ' ').split(/\s+/).filter(Boolean);
		assert.equal(words[0], 'curl');
		const after = (option: string) => words.flatMap((word, index) => (word === option ? [words[index + 1]] : []));
		const response = await fetch(words.find((word) => word.startsWith('http')) as string, {
			method: 'POST',
			headers: {
				Authorization: `Basic ${Buffer.from(must(after('-u')[0])).toString('base64')}`,
				'Content-Type': 'application/x-www-form-urlencoded',
			},
			body: after('-d').join('&'),
		});
		assert.equal(response.status, 200);
		await page.locator('.call-row').waitFor();
		assert.equal(await page.locator('.connection:visible').count(), 0, 'the welcome makes room for the calls');
	});

	it('says of calls of other days on which day they were', async () => {
		await stage.place();
		await stage.simulator.advance(86_400);
		await stage.place();
		await stage.simulator.advance(60);
		await stage.visit();
		await stage.page.locator('.call-row').nth(1).waitFor();
		assert.deepEqual(await stage.page.locator('.call-row time').allInnerTexts(), ['09:30:00', '21 Nov, 09:30']);
	});

	it('places a first call at the press of a button and shows it', async () => {
		await stage.visit();
		await stage.page.getByRole('button', { name: 'Place this call now' }).click();
		await stage.page.getByRole('heading', { name: '09999900011 to 09999900022' }).waitFor();
		assert.equal(stage.simulator.calls().length, 1);
	});

	it('shows calls as they are placed, newest first, without a reload', async () => {
		await stage.place({ To: '09812340001' });
		await stage.visit();
		await stage.page.locator('.call-row').waitFor();
		await stage.place({ To: '09812340002' });
		await stage.place({ To: '09812340022' });
		await stage.page.locator('.call-row').nth(2).waitFor();
		const rows = await stage.page.locator('.call-numbers').allTextContents();
		assert.deepEqual(
			rows.map((row) => row.trim().slice(-11)),
			['09812340022', '09812340002', '09812340001'],
		);
		await stage.simulator.advance(120);
		await stage.page.locator('.call-row', { hasText: 'No answer' }).waitFor();
		const badges = await stage.page.locator('.call-row .badge').allInnerTexts();
		assert.deepEqual(badges, ['Answered', 'Busy', 'No answer']);
	});

	it('draws ring, talk and hang-up of both sides to scale, and says the outcome in words', async () => {
		const sid = await stage.place();
		await stage.simulator.advance(60);
		await stage.visit(`#/calls/${sid}`);
		const { page } = stage;
		await page.getByText('Answered. Both sides talked for 6 s.').waitFor();
		const { call } = await stage.control(`calls/${sid}`);
		const begin = Date.parse(call.createdAt);
		for (const [index, leg] of call.legs.entries()) {
			const lane = page.locator('.lane').nth(index);
			const track = await box(lane.locator('.track'));
			const talk = await box(lane.locator('.stretch-talk'));
			const ring = await box(lane.locator('.stretch-ring'));
			const hangUp = await box(lane.locator('.track .ending'));
			const perSecond = talk.width / 6;
			near(ring.width, 3 * perSecond, `leg ${index}: three seconds of ringing`);
			const answered = (Date.parse(leg.answeredAt) - begin) / 1000;
			near(ring.x + ring.width - track.x, answered * perSecond, `leg ${index}: answered where it belongs`);
			near(
				hangUp.x + 1 - track.x,
				((Date.parse(leg.endedAt) - begin) / 1000) * perSecond,
				`leg ${index}: hung up where it belongs`,
			);
		}
		const words = await page.locator('#view-calls figcaption').textContent();
		assert.match(words ?? '', /09812345678: dialling 1 s, then rings 3 s, then talks 6 s, then hung up\./);
	});

	it('follows a running call', async () => {
		const sid = await stage.place();
		await stage.visit(`#/calls/${sid}`);
		const badge = stage.page.locator('.call-title .badge');
		await stage.simulator.advance(2);
		await badge.filter({ hasText: 'Ringing' }).waitFor();
		await stage.page.getByText('09999900011 is ringing.').waitFor();
		await stage.simulator.advance(4);
		await stage.page.getByText('09999900011 is on the line; 09812345678 is ringing.').waitFor();
		await stage.simulator.advance(3);
		await badge.filter({ hasText: 'Talking' }).waitFor();
		await stage.simulator.advance(30);
		await badge.filter({ hasText: 'Answered' }).waitFor();
	});

	it('says who did not answer, who was busy, who could not be reached', async () => {
		const expected = {
			'09812345601': '09812345601 did not answer after ringing for 30 s.',
			'09812345602': '09812345602 was busy.',
			'09812345603': '09812345603 could not be reached.',
		};
		await stage.visit();
		for (const [to, sentence] of Object.entries(expected)) {
			const sid = await stage.place({ To: to });
			await stage.simulator.advance(120);
			await stage.visit(`#/calls/${sid}`);
			await stage.page.getByText(sentence).waitFor();
		}
	});

	it('shows each delivery with request, answer, time and repetition', async () => {
		stage.answers.set('/events', { status: 503, contentType: 'text/html', body: '<h1>busy</h1>' });
		const sid = await stage.place({
			StatusCallback: stage.hook('/events?token=abc'),
			...EVENTS,
			CustomField: 'order 4711',
		});
		await stage.simulator.advance(30);
		await stage.visit(`#/calls/${sid}`);
		const { page } = stage;
		const deliveries = page.locator('.delivery');
		await deliveries.nth(2).waitFor();
		assert.deepEqual(await page.locator('.delivery-event').allInnerTexts(), ['answered', 'answered', 'terminal']);
		assert.deepEqual(await page.locator('.delivery-status').allInnerTexts(), ['503', '503', '503']);
		assert.equal(await page.locator('.delivery-marks', { hasText: 'again at' }).count(), 3);

		await deliveries.nth(2).locator('summary').click();
		await deliveries.nth(2).locator('.delivery-body').waitFor();
		const opened = await deliveries.nth(2).innerText();
		for (const part of [
			'POST',
			stage.hook('/events?token=abc'),
			'application/json',
			'"EventType": "terminal"',
			'"CustomField": "order 4711"',
			'503 text/html',
			'<h1>busy</h1>',
		])
			assert.ok(opened.includes(part), `${part} is shown`);

		stage.answers.set('/events', { status: 200 });
		await stage.simulator.advance(320);
		await page.locator('.delivery-status', { hasText: '200' }).nth(2).waitFor();
		assert.equal(await page.locator('.delivery-marks', { hasText: 'attempt 2' }).count(), 3);
		assert.deepEqual((await page.locator('.delivery-status').allInnerTexts()).slice(3), ['200', '200', '200']);
		assert.equal(await deliveries.nth(2).getAttribute('open'), '', 'what was open stays open while the list grows');
	});

	it('plays the recording as soon as it is there', async () => {
		const sid = await stage.place({ Record: 'true' });
		await stage.simulator.advance(14);
		await stage.visit(`#/calls/${sid}`);
		const { page } = stage;
		await page.getByText(/^Can be downloaded from \d\d:\d\d:\d\d on\.$/).waitFor();
		await stage.simulator.advance(60);
		const player = page.getByLabel('Recording of the call');
		await player.waitFor();
		const { loaded, seconds } = (await page.evaluate(`new Promise((resolve) => {
			const audio = document.querySelector('#view-calls audio');
			audio.onloadedmetadata = () => resolve({ loaded: true, seconds: audio.duration });
			audio.onerror = () => resolve({ loaded: false, seconds: 0 });
			audio.preload = 'auto';
			audio.load();
		})`)) as { loaded: boolean; seconds: number };
		assert.ok(loaded, 'the player may fetch it without a key');
		assert.ok(seconds > 5 && seconds < 8, `about the six seconds talked, not ${seconds}`);
	});

	it('shows a bounded number of rows, and more on request', async () => {
		for (let count = 0; count < 205; count++) await stage.place();
		await stage.visit();
		const { page } = stage;
		await page.getByRole('button', { name: 'Show more (5 older)' }).waitFor();
		assert.equal(await page.locator('.call-row').count(), 200);
		await page.getByRole('button', { name: 'Show more (5 older)' }).click();
		await page.locator('.call-row').nth(204).waitFor();
		assert.equal(await page.getByRole('button', { name: /Show more/ }).count(), 0);
	});

	it('filters by number, outcome and SID', async () => {
		await stage.place({ To: '09812345602' });
		const sid = await stage.place({ To: '09812345678' });
		await stage.simulator.advance(60);
		await stage.visit();
		const { page } = stage;
		await page.locator('.call-row').nth(1).waitFor();
		const filter = page.getByLabel('Filter the calls');
		await filter.fill('busy');
		assert.deepEqual(await page.locator('.call-row .badge').allInnerTexts(), ['Busy']);
		await filter.fill(sid);
		assert.deepEqual(await page.locator('.call-row .badge').allInnerTexts(), ['Answered']);
		await filter.fill('nowhere');
		await page.getByText('None of the newest 2 calls matches “nowhere”.').waitFor();
	});

	it('names the account when there are several', async () => {
		await stage.place();
		await stage.visit();
		await stage.page.locator('.call-row').waitFor();
		assert.equal(await stage.page.locator('.call-account').count(), 0);
		stage.simulator.setFlow('menu', { applets: [{ type: 'greeting', text: 'Welcome' }] });
		stage.simulator.inbound({ from: '09999912345', to: '08047115777', flow: 'menu', account: 'other' });
		await stage.page.locator('.call-account').nth(1).waitFor();
		assert.deepEqual(await stage.page.locator('.call-account').allInnerTexts(), ['other', 'acme']);
	});

	it('asks before a reset, and then forgets everything but the flows of the dial pad', async () => {
		await stage.place();
		stage.simulator.setFlow('926', { applets: [{ type: 'hangup' }] });
		await stage.visit();
		const { page } = stage;
		await page.getByRole('button', { name: 'Reset' }).click();
		await page.getByRole('button', { name: 'Keep everything' }).click();
		assert.equal(stage.simulator.calls().length, 1);
		await page.getByRole('button', { name: 'Reset' }).click();
		await page.getByRole('dialog').getByRole('button', { name: 'Reset' }).click();
		await page.getByRole('heading', { name: 'No calls yet' }).waitFor();
		assert.equal(stage.simulator.calls().length, 0);
		await stage.visit('#/dial');
		assert.match((await page.locator('#dial-flow option').allInnerTexts()).join(), /^926\b/);
	});
});

describe('the simulator’s page: strictness', function () {
	this.timeout(60_000);

	it('says that it is strict, and what would pass as seen in the field', async () => {
		const stage = await Stage.open();
		try {
			await stage.visit('#/guide');
			await stage.page
				.locator('.card-note', { hasText: 'Strict: what the documentation does not have' })
				.waitFor();
			for (const { name } of LENIENCIES)
				await stage.page.locator('.leniency-list dt', { hasText: name }).first().waitFor();
		} finally {
			await stage.close();
		}
	});

	it('names what a request was flagged with as seen in the field', async () => {
		const stage = await Stage.open({ strictness: 'as-seen-in-the-field' });
		try {
			const sid = await stage.place({ StatusCallback: stage.hook('/events'), StatusCallbackEvents: 'terminal' });
			const { call } = await stage.control(`calls/${sid}`);
			assert.ok(call.flags.length > 0, 'the simulator flags this spelling');
			await stage.visit(`#/calls/${sid}`);
			await stage.page.locator('.flagged', { hasText: call.flags[0] }).waitFor();
			await stage.page.goto(`${stage.simulator.url}/_simulator/#/guide`);
			await stage.page.locator('.leniencies', { hasText: call.flags[0] }).waitFor();
			await stage.page.locator('.card-note', { hasText: 'As seen in the field' }).waitFor();
		} finally {
			await stage.close();
		}
	});
});

describe('the simulator’s page without live news', function () {
	this.timeout(60_000);

	it('asks every two seconds instead', async () => {
		const stage = await Stage.open();
		try {
			await stage.page.route('**/api/events', (route) => route.abort());
			await stage.page.goto(`${stage.simulator.url}/_simulator/`);
			await stage.page.waitForSelector('#link-state[data-state="polling"]');
			await stage.place();
			await stage.page.locator('.call-row').waitFor();
		} finally {
			await stage.close();
		}
	});

	it('lets go of the connection while nobody sees it, and catches up afterwards', async () => {
		const stage = await Stage.open();
		try {
			await stage.visit();
			const show = (hidden: boolean) =>
				stage.page.evaluate(
					`Object.defineProperty(document, 'hidden', { value: ${hidden}, configurable: true }); ` +
						`document.dispatchEvent(new Event('visibilitychange'))`,
				);
			await show(true);
			await stage.place();
			await stage.simulator.advance(60);
			assert.equal(await stage.page.locator('.call-row').count(), 0);
			await show(false);
			await stage.page.locator('.call-row', { hasText: 'Answered' }).waitFor();
			assert.deepEqual(stage.faults(), []);
		} finally {
			await stage.close();
		}
	});

	it('says so when the simulator is gone', async () => {
		const stage = await Stage.open();
		try {
			await stage.visit();
			await stage.simulator.close();
			await stage.page.waitForSelector('#link-state[data-state="lost"]');
			await stage.page
				.locator('#announcer', { hasText: 'The simulator is not reachable' })
				.waitFor({ state: 'attached' });
		} finally {
			await stage.close();
		}
	});
});

async function box(locator: {
	boundingBox(): Promise<{ x: number; y: number; width: number; height: number } | null>;
}) {
	const found = await locator.boundingBox();
	assert.ok(found);
	return found;
}

/** Equal to within two pixels: borders and rounding. */
function near(actual: number, expected: number, what: string): void {
	assert.ok(Math.abs(actual - expected) <= 2, `${what}: ${actual} px instead of ${expected} px`);
}
