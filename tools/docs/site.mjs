/**
 * The programs of the documentation site. They have a manifest of their own, so that `npm ci` of the repository stays
 * small. It takes rollup in WebAssembly: one package for every system, where rollup itself has one for each.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { root } from './stage.mjs';

/** The folder of the site. */
export const site = path.join(root, 'docs-site');
const modules = path.join(site, 'node_modules');

function orExit({ status }) {
	if (status !== 0) process.exit(status ?? 1);
}

/** Installs the programs, unless those of the manifest are there. */
export function install() {
	const { devDependencies } = JSON.parse(fs.readFileSync(path.join(site, 'package.json'), 'utf8'));
	const isThere = ([name, version]) => {
		const manifest = path.join(modules, name, 'package.json');
		return fs.existsSync(manifest) && JSON.parse(fs.readFileSync(manifest, 'utf8')).version === version;
	};
	if (Object.entries(devDependencies).every(isThere)) return;
	const options = { cwd: site, stdio: 'inherit', shell: process.platform === 'win32' };
	orExit(spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], options));
}

/** Runs a program in the folder of the site; ends this one when it fails. */
export function run(program, args) {
	orExit(spawnSync(process.execPath, [path.join(modules, program), ...args], { cwd: site, stdio: 'inherit' }));
}

/** The lines by which the generator shows how far it is. */
const PROGRESS = /^\s*(?:\S*[-✓]\S* )?(?:building client \+ server bundles|rendering pages)\.\.\.\s*$/;

/** Runs a program that is to have nothing to say but its progress; ends this one when it fails, and at any other message. */
export function runSilently(program, args) {
	const done = spawnSync(process.execPath, [path.join(modules, program), ...args], {
		cwd: site,
		stdio: ['inherit', 'inherit', 'pipe'],
		encoding: 'utf8',
	});
	process.stderr.write(done.stderr);
	const said = done.stderr.split('\n').filter((line) => line.trim() !== '' && !PROGRESS.test(line));
	orExit({ status: done.status === 0 && said.length > 0 ? 1 : done.status });
}
