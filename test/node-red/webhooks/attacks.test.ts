/** Somebody who does not have the token tries to reach a node, with requests as no browser and no Exotel sends them. */
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { pathToken } from '../../../exotel/index';
import { reservePort, startNodeRed, type FlowNode, type RunningNodeRed } from '../running-node-red';

const SECRET = 'webhook-token-of-letters';
const GOOD = pathToken(SECRET, '/exotel/calls');
const OTHER = pathToken(SECRET, '/exotel/other');
const BODY = 'CallSid=b6f2c1d9e8a7465f90c1d2e3f4a5b6c7&Status=completed&EventType=terminal';

describe('a webhook under attack', () => {
	let nodeRed: RunningNodeRed;
	let port: Awaited<ReturnType<typeof reservePort>>;
	const events = (path: string): FlowNode => ({
		...{ id: `at-${path}`, z: 'tab', type: 'exotel-call-events', account: 'account', path, wires: [['out']] },
	});

	async function start(account: object = {}): Promise<void> {
		port = await reservePort();
		const flow: FlowNode[] = [
			{ id: 'tab', type: 'tab' },
			{ id: 'account', type: 'exotel-account', sid: 'acme1', publicUrl: 'https://flows.example.org', ...account },
			events('calls'),
			events('other'),
			{ id: 'out', z: 'tab', type: 'helper' },
		];
		nodeRed = await startNodeRed(port, flow, {
			credentials: { account: { apiKey: 'k', apiToken: 't', webhookToken: SECRET } },
		});
	}
	afterEach(async () => {
		await nodeRed.stop();
	});

	/** The path goes out byte for byte, which `fetch` would not do. */
	async function ask(path: string, { method = 'POST', headers = {}, body = BODY } = {}): Promise<number> {
		return await new Promise((resolve, reject) => {
			const { hostname, port: number } = new URL(port.url);
			const type = { 'content-type': 'application/x-www-form-urlencoded' };
			const sent = request(
				{ hostname, port: number, path, method, headers: { ...type, ...headers } },
				(answer) => {
					answer.resume();
					answer.on('end', () => resolve(answer.statusCode ?? 0));
				},
			);
			sent.on('error', reject);
			sent.end(method === 'GET' || method === 'HEAD' ? undefined : body);
		});
	}
	async function refusesAll(paths: readonly string[], options: Parameters<typeof ask>[1] = {}): Promise<void> {
		for (const path of paths) {
			const status = await ask(path, options);
			assert.ok(status >= 400 && status < 500, `${JSON.stringify(options)} ${path}: ${status}`);
		}
		assert.deepEqual(nodeRed.received('out'), []);
	}

	it('opens by no other spelling of the token, its name or its place', async () => {
		await start();
		const near = [GOOD.slice(0, -1), `${GOOD}x`, GOOD.toLowerCase(), GOOD.toUpperCase(), ` ${GOOD}`, `${GOOD}%00`];
		await refusesAll([
			...near.map((token) => `/exotel/calls?token=${token.replace(' ', '%20%20')}.`),
			...[
				'Token',
				'TOKEN',
				'token[]',
				'token[0]',
				'token.x',
				'%20token',
				'tok%00en',
				'attempt',
				'__proto__[token]',
			].map((name) => `/exotel/calls?${name}=${GOOD}`),
			`/exotel/calls?token=${OTHER}`,
			`/exotel/calls?token=${OTHER}&token=${OTHER}`,
			`/exotel/calls?token=${GOOD.slice(0, 11)}&token=${GOOD.slice(11)}`,
			`/exotel/calls/${GOOD}/`,
			`/exotel/calls/${GOOD}/x`,
			`/exotel/${GOOD}/calls`,
			`/${GOOD}/exotel/calls`,
		]);
		await refusesAll(['/exotel/calls'], { body: `${BODY}&token=${GOOD}` });
		await refusesAll(['/exotel/calls'], { body: JSON.stringify({ token: GOOD, query: { token: GOOD } }) });
		for (const header of [
			'authorization',
			'cookie',
			'token',
			'x-token',
			'referer',
			'x-original-url',
			'x-rewrite-url',
		])
			for (const value of [GOOD, `Bearer ${GOOD}`, `token=${GOOD}`, `/exotel/calls?token=${GOOD}`])
				await refusesAll(['/exotel/calls'], { headers: { [header]: value } });
		assert.equal(await ask(`/exotel/calls?token=${GOOD}`), 200);
	});

	it('is reached by no other spelling of its path without the token, nor with that of another path', async () => {
		await start();
		const paths = [
			...[
				'/exotel/calls',
				'/exotel/calls/',
				'/exotel//calls',
				'//exotel/calls',
				'/exotel/./calls',
				'/EXOTEL/calls',
			],
			...[
				'/exotel/calls/../calls',
				'/exotel/other/../calls',
				'/exotel/%63alls',
				'/exotel%2Fcalls',
				'/exotel/calls%2F',
			],
			...[
				'/exotel/calls;a=b',
				'/exotel/calls%00',
				'/exotel/calls%20',
				'/exotel\\calls',
				'/exotel/calls/.',
				'/%2e/exotel/calls',
			],
			...[
				'/exotel/calls/%2e%2e/other',
				'/exotel/self-test/../calls',
				'/exotel/self-test/calls',
				'/exotel/__proto__',
			],
			...['/exotel/constructor', '/exotel/%ff', '/exotel/calls/%ff', `${port.url}/exotel/calls`],
		];
		await refusesAll(paths);
		await refusesAll(paths.map((path) => `${path}?token=${OTHER}`));
		assert.equal(await ask(`/exotel/calls/${GOOD}`), 200, 'the two places of the right token');
	});

	it('takes no method but GET and POST, whatever a header says', async () => {
		await start();
		const address = `/exotel/calls?token=${GOOD}`;
		for (const method of ['HEAD', 'OPTIONS', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND'])
			await refusesAll([address, '/exotel/calls'], { method });
		for (const name of ['x-http-method-override', 'x-http-method', 'x-method-override'])
			await refusesAll([`/exotel/calls?_method=POST`, '/exotel/calls'], {
				method: 'GET',
				headers: { [name]: 'POST' },
			});
	});

	const forged = ['x-forwarded-for', 'forwarded', 'x-real-ip', 'x-client-ip', 'true-client-ip', 'cf-connecting-ip'];
	const addresses = [
		'203.0.113.7',
		'::ffff:203.0.113.7',
		'203.0.113.7, 127.0.0.1',
		'for=203.0.113.7',
		'[::ffff:cb00:7107]:80',
	];

	it('believes no header about the sender without a trusted proxy', async () => {
		await start({ allowedAddresses: '203.0.113.7' });
		for (const name of forged)
			for (const value of addresses)
				await refusesAll([`/exotel/calls?token=${GOOD}`], { headers: { [name]: value } });
	});

	it('believes of a trusted proxy only what that proxy has added', async () => {
		await start({ allowedAddresses: '203.0.113.7', trustedProxies: '127.0.0.1, ::1' });
		const address = `/exotel/calls?token=${GOOD}`;
		for (const value of [
			'203.0.113.7, 198.51.100.9',
			'203.0.113.7, unknown',
			'203.0.113.7,,198.51.100.9',
			'203.0.113.7,',
		])
			await refusesAll([address], { headers: { 'x-forwarded-for': value } });
		for (const name of forged.slice(1)) await refusesAll([address], { headers: { [name]: '203.0.113.7' } });
		const twice = { 'x-forwarded-for': ['203.0.113.7', '198.51.100.9'] };
		await refusesAll([address], { headers: twice });
		assert.equal(await ask(address, { headers: { 'x-forwarded-for': '198.51.100.9, 203.0.113.7' } }), 200);
		assert.equal(await ask(address, { headers: { 'x-forwarded-for': '::ffff:203.0.113.7' } }), 200);
	});

	it('is let in by no name of a proxy that is trusted: it has to say who sends', async () => {
		await start({ allowedAddresses: '127.0.0.0/8', trustedProxies: '127.0.0.1' });
		await refusesAll([`/exotel/calls?token=${GOOD}`], { headers: { 'x-forwarded-for': '198.51.100.9' } });
	});
});
