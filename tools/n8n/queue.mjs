/**
 * n8n's queue mode for real: PostgreSQL, Redis, a main process, webhook processors and workers, all with the packed
 * package. Used by the tests and by the benchmark.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import { freePort, scratchUserFolder, startN8n } from './host.mjs';
import { startPostgres, startRedis } from './services.mjs';

/** @typedef {Awaited<ReturnType<typeof startN8n>>} N8n */

/**
 * Starts everything but workers.
 *
 * @param {{ processors?: number, environment?: Record<string, string>, prepare?: (userFolder: string) =>
 *   Promise<void> }} options how many webhook processors, 1 by default; further environment of every process; what
 *   else the user folder of every process holds
 * @returns {Promise<{ redis: Awaited<ReturnType<typeof startRedis>>, postgres: Awaited<ReturnType<typeof startPostgres>>,
 *   main: N8n, processors: N8n[], workers: N8n[], startProcess(command: string[], port?: number): Promise<N8n>,
 *   startWorker(): Promise<N8n>, stop(): Promise<void> }>} the first webhook processor is where Exotel reaches n8n
 */
export async function startQueue({ processors: count = 1, environment: further = {}, prepare } = {}) {
	const closing = [];
	const stop = async () => {
		for (const close of closing.splice(0).reverse()) await close();
	};
	try {
		const redis = await startRedis();
		closing.push(() => redis.stop());
		const postgres = await startPostgres();
		closing.push(() => postgres.stop());
		const installed = await scratchUserFolder();
		await prepare?.(installed);
		const folders = `${installed}-of-each`;
		closing.push(async () => {
			for (const folder of [installed, folders]) await fs.rm(folder, { recursive: true, force: true });
		});

		const ports = [];
		for (let index = 0; index < count; index += 1) ports.push(await freePort());
		const environment = {
			EXECUTIONS_MODE: 'queue',
			QUEUE_BULL_REDIS_HOST: '127.0.0.1',
			QUEUE_BULL_REDIS_PORT: String(redis.port),
			QUEUE_HEALTH_CHECK_ACTIVE: 'true',
			DB_TYPE: 'postgresdb',
			DB_POSTGRESDB_HOST: '127.0.0.1',
			DB_POSTGRESDB_PORT: String(postgres.port),
			DB_POSTGRESDB_DATABASE: postgres.database,
			DB_POSTGRESDB_USER: postgres.user,
			N8N_DEFAULT_BINARY_DATA_MODE: 'database',
			...further,
		};
		const startProcess = async (command, port) => {
			const listen = port ?? (await freePort());
			// As in a container of its own: what a process finds there of another one it takes for its own crash.
			const userFolder = path.join(folders, `${command[0]}-${listen}`);
			await fs.cp(installed, userFolder, { recursive: true, verbatimSymlinks: true });
			const started = await startN8n({
				userFolder,
				command,
				port: listen,
				url: `http://127.0.0.1:${ports[0]}`,
				environment: { ...environment, QUEUE_HEALTH_CHECK_PORT: String(listen) },
			});
			closing.push(() => started.stop());
			return started;
		};
		// The main process creates the tables; the others find them.
		const main = await startProcess(['start']);
		const processors = await Promise.all(ports.map((port) => startProcess(['webhook'], port)));
		const workers = [];
		const startWorker = async () => {
			const worker = await startProcess(['worker', '--concurrency=5']);
			workers.push(worker);
			return worker;
		};
		return { redis, postgres, main, processors, workers, startProcess, startWorker, stop };
	} catch (error) {
		await stop();
		throw error;
	}
}
