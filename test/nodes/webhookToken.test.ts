/** Whom a trigger lets in by its credential. */
import assert from 'node:assert/strict';
import type { IWebhookFunctions } from 'n8n-workflow';
import { clock } from '../../nodes/host/clock';
import { TOKEN_REMEMBERED_MS, verifySender } from '../../nodes/host/webhookToken';
import { mock } from 'node:test';
import { node } from './hosted';

/** A trigger at a request; with an `id` its credential is one that n8n has stored. */
function trigger(
	credential: Record<string, string>,
	offered: string,
	{ id, mode = 'webhook', workflow = 'w1' }: { id?: string; mode?: string; workflow?: string } = {},
): IWebhookFunctions {
	const request = { method: 'POST', path: '/x', headers: {}, query: { token: offered }, socket: {} };
	return {
		getNodeParameter: (name: string, fallback: unknown) => (name === 'authentication' ? 'token' : fallback),
		getCredentials: () => Promise.resolve(credential),
		getMode: () => mode,
		getNode: () => ({ ...node, credentials: { exotelWebhookTokenApi: { id: id ?? null, name: 'Token' } } }),
		getWorkflow: () => ({ id: workflow }),
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

	describe('that was changed', () => {
		const [old, other] = [{ token: 'a-token-of-20-letters' }, { token: 'another-of-20-letters' }];
		const lets = async (...request: Parameters<typeof trigger>): Promise<boolean> =>
			(await verifySender(trigger(...request))).allowed;
		afterEach(() => mock.restoreAll());

		it('lets in with the old one for ten seconds at most, with the new one at once', async () => {
			let now = 1_000;
			mock.method(clock, 'elapsed', () => now);
			assert.equal(TOKEN_REMEMBERED_MS, 10_000);
			assert.equal(await lets(old, old.token, { id: 'changed' }), true);
			now += TOKEN_REMEMBERED_MS - 1;
			assert.equal(await lets(other, old.token, { id: 'changed' }), true);
			now += 1;
			assert.equal(await lets(other, old.token, { id: 'changed' }), false);
			assert.equal(await lets(old, old.token, { id: 'renewed' }), true);
			assert.equal(await lets(other, other.token, { id: 'renewed' }), true);
			// Reading the new one forgot the old one.
			assert.equal(await lets(other, old.token, { id: 'renewed' }), false);
		});

		it('counts at once while the workflow is tried out, and for another workflow or credential', async () => {
			assert.equal(await lets(old, old.token, { id: 'tried' }), true);
			assert.equal(await lets(other, old.token, { id: 'tried', mode: 'manual' }), false);
			assert.equal(await lets(other, old.token, { id: 'tried', workflow: 'w2' }), false);
			assert.equal(await lets(other, old.token, { id: 'tried too' }), false);
		});

		it('is read once for many requests', async () => {
			const functions = trigger(old, old.token, { id: 'often' });
			const read = mock.method(functions, 'getCredentials');
			for (let request = 0; request < 5; request += 1) assert.ok((await verifySender(functions)).allowed);
			assert.equal(read.mock.callCount(), 1);
		});
	});
});
