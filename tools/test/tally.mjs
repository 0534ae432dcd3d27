/**
 * Runs suites, one mocha process each, so that a host started by one cannot disturb the next, and adds up what they
 * report. A suite that wrote no report has failed.
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { findBrowser, NO_BROWSER } from './browser.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const mocha = path.join(root, 'node_modules', 'mocha', 'bin', 'mocha.js');
const reporter = path.join(root, 'tools', 'test', 'reporter.cjs');

/** Counts over several suites. */
export class Tally {
	#scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'exonodes-test-'));
	#leftOut = [];
	passed = 0;
	failed = 0;
	skipped = 0;

	/** Runs one suite; `files` are paths or patterns below the root. */
	async suite(name, files, environment = {}) {
		console.log(`\n== ${name}`);
		const report = path.join(this.#scratch, `${name}.json`);
		const started = process.hrtime.bigint();
		const code = await new Promise((resolve) => {
			spawn(process.execPath, [mocha, '--reporter', reporter, ...files], {
				cwd: root,
				stdio: 'inherit',
				env: { ...process.env, EXONODES_REPORT: report, ...environment },
			}).on('close', resolve);
		});
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
	 * required, also by REQUIRE_BROWSER=1.
	 *
	 * @param {{ name: string, files: string[], browser?: boolean }[]} suites
	 * @param {{ environment?: Record<string, string>, isBrowserRequired: boolean }} options
	 */
	async all(suites, { environment, isBrowserRequired }) {
		const isRequired = isBrowserRequired || process.env.REQUIRE_BROWSER === '1';
		for (const { name, files, browser } of suites) {
			if (!browser || findBrowser() !== null) {
				await this.suite(name, files, environment);
				continue;
			}
			if (isRequired) this.failed += 1;
			else this.#leftOut.push(name);
			console.log(`\n== ${name}: ${isRequired ? 'failed' : 'left out'}, ${NO_BROWSER}`);
		}
	}

	/** Prints the one line that counts and ends the process with 0 only when something ran and nothing failed. */
	close() {
		fs.rmSync(this.#scratch, { recursive: true, force: true });
		if (this.#leftOut.length > 0) console.log(`\nLeft out: ${this.#leftOut.join(', ')}`);
		const suites = this.#leftOut.length === 1 ? '1 suite' : `${this.#leftOut.length} suites`;
		const leftOut = this.#leftOut.length === 0 ? '' : `, ${suites} left out`;
		console.log(`\n${this.passed} passed, ${this.failed} failed, ${this.skipped} skipped${leftOut}`);
		process.exit(this.failed > 0 || this.passed === 0 ? 1 : 0);
	}
}
