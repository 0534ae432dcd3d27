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
	PASSAGES: Record<string, (rows: object[]) => string>;
	ROWS: Record<string, string | string[]>;
	isFarOff(row: object, kept: object[]): boolean;
	meetsGoal(row: object, tolerance?: number): boolean | null;
	goalOf(row: object): string;
}

const bench = async (file: string): Promise<BenchTools> =>
	import(pathToFileURL(path.join(root, 'bench', file)).href) as Promise<BenchTools>;
const read = (file: string): Promise<string> => fs.readFile(path.join(root, file), 'utf8');
const results = async (): Promise<Results> => JSON.parse(await read('bench/results.json')) as Results;

type Costs = Record<'json' | 'multipart' | 'connect', number>;

/** What a document may conclude from the CPU time of Node-RED's requests, in microseconds. */
const CONCLUSIONS: { says: RegExp; holds: (costs: Costs, rows: { name: string; value: number }[]) => boolean }[] = [
	{
		says: /more than a thousand of each in a second/,
		holds: (costs) => Object.values(costs).every((microseconds) => microseconds < 1000),
	},
	{
		says: /less than a fifth of one core/,
		holds: ({ json, multipart, connect }) => 111 * Math.max(json, multipart) + 28 * connect < 200_000,
	},
	{
		says: /less than the same flow\s+built by hand/,
		holds: (_costs, rows) => {
			const ratios = rows.filter(({ name }) => /^Node-RED .* → .*editor at \/admin$/.test(name));
			return ratios.length > 0 && ratios.every(({ value }) => value < 1);
		},
	},
	{
		says: /a callback costs the same with a thousand webhook nodes\s+as with one, and little more with 100,000 running calls/,
		holds: (_costs, rows) => {
			const isBelow = (name: RegExp, most: number): boolean =>
				rows.some((row) => name.test(row.name) && row.value < most);
			return isBelow(/webhook nodes: 1,000$/, 1.1) && isBelow(/open calls: 100,000$/, 1.3);
		},
	},
];

/** What a text quotes or concludes without a measurement that bears it out. */
function unfoundedIn(text: string, { parts }: Results): string[] {
	const rows = Object.values(parts).flatMap((part) => part.rows);
	const cost = (what: string): number =>
		rows.find(({ name }) => name === `Node-RED ${what}, CPU time, editor at /admin`)?.value ?? Infinity;
	const costs = {
		json: cost('status callback (JSON)'),
		multipart: cost('status callback (multipart)'),
		connect: cost('Connect request'),
	};
	const known = new Set(rows.map(({ name }) => name));
	const quotes = [...text.matchAll(/<!-- bench: (.+?) -->/g)].map(([, name = '']) => name);
	return [
		...quotes.filter((name) => !known.has(name)),
		...CONCLUSIONS.filter(({ says, holds }) => says.test(text) && !holds(costs, rows)).map(({ says }) =>
			String(says),
		),
	];
}

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
			const outside = text.replace(/<!-- bench-passage: [\s\S]*?<!-- \/bench-passage -->/g, '');
			const loose = /\d\s?(?:×|µs)(?!<!-- bench: )/.exec(outside);
			assert.equal(loose, null, `${file} has a figure that names no benchmark: ${loose?.[0]}`);
		}
	});

	it('are quoted only where they were measured, and bear out what is concluded from them', async () => {
		const { QUOTING } = await bench('quotes.mjs');
		const measured = await results();
		for (const file of [...QUOTING, 'CHANGELOG.md', 'docs/limits.md'])
			assert.deepEqual(unfoundedIn(await read(file), measured), [], file);
	});

	it('refuse a quote and a conclusion without measurement, and a conclusion that they contradict', () => {
		const costs = (value: number): Results => {
			const what = ['status callback (JSON)', 'status callback (multipart)', 'Connect request'];
			const rows = what.map((one) => ({
				name: `Node-RED ${one}, CPU time, editor at /admin`,
				value,
				unit: 'µs',
			}));
			return { parts: { 'node-red': { rows } } };
		};
		const claim = 'A core takes more than a thousand of each in a second.';
		const scaling =
			'a callback costs the same with a thousand webhook nodes as with one, and little more with 100,000 running calls';
		assert.deepEqual(unfoundedIn('Fine.', { parts: {} }), []);
		assert.equal(unfoundedIn('not measured<!-- bench: a row -->', { parts: {} }).length, 1);
		assert.equal(unfoundedIn(claim, { parts: {} }).length, 1);
		assert.equal(unfoundedIn(claim, costs(1001)).length, 1);
		assert.deepEqual(unfoundedIn(claim, costs(999)), []);
		assert.equal(unfoundedIn(scaling, costs(1)).length, 1);
		assert.equal(unfoundedIn('It costs less than the same flow built by hand.', costs(1)).length, 1);
	});

	it('notice a quote that is wrong, and one of what was not measured', async () => {
		const { quoted } = await bench('quotes.mjs');
		const measured = { parts: { core: { rows: [{ name: 'a row', value: 2.5, unit: '×' }] } } };
		assert.equal(quoted('takes 9 µs<!-- bench: a row -->', measured), 'takes 2.5 ×<!-- bench: a row -->');
		assert.equal(quoted('2 ×<!-- bench: another -->', measured), 'not measured<!-- bench: another -->');
		assert.equal(quoted('not measured<!-- bench: a row -->', measured), '2.5 ×<!-- bench: a row -->');
	});

	describe('make passages', () => {
		const written = async (name: string, rows: object[]): Promise<string> => {
			const { PASSAGES } = await bench('passages.mjs');
			return PASSAGES[name]?.(rows) ?? '';
		};
		const row = (name: string, value: number, more: object = {}): object => ({
			name,
			value,
			unit: 'events/s',
			...more,
		});
		const queue = async (): Promise<string[]> => (await bench('passages.mjs')).ROWS['queue'] as string[];

		it('that say so when nothing was measured', async () => {
			for (const name of ['one-node-red', 'copies', 'queue'])
				assert.equal(await written(name, []), 'Not measured yet.');
			const million = await written('million', []);
			assert.equal(million.match(/not measured yet/g)?.length, 3, million);
			assert.match(await written('missing', []), /- Node-RED, one process\n/);
		});

		it('that say what more workers added, and what the processors were used by', async () => {
			const [one = '', two = '', four = ''] = await queue();
			const note = '95 % of the machine in use: workers 61 %, webhook processors 20 %';
			const text = await written('queue', [row(one, 10), row(two, 18), row(four, 10.5, { note })]);
			assert.match(
				text,
				/2 workers carried 1\.8 times as many events as one, 4 workers carried as many events as one\./,
			);
			assert.match(text, /The bottleneck was the machine itself: 95 % .* by workers \(61 % of it\)\./);
			const idle = [row(one, 10), row(four, 40, { note: note.replace('95', '40') })];
			assert.match(await written('queue', idle), /The processors were not the bottleneck: 40 %/);
			assert.doesNotMatch(await written('missing', [row(one, 10)]), new RegExp(`^- ${one}$`, 'm'));
		});

		it('that count the processes of a million calls a day', async () => {
			const text = await written('million', [row('n8n, one process', 20)]);
			assert.match(
				text,
				/139 workflows a second .* the work of 10 such processes; .*56 workflows a second\), of 4\./,
			);
		});

		it('of how long hostile input occupies the process: that nothing was measured, or what took longer', async () => {
			const { quoted } = await bench('quotes.mjs');
			const passage = (parts: Results['parts']): string =>
				quoted('<!-- bench-passage: hostile -->\n<!-- /bench-passage -->', { parts });
			assert.match(passage({}), /No full run/);
			const point = (name: string, value: number): object => ({
				...{ name, value, unit: 'ms', atMost: 50, note: '`a body`' },
			});
			const memory = { name: 'memory', value: 99, unit: 'MB more', atMost: 48 };
			const run = (...rows: object[]): string =>
				passage({ hostile: { at: '2026-11-23T10:00:00.000Z', rows } } as unknown as Results['parts']);
			assert.match(run(point('core', 49), memory), /2026-11-23 .*1 of 1 entry points stayed below\.\n/);
			assert.match(
				run(point('core', 49), point('n8n', 51)),
				/1 of 2 .*Longer took:\n\n- n8n: 51 ms, with `a body`/,
			);
		});

		it('and are not made up', async () => {
			const { quoted } = await bench('quotes.mjs');
			const text = '<!-- bench-passage: nothing -->\n<!-- /bench-passage -->';
			assert.throws(() => quoted(text, { parts: {} }), /There is no passage "nothing"/);
		});
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

	it('have a floor that counts instead of the goal, or as well', async () => {
		const { meetsGoal, goalOf } = await bench('measuring.mjs');
		const row = (value: number, floor: number, counts: string): object => ({
			value,
			unit: '×',
			atMost: 1.1,
			floor: { value: floor, atMost: 1.15, counts },
		});
		assert.deepEqual([meetsGoal(row(2, 1.1, 'instead')), meetsGoal(row(2, 1.2, 'instead'))], [true, false]);
		assert.deepEqual([meetsGoal(row(1, 1.2, 'instead')), meetsGoal(row(1, 1.2, 'as well'))], [true, false]);
		assert.equal(goalOf(row(2, 1.2, 'instead')), '≤ 1.1× or ≤ 1.15× the floor (1.2×)');
	});
});
