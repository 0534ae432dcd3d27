/** `npm run docs:preview`: shows the built documentation site on this machine; builds it when it is not there. */
import fs from 'node:fs';
import path from 'node:path';
import { run, site } from './site.mjs';

if (!fs.existsSync(path.join(site, 'dist', 'index.html'))) await import('./build.mjs');
run(path.join('vitepress', 'bin', 'vitepress.js'), ['preview', '--host', '127.0.0.1', ...process.argv.slice(2)]);
