/** The credential of an Exotel account: which requests it adds the key to. */
import assert from 'node:assert/strict';
import { NodeApiError } from 'n8n-workflow';
import { ExotelWebhookTokenApi } from '../../credentials/ExotelWebhookTokenApi.credentials';
import { ExotelVoiceApi } from '../../credentials/ExotelVoiceApi.credentials';
import { node } from './hosted';

const credential = new ExotelVoiceApi();
const secrets = { sid: 'acme1', apiKey: 'the-key', apiToken: 'the-token' };
const request = { url: 'https://api.exotel.com/v1/Accounts/acme1/Calls.json' };

describe('the Exotel credential of n8n', () => {
	it('adds key and token to a request', async () => {
		assert.deepEqual(await credential.authenticate({ ...secrets, region: 'mumbai' }, request), {
			...request,
			sendCredentialsOnCrossOriginRedirect: false,
			auth: { username: 'the-key', password: 'the-token' },
		});
	});

	it('has words of its own for a test that Exotel refuses', () => {
		const told = (credential.test.rules ?? []).map(({ properties }) => properties);
		for (const [value, field] of [
			[401, /API Key.*Region/],
			[402, /plan.*balance/],
			[403, /KYC/],
			[404, /Account SID.*Region/],
			[429, /too many requests/],
		] as const) {
			const message = told.find((rule) => 'value' in rule && rule.value === value)?.message ?? '';
			assert.match(message, field);
			assert.match(message, /Account → Check/);
		}
	});

	for (const [field, message] of [
		['sid', /Account SID/i],
		['apiKey', /API Key/i],
		['apiToken', /API Token/i],
	] as const) {
		it(`names ${field} when it is missing, before any request`, async () => {
			await assert.rejects(
				credential.authenticate({ ...secrets, region: 'mumbai', [field]: ' ' }, request),
				(error: Error) => message.test(new NodeApiError(node, error as never).message),
			);
		});
	}

	it('adds no key when the account’s server is on the internet and not encrypted, and says why', async () => {
		const account = { ...secrets, region: 'custom', baseUrl: 'http://exotel.example.com' };
		await assert.rejects(credential.authenticate(account, request), (error: Error) => {
			assert.match(error.message, /^Base URL must start with https:\/\//);
			// What n8n shows when the credential is tested.
			assert.match(new NodeApiError(node, error as never).message, /Base URL must start with https:\/\//);
			return true;
		});
		const local = { ...account, baseUrl: 'http://127.0.0.1:4010' };
		assert.ok((await credential.authenticate(local, request)).auth);
	});

	const account = { ...secrets, region: 'custom', baseUrl: 'http://127.0.0.1:4010' };
	/** Requests as n8n makes them: of nodes, of the credential's test and of the HTTP Request node. */
	const requests: [string, object, boolean][] = [
		['https at Exotel', { url: 'https://api.exotel.com/v1' }, true],
		['https on another server', { url: 'https://evil.example.com/collect' }, false],
		['https on a server that sounds like Exotel', { url: 'https://api.exotel.com.evil.example/' }, false],
		['plain http on the own server', { url: 'http://127.0.0.1:4010/v1' }, true],
		['the test of the credential', { baseURL: account.baseUrl, url: '/v1/Accounts/acme1/Calls.json' }, true],
		['https of the HTTP Request node', { uri: 'https://api.exotel.com/v1' }, true],
		['plain http on the internet', { url: 'http://evil.example.com/' }, false],
		['plain http of the HTTP Request node', { uri: 'http://evil.example.com/' }, false],
		['plain http beside https', { uri: 'https://api.exotel.com/', url: 'http://evil.example.com/' }, false],
		['plain http as base URL', { baseURL: 'http://evil.example.com', url: '/v1' }, false],
		['an address that leaves its base URL', { baseURL: account.baseUrl, url: '//evil.example.com/' }, false],
		['plain http on another server of this network', { url: 'http://10.0.0.1/' }, false],
		['https on another port of the own server', { url: 'https://127.0.0.1:4011/v1' }, false],
		['another name of the own machine', { url: 'http://localhost:4010/v1' }, false],
		['a login in front of Exotel', { url: 'https://user:word@api.exotel.com/v1' }, false],
		['a signed address of Exotel', { url: 'https://recordings.exotel.com/a?X-Amz-Signature=a' }, false],
		['Exotel with a dot at the end', { url: 'https://api.exotel.com./v1' }, false],
		['no address', { url: '' }, false],
	];
	for (const [what, sent, isAllowed] of requests) {
		it(`${isAllowed ? 'adds the key' : 'refuses to add the key'}: ${what}`, async () => {
			const added = credential.authenticate(account, sent as typeof request);
			if (isAllowed) assert.ok((await added).auth);
			else await assert.rejects(added, { kind: 'input', message: /^URL must lead to Exotel by https:\/\// });
		});
	}

	/** Options of the HTTP Request node, whose user may use the credential, but not read it. */
	const ways: [string, object, boolean][] = [
		['without a check of the certificate', { rejectUnauthorized: false }, false],
		['without that check, as nodes write it', { skipSslCertificateValidation: true }, false],
		["with somebody's own certificates", { agentOptions: { ca: 'mine' } }, false],
		['to another address than that of its name', { agentOptions: { host: '203.0.113.7' } }, false],
		['encrypted through a proxy', { proxy: 'http://proxy.example.com:3128' }, true],
		['with what n8n sends anyway', { rejectUnauthorized: true, agentOptions: {}, proxy: undefined }, true],
	];
	for (const [what, more, isAllowed] of ways)
		it(`${isAllowed ? 'adds the key' : 'refuses to add the key'}: ${what}`, async () => {
			const added = credential.authenticate(account, { ...request, ...more } as typeof request);
			if (isAllowed) assert.ok((await added).auth);
			else await assert.rejects(added, { kind: 'input', message: /^Certificates must be checked/ });
		});

	it('refuses to add the key in plain http through a proxy, which would read it', async () => {
		for (const proxy of ['http://proxy.example.com:3128', { host: 'proxy.example.com', port: 3128 }]) {
			const sent = { url: `${account.baseUrl}/v1`, proxy };
			await assert.rejects(credential.authenticate(account, sent as typeof request), { message: /^Proxy / });
		}
	});

	it('keeps n8n from sending the key where a redirect leads, whatever the node is set to', async () => {
		const sent = { ...request, sendCredentialsOnCrossOriginRedirect: true };
		assert.equal((await credential.authenticate(account, sent)).sendCredentialsOnCrossOriginRedirect, false);
	});

	it('adds no key to plain http where the account’s own server is encrypted', async () => {
		const sent = { url: request.url.replace('https', 'http') };
		await assert.rejects(credential.authenticate({ ...secrets, region: 'singapore' }, sent), { kind: 'input' });
	});
});

describe('the webhook token credential of n8n', () => {
	it('says how long the token has to be, above the field and below it', () => {
		const { properties } = new ExotelWebhookTokenApi();
		const [notice, token] = ['how', 'token'].map((name) => properties.find((property) => property.name === name));
		assert.match(notice?.displayName ?? '', /at least 16 characters/);
		assert.match(token?.description ?? '', /^At least 16 /);
	});
});
