/**
 * The stage of the tests on real hosts: Exotel's simulator, real Node-RED processes with the packed package, and the
 * sink their flows report to. Every secret on the stage is a known word, so that a test can look for it in everything
 * the hosts let out.
 */
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import canaries from '../canaries.json';
import '../fresh-connections';
import { startSimulator, type SimulatorOptions } from '../../../simulator/index';
import { openSink, type Sink } from './sink';

const root = path.resolve(__dirname, '..', '..', '..');

/** A running Node-RED process, as tools/hosts/node-red.mjs hands it out. */
export interface NodeRed {
	url: string;
	port: number;
	process: import('node:child_process').ChildProcess;
	log(): string;
	exited: Promise<number | null>;
	waitForLog(text: string, after?: number): Promise<void>;
	stop(): Promise<void>;
}

export interface StartOptions {
	version?: 4 | 5;
	userDir?: string;
	port?: number;
	/** Further properties of settings.js, as text. */
	settings?: string;
	/** Further variables of its environment. */
	environment?: Record<string, string>;
}

export type FlowNode = Record<string, unknown> & { id: string; type: string };
export type DeployType = 'full' | 'flows' | 'nodes';

interface Hosts {
	scratchUserDir(): Promise<string>;
	startNodeRed(options: StartOptions & { userDir: string }): Promise<NodeRed>;
	deploy(
		nodeRed: NodeRed,
		flows: FlowNode[],
		options?: { credentials?: Record<string, Record<string, string>>; type?: DeployType; adminRoot?: string },
	): Promise<{ rev: string }>;
	freePort(): Promise<number>;
}

const hosts = (): Promise<Hosts> =>
	import(pathToFileURL(path.join(root, 'tools', 'hosts', 'node-red.mjs')).href) as Promise<Hosts>;

/** The account every flow on the stage uses. The words are looked for by the tests on secrets. */
const { apiKey, apiToken, webhookToken } = canaries.secrets;
export const SECRETS = { apiKey, apiToken, webhookToken };
export const SID = 'stage1';
export const EXO_PHONE = '08047112345';

/** Installing takes seconds; every further user directory of a run is a copy of the first. */
let template: Promise<string> | null = null;

/** A user directory with the packed package in it. */
export async function userDirectory(): Promise<string> {
	template ??= hosts().then((host) => host.scratchUserDir());
	const copy = await fs.mkdtemp(path.join(os.tmpdir(), 'exonodes-user-'));
	await fs.cp(await template, copy, { recursive: true, verbatimSymlinks: true });
	return copy;
}

export type Simulator = Awaited<ReturnType<typeof startSimulator>>;

export interface Stage {
	simulator: Simulator;
	sink: Sink;
	/** Starts a Node-RED process; it is stopped, and its user directory removed, with the stage. */
	start(options?: StartOptions): Promise<NodeRed & { userDir: string }>;
	/**
	 * Deploys with the stage's credentials, and `more` of them, for every account node; without its webhook token when
	 * that is false.
	 */
	deploy(
		nodeRed: NodeRed,
		flows: FlowNode[],
		options?: { type?: DeployType; adminRoot?: string; webhookToken?: boolean; more?: Record<string, string> },
	): Promise<void>;
	/**
	 * Ends the simulator and starts another one at the same address: with the data of the last one where the stage has a
	 * data file, unless `dataFile` is false.
	 */
	restartSimulator(options?: { dataFile?: boolean; seed?: number }): Promise<void>;
	/** Asks the simulator's control interface. */
	control(method: string, below: string, body?: unknown): Promise<any>;
	close(): Promise<void>;
}

export interface StageOptions {
	/** Of the simulator: simulated seconds in one real second. */
	speed?: number;
	/** The simulator keeps its data in a file, and its seed is random. */
	dataFile?: boolean;
}

const IST_OFFSET_MS = 19_800_000;
const DAY_MS = 86_400_000;

/** Half an hour ago, but today in India: a clock that runs ahead then does not reach tomorrow while the tests run. */
function earlierToday(): number {
	const midnight = Math.floor((Date.now() + IST_OFFSET_MS) / DAY_MS) * DAY_MS - IST_OFFSET_MS;
	return Math.max(midnight, Date.now() - 1_800_000);
}

/** Sets the stage up. */
export async function openStage({ speed = 20, dataFile = false }: StageOptions = {}): Promise<Stage> {
	const host = await hosts();
	const sink = await openSink();
	const data = dataFile ? await fs.mkdtemp(path.join(os.tmpdir(), 'exonodes-data-')) : null;
	const open = (options: SimulatorOptions): Promise<Simulator> =>
		startSimulator({
			speed,
			callsPerMinute: 0,
			accounts: [{ sid: SID, key: SECRETS.apiKey, token: SECRETS.apiToken }],
			...options,
		});
	const kept = data === null ? {} : { dataFile: path.join(data, 'simulator.json') };
	let simulator = await open(data === null ? { port: 0, seed: 7 } : { port: 0, ...kept, startTime: earlierToday() });
	const running: (() => Promise<void>)[] = [];

	return {
		get simulator() {
			return simulator;
		},
		sink,
		restartSimulator: async ({ dataFile: keeps = dataFile, seed } = {}) => {
			const { port } = simulator;
			await simulator.close();
			simulator = await open({ port, seed, ...(keeps ? kept : { startTime: earlierToday() }) });
		},
		start: async (options = {}) => {
			const userDir = options.userDir ?? (await userDirectory());
			const nodeRed = await host.startNodeRed({ ...options, userDir });
			running.push(async () => {
				await nodeRed.stop();
				await fs.rm(userDir, { recursive: true, force: true });
			});
			return { ...nodeRed, userDir };
		},
		deploy: async (nodeRed, flows, { webhookToken = true, more, ...options } = {}) => {
			const secrets = { ...SECRETS, ...more, ...(!webhookToken && { webhookToken: '' }) };
			const credentials = Object.fromEntries(
				flows.filter((node) => node.type === 'exotel-account').map((node) => [node.id, secrets]),
			);
			await host.deploy(nodeRed, flows, { credentials, ...options });
		},
		control: async (method, below, body) => {
			const response = await fetch(`${simulator.url}/_simulator/api/${below}`, {
				method,
				headers: { 'content-type': 'application/json' },
				...(body === undefined ? {} : { body: JSON.stringify(body) }),
			});
			if (!response.ok) throw new Error(`${method} ${below}: ${response.status} ${await response.text()}`);
			return response.json();
		},
		close: async () => {
			for (const stop of running.reverse()) await stop();
			await simulator.close();
			await sink.close();
			if (data !== null) await fs.rm(data, { recursive: true });
		},
	};
}

/** A port nobody listens on. */
export const freePort = async (): Promise<number> => (await hosts()).freePort();

/** Presses the button of an inject node. */
export async function press(nodeRed: NodeRed, id: string, adminRoot = ''): Promise<void> {
	const response = await fetch(`${nodeRed.url}${adminRoot}/inject/${id}`, { method: 'POST' });
	if (!response.ok) throw new Error(`Pressing ${id} answered ${response.status}.`);
}

/**
 * Resolves when `holds` gives something; for what has no event to wait for. Patience is far above what a loaded machine
 * needs.
 */
export async function eventually<Found>(
	holds: () => Promise<Found | null | undefined | false>,
	what: string,
): Promise<Found> {
	const until = Date.now() + 90_000;
	for (;;) {
		const found = await holds();
		if (found) return found;
		if (Date.now() > until) throw new Error(`This never happened: ${what}.`);
		await new Promise((resolve) => setTimeout(resolve, 100));
	}
}
