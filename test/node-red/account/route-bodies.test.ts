/** What the routes of the account read of a body that an editor's user may have written. */
import assert from 'node:assert/strict';
import { registerAccountRoutes } from '../../../node-red/account/account-routes';
import type { Red } from '../../../node-red/host';
import { counted, withFields } from '../../exotel/counted';

type Handler = (request: object, response: object) => void;

/** Answers a request to the route of an account, as Node-RED without any account does. */
function answered(route: string, body: object): Promise<unknown> {
	const handlers = new Map<string, Handler>();
	registerAccountRoutes({
		httpAdmin: { post: (path: string, _allowed: unknown, handler: Handler) => handlers.set(path, handler) },
		auth: { needsPermission: () => undefined },
		nodes: { getNode: () => null },
		settings: {},
	} as unknown as Red);
	return new Promise((resolve) => {
		const headers = { 'content-type': 'application/json' };
		const response = { set: () => response, status: () => response, json: resolve };
		handlers.get(`/exotel-account/:id/${route}`)?.({ headers, params: { id: 'account' }, body }, response);
	});
}

describe('the routes of the account', () => {
	it('read their own fields of a body with 50,000, and do not list or copy the others', async () => {
		const { value, looks } = counted({ ...withFields(50_000), path: '..' });
		assert.deepEqual(await answered('webhook-address', value), { url: null, fault: 'path' });
		assert.ok(looks() > 0 && looks() < 500, String(looks()));
	});
});
