/** Whom a trigger lets in by its credential. */
import assert from 'node:assert/strict';
import type { IExecuteFunctions, IWebhookFunctions } from 'n8n-workflow';
import { ExotelError } from '../../exotel';
import { getAddressOperation } from '../../nodes/Exotel/operations/getAddress';
import { runOperation } from '../../nodes/Exotel/operations';
import { clock } from '../../nodes/host/clock';
import { TOKEN_FRESH_MS, TOKEN_REMEMBERED_MS, verifySenderWithin } from '../../nodes/host/webhookToken';
import { mock } from 'node:test';
import { node } from './hosted';

/** A trigger at a request; with an `id` its credential is one that n8n has stored. */
function trigger(
	credential: Record<string, string>,
	offered: string,
	{
		id,
		mode = 'webhook',
		workflow = 'w1',
		path = '/x',
	}: { id?: string; mode?: string; workflow?: string; path?: string } = {},
): IWebhookFunctions {
	const request = { method: 'POST', path, headers: {}, query: { token: offered }, socket: {} };
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
		logger: { warn: () => {} },
	} as unknown as IWebhookFunctions;
}

/** The decision about a request whose credential can be read. */
async function verifySender(functions: IWebhookFunctions) {
	const check = await verifySenderWithin(functions, 4_000);
	assert.ok(check !== null);
	return check;
}

describe('the webhook token of a trigger', () => {
	it('of one letter lets nobody in, and the answer says what to do', async () => {
		const check = await verifySender(trigger({ token: 'x' }, 'a-token-of-20-letters'));
		assert.ok(!check.allowed);
		assert.equal(check.httpStatus, 503);
		assert.match(check.reason, /too short.*at least 16 characters/);
	});

	it('lets nobody in by a short previous token either', async () => {
		const credential = { token: 'a-token-of-20-letters', previousToken: 'x' };
		assert.equal((await verifySender(trigger(credential, 'x'))).allowed, false);
		assert.equal((await verifySender(trigger(credential, credential.token))).allowed, true);
	});

	it('is not read for a request without one, or with one of letters that are too few', async () => {
		for (const offered of ['', 'x', 'fifteen-letters']) {
			const functions = trigger({ token: 'a-token-of-20-letters' }, offered, { path: '/webhook/1/exotel' });
			const read = mock.method(functions, 'getCredentials');
			const check = await verifySender(functions);
			assert.deepEqual([check.allowed || check.httpStatus, read.mock.callCount()], [401, 0], offered);
		}
	});

	describe('with a list of allowed addresses', () => {
		const token = 'a-token-of-20-letters';
		/** A request from 203.0.113.7 to a trigger with this list: as written, and as n8n reads it. */
		const statusOf = async (written: unknown, read: unknown): Promise<number> => {
			const functions = trigger({ token }, token);
			const list = (allowedAddresses: unknown) => (allowedAddresses === undefined ? {} : { allowedAddresses });
			Object.assign(functions, {
				getNode: () => ({ ...node, parameters: { options: list(written) } }),
				getNodeParameter: (name: string, fallback: unknown) =>
					({ authentication: 'token', options: list(read) })[name] ?? fallback,
			});
			Object.assign(functions.getRequestObject(), { ip: '203.0.113.7' });
			const check = await verifySender(functions);
			return check.allowed ? 200 : check.httpStatus;
		};

		it('lets nobody in when an expression gives none, such as an environment variable that is not set', async () => {
			for (const read of ['', ' ', undefined, null, ','])
				assert.equal(await statusOf('={{ $env.SENDERS }}', read), 403, String(read));
			assert.equal(await statusOf('={{ $env.SENDERS }}', '203.0.113.0/24'), 200);
		});

		it('lets anybody in who has the token when it was left blank', async () => {
			for (const written of ['', ' ', undefined, '='])
				assert.equal(await statusOf(written, ''), 200, String(written));
			assert.equal(await statusOf('198.51.100.1', '198.51.100.1'), 403);
		});
	});

	describe('in an address of its own', () => {
		const secret = 'a-token-of-20-letters';
		const path = '/webhook/1b4e28ba-2fa1-4d5c/exotel';

		/** What Get Address makes of the URL of a trigger. */
		async function outputOf(
			webhookUrl: string,
			more: { token?: string; isTool?: boolean } = {},
		): Promise<Record<string, unknown>> {
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
			return item?.json ?? {};
		}
		const addressOf = async (...of: Parameters<typeof outputOf>): Promise<URL> =>
			new URL(String((await outputOf(...of))['address']));
		const lets = async (address: URL, to: string): Promise<boolean> =>
			(await verifySender(trigger({ token: secret }, address.searchParams.get('token') ?? '', { path: to })))
				.allowed;

		it('comes with a warning when Exotel cannot use it', async () => {
			const warning = async (url: string) => (await outputOf(url))['warning'];
			assert.equal(await warning(`https://n8n.example.com${path}`), undefined);
			for (const host of ['http://127.0.0.1:5678', 'http://localhost:5678', 'https://192.168.1.7'])
				assert.match(String(await warning(host + path)), /^Only this machine or its network reaches/, host);
			assert.match(String(await warning(`http://n8n.example.com${path}`)), /not encrypted/);
			const test = path.replace('/webhook/', '/webhook-test/');
			assert.match(String(await warning(`https://n8n.example.com${test}`)), /^This is a test URL/);
			assert.match(
				String(await warning(`http://localhost:5678${test}`)),
				/^Only this machine.* This is a test URL/,
			);
		});

		it('opens that address and no other', async () => {
			const address = await addressOf(`https://n8n.example.com${path}`);
			assert.equal(address.origin + address.pathname, `https://n8n.example.com${path}`);
			assert.ok(!address.href.includes(secret));
			assert.equal(await lets(address, path), true);
			assert.equal(await lets(address, path.replace('/webhook/', '/webhook-test/')), true, 'its test URL');
			for (const other of ['/webhook/another/exotel', path.replace('exotel', 'applet'), '/exotel', '/'])
				assert.equal(await lets(address, other), false, other);
		});

		it('belongs to one workflow, also where nodes without webhook ID have one name', async () => {
			for (const endpoint of ['webhook', 'webhook-test', 'hooks/in']) {
				const own = `/${endpoint}/wf1/exotel%20trigger/exotel`;
				const address = await addressOf(`https://n8n.example.com/behind${own}`);
				assert.equal(await lets(address, own), true, endpoint);
				assert.equal(await lets(address, own.replace('wf1', 'wf2')), false, endpoint);
			}
		});

		it('is that of the webhook ID, whatever n8n is set to put before', async () => {
			const id = '1b4e28ba-2fa1-4d5c-9b1c-3f0c5a1d2e3f';
			const address = await addressOf(`https://n8n.example.com/n8n/hooks/${id}/exotel`);
			for (const before of ['hooks', 'hooks-test', 'webhook', 'n8n/hooks'])
				assert.equal(await lets(address, `/${before}/${id}/exotel`), true, before);
		});

		it('stays valid as the previous token', async () => {
			const token = (await addressOf(`https://n8n.example.com${path}`)).searchParams.get('token') ?? '';
			const credential = { token: 'another-token-of-28-letters', previousToken: secret };
			assert.equal((await verifySender(trigger(credential, token, { path }))).allowed, true);
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
			await assert.rejects(
				addressOf(`https://x.example.com${path}`, { token: 'x' }),
				/Token of the credential must have at least 16 characters/,
			);
			const functions = {
				getNodeParameter: () => `https://x.example.com${path}`,
				getCredentials: async () => ({ token: 'x' }),
			};
			await assert.rejects(
				getAddressOperation.run(functions as unknown as IExecuteFunctions, 0),
				(error) => error instanceof ExotelError && error.violations[0]?.field === 'token',
			);
			await assert.rejects(addressOf(`https://x.example.com${path}`, { isTool: true }), /as a tool/);
		});
	});

	describe('that was changed', () => {
		const [old, other] = [{ token: 'a-token-of-20-letters' }, { token: 'another-of-20-letters' }];
		const lets = async (...request: Parameters<typeof trigger>): Promise<boolean> =>
			(await verifySender(trigger(...request))).allowed;
		afterEach(() => mock.restoreAll());

		it('lets in with the old one for ten seconds at most, with the new one after one second', async () => {
			let now = 1_000;
			mock.method(clock, 'elapsed', () => now);
			assert.equal(TOKEN_REMEMBERED_MS, 10_000);
			assert.equal(await lets(old, old.token, { id: 'changed' }), true);
			now += TOKEN_REMEMBERED_MS - 1;
			assert.equal(await lets(other, old.token, { id: 'changed' }), true);
			now += 1;
			assert.equal(await lets(other, old.token, { id: 'changed' }), false);
			assert.equal(await lets(old, old.token, { id: 'renewed' }), true);
			now += TOKEN_FRESH_MS - 1;
			assert.equal(await lets(other, other.token, { id: 'renewed' }), false);
			now += 1;
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

		it('is read once a second for wrong tokens, however many come', async () => {
			let now = 1_000;
			mock.method(clock, 'elapsed', () => now);
			const functions = trigger(old, 'a-wrong-one-of-23-letters', { id: 'wrong' });
			const read = mock.method(functions, 'getCredentials');
			const all = await Promise.all(Array.from({ length: 100 }, () => verifySender(functions)));
			for (let request = 0; request < 100; request += 1) all.push(await verifySender(functions));
			assert.ok(all.every(({ allowed }) => !allowed));
			assert.equal(read.mock.callCount(), 1);
			now += TOKEN_FRESH_MS;
			await verifySender(functions);
			assert.equal(read.mock.callCount(), 2);
		});
	});

	describe('that cannot be read while a caller waits', () => {
		const token = 'a-token-of-20-letters';
		const waits: number[] = [];
		let now = 1_000;
		beforeEach(() => {
			waits.length = 0;
			mock.method(clock, 'elapsed', () => now);
			mock.method(clock, 'sleep', (ms: number) => {
				waits.push(ms);
				return new Promise(setImmediate);
			});
		});
		afterEach(() => mock.restoreAll());
		const failing = () => Promise.reject(new Error('The database is locked'));
		const hanging = () => new Promise<never>(() => undefined);
		const check = async (offered: string, id: string, getCredentials: () => Promise<never>) =>
			await verifySenderWithin(Object.assign(trigger({ token }, offered, { id }), { getCredentials }), 4_000);

		it('is decided by the one last read, however old', async () => {
			for (const [id, reading] of [
				['failed', failing],
				['hung', hanging],
			] as const) {
				await verifySender(trigger({ token }, token, { id }));
				now += 3_600_000;
				waits.length = 0;
				assert.deepEqual(await check(token, id, reading), { allowed: true });
				now += TOKEN_FRESH_MS;
				const refused = await check('a-wrong-one-of-23-letters', id, reading);
				assert.equal(refused?.allowed, false);
				assert.deepEqual(waits, [TOKEN_FRESH_MS, 4_000]);
			}
		});

		it('is not decided when none was ever read', async () => {
			assert.equal(await check(token, 'never read', failing), null);
			assert.equal(await check(token, 'never read', hanging), null);
		});
	});
});
