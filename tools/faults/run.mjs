/**
 * `npm run test:faults [-- --long | --teeth]`: what phones and flows notice when something goes wrong
 * (docs/reliability.md), in this process on a virtual clock.
 *
 * --long adds real hosts: Node-RED killed, restarted and deployed, n8n with one process and in queue mode; it needs
 * `npm run pack`. --teeth removes one guard at a time and expects the cell named for it to fail.
 */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Tally } from '../test/tally.mjs';
import { teeth } from './teeth.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const options = process.argv.slice(2);
const known = ['--long', '--teeth'];
const unknown = options.filter((option) => !known.includes(option));
if (unknown.length > 0) {
	console.error(`No such option: ${unknown.join(', ')}. There are: ${known.join(', ')}.`);
	process.exit(2);
}
if (options.includes('--teeth')) process.exit((await teeth(root)) === 0 ? 0 : 1);

const tally = new Tally();
const environment = options.includes('--long') ? { FAULTS_LONG: '1' } : {};
await tally.suite('faults', ['test/faults/**/*.test.ts'], environment);
if (options.includes('--long')) {
	const onNodeRed = ['survival', 'hostility', 'reliability'].map((name) => `test/hosts/node-red/${name}.test.ts`);
	await tally.suite('faults-node-red-hosts', onNodeRed, { DEPLOYS: '10' });
	const n8n = path.join(root, 'tools', 'test', 'n8n.mjs');
	const code = await new Promise((resolve) => {
		spawn(process.execPath, [n8n], { cwd: root, stdio: 'inherit' }).on('close', resolve);
	});
	if (code !== 0) tally.failed += 1;
}
tally.close();
