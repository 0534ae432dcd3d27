/** `npm start` as a newcomer meets it: five lines, one click, a whole call; what was drawn is there again next time. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Starter } from '../starter';

const root = path.resolve(__dirname, '..', '..', '..');

interface Node {
	id: string;
	type: string;
	name?: string;
	z?: string;
	baseUrl?: string;
	publicUrl?: string;
}

interface Row {
	sid: string;
	outcome: string;
	kind: string;
}

/** Asks again until the answer fits; the test's own time limit ends it. */
async function until<Answer>(ask: () => Promise<Answer | undefined>): Promise<Answer> {
	for (;;) {
		const answer = await ask();
		if (answer !== undefined) return answer;
		await new Promise((resolve) => setTimeout(resolve, 200));
	}
}

async function json<Body>(url: string, init?: RequestInit): Promise<Body> {
	const response = await fetch(url, init);
	assert.ok(response.ok, `${url}: ${response.status}`);
	return (await response.json()) as Body;
}

async function freePort(): Promise<number> {
	const hosts = pathToFileURL(path.join(root, 'tools', 'hosts', 'node-red.mjs')).href;
	return ((await import(hosts)) as { freePort(): Promise<number> }).freePort();
}

/** Ids of the processes that `parent` started. */
function childrenOf(parent: number): number[] {
	const rows = execFileSync('ps', ['-eo', 'pid=,ppid=,comm='], { encoding: 'utf8' })
		.trim()
		.split('\n')
		.map((row) => row.trim().split(/\s+/));
	return rows.filter(([, ppid, command]) => Number(ppid) === parent && command !== 'ps').map(([pid]) => Number(pid));
}

/** One run of `npm start`. */
class Start extends Starter {
	constructor(folder: string, environment: Record<string, string>, args: string[] = []) {
		super({ script: 'node-red', folder, environment, args });
	}

	get nodeRed(): string {
		return this.address('1\\. Open Node-RED:');
	}

	get simulator(): string {
		return this.address('4\\. Watch the phones:');
	}
}

describe('npm start', function () {
	this.timeout(180_000);
	let folder: string;
	let ports: Record<string, string>;
	let started: Start;

	before(async () => {
		folder = path.join(await fs.mkdtemp(path.join(os.tmpdir(), 'exonodes-start-')), 'kept');
		ports = { SIMULATOR_PORT: String(await freePort()), NODE_RED_PORT: String(await freePort()) };
		started = await new Start(folder, ports).ready();
	});

	after(async () => {
		started.child.kill('SIGKILL');
		await fs.rm(path.dirname(folder), { recursive: true, force: true });
	});

	async function placeCall({ nodeRed, simulator }: Start): Promise<string> {
		const flows = await json<Node[]>(`${nodeRed}/flows`);
		const inject = flows.find((node) => node.type === 'inject');
		const before = (await json<{ total: number }>(`${simulator}/_simulator/api/calls`)).total;
		assert.equal((await fetch(`${nodeRed}/inject/${inject?.id}`, { method: 'POST' })).status, 200);
		return await until(async () => {
			const { calls, total } = await json<{ calls: Row[]; total: number }>(`${simulator}/_simulator/api/calls`);
			return total > before && calls[0]?.outcome === 'answered' ? calls[0].sid : undefined;
		});
	}

	it('prints five lines that name both addresses', () => {
		assert.equal(started.output.trim().split('\n').length, 5, started.output);
		assert.equal(started.nodeRed, `http://127.0.0.1:${ports.NODE_RED_PORT}`);
		assert.equal(started.simulator, `http://127.0.0.1:${ports.SIMULATOR_PORT}`);
	});

	it('has a flow whose inject node places a call that is answered and ends', async () => {
		const sid = await placeCall(started);
		const delivered = await until(async () => {
			const { deliveries } = await json<{ deliveries: { status: number }[] }>(
				`${started.simulator}/_simulator/api/calls/${sid}`,
			);
			return deliveries.length >= 5 ? deliveries : undefined;
		});
		assert.deepEqual(new Set(delivered.map((delivery) => delivery.status)), new Set([200]));
	});

	it('has a flow that the dial pad rings, and that answers which numbers to dial', async () => {
		const { flows } = await json<{ flows: { id: string }[] }>(`${started.simulator}/_simulator/api/flows`);
		assert.deepEqual(
			flows.map(({ id }) => id),
			['926'],
		);
		const { sid } = await json<{ sid: string }>(`${started.simulator}/_simulator/api/inbound`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ from: '+919876543210', to: '08047112233', flow: '926' }),
		});
		const call = await until(async () => {
			const { calls } = await json<{ calls: Row[] }>(`${started.simulator}/_simulator/api/calls`);
			const found = calls.find((row) => row.sid === sid);
			return found?.outcome ? found : undefined;
		});
		assert.equal(call.outcome, 'answered');
	});

	it('says on the canvas what to click, and who is rung', async () => {
		const flows = await json<Node[]>(`${started.nodeRed}/flows`);
		assert.deepEqual(
			flows.flatMap(({ type, name }) => (type === 'comment' ? [name] : [])),
			[
				'Click the button left of "Ring a customer"; if Deploy is red, click Deploy first',
				'Rings agent +91 98123 45600 first, then customer +91 98123 45678',
				'Ring this flow from the dial pad on the page of the simulator',
				'Rung for the caller: +91 98123 45678, then +91 98123 45679',
			],
		);
	});

	it('lets modules be installed in the palette manager', async () => {
		const settings = await json<{ externalModules?: { palette?: { allowInstall?: boolean } } }>(
			`${started.nodeRed}/settings`,
		);
		assert.notEqual(settings.externalModules?.palette?.allowInstall, false);
		const text = await fs.readFile(path.join(folder, 'user', 'settings.js'), 'utf8');
		assert.match(text, /editorTheme: \{ tours: false, palette: \{ editable: true \} \},/);
	});

	it('says in one line that it is running already', async () => {
		const second = new Start(folder, ports);
		assert.equal(await second.exited, 1);
		assert.match(
			second.output.trim(),
			/^This is running already \(process \d+\)\. Stop it there with Ctrl-C first\.$/,
		);
	});

	it('stops with Ctrl-C, leaves no process, and keeps what was drawn', async () => {
		const processes = childrenOf(started.child.pid as number);
		assert.equal(processes.length, 1, 'Node-RED runs as a process of its own');
		const flows = await json<Node[]>(`${started.nodeRed}/flows`);
		const drawn = { id: 'drawn0000000001', type: 'comment', z: flows[0]?.id, name: 'drawn by hand', x: 90, y: 400 };
		const deployed = await fetch(`${started.nodeRed}/flows`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify([...flows, drawn]),
		});
		assert.equal(deployed.status, 204);
		const flow = `${started.simulator}/_simulator/api/flows/926`;
		const { applets } = await json<{ applets: object[] }>(flow);
		await json(flow, {
			method: 'PUT',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ applets: [{ type: 'greeting', text: 'Welcome' }, ...applets] }),
		});
		const { nodeRed, simulator } = started;
		assert.equal(await started.stop(), 0);
		await assert.rejects(fetch(nodeRed));
		await assert.rejects(fetch(`${simulator}/_simulator/api/health`));
		for (const pid of processes) assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
	});

	it('moves on to the next free ports, says so, and what was drawn still works there', async () => {
		const others = await Promise.all(
			Object.values(ports).map(
				(port) =>
					new Promise<net.Server>((resolve) => {
						const server = net.createServer((socket) => socket.destroy());
						server.listen(Number(port), '127.0.0.1', () => resolve(server));
					}),
			),
		);
		started = await new Start(folder, {}).ready();
		for (const server of others) server.close();
		const lines = started.output.trim().split('\n');
		assert.equal(lines.length, 7, started.output);
		assert.match(
			lines[0] ?? '',
			/^Port \d+ is in use, so the simulator is at port \d+\. SIMULATOR_PORT sets another one\.$/,
		);
		assert.match(
			lines[1] ?? '',
			/^Port \d+ is in use, so Node-RED is at port \d+\. NODE_RED_PORT sets another one\.$/,
		);
		const flows = await json<Node[]>(`${started.nodeRed}/flows`);
		assert.ok(flows.some(({ id }) => id === 'drawn0000000001'));
		const accounts = flows.filter(({ type }) => type === 'exotel-account');
		assert.deepEqual(
			accounts.map(({ baseUrl, publicUrl }) => ({ baseUrl, publicUrl })),
			[{ baseUrl: started.simulator, publicUrl: started.nodeRed }],
		);
		const { applets } = await json<{ applets: { type: string; url?: string }[] }>(
			`${started.simulator}/_simulator/api/flows/926`,
		);
		assert.deepEqual(
			applets.map(({ type }) => type),
			['greeting', 'connect'],
		);
		assert.ok(applets[1]?.url?.startsWith(`${started.nodeRed}/`), applets[1]?.url);
		await placeCall(started);
		const { total } = await json<{ total: number }>(`${started.simulator}/_simulator/api/calls`);
		assert.equal(total, 3, 'calls of the first start are kept');
	});

	it('forgets everything with --fresh', async () => {
		await started.stop();
		started = await new Start(folder, {}, ['--fresh']).ready();
		const flows = await json<Node[]>(`${started.nodeRed}/flows`);
		assert.ok(!flows.some(({ id }) => id === 'drawn0000000001'));
		assert.equal((await json<{ total: number }>(`${started.simulator}/_simulator/api/calls`)).total, 0);
		await started.stop();
	});

	it('fills a simulator without calls with a week of them for --demo, and says so', async () => {
		started = await new Start(folder, {}, ['--demo']).ready();
		const [first = ''] = started.output.trim().split('\n');
		const count = /^The simulator has (\d+) calls of the last seven days\.$/.exec(first)?.[1];
		const { total } = await json<{ total: number }>(`${started.simulator}/_simulator/api/calls`);
		assert.equal(String(total), count, started.output);
		assert.ok(total > 50, `${total} calls`);
		await placeCall(started);
		await started.stop();
		started = await new Start(folder, {}, ['--demo']).ready();
		assert.match(
			started.output,
			/^There are calls in the simulator already, so --demo adds none; with --fresh it does\.\n/,
		);
		assert.equal((await json<{ total: number }>(`${started.simulator}/_simulator/api/calls`)).total, total + 1);
		await started.stop();
	});

	for (const [variable, value] of [
		['SIMULATOR_PORT', 'abc'],
		['NODE_RED_PORT', '70000'],
	] as const)
		it(`says in one line that ${variable}=${value} is no port`, async () => {
			const refused = new Start(folder, { [variable]: value });
			assert.equal(await refused.exited, 1);
			assert.match(refused.output.trim(), new RegExp(`^${variable} must be a port, .+\\.$`));
		});

	it('says in one line that an option does not exist', async () => {
		const refused = new Start(folder, {}, ['--frsh']);
		assert.equal(await refused.exited, 1);
		assert.match(refused.output.trim(), /^Unknown option '--frsh'\. The options are --fresh .+ and --demo .+\.$/);
	});
});
