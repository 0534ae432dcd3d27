/** The house itself: what the three packages promise in their manifests, and what must never stand in the tree. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { repositoryFiles } from '../../tools/files.mjs';

const root = path.resolve(__dirname, '..', '..');
const manifest = (folder: string) => JSON.parse(fs.readFileSync(path.join(root, folder, 'package.json'), 'utf8'));

/** The text files of the repository. */
const texts = repositoryFiles().filter((file) => !/\.(png|jpg|wav|tgz)$/.test(file));

describe('the three packages', () => {
	const packages = {
		'.': '@exonodes/n8n-nodes-exotel',
		'node-red': '@exonodes/node-red-exotel',
		simulator: '@exonodes/exotel-simulator',
	};

	for (const [folder, name] of Object.entries(packages)) {
		it(`${name} is MIT, runs on Node 20 and ships its README and licence`, () => {
			const read = manifest(folder);
			assert.equal(read.name, name);
			assert.equal(read.license, 'MIT');
			assert.equal(read.engines.node, '>=20');
			assert.ok(read.files.includes('dist'));
			assert.ok(fs.statSync(path.join(root, folder, 'README.md')).size > 500);
			assert.ok(fs.existsSync(path.join(root, folder, 'LICENSE')));
		});
	}

	it('share one version: that of the lock file and of the newest section of the changelog', () => {
		const lock = JSON.parse(fs.readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
		const changelog = fs.readFileSync(path.join(root, 'CHANGELOG.md'), 'utf8');
		const [, newest] = /^## (\S+) – /m.exec(changelog) ?? [];
		for (const folder of Object.keys(packages)) {
			assert.equal(manifest(folder).version, newest, folder);
			assert.equal(lock.packages[folder === '.' ? '' : folder].version, newest, folder);
		}
	});

	it('the n8n package has no run-time dependency, no override and n8n-workflow as its only peer', () => {
		const read = manifest('.');
		assert.equal(read.dependencies, undefined);
		assert.equal(read.overrides, undefined);
		assert.deepEqual(read.peerDependencies, { 'n8n-workflow': '*' });
	});

	it('the Node-RED package has at most two run-time dependencies', () => {
		assert.ok(Object.keys(manifest('node-red').dependencies).length <= 2);
	});
});

describe('install scripts of dependencies', () => {
	const { allowScripts }: { allowScripts: Record<string, boolean> } = manifest('.');
	/** The packages with install scripts that the lock file of a folder names. */
	const withScripts = (folder: string): string[] => {
		const lock = JSON.parse(fs.readFileSync(path.join(root, folder, 'package-lock.json'), 'utf8'));
		const found = Object.entries(lock.packages as Record<string, { hasInstallScript?: boolean }>)
			.filter(([, { hasInstallScript }]) => hasInstallScript)
			.map(([place]) => place.replace(/^.*node_modules\//, ''));
		return [...new Set(found)].sort();
	};

	it('are each allowed or denied by name, and npm refuses the others', () => {
		assert.deepEqual(Object.keys(allowScripts).sort(), withScripts('.'));
		assert.match(fs.readFileSync(path.join(root, '.npmrc'), 'utf8'), /^strict-allow-scripts=true$/m);
	});

	it('run for the bundler and for Node 24, for nothing else', () => {
		const allowed = Object.keys(allowScripts).filter((name) => allowScripts[name]);
		assert.deepEqual(allowed, ['esbuild', 'node']);
	});

	it("are allowed by name as well where `npm test`, which hands npm's settings on, installs a host or tool", () => {
		const withoutScripts = ['chromium', 'n8n', 'n8n-lint'];
		const folders = fs
			.readdirSync(path.join(root, 'tools'))
			.filter((name) => fs.existsSync(path.join(root, 'tools', name, 'package-lock.json')))
			.filter((name) => !withoutScripts.includes(name))
			.map((name) => `tools/${name}`);
		assert.ok(folders.includes('tools/node-red-4'));
		for (const folder of folders)
			assert.deepEqual(Object.keys(manifest(folder).allowScripts ?? {}), withScripts(folder), folder);
	});

	it('exist in none of the three packages', () => {
		for (const folder of ['.', 'node-red', 'simulator']) {
			const scripts = Object.keys(manifest(folder).scripts ?? {});
			assert.deepEqual(
				scripts.filter((name) => /^(pre|post)?install$|^prepare$/.test(name)),
				[],
				folder,
			);
		}
	});
});

describe('the tree', () => {
	it('does not hold what packing makes', () => {
		const made = texts.filter((file) => /^(node-red|simulator)\/(CHANGELOG\.md|THIRD-PARTY|sbom)/.test(file));
		assert.deepEqual(made, []);
		assert.ok(texts.includes('node-red/package.json') && texts.length > 1_000, String(texts.length));
	});

	it('pins every development dependency', () => {
		for (const [name, version] of Object.entries(manifest('.').devDependencies as Record<string, string>)) {
			assert.match(version, /^\d+\.\d+\.\d+$/, name);
		}
	});

	it('names no registry host', () => {
		const hosts = new RegExp(['registry', 'npmjs', 'org'].join('\\.'));
		const naming = texts.filter((file) => hosts.test(fs.readFileSync(path.join(root, file), 'utf8')));
		assert.deepEqual(naming, []);
	});

	it('names no path of a machine it was written on', () => {
		const paths = new RegExp(`/${'work'}/(main|shared)|/${'root'}/\\.`);
		const naming = texts.filter((file) => paths.test(fs.readFileSync(path.join(root, file), 'utf8')));
		assert.deepEqual(naming, []);
	});
});
