/** What an account parses once, although every request and every callback needs it. */
import assert from 'node:assert/strict';
import { ExotelError, type IncomingRequest } from '../../../exotel/index';
import { AccountConnection } from '../../../node-red/account/account-connection';
import { isEnvironmentVariable } from '../../../node-red/account-form';
import type { Config, Red } from '../../../node-red/host';

const RED = { settings: {} } as Red;
const config = {
	region: 'singapore',
	sid: 'acme1',
	publicUrl: 'https://flows.example.org',
} as unknown as Config<'exotel-account'>;
const asking = (token: string): IncomingRequest => ({
	method: 'POST',
	headers: {},
	query: `token=${token}`,
	receivedAt: 0,
});

describe('an account', () => {
	it('is parsed once; what is wrong with it is thrown at each use', () => {
		const good = new AccountConnection(RED, config, {});
		assert.equal(good.account, good.account);
		const bad = new AccountConnection(RED, { ...config, sid: '' }, {});
		for (let i = 0; i < 2; i += 1) assert.throws(() => bad.account, ExotelError);
	});

	it('takes secrets and settings that an environment variable gave as numbers', async () => {
		const numbers = {
			webhookUser: 1001,
			webhookPassword: 22,
			webhookToken: 1234567890123456,
			apiKey: 33,
			apiToken: 44,
		};
		const account = new AccountConnection(RED, { ...config, sid: 5 } as unknown as typeof config, numbers);
		account.check();
		assert.equal(account.account.sid, '5');
		assert.match(account.webhookUrl('/exotel/a') ?? '', /^https:\/\/1001:22@flows\.example\.org\//);
		assert.deepEqual(account.sendOptions().secrets, ['33', '44']);
	});

	it('names every secret that is neither a text nor a number, and quotes none', () => {
		const others = {
			webhookUser: true,
			webhookPassword: { a: 'hidden' },
			apiKey: [7],
			webhookToken: NaN,
			apiToken: 't',
		};
		const account = new AccountConnection(RED, config, others);
		assert.throws(
			() => account.sendOptions(),
			({ kind, message, violations }: ExotelError) =>
				kind === 'input' &&
				message.includes('webhook user must be text') &&
				!message.includes('hidden') &&
				violations.map(({ field }) => field).join() === 'webhookUser,webhookPassword,apiKey,webhookToken',
		);
		assert.equal(account.webhookUrl('/exotel/a'), null);
	});

	it('parses the sender rules once per path, and anew when a replaced token expires', () => {
		let others = ['', 'old-token-0123456'];
		const secrets = { webhookToken: 'new-token-0123456' };
		const account = new AccountConnection(RED, config, secrets, () => () => others);
		const rules = account.senderRules('/exotel/a');
		assert.equal(account.senderRules('/exotel/a'), rules);
		assert.notEqual(account.senderRules('/exotel/b'), rules);
		assert.equal(rules.verify(asking('old-token-0123456')).allowed, true);
		others = ['', ''];
		const later = account.senderRules('/exotel/a');
		assert.equal(later.verify(asking('old-token-0123456')).allowed, false);
		assert.equal(later.verify(asking('new-token-0123456')).allowed, true);
	});

	it('refuses a webhook user with a colon, which no Basic login can carry', () => {
		const secrets = { webhookToken: 'new-token-0123456', webhookPassword: 'p' };
		const address = (webhookUser: string) =>
			new AccountConnection(RED, config, { ...secrets, webhookUser }).webhookUrl('/exotel/a');
		assert.throws(() => address('name:more'), /Webhook user: no colon/);
		assert.match(address('name') ?? '', /^https:\/\/name:p@/);
	});

	it('knows environment variables as Node-RED does', () => {
		for (const name of ['${KEY}', '$(KEY)', ' ${MY-KEY} ', '$(a.b)'])
			assert.equal(isEnvironmentVariable(name), true);
		for (const text of ['$KEY', '${KEY', '${}', 'x${KEY}', '$(KEY}', '', null])
			assert.equal(isEnvironmentVariable(text), false);
	});

	it('can receive callbacks with a webhook token, or when anyone may call', () => {
		const canReceive = (webhookToken: string, more: object = {}): boolean =>
			new AccountConnection(RED, { ...config, ...more }, { webhookToken }).canReceiveCallbacks;
		assert.equal(canReceive(''), false);
		assert.equal(canReceive('fifteen-letters'), false);
		assert.equal(canReceive('sixteen-letters!'), true);
		assert.equal(canReceive('', { anyoneMayCall: true }), true);
	});

	it('can receive callbacks at a public address, at a private one only from a server of its own', () => {
		const secrets = { webhookToken: 'webhook-token-0123' };
		const canReceive = (more: object): boolean =>
			new AccountConnection(RED, { ...config, ...more }, secrets).canReceiveCallbacks;
		assert.equal(canReceive({}), true);
		assert.equal(canReceive({ publicUrl: 'http://192.168.1.10:1880' }), false);
		assert.equal(
			canReceive({ publicUrl: 'http://192.168.1.10:1880', region: 'custom', baseUrl: 'http://192.168.1.11' }),
			true,
		);
		assert.equal(canReceive({ publicUrl: '' }), false);
		assert.equal(
			canReceive({ publicUrl: 'https://nodered.example.com/exotel/' }),
			false,
			'leads to /exotel/exotel',
		);
		for (const region of ['CUSTOM', '', ['custom']]) {
			const server = { region, baseUrl: 'http://192.168.1.11', publicUrl: 'http://192.168.1.10:1880' };
			assert.equal(canReceive(server), true, 'the region is read as the account reads it');
		}
		assert.equal(canReceive({ sid: '' }), false, 'an account that cannot be read');
		const withoutRoutes = { settings: { httpNodeRoot: false } } as unknown as Red;
		assert.equal(new AccountConnection(withoutRoutes, config, secrets).canReceiveCallbacks, false);
	});

	it('gives Exotel addresses with the login of the webhooks, flows addresses without', () => {
		const secrets = { webhookToken: 'webhook-token-0123', webhookUser: 'me@home', webhookPassword: 'p:w/d' };
		const here = { region: 'custom', baseUrl: 'http://127.0.0.1:4010' };
		const account = new AccountConnection(RED, { ...config, ...here }, secrets);
		assert.match(
			String(account.webhookUrl('/exotel/a', 'attempt-1')),
			/^https:\/\/me%40home:p%3Aw%2Fd@flows\.example\.org\/exotel\/a\?token=.*attempt-1/,
		);
		assert.match(String(account.localWebhookUrl('/exotel/a')), /^https:\/\/flows\.example\.org\/exotel\/a\?token=/);
		assert.deepEqual([account.hasLogin, new AccountConnection(RED, config, {}).hasLogin], [true, false]);
	});
});
