/** *make call*: calls that are requested, refused or wait for their turn while their node is replaced or deleted. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { connectionOf } from '../../../node-red/account/account-connection';
import { reservePort, startNodeRed, type FlowNode, type RunningNodeRed } from '../running-node-red';

const credentials = {
	account: { apiKey: 'secret-key', apiToken: 'secret-token', webhookToken: 'secret-webhook-token' },
};
const NUMBER = '+919812345678';

describe('make call, while its node is replaced', function () {
	this.timeout(20_000);
	let exotel: Server;
	/** Requests to place a call that Exotel has not answered. */
	let open: ServerResponse[];
	let dialled: number;
	let nodeRed: RunningNodeRed;

	beforeEach(() => {
		open = [];
		dialled = 0;
		exotel = createServer((request, response) => {
			request.resume().on('end', () => {
				dialled += 1;
				open.push(response);
				exotel.emit('dialled');
			});
		});
		exotel.listen(0, '127.0.0.1');
	});
	afterEach(async () => {
		await nodeRed.stop();
		exotel.closeAllConnections();
		exotel.close();
	});

	function flow(requestsPerMinute = '200'): FlowNode[] {
		const baseUrl = `http://127.0.0.1:${(exotel.address() as AddressInfo).port}`;
		const rules = { timeZone: 'Asia/Kolkata', defaultCountry: 'IN', requestsPerMinute };
		return [
			{ id: 'tab', type: 'tab' },
			{
				id: 'account',
				type: 'exotel-account',
				region: 'custom',
				baseUrl,
				sid: 'acme1',
				configVersion: 1,
				...rules,
			},
			{
				id: 'call',
				z: 'tab',
				type: 'exotel-make-call',
				account: 'account',
				mode: 'numbers',
				from: '+919812345600',
				fromType: 'str',
				to: 'to',
				toType: 'msg',
				exoPhone: '08047112233',
				exoPhoneType: 'str',
				configVersion: 1,
				wires: [['out'], ['out'], ['out']],
			},
			{ id: 'out', z: 'tab', type: 'helper' },
			{ id: 'catcher', z: 'tab', type: 'catch', scope: null, wires: [['caught']] },
			{ id: 'caught', z: 'tab', type: 'helper' },
		];
	}

	async function start(requestsPerMinute?: string): Promise<void> {
		nodeRed = await startNodeRed(await reservePort(), flow(requestsPerMinute), { credentials });
	}

	async function request(msg: Record<string, unknown>): Promise<void> {
		const isDialled = once(exotel, 'dialled');
		nodeRed.node('call').receive(msg as never);
		await isDialled;
	}

	/** Deploys; `meanwhile` happens while the nodes are closed. */
	async function deploy(flows: FlowNode[], meanwhile: () => void = () => undefined): Promise<void> {
		const between = (async () => {
			await once(nodeRed.RED.events, 'flows:stopping');
			meanwhile();
			await pause(100);
		})();
		// A node that takes its time to close, as one with a connection does.
		nodeRed.node('out').on('close', ((_removed: boolean, done: () => void) => void between.then(done)) as never);
		await nodeRed.deploy(flows, 'full', credentials);
	}

	const refuse = (): void => {
		for (const response of open.splice(0)) {
			response.statusCode = 400;
			response.end(JSON.stringify({ RestException: { Status: 400, Message: 'Bad caller id' } }));
		}
	};

	/** The numbers in the lines about deleted nodes; the log of these tests has the keys of texts. */
	function linesOfDeleted(): unknown[] {
		const lines: unknown[] = [];
		const { RED } = nodeRed;
		const translate = RED._.bind(RED);
		RED._ = ((key: string, values: Record<string, string>) => {
			if (key.endsWith('error.deleted')) lines.push(values);
			return translate(key, values);
		}) as typeof RED._;
		return lines;
	}

	it('a call that Exotel refuses then is an error of the new node', async () => {
		await start();
		await request({ to: NUMBER, order: 4711 });
		await deploy(flow(), refuse);
		const [caught] = await nodeRed.until('caught', (all) => all.length > 0);
		const { error, exotel: facts, order } = caught as unknown as Record<string, any>;
		assert.match(error.message, /Bad caller id/);
		assert.deepEqual([order, facts.error.httpStatus, error.source.id], [4711, 400, 'call']);
		await pause(50);
		assert.deepEqual([nodeRed.received('caught').length, nodeRed.received('out').length, dialled], [1, 0, 1]);
	});

	it('a call that Exotel refuses when its node is deleted is counted in the log', async () => {
		await start();
		const lines = linesOfDeleted();
		await request({ to: NUMBER });
		await deploy(
			flow().filter(({ id }) => id !== 'call'),
			refuse,
		);
		await pause(50);
		assert.deepEqual(lines, [{ notPlaced: 1, unclear: 0 }]);
		assert.ok(!/98123|secret-/.test(nodeRed.log()));
	});

	it('calls that wait for their turn stay, and are placed once', async () => {
		await start('1');
		await request({ to: NUMBER });
		for (let index = 0; index < 3; index += 1) nodeRed.node('call').receive({ to: NUMBER } as never);
		await pause(50);
		await deploy(flow('200'), refuse);
		assert.equal(dialled, 1);
		// The new limit counts from the next request on, also for those who wait.
		nodeRed.node('call').receive({ to: NUMBER } as never);
		while (dialled < 5) await once(exotel, 'dialled');
		refuse();
		await nodeRed.until('caught', (all) => all.length === 5);
		assert.equal(dialled, 5);
	});

	it('calls that wait for their turn while the flows are stopped are placed once when they are started', async () => {
		await start('1');
		await request({ to: NUMBER });
		for (let index = 0; index < 3; index += 1) nodeRed.node('call').receive({ to: NUMBER } as never);
		await pause(50);
		const { pacer } = connectionOf(nodeRed.RED, 'account').sendOptions();
		await nodeRed.setFlowsRunning(false);
		pacer?.setRate(200);
		await pause(300);
		assert.equal(dialled, 1);
		await nodeRed.setFlowsRunning(true);
		while (dialled < 4) await once(exotel, 'dialled');
		refuse();
		await nodeRed.until('caught', (all) => all.length === 4);
		assert.equal(dialled, 4);
	});

	it('calls that wait for their turn when their node is deleted are not placed, and counted in one line of the log', async () => {
		await start('1');
		const lines = linesOfDeleted();
		await request({ to: NUMBER });
		for (let index = 0; index < 3; index += 1) nodeRed.node('call').receive({ to: NUMBER } as never);
		await pause(50);
		await deploy(flow('200').filter(({ id }) => id !== 'call'));
		await pause(200);
		assert.deepEqual(lines, [{ notPlaced: 3, unclear: 1 }]);
		assert.equal(dialled, 1);
		assert.ok(!/98123|secret-/.test(nodeRed.log()));
	});

	it('calls that wait for their turn when their node is disabled are not placed; Catch hears of them when it is enabled', async () => {
		await start('1');
		const lines = linesOfDeleted();
		await request({ to: NUMBER });
		for (let index = 0; index < 3; index += 1) nodeRed.node('call').receive({ to: NUMBER } as never);
		await pause(50);
		await deploy(flow('200').map((node) => (node.id === 'call' ? { ...node, d: true } : node)));
		await pause(200);
		assert.deepEqual([dialled, lines], [1, []]);
		await deploy(flow('200'));
		const caught = await nodeRed.until('caught', (all) => all.length === 3);
		for (const { exotel: facts } of caught as unknown as Record<string, any>[])
			assert.match(facts.error.message, /stopped before it was sent/);
		refuse();
		await nodeRed.until('caught', (all) => all.length === 4);
		assert.equal(dialled, 1);
		assert.ok(!/98123|secret-/.test(nodeRed.log()));
	});

	it('a call that Exotel has not answered when its node is disabled is followed when it is enabled', async () => {
		await start();
		await request({ to: NUMBER });
		await deploy(flow().map((node) => (node.id === 'call' ? { ...node, d: true } : node)));
		const sid = 'a'.repeat(32);
		for (const response of open.splice(0))
			response.end(JSON.stringify({ Call: { Sid: sid, Status: 'in-progress' } }));
		await pause(100);
		await deploy(flow());
		const [placed] = await nodeRed.until('out', (all) => all.length === 1);
		assert.equal((placed as unknown as Record<string, any>).payload.sid, sid);
	});

	it('a call that Exotel has not answered when its node is moved into a subflow, or out of it, is followed', async () => {
		await start();
		const subflow = (wires: unknown[]): FlowNode =>
			({ id: 'sub', type: 'subflow', name: 'calls', in: [{ wires: [{ id: 'call' }] }], out: wires }) as never;
		const instanceOf = (id: string, to: string[]): FlowNode =>
			({ id, type: 'subflow:sub', z: 'tab', x: 1, y: 1, wires: [to, to, to] }) as never;
		const instance = instanceOf('instance', ['out']);
		const inSubflow = [
			...flow().map((node) =>
				node.id === 'call' ? { ...node, z: 'sub', x: 1, y: 1, wires: [[], [], []] } : node,
			),
			subflow([0, 1, 2].map((port) => ({ wires: [{ id: 'call', port }] }))),
		];
		const sids = ['a', 'b', 'c'].map((letter) => letter.repeat(32));
		const steps = [
			[...inSubflow, instance],
			// Another instance is another node.
			[...inSubflow, instance, instanceOf('copy', [])],
			[...flow(), subflow([]), instance],
		];
		for (const [index, flows] of steps.entries()) {
			const isDialled = once(exotel, 'dialled');
			nodeRed.node(index === 0 ? 'call' : 'instance').receive({ to: NUMBER } as never);
			await isDialled;
			await deploy(flows);
			for (const response of open.splice(0))
				response.end(JSON.stringify({ Call: { Sid: sids[index], Status: 'in-progress' } }));
			const out = await nodeRed.until('out', (all) => all.length === index + 1);
			assert.equal((out[index] as unknown as Record<string, any>)['payload'].sid, sids[index]);
		}
	});

	it('a message whose values are still being read when its node is disabled places no call', async () => {
		const slow = (isDisabled: boolean): FlowNode[] =>
			flow().map((node) =>
				node.id === 'call'
					? {
							...node,
							to: '$flowContext("number", "slow")',
							toType: 'jsonata',
							...(isDisabled && { d: true }),
						}
					: node,
			);
		nodeRed = await startNodeRed(await reservePort(), slow(false), { credentials });
		const { RED } = nodeRed;
		const evaluate = RED.util.evaluateJSONataExpression.bind(RED.util);
		RED.util.evaluateJSONataExpression = ((
			_expression: never,
			_msg: never,
			done: (error: null, value: string) => void,
		) => setTimeout(() => done(null, NUMBER), 300)) as never;
		try {
			nodeRed.node('call').receive({} as never);
			await pause(50);
			await deploy(slow(true));
			await pause(600);
		} finally {
			RED.util.evaluateJSONataExpression = evaluate;
		}
		assert.equal(dialled, 0);
	});

	it('calls that wait for their turn in a subflow are not placed when its instance is disabled', async () => {
		const port = await reservePort();
		const inner = {
			...(flow().find(({ id }) => id === 'call') as FlowNode),
			z: 'sub',
			x: 1,
			y: 1,
			wires: [[], [], []],
		};
		const subflow = (requestsPerMinute: string, isDisabled: boolean): FlowNode[] => [
			...flow(requestsPerMinute),
			{ id: 'sub', type: 'subflow', name: 'calls', in: [{ wires: [{ id: 'inner' }] }], out: [] } as never,
			{ ...inner, id: 'inner' },
			{ id: 'instance', type: 'subflow:sub', z: 'tab', x: 1, y: 1, wires: [], ...(isDisabled && { d: true }) },
		];
		nodeRed = await startNodeRed(port, subflow('1', false), { credentials });
		const first = once(exotel, 'dialled');
		for (let index = 0; index < 4; index += 1) nodeRed.node('instance').receive({ to: NUMBER } as never);
		await first;
		await pause(50);
		await deploy(subflow('200', true));
		await request({ to: NUMBER });
		await pause(300);
		assert.equal(dialled, 2);
	});
});
