/** The documents: what they link to, command, show and promise exists. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { anchorsOf, codeBlocks, linksOf, pages, read, root, targetOf, withoutBlocks, withoutCode } from './pages';
import { PROOFS } from './proofs';
import { testExists } from './test-titles';

const exists = (file: string): boolean => fs.existsSync(path.join(root, file));
const scripts = (folder = '.'): string[] =>
	Object.keys((JSON.parse(read(path.posix.join(folder, 'package.json'))) as { scripts?: object }).scripts ?? {});

/** Why a link does not lead anywhere; null when it does. */
function faultOf(file: string, link: string): string | null {
	const target = targetOf(file, link);
	if (target === null) return null;
	if (!exists(target.file)) return `${file}: ${link}: no such file`;
	if (target.anchor === '' || target.anchor === 'readme' || !target.file.endsWith('.md')) return null;
	return anchorsOf(target.file).has(target.anchor) ? null : `${file}: ${link}: no such heading`;
}

describe('the links of the documents', () => {
	it('lead to files and headings that exist', () => {
		const faults = pages.flatMap((file) => linksOf(file).map((link) => faultOf(file, link)));
		assert.ok(faults.length > 200, String(faults.length));
		assert.deepEqual(
			faults.filter((fault) => fault !== null),
			[],
		);
	});

	it('would be noticed when they led nowhere', () => {
		for (const link of ['no-such-file.md', '#no-such-heading', '/no-such-folder', '../README.md#no-such-heading'])
			assert.notEqual(faultOf('docs/troubleshooting.md', link), null, link);
		assert.equal(faultOf('docs/troubleshooting.md', '#401'), null);
	});

	it('are made of every picture', () => {
		const shown = new Set(pages.flatMap((file) => linksOf(file).map((link) => targetOf(file, link)?.file)));
		const pictures = fs
			.readdirSync(path.join(root, 'docs', 'screenshots'), { recursive: true, encoding: 'utf8' })
			.filter((name) => /\.(png|webp|gif|jpg)$/.test(name))
			.map((name) => `docs/screenshots/${name.split(path.sep).join('/')}`);
		assert.ok(pictures.length > 0);
		assert.deepEqual(
			pictures.filter((picture) => !shown.has(picture)),
			[],
		);
	});
});

describe('the commands of the documents', () => {
	it('name scripts that package.json has', () => {
		const named = pages.flatMap((file) =>
			[...read(file).matchAll(/\bnpm run ([a-z][\w:-]*)/g)].map(([, name = '']) => name),
		);
		assert.ok(named.length > 20);
		const known = new Set(scripts());
		assert.deepEqual(
			[...new Set(named)].filter((name) => !known.has(name)),
			[],
		);
	});

	it('name files that exist', () => {
		const commands = pages.flatMap((file) =>
			[
				...read(file).matchAll(/\b(?:node|npx tsx|npx mocha) ((?:tools|test|bench|simulator)\/[\w./-]+\.\w+)/g),
			].map(([, name = '']) => `${file}: ${name}`),
		);
		assert.ok(commands.length > 0);
		assert.deepEqual(
			commands.filter((command) => !exists(command.split(': ')[1] ?? '')),
			[],
		);
	});

	it('name tarballs of this version', () => {
		const version = (JSON.parse(read('package.json')) as { version: string }).version;
		for (const file of [...pages, 'compose.yaml'].filter((one) => one !== 'CHANGELOG.md'))
			for (const [tarball, named] of read(file).matchAll(/\bexonodes-[\w-]+?-(\d+\.\d+\.\d+)\.tgz/g))
				assert.equal(named, version, `${file}: ${tarball}`);
	});
});

describe('what the documents show', () => {
	it('parses, where it is JSON or YAML', () => {
		for (const file of pages)
			for (const { language, content } of codeBlocks(read(file))) {
				if (language === 'json') assert.doesNotThrow(() => JSON.parse(content), `${file}: ${content}`);
				if (language === 'yaml') assert.doesNotThrow(() => parse(content) as unknown, `${file}: ${content}`);
			}
	});

	it('names files of the repository that exist', () => {
		const folders =
			/^(?:\.github|docs|test|tools|nodes|node-red|exotel|examples|credentials|simulator)\/[\w./-]*\w\.\w+$/;
		const named = pages
			.filter((file) => file !== 'CHANGELOG.md' && !file.startsWith('docs/decisions/'))
			.flatMap((file) =>
				[...withoutBlocks(read(file)).matchAll(/`([^`\n]+)`/g)]
					.map(([, code = '']) => code)
					.filter((code) => folders.test(code))
					.map((code) => `${file}: ${code}`),
			);
		assert.ok(named.length > 40);
		assert.deepEqual(
			named.filter((one) => !exists(one.split(': ')[1] ?? '')),
			[],
		);
	});
});

interface Compose {
	services: Record<
		string,
		{
			image: string;
			network_mode?: string;
			ports?: string[];
			volumes?: string[];
			depends_on?: object;
			environment?: Record<string, string>;
			command?: string | string[];
		}
	>;
	volumes: Record<string, unknown>;
}

describe('compose.yaml', () => {
	const { services, volumes } = parse(read('compose.yaml')) as Compose;

	it('starts n8n, Node-RED and the simulator in fixed versions', () => {
		for (const name of ['n8n', 'node-red', 'simulator']) assert.ok(services[name] !== undefined, name);
		for (const [name, { image }] of Object.entries(services)) assert.match(image, /:\d[\w.-]*$/, name);
		const tested = (JSON.parse(read('tools/n8n/package.json')) as { dependencies: { n8n: string } }).dependencies
			.n8n;
		assert.equal(services['n8n']?.image, `n8nio/n8n:${tested}`);
	});

	it('gives all three one network, in which the examples and the callbacks find their addresses', () => {
		for (const name of ['n8n', 'node-red']) {
			assert.equal(services[name]?.network_mode, 'service:simulator', name);
			assert.equal(services[name]?.ports, undefined, `${name}: the ports are those of the simulator`);
		}
		const published = (services['simulator']?.ports ?? []).map((port) =>
			port.replace(/^(127\.0\.0\.1):(\d+):\2$/, '$1:$2'),
		);
		assert.deepEqual(published.sort(), ['127.0.0.1:1880', '127.0.0.1:4010', '127.0.0.1:5678']);
		const [, example = ''] = /baseUrl: 'http:\/\/([^']+)'/.exec(read('node-red/editor/example-account.ts')) ?? [];
		assert.ok(published.includes(example), example);
		assert.ok(String(services['simulator']?.command).endsWith(` --public-url http://${example}`));
		assert.equal(services['n8n']?.environment?.['N8N_WEBHOOK_URL'], 'http://127.0.0.1:5678/');
	});

	it('opens its ports to this machine only, and uses volumes and services that it has', () => {
		for (const { ports = [], volumes: used = [], depends_on = {} } of Object.values(services)) {
			for (const port of ports) assert.match(port, /^127\.0\.0\.1:\d+:\d+$/);
			for (const volume of used)
				assert.ok(/^\.\/artifacts:.*:ro$/.test(volume) || (volume.split(':')[0] ?? '') in volumes);
			for (const name of Object.keys(depends_on)) assert.ok(name in services, name);
		}
	});
});

/**
 * Texts that promise nothing: what changed, and what other people's documents say about Exotel, each statement with its source.
 */
const NOT_PROMISING = ['CHANGELOG.md', 'docs/exotel-facts.md'];
/** The help of every Node-RED node. */
const helpTexts = fs
	.readdirSync(path.join(root, 'node-red'), { recursive: true, encoding: 'utf8' })
	.map((name) => `node-red/${name.split(path.sep).join('/')}`)
	.filter((name) => /^node-red\/(?:account|nodes\/[\w-]+)\/locales\/en-US\/[\w-]+\.html$/.test(name));
/** Texts of which every promise names its test: all documents and helps. */
const PROMISING = [...pages.filter((file) => !NOT_PROMISING.includes(file)), ...helpTexts];
// What Exotel never or always does is no promise of ours.
const PROMISE =
	/\b(?:(?<!\bExotel )(?:never|always)|exactly once|each once|every caller|not lost|not repeat(?:ed)?)\b|\bno (?:log|call|error|caller|phone|event|end|outcome)\b[^.]*\b(?:is|are|in|gets)\b|\bin no \w+|\b(?:lose|loses|losing) nothing\b|\bnothing (?:is|gets) lost\b/i;

/** The paragraphs, list items and table rows of a page, each with the comments in it. */
const partsOf = (text: string): string[] =>
	withoutBlocks(text)
		.split(/\n\s*\n|\n(?=\s*(?:[-*|]|\d+\.)\s)/)
		.filter((part) => part.trim() !== '');

/** A page with the tests of its promises as comments, where it holds none itself. */
function withProofs(file: string): string {
	const proven = (PROOFS[file] ?? []).reduce((text, [promise, ...tests]) => {
		assert.equal(text.split(promise).length, 2, `${file}: "${promise}" stands there once`);
		return text.replace(promise, (said) => [said, ...tests.map((one) => `<!-- test: ${one} -->`)].join(' '));
	}, read(file));
	return file.endsWith('.html') ? paragraphsOf(proven) : proven;
}

/** A help text without its elements, with blank lines between its paragraphs. */
const paragraphsOf = (html: string): string =>
	html.replace(/<(?:p|li|dd|dt|h\d)\b[^>]*>/g, '\n\n').replace(/<(?!!--)[^>]*>/g, '');

/** The items below the heading *Guarantees* that name no test. */
function guaranteesWithoutTest(text: string): string[] {
	const [, section = ''] = /^## Guarantees\n([\s\S]*?)(?=^## |$(?![\s\S]))/m.exec(text) ?? [];
	return partsOf(section).filter((part) => /^\s*- /.test(part) && !part.includes('<!-- test: '));
}

/** The test of a promise: in a comment, or in the last column of the threat model. */
const PROOF = /<!-- test: (\S+) › (.+?) -->/g;
const PROOF_IN_TABLE = /`(test\/[^`]+)`: \*([^*]+)\*/g;

/** What is wrong with the promises of a text. */
function unprovenIn(text: string): string[] {
	return partsOf(text).flatMap((part) => {
		const proofs = [...part.matchAll(PROOF), ...part.matchAll(PROOF_IN_TABLE)];
		const wrong = proofs.filter(([, file = '', title = '']) => !testExists(file, title)).map(([proof]) => proof);
		const said = withoutCode(part.replace(/<!--[\s\S]*?-->/g, '').replace(PROOF_IN_TABLE, '')).replace(/\s+/g, ' ');
		const promises = said.split(/(?<=[.!?:]\**) /).filter((sentence) => PROMISE.test(sentence));
		return [...wrong, ...(proofs.length < Math.min(1, promises.length) ? promises : [])];
	});
}

describe('the promises of the documents', () => {
	for (const file of PROMISING)
		it(`each name the test that holds it: ${file}`, () => assert.deepEqual(unprovenIn(withProofs(file)), []));

	it('are looked for in every document and every help text but those that promise nothing', () => {
		assert.ok(helpTexts.length > 8);
		assert.deepEqual(
			[...pages, ...helpTexts].filter((file) => !PROMISING.includes(file)).sort(),
			[...NOT_PROMISING].sort(),
		);
		assert.match(read('docs/exotel-facts.md').slice(0, 1500), /source/i);
	});

	it('each name a test where they are called guarantees', () => {
		const guaranteeing = pages.filter((file) => /^## Guarantees$/m.test(read(file)));
		for (const file of ['README.md', 'node-red/README.md']) assert.ok(guaranteeing.includes(file), file);
		for (const file of guaranteeing) assert.deepEqual(guaranteesWithoutTest(withProofs(file)), [], file);
		const more = withProofs('README.md').replace('## Guarantees\n', '## Guarantees\n\n- **It rings.**\n');
		assert.equal(guaranteesWithoutTest(more).length, 1);
	});

	it('are found, and a test that does not exist is refused', () => {
		const proof = '<!-- test: test/house/docs.test.ts › lead to files and headings that exist -->';
		assert.deepEqual(unprovenIn('The call is never placed twice.'), ['The call is never placed twice.']);
		assert.deepEqual(unprovenIn('Keys appear in no log.'), ['Keys appear in no log.']);
		assert.deepEqual(unprovenIn(`The call is never placed twice. ${proof}`), []);
		assert.equal(unprovenIn(`- The call is never placed twice.\n- Another. ${proof}`).length, 1);
		assert.equal(unprovenIn('Fine. <!-- test: test/house/docs.test.ts › no such test -->').length, 1);
		assert.deepEqual(unprovenIn('It rings.'), []);
	});
});
