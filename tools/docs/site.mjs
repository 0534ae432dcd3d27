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
