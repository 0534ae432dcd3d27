/**
 * `npm run docs`: the documentation site in docs-site/dist, with search. Installs the site's generator at the first time; the
 * build itself needs no network. A link that leads nowhere ends it with an error.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { root, stage } from './stage.mjs';

const site = path.join(root, 'docs-site');
const run = (command, args) => {
	const { status } = spawnSync(command, args, { cwd: site, stdio: 'inherit', shell: process.platform === 'win32' });
	if (status !== 0) process.exit(status ?? 1);
};

const { devDependencies } = JSON.parse(fs.readFileSync(path.join(site, 'package.json'), 'utf8'));
const installed = path.join(site, 'node_modules', 'vitepress', 'package.json');
const version = fs.existsSync(installed) ? JSON.parse(fs.readFileSync(installed, 'utf8')).version : '';
if (version !== devDependencies.vitepress) run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund']);

const pages = stage(path.join(site, 'pages'));
console.log(`${pages.size} pages`);
run(process.execPath, [path.join('node_modules', 'vitepress', 'bin', 'vitepress.js'), 'build']);
