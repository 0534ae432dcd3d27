/** *Only accept from* with an environment variable: a list that says nothing, or nonsense, lets nobody in. */
import assert from 'node:assert/strict';
import { reservePort, startNodeRed, type FlowNode, type RunningNodeRed } from '../running-node-red';

const TOKEN = 'webhook-token-of-letters';
const VARIABLE = 'EXOTEL_TEST_SENDERS';

describe('a list of allowed addresses', () => {
	let nodeRed: RunningNodeRed;
	let port: Awaited<ReturnType<typeof reservePort>>;

	beforeEach(async () => {
		port = await reservePort();
	});
	afterEach(async () => {
		delete process.env[VARIABLE];
		await nodeRed.stop();
	});

	async function start(allowedAddresses: string, more: object = {}): Promise<number> {
		const flow: FlowNode[] = [
			{ id: 'tab', type: 'tab' },
			{
				...{
					id: 'account',
					type: 'exotel-account',
					sid: 'acme1',
					region: 'custom',
					baseUrl: 'http://127.0.0.1:1',
				},
				...{ publicUrl: port.url, allowedAddresses, ...more },
			},
			{ id: 'events', z: 'tab', type: 'exotel-call-events', account: 'account', path: 'calls', wires: [[]] },
		];
		const credentials = { account: { apiKey: 'k', apiToken: 't', webhookToken: TOKEN } };
		nodeRed = await startNodeRed(port, flow, { credentials });
		const told = nodeRed.node('events').context().flow.get('exotelAddress["calls"]');
		const body = new URLSearchParams({ CallSid: 'b6f2c1d9e8a7465f90c1d2e3f4a5b6c7', Status: 'completed' });
		return (await fetch(String(told), { method: 'POST', body })).status;
	}
	const shown = (): unknown => {
		const { lastCall } = nodeRed.node('events').status as unknown as { lastCall: { args: [{ text: string }] } };
		return lastCall.args[0].text.split('.').at(-1);
	};

	for (const [what, value] of [
		['is not set', undefined],
		['is empty', ''],
		['is blank', ' '],
		['holds only separators', ','],
		['holds no address', 'everybody'],
	] as const)
		it(`lets nobody in when its environment variable ${what}, which the node shows`, async () => {
			if (value !== undefined) process.env[VARIABLE] = value;
			assert.equal(await start(`\${${VARIABLE}}`), 403);
			assert.equal(shown(), 'bad-addresses');
			assert.match(nodeRed.log(), /exotel-account:error\.bad-addresses/);
		});

	it('lets in whom its environment variable names, and anybody when it was left blank', async () => {
		process.env[VARIABLE] = '127.0.0.1, ::1';
		assert.equal(await start(`\${${VARIABLE}}`), 200);
		await nodeRed.stop();
		port = await reservePort();
		assert.equal(await start(''), 200);
		assert.doesNotMatch(nodeRed.log(), /bad-addresses/);
	});

	it('shows a mistake also where anyone may call', async () => {
		assert.equal(await start('127.0.0.1, everybody', { anyoneMayCall: true }), 403);
		assert.equal(shown(), 'bad-addresses');
	});

	it('stays closed when the variable that opens the webhook is not set', async () => {
		await start('', { anyoneMayCall: `\${${VARIABLE}}` });
		assert.equal((await fetch(`${port.url}/exotel/calls`, { method: 'POST', body: '' })).status, 401);
	});
});
