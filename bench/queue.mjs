/**
 * Events a second of a real n8n with the packed package: one process, and queue mode with two webhook processors and 1,
 * 2 and 4 workers on PostgreSQL and Redis, all on this machine, with what each component used of its processors. And
 * the time to the answer of a Connect request in queue mode, against the workflow somebody builds by hand. Needs
 * `npm run pack`.
 */
import fs from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { connect, until } from '../tools/n8n/client.mjs';
import { scratchUserFolder, startN8n } from '../tools/n8n/host.mjs';
import { installedN8n } from '../tools/n8n/install.mjs';
import { startQueue } from '../tools/n8n/queue.mjs';
import { assertQuiet, inTurns, median, ratioOf, rounded } from './measuring.mjs';
import { ROWS, WORKERS } from './passages.mjs';
import { event, installFloor, publishAll, questionRound, sent } from './n8n.mjs';
import { cpuOf } from './processes.mjs';

const ROUNDS = 5;
const EVENTS = 60;
const AT_ONCE = 8;

/** Sends the events to these addresses in turns; resolves when all of them have been answered. */
async function sendAll(urls) {
	let next = 0;
	const lane = async () => {
		while (next < EVENTS) await sent(urls[next++ % urls.length], event());
	};
	await Promise.all(Array.from({ length: AT_ONCE }, lane));
}

/** Milliseconds of CPU time of each component since the last time. */
function meter(components) {
	const last = {};
	return async () => {
		const used = {};
		for (const [name, pids] of Object.entries(components())) {
			const now = (await Promise.all(pids.map((pid) => cpuOf(pid)))).reduce((sum, one) => sum + one, 0);
			used[name] = now - (last[name] ?? 0);
			last[name] = now;
		}
		return used;
	};
}

/** Sends a round of events and waits for their workflows; gives events a second and adds up what was used. */
function measured(urls, ended, used, total) {
	return async (round) => {
		const before = await ended();
		await used();
		const started = performance.now();
		await sendAll(urls);
		await until(async () => (await ended()) - before >= EVENTS, `${EVENTS} workflows have run`);
		const ms = performance.now() - started;
		if (round > 0)
			for (const [name, cpu] of Object.entries({ ...(await used()), elapsed: ms }))
				total[name] = (total[name] ?? 0) + cpu;
		return (EVENTS * 1000) / ms;
	};
}

const share = (part, whole) => `${Math.round((100 * part) / whole)} %`;

/** Which components used the processors, the greatest first, and whether there was any left. */
function usedBy({ elapsed, ...components }) {
	const all = Object.values(components).reduce((sum, one) => sum + one, 0);
	const parts = Object.entries(components)
		.toSorted(([, a], [, b]) => b - a)
		.map(([name, cpu]) => `${name} ${share(cpu, all)}`);
	return `${share(all, elapsed * os.cpus().length)} of the machine in use: ${parts.join(', ')}`;
}

const row = (name, figures, total, first) => ({
	name,
	value: rounded(median(figures), 1),
	unit: 'events/s',
	against: first === undefined ? undefined : `1 worker (${rounded(median(first), 1)} events/s)`,
	note: usedBy(total),
});

/** One process with SQLite, as n8n comes. */
async function oneProcess() {
	const userFolder = await scratchUserFolder();
	const n8n = await startN8n({ userFolder });
	try {
		const client = await connect(n8n.url);
		const { event: live } = await publishAll(client, n8n.url, ['event']);
		const total = {};
		// The list has the newest hundred executions only.
		const known = new Set();
		const ended = async () => {
			const found = await client.executions(live);
			for (const { id, status } of found) if (status === 'success') known.add(id);
			return known.size;
		};
		const round = measured(
			[live.url],
			ended,
			meter(() => ({ n8n: [n8n.pid] })),
			total,
		);
		const { event: figures } = await inTurns({ event: round }, ROUNDS);
		return row(ROWS.n8n, figures, total);
	} finally {
		await n8n.stop();
		await fs.rm(userFolder, { recursive: true, force: true });
	}
}

/** Asks PostgreSQL itself, as the list of executions would take n8n's own time. */
async function counting({ port, user, database }, workflowId) {
	const { Client } = createRequire(path.join(await installedN8n(), 'node_modules/x.js'))('pg');
	const postgres = new Client({ host: '127.0.0.1', port, user, database });
	await postgres.connect();
	const text = `select count(*) from execution_entity where "workflowId" = $1 and status = 'success'`;
	return {
		ended: async () => Number((await postgres.query(text, [workflowId])).rows[0].count),
		close: () => postgres.end(),
	};
}

async function queueMode(workerCounts) {
	const queue = await startQueue({ processors: 2, prepare: installFloor });
	const closing = [() => queue.stop()];
	try {
		const { main, processors, workers, redis, postgres } = queue;
		await queue.startWorker();
		const client = await connect(main.url);
		const live = await publishAll(client, processors[0].url, [
			'event',
			'question',
			'questionByHand',
			'questionByHandAgain',
			'questionFloor',
		]);
		const counted = await counting(postgres, live.event.id);
		closing.push(() => counted.close());
		const urls = processors.map(({ url }) => live.event.url.replace(processors[0].url, url));
		const pids = (processes) => processes.map(({ pid }) => pid);
		const components = () => ({
			workers: pids(workers),
			'webhook processors': pids(processors),
			'main process': [main.pid],
			PostgreSQL: [postgres.pid],
			Redis: [redis.pid],
		});
		const rows = [];
		let first;
		for (const count of workerCounts) {
			const missing = Array.from({ length: count - workers.length }, () => queue.startWorker());
			await Promise.all(missing);
			const total = {};
			const round = measured(urls, counted.ended, meter(components), total);
			const seen = await inTurns(count === 1 ? { round, again: round } : { round }, ROUNDS);
			if (count === 1) assertQuiet(seen.round, seen.again, 'events with one worker');
			rows.push(row(ROWS.queue[WORKERS.indexOf(count)], seen.round, total, first));
			first ??= seen.round;
			if (count === 1) rows.push(await questions(live));
		}
		return rows;
	} finally {
		for (const close of closing.reverse()) await close();
	}
}

async function questions(live) {
	const names = ['question', 'questionByHand', 'questionByHandAgain', 'questionFloor'];
	const seen = await inTurns(
		Object.fromEntries(names.map((name) => [name, () => questionRound(live[name])])),
		ROUNDS,
	);
	assertQuiet(seen.questionByHand, seen.questionByHandAgain, 'the answer of the workflow built by hand');
	const shown = (name) => `${rounded(median(seen[name]), 1)} ms`;
	return {
		name: 'n8n Connect request → answer in queue mode, time',
		value: rounded(ratioOf(seen.question, seen.questionByHand)),
		unit: '×',
		atMost: 1.1,
		floor: { value: rounded(ratioOf(seen.question, seen.questionFloor)), atMost: 1.15, counts: 'instead' },
		against: `by hand (${shown('questionByHand')})`,
		note: `${shown('question')}; floor ${shown('questionFloor')}`,
	};
}

/** @returns {Promise<import('./run.mjs').Row[]>} */
export async function benchmark({ short = false } = {}) {
	const one = await oneProcess();
	return [one, ...(await queueMode(short ? WORKERS.slice(0, 2) : WORKERS))];
}
