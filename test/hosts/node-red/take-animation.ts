/**
 * Takes docs/screenshots/first-call.webp, ten seconds of the first call: the flow in the real Node-RED beside the same
 * call on the simulator's page; part of `npm run docs:pictures`.
 * The simulator's clock is moved by hand between two pictures, so that the speed of the machine makes no difference.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import type { CallView } from '../../../simulator/api/control/shapes';
import { pictureFile, sharp } from '../pictures';
import { Editor } from './editor';
import { account } from './flows';
import { eventually, openStage, type FlowNode, type Stage } from './stage';

declare const RED: any;

const root = path.resolve(__dirname, '..', '..', '..');
const FILE = pictureFile('first-call');
const LARGEST_BYTES = 1_000_000;
const LENGTH_MS = 10_000;
/** A simulated half second. */
const STEP_MS = 230;
/** Until the status of the node and the simulator's page show what has happened. */
const SETTLES_MS = 400;

interface Frame {
	picture: Buffer;
	/** How long it is shown. */
	ms: number;
}

/** The example of the package, with the account of the stage. */
async function firstCall(stage: Stage, publicUrl: string): Promise<FlowNode[]> {
	const file = path.join(root, 'node-red', 'examples', '1 Start here', '1 First call.json');
	const example = JSON.parse(await fs.readFile(file, 'utf8')) as FlowNode[];
	const id = String(example.find(({ type }) => type === 'exotel-make-call')?.['account']);
	return [
		{ ...account(stage.simulator.url, publicUrl, { configVersion: 1 }), id },
		...example.filter(({ type }) => type !== 'exotel-account'),
	];
}

/** Both pages side by side, with a line of text below. */
class Picture {
	readonly frames: Frame[] = [];

	constructor(
		readonly sheet: Page,
		readonly editor: Page,
		readonly calls: Page,
	) {}

	async prepare(): Promise<void> {
		await this.sheet.setContent(`<!doctype html><style>
			body { margin: 0; background: #e8e5de; font: 26px/1 "Noto Sans", "DejaVu Sans", sans-serif; color: #1d2433; }
			img { position: absolute; top: 16px; height: 480px; border-radius: 8px; box-shadow: 0 1px 6px #0004; }
			#editor { left: 16px; width: 600px; } #calls { left: 632px; width: 552px; }
			p { position: absolute; left: 0; right: 0; top: 516px; margin: 0; text-align: center; }
		</style><img id="editor"><img id="calls"><p></p>`);
	}

	async take(text: string, ms: number): Promise<void> {
		const [editor, calls] = await Promise.all(
			[this.editor, this.calls].map(async (page) => (await page.screenshot()).toString('base64')),
		);
		await this.sheet.evaluate(
			async ([one, other, words]) => {
				for (const [id, data] of [
					['editor', one],
					['calls', other],
				] as const) {
					const image = document.getElementById(id) as HTMLImageElement;
					image.src = `data:image/png;base64,${data}`;
					await image.decode();
				}
				(document.querySelector('p') as HTMLElement).textContent = words;
			},
			[editor ?? '', calls ?? '', text] as const,
		);
		this.frames.push({ picture: await this.sheet.screenshot(), ms });
	}
}

/** What the call does. */
function caption({ call: { stage, legs } }: CallView): string {
	const [agent, customer] = legs;
	if (stage === null) return 'It ends, and the flow goes on with the outcome';
	if (stage === 'talking') return 'They talk';
	if (customer?.ringingAt) return 'The customer’s phone rings';
	if (agent?.answeredAt) return 'The agent answers';
	return 'The agent’s phone rings';
}

async function take(): Promise<void> {
	const stage = await openStage({ speed: 0 });
	let editor: Editor | undefined;
	try {
		const nodeRed = await stage.start();
		await stage.deploy(nodeRed, await firstCall(stage, nodeRed.url));
		editor = await Editor.open(nodeRed.url, { width: 1100, height: 880 });
		await editor.page.evaluate(() => {
			for (const action of ['toggle-left-sidebar', 'toggle-show-tips']) RED.actions.invoke(`core:${action}`);
		});
		const calls = await editor.browser.newPage({ viewport: { width: 920, height: 800 }, reducedMotion: 'reduce' });
		await calls.goto(`${stage.simulator.url}/_simulator/`);
		await calls.waitForSelector('#link-state[data-state="live"]');
		const sheet = await editor.browser.newPage({ viewport: { width: 1200, height: 560 } });
		const picture = new Picture(sheet, editor.page, calls);
		await picture.prepare();
		await picture.take('Click the button: a call is placed', 1400);
		await editor.page.locator('.red-ui-flow-node-button-button').first().click();
		const { simulator } = stage;
		await eventually(() => Promise.resolve(simulator.calls().length === 1), 'the call');
		const { sid = '' } = simulator.calls()[0] ?? {};
		await calls.goto(`${simulator.url}/_simulator/#/calls/${sid}`);
		for (let isActive = true; isActive;) {
			await calls.waitForTimeout(SETTLES_MS);
			const call = simulator.call(sid);
			if (call === null) throw new Error('The call is gone.');
			isActive = call.call.state === 'active';
			await picture.take(caption(call), STEP_MS);
			await simulator.advance(0.5);
		}
		const { frames } = picture;
		const shown = frames.reduce((sum, { ms }) => sum + ms, 0);
		const last = frames.at(-1);
		if (last !== undefined) last.ms += Math.max(1500, LENGTH_MS - shown);
		const join = (await sharp())(
			frames.map((frame) => frame.picture),
			{ join: { animated: true } },
		);
		// Three times, then the last picture stays.
		const how = { quality: 75, effort: 6, loop: 3, delay: frames.map(({ ms }) => ms) };
		const { size } = await join.webp(how).toFile(FILE);
		if (size > LARGEST_BYTES) throw new Error(`first-call.webp has ${size} bytes, more than ${LARGEST_BYTES}`);
		process.stdout.write(`first-call.webp ${Math.round(size / 1024)} kB, ${frames.length} pictures\n`);
	} finally {
		await editor?.close();
		await stage.close();
	}
}

void take();
