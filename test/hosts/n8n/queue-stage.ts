/**
 * n8n's queue mode for real: PostgreSQL, Redis, a main process, two workers and a webhook processor, all with the packed
 * package. One such stage serves all test files of a run; each leaves two workers behind.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { accountData, clientTools, hostTools, openSimulator, SECRETS, type N8n, type Stage } from './stage';

interface Service {
	port: number;
	stop(): Promise<void>;
}

interface Services {
	startRedis(): Promise<Service>;
	startPostgres(): Promise<Service & { user: string; database: string }>;
}

/** `n8n` of the stage is the webhook processor, which Exotel talks to. */
export interface Queue extends Stage {
	main: N8n;
	workers: N8n[];
	startWorker(): Promise<void>;
	/** Kills the workers in the middle of their work. */
	killWorkers(): Promise<void>;
	/** Kills the workers, and stops the main process and the webhook processor. */
	stopAll(): Promise<void>;
	/** Starts them again on their ports. */
	startAll(): Promise<void>;
}

const WORKERS = 2;

async function openQueue(): Promise<Queue> {
	const services = (await import(
		pathToFileURL(path.resolve(__dirname, '..', '..', '..', 'tools', 'n8n', 'services.mjs')).href
	)) as Services;
	const host = await hostTools();
	const { connect, until } = await clientTools();
	const closing: (() => Promise<unknown>)[] = [];
	const closeAll = async (): Promise<void> => {
		for (const stop of closing.splice(0).reverse()) await stop();
	};
	try {
		const redis = await services.startRedis();
		closing.push(() => redis.stop());
		const postgres = await services.startPostgres();
		closing.push(() => postgres.stop());
		const simulator = await openSimulator();
		closing.push(() => simulator.close());
		const installed = await host.scratchUserFolder();
		const folders = `${installed}-of-each`;
		closing.push(async () => {
			for (const folder of [installed, folders]) await fs.rm(folder, { recursive: true, force: true });
		});

		const mainPort = await host.freePort();
		const processorPort = await host.freePort();
		const url = `http://127.0.0.1:${processorPort}`;
		const environment = {
			EXECUTIONS_MODE: 'queue',
			QUEUE_BULL_REDIS_HOST: '127.0.0.1',
			QUEUE_BULL_REDIS_PORT: String(redis.port),
			QUEUE_HEALTH_CHECK_ACTIVE: 'true',
			// n8n 1 ran the job of a dead worker again, as often as this says. A setting left over from it must ring nobody.
			QUEUE_WORKER_MAX_STALLED_COUNT: '5',
			DB_TYPE: 'postgresdb',
			DB_POSTGRESDB_HOST: '127.0.0.1',
			DB_POSTGRESDB_PORT: String(postgres.port),
			DB_POSTGRESDB_DATABASE: postgres.database,
			DB_POSTGRESDB_USER: postgres.user,
			N8N_DEFAULT_BINARY_DATA_MODE: 'database',
		};
		// Each process has its own folder, as in a container: from a log of executions in a common one a process that
		// starts would conclude that those of the others crashed.
		const startProcess = async (command: string[], port: number): Promise<N8n> => {
			const userFolder = path.join(folders, `${command[0]}-${port}`);
			await fs.cp(installed, userFolder, { recursive: true });
			const started = await host.startN8n({
				userFolder,
				command,
				port,
				url,
				environment: { ...environment, QUEUE_HEALTH_CHECK_PORT: String(port) },
			});
			closing.push(() => started.stop());
			return started;
		};
		let workers: N8n[] = [];
		const startWorker = async (): Promise<void> => {
			workers.push(await startProcess(['worker', '--concurrency=5'], await host.freePort()));
		};
		const startWorkers = (): Promise<void[]> => Promise.all(Array.from({ length: WORKERS }, startWorker));
		// The main process creates the tables; the others find them.
		let main = await startProcess(['start'], mainPort);
		let [processor] = await Promise.all([startProcess(['webhook'], processorPort), startWorkers()]);
		let client = await connect(main.url);
		const account = await client.createCredential(
			'exotelVoiceApi',
			'Exotel in queue mode',
			accountData(simulator.url),
		);
		const token = await client.createCredential('exotelWebhookTokenApi', 'Token in queue mode', {
			token: SECRETS.webhookToken,
		});
		const killWorkers = async (): Promise<void> => {
			await Promise.all(workers.map((worker) => worker.stop('SIGKILL')));
			workers = [];
		};
		return {
			simulator,
			account,
			token,
			get client() {
				return client;
			},
			get n8n() {
				return processor;
			},
			get main() {
				return main;
			},
			get workers() {
				return workers;
			},
			startWorker,
			killWorkers,
			async stopAll() {
				await killWorkers();
				await Promise.all([main.stop(), processor.stop()]);
			},
			async startAll() {
				[main, processor] = await Promise.all([
					startProcess(['start'], mainPort),
					startProcess(['webhook'], processorPort),
					startWorkers(),
				]);
				client = await connect(main.url);
			},
			restart: () => Promise.reject(new Error('not here')),
			live: async (workflow) => {
				const stored = await client.createWorkflow(workflow);
				await client.publish(stored);
				return stored;
			},
			hit: async (method, pathOrUrl, options = {}) => {
				const response = await fetch(pathOrUrl.startsWith('http') ? pathOrUrl : `${url}${pathOrUrl}`, {
					method,
					redirect: 'manual',
					signal: AbortSignal.timeout(30_000),
					...options,
				});
				return { status: response.status, text: await response.text(), headers: response.headers };
			},
			until,
			close: closeAll,
		};
	} catch (error) {
		await closeAll();
		throw error;
	}
}

let shared: Promise<Queue> | null = null;

/** The one stage of this run. */
export function sharedQueue(): Promise<Queue> {
	shared ??= openQueue();
	return shared;
}

after(async function () {
	this.timeout(120_000);
	await (await shared?.catch(() => null))?.close();
});
