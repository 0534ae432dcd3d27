/** The oldest n8n that is promised is the one that is tested, in every place that names one. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';

const root = path.resolve(__dirname, '..', '..');
const read = (file: string): string => fs.readFileSync(path.join(root, file), 'utf8');
const json = (file: string) => JSON.parse(read(file)) as Record<string, Record<string, string> | undefined>;

describe('the oldest n8n that is named', () => {
	const tested = json('tools/n8n/package.json')['dependencies']?.['n8n'] ?? '';
	const minor = tested.split('.').slice(0, 2).join('.');

	it('is the one that the tests install', () => {
		assert.match(tested, /^\d+\.\d+\.\d+$/);
		assert.ok(read('README.md').includes(`| n8n ${minor} and newer |`));
		assert.ok(read('docs/n8n.md').includes(`Needs n8n ${minor} or newer: tested on ${tested} `));
		assert.ok(read('docs/quality.md').includes(`| n8n ${tested} |`));
	});

	it('is the one whose types the nodes are compiled against', () => {
		const types = json('package.json')['devDependencies']?.['n8n-workflow'] ?? '';
		assert.equal(types.split('.').slice(0, 2).join('.'), minor);
	});

	it('is named nowhere with another number', () => {
		for (const file of ['README.md', 'docs/n8n.md', 'docs/quality.md', 'docs/limits.md', 'examples/README.md']) {
			const others = [...read(file).matchAll(/n8n (\d+\.\d+)/g)].map(([, version]) => version);
			assert.deepEqual(
				others.filter((version) => version !== minor),
				[],
				file,
			);
		}
	});
});
