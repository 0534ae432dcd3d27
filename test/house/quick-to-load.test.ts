/** What the packages look like to the JavaScript engine that loads them. `gulp build` makes the files. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { root } from './pages';

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

	it('has the numbering plans of all countries as a text, which is parsed when a number needs them', () => {
		for (const file of ['dist/exotel/index.js', 'node-red/resources/exotel-editor.js']) {
			const text = fs.readFileSync(path.join(root, file), 'utf8');
			assert.match(text, /JSON\.parse\((['"`])\{\\?"version\\?":4,\\?"country_calling_codes\\?":/, file);
		}
	});
});
