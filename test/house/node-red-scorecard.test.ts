/**
 * The flow library's scorecard on the packed Node-RED package: `node-red-dev validate` itself, with the catalogue and npm
 * answered on this machine, and what we ask beyond its rules P (package), N (nodes) and D (dependencies) – above all
 * what its parser reads out of the editor files: a type it cannot read is a node the library does not list.
 */
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { parse, type CallExpression, type Expression, type Literal, type ObjectExpression, type Property } from 'acorn';
import { simple } from 'acorn-walk';
import semver from 'semver';

const root = path.resolve(__dirname, '..', '..');
const artifacts = path.join(root, 'artifacts');

/** The nodes the design promises; their types never change. */
const PROMISED = [
	'exotel-account',
	'exotel-applet',
	'exotel-applet-answer',
	'exotel-call-events',
	'exotel-get-call',
	'exotel-get-recording',
	'exotel-list-calls',
	'exotel-lookup-number',
	'exotel-make-call',
];

/** P02 is switched off in the tool. */
const PACKAGE_RULES = ['P01', 'P03', 'P04', 'P05', 'P06', 'P07', 'P08'];

/** What the library reads of one node type; `undefined` where it found no literal. */
interface Listed {
	category?: unknown;
	color?: unknown;
	icon?: unknown;
	inputs?: unknown;
	outputs?: unknown;
	defaults?: string[];
	credentials?: string[];
	/** Properties that are not written inline, which the library reports as errors. */
	hidden: string[];
}

const keyOf = (property: Property): string =>
	property.key.type === 'Identifier' ? property.key.name : String((property.key as Literal).value);

/** Reads one `registerType('…', { … })` as the library does: only a literal type and an inline object count. */
function readDefinition(definition: ObjectExpression): Listed {
	const listed: Listed = { hidden: [] };
	for (const property of definition.properties) {
		if (property.type !== 'Property') continue;
		const key = keyOf(property);
		const value: Expression = property.value;
		if (key === 'defaults' || key === 'credentials') {
			if (value.type === 'ObjectExpression')
				listed[key] = value.properties.map((inner) => keyOf(inner as Property));
			else listed.hidden.push(key);
		} else if (key === 'category' || key === 'color' || key === 'icon' || key === 'inputs' || key === 'outputs') {
			if (value.type === 'Literal') listed[key] = value.value;
			else listed.hidden.push(key);
		}
	}
	return listed;
}

/** Every type the library finds in the text of an editor file. */
function readEditorFile(html: string): Map<string, Listed> {
	const found = new Map<string, Listed>();
	for (const [, script] of html.matchAll(/<script[^>]*type=['"]text\/javascript['"][^>]*>([\S\s]*?)<\/script>/gi)) {
		simple(parse(script ?? '', { ecmaVersion: 'latest' }), {
			CallExpression(call: CallExpression) {
				if (call.callee.type !== 'MemberExpression' || call.callee.property.type !== 'Identifier') return;
				if (call.callee.property.name !== 'registerType') return;
				const [type, definition] = call.arguments;
				assert.equal(type?.type, 'Literal', 'registerType needs the type as a literal');
				assert.equal(definition?.type, 'ObjectExpression', 'registerType needs its definition inline');
				found.set(String((type as Literal).value), readDefinition(definition as ObjectExpression));
			},
		});
	}
	return found;
}

/** What `node-red-dev validate` writes: the result of each rule. */
type Scorecard = Record<string, { test?: boolean } & Record<string, unknown>>;
/** A package in the catalogue of the library. */
interface Listing {
	id: string;
	types: string[];
}

const manifestOf = (folder: string): Record<string, any> =>
	JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));

/** What npm tells of a package: the version that is installed here and, of Node-RED, the one that is still maintained. */
function packumentOf(name: string): object {
	const manifest = manifestOf(path.join(root, 'node_modules', name));
	const floor = manifestOf(path.join(root, 'tools', 'node-red-4')).dependencies['node-red'];
	const maintained = name === 'node-red' ? { 'maintenance-4': floor } : {};
	return {
		name,
		'dist-tags': { latest: manifest.version, ...maintained },
		versions: { [manifest.version]: manifest },
		time: { created: '2026-01-01T00:00:00.000Z', [manifest.version]: '2026-01-01T00:00:00.000Z' },
	};
}

/** Runs the library's tool on an unpacked package. `modules` is what the library lists already. */
async function validate(unpacked: string, modules: readonly Listing[]): Promise<Scorecard> {
	const server = http.createServer(({ url = '/' }, response) => {
		const name = decodeURIComponent(url.slice(1));
		response.setHeader('content-type', 'application/json');
		response.end(JSON.stringify(name === 'catalogue.json' ? { modules } : packumentOf(name)));
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	const scorecard = path.join(path.dirname(unpacked), 'scorecard.json');
	const script = path.join(root, 'node_modules', 'node-red-dev', 'bin', 'run');
	const preload = path.join(__dirname, 'library-answers.cjs');
	try {
		const args = ['--require', preload, script, 'validate', '--path', unpacked, '--output', scorecard];
		const env = {
			...process.env,
			LIBRARY_ANSWERS: origin,
			npm_config_registry: `${origin}/`,
			NO_UPDATE_NOTIFIER: '1',
		};
		const running = promisify(execFile)(process.execPath, args, { cwd: unpacked, env, timeout: 120_000 });
		running.child.stdin?.end();
		await running;
	} finally {
		server.closeAllConnections();
		server.close();
	}
	return JSON.parse(fs.readFileSync(scorecard, 'utf8')) as Scorecard;
}

/** The rules that a scorecard says are broken. */
const brokenIn = (scorecard: Scorecard): string[] =>
	Object.entries(scorecard).flatMap(([rule, { test }]) => (test === false ? [rule] : []));

describe("the flow library's scorecard on the packed Node-RED package", () => {
	let unpacked = '';
	let manifest: Record<string, any>;
	const listed = new Map<string, { listed: Listed; file: string }>();

	before(function () {
		const packed = fs.existsSync(artifacts)
			? fs.readdirSync(artifacts).find((name) => /^exonodes-node-red-exotel-.*\.tgz$/.test(name))
			: undefined;
		// Units alone run without a packed package; `npm test` packs first.
		if (packed === undefined) return this.skip();
		unpacked = fs.mkdtempSync(path.join(os.tmpdir(), 'exonodes-scorecard-'));
		execFileSync('tar', ['-xzf', path.join(artifacts, packed), '-C', unpacked]);
		unpacked = path.join(unpacked, 'package');
		manifest = JSON.parse(fs.readFileSync(path.join(unpacked, 'package.json'), 'utf8'));
		for (const compiled of Object.values(manifest['node-red'].nodes as Record<string, string>)) {
			const file = path.join(unpacked, compiled.replace(/\.js$/, '.html'));
			for (const [type, read] of readEditorFile(fs.readFileSync(file, 'utf8')))
				listed.set(type, { listed: read, file });
		}
	});

	after(() => {
		if (unpacked !== '') fs.rmSync(path.dirname(unpacked), { recursive: true, force: true });
	});

	it("breaks no rule of the library's own tool", async function () {
		this.timeout(180_000);
		const scorecard = await validate(unpacked, [{ id: 'node-red-contrib-telephony', types: ['telephony-call'] }]);
		assert.deepEqual(Object.keys(scorecard).sort(), [
			'D01',
			'D02',
			'D03',
			'N01',
			'N02',
			...PACKAGE_RULES,
			'package',
		]);
		assert.deepEqual(brokenIn(scorecard), []);
		assert.equal((scorecard['P06']?.['versions'] as string[]).length, 2, 'the current Node-RED and the floor');
		const inPalette = PROMISED.filter((type) => type !== 'exotel-account');
		assert.deepEqual([...(scorecard['N02']?.['nodes'] as string[])].sort(), inPalette, 'shown by an example');
	});

	it("would be told by the library's own tool of a name that is taken", async function () {
		this.timeout(180_000);
		const scorecard = await validate(unpacked, [{ id: 'node-red-exotel', types: ['exotel-make-call'] }]);
		// P08, a similar name, compares a list with a text in the tool and is never broken.
		assert.deepEqual(brokenIn(scorecard), ['N01']);
	});

	it('P01 has a licence', () => assert.equal(manifest.license, 'MIT'));

	it('P03 names its repository and where to report bugs', () => {
		assert.match(manifest.repository.url, /^git\+https:\/\//);
		assert.match(manifest.bugs.url, /^https:\/\//);
	});

	it('P04 has a scoped name', () => assert.match(manifest.name, /^@[a-z\d][\w.-]+\/[a-z\d][\w.-]*$/));

	it('P05 carries the keyword node-red', () => assert.ok(manifest.keywords.includes('node-red')));

	it('P06 is open to the current Node-RED and to the floor we test', () => {
		const current = JSON.parse(
			fs.readFileSync(path.join(root, 'node_modules', 'node-red', 'package.json'), 'utf8'),
		);
		const floor = JSON.parse(fs.readFileSync(path.join(root, 'tools', 'node-red-4', 'package.json'), 'utf8'))
			.dependencies['node-red'];
		for (const version of [current.version, floor])
			assert.ok(semver.satisfies(version, manifest['node-red'].version), version);
	});

	it('P07 admits the lowest Node.js the current Node-RED asks for', () => {
		const current = JSON.parse(
			fs.readFileSync(path.join(root, 'node_modules', 'node-red', 'package.json'), 'utf8'),
		);
		const lowest = semver.minVersion(current.engines.node);
		assert.ok(lowest && semver.satisfies(lowest, manifest.engines.node), String(lowest));
	});

	it('N01 every type carries our prefix, and the library finds exactly the types we promise', () => {
		assert.deepEqual([...listed.keys()].sort(), PROMISED);
		for (const type of listed.keys()) assert.match(type, /^exotel-/);
		assert.deepEqual(Object.keys(manifest['node-red'].nodes).sort(), PROMISED);
	});

	it('N02 has an importable example flow for every node, each a flat array', () => {
		const folder = path.join(unpacked, 'examples');
		const examples = fs
			.readdirSync(folder, { recursive: true, encoding: 'utf8' })
			.filter((name) => name.endsWith('.json'));
		const shown = new Set<string>();
		for (const name of examples) {
			const nodes = JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8'));
			assert.ok(Array.isArray(nodes), name);
			for (const node of nodes) {
				assert.equal(typeof node.type, 'string', name);
				assert.equal(node.credentials, undefined, `${name}: an example carries no credentials`);
				shown.add(node.type);
			}
		}
		const missing = [...listed]
			.filter(([type, { listed: read }]) => read.category !== 'config' && !shown.has(type))
			.map(([type]) => type);
		assert.deepEqual(missing, []);
	});

	it('N the parser reads category, colour, icon, inputs, outputs and the fields of every node', () => {
		for (const [type, { listed: read }] of listed) {
			assert.deepEqual(read.hidden, [], type);
			assert.ok(Array.isArray(read.defaults) && read.defaults.length > 0, type);
			if (read.category === 'config') continue;
			assert.equal(typeof read.category, 'string', type);
			assert.match(String(read.color), /^#[0-9a-f]{3,6}$/i, type);
			assert.equal(typeof read.inputs, 'number', type);
			assert.equal(typeof read.outputs, 'number', type);
		}
	});

	it('N the icon of every node lies where the library looks for it', () => {
		for (const [type, { listed: read, file }] of listed) {
			if (read.category === 'config') continue;
			assert.match(String(read.icon), /^[\w-]+\.(svg|png)$/, type);
			assert.ok(
				fs.existsSync(path.join(path.dirname(file), 'icons', String(read.icon))),
				`${type}: ${String(read.icon)}`,
			);
		}
	});

	it('N no secret is an ordinary field, where it would be exported with the flow', () => {
		for (const [type, { listed: read }] of listed) {
			const doubled = (read.credentials ?? []).filter((name) => read.defaults?.includes(name));
			assert.deepEqual(doubled, [], type);
			const suspicious = (read.defaults ?? [])
				.filter((name) => /(token|key|secret|password)$/i.test(name))
				// The key of a phone that ends the input of a Gather.
				.filter((name) => name !== 'finishOnKey');
			assert.deepEqual(suspicious, [], type);
		}
	});

	it('N every language of every node has the same keys as English, and the same placeholders', () => {
		const keys = (value: unknown, trail = ''): [string, string][] =>
			typeof value === 'string'
				? [[trail, value]]
				: Object.entries(value as object).flatMap(([key, inner]) =>
						keys(inner, trail === '' ? key : `${trail}.${key}`),
					);
		const placeholders = (text: string): string[] => [...text.matchAll(/__\w+__/g)].map(([name]) => name).sort();
		for (const [type, { file }] of listed) {
			const read = (language: string) =>
				new Map(
					keys(
						JSON.parse(
							fs.readFileSync(path.join(path.dirname(file), 'locales', language, `${type}.json`), 'utf8'),
						),
					),
				);
			const english = read('en-US');
			for (const language of ['de', 'ja', 'hi']) {
				// The words of the core's fields are English in the core itself; only their translations are in a
				// catalogue.
				const translated = new Map([...read(language)].filter(([key]) => !key.startsWith('field.')));
				assert.deepEqual([...translated.keys()].sort(), [...english.keys()].sort(), `${type} ${language}`);
				for (const [key, text] of english) {
					const used = placeholders(translated.get(key) ?? '');
					const what = `${type} ${language} ${key}`;
					// The core's own sentence in English; other languages say it anew, with what it is made of.
					const parts = ['entry', 'example', 'label', 'max', 'other', key.split('.').at(-1)].map(
						(name) => `__${name}__`,
					);
					if (text === '__message__')
						assert.deepEqual(
							used.filter((name) => !parts.includes(name)),
							[],
							what,
						);
					else assert.deepEqual(used, placeholders(text), what);
				}
			}
		}
	});

	it('N every node has help with its inputs, outputs and details', () => {
		for (const [type, { file }] of listed) {
			const help = fs.readFileSync(path.join(path.dirname(file), 'locales', 'en-US', `${type}.html`), 'utf8');
			assert.ok(help.includes(`data-help-name="${type}"`), type);
			if (type !== 'exotel-account') assert.match(help, /<h3>(Inputs|Outputs)<\/h3>/, type);
			assert.match(help, /<h3>Details<\/h3>/, type);
		}
	});

	it('D01 and D02 has at most two dependencies, none of them known to break Node-RED', () => {
		const names = Object.keys(manifest.dependencies);
		assert.ok(names.length <= 2, names.join(', '));
		const reached = new Map<string, string>();
		const follow = (name: string): void => {
			if (reached.has(name)) return;
			const read = JSON.parse(fs.readFileSync(path.join(root, 'node_modules', name, 'package.json'), 'utf8'));
			reached.set(name, read.version);
			for (const next of Object.keys(read.dependencies ?? {})) follow(next);
		};
		names.forEach(follow);
		const agent = reached.get('agent-base');
		assert.ok(agent === undefined || semver.gte(agent, '6.0.0'), `agent-base ${agent}`);
	});

	it('D03 the declared ranges admit the versions we test with', () => {
		for (const [name, range] of Object.entries(manifest.dependencies as Record<string, string>)) {
			const read = JSON.parse(fs.readFileSync(path.join(root, 'node_modules', name, 'package.json'), 'utf8'));
			assert.ok(semver.satisfies(read.version, range), `${name} ${read.version} ${range}`);
		}
	});

	it('is under 200 kB packed', () => {
		const packed = fs.readdirSync(artifacts).find((name) => /^exonodes-node-red-exotel-.*\.tgz$/.test(name));
		assert.ok(packed !== undefined);
		const { size } = fs.statSync(path.join(artifacts, packed));
		assert.ok(size < 200_000, `${size} bytes`);
	});

	it('is under 1.5 MB unpacked and holds what a person reads first', () => {
		const files = fs
			.readdirSync(unpacked, { recursive: true, withFileTypes: true })
			.filter((entry) => entry.isFile());
		const bytes = files.reduce((sum, entry) => sum + fs.statSync(path.join(entry.parentPath, entry.name)).size, 0);
		assert.ok(bytes < 1.5 * 1024 * 1024, `${bytes} bytes`);
		for (const name of ['README.md', 'LICENSE', 'CHANGELOG.md'])
			assert.ok(fs.statSync(path.join(unpacked, name)).size > 200, name);
		const changelog = fs.readFileSync(path.join(unpacked, 'CHANGELOG.md'), 'utf8');
		const sections = (changelog.split('\n## ')[1] ?? '').match(/^### .*/gm);
		assert.deepEqual(sections, ['### Both hosts', '### Node-RED'], 'what is about other packages is not in it');
	});
});
