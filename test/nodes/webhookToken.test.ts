/** Whom a trigger lets in by its credential. */
import assert from 'node:assert/strict';
import type { IExecuteFunctions, IWebhookFunctions } from 'n8n-workflow';
import { runOperation } from '../../nodes/Exotel/operations';
import { verifySender } from '../../nodes/host/webhookToken';
import { node } from './hosted';

function trigger(credential: Record<string, string>, offered: string, path = '/x'): IWebhookFunctions {
	const request = { method: 'POST', path, headers: {}, query: { token: offered }, socket: {} };
	return {
		getNodeParameter: (name: string, fallback: unknown) => (name === 'authentication' ? 'token' : fallback),
		getCredentials: () => Promise.resolve(credential),
		getRequestObject: () => request,
		getHeaderData: () => request.headers,
		getQueryData: () => request.query,
		getBodyData: () => ({}),
	} as unknown as IWebhookFunctions;
}

describe('the webhook token of a trigger', () => {
	it('of one letter lets nobody in, and the answer says what to do', async () => {
		const check = await verifySender(trigger({ token: 'x' }, 'x'));
		assert.ok(!check.allowed);
		assert.equal(check.httpStatus, 503);
		assert.match(check.reason, /too short.*at least 16 characters/);
	});

	it('lets nobody in by a short previous token either', async () => {
		const credential = { token: 'a-token-of-20-letters', previousToken: 'x' };
		assert.equal((await verifySender(trigger(credential, 'x'))).allowed, false);
		assert.equal((await verifySender(trigger(credential, credential.token))).allowed, true);
	});

	describe('in an address of its own', () => {
		const secret = 'a-token-of-20-letters';
		const path = '/webhook/1b4e28ba-2fa1-4d5c/exotel';

		/** What Get Address makes of the URL of a trigger. */
		async function addressOf(webhookUrl: string, more: { token?: string; isTool?: boolean } = {}): Promise<URL> {
			const values: Record<string, string> = { resource: 'webhook', operation: 'getAddress', webhookUrl };
			const functions = {
				getNode: () => node,
				getInputData: () => [{ json: {} }],
				getNodeParameter: (name: string, _item: number, fallback?: unknown) => values[name] ?? fallback,
				getCredentials: () => Promise.resolve({ token: more.token ?? secret }),
				continueOnFail: () => false,
				isToolExecution: () => more.isTool === true,
			};
			const [item] = await runOperation(functions as unknown as IExecuteFunctions);
			// As a tool it hands its errors out.
			assert.ok(item?.json['error'] === undefined, String(item?.json['error']));
			return new URL(String(item?.json['address']));
		}
		const lets = async (address: URL, to: string): Promise<boolean> =>
			(await verifySender(trigger({ token: secret }, address.searchParams.get('token') ?? '', to))).allowed;

		it('opens that address and no other', async () => {
			const address = await addressOf(`https://n8n.example.com${path}`);
			assert.equal(address.origin + address.pathname, `https://n8n.example.com${path}`);
			assert.ok(!address.href.includes(secret));
			assert.equal(await lets(address, path), true);
			assert.equal(await lets(address, path.replace('/webhook/', '/webhook-test/')), true, 'its test URL');
			for (const other of ['/webhook/another/exotel', path.replace('exotel', 'applet'), '/exotel', '/'])
				assert.equal(await lets(address, other), false, other);
		});

		it('stays valid as the previous token', async () => {
			const token = (await addressOf(`https://n8n.example.com${path}`)).searchParams.get('token') ?? '';
			const credential = { token: 'another-token-of-28-letters', previousToken: secret };
			assert.equal((await verifySender(trigger(credential, token, path))).allowed, true);
		});

		it('takes the place of another token, and keeps the rest of the address', async () => {
			const written = `https://n8n.example.com/n8n${path.replace('exotel', 'applet')}?token=old&applet=gather`;
			const { searchParams } = await addressOf(written);
			assert.deepEqual([searchParams.getAll('token').length, searchParams.get('applet')], [1, 'gather']);
			assert.notEqual(searchParams.get('token'), 'old');
		});

		it('is made for URLs of triggers, from a usable token, and not for an AI agent', async () => {
			for (const url of [
				'',
				'n8n.example.com/webhook/x/exotel',
				'https://n8n.example.com/webhook/x',
				'ftp://x/exotel',
			])
				await assert.rejects(addressOf(url), /Webhook URL must be the URL of an Exotel trigger/, url);
			await assert.rejects(addressOf(`https://x.example.com${path}`, { token: 'x' }), /at least 16 characters/);
			await assert.rejects(addressOf(`https://x.example.com${path}`, { isTool: true }), /as a tool/);
		});
	});
});
