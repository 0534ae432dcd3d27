/**
 * The stage of the tests on a real n8n: Exotel's simulator and n8n with the packed package in its nodes folder, driven
 * over REST and the real webhook addresses. One stage serves all test files of a run; every secret on it is a known
 * word, so that a test can look for it in everything n8n lets out.
 */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import canaries from '../canaries.json';
import '../fresh-connections';
import { startSimulator, type SimulatorOptions } from '../../../simulator/index';
import type { CredentialReference, Workflow } from './workflows';

const root = path.resolve(__dirname, '..', '..', '..');

/** A running n8n process, as tools/n8n/host.mjs hands it out. */
export interface N8n {
	url: string;
	port: number;
	pid: number;
	log(): string;
	exited: Promise<number | null>;
	stop(signal?: NodeJS.Signals): Promise<void>;
}

export interface StartOptions {
	userFolder: string;
	command?: string[];
	port?: number;
	url?: string;
	environment?: Record<string, string>;
}

export interface Stored {
	id: string;
	versionId: string;
}

export interface Execution {
	id: string;
	status: string;
	waitTill: string | null;
	runData: Record<
		string,
		{
			executionStatus: string;
			error?: { message: string };
			hints?: { message: string }[];
			data?: {
				main?: (
					| {
							json: Json;
							binary?: Record<
								string,
								{ id?: string; data?: string; mimeType: string; fileName?: string; fileSize?: string }
							>;
							pairedItem?: unknown;
					  }[]
					| null
				)[];
			};
		}[]
	>;
	error?: {
		message: string;
		description?: string | null;
		failure?: { cause: string };
		context?: { itemIndex?: number };
		httpCode?: string;
	};
}

// The tests reach into what n8n stored; its shape is n8n's.
export type Json = Record<string, any>;

export interface Client {
	url: string;
	cookie: string;
	request(method: string, resource: string, body?: unknown): Promise<Json>;
	createCredential(type: string, name: string, data: Json): Promise<CredentialReference>;
	testCredential(
		type: string,
		credential: CredentialReference,
		data: Json,
	): Promise<{ status: string; message: string }>;
	createWorkflow(workflow: Workflow): Promise<Stored>;
	publish(workflow: Stored): Promise<void>;
	unpublish(workflow: Stored): Promise<void>;
	executions(workflow: Stored): Promise<{ id: string; status: string }[]>;
	execution(id: string): Promise<Execution>;
	waitForExecution(
		workflow: Stored,
		states?: string[],
		options?: { newerThan?: string; seconds?: number },
	): Promise<Execution>;
}

interface HostTools {
	startN8n(options: StartOptions): Promise<N8n>;
	scratchUserFolder(): Promise<string>;
	freePort(): Promise<number>;
}

interface ClientTools {
	connect(url: string): Promise<Client>;
	until(isSo: () => Promise<boolean> | boolean, description: string, seconds?: number): Promise<void>;
}

const tool = <Tools>(name: string): Promise<Tools> =>
	import(pathToFileURL(path.join(root, 'tools', 'n8n', name)).href) as Promise<Tools>;
export const hostTools = (): Promise<HostTools> => tool('host.mjs');
export const clientTools = (): Promise<ClientTools> => tool('client.mjs');

const { apiKey, apiToken, webhookToken, previousToken } = canaries.secrets;
export const SECRETS = { apiKey, apiToken, webhookToken, previousToken };
export const SID = 'stage1';
export const EXO_PHONE = '08047112345';

export type Simulator = Awaited<ReturnType<typeof startSimulator>>;

/** The simulator every stage has. `speed` is in simulated seconds per real second. */
export async function openSimulator(speed = 20, options: SimulatorOptions = {}): Promise<Simulator> {
	return await startSimulator({
		port: 0,
		speed,
		seed: 7,
		callsPerMinute: 0,
		accounts: [{ sid: SID, key: SECRETS.apiKey, token: SECRETS.apiToken }],
		...options,
	});
}

/** What the account credential holds on a stage. */
export const accountData = (simulatorUrl: string): Json => ({
	region: 'custom',
	baseUrl: simulatorUrl,
	sid: SID,
	apiKey: SECRETS.apiKey,
	apiToken: SECRETS.apiToken,
	timeZone: 'Asia/Kolkata',
	defaultCountry: 'IN',
});

export interface Stage {
	simulator: Simulator;
	client: Client;
	n8n: N8n;
	account: CredentialReference;
	token: CredentialReference;
	/** Stops n8n and starts it again on the same data and port. */
	restart(): Promise<void>;
	/** Publishes a new workflow. */
	live(workflow: Workflow): Promise<Stored>;
	/** Sends one request to n8n's public side. */
	hit(
		method: string,
		pathOrUrl: string,
		options?: { headers?: Record<string, string>; body?: BodyInit },
	): Promise<{ status: number; text: string; headers: Headers }>;
	until(isSo: () => Promise<boolean> | boolean, description: string, seconds?: number): Promise<void>;
	close(): Promise<void>;
}

/** A stage whose n8n is one process on SQLite. */
export interface SqliteStage extends Stage {
	/** The file of the database. */
	database: string;
}

/** How a test reaches n8n, as it is now: through its API, and from outside. */
export function reaching(now: () => { client: Client; url: string }): Pick<Stage, 'live' | 'hit'> {
	return {
		live: async (workflow) => {
			const { client } = now();
			const stored = await client.createWorkflow(workflow);
			await client.publish(stored);
			return stored;
		},
		hit: async (method, pathOrUrl, options = {}) => {
			const url = pathOrUrl.startsWith('http') ? pathOrUrl : `${now().url}${pathOrUrl}`;
			const response = await fetch(url, {
				method,
				redirect: 'manual',
				signal: AbortSignal.timeout(30_000),
				...options,
			});
			return { status: response.status, text: await response.text(), headers: response.headers };
		},
	};
}

/** Sets a stage up: n8n in one process, on SQLite, with further environment variables. */
export async function openStage(environment: Record<string, string> = {}): Promise<SqliteStage> {
	const host = await hostTools();
	const { connect, until } = await clientTools();
	const simulator = await openSimulator();
	const userFolder = await host.scratchUserFolder();
	let n8n = await host.startN8n({ userFolder, environment });
	let client = await connect(n8n.url);
	const account = await client.createCredential('exotelVoiceApi', 'Exotel on the stage', accountData(simulator.url));
	const token = await client.createCredential('exotelWebhookTokenApi', 'Webhook token on the stage', {
		token: SECRETS.webhookToken,
		previousToken: SECRETS.previousToken,
	});

	return {
		simulator,
		account,
		token,
		database: path.join(userFolder, '.n8n', 'database.sqlite'),
		get client() {
			return client;
		},
		get n8n() {
			return n8n;
		},
		restart: async () => {
			const { port } = n8n;
			await n8n.stop();
			n8n = await host.startN8n({ userFolder, port, environment });
			client = await connect(n8n.url);
		},
		...reaching(() => ({ client, url: n8n.url })),
		until,
		close: async () => {
			await n8n.stop();
			await simulator.close();
			await fs.rm(userFolder, { recursive: true, force: true });
		},
	};
}

let shared: Promise<SqliteStage> | null = null;

/** The one stage of this run: n8n takes a quarter of a minute to start. */
export function sharedStage(): Promise<SqliteStage> {
	shared ??= openStage();
	return shared;
}

after(async function () {
	this.timeout(60_000);
	await (await shared)?.close();
});

/** Changes a SQLite database that n8n uses. Its types are those of a newer Node.js than the oldest one supported. */
export function changeDatabase(file: string, sql: string): void {
	const program = `
		const database = new (require('node:sqlite').DatabaseSync)(process.argv[1], { timeout: 5_000 });
		database.exec(process.argv[2]);
		database.close();`;
	execFileSync(process.execPath, ['-e', program, file, sql]);
}

/** Until `DROP TRIGGER full` n8n can store no run. */
export const refusedRuns =
	"CREATE TRIGGER full BEFORE INSERT ON execution_entity BEGIN SELECT RAISE(FAIL, 'disk full'); END";
