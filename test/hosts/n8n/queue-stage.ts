/**
 * n8n's queue mode for real: PostgreSQL, Redis, a main process, two workers and a webhook processor, all with the packed
 * package. One such stage serves all test files of a run; each leaves two workers behind.
 */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { accountData, clientTools, openSimulator, reaching, SECRETS, type N8n, type Stage } from './stage';

/** What tools/n8n/queue.mjs starts. */
interface Processes {
	main: N8n;
	processors: [N8n, ...N8n[]];
	workers: N8n[];
	startProcess(command: string[], port?: number): Promise<N8n>;
	startWorker(): Promise<N8n>;
	stop(): Promise<void>;
}

interface QueueTools {
	startQueue(options: { environment: Record<string, string> }): Promise<Processes>;
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
	const { startQueue } = (await import(
		pathToFileURL(path.resolve(__dirname, '..', '..', '..', 'tools', 'n8n', 'queue.mjs')).href
	)) as QueueTools;
	const { connect, until } = await clientTools();
	const simulator = await openSimulator();
	let stop: () => Promise<unknown> = () => Promise.resolve();
	const closeAll = async (): Promise<void> => {
		await stop();
		await simulator.close();
	};
	try {
		const processes = await startQueue({
			// n8n 1 ran the job of a dead worker again, as often as this says. A setting left over from it must ring nobody.
			environment: { QUEUE_WORKER_MAX_STALLED_COUNT: '5' },
		});
		stop = () => processes.stop();
		const { startProcess, startWorker, workers } = processes;
		const startWorkers = (): Promise<N8n[]> => Promise.all(Array.from({ length: WORKERS }, startWorker));
		let {
			main,
			processors: [processor],
		} = processes;
		const ports = { main: main.port, processor: processor.port };
		await startWorkers();
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
			await Promise.all(workers.splice(0).map((worker) => worker.stop('SIGKILL')));
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
			workers,
			async startWorker() {
				await startWorker();
			},
			killWorkers,
			async stopAll() {
				await killWorkers();
				await Promise.all([main.stop(), processor.stop()]);
			},
			async startAll() {
				[main, processor] = await Promise.all([
					startProcess(['start'], ports.main),
					startProcess(['webhook'], ports.processor),
					startWorkers(),
				]);
				client = await connect(main.url);
			},
			restart: () => Promise.reject(new Error('not here')),
			...reaching(() => ({ client, url: processor.url })),
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
