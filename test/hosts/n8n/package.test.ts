/** The packed n8n package as a user installs it: small, without dependencies, and all of it known to a real n8n. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { sharedStage, type Json, type Stage } from './stage';
import { PACKAGE } from './workflows';

const root = path.resolve(__dirname, '..', '..', '..');

describe('the n8n package', function () {
	this.timeout(120_000);
	let stage: Stage;
	let folder: string;
	before(async () => {
		stage = await sharedStage();
		folder = fs.mkdtempSync(path.join(os.tmpdir(), 'exonodes-unpacked-'));
		const tarball = fs
			.readdirSync(path.join(root, 'artifacts'))
			.find((name) => name.startsWith('exonodes-n8n-nodes-exotel-'))!;
		execFileSync('tar', ['-xzf', path.join(root, 'artifacts', tarball), '-C', folder]);
	});
	after(() => fs.rmSync(folder, { recursive: true, force: true }));

	const files = (): string[] =>
		fs
			.readdirSync(path.join(folder, 'package'), { recursive: true, withFileTypes: true })
			.filter((entry) => entry.isFile())
			.map((entry) => path.join(entry.parentPath, entry.name));

	it('unpacks to less than 600 kB and has no dependency', () => {
		assert.ok(files().reduce((sum, file) => sum + fs.statSync(file).size, 0) < 600_000);
		const manifest = JSON.parse(fs.readFileSync(path.join(folder, 'package', 'package.json'), 'utf8'));
		assert.deepEqual([manifest.dependencies, manifest.peerDependencies], [undefined, { 'n8n-workflow': '*' }]);
		for (const key of ['scripts', 'workspaces', 'devDependencies']) assert.equal(manifest[key], undefined, key);
	});

	it('shows its own README, with links that work outside the repository, and the changes', () => {
		const readme = fs.readFileSync(path.join(folder, 'package', 'README.md'), 'utf8');
		assert.match(readme, /^# Exotel nodes for n8n\n/);
		const targets = [...readme.matchAll(/\]\(([^)]+)\)/g)].map(([, target]) => target ?? '');
		assert.ok(targets.length > 5);
		assert.deepEqual(
			targets.filter((target) => !/^(https?:\/\/|#)/.test(target)),
			[],
		);
		assert.ok(fs.existsSync(path.join(folder, 'package', 'CHANGELOG.md')));
	});

	it('requires nothing but n8n-workflow, crypto and its own files', () => {
		const required = new Set<string>();
		for (const file of files().filter((name) => name.endsWith('.js'))) {
			for (const [, name] of fs.readFileSync(file, 'utf8').matchAll(/\brequire\(["']([^"'.][^"']*)["']\)/g))
				required.add(name!);
		}
		assert.deepEqual(
			[...required].filter((name) => name !== 'n8n-workflow' && name !== 'crypto'),
			[],
		);
	});

	it('is loaded by n8n: five nodes, the AI tool of the one that may be one, two credentials', async () => {
		const nodes = (await (
			await fetch(`${stage.n8n.url}/types/nodes.json`, {
				headers: { cookie: stage.client.cookie, 'browser-id': 'exonodes' },
			})
		).json()) as Json[];
		const ours = nodes.filter(({ name }) => name.startsWith(`${PACKAGE}.`));
		assert.deepEqual(ours.map(({ name }) => name.slice(PACKAGE.length + 1)).sort(), [
			'exotel',
			'exotelAppletAnswer',
			'exotelAppletTrigger',
			'exotelCompletedCallsTrigger',
			'exotelTool',
			'exotelTrigger',
		]);
		for (const node of ours) {
			assert.equal(node['version'] === 1 || node['version'].includes(1), true, node['name']);
			assert.ok(node['iconUrl'].light && node['iconUrl'].dark, node['name']);
			assert.ok(node['codex'].alias.length > 5, node['name']);
		}
		const credentials = (await (
			await fetch(`${stage.n8n.url}/types/credentials.json`, {
				headers: { cookie: stage.client.cookie, 'browser-id': 'exonodes' },
			})
		).json()) as Json[];
		assert.deepEqual(
			credentials
				.map(({ name }) => name)
				.filter((name) => name.startsWith('exotel'))
				.sort(),
			['exotelVoiceApi', 'exotelWebhookTokenApi'],
		);
	});

	it('gives n8n a sample of the output of every operation', async () => {
		const operations = [
			['call', 'connectNumbers'],
			['call', 'connectFlow'],
			['call', 'connectAgent'],
			['call', 'get'],
			['call', 'getMany'],
			['call', 'getRecording'],
			['number', 'lookup'],
			['exoPhone', 'getMany'],
		];
		for (const [resource, operation] of operations) {
			const { status, text } = await stage.hit(
				'GET',
				`/schemas/${encodeURIComponent(`${PACKAGE}.exotel`)}/1.0.0/${resource}/${operation}.json`,
			);
			assert.equal(status, 200, `${resource}/${operation}`);
			assert.equal(JSON.parse(text).type, 'object');
		}
	});

	it('does not offer AI agents to wait for an outcome', async () => {
		const nodes = (await (
			await fetch(`${stage.n8n.url}/types/nodes.json`, {
				headers: { cookie: stage.client.cookie, 'browser-id': 'exonodes' },
			})
		).json()) as Json[];
		const tool = nodes.find(({ name }) => name === `${PACKAGE}.exotelTool`)!;
		const waiting = tool['properties'].filter(({ name }: Json) =>
			['waitForOutcome', 'waitMinutes', 'waitNotice'].includes(name),
		);
		assert.equal(waiting.length, 3);
		for (const property of waiting) assert.deepEqual(property.displayOptions.hide, { '@tool': [true] });
	});
});
