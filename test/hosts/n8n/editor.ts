/**
 * Drives the real n8n editor in Chromium the way a person does: pick a node in the panel, make a credential in its
 * dialog, fill in the form, choose from lists, execute, read the output. Every error of the page is kept.
 */
import type { Browser, Locator, Page } from 'playwright-core';
import { launchChromium } from '../chromium';
import { takePicture, takesPictures } from '../pictures';
import type { Client, Stored } from './stage';

/** Removes all credentials: with one at hand the editor would choose that and not offer to make another. */
export async function forgetCredentials(client: Client): Promise<void> {
	const all = (await client.request('GET', '/rest/credentials')) as unknown as { id: string }[];
	for (const { id } of all) await client.request('DELETE', `/rest/credentials/${id}`);
}

export class Editor {
	readonly errors: string[] = [];

	private constructor(
		private readonly browser: Browser,
		readonly page: Page,
		private readonly url: string,
		private readonly theme: string,
	) {
		page.on('pageerror', (error) => this.errors.push(String(error)));
	}

	/** Opens a browser and signs in as the owner of the stage. */
	static async open(url: string, theme: 'light' | 'dark'): Promise<Editor> {
		const browser = await launchChromium();
		const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme: theme });
		page.setDefaultTimeout(60_000);
		const editor = new Editor(browser, page, url, theme);
		await page.goto(`${url}/signin`);
		await page.fill('input[type=email]', 'owner@example.com');
		await page.fill('input[type=password]', 'Exonodes-2026');
		await page.keyboard.press('Enter');
		await page.waitForURL((address) => !address.pathname.includes('signin'));
		return editor;
	}

	async close(): Promise<void> {
		await this.browser.close();
	}

	/** n8n's own handle of a part of the page. */
	part(id: string): Locator {
		return this.page.locator(`[data-test-id="${id}"]`);
	}

	/** Turns a switch of the form. */
	async toggle(parameter: string): Promise<void> {
		await this.part(`parameter-input-${parameter}`).locator('.el-switch, [role=switch]').first().click();
	}

	async newWorkflow(): Promise<void> {
		await this.page.goto(`${this.url}/workflow/new`);
		await this.part('node-creator-plus-button').waitFor();
		// A hint about a shortcut lies over the button at the first visit.
		await this.page
			.getByRole('button', { name: 'Got it' })
			.click({ timeout: 3_000 })
			.catch(() => {});
	}

	async openWorkflow(id: string): Promise<void> {
		await this.page.goto(`${this.url}/workflow/${id}`);
		await this.part('canvas-node').first().waitFor();
	}

	/** Imports a file into the open workflow by the entries of its menu (⋯), which the guides name. */
	async importFile(file: string): Promise<void> {
		await this.part('workflow-menu').first().click();
		await this.page.getByRole('menuitem', { name: 'Import', exact: true }).hover();
		const chooser = this.page.waitForEvent('filechooser');
		await this.page.getByRole('menuitem', { name: 'From file', exact: true }).click();
		await (await chooser).setFiles(file);
	}

	/** Looks a node up in the panel and opens what is found there. */
	async find(words: string, node: string): Promise<void> {
		if (!(await this.part('node-creator').isVisible())) await this.part('node-creator-plus-button').click();
		await this.part('node-creator-search-bar').fill(words);
		await this.part('node-creator').getByText(node, { exact: true }).first().waitFor();
	}

	/** Adds a node of one purpose by its "Add to workflow" button, or an action or event by its name. */
	async add(node: string, action?: string): Promise<void> {
		await this.find(node, node);
		await this.part('node-creator').getByText(node, { exact: true }).first().click();
		if (action === undefined) {
			await this.page.getByRole('button', { name: 'Add to workflow' }).click();
		} else {
			const entry = this.part('node-creator').getByText(action, { exact: true });
			const actions = this.page.getByText(/^Actions \(\d+\)/);
			await actions.or(entry).first().waitFor();
			if (!(await entry.isVisible())) await actions.click();
			await entry.click();
		}
		await this.part('ndv').waitFor();
	}

	/** Fills a text field of the open form. */
	async fill(name: string, text: string): Promise<void> {
		await this.part(`parameter-input-${name}`).locator('input').first().fill(text);
	}

	/** Chooses from a drop-down of the open form. */
	async choose(name: string, option: string): Promise<void> {
		await this.part(`parameter-input-${name}`).click();
		await this.page.getByText(option, { exact: true }).last().click();
	}

	async closeNode(): Promise<void> {
		await this.part('ndv-close-button').click();
		await this.part('ndv').waitFor({ state: 'hidden' });
	}

	/** Makes a credential from the button in the open node, and waits until n8n has tested it. */
	async makeCredential(values: Record<string, string>, region?: string): Promise<void> {
		await this.part('node-credentials-slot')
			.getByText(/^Connect to/)
			.click();
		await this.part('credential-save-button').waitFor();
		if (region !== undefined) await this.choose('region', region);
		for (const [name, text] of Object.entries(values)) await this.fill(name, text);
	}

	async saveCredential(): Promise<void> {
		await this.part('credential-save-button').click();
		await this.part('node-credentials-select').first().waitFor();
	}

	/** Picks an entry of a resource locator's list. */
	async pick(name: string, entry: RegExp): Promise<void> {
		await this.part(`resource-locator-${name}`).locator('[data-test-id="rlc-input"]').click();
		await this.page.getByText(entry).first().click();
	}

	/** The production URL that an open trigger shows. */
	async productionUrl(): Promise<string> {
		await this.page.getByText('Webhook URLs').click();
		await this.page.getByText('Production URL', { exact: true }).click();
		const shown = await this.part('ndv').innerText();
		return /https?:\/\/\S+\/webhook\/\S+/.exec(shown)?.[0] ?? '';
	}

	/** Adds an option to the open form and fills it in. */
	async option(label: string, name: string, text: string): Promise<void> {
		await this.part('collection-parameter-add').click();
		await this.part('collection-parameter-option').getByText(label, { exact: true }).click();
		await this.fill(name, text);
	}

	/** The id of the open workflow; `new` until n8n has saved it by itself. */
	workflowId(): string {
		return /\/workflow\/(\w+)/.exec(this.page.url())?.[1] ?? '';
	}

	/** Publishes the open workflow, which n8n has to have saved before. */
	async publish(): Promise<Stored> {
		await this.part('workflow-open-publish-modal-button').click();
		const answered = this.page.waitForResponse(
			(response) => response.request().method() === 'POST' && response.url().endsWith('/activate'),
		);
		await this.part('workflow-publish-button').click();
		const text = await (await answered).text();
		const { data } = JSON.parse(text) as { data?: Stored };
		if (data === undefined) throw new Error(`n8n did not publish: ${text}`);
		return { id: this.workflowId(), versionId: data.versionId };
	}

	/** A picture of the page under docs/, when pictures are to be taken. */
	async picture(name: string): Promise<void> {
		if (!takesPictures) return;
		// Notices about what was saved would lie over the picture.
		for (const button of await this.page.locator('.el-notification__closeBtn').all())
			await button.click({ timeout: 2_000 }).catch(() => {});
		await this.page.waitForTimeout(700);
		await takePicture(this.page, `n8n/${name}-${this.theme}`);
	}
}
