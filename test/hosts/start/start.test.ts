/** `npm start` as a newcomer meets it: five lines, one click, a whole call; what was drawn is there again next time. */
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import fs from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { Starter } from '../starter';

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

/** A free port below those that systems hand out by themselves: it stays free until the server listens. */
async function freePort(): Promise<number> {
	for (;;) {
		const port = crypto.randomInt(12_000, 30_000);
		const server = net.createServer();
		const isFree = await new Promise<boolean>((resolve) => {
			server.once('error', () => resolve(false));
			server.listen(port, '127.0.0.1', () => resolve(true));
		});
		if (!isFree) continue;
		await new Promise((resolve) => server.close(resolve));
		return port;
	}
}

/** What makes every Node process below a starter note itself in a file. */
function noting(file: string): Record<string, string> {
	const preload = path.join(__dirname, '..', '..', 'fixtures', 'note-process.cjs');
	return { NOTED: file, NODE_OPTIONS: `--require ${JSON.stringify(preload)}` };
}

/** The processes that noted themselves, with their scripts. */
async function noted(file: string): Promise<{ pid: number; script: string }[]> {
	const rows = (await fs.readFile(file, 'utf8')).trim().split('\n');
	return rows.map((row) => row.split(' ')).map(([pid, script = '']) => ({ pid: Number(pid), script }));
}

/** True while a process runs. */
function isRunning({ pid }: { pid: number }): boolean {
	try {
		return process.kill(pid, 0);
	} catch {
		return false;
	}
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

const freePorts = async (): Promise<Record<string, string>> => ({
	SIMULATOR_PORT: String(await freePort()),
	NODE_RED_PORT: String(await freePort()),
});

/** A scratch folder for a block of tests. */
function scratchFolder(): () => string {
	let folder = '';
	before(async () => {
		folder = await fs.mkdtemp(path.join(os.tmpdir(), 'exonodes-start-'));
	});
	after(() => fs.rm(folder, { recursive: true, force: true }));
	return () => folder;
}

describe('npm start', function () {
	this.timeout(180_000);
	const scratch = scratchFolder();
	let folder: string;
	let ports: Record<string, string>;
	let started: Start;

	before(async () => {
		folder = path.join(scratch(), 'kept');
		ports = await freePorts();
		started = await new Start(folder, ports).ready();
	});

	after(() => started.stop());

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
});

/** A comment node drawn by hand. */
const DRAWN = 'drawn0000000001';

describe('npm start, the next time', function () {
	this.timeout(180_000);
	const scratch = scratchFolder();
	/** What was drawn at the first start, with a call and a changed flow of the simulator; it was stopped with Ctrl-C. */
	let kept: string;
	let first: {
		ports: Record<string, string>;
		nodeRed: string;
		simulator: string;
		processes: { pid: number; script: string }[];
		code: number | null;
	};
	let started: Start | undefined;

	before(async () => {
		kept = path.join(scratch(), 'kept');
		const ports = await freePorts();
		const file = path.join(scratch(), 'processes.txt');
		const start = await new Start(kept, { ...ports, ...noting(file) }).ready();
		await placeCall(start);
		const processes = await noted(file);
		const flows = await json<Node[]>(`${start.nodeRed}/flows`);
		const drawn = { id: DRAWN, type: 'comment', z: flows[0]?.id, name: 'drawn by hand', x: 90, y: 400 };
		const deployed = await fetch(`${start.nodeRed}/flows`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify([...flows, drawn]),
		});
		assert.equal(deployed.status, 204);
		const flow = `${start.simulator}/_simulator/api/flows/926`;
		const { applets } = await json<{ applets: object[] }>(flow);
		await json(flow, {
			method: 'PUT',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ applets: [{ type: 'greeting', text: 'Welcome' }, ...applets] }),
		});
		const { nodeRed, simulator } = start;
		first = { ports, nodeRed, simulator, processes, code: await start.stop() };
	});

	afterEach(async () => {
		await started?.stop();
		started = undefined;
	});

	/** Starts again on a copy of what was kept. */
	async function again(args: string[] = [], environment: Record<string, string> = {}): Promise<Start> {
		const folder = await fs.mkdtemp(path.join(scratch(), 'again-'));
		await fs.cp(kept, folder, { recursive: true });
		started = new Start(folder, environment, args);
		return await started.ready();
	}

	it('stops with Ctrl-C, and leaves no process', async () => {
		assert.equal(first.code, 0);
		const scripts = first.processes.map(({ script }) => script);
		for (const script of ['node-red.mjs', 'red.js']) assert.ok(scripts.includes(script), scripts.join());
		await assert.rejects(fetch(first.nodeRed));
		await assert.rejects(fetch(`${first.simulator}/_simulator/api/health`));
		assert.deepEqual(first.processes.filter(isRunning), []);
	});

	it('leaves no process either when it is ended by force', async () => {
		const file = path.join(scratch(), 'of-a-killed-one.txt');
		const killed = await again([], noting(file));
		const processes = await noted(file);
		assert.ok(processes.some((one) => one.script === 'red.js' && isRunning(one)));
		killed.child.kill('SIGKILL');
		await killed.exited;
		await until(async () => (processes.some(isRunning) ? undefined : true));
	});

	it('moves on to the next free ports, says so, and what was drawn still works there', async () => {
		const others = await Promise.all(
			Object.values(first.ports).map(
				(port) =>
					new Promise<net.Server>((resolve) => {
						const server = net.createServer((socket) => socket.destroy());
						server.listen(Number(port), '127.0.0.1', () => resolve(server));
					}),
			),
		);
		const started = await again().finally(() => {
			for (const server of others) server.close();
		});
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
		assert.ok(flows.some(({ id }) => id === DRAWN));
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
		assert.equal(total, 2, 'the call of the first start is kept');
	});

	it('forgets everything with --fresh', async () => {
		const started = await again(['--fresh']);
		const flows = await json<Node[]>(`${started.nodeRed}/flows`);
		assert.ok(!flows.some(({ id }) => id === DRAWN));
		assert.equal((await json<{ total: number }>(`${started.simulator}/_simulator/api/calls`)).total, 0);
	});
});

describe('npm start with an option or a port', function () {
	this.timeout(180_000);
	const scratch = scratchFolder();

	it('fills a simulator without calls with a week of them for --demo, and says so', async () => {
		const folder = path.join(scratch(), 'demo');
		const ports = await freePorts();
		let started = await new Start(folder, ports, ['--demo']).ready();
		const [first = ''] = started.output.trim().split('\n');
		const count = /^The simulator has (\d+) calls of the last seven days\.$/.exec(first)?.[1];
		const { total } = await json<{ total: number }>(`${started.simulator}/_simulator/api/calls`);
		assert.equal(String(total), count, started.output);
		assert.ok(total > 50, `${total} calls`);
		await placeCall(started);
		await started.stop();
		started = await new Start(folder, ports, ['--demo']).ready();
		assert.match(
			started.output,
			/^There are calls in the simulator already, so --demo adds none\. Reset on its page removes them .+\n/,
		);
		assert.equal((await json<{ total: number }>(`${started.simulator}/_simulator/api/calls`)).total, total + 1);
		await started.stop();
	});

	for (const [variable, value] of [
		['SIMULATOR_PORT', 'abc'],
		['NODE_RED_PORT', '70000'],
	] as const)
		it(`says in one line that ${variable}=${value} is no port`, async () => {
			const refused = new Start(path.join(scratch(), variable), { ...(await freePorts()), [variable]: value });
			assert.equal(await refused.exited, 1);
			assert.match(refused.output.trim(), new RegExp(`^${variable} must be a port, .+\\.$`));
		});

	it('says in one line that an option does not exist', async () => {
		const refused = new Start(path.join(scratch(), 'option'), {}, ['--frsh']);
		assert.equal(await refused.exited, 1);
		assert.match(refused.output.trim(), /^Unknown option '--frsh'\. The options are --fresh .+ and --demo .+\.$/);
	});
});
