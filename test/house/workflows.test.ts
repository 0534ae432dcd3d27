/**
 * GitHub's workflows cannot run here. They are parsed, held to what keeps a stranger's code away from the right to publish,
 * and their shell lines are executed with stand-ins for the commands that need a network.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';

const root = path.resolve(__dirname, '..', '..');
const folder = path.join(root, '.github', 'workflows');

interface Step {
	id?: string;
	name?: string;
	uses?: string;
	run?: string;
	with?: Record<string, unknown>;
	env?: Record<string, string>;
}

interface Job {
	needs?: string;
	environment?: string;
	permissions?: Record<string, string>;
	outputs?: Record<string, string>;
	steps: Step[];
	'timeout-minutes'?: number;
}

interface Workflow {
	on: Record<string, unknown>;
	permissions: Record<string, string>;
	jobs: Record<string, Job>;
}

const workflows = new Map<string, Workflow>(
	fs
		.readdirSync(folder)
		.sort()
		.map((name) => [name, parse(fs.readFileSync(path.join(folder, name), 'utf8'), { strict: true }) as Workflow]),
);
const jobs = [...workflows].flatMap(([file, { jobs: found }]) =>
	Object.entries(found).map(([name, job]) => ({ name: `${file}: ${name}`, job })),
);
const manifest = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
const publishing = workflows.get('publish.yml') ?? assert.fail();
const jobOf = (name: string): Job => publishing.jobs[name] ?? assert.fail(name);
const stepOf = (job: Job, text: string): Step =>
	job.steps.find(({ run }) => run?.includes(text)) ?? assert.fail(`no step runs ${text}`);

describe('the workflows', () => {
	it('are those for changes, analysis, three systems and publishing, and an update bot', () => {
		assert.deepEqual([...workflows.keys()], ['ci.yml', 'codeql.yml', 'publish.yml', 'systems.yml']);
		const bot = parse(fs.readFileSync(path.join(root, '.github', 'dependabot.yml'), 'utf8'));
		const kinds = bot.updates.map((one: { 'package-ecosystem': string }) => one['package-ecosystem']);
		assert.deepEqual(kinds, ['npm', 'github-actions']);
		assert.ok('pull_request' in (workflows.get('ci.yml')?.on ?? {}));
		assert.ok('pull_request' in (workflows.get('codeql.yml')?.on ?? {}));
	});

	it('use every action by its commit, with the version it is', () => {
		for (const name of workflows.keys()) {
			const lines = fs.readFileSync(path.join(folder, name), 'utf8').split('\n');
			for (const line of lines.filter((one) => one.includes('uses:')))
				assert.match(line, /uses: (actions|github)\/[\w/-]+@[\da-f]{40} # v\d+\.\d+\.\d+$/, name);
		}
	});

	it('use one action at one commit everywhere', () => {
		const commits = new Map<string, Set<string>>();
		for (const { job } of jobs) {
			for (const { uses } of job.steps) {
				const [action = '', commit = ''] = uses?.split('@') ?? [];
				if (uses !== undefined) commits.set(action, (commits.get(action) ?? new Set()).add(commit));
			}
		}
		for (const [action, found] of commits) assert.equal(found.size, 1, action);
	});

	it('begin without any right, give each job only what it needs, and end by themselves', () => {
		for (const [file, { permissions, on }] of workflows) {
			assert.deepEqual(permissions, {}, file);
			assert.ok(!('pull_request_target' in on), file);
		}
		for (const { name, job } of jobs) {
			const wanted: Record<string, Record<string, string>> = {
				'codeql.yml: analyse': { contents: 'read', 'security-events': 'write' },
				'publish.yml: publish': { 'id-token': 'write' },
			};
			assert.deepEqual(job.permissions, wanted[name] ?? { contents: 'read' }, name);
			assert.ok((job['timeout-minutes'] ?? 0) > 0, name);
		}
	});

	it('leave no credentials of git behind, and put no text of a stranger into a script', () => {
		for (const { name, job } of jobs) {
			for (const step of job.steps) {
				if (step.uses?.startsWith('actions/checkout@'))
					assert.equal(step.with?.['persist-credentials'], false, name);
				assert.ok(!step.run?.includes('${{'), `${name}: ${step.run}`);
			}
		}
	});

	it('run no install script but those allowed by name', () => {
		const allowed = Object.entries(manifest.allowScripts).filter(([, allow]) => allow);
		for (const { name, job } of jobs) {
			for (const { run = '' } of job.steps.filter((step) => /npm (ci|install)\b/.test(step.run ?? ''))) {
				assert.match(run, /npm ci --ignore-scripts/, name);
				assert.ok(run.includes(`npm rebuild ${allowed.map(([one]) => one).join(' ')}`), name);
			}
		}
	});

	it('run what this repository has', () => {
		for (const { name, job } of jobs) {
			for (const [, script] of job.steps.flatMap(({ run }) => [...(run ?? '').matchAll(/npm run ([\w:]+)/g)]))
				assert.ok(script !== undefined && script in manifest.scripts, `${name}: npm run ${script}`);
			for (const [, file] of job.steps.flatMap(({ run }) => [...(run ?? '').matchAll(/node (tools\/\S+)/g)]))
				assert.ok(file !== undefined && fs.existsSync(path.join(root, file)), `${name}: ${file}`);
		}
	});

	it('for changes run each command of .ci/run', () => {
		const own = fs.readFileSync(path.join(root, '.ci', 'run'), 'utf8');
		const commands = [...own.matchAll(/^.*\bstep (?:\.ci\/bare )?((?:npm|node) .+)$/gm)].map(
			([, command]) => command ?? '',
		);
		assert.ok(commands.length > 10, `${commands.length} commands`);
		const runs = Object.values(workflows.get('ci.yml')?.jobs ?? {}).flatMap(({ steps }) =>
			steps.map(({ run }) => run),
		);
		for (const command of commands.filter((one) => !one.startsWith('npm ci')))
			assert.ok(runs.join('\n').includes(command), command);
	});

	it('say that they have not run yet, as the documents do', () => {
		for (const name of [...workflows.keys(), '../dependabot.yml'])
			assert.match(fs.readFileSync(path.join(folder, name), 'utf8'), /^# Not run yet\./, name);
		const quality = fs.readFileSync(path.join(root, 'docs', 'quality.md'), 'utf8');
		for (const name of workflows.keys()) assert.match(quality, new RegExp(`${name}.*not run yet`), name);
	});
});

describe('the publishing workflow', () => {
	it('builds without the right to publish, and publishes without a checkout or a dependency', () => {
		const publish = jobOf('publish');
		assert.equal(publish.needs, 'build');
		assert.equal(publish.environment, 'npm');
		const actions = publish.steps.map(({ uses }) => uses?.split('@')[0]).filter(Boolean);
		assert.deepEqual(actions, ['actions/setup-node', 'actions/download-artifact']);
		assert.ok(!publish.steps.some(({ run }) => /\b(npm (ci|i|install|exec|run)|npx|node)\b/.test(run ?? '')));
		assert.equal(jobOf('build').permissions?.['id-token'], undefined);
		assert.deepEqual(jobOf('build').outputs, { sums: '${{ steps.check.outputs.sums }}' });
	});

	it('publishes with provenance and runs no script of a package', () => {
		const { run = '' } = stepOf(jobOf('publish'), 'npm publish');
		assert.match(run, /--provenance/);
		assert.match(run, /--ignore-scripts/);
		assert.match(run, /--access public/);
	});
});

describe("the publishing workflow's shell lines", () => {
	let scratch = '';
	const names = ['exonodes-a-1.2.3.tgz', 'exonodes-b-1.2.3.tgz', 'exonodes-c-1.2.3.tgz'];
	const write = (name: string, text: string, mode = 0o644) => {
		fs.mkdirSync(path.dirname(path.join(scratch, name)), { recursive: true });
		fs.writeFileSync(path.join(scratch, name), text, { mode });
	};

	before(function () {
		// Publishing runs on Linux; its lines are those of a POSIX shell.
		if (process.platform === 'win32') this.skip();
	});

	beforeEach(() => {
		scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'exonodes-workflow-'));
		// The stand-ins write down how they were called.
		for (const command of ['npm', 'node', 'sudo'])
			write(`bin/${command}`, `#!/bin/sh\necho "${command} $*" >> "${scratch}/called"\n`, 0o755);
		write('called', '');
	});

	afterEach(() => fs.rmSync(scratch, { recursive: true, force: true }));

	/** As GitHub runs the lines of a step. */
	const shell = (run: string, env: Record<string, string> = {}) =>
		spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', run], {
			cwd: scratch,
			encoding: 'utf8',
			env: {
				PATH: `${path.join(scratch, 'bin')}:/usr/bin:/bin`,
				GITHUB_OUTPUT: path.join(scratch, 'output'),
				...env,
			},
		});
	const called = () => fs.readFileSync(path.join(scratch, 'called'), 'utf8').trim().split('\n').filter(Boolean);

	const hashOf = (name: string, kind: string, form: 'hex' | 'base64'): string =>
		createHash(kind)
			.update(fs.readFileSync(path.join(scratch, 'packages', name)))
			.digest(form);

	/** Packs the three packages. */
	function pack(): void {
		for (const [index, name] of names.entries()) {
			write('package/package.json', JSON.stringify({ name: `@exonodes/${'abc'[index]}`, version: '1.2.3' }));
			fs.mkdirSync(path.join(scratch, 'packages'), { recursive: true });
			execFileSync('tar', ['-czf', path.join('packages', name), 'package'], { cwd: scratch });
		}
	}

	/** Tarballs as the building job leaves them, and its output. */
	function built(): string {
		pack();
		const sums = names.map((name) => `${hashOf(name, 'sha256', 'hex')}  ${name}\n`);
		write('artifacts/SHA256SUMS', sums.join(''));
		const step = stepOf(jobOf('build'), 'tools/publish/check.mjs');
		assert.equal(shell(step.run ?? '', { VERSION: '1.2.3' }).status, 0);
		const output = fs.readFileSync(path.join(scratch, 'output'), 'utf8');
		const [, text = ''] = /^sums<<END\n([\s\S]*)\nEND\n$/.exec(output) ?? assert.fail(output);
		return text;
	}

	it('hand over the hashes of the tested tarballs, and publish those tarballs', () => {
		const sums = built();
		const verify = shell(stepOf(jobOf('publish'), 'sha256sum').run ?? '', { SUMS: sums });
		assert.equal(verify.status, 0, verify.stderr);
		assert.equal(shell(stepOf(jobOf('publish'), 'npm publish').run ?? '').status, 0);
		assert.deepEqual(called(), [
			'node tools/publish/check.mjs 1.2.3',
			...names.flatMap((name, index) => [
				`npm view @exonodes/${'abc'[index]}@1.2.3 dist.integrity`,
				`npm publish ./packages/${name} --access public --provenance --ignore-scripts`,
			]),
		]);
	});

	/** What the last step publishes where the registry has `integrity` of the first package, and how it ends. */
	function publish(integrity: string) {
		pack();
		write(
			'bin/npm',
			[
				'#!/bin/sh',
				`echo "npm $*" >> "${scratch}/called"`,
				`case "$*" in`,
				`"view @exonodes/a@1.2.3 "*) echo "${integrity.replace('<same>', hashOf(names[0] ?? '', 'sha512', 'base64'))}" ;;`,
				// As npm answers for a package that nobody has published.
				'view*) echo "npm error code E404" >&2; exit 1 ;;',
				'*a-1.2.3.tgz*) echo "npm error 403 You cannot publish over it" >&2; exit 1 ;;',
				'esac',
				'',
			].join('\n'),
			0o755,
		);
		const { status, stdout } = shell(stepOf(jobOf('publish'), 'npm publish').run ?? '');
		const published = called().flatMap((line) => /^npm publish \S*-(\w)-1\.2\.3/.exec(line)?.[1] ?? []);
		return { status, stdout, published };
	}

	it('finish a run that broke between two packages', () => {
		const { status, stdout, published } = publish('sha512-<same>');
		assert.deepEqual([status, published], [0, ['b', 'c']], stdout);
		assert.match(stdout, /^@exonodes\/a@1\.2\.3 is published already\.$/m);
	});

	it('publish nothing more when the registry has another content of that version', () => {
		const { status, stdout, published } = publish('sha512-other');
		assert.deepEqual([status, published], [1, []]);
		assert.match(stdout, /::error::@exonodes\/a@1\.2\.3 is published with another content/);
	});

	it('fail when a version cannot be published', () => {
		const { status, published } = publish('');
		assert.deepEqual([status, published], [1, ['a']]);
	});

	const tampering: Record<string, () => void> = {
		'another content': () => write(`packages/${names[1]}`, 'other bytes'),
		'a tarball more': () => write('packages/evil.tgz', 'bytes'),
		'a tarball less': () => fs.rmSync(path.join(scratch, 'packages', names[0] ?? '')),
	};
	for (const [what, tamper] of Object.entries(tampering)) {
		it(`publish nothing when there is ${what}`, () => {
			const sums = built();
			tamper();
			assert.notEqual(shell(stepOf(jobOf('publish'), 'sha256sum').run ?? '', { SUMS: sums }).status, 0);
		});
	}

	it('publish nothing without hashes', () => {
		built();
		assert.notEqual(shell(stepOf(jobOf('publish'), 'sha256sum').run ?? '', { SUMS: '' }).status, 0);
	});

	it('of all workflows are lines a shell understands', () => {
		for (const { name, job } of jobs) {
			for (const { run } of job.steps.filter((step) => step.run !== undefined)) {
				if (run === undefined || run.includes('sha256sum') || run.includes('SHA256SUMS')) continue;
				pack();
				const done = shell(run);
				assert.equal(done.status, 0, `${name}: ${run}\n${done.stderr}`);
			}
		}
		assert.ok(called().some((line) => line.startsWith('npm ci')));
	});
});

describe('the dry run before publishing', function () {
	this.timeout(60_000);
	let copy = '';
	const check = (...options: string[]) =>
		spawnSync(process.execPath, [path.join(copy, 'tools', 'publish', 'check.mjs'), ...options], {
			encoding: 'utf8',
			env: { ...process.env, GITHUB_REPOSITORY: 'exonodes/exonodes' },
		});

	before(function () {
		// Units alone run without packed packages; `npm test` packs first.
		if (!fs.existsSync(path.join(root, 'artifacts'))) return this.skip();
		copy = fs.mkdtempSync(path.join(os.tmpdir(), 'exonodes-dry-run-'));
		const needed = ['package.json', 'CHANGELOG.md', 'LICENSE', 'dist', 'examples', 'artifacts', 'tools/publish'];
		for (const name of [...needed, 'node-red', 'simulator'])
			fs.cpSync(path.join(root, name), path.join(copy, name), { recursive: true });
	});

	after(() => copy !== '' && fs.rmSync(copy, { recursive: true, force: true }));

	it('accepts what was packed from this tree, and writes the hashes of the three tarballs', () => {
		const done = check();
		assert.equal(done.status, 0, done.stderr);
		const sums = execFileSync('sha256sum', ['--check', 'SHA256SUMS'], {
			cwd: path.join(copy, 'artifacts'),
			encoding: 'utf8',
		});
		assert.equal(sums.match(/: OK$/gm)?.length, 3);
	});

	it('refuses another version, an undated changelog, another repository and a file that was changed since', () => {
		fs.rmSync(path.join(copy, 'artifacts', 'SHA256SUMS'), { force: true });
		fs.appendFileSync(path.join(copy, 'node-red', 'README.md'), 'changed');
		const changelog = fs.readFileSync(path.join(copy, 'CHANGELOG.md'), 'utf8');
		fs.writeFileSync(path.join(copy, 'CHANGELOG.md'), `## 9.9.9 – unreleased\n\n${changelog}`);
		const manifestFile = path.join(copy, 'simulator', 'package.json');
		const read = JSON.parse(fs.readFileSync(manifestFile, 'utf8'));
		read.repository.url = 'git+https://github.com/stranger/exonodes.git';
		fs.writeFileSync(manifestFile, JSON.stringify(read));
		const done = check('9.9.9');
		assert.equal(done.status, 1);
		for (const fault of [
			/n8n-nodes-exotel is \d\S+, the tag is 9\.9\.9/,
			/newest section of CHANGELOG\.md is "9\.9\.9 – unreleased"/,
			/exotel-simulator names another repository/,
			/exotel-simulator-\S+: its package\.json is not the one of the repository/,
			/node-red-exotel-\S+: README\.md is not the repository's/,
		])
			assert.match(done.stderr, fault);
		assert.ok(!fs.existsSync(path.join(copy, 'artifacts', 'SHA256SUMS')));
	});
});
