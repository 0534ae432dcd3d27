/**
 * Runs suites, one mocha process each, so that a host started by one cannot disturb the next, and adds up what they
 * report. A suite that wrote no report has failed. All that the suites and their hosts print is kept and searched.
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { NO_BROWSER, testBrowser } from './browser.mjs';
import { searchOutput } from './leaks.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const mocha = path.join(root, 'node_modules', 'mocha', 'bin', 'mocha.js');
const reporter = path.join(root, 'tools', 'test', 'reporter.cjs');

/** Mocha sees no terminal behind what is kept of its output. */
const colours = process.stdout.isTTY ? { FORCE_COLOR: '1' } : {};

/** Counts over several suites. */
export class Tally {
	#scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'exonodes-test-'));
	#output = path.join(this.#scratch, 'output');
	#leftOut = [];
	passed = 0;
	failed = 0;
	skipped = 0;

	/** Runs one suite; `files` are paths or patterns below the root. */
	async suite(name, files, environment = {}) {
		console.log(`\n== ${name}`);
		const report = path.join(this.#scratch, `${name}.json`);
		const started = process.hrtime.bigint();
		fs.mkdirSync(this.#output, { recursive: true });
		const printed = fs.openSync(path.join(this.#output, `mocha-${name}.log`), 'w');
		const code = await new Promise((resolve) => {
			const child = spawn(process.execPath, [mocha, '--reporter', reporter, ...files], {
				cwd: root,
				stdio: ['inherit', 'pipe', 'pipe'],
				env: {
					...process.env,
					...colours,
					EXONODES_REPORT: report,
					EXONODES_OUTPUT: this.#output,
					...environment,
				},
			}).on('close', resolve);
			for (const stream of ['stdout', 'stderr'])
				child[stream].on('data', (chunk) => {
					process[stream].write(chunk);
					fs.writeSync(printed, chunk);
				});
		});
		fs.closeSync(printed);
		const seconds = Number((process.hrtime.bigint() - started) / 1000000n) / 1000;
		const counted = fs.existsSync(report)
			? JSON.parse(fs.readFileSync(report, 'utf8'))
			: { passes: 0, failures: 1, pending: 0 };
		this.passed += counted.passes;
		this.failed += counted.failures + (code !== 0 && counted.failures === 0 ? 1 : 0);
		this.skipped += counted.pending;
		console.log(`${name}: ${counted.passes} of ${counted.passes + counted.failures} held, ${seconds.toFixed(1)} s`);
	}

	/**
	 * Runs suites one after the other. Where there is no browser, those in a browser are left out; they fail when it is
	 * required, also by REQUIRE_BROWSER=1. Gives those that ran.
	 *
	 * @template {{ name: string, files: string[], browser?: boolean }} Suite
	 * @param {Suite[]} suites
	 * @param {{ environment?: Record<string, string>, isBrowserRequired: boolean }} options
	 * @returns {Promise<Suite[]>}
	 */
	async all(suites, { environment, isBrowserRequired }) {
		const isRequired = isBrowserRequired || process.env.REQUIRE_BROWSER === '1';
		const ran = [];
		for (const suite of suites) {
			const { name, files, browser } = suite;
			if (!browser || (await testBrowser()) !== null) {
				await this.suite(name, files, environment);
				ran.push(suite);
				continue;
			}
			if (isRequired) this.failed += 1;
			else this.#leftOut.push(name);
			console.log(`\n== ${name}: ${isRequired ? 'failed' : 'left out'}, ${NO_BROWSER}`);
		}
		return ran;
	}

	/**
	 * Searches what the suites and their hosts let out for the secrets and numbers of the stages; counts as one test.
	 * `kinds`: what has to be there to be searched, e.g. the output of a Node-RED; what was not kept was not searched.
	 */
	async search(kinds) {
		console.log('\n== output');
		const { searched, found } = await searchOutput(this.#output);
		const missing = kinds.filter((kind) => !(searched[kind] > 0));
		for (const what of missing) console.log(`There is no output to search: ${what}`);
		for (const leak of found) console.log(`Let out: ${leak}`);
		const counts = Object.entries(searched).map(([kind, count]) => `${count} ${kind}`);
		console.log(`output: ${found.length} secrets or numbers in ${counts.join(', ')}`);
		if (missing.length + found.length > 0) this.failed += 1;
		else this.passed += 1;
	}

	/**
	 * Prints the one line that counts and ends the process with 0 only when something ran and nothing failed, with
	 * REQUIRE_ALL=1 only when nothing was skipped either.
	 */
	close() {
		fs.rmSync(this.#scratch, { recursive: true, force: true });
		if (this.#leftOut.length > 0) console.log(`\nLeft out: ${this.#leftOut.join(', ')}`);
		const suites = this.#leftOut.length === 1 ? '1 suite' : `${this.#leftOut.length} suites`;
		const leftOut = this.#leftOut.length === 0 ? '' : `, ${suites} left out`;
		console.log(`\n${this.passed} passed, ${this.failed} failed, ${this.skipped} skipped${leftOut}`);
		const isMissing = process.env.REQUIRE_ALL === '1' && this.skipped > 0;
		process.exit(this.failed > 0 || this.passed === 0 || isMissing ? 1 : 0);
	}
}
