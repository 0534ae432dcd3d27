/** The oldest n8n that is promised is the one that is tested, in every place that names one. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { pages, read } from './pages';

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
		const documents = pages.filter((file) => file.startsWith('docs/') || path.basename(file) === 'README.md');
		for (const one of ['README.md', 'docs/going-live-n8n.md', 'node-red/README.md', 'examples/README.md'])
			assert.ok(documents.includes(one), one);
		for (const file of documents) {
			const others = [...read(file).matchAll(/n8n\s+(\d+\.\d+)/g)].map(([, version]) => version);
			assert.deepEqual(
				others.filter((version) => version !== minor),
				[],
				file,
			);
		}
	});
});
