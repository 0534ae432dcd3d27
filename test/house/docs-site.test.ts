/**
 * The pages of the documentation site. What VitePress makes of them is built by `npm run docs`, which ends with an error at
 * a link that leads nowhere; here is what it is given.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { NodeHelpers, type INode, type INodeProperties, type INodeType } from 'n8n-workflow';
import { codeBlocks, n8nDescriptions, pages as documents, root } from './pages';

const n8nNodes = n8nDescriptions();
const dashed = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

describe('the documentation site', () => {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'exonodes-pages-'));
	let written = new Map<string, { page: string; title: string }>();
	let pageText: (from: string, text: string, pages: Map<string, string>) => string;
	const pageOf = (source: string): string =>
		fs.readFileSync(path.join(folder, written.get(source)?.page ?? ''), 'utf8');

	before(async () => {
		const tools = await import('../../tools/docs/stage.mjs');
		pageText = tools.pageText;
		written = await tools.stage(folder);
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

	it('has a page for every node and operation of n8n, with each parameter and a node that n8n finds complete', () => {
		let operations = 0;
		for (const description of n8nNodes) {
			const name = dashed(description.name);
			assert.ok(pageOf(`n8n/${name}.md`).startsWith(`# ${description.displayName} (n8n)\n`));
			const chosen = description.properties.filter((one) => one.name === 'operation').flatMap(operationsOf);
			for (const [resource, operation] of chosen) {
				operations += 1;
				const page = pageOf(`n8n/${name}-${dashed(resource)}-${dashed(operation)}.md`);
				assertComplete(page, description, { resource, operation });
			}
			if (chosen.length === 0) assertComplete(pageOf(`n8n/${name}.md`), description, {});
		}
		assert.ok(operations >= 10);
	});

	it('shows the properties of a Node-RED node, with their values and what a new node has', () => {
		const page = pageOf('node-red/nodes/exotel-make-call/locales/en-US/exotel-make-call.html');
		assert.match(page, /^\| `mode` \| .* \| one of `numbers` \(.*`flow` \(.*`agent` \(.*\) \| `numbers` \|$/m);
		assert.match(page, /^\| `flowId` \| .*Only with `mode` `flow`\..*type `str` \|$/m);
		assert.match(page, /!\[The form of make call\]\(.*make-call-numbers-light\.webp\)/);
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

	it('lists every page in llms.txt, as a text that is there, and guides, fields and examples in llms-full.txt', () => {
		const index = fs.readFileSync(path.join(folder, 'public', 'llms.txt'), 'utf8');
		for (const { page, title } of written.values()) {
			assert.ok(index.includes(`- [${title}](./${encodeURI(page)})`), page);
			assert.ok(fs.existsSync(path.join(folder, 'public', page)), page);
		}
		for (const description of n8nNodes)
			assert.ok(index.includes(`### \`@exonodes/n8n-nodes-exotel.${description.name}\``));
		for (const type of fs.readdirSync(path.join(root, 'node-red', 'nodes')))
			assert.ok(index.includes(`### \`${type}\``));
		const full = fs.readFileSync(path.join(folder, 'public', 'llms-full.txt'), 'utf8');
		for (const word of [
			'@exonodes/n8n-nodes-exotel.exotelAppletAnswer',
			'"exotel-make-call"',
			'`CallerId`',
			'# Glossary',
		])
			assert.ok(full.includes(word), word);
		for (const text of [index, full]) assert.doesNotMatch(text, /<!--/);
	});
});

function operationsOf({ displayOptions, options = [] }: INodeProperties): [resource: string, operation: string][] {
	const [resource] = displayOptions?.show?.['resource'] ?? assert.fail();
	return options.flatMap((one) => ('value' in one ? [[String(resource), String(one.value)]] : []));
}

/** A page names every parameter, and the node on it has none that is missing or wrong. */
function assertComplete(
	page: string,
	description: INodeType['description'],
	chosen: { resource?: string; operation?: string },
): void {
	const node = JSON.parse(codeBlocks(page)[0]?.content ?? '') as INode;
	assert.equal(node.type, `@exonodes/n8n-nodes-exotel.${description.name}`);
	const { properties } = description;
	const parameters = NodeHelpers.getNodeParameters(properties, node.parameters, true, false, node, description);
	const complete = { ...node, parameters: parameters ?? {} };
	assert.equal(NodeHelpers.getNodeParametersIssues(properties, complete, description), null, page);
	for (const [name, value] of Object.entries(chosen)) assert.equal(node.parameters[name], value);
	for (const one of properties.filter(({ type }) => type !== 'notice')) {
		const { resource, operation } = one.displayOptions?.show ?? {};
		const isHere =
			one.name !== 'resource' &&
			one.name !== 'operation' &&
			(resource === undefined || resource.includes(chosen.resource ?? '')) &&
			(operation === undefined || operation.includes(chosen.operation ?? '')) &&
			one.displayOptions?.hide?.['operation']?.includes(chosen.operation ?? '') !== true &&
			one.displayOptions?.hide?.['resource']?.includes(chosen.resource ?? '') !== true;
		const names =
			one.type === 'collection' ? (one.options ?? []).map(({ name }) => `${one.name}.${name}`) : [one.name];
		if (isHere)
			for (const name of names) assert.ok(page.includes(`| \`${name}\` |`), `${chosen.operation}: ${name}`);
	}
}
