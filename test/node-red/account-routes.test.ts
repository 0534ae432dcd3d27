/** The routes of the editor: who may ask, and how a new webhook token takes the place of the old one. */
import assert from 'node:assert/strict';
import helper from 'node-red-node-test-helper';
import { registerAccountRoutes } from '../../node-red/account/account-routes';
import type { Red } from '../../node-red/host';
import { pathToken } from '../../exotel/index';
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
			'revoke',
			'test',
			'webhook-address',
		]);
		assert.deepEqual([...new Set(asked.map(([, permission]) => permission))], ['exotel-account.write']);
	});

	describe('what the editor is answered', () => {
		let nodeRed: RunningNodeRed;
		before(async () => {
			const account = { id: 'account', type: 'exotel-account', region: 'custom', baseUrl: 'http://127.0.0.1:1' };
			nodeRed = await startNodeRed(await reservePort(), [account]);
		});
		after(() => nodeRed.stop());
		const post = (route: string, body: object) =>
			helper.request().post(`/exotel-account/account/${route}`).send(body);
		const form = { region: 'custom', baseUrl: 'http://127.0.0.1:1', sid: 'acme1', path: 'calls', probe: true };

		for (const route of ['test', 'exophones', 'webhook-address', 'revoke'])
			it(`is kept by no browser: ${route}`, async () => {
				const { headers } = await post(route, { path: '' }).expect(200);
				assert.equal(headers['cache-control'], 'no-store');
			});

		it('about a public URL that ends with /exotel is no address, and the fault is not that of a proxy', async () => {
			const publicUrl = `${nodeRed.url}/exotel/`;
			const { body } = await post('webhook-address', { ...form, publicUrl }).expect(200);
			assert.deepEqual(body, { url: null, fault: 'repeated' });
			const tested = await post('test', { ...form, publicUrl }).expect(200);
			const { findings } = tested.body as { findings: { about: string; level: string; key: string }[] };
			const faults = findings.filter(({ about, level }) => about === 'publicUrl' && level === 'fault');
			assert.deepEqual(
				faults.map(({ key }) => key),
				['public-url.repeated'],
			);
		});
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

		it('leaves the old one valid for calls under way, and the one before it', async () => {
			const port = await reservePort();
			nodeRed = await startNodeRed(port, flow(port), { credentials: secrets('first-token-0123') });
			assert.deepEqual([await status('first-token-0123'), await status('second-token-0123')], [400, 401]);
			await nodeRed.deploy(flow(port), 'full', secrets('second-token-0123'));
			assert.deepEqual([await status('first-token-0123'), await status('second-token-0123')], [400, 400]);
			await nodeRed.deploy(flow(port), 'full', secrets('third-token-0123'));
			assert.deepEqual(
				[await status('first-token-0123'), await status('second-token-0123'), await status('third-token-0123')],
				[400, 400, 400],
			);
		});

		/** Presses *revoke now* with the token that stands in the form. */
		const revoke = async (webhookToken = '__PWRD__', account = 'account'): Promise<string> => {
			const pressed = helper.request().post(`/exotel-account/${account}/revoke`).send({ webhookToken });
			return ((await pressed.expect(200)).body as { did: string }).did;
		};
		const first = 'first-token-0123';
		const second = 'second-token-0123';

		it('lets the old one be revoked: at once, without a deploy, and nothing else', async () => {
			const port = await reservePort();
			nodeRed = await startNodeRed(port, flow(port), { credentials: secrets(first) });
			assert.deepEqual([await revoke(), await revoke(second, 'no-account')], ['none', 'none']);
			await nodeRed.deploy(flow(port), 'full', secrets(second));
			const [old, present] = [pathToken(first, '/exotel/calls'), pathToken(second, '/exotel/calls')];
			assert.deepEqual([await status(first), await status(old)], [400, 400]);
			assert.equal(await revoke(), 'revoked');
			assert.deepEqual([await status(first), await status(old)], [401, 401]);
			assert.deepEqual([await status(second), await status(present)], [400, 400]);
			await nodeRed.deploy(flow(port), 'full', secrets(second));
			assert.deepEqual([await status(first), await status(second)], [401, 400], 'also after a deploy');
		});

		it('revokes what the field for the previous token holds, until that is changed', async () => {
			const port = await reservePort();
			const both = { account: { ...secrets(second)['account'], previousWebhookToken: first } };
			nodeRed = await startNodeRed(port, flow(port), { credentials: both });
			assert.equal(await status(first), 400);
			assert.equal(await revoke(), 'revoked');
			await nodeRed.deploy(flow(port), 'full', both);
			assert.deepEqual([await status(first), await status(second)], [401, 400]);
			const other = { account: { ...both.account, previousWebhookToken: 'third-token-0123' } };
			await nodeRed.deploy(flow(port), 'full', other);
			assert.deepEqual([await status(first), await status('third-token-0123')], [401, 400]);
		});

		it('pressed before the new one is deployed revokes the old one with that deploy', async () => {
			const port = await reservePort();
			nodeRed = await startNodeRed(port, flow(port), { credentials: secrets(first) });
			assert.equal(await revoke(second), 'with-deploy');
			assert.equal(await status(first), 400);
			await nodeRed.deploy(flow(port), 'full', secrets(second));
			assert.deepEqual([await status(first), await status(second)], [401, 400]);
			await nodeRed.deploy(flow(port), 'full', secrets('third-token-0123'));
			assert.deepEqual([await status(first), await status(second)], [401, 400], 'the next change has its day');
		});

		it('announces nothing with the environment variable that is deployed', async () => {
			process.env['EXOTEL_TEST_WEBHOOK'] = first;
			const port = await reservePort();
			nodeRed = await startNodeRed(port, flow(port), { credentials: secrets('${EXOTEL_TEST_WEBHOOK}') });
			delete process.env['EXOTEL_TEST_WEBHOOK'];
			assert.equal(await status(first), 400);
			assert.equal(await revoke('${EXOTEL_TEST_WEBHOOK}'), 'none');
		});
	});
});
