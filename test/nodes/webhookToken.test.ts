/** Whom a trigger lets in by its credential. */
import assert from 'node:assert/strict';
import type { IWebhookFunctions } from 'n8n-workflow';
import { verifySender } from '../../nodes/host/webhookToken';

function trigger(credential: Record<string, string>, offered: string): IWebhookFunctions {
	const request = { method: 'POST', path: '/x', headers: {}, query: { token: offered }, socket: {} };
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
});
