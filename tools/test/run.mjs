/**
 * `npm test`: every suite that needs no n8n installation. Closes with one line, "N passed, N failed", over all suites.
 *
 *   node tools/test/run.mjs [--units] [--nightly] [suite …]
 *
 * --units leaves out the suites that start real hosts and a browser; --nightly raises the number of property runs.
 */
import { Tally } from './tally.mjs';

const suites = [
	{ name: 'core', files: ['test/exotel/**/*.test.ts'] },
	{ name: 'double', files: ['test/double/**/*.test.ts'] },
	{ name: 'simulator', files: ['test/simulator/**/*.test.ts'] },
	{ name: 'node-red', files: ['test/node-red/**/*.test.ts'] },
	{ name: 'n8n', files: ['test/nodes/**/*.test.ts'] },
	{ name: 'recorded', files: ['test/recorded/**/*.test.ts'] },
	{ name: 'same-on-both-hosts', files: ['test/same-on-both-hosts/**/*.test.ts'] },
	{ name: 'house', files: ['test/house/**/*.test.ts'] },
	{ name: 'start', files: ['test/hosts/start/**/*.test.ts'], host: true },
	{ name: 'node-red-hosts', files: ['test/hosts/node-red/**/*.test.ts'], host: true },
	{ name: 'simulator-page', files: ['test/hosts/simulator/**/*.test.ts'], host: true },
];

const options = new Set(process.argv.slice(2).filter((argument) => argument.startsWith('--')));
const named = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const unknown = named.filter((name) => !suites.some((suite) => suite.name === name));
if (unknown.length > 0) {
	console.error(`No such suite: ${unknown.join(', ')}. There are: ${suites.map((suite) => suite.name).join(', ')}.`);
	process.exit(2);
}

const chosen = suites.filter((suite) =>
	named.length > 0 ? named.includes(suite.name) : !(options.has('--units') && suite.host),
);
const environment = options.has('--nightly') ? { NIGHTLY: '1' } : {};
const tally = new Tally();
for (const suite of chosen) await tally.suite(suite.name, suite.files, environment);
tally.close();
