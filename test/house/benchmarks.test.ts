/** The figures of speed in the documents are those that `npm run bench` measured last. */
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const root = path.resolve(__dirname, '..', '..');

interface Results {
	parts: Record<string, { rows: { name: string; value: number; unit: string }[] }>;
}

interface BenchTools {
	markdown(results: Results): string;
	quoted(text: string, results: Results): string;
	QUOTING: string[];
	isFarOff(row: object, kept: object[]): boolean;
	meetsGoal(row: object, tolerance?: number): boolean | null;
}

const bench = async (file: string): Promise<BenchTools> =>
	import(pathToFileURL(path.join(root, 'bench', file)).href) as Promise<BenchTools>;
const read = (file: string): Promise<string> => fs.readFile(path.join(root, file), 'utf8');
const results = async (): Promise<Results> => JSON.parse(await read('bench/results.json')) as Results;

describe('the figures of the benchmarks', () => {
	it('stand in docs/benchmarks.md as they were measured', async () => {
		const { markdown } = await bench('markdown.mjs');
		assert.equal(await read('docs/benchmarks.md'), markdown(await results()));
	});

	it('are quoted as they were measured, and every ratio is quoted from them', async () => {
		const { quoted, QUOTING } = await bench('quotes.mjs');
		const measured = await results();
		for (const file of QUOTING) {
			const text = await read(file);
			assert.equal(text, quoted(text, measured), file);
			const loose = /\d\s?(?:×|µs)(?!<!-- bench: )/.exec(text);
			assert.equal(loose, null, `${file} has a figure that names no benchmark: ${loose?.[0]}`);
		}
	});

	it('bear out what docs/scaling.md says of one Node-RED', async function () {
		const { rows } = (await results()).parts['node-red'] ?? {};
		// No run was quiet enough yet; the table says "not measured".
		if (rows === undefined) this.skip();
		const cost = (what: string): number =>
			rows.find(({ name }) => name === `Node-RED ${what}, CPU time, editor at /admin`)?.value ??
			assert.fail(what);
		const [json, multipart] = [cost('status callback (JSON)'), cost('status callback (multipart)')];
		const connect = cost('Connect request');
		const text = await read('docs/scaling.md');
		assert.match(text, /more than a thousand of each in a second/);
		for (const microseconds of [json, multipart, connect]) assert.ok(microseconds < 1000);
		assert.match(text, /111 callbacks and 28 requests in a second/);
		assert.match(text, /less than a fifth of one core/);
		assert.ok(111 * Math.max(json, multipart) + 28 * connect < 200_000);
	});

	it('notice a quote that is wrong, and one of what was not measured', async () => {
		const { quoted } = await bench('quotes.mjs');
		const measured = { parts: { core: { rows: [{ name: 'a row', value: 2.5, unit: '×' }] } } };
		assert.equal(quoted('takes 9 µs<!-- bench: a row -->', measured), 'takes 2.5 ×<!-- bench: a row -->');
		assert.equal(quoted('2 ×<!-- bench: another -->', measured), 'not measured<!-- bench: another -->');
		assert.equal(quoted('not measured<!-- bench: a row -->', measured), '2.5 ×<!-- bench: a row -->');
	});

	it('fail CI only when they are far off the goal, or off the last result where that misses it', async () => {
		const { isFarOff } = await bench('run.mjs');
		const row = (value: number, atMost = 0.6): object => ({ name: 'a row', unit: '×', value, atMost });
		assert.deepEqual([isFarOff(row(0.89), []), isFarOff(row(0.91), [])], [false, true]);
		assert.deepEqual([isFarOff(row(0.91), [row(0.5)]), isFarOff(row(1.1), [row(0.8)])], [true, false]);
		assert.equal(isFarOff(row(1.3), [row(0.8)]), true);
	});

	it('miss a goal by less than the tolerance, or by more', async () => {
		const { meetsGoal } = await bench('measuring.mjs');
		assert.deepEqual(
			[meetsGoal({ value: 0.8, atMost: 0.6 }), meetsGoal({ value: 0.8, atMost: 0.6 }, 1.5)],
			[false, true],
		);
		assert.equal(meetsGoal({ value: 0.91, atMost: 0.6 }, 1.5), false);
		assert.deepEqual(
			[meetsGoal({ value: 900, atLeast: 1000 }), meetsGoal({ value: 900, atLeast: 1000 }, 1.5)],
			[false, true],
		);
		assert.equal(meetsGoal({ value: 900 }), null);
	});
});
