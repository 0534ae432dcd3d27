/**
 * A stage for tests of the simulator's page: a real simulator, somebody's server that its callbacks and questions go
 * to, and the page in Chromium. Every error of the page and every request it makes is kept; `faults()` says what is
 * wrong with them.
 */
import { readFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { launchChromium } from '../chromium';
import '../fresh-connections';
import { startSimulator, type Simulator, type SimulatorOptions } from '../../../simulator/index';
import { must } from '../../simulator/must';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** What somebody's server answers; default 200 `ok`. */
export interface ServerAnswer {
	status?: number;
	contentType?: string;
	body?: string;
	/** the answer waits for this */
	after?: Promise<unknown>;
}

/** One serious or critical fault axe-core found. */
export interface Fault {
	rule: string;
	impact: string;
	targets: string[];
}

export class Stage {
	readonly #errors: string[] = [];
	readonly #strangers: string[] = [];

	private constructor(
		readonly simulator: Simulator,
		readonly browser: Browser,
		readonly context: BrowserContext,
		readonly page: Page,
		private readonly server: http.Server,
		/** what somebody's server answers, by path, e.g. `/connect`; may be changed while a test runs */
		readonly answers: Map<string, ServerAnswer>,
	) {
		page.on('pageerror', (error) => this.#errors.push(error.message));
		page.on('console', (line) => {
			if (line.type() === 'error' || line.type() === 'warning')
				this.#errors.push(`${line.text()} ${line.location().url}`);
		});
		context.on('request', (request) => {
			if (!request.url().startsWith(`${simulator.url}/`)) this.#strangers.push(request.url());
		});
	}

	/** Starts everything; the clock stands still unless the options say otherwise. */
	static async open(options: SimulatorOptions = {}, look: BrowserContextOptions = {}): Promise<Stage> {
		const answers = new Map<string, ServerAnswer>();
		const server = http.createServer(async (request, response) => {
			request.resume();
			const {
				status = 200,
				contentType = 'text/plain',
				body = 'ok',
				after,
			} = answers.get(must((request.url ?? '').split('?')[0])) ?? {};
			await after;
			response.writeHead(status, { 'Content-Type': contentType }).end(body);
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const simulator = await startSimulator({
			port: 0,
			speed: 0,
			startTime: '2026-11-21T09:30:00+05:30',
			callsPerMinute: 0,
			...options,
		});
		const browser = await launchChromium();
		const context = await browser.newContext({
			viewport: { width: 1280, height: 860 },
			reducedMotion: 'reduce',
			...look,
		});
		const page = await context.newPage();
		page.setDefaultTimeout(15_000);
		return new Stage(simulator, browser, context, page, server, answers);
	}

	/** Address of a path on somebody's server. */
	hook(path: string): string {
		return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${path}`;
	}

	/** Opens a view and waits until the page is live. */
	async visit(view = '#/calls'): Promise<void> {
		await this.page.goto(`${this.simulator.url}/_simulator/${view}`);
		await this.page.waitForSelector('#link-state[data-state="live"]');
	}

	/** Places a v1 call with a raw HTTP client; gives the call's SID. */
	async place(fields: Record<string, string> = {}): Promise<string> {
		const response = await fetch(`${this.simulator.url}/v1/Accounts/acme/Calls/connect.json`, {
			method: 'POST',
			headers: { Authorization: `Basic ${Buffer.from('key:token').toString('base64')}` },
			body: new URLSearchParams({ From: '09999900011', To: '09812345678', CallerId: '08047115777', ...fields }),
		});
		const answer = (await response.json()) as { Call: { Sid: string } };
		return answer.Call.Sid;
	}

	/** The control API's answer. */
	async control(path: string): Promise<any> {
		return (await fetch(`${this.simulator.url}/_simulator/api/${path}`)).json();
	}

	/** Serious and critical faults in what is on the screen. */
	async accessibilityFaults(): Promise<Fault[]> {
		await this.page.evaluate(AXE);
		return this.page.evaluate(`axe.run().then(({ violations }) => violations
			.filter(({ impact }) => impact === 'serious' || impact === 'critical')
			.map(({ id, impact, nodes }) => ({ rule: id, impact, targets: nodes.map((node) => node.target.join(' ') + ' ' + (node.any[0]?.message ?? '')) })))`);
	}

	/** Errors of the page and requests to other hosts; empty if all is well. */
	faults(): string[] {
		return [...this.#errors, ...this.#strangers.map((url) => `request to another host: ${url}`)];
	}

	async close(): Promise<void> {
		await this.browser.close();
		await this.simulator.close();
		this.server.closeAllConnections();
		await new Promise((resolve) => this.server.close(resolve));
	}
}
