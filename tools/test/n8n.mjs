/**
 * `npm run test:n8n`: what needs n8n itself. Installs the pinned n8n, its lint and its scanner once into the cache folder; then strict
 * lint, scan of the sources and of the tarball, and the suites on the real host: one process, queue mode, the editor in Chromium.
 * Closes with one line, "N passed, N failed", over all of it.
 *
 *   node tools/test/n8n.mjs [lint|scan|host|queue|editor …]      nothing named: all
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { lint, scan } from '../n8n-lint/check.mjs';
import { packedN8n } from '../n8n/host.mjs';
import { installedLint, installedN8n } from '../n8n/install.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const suites = {
	host: ['package', 'operations', 'waiting', 'trigger', 'applet', 'examples', 'polling'],
	queue: ['queue'],
	editor: ['editor'],
};
const gates = { lint, scan: async () => scan(await packedN8n()) };

const named = process.argv.slice(2);
const known = [...Object.keys(gates), ...Object.keys(suites)];
const unknown = named.filter((name) => !known.includes(name));
if (unknown.length > 0) {
	console.error(`No such part: ${unknown.join(', ')}. There are: ${known.join(', ')}.`);
	process.exit(2);
}
const chosen = known.filter((name) => named.length === 0 || named.includes(name));

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'exonodes-test-'));
let passed = 0;
let failed = 0;
let skipped = 0;

/** Runs one of n8n's gates; what it finds is its error. */
async function runGate(name) {
	try {
		console.log(await gates[name]());
		passed += 1;
	} catch (error) {
		console.error(error.message);
		failed += 1;
	}
}

/** Runs one suite in a process of its own and adds up what its report says; a suite that wrote no report has failed. */
async function runSuite(name) {
	console.log(`\n== n8n ${name}`);
	const report = path.join(scratch, `${name}.json`);
	const files = suites[name].map((file) => path.join('test/hosts/n8n', `${file}.test.ts`));
	const code = await new Promise((resolve) => {
		const mocha = path.join(root, 'node_modules', 'mocha', 'bin', 'mocha.js');
		const child = spawn(process.execPath, [mocha, '--reporter', path.join(root, 'tools', 'test', 'reporter.cjs'), ...files], {
			cwd: root,
			stdio: 'inherit',
			env: { ...process.env, EXONODES_REPORT: report },
		});
		child.on('close', resolve);
	});
	const counted = fs.existsSync(report) ? JSON.parse(fs.readFileSync(report, 'utf8')) : { passes: 0, failures: 1, pending: 0 };
	passed += counted.passes;
	failed += counted.failures + (code !== 0 && counted.failures === 0 ? 1 : 0);
	skipped += counted.pending;
}

if (chosen.some((name) => name in gates)) {
	console.log('Getting n8n\'s lint and scanner ready (a minute at the first time) …');
	await installedLint();
}
for (const name of chosen.filter((each) => each in gates)) await runGate(name);
if (chosen.some((name) => name in suites)) {
	console.log('Getting n8n ready (five minutes at the first time) …');
	await installedN8n();
}
for (const name of chosen.filter((each) => each in suites)) await runSuite(name);

fs.rmSync(scratch, { recursive: true, force: true });
console.log('');
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);
