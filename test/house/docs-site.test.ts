/**
 * The pages of the documentation site. What VitePress makes of them is built by `npm run docs`, which ends with an error at
 * a link that leads nowhere; here is what it is given.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pages as documents, root } from './pages';

describe('the documentation site', () => {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'exonodes-pages-'));
	let written = new Map<string, { page: string; title: string }>();
	let pageText: (from: string, text: string, pages: Map<string, string>) => string;
	const pageOf = (source: string): string =>
		fs.readFileSync(path.join(folder, written.get(source)?.page ?? ''), 'utf8');

	before(async () => {
		const tools = await import('../../tools/docs/stage.mjs');
		pageText = tools.pageText;
		written = tools.stage(folder);
	});

	after(() => fs.rmSync(folder, { recursive: true, force: true }));

	it('has a titled page for every document, every example and every node of Node-RED', () => {
		const examples = ['examples', 'node-red/examples'].flatMap((one) =>
			fs
				.readdirSync(path.join(root, one), { recursive: true, encoding: 'utf8' })
				.filter((name) => name.endsWith('.json'))
				.map((name) => `${one}/${name}`),
		);
		const nodes = fs
			.readdirSync(path.join(root, 'node-red', 'nodes'))
			.map((type) => `node-red/nodes/${type}/locales/en-US/${type}.html`);
		const wanted = documents.filter((file) => /^(?:docs|examples|node-red|simulator)\/|^[A-Z]+\.md$/.test(file));
		for (const source of [...wanted, ...examples, ...nodes]) {
			assert.ok(written.has(source), source);
			assert.notEqual(written.get(source)?.title, '', source);
			assert.ok(pageOf(source).length > 200, source);
		}
	});

	it('shows the JSON of an example as it is, and the type of each of its nodes', () => {
		const source = 'examples/call-and-wait.json';
		const json = fs.readFileSync(path.join(root, source), 'utf8');
		assert.ok(pageOf(source).includes(json.trim()));
		assert.match(pageOf(source), /`@exonodes\/n8n-nodes-exotel\.exotel`/);
	});

	it('has no HTML left that would be shown as text', () => {
		for (const source of written.keys()) {
			const prose = pageOf(source)
				.replace(/^ *```[\s\S]*?^ *```/gm, '')
				.replace(/`[^`\n]*`/g, '');
			assert.doesNotMatch(prose, /<!--|<a id|<img|<br>|<\/?(?:p|code|dl|dt|dd|li|h3|script)\b/, source);
		}
	});

	it('keeps the anchors of the troubleshooting page, to which errors lead', () => {
		assert.match(pageOf('docs/troubleshooting.md'), /^### 403: KYC is not complete \{#kyc\}$/m);
	});

	it('leads links to pages, and to the repository where a file has none', () => {
		const pages = new Map([
			['README.md', 'index.md'],
			['docs/n8n.md', 'docs/n8n.md'],
			['examples/README.md', 'examples/index.md'],
			['examples/a.json', 'examples/a.md'],
		]);
		const linked = (link: string): string => pageText('docs/n8n.md', `[x](${link})`, pages);
		assert.equal(linked('../README.md#packages'), '[x](../index.md#packages)');
		assert.equal(linked('../examples'), '[x](../examples/index.md)');
		assert.equal(linked('../examples/a.json'), '[x](../examples/a.md)');
		assert.equal(
			linked('https://github.com/exonodes/exonodes/tree/main/examples#readme'),
			'[x](../examples/index.md)',
		);
		assert.equal(linked('../LICENSE'), '[x](https://github.com/exonodes/exonodes/blob/main/LICENSE)');
		assert.equal(linked('./no-such-page.md'), '[x](./no-such-page.md)');
		assert.equal(linked('https://example.com/a'), '[x](https://example.com/a)');
		assert.equal(
			pageText('docs/n8n.md', '`{{ a }} [x](../README.md)` {{ b }}', pages),
			'`{{ a }} [x](../README.md)` &#123;&#123; b }}',
		);
	});

	it('lists every page in llms.txt, and holds guides, fields and examples for both hosts in llms-full.txt', () => {
		const index = fs.readFileSync(path.join(folder, 'public', 'llms.txt'), 'utf8');
		for (const [source, { title }] of written)
			assert.ok(index.includes(`- [${title}](`) && index.includes(source), source);
		const full = fs.readFileSync(path.join(folder, 'public', 'llms-full.txt'), 'utf8');
		for (const word of [
			'@exonodes/n8n-nodes-exotel.exotelAppletAnswer',
			'"exotel-make-call"',
			'`CallerId`',
			'# Glossary',
		])
			assert.ok(full.includes(word), word);
		assert.doesNotMatch(full, /<!--/);
	});
});
