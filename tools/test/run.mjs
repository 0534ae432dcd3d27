/**
 * `npm test`: every suite that needs no more than Node and what comes over npm, n8n apart. Closes with one line,
 * "N passed, N failed", over all suites.
 *
 *   node tools/test/run.mjs [--units] [--browser] [--nightly] [suite …]
 *
 * --units leaves out the suites that start real hosts and a browser; --browser runs only those in a browser. Where there
 * is none (tools/test/browser.mjs) those are left out and counted; named, with --browser or with REQUIRE_BROWSER=1 they
 * fail. With REQUIRE_ALL=1 a skipped test is a failure. `other-languages` needs Python, PHP, Ruby and curl; it runs only
 * when it is named. --nightly raises the number of property runs. At the end all that was printed is searched for the
 * secrets and numbers of the hosts' stages.
 */
import fs from 'node:fs';
import { Tally } from './tally.mjs';

/** Tests of Node-RED that click in its editor. */
const inEditor = ['editor-forms', 'first-hour', 'first-use'].map((name) => `test/hosts/node-red/${name}.test.ts`);
const onNodeRed = fs
	.readdirSync('test/hosts/node-red')
	.filter((name) => name.endsWith('.test.ts'))
	.map((name) => `test/hosts/node-red/${name}`);

const suites = [
	{ name: 'core', files: ['test/exotel/**/*.test.ts'] },
	{ name: 'double', files: ['test/double/**/*.test.ts'] },
	{ name: 'simulator', files: ['test/simulator/**/*.test.ts'] },
	{ name: 'node-red', files: ['test/node-red/**/*.test.ts'] },
	{ name: 'n8n', files: ['test/nodes/**/*.test.ts'] },
	{ name: 'recorded', files: ['test/recorded/**/*.test.ts'] },
	{ name: 'same-on-both-hosts', files: ['test/same-on-both-hosts/**/*.test.ts'] },
	{ name: 'hostile', files: ['test/hostile/**/*.test.ts'] },
	{ name: 'house', files: ['test/house/**/*.test.ts'] },
	{ name: 'real-clients', files: ['test/clients/real-clients.test.ts'], host: true },
	{
		name: 'other-languages',
		files: ['other-languages', 'curl-lines'].map((name) => `test/clients/${name}.test.ts`),
		onlyNamed: true,
	},
	{ name: 'start', files: ['test/hosts/start/**/*.test.ts'], host: true, prints: ['node-red', 'starter'] },
	{
		name: 'node-red-hosts',
		files: onNodeRed.filter((file) => !inEditor.includes(file)),
		host: true,
		prints: ['node-red'],
	},
	{ name: 'node-red-editor', files: inEditor, host: true, browser: true, prints: ['node-red'] },
	{ name: 'simulator-page', files: ['test/hosts/simulator/**/*.test.ts'], host: true, browser: true },
	{ name: 'docs-site', files: ['test/hosts/docs-site/**/*.test.ts'], host: true, browser: true },
];

const options = new Set(process.argv.slice(2).filter((argument) => argument.startsWith('--')));
const named = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const unknown = named.filter((name) => !suites.some((suite) => suite.name === name));
if (unknown.length > 0) {
	console.error(`No such suite: ${unknown.join(', ')}. There are: ${suites.map((suite) => suite.name).join(', ')}.`);
	process.exit(2);
}

const chosen = suites.filter((suite) =>
	named.length > 0
		? named.includes(suite.name)
		: !suite.onlyNamed && !(options.has('--units') && suite.host) && !(options.has('--browser') && !suite.browser),
);
const environment = options.has('--nightly') ? { NIGHTLY: '1' } : {};
const tally = new Tally();
const ran = await tally.all(chosen, { environment, isBrowserRequired: named.length > 0 || options.has('--browser') });
if (ran.length > 0) await tally.search([...new Set(ran.flatMap(({ prints }) => prints ?? []))]);
tally.close();
