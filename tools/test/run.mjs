/**
 * `npm test`: every suite that needs no n8n installation, one mocha process per suite, so that a host started by one suite
 * cannot disturb the next. Closes with one line, "N passed, N failed", over all suites.
 *
 *   node tools/test/run.mjs [--units] [--nightly] [suite …]
 *
 * --units leaves out the suites that start real hosts and a browser; --nightly raises the number of property runs.
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

const suites = [
	{ name: 'core', files: ['test/exotel/**/*.test.ts'] },
	{ name: 'simulator', files: ['test/simulator/**/*.test.ts'] },
	{ name: 'node-red', files: ['test/node-red/**/*.test.ts'] },
	{ name: 'n8n', files: ['test/nodes/**/*.test.ts'] },
	{ name: 'house', files: ['test/house/**/*.test.ts'] },
	{ name: 'start', files: ['test/hosts/start/**/*.test.ts'], host: true },
	{ name: 'node-red-hosts', files: ['test/hosts/node-red/**/*.test.ts'], host: true },
	{ name: 'simulator-host', files: ['test/hosts/simulator/**/*.test.ts'], host: true },
];

const options = new Set(process.argv.slice(2).filter((argument) => argument.startsWith('--')));
const named = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const chosen = suites.filter((suite) => (named.length > 0 ? named.includes(suite.name) : !(options.has('--units') && suite.host)));
const unknown = named.filter((name) => !suites.some((suite) => suite.name === name));
if (unknown.length > 0) {
	console.error(`No such suite: ${unknown.join(', ')}. There are: ${suites.map((suite) => suite.name).join(', ')}.`);
	process.exit(2);
}

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'exonodes-test-'));
const mocha = path.join(root, 'node_modules', 'mocha', 'bin', 'mocha.js');
let passed = 0;
let failed = 0;
let skipped = 0;

/** Runs one suite and adds up what its report says; a suite that wrote no report has failed. */
async function runSuite(suite) {
	if (!suite.files.some((pattern) => fs.globSync(pattern, { cwd: root }).length > 0)) return;
	console.log(`\n== ${suite.name}`);
	const report = path.join(scratch, `${suite.name}.json`);
	const started = process.hrtime.bigint();
	const code = await new Promise((resolve) => {
		const child = spawn(process.execPath, [mocha, '--reporter', path.join(root, 'tools', 'test', 'reporter.cjs'), ...suite.files], {
			cwd: root,
			stdio: 'inherit',
			env: { ...process.env, EXONODES_REPORT: report, ...(options.has('--nightly') ? { NIGHTLY: '1' } : {}) },
		});
		child.on('close', resolve);
	});
	const seconds = Number((process.hrtime.bigint() - started) / 1000000n) / 1000;
	const counted = fs.existsSync(report) ? JSON.parse(fs.readFileSync(report, 'utf8')) : { passes: 0, failures: 1, pending: 0 };
	passed += counted.passes;
	failed += counted.failures + (code !== 0 && counted.failures === 0 ? 1 : 0);
	skipped += counted.pending;
	console.log(`${suite.name}: ${counted.passes} passed, ${counted.failures} failed in ${seconds.toFixed(1)} s`);
}

for (const suite of chosen) await runSuite(suite);
fs.rmSync(scratch, { recursive: true, force: true });
console.log('');
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);
