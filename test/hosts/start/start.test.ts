/** `npm start` as a newcomer meets it: five lines, one click, a whole call, and nothing left after Ctrl-C. */
import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const root = path.resolve(__dirname, '..', '..', '..');

/** Asks again until the answer fits; the test's own time limit ends it. */
async function until<Answer>(ask: () => Promise<Answer | undefined>): Promise<Answer> {
	for (;;) {
		const answer = await ask();
		if (answer !== undefined) return answer;
		await new Promise((resolve) => setTimeout(resolve, 200));
	}
}

/** Ids of the processes that `parent` started. */
function childrenOf(parent: number): number[] {
	const rows = execFileSync('ps', ['-eo', 'pid=,ppid=,comm='], { encoding: 'utf8' })
		.trim()
		.split('\n')
		.map((row) => row.trim().split(/\s+/));
	return rows.filter(([, ppid, command]) => Number(ppid) === parent && command !== 'ps').map(([pid]) => Number(pid));
}

describe('npm start', function () {
	this.timeout(180_000);
	let child: ChildProcess;
	let output = '';
	let simulator: string;
	let nodeRed: string;

	before(async () => {
		const hosts = pathToFileURL(path.join(root, 'tools', 'hosts', 'node-red.mjs')).href;
		const { freePort } = (await import(hosts)) as { freePort(): Promise<number> };
		const ports = { SIMULATOR_PORT: String(await freePort()), NODE_RED_PORT: String(await freePort()) };
		simulator = `http://127.0.0.1:${ports.SIMULATOR_PORT}`;
		nodeRed = `http://127.0.0.1:${ports.NODE_RED_PORT}`;
		child = spawn(process.execPath, [path.join(root, 'tools', 'start', 'node-red.mjs')], {
			env: { ...process.env, ...ports },
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		child.stdout?.on('data', (chunk) => (output += chunk));
		child.stderr?.on('data', (chunk) => (output += chunk));
		await until(async () => {
			assert.equal(child.exitCode, null, output);
			return output.includes('Ctrl-C') ? true : undefined;
		});
	});

	after(() => child.kill('SIGKILL'));

	it('prints five lines that name both addresses', () => {
		assert.equal(output.trim().split('\n').length, 5, output);
		assert.ok(output.includes(`${nodeRed}/`), output);
		assert.ok(output.includes(`${simulator}/_simulator/`), output);
	});

	it('has a flow whose inject node places a call that is answered and ends', async () => {
		const flows = (await (await fetch(`${nodeRed}/flows`)).json()) as { id: string; type: string }[];
		const inject = flows.find((node) => node.type === 'inject');
		assert.equal((await fetch(`${nodeRed}/inject/${inject?.id}`, { method: 'POST' })).status, 200);
		const call = await until(async () => {
			const { calls } = (await (await fetch(`${simulator}/_simulator/api/calls`)).json()) as {
				calls: { sid: string; state: string; outcome: string }[];
			};
			return calls.length === 1 && calls[0]?.outcome ? calls[0] : undefined;
		});
		assert.equal(call.outcome, 'answered');
		const delivered = await until(async () => {
			const { deliveries } = (await (await fetch(`${simulator}/_simulator/api/calls/${call.sid}`)).json()) as {
				deliveries: { status: number }[];
			};
			return deliveries.length >= 5 ? deliveries : undefined;
		});
		assert.deepEqual(new Set(delivered.map((delivery) => delivery.status)), new Set([200]));
	});

	it('stops with Ctrl-C and leaves no process', async () => {
		const started = childrenOf(child.pid as number);
		assert.equal(started.length, 1, 'Node-RED runs as a process of its own');
		const code = new Promise((resolve) => child.on('exit', resolve));
		child.kill('SIGINT');
		assert.equal(await code, 0);
		await assert.rejects(fetch(nodeRed));
		await assert.rejects(fetch(`${simulator}/_simulator/api/health`));
		for (const pid of started) assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
	});
});
