/**
 * The account node: the test button, the public URL, webhook addresses – and that no answer to the editor holds a
 * secret.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import helper from 'node-red-node-test-helper';
import type { AccountNode } from '../../node-red/account/account-connection';
import { startSimulator, type Simulator } from '../../simulator/index';
import { reservePort, startNodeRed, type RunningNodeRed } from './running-node-red';

interface Finding {
	about: string;
	level: string;
	key: string;
	message?: string;
}

const SECRETS = { apiKey: 'saved-key', apiToken: 'saved-token', webhookToken: 'saved-webhook-token' };

const LOGIN = { webhookUser: 'saved-user', webhookPassword: 'saved-password' };
/** The environment variables of the tests. */
const ENVIRONMENT = (server: string, publicUrl: string): Record<string, string> => ({
	EXOTEL_TEST_SECRET: 'hidden-words',
	EXOTEL_TEST_HOOK: 'https://hooks.example.com/hidden-words',
	EXOTEL_TEST_TOKEN: SECRETS.apiToken,
	EXOTEL_TEST_SERVER: server,
	EXOTEL_TEST_PUBLIC: publicUrl,
});

describe('exotel-account', function () {
	this.timeout(20_000);
	let simulator: Simulator;
	let nodeRed: RunningNodeRed;
	let port: Awaited<ReturnType<typeof reservePort>>;
	const answers: string[] = [];

	before(async () => {
		simulator = await startSimulator({
			port: 0,
			speed: 0,
			accounts: [
				{
					sid: 'acme1',
					key: SECRETS.apiKey,
					token: SECRETS.apiToken,
					exoPhones: ['08047112233', '08047112244'],
				},
			],
		});
		port = await reservePort();
		const account = {
			id: 'account',
			type: 'exotel-account',
			region: 'custom',
			baseUrl: simulator.url,
			sid: 'acme1',
			publicUrl: port.url,
			timeZone: 'Asia/Kolkata',
			defaultCountry: 'IN',
		};
		const guarded = { ...account, id: 'guarded' };
		// Another node that happens to have credentials of the same names.
		const foreign = { id: 'foreign', type: 'exotel-lookup-number', z: 'tab', name: '', wires: [] };
		// Deployed with environment variables.
		for (const [name, value] of Object.entries(ENVIRONMENT(simulator.url, port.url))) process.env[name] = value;
		const named = {
			...account,
			id: 'named',
			baseUrl: '${EXOTEL_TEST_SERVER}',
			publicUrl: '${EXOTEL_TEST_PUBLIC}',
		};
		// Elsewhere than on this machine an account has the token that was deployed, or none.
		const elsewhere = { ...account, region: 'singapore', baseUrl: '', publicUrl: 'https://flows.example.com' };
		const open = ['${EXOTEL_TEST_NOT_SET}', '$(EXOTEL_TEST_NOT_SET)', 'unset'].map((id) => ({ ...elsewhere, id }));
		const tab = { id: 'tab', type: 'tab', label: 'Tab' };
		nodeRed = await startNodeRed(port, [account, guarded, named, ...open, tab, foreign], {
			credentials: {
				account: SECRETS,
				guarded: { ...SECRETS, ...LOGIN },
				named: { ...SECRETS, apiToken: '${EXOTEL_TEST_TOKEN}' },
				...Object.fromEntries(open.map(({ id }) => [id, { ...SECRETS, webhookToken: id }])),
				unset: SECRETS,
				foreign: { apiKey: 'foreign-key', apiToken: 'foreign-token' },
			},
		});
	});
	after(async () => {
		for (const name of Object.keys(ENVIRONMENT('', ''))) delete process.env[name];
		await nodeRed.stop();
		await simulator.close();
	});

	async function ask(route: string, form: Record<string, unknown>): Promise<Record<string, unknown>> {
		const answer = await helper.request().post(`/exotel-account/${route}`).send(form).expect(200);
		answers.push(answer.text);
		return answer.body as Record<string, unknown>;
	}
	const saved = (): Record<string, unknown> => ({
		region: 'custom',
		baseUrl: simulator.url,
		sid: 'acme1',
		publicUrl: port.url,
		apiKey: '__PWRD__',
		apiToken: '__PWRD__',
	});
	const test = async (form: Record<string, unknown>, id = 'account'): Promise<Finding[]> =>
		(await ask(`${id}/test`, form))['findings'] as Finding[];

	it('tests saved values: the account works and the public URL leads here', async () => {
		const findings = await test(saved());
		assert.deepEqual(
			findings.map(({ key, level }) => [key, level]),
			[
				['works', 'good'],
				['exophones', 'good'],
				['public-url.reached', 'good'],
				['callback.none', 'note'],
			],
		);
	});

	it('tests what is typed and not saved yet, also for an account that does not exist yet', async () => {
		const findings = await test({ ...saved(), apiKey: SECRETS.apiKey, apiToken: SECRETS.apiToken }, 'new-one');
		assert.equal(findings[0]?.key, 'works');
	});

	it('says that key or token is wrong', async () => {
		const [finding] = await test({ ...saved(), apiToken: 'mistyped-token' });
		assert.equal(finding?.key, 'key-or-token');
		assert.equal(finding?.about, 'apiKey');
		assert.equal(finding?.level, 'fault');
	});

	it('names every field that is missing or malformed', async () => {
		const findings = await test({ ...saved(), sid: '', timeZone: 'Mars/Olympus', apiKey: '' });
		assert.deepEqual(
			findings.filter(({ key }) => key === 'field').map(({ about }) => about),
			['sid', 'timeZone', 'apiKey'],
		);
		for (const { message } of findings.filter(({ key }) => key === 'field')) assert.ok((message ?? '').length > 10);
	});

	it('refuses a server on the internet without encryption, without asking it', async () => {
		const typed = { baseUrl: 'http://exotel.example.com', apiKey: 'typed', apiToken: 'typed' };
		const [finding] = await test({ ...saved(), ...typed });
		assert.deepEqual([finding?.about, finding?.level, finding?.key], ['baseUrl', 'fault', 'field']);
		assert.match(finding?.message ?? '', /must start with https:\/\//);
	});

	it('says that the server cannot be reached', async () => {
		const [finding] = await test({ ...saved(), baseUrl: 'http://127.0.0.1:1', apiKey: 'k', apiToken: 't' });
		assert.equal(finding?.key, 'unreachable');
	});

	it('never sends a saved key to a server it was not saved for', async () => {
		const before = simulator.calls().length;
		const [finding] = await test({ ...saved(), baseUrl: 'http://127.0.0.1:9' });
		assert.equal(finding?.key, 'type-again');
		assert.equal(simulator.calls().length, before);
	});

	/** A server that is not ours: what it was asked while `work` went on. */
	async function asStranger(
		work: (url: string) => Promise<void>,
		listener: RequestListener = (_request, response) => void response.writeHead(404).end(),
	): Promise<IncomingMessage[]> {
		const seen: IncomingMessage[] = [];
		const server = createServer((request, response) => {
			seen.push(request);
			listener(request, response);
		}).listen(0, '127.0.0.1');
		await once(server, 'listening');
		try {
			await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
		} finally {
			server.closeAllConnections();
			server.close();
		}
		return seen;
	}

	for (const region of ['custom', 'CUSTOM', ' Custom ', '', ['custom'], null]) {
		it(`sends no saved key to a stranger, region ${JSON.stringify(region)}`, async () => {
			const seen = await asStranger(async (baseUrl) => {
				const form = { ...saved(), region, baseUrl };
				assert.equal((await test(form))[0]?.key, 'type-again');
				assert.equal((await test({ ...form, apiKey: 'typed' }))[0]?.key, 'type-again');
				assert.deepEqual((await ask('account/exophones', form))['exoPhones'], []);
			});
			assert.equal(seen.length, 0);
		});
	}

	it('uses no secret of a node that is no account', async () => {
		const seen = await asStranger(async (baseUrl) => {
			const { findings } = await ask('foreign/test', { ...saved(), region: 'singapore' });
			await ask('foreign/test', { ...saved(), region: 'custom', baseUrl });
			assert.deepEqual(
				(findings as Finding[]).filter(({ key }) => key === 'field').map(({ about }) => about),
				['apiKey', 'apiToken'],
			);
			const { text } = await helper
				.request()
				.post('/exotel-account/foreign/exophones')
				.send({ ...saved(), baseUrl });
			assert.ok(!text.includes('foreign-'), text);
		});
		// Without a key a server of this machine is sent the one that the simulator accepts.
		const sent = seen.map(({ headers }) => atob((headers.authorization ?? '').replace('Basic ', '')));
		assert.deepEqual([...new Set(sent)], ['any-key:any-token']);
	});

	describe('a request of another web page', () => {
		const json = 'application/json';
		for (const [what, headers] of [
			['as a form', { 'content-type': 'application/x-www-form-urlencoded' }],
			['as a form, named JSON by its end', { 'content-type': 'text/plain; a=application/json' }],
			['as JSON across sites', { 'content-type': json, 'sec-fetch-site': 'cross-site' }],
			['as JSON of a neighbour', { 'content-type': json, 'sec-fetch-site': 'same-site' }],
			['as JSON of another origin', { 'content-type': json, origin: 'https://evil.example' }],
			['as JSON of a page without origin', { 'content-type': json, origin: 'null' }],
		] as const) {
			it(`is refused ${what}, before anything is sent`, async () => {
				const seen = await asStranger(async (baseUrl) => {
					const form = { ...saved(), baseUrl, apiKey: '${PATH}', apiToken: 'x' };
					const body =
						headers['content-type'] === json
							? JSON.stringify(form)
							: new URLSearchParams(form as never).toString();
					for (const route of ['test', 'exophones', 'webhook-address']) {
						const address = `/exotel-account/account/${route}`;
						await helper.request().post(address).set(headers).send(body).expect(403);
					}
				});
				assert.equal(seen.length, 0);
			});
		}

		it('is told apart from the editor and from a program', async () => {
			for (const headers of [{ 'sec-fetch-site': 'same-origin' }, {}])
				await helper.request().post('/exotel-account/account/test').set(headers).send(saved()).expect(200);
		});
	});

	it("sends no key of a server of one's own to Exotel, and none at all for a form that cannot be read", async () => {
		for (const region of ['mumbai', 'SINGAPORE'])
			assert.equal((await test({ ...saved(), region }))[0]?.key, 'type-again');
		assert.equal((await test({ ...saved(), region: 'moon' }))[0]?.about, 'region');
		assert.deepEqual((await ask('account/exophones', { ...saved(), region: 'moon' }))['exoPhones'], []);
	});

	it('still uses the saved key for its own server, however the form writes that', async () => {
		for (const baseUrl of [`${simulator.url}/`, ` ${simulator.url}`])
			assert.equal((await test({ ...saved(), region: '', baseUrl }))[0]?.key, 'works');
	});

	it('tests an address by the self-test alone, and without any token', async () => {
		const form = { ...saved(), webhookToken: '__PWRD__', path: 'calls', probe: true };
		const reached = await ask('account/webhook-address', form);
		assert.deepEqual(reached['probe'], { reached: true, detail: '200' });
		const seen = await asStranger(async (publicUrl) => {
			const { probe } = await ask('account/webhook-address', { ...form, publicUrl });
			assert.deepEqual(probe, { reached: false, detail: '404' });
		});
		assert.deepEqual(
			seen.map(({ url }) => url),
			['/exotel/self-test'],
		);
	});

	it('tests no private address unless the account has a server of its own', async () => {
		const form = { ...saved(), path: 'calls', probe: true };
		const seen = await asStranger(async (publicUrl) => {
			for (const other of [{ region: 'mumbai' }, { region: 'mumbai', sid: '' }, { sid: '' }]) {
				const { url, fault, probe } = await ask('account/webhook-address', { ...form, ...other, publicUrl });
				assert.ok(String(url).startsWith(`${publicUrl}/exotel/calls?`));
				assert.deepEqual([fault, probe], ['private', undefined]);
			}
		});
		assert.equal(seen.length, 0);
	});

	it('reads next to nothing of what an address answers', async () => {
		let [chunks, closed] = [0, false];
		const endless: RequestListener = (_request, response) => {
			const timer = setInterval(() => {
				chunks += 1;
				response.write('x'.repeat(1000));
			}, 5);
			response.on('close', () => {
				closed = true;
				clearInterval(timer);
			});
		};
		await asStranger(async (publicUrl) => {
			const form = { ...saved(), path: 'calls', probe: true, publicUrl };
			const { probe } = await ask('account/webhook-address', form);
			assert.deepEqual(probe, { reached: false, detail: 'other-server' });
			while (!closed) await new Promise((resolve) => setImmediate(resolve));
		}, endless);
		assert.ok(chunks < 200, `${chunks} chunks were taken`);
	});

	describe('environment variables', () => {
		const address = async (form: Record<string, unknown>): Promise<Record<string, unknown>> =>
			ask('account/webhook-address', { ...saved(), path: 'calls', ...form });

		const named = (): Record<string, unknown> => ({
			...saved(),
			baseUrl: '${EXOTEL_TEST_SERVER}',
			publicUrl: '${EXOTEL_TEST_PUBLIC}',
		});

		it('are put in where a deploy has put them', async () => {
			for (const form of [named(), { ...named(), apiToken: '${EXOTEL_TEST_TOKEN}' }])
				assert.deepEqual(
					(await test(form, 'named')).map(({ key }) => key),
					['works', 'exophones', 'public-url.reached', 'callback.none'],
				);
			const { url } = await ask('named/webhook-address', { ...named(), path: 'calls' });
			assert.ok(String(url).startsWith(`${port.url}/exotel/calls?`));
		});

		for (const reference of ['${EXOTEL_TEST_NOT_SET}', '$(EXOTEL_TEST_NOT_SET)'])
			it(`are no secret while they are not set: ${reference}`, () => {
				const connectionOf = (id: string) => (helper.getNode(id) as unknown as AccountNode).connection;
				assert.equal(connectionOf(reference)?.canReceiveCallbacks, false);
				assert.equal(connectionOf('unset')?.canReceiveCallbacks, true);
			});

		for (const name of ['apiKey', 'apiToken', 'sid', 'publicUrl'])
			it(`are not read from a request: ${name}`, async () => {
				const seen = await asStranger(async (baseUrl) => {
					const form = { ...saved(), baseUrl, publicUrl: baseUrl, apiKey: 'typed', apiToken: 'typed' };
					for (const id of ['account', 'named', 'new-one']) {
						const findings = await test({ ...form, [name]: '${EXOTEL_TEST_SECRET}' }, id);
						assert.deepEqual(
							findings.map(({ about, key }) => [about, key]),
							[[name, 'undeployed']],
						);
						const { exoPhones } = await ask(`${id}/exophones`, {
							...form,
							[name]: '${EXOTEL_TEST_SECRET}',
						});
						assert.deepEqual(exoPhones, []);
					}
				});
				assert.equal(seen.length, 0);
			});

		it('of one field are not read for another, and stay a saved secret', async () => {
			const seen = await asStranger(async (baseUrl) => {
				const form = { ...named(), baseUrl, apiKey: 'typed' };
				const [moved] = await test({ ...form, apiToken: 'typed', sid: '${EXOTEL_TEST_SERVER}' }, 'named');
				assert.deepEqual([moved?.about, moved?.key], ['sid', 'undeployed']);
				const [sent] = await test({ ...form, apiToken: '${EXOTEL_TEST_TOKEN}' }, 'named');
				assert.equal(sent?.key, 'type-again');
			});
			assert.equal(seen.length, 0);
		});

		it('do not come back as a part of an address', async () => {
			const path = await address({ path: '${EXOTEL_TEST_SECRET}' });
			assert.deepEqual(path, { url: null, fault: 'path' });
			const hook = await address({ publicUrl: '${EXOTEL_TEST_HOOK}', probe: true });
			assert.deepEqual(hook, { url: null, fault: 'undeployed' });
			const token = await address({ webhookToken: '${EXOTEL_TEST_HOOK}' });
			assert.deepEqual(token, { url: null, fault: 'undeployed' });
		});
	});

	for (const [publicUrl, key, region] of [
		['', 'missing', 'custom'],
		['nonsense', 'unreadable', 'custom'],
		['http://192.168.1.5:1880', 'private', 'mumbai'],
		['http://127.0.0.1:1', 'unreachable', 'custom'],
	] as const) {
		it(`says that the public URL "${publicUrl}" is ${key}`, async () => {
			const findings = await test({ ...saved(), sid: region === 'mumbai' ? '' : 'acme1', region, publicUrl });
			const found = findings.find((one) => one.key.startsWith('public-url.'));
			assert.equal(found?.key, `public-url.${key}`);
			assert.equal(found?.level, key === 'missing' ? 'note' : 'fault');
		});
	}

	it('gives the address of a webhook with a token for that path alone', async () => {
		const one = await ask('account/webhook-address', { ...saved(), webhookToken: '__PWRD__', path: 'calls' });
		const other = await ask('account/webhook-address', {
			...saved(),
			webhookToken: '__PWRD__',
			path: '/exotel/other',
		});
		const first = new URL(String(one['url']));
		assert.equal(first.pathname, '/exotel/calls');
		assert.equal(new URL(String(other['url'])).pathname, '/exotel/other');
		assert.ok((first.searchParams.get('token') ?? '').length >= 22);
		assert.notEqual(first.searchParams.get('token'), new URL(String(other['url'])).searchParams.get('token'));
		assert.equal(
			(await ask('account/webhook-address', { ...saved(), path: 'no spaces, please' }))['fault'],
			'path',
		);
	});

	describe('the login of the webhooks', () => {
		const GUARD = `Basic ${Buffer.from('saved-user:saved-password').toString('base64')}`;
		/** What a server with `httpNodeAuth` was sent, by the tests of the account and of an address. */
		const probeGuarded = async (id: string, form: Record<string, unknown>) => {
			const found: unknown[] = [];
			const seen = await asStranger(
				async (publicUrl) => {
					const typed = { ...saved(), publicUrl, ...form };
					found.push((await test(typed, id)).find(({ key }) => key.startsWith('public-url.'))?.key);
					const address = await ask(`${id}/webhook-address`, { ...typed, path: 'calls', probe: true });
					found.push((address['probe'] as { detail: string }).detail);
				},
				({ headers }, response) =>
					void response
						.writeHead(headers.authorization === GUARD ? 200 : 401)
						.end(headers['x-exonodes-self-test']),
			);
			return { found, sent: [...new Set(seen.map(({ headers }) => headers.authorization))] };
		};

		it('is asked for when there is none', async () => {
			const { found, sent } = await probeGuarded('account', {});
			assert.deepEqual(found, ['public-url.login-missing', 'login-missing']);
			assert.deepEqual(sent, [undefined]);
		});

		it('is used as typed; a wrong one is refused', async () => {
			assert.deepEqual((await probeGuarded('account', LOGIN)).found, ['public-url.reached', '200']);
			const { found } = await probeGuarded('account', { ...LOGIN, webhookPassword: 'other' });
			assert.deepEqual(found, ['public-url.login-refused', 'login-refused']);
		});

		it('is not sent to another public URL than the one it was saved for', async () => {
			for (const typed of [{}, { webhookUser: 'saved-user' }, { webhookPassword: 'typed' }]) {
				const { found, sent } = await probeGuarded('guarded', typed);
				assert.deepEqual(found, ['public-url.login-again', 'login-again']);
				assert.deepEqual(sent, [undefined]);
			}
		});

		it('is not shown in an address', async () => {
			const { url, hasLogin } = await ask('guarded/webhook-address', { ...saved(), path: 'calls' });
			assert.ok(String(url).startsWith(port.url.replace('://', '://***:***@')));
			assert.equal(hasLogin, true);
		});
	});

	it('offers the ExoPhones of the account', async () => {
		const { exoPhones } = (await ask('account/exophones', saved())) as { exoPhones: { number: string }[] };
		assert.deepEqual(exoPhones.map(({ number }) => number).sort(), ['+918047112233', '+918047112244']);
	});

	it('answers no route with a secret', () => {
		assert.ok(answers.length > 10);
		for (const secret of [...Object.values(SECRETS), ...Object.values(LOGIN), 'mistyped-token'])
			assert.ok(!answers.join('\n').includes(secret));
	});
});
