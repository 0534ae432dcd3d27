/**
 * `npm run bench`: every part of this folder, one after the other, in order of importance; prints a table each, writes
 * bench/results.json and docs/benchmarks.md, and the figures that documents quote. `npm run bench -- core load` measures
 * these parts and keeps the results of the others. A part that takes longer than eight minutes, repeats included, is
 * ended with all it started, and has no results. `--documents` measures nothing and writes the documents. `--short`
 * is for CI: it measures the ratios with few requests, writes nothing, and fails when one is worse than one and a half
 * times its goal, or, where the goal is missed already, than that of the last result, three times one after the other.
 */
import { fork } from 'node:child_process';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { markdown } from './markdown.mjs';
import { goalOf, meetsGoal } from './measuring.mjs';
import { quoted, QUOTING } from './quotes.mjs';

/**
 * One figure. `value` in `unit` is what counts; `atMost` or `atLeast` is its goal; `against` says what a ratio is a
 * ratio to, `note` what else was seen; `floor` is the ratio to what nothing can go below, with a goal of its own.
 *
 * @typedef {{ value: number, atMost?: number, atLeast?: number, counts: 'instead' | 'as well' }} Floor
 *
 * @typedef {{ name: string, value: number, unit: string, atMost?: number, atLeast?: number, floor?: Floor,
 *   against?: string, note?: string }} Row
 */

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.join(here, '..');
const resultsFile = path.join(here, 'results.json');
/** In order of importance. */
const PARTS = [
	'node-red',
	'core',
	'n8n',
	'queue',
	'copies',
	'burst',
	'export',
	'load',
	'scale',
	'simulator',
	'hostile',
];
const SHORT_PARTS = ['node-red', 'core'];
const TOLERANCE = 1.5;
/** How often a part is measured when the machine was too busy, unless it says so itself. */
const ATTEMPTS = 3;

/** A part that takes longer is ended: it hangs, or the machine is far too slow. */
const LIMIT_MS = 8 * 60_000;
/** What hosts have to close in, once asked to. */
const GRACE_MS = 10_000;

/** The rows of a part; `rows: null` when there are none, which has been printed. */
async function measured(name, { short }) {
	const args = [name, String(ATTEMPTS), ...(short ? ['--short'] : [])];
	// A group of its own: whatever the part starts can be ended with it.
	const child = fork(path.join(here, 'part.mjs'), args, { detached: true });
	const end = (signal) => {
		try {
			process.kill(-child.pid, signal);
		} catch {
			// Nothing of it runs any more.
		}
	};
	const stop = () => {
		end('SIGKILL');
		process.exit(1);
	};
	for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, stop);
	let result = null;
	child.on('message', (message) => (result = message));
	const exited = new Promise((resolve) => child.once('exit', resolve));
	const limit = setTimeout(() => {
		result = { late: true };
		end('SIGTERM');
		setTimeout(() => end('SIGKILL'), GRACE_MS).unref();
	}, LIMIT_MS);
	await exited;
	clearTimeout(limit);
	end('SIGKILL');
	for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, stop);
	if (result?.rows) return { rows: result.rows };
	const why = result?.late ? 'took longer than eight minutes' : result?.noisy ? 'noisy' : 'ended with an error';
	console.log(`${name}: ${why}; no results are written.`);
	return { rows: null, isNoisy: result?.noisy !== undefined };
}

async function keptRows() {
	const { parts } = await fs.readFile(resultsFile, 'utf8').then(JSON.parse, () => ({ parts: {} }));
	return Object.values(parts).flatMap(({ rows }) => rows);
}

/** Worse than one and a half times the goal, or than that of what was measured last where the goal is missed already. */
export function isFarOff(row, kept) {
	if (row.unit !== '×' || meetsGoal(row) === null) return false;
	const last = kept.find(({ name }) => name === row.name);
	const goal = last === undefined || meetsGoal(last) ? row : { ...row, ...goalAt(row, last.value) };
	return meetsGoal({ ...goal, value: row.value }, TOLERANCE) === false;
}

const goalAt = ({ atMost }, value) => (atMost === undefined ? { atLeast: value } : { atMost: value });

function print(name, rows) {
	console.log(`\n${name}`);
	for (const row of rows) {
		const goal = goalOf(row);
		const verdict = goal === '' ? '' : `goal ${goal}${meetsGoal(row) ? '' : ' – MISSED'}`;
		console.log(
			[`${row.value} ${row.unit}`.padEnd(14), row.name, row.note, row.against, verdict]
				.filter(Boolean)
				.join(' · '),
		);
	}
}

/** The versions of what is measured, as the manifests pin them. */
async function versions() {
	const pinned = async (file, names) => {
		const { dependencies, devDependencies } = JSON.parse(await fs.readFile(path.join(root, file), 'utf8'));
		const all = { ...devDependencies, ...dependencies };
		return names.map((name) => `${name} ${all[name]}`);
	};
	const found = [
		await pinned('package.json', ['node-red', 'axios']),
		await pinned('tools/n8n/package.json', ['n8n']),
	];
	return found.flat().join(', ');
}

const machine = async () => ({
	node: process.version,
	versions: await versions(),
	cpu: os.cpus()[0]?.model ?? 'unknown',
	cores: os.cpus().length,
	memoryGb: Math.round(os.totalmem() / 2 ** 30),
	system: `${os.type()} ${os.release()}`,
});

/** What to do, from the words behind the command; `problem` says which of them is unknown. */
function asked() {
	const options = { short: { type: 'boolean', default: false }, documents: { type: 'boolean', default: false } };
	try {
		const { values, positionals: named } = parseArgs({ options, allowPositionals: true });
		const unknown = named.filter((name) => !PARTS.includes(name));
		if (unknown.length === 0) return { ...values, named };
		return { problem: `There is no part ${unknown.join(', ')}; there are ${PARTS.join(', ')}.` };
	} catch (reason) {
		return { problem: reason.message };
	}
}

async function main() {
	const { problem, short, documents, named } = asked();
	if (problem !== undefined) {
		console.error(problem);
		return 2;
	}
	if (documents) {
		await writeDocuments(JSON.parse(await fs.readFile(resultsFile, 'utf8')));
		return 0;
	}
	const parts = PARTS.filter((name) => (named.length > 0 ? named : short ? SHORT_PARTS : PARTS).includes(name));
	console.log(Object.values(await machine()).join(' · '));

	const kept = await keptRows();
	let failed = false;
	for (const name of parts) {
		const isGood = short ? await holds(name, kept) : await isMeasured(name);
		failed ||= !isGood;
	}
	return failed ? 1 : 0;
}

/** Measures a part and writes its rows; false when there are none. */
async function isMeasured(name) {
	const { rows } = await measured(name, { short: false });
	if (rows === null) return false;
	print(name, rows);
	await keep(name, rows);
	return true;
}

/** Whether no ratio of the part is far off; noise says nothing, and what else runs may slow one side for a minute. */
async function holds(name, kept) {
	for (let attempt = 1; ; attempt++) {
		const { rows, isNoisy } = await measured(name, { short: true });
		if (rows === null) return isNoisy;
		print(name, rows);
		const farOff = rows.filter((row) => isFarOff(row, kept));
		if (farOff.length === 0) return true;
		console.log(`Far off: ${farOff.map((row) => row.name).join(', ')} (${attempt} of ${ATTEMPTS})`);
		if (attempt >= ATTEMPTS) return false;
	}
}

/** Writes the rows of a part beside those of the others. */
async function keep(name, rows) {
	const results = await fs.readFile(resultsFile, 'utf8').then(JSON.parse, () => ({ parts: {} }));
	results.parts[name] = { at: new Date().toISOString(), machine: await machine(), rows };
	results.parts = Object.fromEntries(
		PARTS.flatMap((part) => (results.parts[part] ? [[part, results.parts[part]]] : [])),
	);
	await fs.writeFile(resultsFile, `${JSON.stringify(results, null, '\t')}\n`);
	await writeDocuments(results);
}

async function writeDocuments(results) {
	await fs.writeFile(path.join(root, 'docs', 'benchmarks.md'), markdown(results));
	for (const file of QUOTING) {
		const text = await fs.readFile(path.join(root, file), 'utf8');
		await fs.writeFile(path.join(root, file), quoted(text, results));
	}
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exit(await main());
