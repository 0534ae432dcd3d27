/**
 * Drives the real Node-RED editor in Chromium: drag a node from the palette, open its form, fill it in, Done, Deploy.
 * Every error of the page is kept; a test closes with `errors()` being empty.
 */
import fs from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../chromium';

const root = path.resolve(__dirname, '..', '..', '..');
/** Says nothing about our forms: the browser reports it when a widget resizes itself while being measured. */
const HARMLESS = /ResizeObserver loop/;

export interface SavedNode {
	id: string;
	type: string;
	[property: string]: unknown;
}

export interface Fault {
	rule: string;
	impact: string;
	target: string;
	help: string;
}

/** The window's RED object as the tests use it; the editor client brings no types for what it does not document. */
declare const RED: any;
declare const axe: any;

export class Editor {
	readonly #errors: string[] = [];

	private constructor(
		readonly browser: Browser,
		readonly page: Page,
	) {
		page.on('pageerror', (error) => this.#errors.push(error.message));
		page.on('console', (line) => {
			if (line.type() === 'error') this.#errors.push(`${line.text()} ${line.location().url}`);
		});
	}

	/** Opens the editor and waits until the flows are drawn. */
	static async open(url: string, { language = 'en-US', width = 1500, height = 1000 } = {}): Promise<Editor> {
		const browser = await launchChromium();
		const page = await browser.newPage({ viewport: { width, height }, locale: language });
		const editor = new Editor(browser, page);
		await page.goto(url);
		await editor.ready();
		return editor;
	}

	async ready(): Promise<void> {
		await this.page.waitForSelector('#red-ui-workspace');
		await this.page.waitForSelector('.red-ui-palette-node[data-palette-type="exotel-make-call"]', {
			state: 'attached',
		});
		await this.page.waitForFunction(
			() =>
				RED.nodes.getWorkspaceOrder().length > 0 &&
				(document.querySelector('#red-ui-loading-progress') as HTMLElement | null)?.offsetWidth === 0,
		);
	}

	/** Loads the flows anew, as another person would. */
	async reload(): Promise<void> {
		await this.page.reload();
		await this.ready();
	}

	errors(): string[] {
		return this.#errors.filter((error) => !HARMLESS.test(error));
	}

	/** Drags a node of `type` from the palette to a place on the canvas; gives the new node's id. */
	async place(type: string, x: number, y: number): Promise<string> {
		const { page } = this;
		const known = await page.evaluate(
			(wanted) => RED.nodes.filterNodes({ type: wanted }).map((node: { id: string }) => node.id),
			type,
		);
		const entry = page.locator(`.red-ui-palette-node[data-palette-type="${type}"]`);
		await entry.scrollIntoViewIfNeeded();
		const from = await entry.boundingBox();
		const chart = await page.locator('#red-ui-workspace-chart').boundingBox();
		if (!from || !chart) throw new Error(`${type} cannot be dragged.`);
		await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
		await page.mouse.down();
		await page.mouse.move(chart.x + x, chart.y + y, { steps: 12 });
		await page.mouse.up();
		const id: string = await (
			await page.waitForFunction(
				([wanted, before]) =>
					RED.nodes
						.filterNodes({ type: wanted })
						.map((node: { id: string }) => node.id)
						.find((one: string) => !before.includes(one)),
				[type, known] as const,
			)
		).jsonValue();
		return id;
	}

	/** Joins output `port` of one node to the input of another, as drawing a wire does. */
	async wire(from: string, port: number, to: string): Promise<void> {
		await this.page.evaluate(
			([source, sourcePort, target]) => {
				RED.nodes.addLink({ source: RED.nodes.node(source), sourcePort, target: RED.nodes.node(target) });
				RED.nodes.dirty(true);
				RED.view.redraw(true);
			},
			[from, port, to] as const,
		);
	}

	/** Opens the form of a node on the canvas. */
	async edit(id: string): Promise<void> {
		await this.page.evaluate((node) => RED.editor.edit(RED.nodes.node(node)), id);
		await this.page.locator('#node-dialog-ok').waitFor();
		await this.page.locator('#dialog-form').waitFor();
		await this.opened();
	}

	/** Opens the form of a configuration node. */
	async editConfig(type: string, id: string): Promise<void> {
		await this.page.evaluate(([kind, node]) => RED.editor.editConfig('', kind, node, ''), [type, id] as const);
		await this.page.locator('#node-config-dialog-ok').waitFor();
		await this.opened();
	}

	/** Waits for the last thing that the editor does with a new tray; a key pressed before could miss its field. */
	async opened(): Promise<void> {
		await this.settled();
		await this.page.waitForFunction(() =>
			Array.from(document.querySelectorAll('.red-ui-tray')).at(-1)?.contains(document.activeElement),
		);
	}

	/** Waits until the tray has slid in and every request of the form has been answered. */
	async settled(): Promise<void> {
		await this.page.waitForFunction(() => {
			const tray = Array.from(document.querySelectorAll('.red-ui-tray')).at(-1);
			if (!tray) return false;
			const box = tray.getBoundingClientRect();
			return box.width > 0 && box.right <= window.innerWidth + 1 && !tray.classList.contains('red-ui-tray-anim');
		});
		await this.page.waitForLoadState('networkidle');
	}

	/** Presses Done and waits for the form to go. */
	done(config = false): Promise<void> {
		return this.#leave(config ? '#node-config-dialog-ok' : '#node-dialog-ok');
	}

	cancel(config = false): Promise<void> {
		return this.#leave(config ? '#node-config-dialog-cancel' : '#node-dialog-cancel');
	}

	async #leave(button: string): Promise<void> {
		await this.page.locator(button).click();
		await this.page.locator(button).waitFor({ state: 'detached' });
		// The form below a configuration node's comes back, or none is left.
		if ((await this.page.locator('.red-ui-tray').count()) > 0) await this.settled();
	}

	/** Cancels every open form. */
	async closeForms(): Promise<void> {
		for (const config of [true, false])
			if ((await this.page.locator(config ? '#node-config-dialog-cancel' : '#node-dialog-cancel').count()) > 0)
				await this.cancel(config);
	}

	/** The node as Deploy would save it. */
	saved(id: string): Promise<SavedNode> {
		return this.page.evaluate(
			(wanted) =>
				JSON.parse(
					JSON.stringify(
						RED.nodes
							.createCompleteNodeSet({ credentials: false })
							.find((node: { id: string }) => node.id === wanted),
					),
				),
			id,
		);
	}

	/** Whether the editor holds the node for complete, and the reasons it shows. */
	validity(id: string): Promise<{ valid: boolean; reasons: string[] }> {
		return this.page.evaluate((wanted) => {
			const node = RED.nodes.node(wanted);
			RED.editor.validateNode(node);
			return {
				valid: Boolean(node.valid),
				reasons: (node.validationErrors ?? []).map((reason: unknown) => String(reason)),
			};
		}, id);
	}

	isDirty(): Promise<boolean> {
		return this.page.evaluate(() => Boolean(RED.nodes.dirty()));
	}

	/** Presses Deploy, confirms what the editor asks, and waits for the server. */
	async deploy(): Promise<void> {
		const answered = this.page.waitForResponse(
			(response) => response.url().endsWith('/flows') && response.request().method() === 'POST',
		);
		await this.page.locator('#red-ui-header-button-deploy').click();
		const asked = this.page.locator('.red-ui-notification button.primary');
		const first = await Promise.race([
			answered.then(() => 'answered'),
			asked
				.first()
				.waitFor({ timeout: 60_000 })
				.then(
					() => 'asked',
					() => 'answered',
				),
		]);
		if (first === 'asked') await asked.first().click();
		const response = await answered;
		if (!response.ok()) throw new Error(`Deploy answered ${response.status()}.`);
		await this.page.waitForFunction(() => RED.nodes.dirty() === false);
	}

	/** Sets a typedInput as a person does who picks a type and types a value. */
	async type(property: string, value: string, type?: string): Promise<void> {
		await this.page.evaluate(
			([name, text, kind]) => {
				const field = (window as any).$(`#node-input-${name}, #node-config-input-${name}`);
				if (kind !== undefined) field.typedInput('type', kind);
				field.typedInput('value', text);
			},
			[property, value, type] as const,
		);
	}

	/** Switches between the light and the dark theme. */
	async theme(dark: boolean): Promise<void> {
		await this.page.evaluate((on) => document.documentElement.classList.toggle('nr-theme-dark', on), dark);
	}

	/**
	 * Serious and critical faults axe-core finds in the topmost form; what belongs to the editor itself is left out.
	 */
	async accessibilityFaults(): Promise<Fault[]> {
		const { page } = this;
		if (!(await page.evaluate(() => 'axe' in window)))
			await page.addScriptTag({
				content: fs.readFileSync(path.join(root, 'node_modules', 'axe-core', 'axe.min.js'), 'utf8'),
			});
		return page.evaluate(async () => {
			const form = Array.from(
				document.querySelectorAll('.red-ui-tray #dialog-form, .red-ui-tray #node-config-dialog-edit-form'),
			).at(-1);
			const { violations } = await axe.run(
				{
					include: form,
					exclude: [['#red-ui-trap-user'], ['#red-ui-trap-username'], ['#red-ui-trap-password']],
				},
				{ resultTypes: ['violations'] },
			);
			const faults: Fault[] = [];
			for (const violation of violations) {
				if (violation.impact !== 'serious' && violation.impact !== 'critical') continue;
				for (const node of violation.nodes)
					faults.push({
						rule: violation.id,
						impact: violation.impact,
						target: `${node.target.join(' ')} ${node.html.slice(0, 160)}`,
						help: violation.help,
					});
			}
			return faults;
		});
	}

	close(): Promise<void> {
		return this.browser.close();
	}
}
