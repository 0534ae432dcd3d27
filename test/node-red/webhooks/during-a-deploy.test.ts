/** Requests that meet a deploy under way, and the routes of other nodes beside ours. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { json, type Request, type Response } from 'express';
import type { CallEvent } from '../../../exotel/index';
import { reservePort, startNodeRed, type FlowNode, type RunningNodeRed } from '../running-node-red';

const token = 'a-token-of-more-than-16';
const credentials = { account: { apiKey: 'k', apiToken: 't', webhookToken: token } };
const base: FlowNode[] = [
	{ id: 'tab', type: 'tab' },
	{ id: 'account', type: 'exotel-account', region: 'custom', baseUrl: 'http://127.0.0.1:1', sid: 'acme1' },
	{ id: 'other', z: 'tab', type: 'helper', wires: [] },
	{ id: 'out', z: 'tab', type: 'helper' },
];
const applet: FlowNode = {
	...{ id: 'applet', z: 'tab', type: 'exotel-applet', account: 'account', path: 'who', wires: [['out']] },
	...{ fallback: 'numbers', fallbackNumbers: '09812345678', deadlineSeconds: '3' },
};
const events: FlowNode = {
	...{ id: 'at', z: 'tab', type: 'exotel-call-events', account: 'account', path: 'calls', wires: [['out']] },
};

describe('during a deploy', function () {
	this.timeout(40_000);
	let nodeRed: RunningNodeRed;
	afterEach(() => nodeRed.stop());

	const ask = async (given: string): Promise<{ status: number; body: string }> => {
		const query = 'CallSid=b6cfaf5f5cef3ca0fc937749ef960e25&From=09876543210&Direction=incoming';
		const headers = { 'exotel-version': '1.0' };
		const response = await fetch(`${nodeRed.url}/exotel/who?token=${given}&${query}`, { headers });
		return { status: response.status, body: await response.text() };
	};

	it('that deletes an applet, a stranger on the way to it does not get its fallback', async () => {
		let goOn = (): void => undefined;
		const onItsWay = new Promise<void>((resolve) => (goOn = resolve));
		let letOn = (): void => undefined;
		const settings = {
			httpNodeMiddleware(_: unknown, __: unknown, next: () => void) {
				letOn = next;
				goOn();
			},
		};
		nodeRed = await startNodeRed(await reservePort(), [...base, applet], { credentials, settings });
		const asked = ask('wrong');
		await onItsWay;
		await nodeRed.deploy(base, 'full', credentials);
		letOn();
		const { status, body } = await asked;
		assert.equal(status, 401);
		assert.doesNotMatch(body, /98123/);
	});

	/** Begins a deploy that waits for one node until `close` is called. */
	let deploys = 0;

	async function slowDeploy(flow: FlowNode[]): Promise<{ close: () => void; done: Promise<void> }> {
		const closing = new Promise<() => void>((resolve) => nodeRed.node('other').on('close', resolve));
		const changed = flow.map((node) =>
			node.id === 'other' ? { ...node, name: `changed ${(deploys += 1)}` } : node,
		);
		const done = nodeRed.deploy(changed, 'nodes', credentials);
		return { close: await closing, done };
	}

	async function send(path: string, body: string): Promise<Socket> {
		const { hostname, port } = new URL(nodeRed.url);
		const socket = connect(Number(port), hostname);
		await once(socket, 'connect');
		const headers = `host: x\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: ${body.length}`;
		socket.write(`POST /exotel/${path}?token=${token} HTTP/1.1\r\n${headers}\r\n\r\n${body}`);
		return socket;
	}

	it('a callback that has arrived counts, also when its sender hangs up before the deploy ends', async () => {
		const flow = [...base, applet, events];
		nodeRed = await startNodeRed(await reservePort(), flow, { credentials });
		const { close, done } = await slowDeploy(flow);
		const sockets = await Promise.all([
			send('calls', 'CallSid=gone1&Status=completed'),
			send('calls', 'CallSid=gone2&Status=completed'),
			send('who', 'CallSid=gone3&From=09876543210&Direction=incoming'),
		]);
		await sleep(200);
		for (const socket of sockets) socket.resetAndDestroy();
		await sleep(100);
		close();
		await done;
		const messages = await nodeRed.until('out', (all) => all.length === 2);
		assert.deepEqual(messages.map(({ payload }) => (payload as CallEvent).call.sid).sort(), ['gone1', 'gone2']);
		assert.doesNotMatch(nodeRed.log(), /refused\.body/);
	});

	it('bodies of 16 MB wait, and what is more is answered 503 at once; small ones and callers still have room', async () => {
		const flow = [...base, applet, events];
		nodeRed = await startNodeRed(await reservePort(), flow, { credentials });
		const { close, done } = await slowDeploy(flow);
		const post = async (sid: string, bytes: number): Promise<number> => {
			const body = `CallSid=${sid}&Status=completed&CustomField=`.padEnd(bytes, 'x');
			const headers = { 'content-type': 'application/x-www-form-urlencoded' };
			const url = `${nodeRed.url}/exotel/calls?token=${token}`;
			return (await fetch(url, { method: 'POST', headers, body })).status;
		};
		let answered = 0;
		const large = Array.from({ length: 20 }, (_, index) =>
			post(`large${index}`, 1_000_000).finally(() => (answered += 1)),
		);
		for (let round = 0; answered < 4 && round < 60; round += 1) await sleep(50);
		assert.equal(answered, 4);
		const small = post('small', 100);
		await sleep(100);
		close();
		await done;
		const statuses = await Promise.all(large);
		assert.equal(statuses.filter((status) => status === 503).length, 4);
		assert.equal(statuses.filter((status) => status === 200).length, 16);
		assert.equal(await small, 200);
		const next = await slowDeploy(flow);
		const later = post('later', 1_000_000);
		await sleep(100);
		next.close();
		await next.done;
		assert.equal(await later, 200, 'the next deploy has all the room again');
	});

	it('in which another node takes long to close, a caller gets the fallback in Exotel’s time', async () => {
		nodeRed = await startNodeRed(await reservePort(), [...base, applet], { credentials });
		const closing = new Promise<void>((resolve) => {
			nodeRed.node('other').on('close', (done: () => void) => {
				setTimeout(done, 8_000);
				resolve();
			});
		});
		const changed = [...base, applet].map((node) =>
			node.id === 'other' ? { ...node, name: `changed ${(deploys += 1)}` } : node,
		);
		const deployed = nodeRed.deploy(changed, 'nodes', credentials);
		await closing;
		const before = Date.now();
		const { status, body } = await ask(token);
		assert.ok(Date.now() - before < 5_000, 'Exotel hangs up after 5 s');
		assert.equal(status, 200);
		assert.match(body, /\+919812345678/);
		await deployed;
	});

	it('and after it, a route of another node below a path of ours has its body', async () => {
		const port = await reservePort();
		const without = [...base, { ...events, d: true }];
		nodeRed = await startNodeRed(port, without, { credentials, usualRoots: true });
		const route = nodeRed.RED.httpNode as unknown as {
			post(path: string, ...steps: ((request: Request, response: Response, next: () => void) => void)[]): void;
		};
		route.post('/exotel/calls/close', json(), (request, response) => {
			response.json({ given: request.body as unknown });
		});
		const post = async (): Promise<string> => {
			const headers = { 'content-type': 'application/json' };
			const response = await fetch(`${port.url}/exotel/calls/close`, {
				method: 'POST',
				headers,
				body: '{"a":1}',
			});
			return await response.text();
		};
		assert.equal(await post(), '{"given":{"a":1}}');
		await nodeRed.deploy([...base, events], 'full', credentials);
		assert.equal(await post(), '{"given":{"a":1}}');
	});
});
