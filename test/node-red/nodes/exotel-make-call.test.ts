/** *make call* against the real simulator: placed, progress, ended; unknown outcomes; redeploys; secrets. */
import assert from 'node:assert/strict';
import type { EventEmitter } from 'node:events';
import type { Call, CallEvent } from '../../../exotel/index';
import { startSimulator, type Simulator } from '../../../simulator/index';
import { startRepeatingExotel } from '../../exotel/repeating-exotel';
import { reservePort, startNodeRed, type FlowNode, type RunningNodeRed, type RunOptions } from '../running-node-red';

const KEY = 'key-that-must-stay-secret';
const TOKEN = 'token-that-must-stay-secret';
const WEBHOOK_TOKEN = 'webhook-token-that-must-stay-secret';

type Msg = { payload: unknown; exotel: Record<string, unknown> } & Record<string, unknown>;

/** A flow: the node under test, one helper per output, one for a Catch node. */
function flowFor(
	simulatorUrl: string,
	publicUrl: string,
	makeCall: Record<string, unknown> = {},
	account: Record<string, unknown> = {},
): FlowNode[] {
	return [
		{ id: 'tab', type: 'tab' },
		{
			id: 'account',
			type: 'exotel-account',
			region: 'custom',
			baseUrl: simulatorUrl,
			sid: 'acme1',
			publicUrl,
			timeZone: 'Asia/Kolkata',
			defaultCountry: 'IN',
			configVersion: 1,
			...account,
		},
		{
			id: 'call',
			z: 'tab',
			type: 'exotel-make-call',
			account: 'account',
			mode: 'numbers',
			follow: true,
			ringing: true,
			from: '+919812345600',
			fromType: 'str',
			to: 'to',
			toType: 'msg',
			exoPhone: '08047112233',
			exoPhoneType: 'str',
			configVersion: 1,
			wires: [['placed'], ['progress'], ['ended']],
			...makeCall,
		},
		{ id: 'placed', z: 'tab', type: 'helper' },
		{ id: 'progress', z: 'tab', type: 'helper' },
		{ id: 'ended', z: 'tab', type: 'helper' },
		{ id: 'catcher', z: 'tab', type: 'catch', scope: ['call'], wires: [['caught']] },
		{ id: 'caught', z: 'tab', type: 'helper' },
	];
}

const credentials = { account: { apiKey: KEY, apiToken: TOKEN, webhookToken: WEBHOOK_TOKEN } };

/** Hears every status text of a node. */
function onStatus(node: EventEmitter, hear: (text: string) => void): void {
	node.on('call:status', (call: { args: [{ text?: string }] }) => hear(call.args[0].text ?? ''));
}

describe('exotel-make-call', function () {
	this.timeout(20_000);
	let simulator: Simulator;
	let nodeRed: RunningNodeRed | null = null;
	let port: Awaited<ReturnType<typeof reservePort>>;

	beforeEach(async () => {
		simulator = await startSimulator({ port: 0, speed: 0 });
		port = await reservePort();
	});
	afterEach(async () => {
		await nodeRed?.stop();
		nodeRed = null;
		await simulator.close();
	});

	async function start(
		makeCall: Record<string, unknown> = {},
		options: RunOptions & { publicUrl?: string } = {},
	): Promise<RunningNodeRed> {
		nodeRed = await startNodeRed(port, flowFor(simulator.url, options.publicUrl ?? port.url, makeCall), {
			credentials,
			...options,
		});
		return nodeRed;
	}

	async function place(running: RunningNodeRed, msg: Record<string, unknown>): Promise<Msg> {
		const before = running.received('placed').length;
		running.node('call').receive(msg as never);
		return (await running.until('placed', (all) => all.length > before))[before] as unknown as Msg;
	}

	it('gives out no token of its callback URL that the answer repeats, also in the raw answer', async () => {
		const exotel = await startRepeatingExotel();
		try {
			nodeRed = await startNodeRed(port, flowFor(exotel.url, port.url), { credentials });
			const placed = await place(nodeRed, { to: '+919812345678' });
			const [, token = ''] = /token%3D([\w-]{22})/.exec(exotel.forms[0] ?? '') ?? [];
			assert.notEqual(token, '');
			const told = JSON.stringify([placed.payload, placed.exotel]);
			assert.match(told, /\/exotel\/make-call\/call\?token=\*\*\*&attempt=/);
			for (const secret of [token, KEY, TOKEN, btoa(`${KEY}:${TOKEN}`)]) assert.ok(!told.includes(secret), told);
		} finally {
			exotel.close();
		}
	});

	for (const usualRoots of [false, true]) {
		it(
			'places a call and follows it to its end ' + `(${usualRoots ? 'usual roots' : 'own admin root'})`,
			async () => {
				const running = await start({}, { usualRoots });
				const placed = await place(running, { to: '+919812345678', order: 4711, topic: 'delivery' });
				const call = placed.payload as Call;
				assert.equal(call.state, 'active');
				assert.match(call.sid, /^[0-9a-z]{32}$/);
				assert.equal(placed['order'], 4711, 'the incoming message is kept');
				assert.equal(placed.exotel['httpStatus'], 200);
				assert.equal(typeof placed.exotel['attemptId'], 'string');

				await simulator.advance(60);
				const [ended] = (await running.until('ended', (all) => all.length === 1)) as unknown as Msg[];
				const end = ended?.payload as Call;
				assert.equal(end.sid, call.sid);
				assert.equal(end.outcome, 'answered');
				assert.equal(end.state, 'ended');
				assert.equal(end.talkSeconds, 6);
				assert.equal(ended?.['order'], 4711);
				assert.equal(ended?.['topic'], 'delivery');
				const progress = (running.received('progress') as unknown as Msg[]).map(
					(msg) => msg.payload as CallEvent,
				);
				assert.deepEqual(
					progress.map((event) => `${event.type} ${event.party}`),
					['ringing from', 'answered from', 'ringing to', 'answered to'],
				);
				assert.equal(running.received('caught').length, 0);
			},
		);
	}

	it('is not disturbed by a flow that changes what it was sent, and completes once per message', async () => {
		const flow: FlowNode[] = [
			...flowFor(simulator.url, port.url),
			{ id: 'done', z: 'tab', type: 'complete', scope: ['call'], wires: [['completed']] },
			{ id: 'completed', z: 'tab', type: 'helper' },
		];
		nodeRed = await startNodeRed(port, flow, { credentials });
		for (const id of ['placed', 'progress']) {
			nodeRed.node(id).on('input', (msg) => {
				const { payload, order } = msg as unknown as {
					payload: Record<string, unknown>;
					order: Record<string, unknown>;
				};
				for (const changed of [payload, order, (payload['call'] ?? {}) as Record<string, unknown>])
					for (const name of Object.keys(changed)) delete changed[name];
			});
		}
		nodeRed.node('call').receive({ to: '+919812345678', order: { id: 1 } } as never);
		await nodeRed.until('placed', (all) => all.length === 1);
		await simulator.advance(120);
		const [ended] = (await nodeRed.until('ended', (all) => all.length === 1)) as unknown as Msg[];
		assert.deepEqual(
			[(ended?.payload as Call).outcome, (ended?.payload as Call).legs.length, ended?.['order']],
			['answered', 2, { id: 1 }],
		);
		assert.equal(nodeRed.received('completed').length, 1);
	});

	it('takes every field from msg.exotel before the form', async () => {
		const running = await start();
		await place(running, { to: '+919812345678', exotel: { to: '+919811111101', customField: 'order 5' } });
		assert.equal(simulator.calls()[0]?.['to'], '+919811111101');
	});

	it('emits a duplicate once and the end once', async () => {
		const running = await start();
		await place(running, { to: '+919812345607' });
		await simulator.advance(120);
		await simulator.settle();
		await running.until('ended', (all) => all.length > 0);
		assert.equal(running.received('ended').length, 1);
		const ids = (running.received('progress') as unknown as Msg[]).map((msg) => (msg.payload as CallEvent).id);
		assert.equal(new Set(ids).size, ids.length);
	});

	it('ends a call once when the terminal callback comes before the answered one', async () => {
		const running = await start();
		await place(running, { to: '+919812345608' });
		await simulator.advance(120);
		await simulator.settle();
		await running.until('ended', (all) => all.length > 0);
		assert.equal(running.received('ended').length, 1);
		assert.equal((running.received('ended')[0]?.payload as Call).outcome, 'answered');
	});

	it('announces placed first when a callback overtakes the answer', async () => {
		const order: string[] = [];
		const running = await start();
		for (const id of ['placed', 'progress', 'ended']) running.node(id).on('input', () => void order.push(id));
		running.node('call').receive({ to: '+919812345609' } as never);
		await running.until('placed', (all) => all.length === 1);
		await simulator.advance(120);
		await running.until('ended', (all) => all.length === 1);
		assert.equal(order[0], 'placed');
		assert.equal(order.at(-1), 'ended');
	});

	for (const [ending, outcome] of [
		['01', 'no-answer'],
		['02', 'busy'],
		['03', 'failed'],
	] as const) {
		it(`reports outcome ${outcome} for a number ending in ${ending}`, async () => {
			const running = await start();
			await place(running, { to: `+9198123456${ending}` });
			await simulator.advance(180);
			const [ended] = (await running.until('ended', (all) => all.length === 1)) as unknown as Msg[];
			assert.equal((ended?.payload as Call).outcome, outcome);
		});
	}

	for (const [ending, what] of [
		['93', '504'],
		['96', 'closed connection'],
	] as const) {
		it(`never dials twice after a ${what}: outcome unknown, then settled by the late callback`, async () => {
			const running = await start();
			running.node('call').receive({ to: `+9198123456${ending}`, order: 9 } as never);
			const [unknown] = (await running.until('ended', (all) => all.length === 1)) as unknown as Msg[];
			assert.equal((unknown?.payload as { outcome: string }).outcome, 'unknown');
			assert.equal((unknown?.exotel['error'] as { kind: string }).kind, 'unknown-outcome');
			assert.equal(simulator.calls().length, 1, 'exactly one request was seen');
			await simulator.advance(120);
			const all = (await running.until('ended', (messages) => messages.length === 2)) as unknown as Msg[];
			assert.equal(all[1]?.exotel['attemptId'], unknown?.exotel['attemptId']);
			assert.equal((all[1]?.payload as Call).outcome, 'answered');
			assert.equal(all[1]?.['order'], 9);
			assert.equal(simulator.calls().length, 1);
			assert.equal(running.received('placed').length, 0);
		});
	}

	it('retries after 429 and places one call', async () => {
		const running = await start();
		simulator.setChaos({ tooManyRequests: true, retryAfterSeconds: 1 });
		const waiting: string[] = [];
		onStatus(running.node('call'), (text) => {
			if (!text.endsWith('status.retry')) return;
			waiting.push(text);
			simulator.setChaos({});
		});
		const placed = await place(running, { to: '+919812345678' });
		assert.equal(placed.exotel['attempts'], 2);
		assert.equal(waiting.length, 1, 'the waiting is shown');
		assert.equal(simulator.calls().length, 1);
	});

	it('gives errors to Catch with code, kind and hint, and refuses wrong fields before any request', async () => {
		const running = await start();
		running.node('call').receive({ to: 'not a number' } as never);
		const [caught] = (await running.until('caught', (all) => all.length === 1)) as unknown as (Msg & {
			error: { code: string; message: string; cause: Record<string, unknown> };
		})[];
		assert.equal(caught?.error.cause['kind'], 'input');
		assert.equal(caught?.error.code, 'input');
		assert.equal(typeof caught?.error.cause['hint'], 'string');
		assert.equal((caught?.exotel['error'] as { violations: { field: string }[] }).violations[0]?.field, 'to');
		assert.equal(simulator.calls().length, 0);

		running.node('call').receive({ to: '+919812345694' } as never);
		const second = (await running.until('caught', (all) => all.length === 2))[1] as unknown as Msg;
		const forbidden = second.exotel['error'] as { kind: string; message: string; hint: string };
		assert.equal(forbidden.kind, 'forbidden');
		assert.match(forbidden.message, /KYC/i);
		assert.notEqual(forbidden.hint, '');
	});

	for (const [mode, to, shown] of [
		['numbers', '+919812345678', ['agent-ringing', 'agent-answered', 'customer-ringing', 'customer-answered']],
		['numbers', '+919812345601', ['agent-ringing', 'agent-answered', 'customer-ringing', 'customer-no-answer']],
		['agent', '+919812345678', ['agent-answered', 'customer-answered']],
	] as const)
		it(`shows who rings and how it ended (${mode}, ${to})`, async () => {
			const running = await start({ mode, agentContact: '+919812345600', agentContactType: 'str' });
			const statuses: string[] = [];
			onStatus(
				running.node('call'),
				(text) => void statuses.push(text.replace(/^exotel-make-call\.status\./, '')),
			);
			await place(running, { to });
			await simulator.advance(120);
			await running.until('ended', (all) => all.length === 1);
			const after = statuses.slice(statuses.indexOf('placed') + 1);
			const last = after.at(-1) ?? '';
			assert.deepEqual(
				after.filter((text) => /^(?:agent|customer)-/.test(text)),
				shown,
			);
			if (shown.at(-1) === 'customer-answered') assert.match(last, /talked|answered · \d+ s/);
			else assert.equal(last, 'customer-no-answer');
		});

	it('loses nothing over a redeploy while a call is running', async () => {
		const running = await start();
		const placed = await place(running, { to: '+919812345678', order: 1 });
		await running.deploy(flowFor(simulator.url, port.url, { name: 'renamed' }), 'nodes', credentials);
		await simulator.advance(5);
		await running.deploy(flowFor(simulator.url, port.url, { name: 'renamed again' }), 'full', credentials);
		await simulator.advance(60);
		const [ended] = (await running.until('ended', (all) => all.length === 1)) as unknown as Msg[];
		assert.equal((ended?.payload as Call).sid, (placed.payload as Call).sid);
		assert.equal(ended?.['order'], 1, 'what the message carried is still known');
		assert.deepEqual(
			(running.received('progress') as unknown as Msg[]).map((msg) => (msg.payload as CallEvent).type),
			['ringing', 'answered', 'ringing', 'answered'],
		);
	});

	it('follows by asking Exotel when there is no public URL', async () => {
		const running = await start({}, { publicUrl: '' });
		await place(running, { to: '+919812345678' });
		await simulator.advance(400);
		const [ended] = (await running.until('ended', (all) => all.length === 1)) as unknown as Msg[];
		assert.equal((ended?.payload as Call).outcome, 'answered');
		assert.equal((ended?.exotel['event'] as { source: string }).source, 'sweep');
	});

	it('asks Exotel when the last callback stays away', async () => {
		const running = await start({ patienceMinutes: '0.01' });
		await place(running, { to: '+919812345606' });
		await simulator.advance(400);
		const [ended] = (await running.until('ended', (all) => all.length === 1)) as unknown as Msg[];
		assert.equal((ended?.payload as Call).outcome, 'answered');
	});

	it('calls a number and a flow', async () => {
		const running = await start({ mode: 'flow', flowId: '926', flowIdType: 'str', from: 'to', fromType: 'msg' });
		const placed = await place(running, { to: '+919812345678' });
		assert.equal((placed.payload as Call).state, 'active');
		await simulator.advance(120);
		const [ended] = (await running.until('ended', (all) => all.length === 1)) as unknown as Msg[];
		assert.equal((ended?.payload as Call).sid, (placed.payload as Call).sid);
	});

	it('connects an agent and a customer (v2)', async () => {
		const running = await start({ mode: 'agent', agentContact: '+919812345600', agentContactType: 'str' });
		const placed = await place(running, { to: '+919812345678', order: 3 });
		assert.equal((placed.payload as Call).api, 'v2');
		await simulator.advance(120);
		const [ended] = (await running.until('ended', (all) => all.length === 1)) as unknown as Msg[];
		const end = ended?.payload as Call;
		assert.deepEqual([end.sid, end.outcome, end.api], [(placed.payload as Call).sid, 'answered', 'v2']);
		assert.equal(ended?.['order'], 3);
		assert.ok(
			(running.received('progress') as unknown as Msg[]).every(
				(msg) => (msg.payload as CallEvent).type === 'answered',
			),
		);
	});

	it('says that an agent is busy', async () => {
		simulator.setChaos({ v2ErrorCode: 10706 });
		const running = await start({ mode: 'agent', agentContact: '+919812345600', agentContactType: 'str' });
		running.node('call').receive({ to: '+919812345678' } as never);
		const [caught] = (await running.until('caught', (all) => all.length === 1)) as unknown as Msg[];
		const error = caught?.exotel['error'] as { kind: string; code: string; hint: string };
		assert.deepEqual([error.kind, error.code], ['busy', '10706']);
		assert.notEqual(error.hint, '');
	});

	it('reports to a call events node by its path when it does not follow the call itself', async () => {
		const flow: FlowNode[] = [
			...flowFor(simulator.url, port.url, {
				follow: false,
				statusCallbackUrl: '/exotel/calls',
				statusCallbackUrlType: 'str',
			}),
			{
				id: 'events',
				z: 'tab',
				type: 'exotel-call-events',
				account: 'account',
				path: 'calls',
				events: ['terminal'],
				split: 'one',
				wires: [['heard']],
			},
			{ id: 'heard', z: 'tab', type: 'helper' },
		];
		nodeRed = await startNodeRed(port, flow, { credentials });
		const placed = await place(nodeRed, { to: '+919812345678' });
		await simulator.advance(120);
		const [heard] = (await nodeRed.until('heard', (all) => all.length === 1)) as unknown as Msg[];
		assert.equal((heard?.payload as CallEvent).call.sid, (placed.payload as Call).sid);
		assert.equal(nodeRed.received('ended').length, 0);
	});

	it('keeps key, token and webhook token out of logs, statuses, errors, messages and the flow', async () => {
		const running = await start();
		const statuses: unknown[] = [];
		onStatus(running.node('call'), (text) => void statuses.push(text));
		running.node('call').receive({ to: 'nobody' } as never);
		running.node('call').receive({ to: '+919812345694' } as never);
		await place(running, { to: '+919812345678' });
		await simulator.advance(60);
		await running.until('ended', (all) => all.length === 1);
		await running.until('caught', (all) => all.length === 2);
		const seen = ['placed', 'progress', 'ended', 'caught'].flatMap((id) => running.received(id));
		const sid = (running.received('placed')[0]?.payload as Call).sid;
		const everything = JSON.stringify([seen, statuses, running.log(), simulator.call(sid)?.['deliveries']]);
		assert.ok(statuses.length > 0);
		for (const secret of [KEY, TOKEN, WEBHOOK_TOKEN]) {
			assert.ok(!everything.includes(secret), `${secret} was found`);
			assert.ok(!everything.includes(Buffer.from(secret).toString('base64')));
		}
	});
});
