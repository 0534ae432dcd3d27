/**
 * What the packed tarballs say of the code of others: licence notices and a CycloneDX bill of materials. Which npm
 * packages are in a bundle is read from esbuild's own accounts of the bundles, after checking that these are accounts of
 * the very files in the tarball.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { build, type Metafile } from 'esbuild';

const root = path.resolve(__dirname, '..', '..');
const artifacts = path.join(root, 'artifacts');
const keptBundles = path.join(root, 'reports', 'bundles');

interface Sbom {
	metadata: { component: { name: string; group: string; version: string } };
	components: { name: string; group?: string; version: string; purl: string; properties?: { name: string }[] }[];
	dependencies: { ref: string; dependsOn?: string[] }[];
}

interface Package {
	manifest: { name: string; version: string; dependencies?: Record<string, string> };
	notices: string;
	sbom: Sbom;
	metafiles: Metafile[];
}

const readJson = (file: string) => JSON.parse(fs.readFileSync(file, 'utf8'));
const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** `node_modules/@a/b/node_modules/c/d/e.js` belongs to `node_modules/@a/b/node_modules/c`. */
function packageOf(input: string): string | undefined {
	const parts = input.split('/');
	const last = parts.lastIndexOf('node_modules');
	if (last < 0) return undefined;
	return parts.slice(0, last + (parts[last + 1]?.startsWith('@') ? 3 : 2)).join('/');
}

/** Folders of the npm packages with bytes in these bundles. */
function foldersIn(metafiles: Metafile[]): string[] {
	const found = new Set<string>();
	for (const { outputs } of metafiles) {
		for (const { inputs } of Object.values(outputs)) {
			for (const [input, { bytesInOutput }] of Object.entries(inputs)) {
				const folder = packageOf(input);
				if (bytesInOutput > 0 && folder !== undefined) found.add(folder);
			}
		}
	}
	return [...found].sort();
}

const nameOf = (one: { name: string; version: string }): string => `${one.name} ${one.version}`;
const fullName = (one: { group?: string; name: string; version: string }): string =>
	nameOf({ name: one.group === undefined ? one.name : `${one.group}/${one.name}`, version: one.version });

/** Paragraphs of a licence file that say more than its title. */
function paragraphsOf(folder: string): string[] {
	const file = fs.readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
	const text = fs.readFileSync(file === undefined ? path.join(root, 'LICENSE') : path.join(folder, file), 'utf8');
	return text
		.replace(/\r/g, '')
		.split(/\n\s*\n/)
		.map(oneLine)
		.filter((paragraph) => paragraph.length > 40 || /^copyright/i.test(paragraph))
		.filter((paragraph) => file !== undefined || !/^copyright/i.test(paragraph));
}

/** Name and version of each library in the notices. */
const noticedIn = (notices: string): string[] =>
	[...notices.matchAll(/^(\S+ \d\S*) \([^)]+\)$/gm)].map(([, name]) => name ?? '');

/** What is wrong with the notices and the bill of materials of a package; empty when nothing is. */
function faultsOf({ notices, sbom, metafiles }: Package): string[] {
	const faults: string[] = [];
	const folders = foldersIn(metafiles).map((folder) => path.join(root, folder));
	const bundled = folders.map((folder) => nameOf(readJson(path.join(folder, 'package.json'))));
	const noticed = noticedIn(notices);
	const listed = sbom.components
		.filter(({ properties }) => properties?.some(({ name }) => name === 'cdx:npm:package:bundled'))
		.map(fullName);
	for (const name of bundled) {
		if (!noticed.includes(name)) faults.push(`${name} is in a bundle and not in the notices`);
		if (!listed.includes(name)) faults.push(`${name} is in a bundle and not in the bill of materials`);
	}
	for (const name of noticed) if (!bundled.includes(name)) faults.push(`${name} is noticed and in no bundle`);
	for (const name of listed) if (!bundled.includes(name)) faults.push(`${name} is listed and in no bundle`);
	const flat = oneLine(notices);
	for (const folder of folders) {
		for (const paragraph of paragraphsOf(folder)) {
			if (!flat.includes(paragraph)) faults.push(`${path.basename(folder)}: the notices miss "${paragraph}"`);
		}
	}
	return faults;
}

/** A metafile with one more input, as if the bundle held it. */
const planted = (input: string, bytesInOutput: number): Metafile => ({
	inputs: {},
	outputs: { 'planted.js': { bytes: 9, imports: [], exports: [], inputs: { [input]: { bytesInOutput } } } },
});

describe('code of others in the packed packages', () => {
	const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'exonodes-third-party-'));
	const packages = new Map<string, Package>();
	const bundles = {
		n8n: { tarball: 'n8n-nodes-exotel', files: { core: 'dist/exotel/index.js' } },
		'node-red': { tarball: 'node-red-exotel', files: { 'core and forms': 'resources/exotel-editor.js' } },
		simulator: { tarball: 'exotel-simulator', files: {} },
	};

	before(function () {
		// Units alone run without packed packages; `npm test` packs first.
		const absent = [artifacts, keptBundles].find((folder) => !fs.existsSync(folder));
		if (absent !== undefined) {
			process.stdout.write(`    ${path.relative(root, absent)} is missing; "npx gulp pack" makes it.\n`);
			return this.skip();
		}
		for (const [name, { tarball }] of Object.entries(bundles)) {
			const packed = fs.readdirSync(artifacts).find((file) => file.startsWith(`exonodes-${tarball}-`));
			assert.ok(packed !== undefined, tarball);
			const folder = path.join(scratch, name);
			fs.mkdirSync(folder);
			execFileSync('tar', ['-xzf', path.join(artifacts, packed), '-C', folder, '--strip-components=1']);
			const kept = path.join(keptBundles, name);
			packages.set(name, {
				manifest: readJson(path.join(folder, 'package.json')),
				notices: fs.readFileSync(path.join(folder, 'THIRD-PARTY-NOTICES.txt'), 'utf8'),
				sbom: readJson(path.join(folder, 'sbom.cdx.json')),
				metafiles: fs.readdirSync(kept).map((file) => readJson(path.join(kept, file))),
			});
		}
	});

	after(() => fs.rmSync(scratch, { recursive: true, force: true }));

	for (const name of Object.keys(bundles) as (keyof typeof bundles)[]) {
		const packed = (): Package => packages.get(name) ?? assert.fail(`${name} is not packed`);

		it(`${name}: every library in a bundle has its licence in the notices and an entry in the bill of materials, and no other`, () => {
			assert.deepEqual(faultsOf(packed()), []);
		});

		it(`${name}: the bill of materials follows the official CycloneDX 1.6 schema`, async () => {
			const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
			assert.equal(await validator.validate(JSON.stringify(packed().sbom)), null);
			const broken = { ...packed().sbom, components: [{ name: 'no type' }] };
			assert.notEqual(await validator.validate(JSON.stringify(broken)), null);
		});

		it(`${name}: the bill of materials is of this package and lists what npm installs beside it`, () => {
			const { manifest, sbom } = packed();
			assert.equal(fullName(sbom.metadata.component), nameOf(manifest));
			const names = sbom.components.map(({ purl }) =>
				decodeURIComponent(purl).replace(/^pkg:npm\/(.+)@.*$/, '$1'),
			);
			for (const dependency of Object.keys(manifest.dependencies ?? {})) assert.ok(names.includes(dependency));
			const refs = new Set(sbom.components.map(({ purl }) => purl));
			for (const { dependsOn = [] } of sbom.dependencies)
				for (const ref of dependsOn) assert.ok(refs.has(ref), ref);
		});

		it(`${name}: a library more in the bundle, or one less, is noticed`, () => {
			const read = packed();
			const more = { ...read, metafiles: [...read.metafiles, planted('node_modules/semver/index.js', 7)] };
			assert.ok(faultsOf(more).some((fault) => /^semver .* not in the notices$/.test(fault)));
			assert.ok(faultsOf(more).some((fault) => /^semver .* not in the bill of materials$/.test(fault)));
			const shaken = { ...read, metafiles: [...read.metafiles, planted('node_modules/semver/index.js', 0)] };
			assert.deepEqual(faultsOf(shaken), []);
			const less = { ...read, metafiles: [] };
			const others = name === 'simulator' ? 0 : 1;
			assert.ok(faultsOf(less).filter((fault) => fault.endsWith('in no bundle')).length >= others);
		});
	}

	it('docs/verification.md lists the libraries of the n8n package, all of them and no other', () => {
		const { notices } = packages.get('n8n') ?? assert.fail('n8n is not packed');
		const page = fs.readFileSync(path.join(root, 'docs', 'verification.md'), 'utf8');
		const [, list = ''] = /These libraries are bundled: ([^|]+)/.exec(page) ?? [];
		const listed = [...list.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
		assert.ok(listed.length > 0);
		assert.deepEqual(
			listed.sort(),
			noticedIn(notices)
				.map((name) => name.split(' ')[0])
				.sort(),
		);
	});

	it('the accounts of the bundles are of the files in the tarballs', () => {
		const sizeOf = (name: string, file: string) => fs.statSync(path.join(scratch, name, file)).size;
		const bytesOf = (name: string, match: RegExp) =>
			(packages.get(name)?.metafiles ?? [])
				.flatMap(({ outputs }) => Object.entries(outputs))
				.filter(([file]) => match.test(file))
				.reduce((sum, [, { bytes }]) => sum + bytes, 0);
		assert.equal(bytesOf('n8n', /^dist\/exotel\/index\.js$/), sizeOf('n8n', 'dist/exotel/index.js'));
		// The file of Node-RED's editor is both bundles and three lines around them.
		const around = sizeOf('node-red', 'resources/exotel-editor.js') - bytesOf('node-red', /^(index|stdin)\.js$/);
		assert.ok(around > 0 && around < 300, `${around} bytes`);
	});

	it('no other script in a tarball holds code of others', () => {
		/** Written by hand, or by the build around its bundles. */
		const own = /^(dist\/page\/|resources\/exotel-editor\.js$)|^node-red\/dist\/exotel\/index\.js$/;
		for (const [name, { metafiles }] of packages) {
			const described = metafiles
				.flatMap(({ outputs }) => Object.keys(outputs))
				.map((file) => file.replace(/^(node-red|simulator)\//, ''));
			const scripts = fs
				.readdirSync(path.join(scratch, name), { recursive: true, encoding: 'utf8' })
				.filter((file) => file.endsWith('.js') && !described.includes(file));
			assert.deepEqual(
				scripts.filter((file) => !own.test(file) && !own.test(`${name}/${file}`)),
				[],
				name,
			);
		}
	});

	it('the build takes a new library up by itself', async () => {
		const { thirdPartyTexts } = await import('../../tools/build/third-party.mjs');
		const { metafile } = await build({
			stdin: { contents: "export { valid } from 'semver';", resolveDir: root },
			absWorkingDir: root,
			bundle: true,
			write: false,
			metafile: true,
			platform: 'node',
		});
		const manifest = { name: '@exonodes/planted', version: '1.0.0', license: 'MIT' };
		const texts: Record<string, string> = thirdPartyTexts(manifest, [metafile]);
		const notices = texts['THIRD-PARTY-NOTICES.txt'] ?? '';
		const sbom = JSON.parse(texts['sbom.cdx.json'] ?? '{}');
		assert.match(notices, /^semver \d/m);
		assert.deepEqual(faultsOf({ manifest, notices, sbom, metafiles: [metafile] }), []);
	});

	it('the build refuses a library under a licence that nobody has looked at', async () => {
		const { thirdPartyTexts } = await import('../../tools/build/third-party.mjs');
		const manifest = { name: '@exonodes/planted', version: '1.0.0', license: 'MIT' };
		assert.throws(
			() => thirdPartyTexts(manifest, [planted('node_modules/typescript/lib/typescript.js', 9)]),
			/typescript is bundled and its licence is "Apache-2.0"/,
		);
	});
});
