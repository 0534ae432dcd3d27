/**
 * *get call* against the simulator and against servers that misbehave: every failure becomes an error of the right
 * kind, with a hint.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Call, ErrorKind } from '../../../exotel/index';
import { startSimulator, type Simulator } from '../../../simulator/index';
import { reservePort, startNodeRed, type FlowNode, type RunningNodeRed } from '../running-node-red';

const SID = '492205107c5fb48f4ac25d1f77759339';
const credentials = { account: { apiKey: 'key-nobody-may-see', apiToken: 'token-nobody-may-see' } };

type Caught = {
	exotel: { error: { kind: ErrorKind; message: string; hint: string; httpStatus: number | null; code: string } };
	error: { code: string };
};

describe('exotel-get-call', function () {
	this.timeout(30_000);
	let nodeRed: RunningNodeRed | null = null;
	let server: Server | null = null;
	let simulator: Simulator | null = null;

	afterEach(async () => {
		await nodeRed?.stop();
		server?.closeAllConnections();
		server?.close();
		await simulator?.close();
		nodeRed = server = simulator = null;
	});

	async function start(baseUrl: string, getCall: Record<string, unknown> = {}): Promise<RunningNodeRed> {
		const flow: FlowNode[] = [
			{ id: 'tab', type: 'tab' },
			{ id: 'account', type: 'exotel-account', region: 'custom', baseUrl, sid: 'acme1' },
			{
				id: 'get',
				z: 'tab',
				type: 'exotel-get-call',
				account: 'account',
				api: 'auto',
				sid: 'payload.sid',
				sidType: 'msg',
				wires: [['out']],
				...getCall,
			},
			{ id: 'out', z: 'tab', type: 'helper' },
			{ id: 'catcher', z: 'tab', type: 'catch', scope: ['get'], wires: [['caught']] },
			{ id: 'caught', z: 'tab', type: 'helper' },
		];
		nodeRed = await startNodeRed(await reservePort(), flow, { credentials });
		return nodeRed;
	}
	async function serve(listener: RequestListener): Promise<string> {
		server = createServer(listener).listen(0, '127.0.0.1');
		await once(server, 'listening');
		return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	}
	async function failure(running: RunningNodeRed): Promise<Caught> {
		running.node('get').receive({ payload: { sid: SID }, keep: 'me' } as never);
		const [caught] = await running.until('caught', (all) => all.length > 0);
		assert.equal(caught?.['keep'], 'me');
		const text = JSON.stringify([caught, running.log()]);
		for (const secret of Object.values(credentials.account)) {
			assert.ok(
				!text.includes(secret) && !text.includes(Buffer.from(secret).toString('base64').slice(0, 12)),
				'no secret in message or log',
			);
		}
		return caught as unknown as Caught;
	}

	it('reads a call and keeps the message', async () => {
		simulator = await startSimulator({ port: 0, speed: 0 });
		const body = new URLSearchParams({ From: '+919812345600', To: '+919812345605', CallerId: '08047112233' });
		const made = await fetch(`${simulator.url}/v1/Accounts/acme1/Calls/connect.json`, {
			method: 'POST',
			body,
			headers: { authorization: `Basic ${Buffer.from('k:t').toString('base64')}` },
		});
		const { Call: record } = (await made.json()) as { Call: { Sid: string } };
		await simulator.advance(600);
		const running = await start(simulator.url);
		running.node('get').receive({ payload: { sid: record.Sid }, keep: 'me' } as never);
		const [msg] = await running.until('out', (all) => all.length === 1);
		const call = msg?.payload as Call;
		assert.equal(call.sid, record.Sid);
		assert.equal(call.outcome, 'answered');
		assert.equal(call.talkSeconds, 2);
		assert.equal(call.from, '+919812345600');
		assert.equal(msg?.['keep'], 'me');
		assert.equal(call.api, 'v1');
		assert.equal((msg?.['exotel'] as Record<string, unknown>)['api'], undefined, 'it would steer the next node');
	});

	it('asks the other API when the first does not know the call', async () => {
		const asked: string[] = [];
		const baseUrl = await serve((request, response) => {
			asked.push(request.url ?? '');
			const v2 = request.url?.startsWith('/v2/') === true;
			response.writeHead(v2 ? 200 : 404, { 'content-type': 'application/json' });
			response.end(
				JSON.stringify(
					v2
						? {
								request_id: 'r',
								method: 'GET',
								http_code: 200,
								response: {
									code: 200,
									error_data: null,
									status: 'success',
									data: {
										call_sid: SID,
										direction: 'outbound',
										virtual_number: '08047112233',
										call_state: 'terminal',
										call_status: 'completed',
										assigned_agent_details: null,
										customer_details: null,
									},
								},
							}
						: { RestException: { Status: 404, Message: 'No matching results' } },
				),
			);
		});
		const running = await start(baseUrl);
		running.node('get').receive({ payload: { sid: SID } } as never);
		const [msg] = await running.until('out', (all) => all.length === 1);
		assert.equal((msg?.payload as Call).api, 'v2');
		assert.equal(asked.length, 2);
		running.node('get').receive({ payload: { sid: SID, api: 'v2' } } as never);
		await running.until('out', (all) => all.length === 2);
		assert.ok(asked[2]?.startsWith('/v2/'), 'a call that says it is of v2 is looked up there first');
	});

	const answers: [string, number, Record<string, string>, string, ErrorKind[]][] = [
		[
			'401',
			401,
			{ 'content-type': 'application/json' },
			'{"RestException":{"Status":401,"Message":"Authentication failed"}}',
			['auth', 'region'],
		],
		[
			"403 with Exotel's message",
			403,
			{ 'content-type': 'application/json' },
			'{"RestException":{"Status":403,"Message":"Account is not KYC compliant"}}',
			['forbidden'],
		],
		[
			'404',
			404,
			{ 'content-type': 'application/json' },
			'{"RestException":{"Status":404,"Message":"No matching results"}}',
			['not-found', 'region'],
		],
		[
			'HTML instead of JSON',
			200,
			{ 'content-type': 'text/html' },
			'<html><body>It works!</body></html>',
			['exotel', 'region'],
		],
		['an empty body', 200, {}, '', ['exotel']],
		['an HTML error page', 400, { 'content-type': 'text/html' }, '<html>Bad Request</html>', ['exotel', 'input']],
	];
	for (const [name, status, headers, body, kinds] of answers) {
		it(`turns ${name} into an error with a hint`, async () => {
			const running = await start(
				await serve((_request, response) => void response.writeHead(status, headers).end(body)),
				{ api: 'v1' },
			);
			const { exotel, error } = await failure(running);
			assert.ok(kinds.includes(exotel.error.kind), `${exotel.error.kind}: ${exotel.error.message}`);
			assert.ok(exotel.error.hint.length > 10);
			assert.ok(error.code.length > 0);
			if (status === 403) assert.match(exotel.error.message, /KYC/);
		});
	}

	it('turns a dead host into a network error', async () => {
		const running = await start('http://127.0.0.1:1', { api: 'v1' });
		const { exotel } = await failure(running);
		assert.equal(exotel.error.kind, 'network');
		assert.equal(exotel.error.code, 'ECONNREFUSED');
		assert.match(exotel.error.hint, /^Start the simulator/);
	});

	it('closes at once while a request hangs, and calls nobody back', async () => {
		let arrived!: () => void;
		const hanging = new Promise<void>((resolve) => (arrived = resolve));
		const running = await start(await serve(() => arrived()), { api: 'v1' });
		running.node('get').receive({ payload: { sid: SID } } as never);
		await hanging;
		await running.stop();
		nodeRed = null;
		assert.equal(running.received('caught').length, 0);
	});

	it('refuses a message without a call SID before any request, naming the field', async () => {
		let requests = 0;
		const running = await start(
			await serve((_request, response) => {
				requests += 1;
				response.end();
			}),
		);
		running.node('get').receive({ payload: {} } as never);
		const [caught] = (await running.until('caught', (all) => all.length === 1)) as unknown as Caught[];
		assert.equal(caught?.exotel.error.kind, 'input');
		assert.equal(
			(caught?.exotel.error as unknown as { violations: { field: string }[] }).violations[0]?.field,
			'sid',
		);
		assert.equal(requests, 0);
	});

	it('says what to do when the account has no key, no SID, or is missing', async () => {
		const running = await start('http://127.0.0.1:1');
		const noKey = await startAgain(
			running,
			[{ id: 'account', type: 'exotel-account', region: 'mumbai', sid: 'acme1' }],
			{},
		);
		assert.equal(noKey.exotel.error.kind, 'input');
		assert.match(noKey.exotel.error.message, /key/i);
		const missing = await startAgain(nodeRed as RunningNodeRed, [], {});
		assert.match(missing.exotel.error.message, /account/i);
	});

	async function startAgain(
		running: RunningNodeRed,
		account: FlowNode[],
		secrets: Record<string, Record<string, string>>,
	): Promise<Caught> {
		await running.stop();
		const flow: FlowNode[] = [
			{ id: 'tab', type: 'tab' },
			...account,
			{
				id: 'get',
				z: 'tab',
				type: 'exotel-get-call',
				account: 'account',
				api: 'v1',
				sid: SID,
				sidType: 'str',
				wires: [[]],
			},
			{ id: 'catcher', z: 'tab', type: 'catch', scope: ['get'], wires: [['caught']] },
			{ id: 'caught', z: 'tab', type: 'helper' },
		];
		nodeRed = await startNodeRed(await reservePort(), flow, { credentials: secrets });
		nodeRed.node('get').receive({ payload: 1 } as never);
		return ((await nodeRed.until('caught', (all) => all.length === 1)) as unknown as Caught[])[0] as Caught;
	}
});
