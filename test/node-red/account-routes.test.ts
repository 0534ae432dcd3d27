/** The routes of the editor: who may ask, and how a new webhook token takes the place of the old one. */
import assert from 'node:assert/strict';
import { registerAccountRoutes } from '../../node-red/account/account-routes';
import type { Red } from '../../node-red/host';
import { reservePort, startNodeRed, type RunningNodeRed } from './running-node-red';

describe('the account and the editor', function () {
	this.timeout(20_000);

	it('lets nobody ask who may not change accounts: a form names servers and environment variables', () => {
		const asked: [string, string][] = [];
		const RED = {
			auth: { needsPermission: (permission: string) => permission },
			httpAdmin: { post: (path: string, permission: string) => void asked.push([path, permission]) },
		};
		registerAccountRoutes(RED as unknown as Red);
		assert.deepEqual(asked.map(([path]) => path.replace('/exotel-account/:id/', '')).sort(), [
			'exophones',
			'test',
			'webhook-address',
		]);
		assert.deepEqual([...new Set(asked.map(([, permission]) => permission))], ['exotel-account.write']);
	});

	describe('a new webhook token', () => {
		let nodeRed: RunningNodeRed | null = null;
		afterEach(async () => {
			await nodeRed?.stop();
			nodeRed = null;
		});
		const flow = (port: { url: string }): Parameters<typeof startNodeRed>[1] => [
			{ id: 'tab', type: 'tab' },
			{
				id: 'account',
				type: 'exotel-account',
				region: 'custom',
				baseUrl: 'http://127.0.0.1:1',
				sid: 'acme1',
				publicUrl: port.url,
			},
			{ id: 'events', z: 'tab', type: 'exotel-call-events', account: 'account', path: 'calls', wires: [[]] },
		];
		const secrets = (webhookToken: string): Record<string, Record<string, string>> => ({
			account: { apiKey: 'k', apiToken: 't', webhookToken },
		});
		/** Whether a request with this token gets past the check; it says nothing about a call, so it is a 400 then. */
		const status = async (token: string): Promise<number> =>
			(
				await fetch(`${nodeRed?.url}/exotel/calls?token=${token}`, {
					method: 'POST',
					body: 'nonsense=1',
					headers: { 'content-type': 'application/x-www-form-urlencoded' },
				})
			).status;

		it('leaves the old one valid for calls under way, and the one before it not', async () => {
			const port = await reservePort();
			nodeRed = await startNodeRed(port, flow(port), { credentials: secrets('first-token-0123') });
			assert.deepEqual([await status('first-token-0123'), await status('second-token-0123')], [400, 401]);
			await nodeRed.deploy(flow(port), 'full', secrets('second-token-0123'));
			assert.deepEqual([await status('first-token-0123'), await status('second-token-0123')], [400, 400]);
			await nodeRed.deploy(flow(port), 'full', secrets('third-token-0123'));
			assert.deepEqual(
				[await status('first-token-0123'), await status('second-token-0123'), await status('third-token-0123')],
				[401, 400, 400],
			);
		});
	});
});
