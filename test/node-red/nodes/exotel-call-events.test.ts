/**
 * *call events* and the webhook dispatcher under it: who may call, what is read, what comes out, and what a redeploy
 * does.
 */
import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { request as httpRequest, type ServerResponse } from 'node:http';
import type { CallEvent } from '../../../exotel/index';
import { startSimulator } from '../../../simulator/index';
import { Runtime } from '../../../node-red/runtime';
import { pathToken } from '../../../exotel/index';
import { reservePort, startNodeRed, type FlowNode, type RunningNodeRed, type RunOptions } from '../running-node-red';

const WEBHOOK_TOKEN = 'present-webhook-token';
const OLD_TOKEN = 'previous-webhook-token';
const SID = '492205107c5fb48f4ac25d1f77759339';

/** A status callback as Exotel documents it (seed 004). */
function callback(type: string, sid = SID, more: Record<string, unknown> = {}): Record<string, unknown> {
	const ended = type === 'terminal';
	return {
		CallSid: sid,
		EventType: type,
		DateCreated: '2019-04-08 03:17:59',
		DateUpdated: '2019-04-08 03:18:35',
		Status: ended ? 'completed' : 'in-progress',
		To: '+918867990000',
		From: '+919413740000',
		PhoneNumberSid: '01130830000',
		StartTime: '2019-04-08 03:17:59',
		EndTime: ended ? '2019-04-08 03:18:36' : '1970-01-01 05:30:00',
		Direction: 'outbound-api',
		RecordingUrl: '',
		ConversationDuration: ended ? 32 : 0,
		Legs: [
			{ OnCallDuration: ended ? 41 : 0, Status: ended ? 'completed' : 'in-progress' },
			{ OnCallDuration: ended ? 32 : 0, Status: ended ? 'completed' : '' },
		],
		...more,
	};
}

function multipart(fields: Record<string, string>): { body: string; contentType: string } {
	const boundary = '------------------------d74496d66958873e';
	const parts = Object.entries(fields).map(
		([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
	);
	return { body: `${parts.join('')}--${boundary}--\r\n`, contentType: `multipart/form-data; boundary=${boundary}` };
}

const flatTerminal = {
	CallSid: SID,
	EventType: 'terminal',
	Status: 'completed',
	From: '+919413740000',
	To: '+918867990000',
	Direction: 'outbound-api',
	DateUpdated: '2019-04-08 03:18:35',
	'Legs[0][Status]': 'completed',
	'Legs[0][OnCallDuration]': '41',
	'Legs[1][Status]': 'completed',
	'Legs[1][OnCallDuration]': '32',
};

describe('exotel-call-events', function () {
	this.timeout(20_000);
	let nodeRed: RunningNodeRed | null = null;
	let port: Awaited<ReturnType<typeof reservePort>>;

	const account = (more: Record<string, unknown> = {}): FlowNode => ({
		id: 'account',
		type: 'exotel-account',
		region: 'custom',
		baseUrl: 'http://127.0.0.1:1',
		sid: 'acme1',
		publicUrl: 'http://127.0.0.1:1',
		...more,
	});
	const events = (id: string, more: Record<string, unknown> = {}): FlowNode => ({
		id,
		z: 'tab',
		type: 'exotel-call-events',
		account: 'account',
		path: 'calls',
		events: ['dial', 'ringing', 'answered', 'terminal'],
		split: 'one',
		wires: [[`${id}-out`]],
		...more,
	});
	const out = (id: string): FlowNode => ({ id, z: 'tab', type: 'helper' });
	const tab: FlowNode = { id: 'tab', type: 'tab' };
	const credentials = {
		account: { apiKey: 'k', apiToken: 't', webhookToken: WEBHOOK_TOKEN, previousWebhookToken: OLD_TOKEN },
	};
	const token = pathToken(WEBHOOK_TOKEN, '/exotel/calls');

	beforeEach(async () => {
		port = await reservePort();
	});
	afterEach(async () => {
		await nodeRed?.stop();
		nodeRed = null;
	});
	async function start(flow: FlowNode[], options: RunOptions = {}): Promise<RunningNodeRed> {
		nodeRed = await startNodeRed(port, flow, { credentials, ...options });
		return nodeRed;
	}
	const simple = (more: Record<string, unknown> = {}): FlowNode[] => [
		tab,
		account(),
		events('a', more),
		out('a-out'),
	];
	const post = (
		body: unknown,
		path = `/exotel/calls?token=${token}`,
		headers: Record<string, string> = { 'content-type': 'application/json' },
	): Promise<Response> =>
		fetch(port.url + path, {
			method: 'POST',
			headers,
			body: typeof body === 'string' ? body : JSON.stringify(body),
		});

	for (const [world, options] of [
		['own admin root: raw bodies', {}],
		['usual roots: bodies that the parsers of the editor leave alone', { usualRoots: true }],
		['an app around Node-RED: bodies parsed before us', { parsedBodies: true }],
	] as const) {
		describe(world, () => {
			it('reads all four encodings', async () => {
				const running = await start(simple(), options);
				const form = multipart({ ...flatTerminal, CallSid: SID.replace('4', 'a') });
				const answers = [
					await post(form.body, undefined, { 'content-type': form.contentType }),
					await post(
						new URLSearchParams({ ...flatTerminal, CallSid: SID.replace('4', 'b') }).toString(),
						undefined,
						{ 'content-type': 'application/x-www-form-urlencoded' },
					),
					await post(callback('terminal', SID.replace('4', 'c'))),
					await fetch(
						`${port.url}/exotel/calls?${new URLSearchParams({ token, ...flatTerminal, CallSid: SID.replace('4', 'd') }).toString()}`,
					),
				];
				assert.deepEqual(
					answers.map(({ status }) => status),
					[200, 200, 200, 200],
				);
				const received = await running.until('a-out', (all) => all.length === 4);
				const calls = received.map((msg) => (msg.payload as CallEvent).call);
				assert.deepEqual(new Set(calls.map(({ sid }) => sid[0])), new Set(['a', 'b', 'c', 'd']));
				for (const call of calls) {
					assert.equal(call.outcome, 'answered');
					assert.equal(call.from, '+919413740000');
					assert.equal(call.legs.length, 2);
				}
			});

			it('answers bad bodies with a 4xx and one line, and goes on', async () => {
				const running = await start(simple(), options);
				for (const [body, contentType] of [
					['', 'application/json'],
					['[1,2]', 'application/json'],
					['"x"', 'application/json'],
					['a=b', 'application/x-www-form-urlencoded'],
					['--x\r\nrubbish', 'multipart/form-data; boundary=x'],
					['rubbish', 'multipart/form-data'],
				] as const) {
					const answer = await post(body, undefined, { 'content-type': contentType });
					const text = await answer.text();
					assert.ok(answer.status >= 400 && answer.status < 500, `${contentType} ${body}: ${answer.status}`);
					assert.ok(!text.trim().includes('\n'), 'one line, no stack');
				}
				assert.equal((await post(callback('terminal'))).status, 200);
				await running.until('a-out', (all) => all.length === 1);
			});
		});
	}

	it('refuses a missing or wrong token with 401 and changes nothing', async () => {
		const running = await start(simple());
		assert.equal((await post(callback('terminal'), '/exotel/calls')).status, 401);
		assert.equal((await post(callback('terminal'), '/exotel/calls?token=wrong')).status, 401);
		assert.equal(
			(await post(callback('terminal'), `/exotel/calls?token=${pathToken(WEBHOOK_TOKEN, '/exotel/other')}`))
				.status,
			401,
		);
		assert.equal((await post(callback('terminal'))).status, 200);
		assert.equal((await running.until('a-out', (all) => all.length > 0)).length, 1);
	});

	it('accepts the previous token, the token itself, and a token as last part of the path', async () => {
		const running = await start(simple());
		assert.equal(
			(
				await post(
					callback('terminal', `${SID}1`),
					`/exotel/calls?token=${pathToken(OLD_TOKEN, '/exotel/calls')}`,
				)
			).status,
			200,
		);
		assert.equal((await post(callback('terminal', `${SID}2`), `/exotel/calls?token=${WEBHOOK_TOKEN}`)).status, 200);
		assert.equal((await post(callback('terminal', `${SID}3`), `/exotel/calls/${token}`)).status, 200);
		assert.equal((await running.until('a-out', (all) => all.length === 3)).length, 3);
	});

	it('refuses an address that is not on the list with 403', async () => {
		await start([tab, account({ allowedAddresses: '203.0.113.7, 198.51.100.0/24' }), events('a'), out('a-out')]);
		assert.equal((await post(callback('terminal'))).status, 403);
	});

	it('believes X-Forwarded-For only from our own proxies', async () => {
		await start([
			tab,
			account({ allowedAddresses: '203.0.113.7', trustedProxies: '127.0.0.1' }),
			events('a'),
			out('a-out'),
		]);
		const from = (address: string): Promise<Response> =>
			post(callback('terminal'), undefined, { 'content-type': 'application/json', 'x-forwarded-for': address });
		assert.equal((await from('203.0.113.7')).status, 200);
		assert.equal((await from('203.0.113.8')).status, 403);
	});

	it('believes no X-Forwarded-For because Express would', async () => {
		await start([tab, account({ allowedAddresses: '203.0.113.7' }), events('a'), out('a-out')], {
			trustProxy: true,
		});
		const headers = { 'content-type': 'application/json', 'x-forwarded-for': '203.0.113.7' };
		assert.equal((await post(callback('terminal'), undefined, headers)).status, 403);
	});

	it('refuses other methods, too large and compressed bodies', async () => {
		await start(simple(), { settings: { apiMaxLength: '2kb' } });
		assert.equal((await fetch(`${port.url}/exotel/calls?token=${token}`, { method: 'PUT' })).status, 405);
		assert.equal((await post(callback('terminal', SID, { CustomField: 'x'.repeat(3000) }))).status, 413);
		assert.equal(
			(await post('x', undefined, { 'content-type': 'application/json', 'content-encoding': 'gzip' })).status,
			415,
		);
		assert.equal((await post(callback('terminal'))).status, 200);
	});

	it('refuses a body without declared length once it has grown too large', async () => {
		await start(simple(), { settings: { apiMaxLength: 2048 } });
		const status = await new Promise<number | undefined>((resolve, reject) => {
			const sending = httpRequest(
				`${port.url}/exotel/calls?token=${token}`,
				{ method: 'POST', headers: { 'content-type': 'application/json' } },
				(answer) => {
					answer.resume();
					resolve(answer.statusCode);
				},
			);
			sending.on('error', reject);
			sending.write(`{"CustomField":"${'x'.repeat(4000)}`);
		});
		assert.equal(status, 413);
	});

	it('refuses what the core would not read before it has arrived', async () => {
		await start(simple());
		const status = await new Promise<number | undefined>((resolve, reject) => {
			const sending = httpRequest(
				`${port.url}/exotel/calls?token=${token}`,
				{ method: 'POST', headers: { 'content-length': 1_048_577 } },
				(answer) => {
					answer.resume();
					resolve(answer.statusCode);
				},
			);
			sending.on('error', reject);
			sending.flushHeaders();
		});
		assert.equal(status, 413);
	});

	it('emits a duplicate once, and the end once when terminal comes before answered', async () => {
		const running = await start(simple());
		for (const body of [callback('terminal'), callback('answered'), callback('terminal'), callback('terminal')])
			assert.equal((await post(body)).status, 200);
		await post(callback('answered', `${SID}9`));
		const received = await running.until('a-out', (all) =>
			all.some((msg) => (msg.payload as CallEvent).call.sid.endsWith('9')),
		);
		assert.deepEqual(
			received.map((msg) => msg.topic),
			['terminal', 'answered'],
		);
	});

	it('filters events and splits them over outputs', async () => {
		const running = await start([
			tab,
			account(),
			events('a', { events: ['answered', 'terminal'], split: 'each', outputs: 2, wires: [['one'], ['two']] }),
			out('one'),
			out('two'),
		]);
		for (const type of ['ringing', 'answered', 'terminal']) await post(callback(type));
		await running.until('two', (all) => all.length === 1);
		assert.deepEqual(
			running.received('one').map((msg) => msg.topic),
			['answered'],
		);
		assert.deepEqual(
			running.received('two').map((msg) => msg.topic),
			['terminal'],
		);
	});

	it('emits the end from a wanted source although one that is left out has reported it before', async () => {
		const running = await start(simple({ sources: ['v1-callback'] }));
		const passthru = new URLSearchParams({
			token,
			CallSid: SID,
			flow_id: '1',
			CallType: 'completed',
			DialCallStatus: 'completed',
			CurrentTime: '2019-04-08 03:18:35',
		});
		assert.equal((await fetch(`${port.url}/exotel/calls?${passthru.toString()}`)).status, 200);
		for (const sid of [SID, SID, `${SID}9`]) assert.equal((await post(callback('terminal', sid))).status, 200);
		const received = await running.until('a-out', (all) =>
			all.some((msg) => (msg.payload as CallEvent).call.sid.endsWith('9')),
		);
		assert.deepEqual(
			received.map((msg) => [(msg.payload as CallEvent).call.sid, (msg.payload as CallEvent).source]),
			[
				[SID, 'v1-callback'],
				[`${SID}9`, 'v1-callback'],
			],
		);
	});

	it('gives a path to one node; the second shows an error, and gets it when the first is deleted', async () => {
		const statuses: string[] = [];
		const both = [tab, account(), events('a'), out('a-out'), events('b'), out('b-out')];
		const running = await start(both);
		const log = running.log();
		assert.match(log, /path-taken/);
		await post(callback('terminal'));
		await running.until('a-out', (all) => all.length === 1);
		assert.equal(running.received('b-out').length, 0);

		// Redeploying the first keeps its path with it.
		await running.deploy(
			[tab, account(), events('a', { name: 'renamed' }), out('a-out'), events('b'), out('b-out')],
			'nodes',
			credentials,
		);
		await post(callback('terminal', `${SID}2`));
		await running.until('a-out', (all) => all.length === 2);

		running
			.node('b')
			.on(
				'call:status' as 'input',
				((call: { args: [{ text: string }] }) => void statuses.push(call.args[0].text)) as never,
			);
		await running.deploy([tab, account(), events('b'), out('b-out')], 'nodes', credentials);
		await post(callback('terminal', `${SID}3`));
		await running.until('b-out', (all) => all.length === 1);
		assert.ok(statuses.some((text) => text.endsWith('.listening')));
	});

	it('leaves no route behind when a node is deleted or its path changes', async () => {
		const running = await start(simple());
		await running.deploy([tab, account(), events('a', { path: 'moved' }), out('a-out')], 'nodes', credentials);
		assert.equal((await post(callback('terminal'))).status, 404);
		assert.equal((await post(callback('terminal'), `/exotel/moved?token=${WEBHOOK_TOKEN}`)).status, 200);
		await running.deploy([tab, account(), out('a-out')], 'nodes', credentials);
		assert.equal((await post(callback('terminal'), `/exotel/moved?token=${WEBHOOK_TOKEN}`)).status, 404);
	});

	it('answers Exotel before the flow runs: one that takes longer than the calls come gets every event', async () => {
		const running = await start(simple());
		const responses: ServerResponse[] = [];
		port.server.prependListener('request', (_request, response: ServerResponse) => responses.push(response));
		const started: boolean[] = [];
		const finished: string[] = [];
		let allSent = (): void => undefined;
		let before = new Promise<void>((resolve) => (allSent = resolve));
		// A flow that takes one event at a time, and finishes none before the last was sent.
		running.node('a-out').on('input', (msg) => {
			started.push(responses.at(-1)?.writableEnded === true);
			before = before.then(() => void finished.push((msg.payload as CallEvent).call.sid));
		});
		const sids = Array.from({ length: 20 }, (_, index) => `${SID}${index}`);
		for (const sid of sids) assert.equal((await post(callback('terminal', sid))).status, 200);
		assert.deepEqual(finished, []);
		allSent();
		await running.until('a-out', (all) => all.length >= sids.length);
		await before;
		assert.deepEqual(finished, sids);
		assert.deepEqual(new Set(started), new Set([true]));
	});

	it('keeps what arrives while it is being redeployed', async () => {
		const running = await start(simple());
		let sent: Promise<Response>[] = [];
		// In the middle of a deploy: the old node is closed, the new one is not there yet.
		running.RED.events.once('flows:stopped', () => {
			sent = ['1', '2', '3'].map((n) => post(callback('terminal', SID + n)));
		});
		await running.deploy(simple({ name: 'renamed' }), 'full', credentials);
		assert.deepEqual(
			(await Promise.all(sent)).map(({ status }) => status),
			[200, 200, 200],
		);
		assert.equal((await running.until('a-out', (all) => all.length === 3)).length, 3);
	});

	it('does not repeat an event after a redeploy', async () => {
		const running = await start(simple());
		await post(callback('terminal'));
		await running.deploy(simple({ name: 'renamed' }), 'full', credentials);
		await post(callback('terminal'));
		await post(callback('terminal', `${SID}2`));
		const received = await running.until('a-out', (all) => all.length === 2);
		assert.deepEqual(
			received.map((msg) => (msg.payload as CallEvent).call.sid),
			[SID, `${SID}2`],
		);
	});

	it("honours the administrator's httpNodeMiddleware, one or several", async () => {
		const seen: string[] = [];
		const step =
			(name: string) =>
			(_request: unknown, response: { statusCode: number; end(text: string): void }, next: () => void) => {
				seen.push(name);
				if (name === 'stop') {
					response.statusCode = 429;
					response.end('slow down');
				} else next();
			};
		const settings: Record<string, unknown> = { httpNodeMiddleware: [step('one'), step('two')] };
		await start(simple(), { settings });
		assert.equal((await post(callback('terminal'))).status, 200);
		assert.deepEqual(seen, ['one', 'two']);
		await nodeRed?.stop();
		port = await reservePort();
		await start(simple(), { settings: { httpNodeMiddleware: step('stop') } });
		assert.equal((await post(callback('terminal'))).status, 429);
	});

	it(
		'shows an error and claims nothing when node routes are switched off, the path is unusable ' +
			'or the account is missing',
		async () => {
			const running = await start(simple(), { settings: { httpNodeRoot: false } });
			assert.match(running.log(), /no-node-routes/);
			await running.stop();
			port = await reservePort();
			const second = await start([
				tab,
				account(),
				events('a', { path: 'not a path' }),
				out('a-out'),
				events('b', { account: '', path: 'other' }),
				out('b-out'),
			]);
			assert.match(second.log(), /bad-path/);
			assert.equal((await post(callback('terminal'), '/exotel/other')).status, 404);
		},
	);

	it('finds the end of a call nobody reported, once; the past and the newest ends are left alone', async () => {
		const now = Date.now();
		const minutes = (count: number): number => count * 60_000;
		const simulator = await startSimulator({
			port: 0,
			speed: 0,
			startTime: now - minutes(30),
			quirks: { detailsDelaySeconds: 0 },
		});
		try {
			const place = async (to: string): Promise<string> => {
				const body = new URLSearchParams({ From: '+919812345600', To: to, CallerId: '08047112233' });
				const answer = await fetch(`${simulator.url}/v1/Accounts/acme1/Calls/connect.json`, {
					method: 'POST',
					body,
					headers: { authorization: `Basic ${Buffer.from('k:t').toString('base64')}` },
				});
				return ((await answer.json()) as { Call: { Sid: string } }).Call.Sid;
			};
			await place('+919812345605');
			await simulator.advance(20 * 60);
			const missed = await place('+919812345602');
			await simulator.advance(9 * 60 + 30);
			await place('+919812345605');
			await simulator.advance(20);
			const running = await start([
				tab,
				account({ baseUrl: simulator.url, requestsPerMinute: '6000' }),
				events('a', { sweepMinutes: '0.003' }),
				out('a-out'),
			]);
			// As if the node had been started after the first call, a quarter of an hour ago.
			const { search } = Runtime.of(running.RED).calls.of(running.node('a'), null).tracker;
			const since = now - minutes(15);
			const state = { since, readUntil: since, fullScanAt: since, emitted: {} };
			await search.done({ ...state, since: 0 });
			search.start = () => Promise.resolve({ ...state, emitted: {} });
			const searched = new EventEmitter();
			const run = search.run.bind(search);
			search.run = async (list, found) => {
				await run(list, found);
				searched.emit('search');
			};
			const [message] = await running.until('a-out', (all) => all.length > 0);
			const event = message?.payload as CallEvent;
			assert.deepEqual(
				[event.call.sid, event.type, event.source, event.call.outcome],
				[missed, 'terminal', 'sweep', 'busy'],
			);
			// Some more searches, then a callback: it comes next, so no search has repeated itself.
			for (let more = 0; more < 3; more += 1) await once(searched, 'search');
			await post(callback('terminal'));
			const [, next, ...others] = await running.until('a-out', (all) => all.length > 1);
			assert.deepEqual([(next?.payload as CallEvent).call.sid, others.length], [SID, 0]);
		} finally {
			await nodeRed?.stop();
			nodeRed = null;
			await simulator.close();
		}
	});

	it('leaves other routes of Node-RED alone', async () => {
		const running = await start(simple());
		running.RED.httpNode.get('/exotel/mine', (_request, response) => void response.send('mine'));
		assert.equal(await (await fetch(`${port.url}/exotel/mine`)).text(), 'mine');
	});
});
