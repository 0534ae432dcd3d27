/** The page's clock and chaos switches do what they say to the running simulator. */
import assert from 'node:assert/strict';
import { Stage } from './stage';
import { must } from '../../simulator/must';

describe('the simulator’s page: clock and chaos', function () {
	this.timeout(60_000);
	let stage: Stage;

	beforeEach(async () => {
		stage = await Stage.open();
		await stage.visit('#/network');
	});
	afterEach(async () => {
		const faults = stage.faults();
		await stage.close();
		assert.deepEqual(faults, []);
	});

	it('moves time on: a call rings, is answered and ends', async () => {
		const { page, simulator } = stage;
		const before = simulator.now();
		await stage.place();
		await page.locator('.clock-big', { hasText: '09:30:00' }).waitFor();
		await page.getByRole('button', { name: '+ 1 min' }).click();
		await page.locator('.clock-big', { hasText: '09:31:00' }).waitFor();
		assert.equal(simulator.now() - before, 60_000);
		assert.equal(must(simulator.calls()[0]).outcome, 'answered');
		await page.getByLabel('Own step').fill('90');
		await page.getByRole('button', { name: 'Advance' }).click();
		await page.locator('#clock-time', { hasText: '09:32:30' }).waitFor();
	});

	it('sets the speed, also one of the user’s own', async () => {
		const { page } = stage;
		const speed = async () => (await stage.control('clock')).speed;
		await page.getByRole('group', { name: 'Speed' }).getByRole('button', { name: '× 60', exact: true }).click();
		await page.locator('#clock-speed', { hasText: '× 60' }).waitFor();
		assert.equal(await speed(), 60);
		await page.getByLabel('Own speed').fill('2.5');
		await page.getByRole('button', { name: 'Set', exact: true }).click();
		await page.locator('#clock-speed', { hasText: '× 2.5' }).waitFor();
		assert.equal(await speed(), 2.5);
		await page.getByRole('button', { name: 'Manual' }).click();
		await page.locator('#clock-speed', { hasText: 'manual' }).waitFor();
		assert.equal(await speed(), 0);
	});

	it('switches chaos on, by chance, and all off', async () => {
		const { page } = stage;
		const settings = () => stage.control('chaos');
		const duplicate = page.getByRole('switch', { name: 'Duplicate callbacks' });
		await duplicate.click();
		await page.locator('#chaos-duplicate[aria-checked="true"]').waitFor();
		assert.deepEqual(await settings(), { duplicate: true });
		const chance = page.getByLabel('Duplicate callbacks: in percent of cases');
		await chance.fill('25');
		await chance.press('Enter');
		await until(async () => (await settings()).duplicate === 0.25);
		const late = page.getByLabel('Late callbacks');
		await late.fill('12');
		await late.press('Tab');
		await until(async () => (await settings()).delaySeconds === 12);
		assert.deepEqual(await settings(), { duplicate: 0.25, delaySeconds: 12 });
		await page.getByRole('button', { name: 'All off' }).click();
		await page.locator('#chaos-duplicate[aria-checked="false"]').waitFor();
		assert.deepEqual(await settings(), {});
	});

	it('keeps rules for single numbers that were set through the control API', async () => {
		const { page, simulator } = stage;
		const rules = [{ number: '09812345678', drop: true }];
		simulator.setChaos({ rules });
		await page.getByText('One rule for single accounts or numbers was set').waitFor();
		await page.getByRole('switch', { name: 'No ringing events' }).click();
		await page.locator('#chaos-missingRinging[aria-checked="true"]').waitFor();
		assert.deepEqual(await stage.control('chaos'), { missingRinging: true, rules });
	});

	it('makes every callback come twice', async () => {
		const { page } = stage;
		await page.getByRole('switch', { name: 'Duplicate callbacks' }).click();
		await page.locator('#chaos-duplicate[aria-checked="true"]').waitFor();
		const sid = await stage.place({ StatusCallback: stage.hook('/events') });
		await stage.simulator.advance(60);
		await stage.visit(`#/calls/${sid}`);
		await page.locator('.delivery-marks', { hasText: 'duplicate' }).waitFor();
		assert.deepEqual(await page.locator('.delivery-event').allInnerTexts(), ['terminal', 'terminal']);
	});

	it('tells the outcome table as the simulator has it', async () => {
		await stage.visit('#/guide');
		const { outcomes } = (await stage.control('state')) as { outcomes: { digits: string; meaning: string }[] };
		const rows = stage.page.locator('#view-guide .outcomes tbody tr');
		await rows.nth(outcomes.length - 1).waitFor();
		const shown = await rows.allInnerTexts();
		assert.equal(shown.length, outcomes.length);
		outcomes.forEach(({ digits, meaning }, index) => {
			assert.ok(must(shown[index]).startsWith(digits === 'other' ? 'else' : digits), shown[index]);
			assert.ok(must(shown[index]).includes(meaning), shown[index]);
		});
	});
});

/** Waits for a condition the page has to bring about; fails after ten seconds. */
async function until(holds: () => Promise<boolean>): Promise<void> {
	for (let tries = 0; tries < 100; tries++) {
		if (await holds()) return;
		await new Promise((resolve) => setTimeout(resolve, 100));
	}
	assert.fail('did not happen within ten seconds');
}
