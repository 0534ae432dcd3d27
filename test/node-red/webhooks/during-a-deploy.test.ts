/** Requests that meet a deploy under way, and the routes of other nodes beside ours. */
import assert from 'node:assert/strict';
import { json, type Request, type Response } from 'express';
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
const events: FlowNode = { id: 'at', z: 'tab', type: 'exotel-call-events', account: 'account', path: 'calls' };

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

	it('in which another node takes long to close, a caller gets the fallback in Exotel’s time', async () => {
		nodeRed = await startNodeRed(await reservePort(), [...base, applet], { credentials });
		const closing = new Promise<void>((resolve) => {
			nodeRed.node('other').on('close', (done: () => void) => {
				setTimeout(done, 8_000);
				resolve();
			});
		});
		const changed = [...base, applet].map((node) => (node.id === 'other' ? { ...node, name: 'changed' } : node));
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
