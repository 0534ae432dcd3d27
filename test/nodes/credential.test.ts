/** The credential of an Exotel account: which requests it adds the key to. */
import assert from 'node:assert/strict';
import { NodeApiError } from 'n8n-workflow';
import { ExotelVoiceApi } from '../../credentials/ExotelVoiceApi.credentials';
import { node } from './hosted';

const credential = new ExotelVoiceApi();
const secrets = { sid: 'acme1', apiKey: 'the-key', apiToken: 'the-token' };
const request = { url: 'https://api.exotel.com/v1/Accounts/acme1/Calls.json' };

describe('the Exotel credential of n8n', () => {
	it('adds key and token to a request', async () => {
		assert.deepEqual(await credential.authenticate({ ...secrets, region: 'mumbai' }, request), {
			...request,
			auth: { username: 'the-key', password: 'the-token' },
		});
	});

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
});
