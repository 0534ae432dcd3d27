/** The webhooks of nodes that a deploy has stopped, and that do not come back: a type of node is missing. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { reservePort, startNodeRed, type FlowNode, type RunningNodeRed } from '../running-node-red';

const token = 'a-token-of-more-than-16';
const flow: FlowNode[] = [
	{ id: 'tab', type: 'tab' },
	{ id: 'account', type: 'exotel-account', region: 'custom', baseUrl: 'http://127.0.0.1:1', sid: 'acme1' },
	{
		...{ id: 'applet', z: 'tab', type: 'exotel-applet', account: 'account', path: 'who', wires: [['out']] },
		...{ fallback: 'numbers', fallbackNumbers: '09812345678', deadlineSeconds: '3' },
	},
	{ id: 'events', z: 'tab', type: 'exotel-call-events', account: 'account', path: 'calls', wires: [['out']] },
	{ id: 'out', z: 'tab', type: 'helper' },
];

describe('after a deploy that Node-RED does not finish', function () {
	this.timeout(30_000);
	let nodeRed: RunningNodeRed;

	beforeEach(async () => {
		const credentials = { account: { apiKey: 'k', apiToken: 't', webhookToken: token } };
		nodeRed = await startNodeRed(await reservePort(), flow, { credentials });
		const stopped = once(nodeRed.RED.events, 'flows:stopped');
		void nodeRed.deploy([...flow, { id: 'x', z: 'tab', type: 'not-installed', wires: [] }], 'full', credentials);
		await stopped;
	});
	afterEach(() => nodeRed.stop());

	async function ask(path: string, method = 'GET'): Promise<{ status: number; body: string }> {
		const query = 'CallSid=b6cfaf5f5cef3ca0fc937749ef960e25&From=09876543210&Direction=incoming';
		const headers = { 'exotel-version': '1.0' };
		const response = await fetch(`${nodeRed.url}/exotel/${path}&${query}`, { method, headers });
		return { status: response.status, body: await response.text() };
	}

	it('a caller gets the fallback of the applet, and the log says so', async () => {
		for (const method of ['GET', 'POST']) {
			const { status, body } = await ask(`who?token=${token}`, method);
			assert.equal(status, 200);
			assert.match(body, /\+919812345678/);
		}
		assert.equal((await ask(`who?token=${token}`, 'HEAD')).status, 200);
		assert.match(nodeRed.log(), /exotel-applet\.warning\.redeploy/);
	});

	it('strangers are refused at once, with a warning, and take no place of those who wait', async () => {
		const caller = ask(`who?token=${token}`);
		const event = ask(`calls?token=${token}`);
		const strangers = await Promise.all(Array.from({ length: 600 }, () => ask('who?token=wrong', 'POST')));
		assert.deepEqual(new Set(strangers.map(({ status }) => status)), new Set([401]));
		assert.match(nodeRed.log(), /exotel-account:refused\.token/);
		assert.equal((await ask('calls?token=wrong')).status, 401);
		assert.deepEqual([(await caller).status, (await event).status], [200, 503]);
		assert.match(nodeRed.log(), /exotel-account:refused\.busy/);
	});
});
