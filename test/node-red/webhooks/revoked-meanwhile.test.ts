/** A token that is revoked while a request with it is on its way in. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import helper from 'node-red-node-test-helper';
import { reservePort, startNodeRed, type FlowNode, type RunningNodeRed } from '../running-node-red';

const first = 'first-token-0123';
const second = 'second-token-0123';
const flow: FlowNode[] = [
	{ id: 'tab', type: 'tab' },
	{ id: 'account', type: 'exotel-account', region: 'custom', baseUrl: 'http://127.0.0.1:1', sid: 'acme1' },
	{ id: 'at', z: 'tab', type: 'exotel-call-events', account: 'account', path: 'calls', wires: [['out']] },
	{ id: 'applet', z: 'tab', type: 'exotel-applet', account: 'account', path: 'who', wires: [['out']] },
	{ id: 'out', z: 'tab', type: 'helper' },
];

describe('a token that is revoked while a body comes in', function () {
	this.timeout(20_000);
	let nodeRed: RunningNodeRed;
	afterEach(() => nodeRed.stop());

	for (const path of ['calls', 'who'])
		it(`does not open any more: /exotel/${path}`, async () => {
			const credentials = {
				account: { apiKey: 'k', apiToken: 't', webhookToken: second, previousWebhookToken: first },
			};
			nodeRed = await startNodeRed(await reservePort(), flow, { credentials });
			const { hostname, port } = new URL(nodeRed.url);
			const socket = connect(Number(port), hostname);
			await once(socket, 'connect');
			const body =
				'CallSid=b6cfaf5f5cef3ca0fc937749ef960e25&Status=completed&From=09876543210&Direction=incoming';
			const headers = `host: x\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: ${body.length}`;
			socket.write(`POST /exotel/${path}?token=${first} HTTP/1.1\r\n${headers}\r\n\r\n${body.slice(0, 10)}`);
			await sleep(200);
			await helper.request().post('/exotel-account/account/revoke').send({}).expect(200);
			socket.write(body.slice(10));
			const [answer] = (await once(socket, 'data')) as [Buffer];
			assert.match(answer.toString(), /^HTTP\/1.1 401 /);
			assert.deepEqual(nodeRed.received('out'), []);
			socket.destroy();
		});
});
