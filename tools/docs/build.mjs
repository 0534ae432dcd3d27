/**
 * `npm run docs`: the documentation site in docs-site/dist, with search. Installs the site's generator at the first
 * time; the build itself needs no network. `DOCS_BASE=/exonodes/` is for a site that is served below that path. A link
 * that leads nowhere ends it with an error, and so does anything the generator warns of.
 */
import path from 'node:path';
import { install, runSilently, site } from './site.mjs';
import { stage } from './stage.mjs';

install();
console.log(`${(await stage(path.join(site, 'pages'))).size} pages`);
runSilently(path.join('vitepress', 'bin', 'vitepress.js'), ['build']);
console.log('Look at it: npm run docs:preview (its pages need a web server; opened as files they have no style).');
