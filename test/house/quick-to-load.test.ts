/** What the packages look like to the JavaScript engine that loads them. `gulp build` makes the files. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { root } from './pages';

const run = promisify(execFile);

/** What a host loads when it starts. */
const LOADED = ['dist', 'node-red/dist', 'node-red/resources'];

/** The scripts of both packages, as paths in the repository. */
function scripts(): string[] {
	return LOADED.flatMap((folder) =>
		fs
			.readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
			.filter((name) => name.endsWith('.js'))
			.map((name) => path.join(folder, name)),
	);
}

describe('what a host loads', () => {
	before(function () {
		if (LOADED.some((folder) => !fs.existsSync(path.join(root, folder)))) this.skip();
	});

	it('is ASCII: one other character doubles the memory that the text of its file takes', () => {
		const files = scripts();
		assert.ok(files.length > 80);
		const others = files.filter((file) => /[^\0-\x7f]/.test(fs.readFileSync(path.join(root, file), 'utf8')));
		assert.deepEqual(others, []);
	});

	it('is in Node-RED no core before a flow has a node', async () => {
		const nodeRed = path.join(root, 'node-red');
		const manifest = JSON.parse(fs.readFileSync(path.join(nodeRed, 'package.json'), 'utf8')) as {
			'node-red': { nodes: Record<string, string> };
		};
		const files = Object.values(manifest['node-red'].nodes).map((file) => path.join(nodeRed, file));
		const script = `
const RED = new Proxy(() => {}, { get: () => RED, apply: () => RED });
for (const file of ${JSON.stringify(files)}) {
	const set = require(file);
	(set.default ?? set)(RED);
}
const loaded = () => Object.keys(require.cache).some((file) => file.endsWith('exotel-editor.js'));
const before = loaded();
const core = require(${JSON.stringify(path.join(nodeRed, 'dist/exotel/index.js'))});
const absent = [core.then, core.nothing].filter((value) => value !== undefined);
const { appletOf } = core;
console.log(JSON.stringify({ nodes: ${String(files.length)}, before, absent, appletOf: typeof appletOf, after: loaded() }));`;
		const { stdout } = await run(process.execPath, ['-e', script]);
		assert.deepEqual(JSON.parse(stdout), {
			nodes: 9,
			before: false,
			absent: [],
			appletOf: 'function',
			after: true,
		});
	});

	it('has the numbering plans of all countries as a text, which is parsed when a number needs them', () => {
		for (const file of ['dist/exotel/index.js', 'node-red/resources/exotel-editor.js']) {
			const text = fs.readFileSync(path.join(root, file), 'utf8');
			assert.match(text, /JSON\.parse\((['"`])\{\\?"version\\?":4,\\?"country_calling_codes\\?":/, file);
		}
	});
});
