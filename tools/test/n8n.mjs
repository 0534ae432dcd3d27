/**
 * `npm run test:n8n`: what needs n8n itself. Installs the pinned n8n, its lint and its scanner once into the cache
 * folder; then strict lint, scan of the sources and of the tarball, and the suites on the real host: one process, queue
 * mode, copies of Node-RED on Redis, the editor in Chromium, the starter. Closes with one line, "N passed, N failed", over all of it.
 *
 *   node tools/test/n8n.mjs [lint|scan|host|queue|editor …]      nothing named: all
 */
import fs from 'node:fs';
import { lint, scan } from '../n8n-lint/check.mjs';
import { packedN8n } from '../n8n/host.mjs';
import { installedLint, installedN8n } from '../n8n/install.mjs';
import { Tally } from './tally.mjs';

const others = {
	queue: ['queue-faults', 'queue', 'queue-kills', '../redis/copies'],
	editor: ['editor', 'going-live'],
	start: ['start'],
};
/** All that no other suite has, so that no file is left out. */
const host = fs
	.readdirSync('test/hosts/n8n')
	.flatMap((file) => (file.endsWith('.test.ts') ? [file.slice(0, -'.test.ts'.length)] : []))
	.filter((name) => !Object.values(others).flat().includes(name));
const suites = { host, ...others };
const gates = { lint, scan: async () => scan(await packedN8n()) };

const named = process.argv.slice(2);
const known = [...Object.keys(gates), ...Object.keys(suites)];
const unknown = named.filter((name) => !known.includes(name));
if (unknown.length > 0) {
	console.error(`No such part: ${unknown.join(', ')}. There are: ${known.join(', ')}.`);
	process.exit(2);
}
const chosen = known.filter((name) => named.length === 0 || named.includes(name));

const tally = new Tally();

/** Runs one of n8n's gates; what it finds is its error. */
async function runGate(name) {
	try {
		console.log(await gates[name]());
		tally.passed += 1;
	} catch (error) {
		console.error(error.message);
		tally.failed += 1;
	}
}

if (chosen.some((name) => name in gates)) {
	console.log("Getting n8n's lint and scanner ready (a minute at the first time) …");
	await installedLint();
}
for (const name of chosen.filter((each) => each in gates)) await runGate(name);
if (chosen.some((name) => name in suites)) {
	console.log('Getting n8n ready (five minutes at the first time) …');
	await installedN8n();
}
const hosted = chosen
	.filter((each) => each in suites)
	.map((name) => ({
		name: `n8n-${name}`,
		files: suites[name].map((file) => `test/hosts/n8n/${file}.test.ts`),
		browser: name === 'editor',
	}));
await tally.all(hosted, { isBrowserRequired: true });
if (hosted.length > 0) await tally.search(chosen.includes('host') ? ['n8n', 'executions'] : ['n8n']);
tally.close();
