/** The house itself: what the three packages promise in their manifests, and what must never stand in the tree. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const root = path.resolve(__dirname, '..', '..');
const manifest = (folder: string) => JSON.parse(fs.readFileSync(path.join(root, folder, 'package.json'), 'utf8'));
const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0').filter(Boolean);

/** Tracked text files, without pictures. */
const texts = tracked.filter((file) => !/\.(png|jpg|wav|tgz)$/.test(file) && fs.existsSync(path.join(root, file)));

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

	it('share one version', () => {
		assert.deepEqual(new Set(Object.keys(packages).map((folder) => manifest(folder).version)).size, 1);
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

describe('the tree', () => {
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
