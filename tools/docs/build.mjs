/**
 * `npm run docs`: the documentation site in docs-site/dist, with search. Installs the site's generator at the first time; the
 * build itself needs no network. A link that leads nowhere ends it with an error, and so does anything the generator warns of.
 */
import path from 'node:path';
import { install, runSilently, site } from './site.mjs';
import { stage } from './stage.mjs';

install();
console.log(`${(await stage(path.join(site, 'pages'))).size} pages`);
runSilently(path.join('vitepress', 'bin', 'vitepress.js'), ['build']);
