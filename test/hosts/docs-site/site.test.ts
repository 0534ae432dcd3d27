/**
 * The documentation site as a reader has it, in Chromium: built by `npm run docs`, then searched, followed from errors,
 * read on a phone, in the dark and by axe. Nothing is fetched from another host.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { helpAddress, helpByKind } from '../../../exotel/errors';
import { read, root } from '../../house/pages';
import { launchChromium } from '../chromium';
import { serveSite, type Site } from './server';

const AXE = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const built = path.join(root, 'docs-site', 'dist');
const PHONE = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true };
/** One page of each kind. */
const KINDS = [
	'',
	'docs/troubleshooting',
	'docs/going-live-n8n',
	'docs/n8n',
	'docs/reference/connect-numbers',
	'docs/decisions/',
	'n8n/exotel-call-connect-numbers',
	'node-red/nodes/exotel-make-call',
	'examples/call-and-wait',
];

/** Messages as users see them, and the entry of docs/troubleshooting.md that explains them. */
const MESSAGES = [
	['Exotel did not accept the API key and token (HTTP 401).', '401'],
	['Exotel does not know the account acme1 at api.in.exotel.com (HTTP 404).', 'region'],
	['Exotel refused: User busy (HTTP 409, code 10706)', 'agent-busy'],
	['Exotel received too many requests (HTTP 429). It gave no reason.', '429'],
	['It is not known whether the call was placed (outcome "unknown"): no response came within 15 s.', 'unknown'],
	['There is no Exotel Applet Trigger before this node', 'workflow'],
	['A webhook request with a missing or invalid token was rejected (3 so far).', 'no-token'],
	['The path "calls" is already used by the node "Call events". Choose another path for this node.', 'path'],
	['The flow did not answer within 4 s; the caller got the fallback.', 'applet'],
	['The context store failed (ENOSPC). Calls are tracked in memory until it works again.', 'store'],
] as const;

/** Every page of the site, as its address below the base. */
const pagesOf = (): string[] =>
	fs
		.readdirSync(built, { recursive: true, encoding: 'utf8' })
		.filter((file) => file.endsWith('.html') && file !== '404.html')
		.map((file) =>
			file
				.split(path.sep)
				.join('/')
				.replace(/\.html$/, '')
				.replace(/(^|\/)index$/, '$1'),
		);

/** The heading of a page, without what the generator adds to it. */
const headingOf = (page: string): string =>
	/^# (.+?)(?: \((?:n8n|Node-RED)\))?$/m.exec(fs.readFileSync(path.join(built, `${page}.md`), 'utf8'))?.[1] ?? '';

describe('the documentation site in a browser', function () {
	this.timeout(300_000);
	let site: Site;
	let browser: Browser;
	let page: Page;
	let faults: string[] = [];

	before(async () => {
		const { status, stdout, stderr } = spawnSync(process.execPath, ['tools/docs/build.mjs'], {
			cwd: root,
			encoding: 'utf8',
		});
		assert.equal(status, 0, `${stdout}${stderr}`);
		site = await serveSite(built);
		browser = await launchChromium();
	});
	after(async () => {
		await browser?.close();
		await site?.close();
	});
	afterEach(async () => {
		await page?.context().close();
		assert.deepEqual(faults, []);
	});

	/** A new window in which errors and requests to other hosts are noted. */
	async function open(look: BrowserContextOptions = {}): Promise<void> {
		const context = await browser.newContext({ reducedMotion: 'reduce', ...look });
		page = await context.newPage();
		faults = [];
		page.on('pageerror', (error) => faults.push(error.message));
		page.on('console', (line) => {
			if (line.type() === 'error' || line.type() === 'warning')
				faults.push(`${line.text()} ${line.location().url}`);
		});
		context.on('request', (request) => {
			if (!request.url().startsWith(site.url) && !request.url().startsWith('data:')) faults.push(request.url());
		});
	}

	async function visit(below: string): Promise<void> {
		await page.goto(site.url + encodeURI(below));
		await page.waitForFunction('document.querySelector("#app")?.__vue_app__ !== undefined');
	}

	/** The pages that the search offers for some words, best first. */
	async function found(words: string): Promise<string[]> {
		return (await foundPlaces(words)).map((place) => place.replace(/#.*/, ''));
	}

	/** The same with the headings on these pages. */
	async function foundPlaces(words: string): Promise<string[]> {
		await page.locator('.VPLocalSearchBox input').fill(words);
		await page.waitForTimeout(300);
		await page.locator('.VPLocalSearchBox .result, .VPLocalSearchBox .no-results').first().waitFor();
		const links = await page
			.locator('.VPLocalSearchBox .result')
			.evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href));
		return links.map((link) => decodeURI(link.slice(site.url.length)));
	}

	it('finds each node and each operation by its name', async () => {
		await open();
		await visit('');
		await page.keyboard.press('/');
		await page.locator('.VPLocalSearchBox input').waitFor();
		const wanted = pagesOf().filter((one) => /^(?:n8n|node-red\/nodes)\/./.test(one));
		assert.ok(wanted.length > 25);
		const missed: string[] = [];
		for (const one of wanted) {
			const name = headingOf(one);
			const results = (await found(name)).slice(0, 5);
			if (!results.includes(one)) missed.push(`${name}: ${results.join(', ')}`);
		}
		assert.deepEqual(missed, []);
	});

	it('finds the entry of a message, typed as the nodes show it, among the first three', async () => {
		await open();
		await visit('');
		await page.keyboard.press('/');
		await page.locator('.VPLocalSearchBox input').waitFor();
		const wrong: string[] = [];
		for (const [message, entry] of MESSAGES) {
			const places = (await foundPlaces(message)).slice(0, 3);
			const isFound = places.some(
				(place) => place.replace(/-message-\d+$/, '') === `docs/troubleshooting#${entry}`,
			);
			if (!isFound) wrong.push(`${message}: ${places.join(', ')}`);
		}
		assert.deepEqual(wrong, []);
	});

	it('lands on the entry to which an error leads', async () => {
		await open({ viewport: { width: 1280, height: 800 } });
		const anchors = [...read('docs/troubleshooting.md').matchAll(/<a id="([\w-]+)"><\/a>/g)].map(
			([, id = '']) => id,
		);
		const known = new Set(anchors);
		for (const entry of Object.values(helpByKind)) assert.ok(known.has(entry), helpAddress(entry));
		await visit('docs/troubleshooting');
		for (const anchor of anchors) {
			// As from another page: the page is loaded anew.
			await page.goto('about:blank');
			await visit(`docs/troubleshooting#${anchor}`);
			await page.waitForFunction((id) => {
				const { top = -1 } = document.getElementById(id)?.getBoundingClientRect() ?? {};
				const isAtEnd = window.scrollY + window.innerHeight >= document.documentElement.scrollHeight - 2;
				return top >= 0 && (top < 200 || (isAtEnd && top < window.innerHeight));
			}, anchor);
		}
	});

	it('is never wider than a phone', async () => {
		await open(PHONE);
		const wide: string[] = [];
		for (const one of pagesOf()) {
			await page.goto(site.url + encodeURI(one), { waitUntil: 'load' });
			const [content, window_] = await page.evaluate<[number, number]>(
				'[document.documentElement.scrollWidth, window.innerWidth]',
			);
			if (content > 360 || window_ > 360) wide.push(`${one}: ${content}`);
		}
		assert.deepEqual(wide, []);
	});

	for (const colorScheme of ['light', 'dark'] as const)
		it(`shows the limits on a phone without cutting a table, each cell below its title, ${colorScheme}`, async () => {
			await open({ ...PHONE, viewport: { width: 375, height: 812 }, colorScheme });
			await visit('docs/limits');
			const cut = await page.evaluate<number[]>(
				`[...document.querySelectorAll('.vp-doc table')].map((table) => table.scrollWidth - table.clientWidth)`,
			);
			assert.ok(cut.length > 3);
			assert.deepEqual(new Set(cut), new Set([0]));
			const titles = await page.evaluate<string[]>(
				`[...document.querySelectorAll('.vp-doc table')[1].querySelectorAll('tbody tr:first-child td')]
					.map((cell) => getComputedStyle(cell, '::before').content)`,
			);
			assert.deepEqual(titles, ['"Limit"', '"What it means"', '"Way out"']);
		});

	for (const colorScheme of ['light', 'dark'] as const)
		it(`has no accessibility fault, ${colorScheme}`, async () => {
			const violations = new Set<string>();
			for (const look of [{ colorScheme }, { colorScheme, ...PHONE }]) {
				await open(look);
				for (const one of KINDS) {
					await visit(one);
					const isDark = await page.evaluate('document.documentElement.classList.contains("dark")');
					assert.equal(isDark, colorScheme === 'dark');
					await page.evaluate(AXE);
					const faulty = await page.evaluate<string[]>(`axe.run().then(({ violations }) =>
						violations.map(({ id, nodes: [{ html, any }] }) => id + ': ' + html + ' ' + (any[0]?.message ?? '')))`);
					for (const violation of faulty) violations.add(violation);
				}
				await page.context().close();
			}
			assert.deepEqual([...violations], []);
		});
});
