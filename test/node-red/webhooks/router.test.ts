/**
 * The webhook router in the situations an administrator and a canvas make: middleware, subflows, disabled nodes,
 * rude senders.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { CallEvent } from '../../../exotel/index';
import { reservePort, startNodeRed, type FlowNode, type RunningNodeRed, type RunOptions } from '../running-node-red';

const SID = '492205107c5fb48f4ac25d1f77759339';
const ended = {
	CallSid: SID,
	EventType: 'terminal',
	Status: 'completed',
	From: '+919413740000',
	To: '+918867990000',
	Direction: 'outbound-api',
	DateUpdated: '2019-04-08 03:18:35',
};

describe('the webhook router', function () {
	this.timeout(20_000);
	let nodeRed: RunningNodeRed | null = null;
	let port: Awaited<ReturnType<typeof reservePort>>;

	const tab: FlowNode = { id: 'tab', type: 'tab' };
	const account: FlowNode = {
		id: 'account',
		type: 'exotel-account',
		region: 'custom',
		baseUrl: 'http://127.0.0.1:1',
		sid: 'acme1',
		anyoneMayCall: true,
	};
	const events = (id: string, more: Record<string, unknown> = {}): FlowNode => ({
		id,
		z: 'tab',
		type: 'exotel-call-events',
		account: 'account',
		path: 'calls',
		wires: [[`${id}-out`]],
		...more,
	});
	const out = (id: string, more: Record<string, unknown> = {}): FlowNode => ({
		id: `${id}-out`,
		z: 'tab',
		type: 'helper',
		...more,
	});

	beforeEach(async () => {
		port = await reservePort();
	});
	afterEach(async () => {
		await nodeRed?.stop();
		nodeRed = null;
	});
	async function start(flow: FlowNode[], options: RunOptions = {}): Promise<RunningNodeRed> {
		nodeRed = await startNodeRed(port, flow, {
			credentials: { account: { apiKey: 'k', apiToken: 't' } },
			...options,
		});
		return nodeRed;
	}
	const post = (path = 'calls', sid = SID): Promise<Response> =>
		fetch(`${port.url}/exotel/${path}`, { method: 'POST', body: new URLSearchParams({ ...ended, CallSid: sid }) });
	const sids = (running: RunningNodeRed, id: string): string[] =>
		running.received(id).map((msg) => (msg.payload as CallEvent).call.sid);

	describe("the administrator's middleware", () => {
		type Step = (
			request: { headers: Record<string, unknown> },
			response: { writeHead(status: number): { end(): void } },
			next: (reason?: unknown) => void,
		) => void;
		const passes: Step = (_request, _response, next) => void setImmediate(next);
		const limits: Step = (_request, response) => void response.writeHead(429).end();
		const breaks: Step = (_request, _response, next) => next(new Error('the limiter is down'));
		const throws: Step = () => {
			throw new Error('the limiter is down');
		};
		for (const [name, httpNodeMiddleware, status, told] of [
			['lets a request through', passes, 200, 1],
			['turns a request away', limits, 429, 0],
			['is run in order when there are several', [passes, limits], 429, 0],
			['lets a request through when all of several do', [passes, passes], 200, 1],
			['fails', breaks, 500, 0],
			['throws', throws, 500, 0],
		] as [string, unknown, number, number][]) {
			it(name, async () => {
				const running = await start([tab, account, events('a'), out('a')], {
					settings: { httpNodeMiddleware },
				});
				const answer = await post();
				assert.equal(answer.status, status);
				assert.doesNotMatch(await answer.text(), /limiter|\.ts|\.js/, 'the sender is not told why');
				if (told > 0) await running.until('a-out', (all) => all.length === told);
				assert.equal(running.received('a-out').length, told);
			});
		}
	});

	it('answers HEAD and OPTIONS, and asks for GET or POST', async () => {
		await start([tab, account, events('a'), out('a')]);
		for (const method of ['HEAD', 'OPTIONS', 'DELETE']) {
			const answer = await fetch(`${port.url}/exotel/calls`, { method });
			assert.deepEqual([method, answer.status, answer.headers.get('allow')], [method, 405, 'GET, POST']);
		}
	});

	it(
		'gives the path of a subflow to its first instance; the second says who has it, and takes ' +
			'over when the first is deleted',
		async () => {
			const subflow: FlowNode[] = [
				{ id: 'sub', type: 'subflow', name: 'listen', in: [], out: [{ wires: [{ id: 'inner', port: 0 }] }] },
				{
					id: 'inner',
					z: 'sub',
					type: 'exotel-call-events',
					account: 'account',
					path: 'calls',
					name: 'listener',
					x: 100,
					y: 100,
					wires: [[]],
				},
			];
			const instance = (id: string): FlowNode => ({
				id,
				z: 'tab',
				type: 'subflow:sub',
				x: 100,
				y: 100,
				wires: [[`${id}-out`]],
			});
			const running = await start([
				tab,
				account,
				...subflow,
				instance('one'),
				out('one'),
				instance('two'),
				out('two'),
			]);
			assert.equal((await post()).status, 200);
			await running.until('one-out', (all) => all.length === 1);
			assert.match(running.log(), /path-taken/);
			await running.deploy([tab, account, ...subflow, out('one'), instance('two'), out('two')], 'nodes');
			assert.equal((await post('calls', SID.replace('4', '5'))).status, 200);
			await running.until('two-out', (all) => all.length === 1);
			assert.equal(running.received('one-out').length, 1);
		},
	);

	for (const [name, disabled] of [
		['node', { d: true }],
		['flow', {}],
	] as const) {
		it(`leaves the path of a disabled ${name}, and gives it to whoever else wants it`, async () => {
			const second: FlowNode = { id: 'tab2', type: 'tab' };
			const other = [events('b', { z: 'tab2' }), out('b', { z: 'tab2' })];
			const running = await start([tab, second, account, events('a'), out('a'), ...other]);
			await post();
			await running.until('a-out', (all) => all.length === 1);
			await running.deploy(
				[
					{ ...tab, ...(name === 'flow' ? { disabled: true } : {}) },
					second,
					account,
					events('a', disabled),
					out('a'),
					...other,
				],
				'full',
				{ account: { apiKey: 'k', apiToken: 't' } },
			);
			assert.equal((await post('calls', SID.replace('4', '6'))).status, 200);
			await running.until('b-out', (all) => all.length === 1);
			assert.deepEqual(sids(running, 'a-out'), [SID]);
			await running.deploy(
				[
					{ ...tab, disabled: true },
					{ ...second, disabled: true },
					account,
					events('a', disabled),
					out('a'),
					...other,
				],
				'full',
				{ account: { apiKey: 'k', apiToken: 't' } },
			);
			assert.equal((await post()).status, 404);
		});
	}

	/** Sends a part of a body and no more; what is answered until the connection ends. */
	async function stall(path: string, headers = ''): Promise<string> {
		const { port: number, hostname } = new URL(port.url);
		const socket = connect(Number(number), hostname);
		socket.write(`POST ${path} HTTP/1.1\r\nhost: x\r\n${headers}content-length: 5000\r\n\r\nCallSid=`);
		let answered = '';
		for await (const chunk of socket as AsyncIterable<Buffer>) answered += chunk.toString();
		return answered;
	}

	it('a body that never ends is answered: an applet with its fallback, any other webhook with 408', async () => {
		const applet = { id: 'applet', z: 'tab', type: 'exotel-applet', account: 'account', path: 'who', wires: [[]] };
		const fallback = { fallback: 'numbers', fallbackNumbers: '+919812345678' };
		await start([tab, account, events('a'), out('a'), { ...applet, ...fallback }]);
		const [asked, event] = await Promise.all([
			stall('/exotel/who', 'exotel-version: 1.0\r\n'),
			stall('/exotel/calls'),
		]);
		assert.match(asked, /^HTTP\/1.1 200 /);
		assert.match(asked, /\+919812345678/);
		assert.match(event, /^HTTP\/1.1 408 /);
	});

	it('a caller is answered whatever is wrong with the body', async () => {
		const applet = { id: 'applet', z: 'tab', type: 'exotel-applet', account: 'account', path: 'who', wires: [[]] };
		await start([tab, account, applet]);
		const response = await fetch(`${port.url}/exotel/who`, {
			method: 'POST',
			body: 'CallSid=x',
			headers: { 'content-encoding': 'gzip', 'exotel-version': '1.0' },
		});
		assert.deepEqual([response.status, response.headers.get('connection')], [200, 'close']);
	});

	it('a sender that hangs up in the middle of a body disturbs nobody', async () => {
		const running = await start([tab, account, events('a'), out('a')]);
		const { port: number, hostname } = new URL(port.url);
		const socket = connect(Number(number), hostname);
		await once(socket, 'connect');
		const half =
			'POST /exotel/calls HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ' +
			'5000\r\n\r\n{"CallSid":';
		await new Promise((resolve) => socket.write(half, resolve));
		socket.resetAndDestroy();
		assert.equal((await post()).status, 200);
		await running.until('a-out', (all) => all.length === 1);
	});
});
