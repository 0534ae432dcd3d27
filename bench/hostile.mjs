/**
 * Bodies made to stall or fill whoever reads them, against every entry point of the three packages – those of
 * test/hostile, which asserts the same as an order of magnitude. Measured is the longest stretch in which one request
 * occupies the event loop, in processor time; over HTTP that of the sender, which is in the same process, is in it. Each
 * figure is the median of three runs of the slowest body. `node bench/hostile.mjs core` measures the entry points whose
 * names begin so; alone it prints a table and writes nothing.
 */
import { createRequire } from 'node:module';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import v8 from 'node:v8';
import vm from 'node:vm';
import { median, meetsGoal, rounded } from './measuring.mjs';

const require = createRequire(import.meta.url);
require('tsx/cjs');
const { requestBodies } = require('../test/hostile/bodies.ts');
const { entries, processorTime, worksOf } = require('../test/hostile/in-process.ts');
const { afterEndlessSender, answered, besideSlowSenders, hostsWithDoors } = require('../test/hostile/over-http.ts');

const GOAL_MS = 50;
/** Bodies of an entry point that are measured three times: the slowest of the first run. */
const SLOWEST = 3;
const MEMORY_GOAL_MB = 48;
const SETTLING_MS = 1000;
/** Over HTTP every so many of the long texts; all of them take an hour. */
const EVERY_LONG_TEXT = 11;

v8.setFlagsFromString('--expose-gc');
const collect = vm.runInNewContext('gc');

/** Megabytes in use once connections have closed: what those held is collected in a second turn only. */
async function memory() {
	collect();
	await wait(SETTLING_MS);
	collect();
	const { heapUsed, external } = process.memoryUsage();
	return (heapUsed + external) / 1024 ** 2;
}

/** The longest stretch of processor time between two turns of the event loop while `work` runs, ms. */
async function longestTurn(work) {
	let longest = 0;
	let running = true;
	let last = processorTime();
	const turn = () => {
		const now = processorTime();
		longest = Math.max(longest, now - last);
		last = now;
		if (running) setImmediate(turn);
	};
	setImmediate(turn);
	// What is thrown is looked at by test/hostile.
	await Promise.resolve()
		.then(work)
		.catch(() => undefined);
	running = false;
	await new Promise((resolve) => setImmediate(resolve));
	return longest;
}

/**
 * The row of an entry point; `requests`: what is sent to it, by name. What each is made of is made before its time
 * begins: what a host's own parser takes is not ours.
 */
async function rowOf(name, requests) {
	const measured = ({ prepare }) => longestTurn(prepare());
	const first = [];
	for (const request of requests) first.push({ request, ms: await measured(request) });
	const slowest = first.toSorted((a, b) => b.ms - a.ms).slice(0, SLOWEST);
	let worst = { ms: 0, body: '' };
	for (const { request } of slowest) {
		const ms = median([await measured(request), await measured(request), await measured(request)]);
		if (ms > worst.ms) worst = { ms, body: request.body };
	}
	return { name, value: rounded(worst.ms, 1), unit: 'ms', atMost: GOAL_MS, note: `\`${worst.body}\`` };
}

/** A work is made anew for each run: some change what they are given. */
const requestsOf = (entry) =>
	entry.bodies.flatMap((body) =>
		worksOf(entry, body).map((_, index) => ({ body: body.name, prepare: () => worksOf(entry, body)[index] })),
	);

const overHttp = (door) => [
	...requestBodies
		.filter(({ name }, index) => !name.includes('1 MB of') || index % EVERY_LONG_TEXT === 0)
		.map((body) => ({ body: body.name, prepare: () => () => answered(door, body) })),
	...(door.method === 'GET'
		? []
		: [
				{ body: 'beside 20 slow senders', prepare: () => () => besideSlowSenders(door) },
				{ body: 'a body without end', prepare: () => () => afterEndlessSender(door) },
			]),
];

/** @returns {Promise<import('./run.mjs').Row[]>} */
export async function benchmark({ only = '', report = () => undefined } = {}) {
	const rows = [];
	const add = (row) => {
		rows.push(row);
		report(row);
	};
	const level = async (name, run) => {
		await run();
		const before = await memory();
		await run();
		const value = Math.max(0, rounded((await memory()) - before, 1));
		add({ name: `${name}: memory after a second round`, value, unit: 'MB more', atMost: MEMORY_GOAL_MB });
	};
	const chosen = entries.filter(({ name }) => name.startsWith(only));
	for (const entry of chosen) {
		add(await rowOf(entry.name, requestsOf(entry)));
	}
	if (chosen.length > 0)
		await level('functions', async () => {
			for (const entry of chosen)
				for (const body of entry.bodies.slice(0, 20))
					for (const work of worksOf(entry, body)) await longestTurn(work);
		});
	for (const [name, open] of hostsWithDoors) {
		if (!name.startsWith(only)) continue;
		const host = await open();
		try {
			for (const door of host.doors) add(await rowOf(door.name, overHttp(door)));
			await level(name, async () => {
				for (const door of host.doors)
					for (const body of requestBodies.slice(0, 20)) await answered(door, body);
			});
		} finally {
			await host.close();
		}
	}
	return rows;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const report = (row) => {
		const verdict = meetsGoal(row) ? '' : 'OVER';
		console.log([`${row.value} ${row.unit}`.padEnd(14), verdict.padEnd(5), row.name, row.note].join(' '));
	};
	await benchmark({ only: process.argv[2], report });
	process.exit(0);
}
