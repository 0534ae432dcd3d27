/** Webhooks of an account without a webhook token: nobody gets in, unless the user chose so or the server is here. */
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { reservePort, startNodeRed, type FlowNode, type RunningNodeRed } from '../running-node-red';

const ended = {
	CallSid: 'b6f2c1d9e8a7465f90c1d2e3f4a5b6c7',
	EventType: 'terminal',
	Status: 'completed',
	Direction: 'outbound-api',
	From: '09876543210',
	To: '09812345601',
};

describe('the webhooks of an account without a token', () => {
	let nodeRed: RunningNodeRed;
	let port: Awaited<ReturnType<typeof reservePort>>;
	let userDir: string;

	beforeEach(async () => {
		port = await reservePort();
		userDir = await fs.mkdtemp(path.join(os.tmpdir(), 'exonodes-user-'));
	});
	afterEach(async () => {
		await nodeRed.stop();
		await fs.rm(userDir, { recursive: true });
	});

	async function start(account: Record<string, unknown>, webhookToken = ''): Promise<void> {
		const flow: FlowNode[] = [
			{ id: 'tab', type: 'tab' },
			{ id: 'account', type: 'exotel-account', sid: 'acme1', publicUrl: 'https://flows.example.org', ...account },
			{ id: 'events', z: 'tab', type: 'exotel-call-events', account: 'account', path: 'calls', wires: [['out']] },
			{ id: 'out', z: 'tab', type: 'helper' },
		];
		nodeRed = await startNodeRed(port, flow, {
			settings: { userDir },
			credentials: { account: { apiKey: 'k', apiToken: 't', webhookToken } },
		});
	}
	const post = async (below = '/exotel/calls'): Promise<{ status: number; text: string }> => {
		const response = await fetch(port.url + below, { method: 'POST', body: new URLSearchParams(ended) });
		return { status: response.status, text: await response.text() };
	};
	const shown = (): unknown => {
		const { lastCall } = nodeRed.node('events').status as unknown as { lastCall: { args: [{ text: string }] } };
		return lastCall.args[0].text.split('.').at(-1);
	};
	/** The address that the flow is told, as path and query. */
	const told = (): string => {
		const { flow } = nodeRed.node('events').context();
		const url = flow.get('exotelAddress["calls"]');
		return typeof url === 'string' ? url.slice(new URL(url).origin.length) : '';
	};

	for (const [what, token, reason] of [
		['without one', '', /No webhook token is set/],
		['with one that can be guessed', 'x', /too short.*at least 16 characters/],
	] as const)
		it(`let nobody in ${what}, and say what to do`, async () => {
			await start({ region: 'mumbai' }, token);
			for (const below of ['/exotel/calls', `/exotel/calls?token=${token}`]) {
				const { status, text } = await post(below);
				assert.equal(status, 503);
				assert.match(text, reason);
			}
			assert.deepEqual(nodeRed.received('out'), []);
			assert.equal(shown(), 'no-token');
			assert.match(nodeRed.log(), /exotel-account:error\.no-token/);
			assert.equal(told(), '');
		});

	it('let anyone in when the account says so, which its nodes show', async () => {
		await start({ region: 'mumbai', anyoneMayCall: true });
		assert.equal(shown(), 'anyone-may-call');
		assert.equal((await post()).status, 200);
		await nodeRed.until('out', ({ length }) => length === 1);
	});

	it("have the token of this machine when the account's server is here; the flow is told the address", async () => {
		const account = { region: 'custom', baseUrl: 'http://127.0.0.1:1', publicUrl: port.url };
		await start(account);
		assert.equal((await post()).status, 401);
		const address = told();
		assert.match(address, /^\/exotel\/calls\?token=[\w-]{22}$/);
		assert.equal((await post(address)).status, 200);
		const file = path.join(userDir, '.exotel-webhook-token');
		assert.equal((await fs.stat(file)).mode & 0o777, 0o600);
		const secret = (await fs.readFile(file, 'utf8')).trim();
		assert.ok(secret.length >= 32);
		assert.ok(!address.includes(secret) && !nodeRed.log().includes(secret));
	});

	it('tell the flow the server as long as they tell it an address', async () => {
		const local = { region: 'custom', baseUrl: 'http://127.0.0.1:1', publicUrl: port.url };
		await start(local);
		const { flow } = nodeRed.node('out').context();
		const known = (): unknown[] => [
			flow.get('exotelServer'),
			flow.get('exotelAddress["calls"]') !== undefined,
			flow.get('exotelAddress["more"]') !== undefined,
		];
		const tab = { id: 'tab', type: 'tab' };
		const out = { id: 'out', z: 'tab', type: 'helper' };
		const account = (settings: object): FlowNode => ({
			...{ id: 'account', type: 'exotel-account', sid: 'acme1' },
			...settings,
		});
		const events = (id: string, calls: string): FlowNode => ({
			...{ id, z: 'tab', type: 'exotel-call-events', account: 'account', path: calls, wires: [['out']] },
		});
		assert.deepEqual(known(), [local.baseUrl, true, false]);
		await nodeRed.deploy([tab, account(local), events('events', 'calls'), events('two', 'more'), out], 'nodes');
		assert.deepEqual(known(), [local.baseUrl, true, true]);
		await nodeRed.deploy([tab, account(local), events('two', 'more'), out], 'nodes');
		assert.deepEqual(known(), [local.baseUrl, false, true], 'the other node still has it');
		await nodeRed.deploy([tab, account(local), out], 'nodes');
		assert.deepEqual(known(), [undefined, false, false], 'after the last one was deleted');
		await nodeRed.deploy([tab, account(local), events('events', 'calls'), out], 'nodes');
		assert.deepEqual(known(), [local.baseUrl, true, false]);
		await nodeRed.deploy([tab, account({ region: 'mumbai' }), events('events', 'calls'), out], 'nodes');
		assert.deepEqual(known(), [undefined, false, false], 'after the account left this machine');
	});

	it('do without that token when the server is elsewhere in this network', async () => {
		await start({ region: 'custom', baseUrl: 'https://192.168.1.11', publicUrl: port.url });
		assert.equal((await post()).status, 503);
		await assert.rejects(fs.stat(path.join(userDir, '.exotel-webhook-token')));
	});
});
