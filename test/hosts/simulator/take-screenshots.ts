/**
 * Takes the pictures in docs/screenshots/simulator/ from the real page; part of `npm run docs:pictures`.
 * The clock stands still and the seed is fixed, so that a picture changes only when the page does.
 */
import type { BrowserContextOptions } from 'playwright-core';
import { takePicture } from '../pictures';
import { Stage } from './stage';

const DESK = { viewport: { width: 1280, height: 860 } };
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 1.5 };
const CALLBACK = {
	'StatusCallbackEvents[0]': 'terminal',
	'StatusCallbackEvents[1]': 'answered',
	StatusCallbackContentType: 'application/json',
};

/** A morning's calls: every outcome, one refused callback, one call through a flow, one still ringing. */
async function furnish(stage: Stage): Promise<{ answered: string; inbound: string }> {
	stage.answers.set('/whom', {
		contentType: 'application/json',
		body: JSON.stringify({
			destination: { numbers: ['+919812345601', '+919812345678'] },
			start_call_playback: { playback_to: 'both', type: 'text', value: 'This call is recorded' },
		}),
	});
	stage.answers.set('/broken', { status: 500, body: 'not today' });
	stage.simulator.setFlow('support', {
		applets: [
			{ type: 'connect', version: '1.0', url: stage.hook('/whom'), fallbackUrl: stage.hook('/fallback') },
			{ type: 'passthru', url: stage.hook('/after'), async: true },
		],
	});
	for (const [index, to] of ['09812345601', '09812345602', '09812345603', '09812345604'].entries()) {
		await stage.place({
			From: `0999990001${index}`,
			To: to,
			StatusCallback: stage.hook(index === 0 ? '/broken' : '/events'),
			...CALLBACK,
		});
		await stage.simulator.advance(70);
	}
	const inbound = stage.simulator.inbound({
		from: '09999912345',
		to: '08047115777',
		flow: 'support',
		account: 'acme',
	});
	await stage.simulator.advance(70);
	const answered = await stage.place({
		From: '09999900016',
		StatusCallback: stage.hook('/events'),
		...CALLBACK,
		Record: 'true',
		CustomField: 'order 4711',
	});
	await stage.simulator.advance(40);
	await stage.place({ From: '09999900017', StatusCallback: stage.hook('/events'), ...CALLBACK });
	await stage.simulator.advance(6);
	return { answered, inbound };
}

/** Takes one picture of what is on the screen, from its top. */
async function picture(stage: Stage, name: string): Promise<void> {
	await stage.page.evaluate('scrollTo(0, 0)');
	// the clock in the header is asked for a moment after time has moved
	await stage.page.waitForTimeout(800);
	await takePicture(stage.page, `simulator/${name}`);
}

async function ringIn(stage: Stage): Promise<void> {
	await stage.visit('#/dial');
	await stage.page.getByLabel('You are (caller)').fill('09999912345');
	await stage.page.getByRole('button', { name: 'Ring', exact: true }).click();
	await stage.page.locator('.dial-result .story-step').first().waitFor();
	await stage.simulator.advance(60);
	await stage.page.locator('.dial-result', { hasText: 'Both sides talked' }).waitFor();
}

/** Opens a stage, takes pictures, and fails if the page reported an error meanwhile. */
async function session(look: BrowserContextOptions, work: (stage: Stage) => Promise<void>): Promise<void> {
	const stage = await Stage.open({ port: 4010 }, look);
	try {
		await work(stage);
		if (stage.faults().length > 0) throw new Error(stage.faults().join('\n'));
	} finally {
		await stage.close();
	}
}

async function take(): Promise<void> {
	await session({ ...DESK, colorScheme: 'light' }, async (stage) => {
		await stage.visit();
		await picture(stage, 'first-run');
		const { answered, inbound } = await furnish(stage);
		await stage.visit(`#/calls/${answered}`);
		await picture(stage, 'call');
		await stage.visit(`#/calls/${inbound}`);
		await picture(stage, 'flow-call');
		await ringIn(stage);
		await picture(stage, 'dial-pad');
		stage.simulator.setChaos({ duplicate: true, unavailable: 0.2 });
		await stage.visit('#/network');
		await picture(stage, 'clock-and-chaos');
	});
	await session({ ...DESK, colorScheme: 'dark' }, async (stage) => {
		const { answered } = await furnish(stage);
		await stage.visit(`#/calls/${answered}`);
		await picture(stage, 'call-dark');
		await ringIn(stage);
		await picture(stage, 'dial-pad-dark');
	});
	await session({ ...PHONE, colorScheme: 'light' }, async (stage) => {
		await furnish(stage);
		await stage.visit();
		await picture(stage, 'calls-phone');
	});
	await session({ ...PHONE, colorScheme: 'dark' }, async (stage) => {
		const { answered } = await furnish(stage);
		await stage.visit(`#/calls/${answered}`);
		await picture(stage, 'call-phone-dark');
	});
}

void take();
