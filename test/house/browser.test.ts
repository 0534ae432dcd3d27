/** Which browser the tests take, and what becomes of their suites where there is none. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const root = path.resolve(__dirname, '..', '..');

interface Machine {
	platform: string;
	environment: Record<string, string>;
	exists(file: string): boolean;
}
interface Finder {
	findBrowser(machine?: Machine): string | null;
	isOverNpm(machine: { platform: string; arch: string; environment: Record<string, string> }): boolean;
}

describe('the browser of the tests', () => {
	let findBrowser: Finder['findBrowser'];
	let isOverNpm: Finder['isOverNpm'];
	before(async () => {
		const finder = pathToFileURL(path.join(root, 'tools', 'test', 'browser.mjs')).href;
		({ findBrowser, isOverNpm } = (await import(finder)) as Finder);
	});

	const cases: [string, string, Record<string, string>, string[]][] = [
		['Debian', 'linux', { PATH: '/bin' }, ['/usr/bin/chromium']],
		['Ubuntu', 'linux', {}, ['/snap/bin/chromium']],
		['Linux with Chrome', 'linux', { PATH: '/usr/local/bin' }, ['/usr/local/bin/google-chrome']],
		['macOS', 'darwin', { HOME: '/Users/a' }, ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome']],
		[
			'Windows',
			'win32',
			{ ProgramFiles: 'C:\\Program Files', 'ProgramFiles(x86)': 'C:\\Program Files (x86)' },
			['C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe'],
		],
	];
	for (const [name, platform, environment, [browser = '']] of cases)
		it(`is found on ${name}`, () => {
			assert.equal(findBrowser({ platform, environment, exists: (file) => file === browser }), browser);
			assert.equal(findBrowser({ platform, environment, exists: () => false }), null);
		});

	it('is the one that CHROMIUM names, and no other', () => {
		const environment = { CHROMIUM: '/opt/mine', PATH: '/usr/bin' };
		assert.equal(findBrowser({ platform: 'linux', environment, exists: () => true }), '/opt/mine');
		assert.equal(findBrowser({ platform: 'linux', environment, exists: (file) => file !== '/opt/mine' }), null);
	});

	it('comes over npm for Linux on x64, unless CHROMIUM names one', () => {
		const machine = { platform: 'linux', arch: 'x64', environment: {} };
		assert.equal(isOverNpm(machine), true);
		assert.equal(isOverNpm({ ...machine, environment: { CHROMIUM: '/opt/mine' } }), false);
		for (const other of [{ arch: 'arm64' }, { platform: 'darwin' }, { platform: 'win32' }])
			assert.equal(isOverNpm({ ...machine, ...other }), false);
	});

	const { REQUIRE_ALL: _all, REQUIRE_BROWSER: _browser, ...withoutDemands } = process.env;
	const run = (args: string[], environment: Record<string, string>): { status: number | null; output: string } => {
		const { status, stdout, stderr } = spawnSync(process.execPath, args, {
			cwd: root,
			encoding: 'utf8',
			// CI asks for more than the tests start from.
			env: { ...withoutDemands, CHROMIUM: '/not/there', ...environment },
		});
		return { status, output: `${stdout}${stderr}` };
	};

	it('is missed in one line by a suite that is named', () => {
		const { status, output } = run(['tools/test/run.mjs', 'simulator-page'], {});
		assert.equal(status, 1);
		assert.match(output, /^== simulator-page: failed, there is no Chromium, Chrome or Edge here; CHROMIUM can/m);
		assert.match(output, /^0 passed, 1 failed, 0 skipped$/m);
	});

	it('is no reason to skip a test where nothing may be skipped: with REQUIRE_ALL=1 that is a failure', () => {
		const script = `
			const { Tally } = await import('./tools/test/tally.mjs');
			const tally = new Tally();
			tally.passed = 7;
			tally.skipped = 1;
			tally.close();`;
		assert.equal(run(['--input-type=module', '--eval', script], {}).status, 0);
		const required = run(['--input-type=module', '--eval', script], { REQUIRE_ALL: '1' });
		assert.equal(required.status, 1);
		assert.match(required.output, /^7 passed, 0 failed, 1 skipped$/m);
	});

	it('is missed by no other suite: those in a browser are left out and counted, unless REQUIRE_BROWSER=1', () => {
		const script = `
			const { Tally } = await import('./tools/test/tally.mjs');
			const tally = new Tally();
			await tally.all([{ name: 'page', files: [], browser: true }], { isBrowserRequired: false });
			tally.passed = 7;
			tally.close();`;
		const leftOut = run(['--input-type=module', '--eval', script], {});
		assert.equal(leftOut.status, 0);
		assert.match(leftOut.output, /^== page: left out, there is no Chromium, Chrome or Edge here; .+$/m);
		assert.match(leftOut.output, /^7 passed, 0 failed, 0 skipped, 1 suite left out$/m);
		const required = run(['--input-type=module', '--eval', script], { REQUIRE_BROWSER: '1' });
		assert.equal(required.status, 1);
		assert.match(required.output, /^7 passed, 1 failed, 0 skipped$/m);
	});
});
