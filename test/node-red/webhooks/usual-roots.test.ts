/** With the usual roots of Node-RED requests pass through its editor first, whose parsers must not read what is ours. */
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { createRequire } from 'node:module';
import type { Express, NextFunction, Request, RequestHandler, Response } from 'express';
import { pathToken } from '../../../exotel/index';
import { reservePort, startNodeRed, type FlowNode, type RunningNodeRed } from '../running-node-red';

const express = createRequire(require.resolve('node-red'))('express') as { (): Express; json(): RequestHandler };

const SECRET = 'webhook-token-of-letters';
const WITH_TOKEN = `/exotel/calls?token=${pathToken(SECRET, '/exotel/calls')}`;
const CALLBACK = '{"CallSid":"b6f2c1d9e8a7465f90c1d2e3f4a5b6c7","Status":"completed","EventType":"terminal"}';

describe('with the usual roots of Node-RED', () => {
	let nodeRed: RunningNodeRed;
	let port: Awaited<ReturnType<typeof reservePort>>;

	async function start(settings: Record<string, unknown> = {}): Promise<void> {
		port = await reservePort();
		const flow: FlowNode[] = [
			{ id: 'tab', type: 'tab' },
			{ id: 'account', type: 'exotel-account', sid: 'acme1', publicUrl: 'https://flows.example.org' },
			{ id: 'at', z: 'tab', type: 'exotel-call-events', account: 'account', path: 'calls', wires: [['out']] },
			{ id: 'out', z: 'tab', type: 'helper' },
		];
		nodeRed = await startNodeRed(port, flow, {
			settings: { httpNodeMiddleware: undefined, apiMaxLength: undefined, ...settings },
			credentials: { account: { apiKey: 'k', apiToken: 't', webhookToken: SECRET } },
			usualRoots: true,
		});
	}
	afterEach(async () => {
		await nodeRed.stop();
	});

	/** The status and the text of an answer; the path goes out byte for byte. */
	async function post(path: string, body: string, type = 'application/json'): Promise<[number, string]> {
		return await new Promise((resolve, reject) => {
			const { hostname, port: number } = new URL(port.url);
			const headers = { 'content-type': type, 'content-length': Buffer.byteLength(body) };
			const sent = request({ hostname, port: number, path, method: 'POST', headers }, (answer) => {
				let text = '';
				answer.setEncoding('utf8').on('data', (piece: string) => (text += piece));
				answer.on('end', () => resolve([answer.statusCode ?? 0, text.trim()]));
			});
			sent.on('error', reject);
			sent.end(body);
		});
	}

	it('looks at the token before anybody reads the body, however the path is written', async () => {
		await start();
		for (const path of ['/exotel/calls', '/exotel/calls/wrong', '/exotel/calls/', `${port.url}/exotel/calls?x=/y`])
			for (const [body, type] of [
				['{"broken', 'application/json'],
				['x'.repeat(200_000), 'application/json'],
				['x'.repeat(200_000), 'application/x-www-form-urlencoded'],
			] as const)
				assert.equal((await post(path, body, type))[0], 401, path);
	});

	it('answers in one line what cannot be read, and what is larger than apiMaxLength', async () => {
		await start({ apiMaxLength: '300kb' });
		const [broken, why] = await post(WITH_TOKEN, '{"broken');
		assert.deepEqual([broken, why.split('\n').length], [400, 1], why);
		assert.ok(!why.includes('unexpected_error'), why);
		const [large, tooLarge] = await post(WITH_TOKEN, `{"a":"${'x'.repeat(300 * 1024)}"}`);
		assert.deepEqual([large, tooLarge], [413, 'A body of more than 307200 bytes is not accepted.']);
		const long = CALLBACK.replace('{', `{"a":"${'x'.repeat(200 * 1024)}",`);
		assert.equal((await post(WITH_TOKEN, long))[0], 200, 'the parsers take 100 kB here');
		assert.equal((await nodeRed.until('out', (all) => all.length === 1)).length, 1);
	});

	it('leaves the bodies of others to the parsers', async () => {
		await start();
		nodeRed.RED.httpNode.post('/exotel/other', (asked: Request, response: Response) => {
			response.json({ given: asked.body as unknown });
		});
		assert.deepEqual(await post('/exotel/other', '{"a":1}'), [200, '{"given":{"a":1}}']);
	});

	it('gives the middleware of the administrator a body that it can read', async () => {
		const seen: unknown[] = [];
		const parse = express.json();
		const look = (asked: Request, response: Response, next: NextFunction): void =>
			void parse(asked, response, (reason?: unknown) => {
				seen.push(asked.body);
				next(reason);
			});
		await start({ httpNodeMiddleware: look });
		assert.equal((await post(WITH_TOKEN, CALLBACK))[0], 200);
		assert.deepEqual(seen, [JSON.parse(CALLBACK)]);
	});

	it('knows its paths below httpNodeRoot', async () => {
		await start();
		const around = express().set('env', 'test');
		port.mount(around.use(express.json()).use('/Hooks/', nodeRed.RED.httpNode));
		assert.equal((await post(`/Hooks${WITH_TOKEN}`, CALLBACK))[0], 200);
		assert.equal((await post('/hooks/exotel/calls', '{"broken'))[0], 401);
		assert.equal((await post('/exotel/calls', '{"broken'))[0], 400, 'no path of ours');
	});
});
