/**
 * The search of everything that the hosts of a test run have let out (tools/test/leaks.mjs) finds what is planted:
 * every secret and a number in each spelling, in a log and in the executions of n8n; and a run without output to
 * search fails.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import canaries from '../hosts/canaries.json';

const root = path.resolve(__dirname, '..', '..');
const tools = () => import('../../tools/test/leaks.mjs');

const { apiKey, apiToken } = canaries.secrets;
const secrets = Object.values(canaries.secrets);
const spellings = {
	'E.164': '+919812345678',
	'as dialled': '09812345678',
	'in groups': '098123 45678',
	'in Devanagari digits': '९८१२३४५६७८',
	'percent-encoded': '%2B919812345678',
};

describe('the search of all output', () => {
	let folder: string;
	beforeEach(() => {
		folder = fs.mkdtempSync(path.join(os.tmpdir(), 'exonodes-output-'));
	});
	afterEach(() => fs.rmSync(folder, { recursive: true }));

	const keep = (text: string): void => fs.writeFileSync(path.join(folder, 'node-red-1.log'), `one\n${text}\nthree\n`);

	it('finds every secret, plain and encoded, and says where without repeating it', async () => {
		const { searchOutput } = await tools();
		const pair = Buffer.from(`${apiKey}:${apiToken}`).toString('base64');
		for (const planted of [
			...secrets,
			...secrets.map((secret) => Buffer.from(secret).toString('hex')),
			`Basic ${pair}`,
		]) {
			keep(`said "${planted}".`);
			const { found } = await searchOutput(folder);
			assert.notEqual(found.length, 0, planted);
			assert.match(found[0] ?? '', /^node-red-1\.log, line 2: /);
			assert.ok(!found[0]?.includes(planted));
		}
	});

	for (const [spelling, number] of Object.entries(spellings)) {
		it(`finds a number ${spelling}`, async () => {
			const { searchOutput } = await tools();
			keep(`the call to ${number} has ended`);
			assert.deepEqual((await searchOutput(folder)).found, ['node-red-1.log, line 2: a telephone number']);
		});
	}

	it('lets the example of our own errors pass, and the same number nowhere else', async () => {
		const { searchOutput } = await tools();
		const own = 'From is missing. Example:  +919812345678, +918012345678';
		keep(own);
		assert.deepEqual((await searchOutput(folder)).found, []);
		keep(`${own} and +919812345678`);
		assert.equal((await searchOutput(folder)).found.length, 1);
	});

	it('lets SIDs, times and masked numbers pass', async () => {
		const { searchOutput } = await tools();
		keep('b6cfaf5f5cef3ca0fc9812345678ef96 at 1795320194073, …78, 2026-11-22 09:30:00');
		const { found, searched } = await searchOutput(folder);
		assert.deepEqual(found, []);
		assert.deepEqual(searched, { executions: 0, 'node-red': 1 });
	});

	it('reads the errors of an execution, and not the data of its calls', async () => {
		const { errorTexts } = await tools();
		const data = JSON.stringify([
			{ error: '1', call: '3' },
			{ message: '2', name: '4' },
			'no call to +919812345678',
			{ to: '5' },
			'NodeApiError',
			'+919812345694',
		]);
		assert.deepEqual(errorTexts(data), ['no call to +919812345678']);
	});

	it('finds a secret anywhere in an execution that n8n saved, and a number in its error', () => {
		const plant = (data: unknown[]): string => {
			const script = `import { DatabaseSync } from 'node:sqlite';
				import fs from 'node:fs';
				import { searchOutput } from ${JSON.stringify(path.join(root, 'tools', 'test', 'leaks.mjs'))};
				fs.rmSync('n8n-1.sqlite', { force: true });
				const database = new DatabaseSync('n8n-1.sqlite');
				database.exec('CREATE TABLE execution_data ("executionId" INTEGER, "data" TEXT)');
				database.prepare('INSERT INTO execution_data VALUES (7, ?)').run(${JSON.stringify(JSON.stringify(data))});
				database.close();
				console.log(JSON.stringify(await searchOutput('.')));`;
			// The Node.js of the repository, which has SQLite.
			const node = path.join(root, 'node_modules', 'node', 'bin', 'node');
			return spawnSync(node, ['--input-type=module', '-e', script], { cwd: folder, encoding: 'utf8' }).stdout;
		};
		assert.equal(plant([{ to: '1' }, '+919812345678']), '{"searched":{"executions":1},"found":[]}\n');
		assert.match(plant([{ message: '1' }, 'to 098123 45678']), /"n8n-1.sqlite, error of execution 7: a telephone/);
		assert.match(plant([{ config: '1' }, `key=${apiKey}`]), /"n8n-1.sqlite, execution 7: apiKey"/);
	});

	/** A test run of one suite, whose only test runs `code`. */
	function run(code: string): { status: number | null; output: string } {
		fs.writeFileSync(path.join(folder, 'one.test.ts'), `it('prints', () => { ${code} });`);
		const script = `import { Tally } from ${JSON.stringify(path.join(root, 'tools', 'test', 'tally.mjs'))};
			const tally = new Tally();
			await tally.suite('planted', [${JSON.stringify(path.join(folder, 'one.test.ts'))}]);
			await tally.search(['node-red']);
			tally.close();`;
		const { status, stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
			cwd: root,
			encoding: 'utf8',
		});
		return { status, output: stdout };
	}
	const printed = (text: string): string =>
		`require('node:fs').writeFileSync(process.env.EXONODES_OUTPUT + '/node-red-1.log', ${JSON.stringify(text)});`;

	it('fails the run for a planted leak of a host, or of a test itself', () => {
		const leaks = [printed(`key ${apiKey}`), `${printed('fine')} console.log('${apiToken}');`];
		for (const code of leaks) {
			const { status, output } = run(code);
			assert.equal(status, 1, output);
			assert.match(output, /1 passed, 1 failed/);
			assert.match(output, /Let out: .*: api(Key|Token)/);
		}
	}).timeout(60_000);

	it('passes without one, and fails when there is nothing to search', () => {
		assert.equal(run(printed('fine')).status, 0);
		const { status, output } = run('');
		assert.equal(status, 1, output);
		assert.match(output, /There is no output to search: node-red/);
	}).timeout(60_000);
});
