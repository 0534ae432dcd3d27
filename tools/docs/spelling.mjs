/** `npm run docs:spelling`: words of the documents that neither English nor docs-site/cspell.json knows; code is left out. */
import path from 'node:path';
import { install, run } from './site.mjs';

const documents = [
	'*.md',
	'docs/*.md',
	'docs/{decisions,reference}/*.md',
	'examples/*.md',
	'node-red/README.md',
	'simulator/README.md',
];

install();
run(path.join('cspell', 'bin.mjs'), ['lint', '--no-progress', '--root', '..', '--config', 'cspell.json', ...documents]);
