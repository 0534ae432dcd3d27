/**
 * `npm run docs:pictures`: takes the pictures in docs/screenshots/ anew, from the real hosts and the simulator's page in
 * Chromium. Look at each of them afterwards. n8n is installed at the first time.
 *
 *   node tools/docs/pictures.mjs [node-red|simulator|n8n|animation …]   nothing named: all
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { root } from './stage.mjs';

const mocha = path.join('node_modules', 'mocha', 'bin', 'mocha.js');
const tsx = path.join('node_modules', 'tsx', 'dist', 'cli.mjs');
const kinds = {
	// Of the tests only those that take a picture which a document shows.
	'node-red': [
		mocha,
		'test/hosts/node-red/first-use.test.ts',
		'test/hosts/node-red/editor-forms.test.ts',
		'--grep',
		'drag, fill in, deploy|\\(numbers\\): filled in|exotel-account: the test tells',
	],
	simulator: [tsx, 'test/hosts/simulator/take-screenshots.ts'],
	n8n: [mocha, 'test/hosts/n8n/editor.test.ts', '--grep', 'editor, light (places a call|explains the trigger|shows an imported)'],
	animation: [tsx, 'test/hosts/node-red/take-animation.ts'],
};

const named = process.argv.slice(2);
const unknown = named.filter((name) => !(name in kinds));
if (unknown.length > 0) {
	console.error(`No such pictures: ${unknown.join(', ')}. There are: ${Object.keys(kinds).join(', ')}.`);
	process.exit(2);
}
for (const [name, args] of Object.entries(kinds)) {
	if (named.length > 0 && !named.includes(name)) continue;
	console.log(`== ${name}`);
	const env = { ...process.env, SCREENSHOTS: '1' };
	const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit', env });
	if (status !== 0) process.exit(status ?? 1);
}
