/**
 * What a user of Node-RED can ask Exotel for and hear from it, on a real Node-RED against the double that is written from
 * the documents alone: events to an address of one's own, and agents who are busy and free.
 */
import assert from 'node:assert/strict';
import { startDouble, type Double, type DoubleCall } from '../../double';
import { withoutAttempt } from '../without-attempt';
import { pathToken } from '../../../exotel/index';
import { account, catcher, tab, tap } from './flows';
import { openStage, press, SECRETS, SID, type FlowNode, type NodeRed, type Stage } from './stage';

const EXO_PHONE = '+918047115777';
const CALLER = '09812300001';
const AGENTS = { one: '09812345699', other: '09812345600' };
const ALL = ['dial', 'ringing', 'answered', 'terminal', 'agent-busy', 'agent-free'];

/** A button whose message has `msg.exotel`. */
const button = (id: string, to: string, exotel: object): FlowNode => ({
	id,
	type: 'inject',
	z: 'tab',
	name: id,
	props: [{ p: 'exotel', v: JSON.stringify(exotel), vt: 'json' }],
	x: 100,
	y: 100,
	wires: [[to]],
});

/** A *make call* node that does not follow its calls, and its button. */
const calling = (id: string, fields: Record<string, string>, exotel: object = {}): FlowNode[] => {
	const typed = Object.entries(fields).flatMap(([name, value]) => [
		[name, value],
		[`${name}Type`, /Events|ContentType/.test(name) ? 'choice' : 'str'],
	]);
	const more = Object.fromEntries(typed) as Record<string, string>;
	return [
		button(`go-${id}`, id, exotel),
		{
			id,
			type: 'exotel-make-call',
			z: 'tab',
			account: 'account',
			follow: false,
			x: 300,
			y: 100,
			wires: [[], [], []],
			...more,
		},
	];
};

const events = (id: string, more: Record<string, unknown>): FlowNode => ({
	id,
	type: 'exotel-call-events',
	z: 'tab',
	account: 'account',
	path: id,
	events: ALL,
	split: 'one',
	x: 300,
	y: 100,
	wires: [[`tap-${id}`]],
	...more,
});

describe('events and agents in Node-RED, against the double of Exotel', function () {
	this.timeout(180_000);
	let stage: Stage;
	let nodeRed: NodeRed;
	let exotel: Double;

	const addressOf = (path: string): string =>
		`${nodeRed.url}/exotel/${path}?token=${pathToken(SECRETS.webhookToken, `/exotel/${path}`)}`;

	before(async () => {
		stage = await openStage();
		nodeRed = await stage.start();
		exotel = await startDouble({
			sid: SID,
			key: SECRETS.apiKey,
			token: SECRETS.apiToken,
			exoPhones: [EXO_PHONE],
			agents: [{ userId: 'agent-7', name: 'Asha', contactUri: '+919812345678', device: 'free' }],
		});
		const numbers = { mode: 'numbers', from: '+919812345678', to: '+918012345678', exoPhone: EXO_PHONE };
		const asking = {
			statusCallbackUrl: '/exotel/calls',
			statusCallbackEvents: 'terminal,answered,ringing',
			statusCallbackContentType: 'application/json',
		};
		const crm = 'https://crm.example.com';
		const agent = { mode: 'agent', agentContact: '+919812345678', to: '+918012345678', exoPhone: EXO_PHONE };
		await stage.deploy(nodeRed, [
			tab(),
			account(exotel.origin, nodeRed.url),
			...calling('asking', { ...numbers, ...asking }),
			...calling('plain', { ...numbers, statusCallbackUrl: `${crm}/calls` }),
			...calling(
				'overridden',
				{ ...numbers, ...asking },
				{
					statusCallbackUrl: `${crm}/calls`,
					statusCallbackEvents: ['answered'],
					statusCallbackContentType: 'multipart/form-data',
				},
			),
			...calling('agent', {
				...agent,
				statusCallbackUrl: '/exotel/calls',
				statusCallbackAnsweredUrl: '/exotel/answered',
			}),
			...calling('flow', {
				mode: 'flow',
				from: '+918012345678',
				flowId: '926',
				exoPhone: EXO_PHONE,
				...asking,
				statusCallbackUrl: `${crm}/calls`,
			}),
			events('calls', {}),
			events('answered', {}),
			events('each', {
				events: ['terminal', 'agent-busy', 'agent-free'],
				split: 'each',
				wires: [['tap-ends'], ['tap-busy'], ['tap-free']],
			}),
			events('only-agents', { sources: ['agent-passthru'] }),
			...['calls', 'answered', 'ends', 'busy', 'free', 'only-agents'].flatMap((at) =>
				tap(`tap-${at}`, at, stage.sink.url),
			),
			...catcher(stage.sink.url),
		]);
	});
	after(async () => {
		await exotel?.close();
		await stage?.close();
	});
	beforeEach(() => stage.sink.clear());

	/** Presses the button of a *make call* node; the call as Exotel holds it. */
	async function placed(id: string): Promise<DoubleCall> {
		const before = exotel.calls.length;
		await press(nodeRed, `go-${id}`);
		const deadline = Date.now() + 60_000;
		while (exotel.calls.length === before) {
			assert.ok(Date.now() < deadline, `no call: ${JSON.stringify(stage.sink.seen('caught'))}`);
			await new Promise((resolve) => setTimeout(resolve, 50));
		}
		const call = exotel.calls.at(-1);
		assert.ok(call);
		return call;
	}

	it('asks for the events and the format of the form, and hears ringing, answered and the end', async () => {
		const call = await placed('asking');
		assert.deepEqual(
			[call.subscriptions.map(({ event }) => event), call.contentType, call.unknownParameters],
			[['terminal', 'answered', 'ringing'], 'application/json', []],
		);
		await exotel.report(call.sid, 'ringing', { leg: 1 });
		await exotel.report(call.sid, 'answered', { leg: 2 });
		await exotel.report(call.sid, 'terminal');
		await stage.sink.next('calls', ({ topic }) => topic === 'terminal');
		assert.deepEqual(
			stage.sink
				.seen('calls')
				.map(({ msg }) => [msg['topic'], msg['payload'].party, msg['payload'].call.exoPhone]),
			[
				['ringing', 'from', EXO_PHONE],
				['answered', 'to', EXO_PHONE],
				['terminal', null, EXO_PHONE],
			],
		);
	});

	it('asks for nothing but the end where no event is chosen', async () => {
		const call = await placed('plain');
		assert.deepEqual(
			[call.subscriptions, withoutAttempt(call.defaultCallback), call.contentType],
			[[], 'https://crm.example.com/calls', 'multipart/form-data'],
		);
	});

	it('takes address, events and format from the message', async () => {
		const call = await placed('overridden');
		assert.deepEqual(
			[call.subscriptions.map(({ event, url }) => [event, withoutAttempt(url)]), call.contentType],
			[[['answered', 'https://crm.example.com/calls']], 'multipart/form-data'],
		);
	});

	it('sends the two events of an agent call to an address each', async () => {
		const call = await placed('agent');
		assert.deepEqual(
			call.subscriptions.map(({ event, url }) => [event, withoutAttempt(url)]),
			[
				['answered', addressOf('answered')],
				['terminal', addressOf('calls')],
			],
		);
		await exotel.report(call.sid, 'answered', { leg: 1 });
		await exotel.report(call.sid, 'terminal');
		const [answered, ended] = [await stage.sink.next('answered'), await stage.sink.next('calls')];
		assert.deepEqual([answered['topic'], ended['topic']], ['answered', 'terminal']);
	});

	it('asks for neither events nor a format for a call to a flow', async () => {
		const call = await placed('flow');
		const names = call.parameters.map(([name]) => name);
		assert.deepEqual(
			[names.filter((name) => name.startsWith('StatusCallback')), call.unknownParameters],
			[['StatusCallback'], []],
		);
	});

	it("tells an agent's attempts as busy and free, with ExoPhone and direction, also after the end of the call", async () => {
		const call = '492205107c5fb48f4ac25d1f77759339';
		const tell = async (event: 'dial' | 'answered' | 'terminal', agent: string, second: number): Promise<void> => {
			const CurrentTime = `2026-11-21 10:00:${String(second).padStart(2, '0')}`;
			const options = { event, agent, call, from: CALLER, exoPhone: '08047115777', params: { CurrentTime } };
			const { status } = await exotel.agentEvent(addressOf('each'), options);
			assert.equal(status, 200);
		};
		await tell('dial', AGENTS.one, 1);
		await tell('terminal', AGENTS.one, 11);
		await tell('dial', AGENTS.other, 12);
		await tell('answered', AGENTS.other, 15);
		const end = new URLSearchParams({ CallSid: call, Status: 'completed', DateUpdated: '2026-11-21 10:00:40' });
		assert.equal((await fetch(addressOf('each'), { method: 'POST', body: end })).status, 200);
		await tell('terminal', AGENTS.other, 41);
		await tell('terminal', AGENTS.other, 41);
		await tell('answered', AGENTS.other, 20);
		await stage.sink.next('free', ({ payload }) => payload.agentNumber === '+919812345600');
		await stage.sink.next('ends');
		const told = (at: string): unknown[] =>
			stage.sink.seen(at).map(({ msg }) => {
				const { agentNumber, agentStatus, agentStep, call: during } = msg['payload'];
				return [
					msg['topic'],
					agentNumber,
					agentStatus,
					agentStep,
					during.state,
					during.exoPhone,
					during.direction,
				];
			});
		const during = ['active', EXO_PHONE, 'inbound'];
		assert.deepEqual(told('busy'), [
			['agent-busy', '+919812345699', 'busy', 'dial', ...during],
			['agent-busy', '+919812345600', 'busy', 'dial', ...during],
			['agent-busy', '+919812345600', 'busy', 'answered', ...during],
		]);
		assert.deepEqual(told('free'), [
			['agent-free', '+919812345699', 'free', 'terminal', ...during],
			['agent-free', '+919812345600', 'free', 'terminal', 'ended', EXO_PHONE, 'inbound'],
		]);
		assert.deepEqual(
			stage.sink.seen('ends').map(({ msg }) => [msg['topic'], msg['payload'].call.outcome]),
			[['terminal', 'answered']],
		);
	});

	it('reads the form of captures, the older form without an event type, and the call events of Connect 1.1', async () => {
		const to = addressOf('calls');
		const parts = { agent: AGENTS.one, from: CALLER, exoPhone: '08047115777' };
		const captured = { Direction: 'incoming', To: '08047115788', AgentEmail: 'agent@example.com' };
		await exotel.agentEvent(to, { ...parts, event: 'dial', call: 'captured', params: captured });
		for (const event of ['dial', 'terminal'] as const)
			await exotel.agentEvent(to, { ...parts, event, call: 'older', omit: ['EventType'] });
		for (const event of ['dial', 'terminal'] as const)
			await exotel.agentEvent(to, { ...parts, event, call: 'contact-centre', surface: 'call-event' });
		await stage.sink.next(
			'calls',
			({ topic, payload }) => topic === 'agent-free' && payload.call.sid === 'contact-centre',
		);
		assert.deepEqual(
			stage.sink.seen('calls').map(({ msg }) => {
				const { call, source, agentNumber, agentStep } = msg['payload'];
				return [call.sid, msg['topic'], source, agentNumber, agentStep, call.exoPhone, call.direction];
			}),
			[
				['captured', 'agent-busy', 'agent-passthru', '+919812345699', 'dial', EXO_PHONE, 'inbound'],
				['older', 'agent-busy', 'agent-passthru', '+919812345699', null, EXO_PHONE, 'inbound'],
				['older', 'agent-free', 'agent-passthru', '+919812345699', null, EXO_PHONE, 'inbound'],
				['contact-centre', 'agent-busy', 'call-event-passthru', '+919812345699', 'dial', EXO_PHONE, 'inbound'],
				[
					'contact-centre',
					'agent-free',
					'call-event-passthru',
					'+919812345699',
					'terminal',
					EXO_PHONE,
					'inbound',
				],
			],
		);
	});

	it('passes on one source only when it is told to', async () => {
		const to = addressOf('only-agents');
		const end = new URLSearchParams({
			CallSid: 'filtered',
			Status: 'completed',
			DateUpdated: '2026-11-21 10:00:40',
		});
		assert.equal((await fetch(to, { method: 'POST', body: end })).status, 200);
		await exotel.agentEvent(to, {
			event: 'terminal',
			agent: AGENTS.other,
			call: 'filtered',
			surface: 'call-event',
		});
		await exotel.agentEvent(to, { event: 'terminal', agent: AGENTS.one, call: 'filtered' });
		await stage.sink.next('only-agents');
		assert.deepEqual(
			stage.sink.seen('only-agents').map(({ msg }) => msg['payload'].source),
			['agent-passthru'],
		);
		assert.deepEqual(stage.sink.seen('caught'), []);
	});
});
