/**
 * `npm run test:mutation [-- files …]`: changes the core in thousands of small ways and counts how many of them a test
 * notices.
 *
 * Stryker's runner takes mocha from the project it runs in and knows none newer than 11, so it runs on a staged copy of
 * the core and its tests, with the tree's own packages and a mocha 11 from the cache. The report goes to
 * reports/mutation.json.
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { installed } from '../hosts/installed.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const tools = path.join(await installed('mutation'), 'node_modules');
const wanted = process.argv.slice(2);

const stage = await fs.mkdtemp(path.join(os.tmpdir(), 'exonodes-mutation-'));
for (const part of ['exotel', 'test/exotel', 'test/fixtures', 'tsconfig.json', 'package.json']) {
	await fs.cp(path.join(root, part), path.join(stage, part), { recursive: true });
}
const modules = path.join(stage, 'node_modules');
await fs.mkdir(modules);
for (const name of await fs.readdir(path.join(root, 'node_modules'))) {
	if (name.startsWith('.') || name === 'mocha' || name === '@exonodes') continue;
	await fs.symlink(path.join(root, 'node_modules', name), path.join(modules, name), 'junction');
}
await fs.symlink(path.join(tools, 'mocha'), path.join(modules, 'mocha'), 'junction');

const options = {
	testRunner: 'mocha',
	plugins: [path.join(tools, '@stryker-mutator', 'mocha-runner', 'dist', 'src', 'index.js')],
	mochaOptions: {
		require: [createRequire(import.meta.url).resolve('tsx/cjs')],
		spec: ['test/exotel/**/*.test.ts'],
		extension: ['ts'],
	},
	mutate: wanted.length > 0 ? wanted : ['exotel/**/*.ts', '!exotel/**/*.generated.*'],
	coverageAnalysis: 'perTest',
	timeoutMS: 2000,
	concurrency: Number(process.env.MUTATION_PROCESSES || 2),
	reporters: ['clear-text', 'json'],
	jsonReporter: { fileName: 'mutation.json' },
	clearTextReporter: {
		allowColor: false,
		logTests: false,
		reportTests: false,
		reportMutants: process.env.MUTATION_SURVIVORS === '1',
	},
	symlinkNodeModules: true,
	allowConsoleColors: false,
	ignoreStatic: true,
	thresholds: { high: 90, low: 85, break: wanted.length > 0 ? null : 85 },
};
await fs.writeFile(path.join(stage, 'stryker.json'), JSON.stringify(options, null, 2));

const stryker = path.join(tools, '@stryker-mutator', 'core', 'bin', 'stryker.js');
const code = await new Promise((resolve) => {
	spawn(process.execPath, [stryker, 'run', 'stryker.json'], {
		cwd: stage,
		stdio: 'inherit',
		env: { ...process.env, MUTATION: '1' },
	}).on('close', resolve);
});
await fs.mkdir(path.join(root, 'reports'), { recursive: true });
await fs.copyFile(path.join(stage, 'mutation.json'), path.join(root, 'reports', 'mutation.json')).catch(() => {});
await fs.rm(stage, { recursive: true, force: true });
process.exit(code ?? 1);
