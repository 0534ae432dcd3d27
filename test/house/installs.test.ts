/**
 * How the large programs get into the cache folder, with an npm that is a script of this test: two installations at
 * once, and one that is stopped or killed.
 */
import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { startNode, stopNode } from '../../tools/hosts/child.mjs';

const tool = (file: string): string =>
	JSON.stringify(pathToFileURL(path.resolve(__dirname, '..', '..', 'tools', file)).href);

/** Installs the tools of Redis, which have the smallest lock file, and prints where. */
const INSTALL = `
	const { installed } = await import(${tool('hosts/installed.mjs')});
	console.log('installed in ' + await installed('redis'));`;
/** The same as a starter does it. */
const START = `
	const { startStopping } = await import(${tool('start/stopping.mjs')});
	const stopping = startStopping();
	stopping.add(() => console.log('closed'));
	await stopping.orReport('Redis', async () => {${INSTALL}});`;

/** Notes who it is, begins to write, starts a program that does not want to end, and goes on when `go` is there. */
const NPM = `
	const fs = require('node:fs');
	const { spawn } = require('node:child_process');
	const stubborn = "process.on('SIGTERM', () => undefined); setInterval(() => undefined, 1000); console.log('on');";
	fs.mkdirSync('node_modules');
	fs.writeFileSync('node_modules/first', '');
	const further = spawn(process.execPath, ['--eval', stubborn]);
	further.stdout.once('data', () => fs.appendFileSync(process.env.RUNS, process.pid + ' ' + further.pid + '\\n'));
	const look = () => {
		const go = process.env.RUNS + '.go';
		if (!fs.existsSync(go)) return void setTimeout(look, 20);
		further.kill('SIGKILL');
		if (fs.readFileSync(go, 'utf8') === 'fail') {
			console.error('npm error: no such package');
			process.exit(1);
		}
		fs.writeFileSync('node_modules/last', '');
		process.exit(0);
	};
	look();`;

/** Waits for something; the test's own time limit ends the wait. */
async function until(holds: () => boolean): Promise<void> {
	while (!holds()) await sleep(20);
}

function isAlive(pid: number): boolean {
	try {
		return process.kill(pid, 0);
	} catch {
		return false;
	}
}

describe('an installation into the cache folder', function () {
	this.timeout(60_000);
	let folder: string;
	let runs: string;
	let programs: { child: ChildProcess; output: () => string; exited: Promise<number | null> }[];

	beforeEach(() => {
		folder = fs.mkdtempSync(path.join(os.tmpdir(), 'exonodes-installs-'));
		runs = path.join(folder, 'runs');
		programs = [];
		fs.writeFileSync(runs, '');
		fs.writeFileSync(path.join(folder, 'npm-cli.cjs'), NPM);
	});
	afterEach(async () => {
		for (const { child } of programs) await stopNode(child);
		fs.rmSync(folder, { recursive: true, force: true });
	});

	const start = (script: string): (typeof programs)[number] => {
		const npm_execpath = path.join(folder, 'npm-cli.cjs');
		const child = startNode(['--input-type=module', '--eval', script], {
			env: { ...process.env, XDG_CACHE_HOME: folder, RUNS: runs, npm_execpath },
		});
		let output = '';
		for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk));
		const printed = [child.stdout, child.stderr].map((stream) => stream && once(stream, 'end'));
		const exited = Promise.all([once(child, 'exit'), ...printed]).then(([[code]]) => code as number | null);
		programs.push({ child, output: () => output, exited });
		return { child, output: () => output, exited };
	};
	/** The npm and the program it started, of each installation. */
	const begun = (): number[][] =>
		fs
			.readFileSync(runs, 'utf8')
			.split('\n')
			.slice(0, -1)
			.map((line) => line.split(' ').map(Number));
	const goOn = (how = 'well'): void => fs.writeFileSync(`${runs}.go`, how);
	const cached = (): string[] => fs.readdirSync(path.join(folder, 'exonodes')).sort();
	const placeIn = (output: string): string => /^installed in (.+)$/m.exec(output)?.[1] ?? output;

	it('is done once for two that need it at once: the second says for whom it waits, in a line', async () => {
		const first = start(INSTALL);
		await until(() => begun().length === 1);
		const second = start(INSTALL);
		await until(() => second.output().includes('\n'));
		const place = path.join(folder, 'exonodes', cached()[0]?.replace(/\..*/, '') ?? '');
		assert.equal(second.output(), `Waiting for process ${first.child.pid}, which installs redis in ${place}.\n`);
		assert.ok(!fs.existsSync(place), 'nothing is at its place before it is complete');
		goOn();
		assert.deepEqual(await Promise.all([first.exited, second.exited]), [0, 0]);
		assert.equal(placeIn(first.output()), place);
		assert.equal(placeIn(second.output()), place);
		assert.equal(begun().length, 1);
		assert.deepEqual(fs.readdirSync(path.join(place, 'node_modules')).sort(), ['first', 'last']);
		assert.deepEqual(cached(), [path.basename(place)]);
	});

	it('is begun anew at once when its process was killed, and nothing half-written stays', async () => {
		const first = start(INSTALL);
		await until(() => begun().length === 1);
		first.child.kill('SIGKILL');
		await first.exited;
		const second = start(INSTALL);
		await until(() => begun().length === 2);
		assert.equal(second.output(), '');
		goOn();
		assert.equal(await second.exited, 0);
		assert.deepEqual(cached(), [path.basename(placeIn(second.output()))]);
	});

	it('that failed leaves nothing, and says what npm printed', async () => {
		goOn('fail');
		const { output, exited } = start(INSTALL);
		assert.equal(await exited, 1);
		assert.match(output(), /npm error: no such package/);
		assert.deepEqual(cached(), []);
	});

	const endings: [string, (child: ChildProcess) => unknown][] = [
		['lets go of the starter', (child) => child.disconnect()],
		['sends SIGTERM to the starter', (child) => child.kill('SIGTERM')],
		['kills the starter', (child) => child.kill('SIGKILL')],
	];
	for (const [what, end] of endings)
		it(`ends with all that it started when somebody ${what}`, async () => {
			const { child, output, exited } = start(START);
			await until(() => begun().length === 1);
			const all = begun().flat();
			assert.ok(all.every(isAlive));
			end(child);
			await exited;
			await until(() => !all.some(isAlive));
			if (what !== 'kills the starter') assert.equal(output(), 'closed\n');
			assert.ok(
				cached().every((name) => name.includes('.')),
				'nothing at the place of what is complete',
			);
		});
});

describe('a lock between processes', function () {
	this.timeout(30_000);
	interface Locks {
		withLock(
			file: string,
			options: { waits(holder: number): void; beatMs: number },
			work: () => Promise<string>,
		): Promise<string>;
	}

	it('is not held for ever by a file that nobody touches, though a process has its id', async () => {
		const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'exonodes-lock-'));
		const file = path.join(folder, 'lock');
		const { withLock } = (await import(JSON.parse(tool('hosts/lock.mjs')))) as Locks;
		const waitedFor: number[] = [];
		fs.writeFileSync(file, String(process.pid));
		const options = { waits: (holder: number) => void waitedFor.push(holder), beatMs: 5 };
		assert.equal(await withLock(file, options, async () => fs.readFileSync(file, 'utf8')), String(process.pid));
		assert.deepEqual(waitedFor, [process.pid]);
		assert.ok(!fs.existsSync(file));
		fs.rmSync(folder, { recursive: true });
	});

	it('is kept by a holder who works for long', async () => {
		const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'exonodes-lock-'));
		const file = path.join(folder, 'lock');
		const { withLock } = (await import(JSON.parse(tool('hosts/lock.mjs')))) as Locks;
		const order: string[] = [];
		const one = (name: string, work: () => Promise<unknown>): Promise<string> =>
			withLock(file, { waits: () => undefined, beatMs: 20 }, async () => {
				order.push(`${name} begins`);
				await work();
				order.push(`${name} ends`);
				return name;
			});
		// 50 looks of the other
		const first = one('first', () => sleep(1_000));
		await until(() => order.length === 1);
		await Promise.all([first, one('second', async () => undefined)]);
		assert.deepEqual(order, ['first begins', 'first ends', 'second begins', 'second ends']);
		fs.rmSync(folder, { recursive: true });
	});
});
