/**
 * *make call* while Exotel is slow or silent: a server that answers when the test says so plays Exotel. Callbacks must
 * come through whatever the node itself is waiting for.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import helper from 'node-red-node-test-helper';
import type { Call } from '../../../exotel/index';
import { reservePort, startNodeRed, type FlowNode, type RunningNodeRed } from '../running-node-red';

const SID = '492205107c5fb48f4ac25d1f77759339';
const OTHER_SID = '592205107c5fb48f4ac25d1f77759339';

type Msg = { payload: Call; exotel: Record<string, unknown> } & Record<string, unknown>;

/** Exotel, as far as these tests need it: every request waits until the test answers it. */
class SilentExotel {
	readonly #server: Server;
	readonly #responses: ServerResponse[] = [];
	/** The body of the latest make-call request. */
	#body: string | null = null;
	polls = 0;
	/** What a poll is answered; null: nothing at all. */
	poll: object | null = null;

	constructor() {
		this.#server = createServer((request, response) => void this.#take(request, response));
	}
	async open(): Promise<string> {
		this.#server.listen(0, '127.0.0.1');
		await once(this.#server, 'listening');
		return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
	}
	close(): void {
		this.#server.closeAllConnections();
		this.#server.close();
	}
	async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
		let body = '';
		for await (const chunk of request) body += String(chunk);
		if (request.method === 'GET') {
			this.polls += 1;
			if (this.poll !== null) answerJson(response, 200, this.poll);
			return;
		}
		this.#responses.push(response);
		this.#body = body;
		this.#server.emit('placing');
	}
	/** The address the make-call request gave for callbacks. */
	async callbackUrl(): Promise<string> {
		if (this.#body === null) await once(this.#server, 'placing');
		return new URLSearchParams(this.#body ?? '').get('StatusCallback') ?? '';
	}
	/** Answers the make-call request. */
	respond(status: number, body: object): void {
		answerJson(this.#responses.shift() ?? assert.fail('no request'), status, body);
	}
}

function answerJson(response: ServerResponse, status: number, body: object): void {
	response.writeHead(status, { 'content-type': 'application/json' });
	response.end(JSON.stringify(body));
}

const record = (sid: string, status = 'in-progress'): object => ({
	Call: { Sid: sid, Status: status, Direction: 'outbound-api', From: '09812345600', To: '09812345678' },
});

describe('exotel-make-call, while Exotel is silent', function () {
	this.timeout(20_000);
	let exotel: SilentExotel;
	let nodeRed: RunningNodeRed;
	let deployed: FlowNode[];

	const flow = (baseUrl: string, publicUrl: string, more: Record<string, unknown>): FlowNode[] => [
		{ id: 'tab', type: 'tab' },
		{ id: 'account', type: 'exotel-account', region: 'custom', baseUrl, sid: 'acme1', publicUrl },
		{
			id: 'call',
			z: 'tab',
			type: 'exotel-make-call',
			account: 'account',
			mode: 'numbers',
			follow: true,
			from: '+919812345600',
			to: '+919812345678',
			exoPhone: '08047112233',
			wires: [['out'], ['out'], ['out']],
			...more,
		},
		{ id: 'out', z: 'tab', type: 'helper' },
		{ id: 'done', z: 'tab', type: 'complete', scope: ['call'], wires: [['completed']] },
		{ id: 'completed', z: 'tab', type: 'helper' },
	];
	async function start(more: Record<string, unknown> = {}): Promise<void> {
		exotel = new SilentExotel();
		const [baseUrl, port] = [await exotel.open(), await reservePort()];
		const credentials = { account: { apiKey: 'k', apiToken: 't', webhookToken: 'webhook-token-0123' } };
		deployed = flow(baseUrl, port.url, more);
		nodeRed = await startNodeRed(port, deployed, { credentials });
		nodeRed.node('call').receive({ order: 4711 } as never);
	}
	afterEach(async () => {
		await nodeRed.stop();
		exotel.close();
	});

	async function callback(fields: Record<string, string>, named = true): Promise<void> {
		const url = new URL(await exotel.callbackUrl());
		if (!named) url.searchParams.delete('attempt');
		const answered = await fetch(url, { method: 'POST', body: new URLSearchParams({ CallSid: SID, ...fields }) });
		assert.equal(answered.status, 200);
	}
	const terminal = { EventType: 'terminal', Status: 'completed', ConversationDuration: '5' };
	const messages = async (count: number): Promise<Msg[]> =>
		(await nodeRed.until('out', (all) => all.length >= count)) as unknown as Msg[];
	const outcomes = (): (string | null)[] =>
		(nodeRed.received('out') as unknown as Msg[]).map(({ payload }) => payload.outcome ?? null);
	/** The node is done with the message that asked for the call: the response adds nothing any more. */
	const completed = async (): Promise<void> => {
		await nodeRed.until('completed', (all) => all.length === 1);
	};
	/** Another event, whose message comes after everything that came of the callbacks before. */
	const answered = { EventType: 'answered', Status: 'in-progress' };

	it('announces placed and the end from callbacks while the request hangs; the response adds nothing', async () => {
		await start();
		await callback(terminal);
		const [placed, ended] = await messages(2);
		assert.deepEqual(
			[placed?.exotel['learntFrom'], placed?.payload.sid, placed?.['order']],
			['callback', SID, 4711],
		);
		assert.deepEqual(
			[ended?.payload.outcome, ended?.exotel['attemptId'], ended?.['order']],
			['answered', placed?.exotel['attemptId'], 4711],
		);
		exotel.respond(200, record(SID));
		await completed();
		assert.deepEqual(outcomes(), ['answered', 'answered']);
	});

	it('says nothing of unknown when the end came before the request failed', async () => {
		await start();
		await callback(terminal);
		await messages(2);
		exotel.respond(504, {});
		await completed();
		assert.deepEqual(outcomes(), ['answered', 'answered']);
	});

	it('says unknown, with both SIDs, when response and callback name two calls', async () => {
		await start();
		await callback(answered);
		await messages(2);
		exotel.respond(200, record(OTHER_SID));
		const unknown = (await messages(3))[2];
		assert.deepEqual(
			[unknown?.payload.outcome, unknown?.payload.reason, unknown?.exotel['reason'], unknown?.exotel['callSids']],
			['unknown', 'conflicting-call-sids', 'conflicting-call-sids', [SID, OTHER_SID]],
		);
	});

	it('lets the end out while a poll hangs', async () => {
		await start({ patienceMinutes: '0.01' });
		await exotel.callbackUrl();
		exotel.respond(200, record(SID));
		while (exotel.polls === 0) await new Promise((resolve) => setTimeout(resolve, 20));
		await callback(terminal);
		const [, ended] = await messages(2);
		assert.equal(ended?.payload.outcome, 'answered');
	});

	it('polls at once for a callback without attempt, and believes the poll alone', async () => {
		await start();
		await exotel.callbackUrl();
		exotel.respond(200, record(SID));
		await messages(1);
		exotel.poll = record(SID, 'busy');
		await callback(terminal, false);
		const [, ended] = await messages(2);
		assert.deepEqual([ended?.payload.outcome, exotel.polls], ['busy', 1]);
		await callback(terminal, false);
		await callback({ ...answered, CallSid: OTHER_SID }, false);
		await messages(3);
		assert.deepEqual(outcomes(), [null, 'busy', null], 'the end comes once');
	});

	it('polls for the end when the token of its callbacks is revoked under way', async () => {
		await start({ patienceMinutes: '0.01' });
		const url = await exotel.callbackUrl();
		exotel.respond(200, record(SID));
		await messages(1);
		await nodeRed.deploy(deployed, 'full', {
			account: { apiKey: 'k', apiToken: 't', webhookToken: 'x'.repeat(16) },
		});
		const body = new URLSearchParams({ CallSid: SID, ...terminal });
		await helper.request().post('/exotel-account/account/revoke').send({ webhookToken: '__PWRD__' }).expect(200);
		assert.equal((await fetch(url, { method: 'POST', body })).status, 401);
		exotel.poll = record(SID, 'busy');
		await nodeRed.until('out', (all) =>
			(all as unknown as Msg[]).some(({ payload }) => payload.outcome === 'busy'),
		);
		assert.ok(exotel.polls > 0);
	});

	it('ends nothing for a callback without a status', async () => {
		await start();
		await callback({});
		await callback(answered);
		await messages(3);
		assert.deepEqual(outcomes(), [null, null, null], 'of a call that has ended nothing more would come');
		assert.equal(exotel.polls, 1);
	});
});
