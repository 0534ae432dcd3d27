/**
 * What a user of n8n can ask Exotel for and hear from it, on a real n8n against the double that is written from the
 * documents alone: events to an address of one's own, and agents who are busy and free.
 */
import assert from 'node:assert/strict';
import { startDouble, type Double, type DoubleCall } from '../../double';
import { withoutAttempt } from '../without-attempt';
import { outputOf } from './runs';
import { accountData, SECRETS, sharedStage, SID, type Json, type Stage } from './stage';
import { line, node, ours, start, type CredentialReference } from './workflows';

const EXO_PHONE = '+918047115777';
const AGENTS = { one: '09812345699', other: '09812345600' };
const ALL = ['dial', 'ringing', 'answered', 'terminal', 'agent-busy', 'agent-free'];
const CRM = 'https://crm.example.com';

describe('events and agents on n8n, against the double of Exotel', function () {
	this.timeout(120_000);
	let stage: Stage;
	let exotel: Double;
	let account: CredentialReference;

	before(async () => {
		stage = await sharedStage();
		exotel = await startDouble({
			sid: SID,
			key: SECRETS.apiKey,
			token: SECRETS.apiToken,
			exoPhones: [EXO_PHONE],
			agents: [{ userId: 'agent-7', name: 'Asha', contactUri: '+919812345678', device: 'free' }],
		});
		account = await stage.client.createCredential('exotelVoiceApi', 'The double', accountData(exotel.origin));
	});
	after(() => exotel?.close());

	/** Places one call; the call as Exotel holds it. */
	async function placed(operation: string, options: Json): Promise<DoubleCall> {
		const { path, nodes } = start();
		const exoPhone = { __rl: true, mode: 'number', value: EXO_PHONE };
		const who = {
			connectNumbers: { from: '+919812345678', to: '+918012345678' },
			connectAgent: { agentBy: 'agentContact', agentContact: '+919812345678', to: '+918012345678' },
			connectFlow: { from: '+918012345678', flowId: '926' },
		}[operation];
		const parameters = { resource: 'call', operation, exoPhone, ...who, options };
		const place = ours('Exotel', 'exotel', parameters, { exotelVoiceApi: account });
		const workflow = await stage.live(line('One call', [...nodes, place]));
		const body = JSON.stringify({ items: [{}] });
		await stage.hit('POST', `/webhook/${path}`, { headers: { 'content-type': 'application/json' }, body });
		const { error, status } = await stage.client.waitForExecution(workflow);
		assert.equal(status, 'success', error?.description ?? error?.message);
		const call = exotel.calls.at(-1);
		assert.ok(call);
		return call;
	}

	/** Publishes a trigger: its address, and the events it gave out, oldest first. */
	async function listen(parameters: Json): Promise<{ url: string; events(): Promise<Json[]> }> {
		const trigger = ours('Trigger', 'exotelTrigger', parameters, { exotelWebhookTokenApi: stage.token });
		const workflow = await stage.live(line('Listens', [trigger, node('After', 'n8n-nodes-base.noOp', 1)]));
		return {
			url: `${stage.n8n.url}/webhook/${trigger.webhookId}/exotel?token=${SECRETS.webhookToken}`,
			events: async () => {
				const over = async (): Promise<boolean> =>
					(await stage.client.executions(workflow)).every(({ status }) => status === 'success');
				await stage.until(over, 'all executions are over');
				const ids = (await stage.client.executions(workflow)).map(({ id }) => id).reverse();
				const found = await Promise.all(ids.map((id) => stage.client.execution(id)));
				return found.flatMap((execution) => outputOf(execution, 'Trigger'));
			},
		};
	}

	it('asks for the events and the format of the form, and hears ringing, answered and the end', async () => {
		const { url, events } = await listen({ events: ALL });
		const call = await placed('connectNumbers', {
			statusCallbackUrl: url,
			statusCallbackEvents: ['terminal', 'answered', 'ringing'],
			statusCallbackContentType: 'application/json',
		});
		assert.deepEqual(
			[call.subscriptions.map(({ event }) => event), call.contentType, call.unknownParameters],
			[['terminal', 'answered', 'ringing'], 'application/json', []],
		);
		await exotel.report(call.sid, 'ringing', { leg: 1 });
		await exotel.report(call.sid, 'answered', { leg: 2 });
		await exotel.report(call.sid, 'terminal');
		assert.deepEqual(
			(await events()).map(({ type, party, call: during }) => [type, party, during.exoPhone]),
			[
				['ringing', 'from', EXO_PHONE],
				['answered', 'to', EXO_PHONE],
				['terminal', null, EXO_PHONE],
			],
		);
	});

	it('sends the two events of an agent call to an address each', async () => {
		const call = await placed('connectAgent', {
			statusCallbackUrl: `${CRM}/calls`,
			statusCallbackAnsweredUrl: `${CRM}/answered`,
		});
		assert.deepEqual(
			call.subscriptions.map(({ event, url }) => [event, withoutAttempt(url)]),
			[
				['answered', `${CRM}/answered`],
				['terminal', `${CRM}/calls`],
			],
		);
		exotel.end(call.sid);
	});

	it('asks for neither events nor a format for a call to a flow', async () => {
		const call = await placed('connectFlow', { statusCallbackUrl: `${CRM}/calls` });
		const names = call.parameters.map(([name]) => name);
		assert.deepEqual(
			[names.filter((name) => name.startsWith('StatusCallback')), call.unknownParameters],
			[['StatusCallback'], []],
		);
	});

	it('tells a missed incoming call from an answered one, and has every recording of an agent call', async () => {
		const inbound = { from: '+919812345678', to: EXO_PHONE, kind: 'inbound', direction: 'inbound' } as const;
		exotel.addCall(
			{ ...inbound, sid: 'missed', exoPhone: EXO_PHONE, ended: true },
			{
				legs: [{ status: 'completed' }, { status: 'no-answer' }],
				terminal: { status: 'completed', conversation: 0 },
			},
		);
		exotel.addCall({ ...inbound, sid: 'talked', exoPhone: EXO_PHONE, ended: true });
		const agentCall = 'd'.repeat(30) + '1b';
		exotel.addCall(
			{
				from: '+919812345678',
				to: '+918012345678',
				exoPhone: EXO_PHONE,
				sid: agentCall,
				api: 'v2',
				record: true,
				ended: true,
			},
			{ terminal: { recordings: 2 } },
		);
		const run = async (parameters: Json): Promise<Json[]> => {
			const { path, nodes } = start();
			const read = ours('Exotel', 'exotel', { resource: 'call', ...parameters }, { exotelVoiceApi: account });
			const workflow = await stage.live(line('Read', [...nodes, read]));
			const body = JSON.stringify({ items: [{}] });
			await stage.hit('POST', `/webhook/${path}`, { headers: { 'content-type': 'application/json' }, body });
			const execution = await stage.client.waitForExecution(workflow);
			assert.equal(execution.status, 'success', execution.error?.message);
			return outputOf(execution, 'Exotel');
		};
		const outcomes = async (filters: Json): Promise<unknown[]> =>
			(await run({ operation: 'getMany', returnAll: true, filters }))
				.filter(({ sid }) => ['missed', 'talked'].includes(sid))
				.map(({ sid, outcome }) => [sid, outcome])
				.sort();
		assert.deepEqual(await outcomes({ direction: 'inbound' }), [
			['missed', 'no-answer'],
			['talked', 'answered'],
		]);
		assert.deepEqual(await outcomes({ direction: 'inbound', details: false }), [
			['missed', 'unknown'],
			['talked', 'unknown'],
		]);
		const [call] = await run({ operation: 'get', sid: agentCall, simplify: false, options: { api: 'v2' } });
		assert.equal(call?.['recordingUrls'].length, 2);
		assert.match(String(call?.['requestId']), /^\w+$/);
	});

	it("starts for an agent's attempts, by ExoPhone and direction, also after the end of the call", async () => {
		const filters = { direction: 'inbound', exoPhones: '080 4711 5777' };
		const { url, events } = await listen({ events: ['agent-busy', 'agent-free', 'terminal'], filters });
		const ends = await listen({ events: ['terminal'] });
		const sid = '592205107c5fb48f4ac25d1f77759339';
		const tell = async (event: 'dial' | 'answered' | 'terminal', agent: string, second: number): Promise<void> => {
			const CurrentTime = `2026-11-21 10:00:${String(second).padStart(2, '0')}`;
			const options = { event, agent, call: sid, exoPhone: '08047115777', params: { CurrentTime } };
			for (const to of [url, ends.url]) assert.equal((await exotel.agentEvent(to, options)).status, 200);
		};
		await tell('dial', AGENTS.one, 1);
		await tell('terminal', AGENTS.one, 11);
		await tell('dial', AGENTS.other, 12);
		const end = { CallSid: sid, Status: 'completed', DateUpdated: '2026-11-21 10:00:40' };
		for (const to of [url, ends.url]) await stage.hit('POST', to, { body: new URLSearchParams(end) });
		await tell('terminal', AGENTS.other, 41);
		await tell('terminal', AGENTS.other, 41);
		await tell('answered', AGENTS.other, 20);
		assert.deepEqual(
			(await events()).map(({ type, agentNumber, agentStatus, agentStep, call }) => [
				type,
				agentNumber,
				agentStatus,
				agentStep,
				call.exoPhone,
				call.direction,
			]),
			[
				['agent-busy', '+919812345699', 'busy', 'dial', EXO_PHONE, 'inbound'],
				['agent-free', '+919812345699', 'free', 'terminal', EXO_PHONE, 'inbound'],
				['agent-busy', '+919812345600', 'busy', 'dial', EXO_PHONE, 'inbound'],
				['agent-free', '+919812345600', 'free', 'terminal', EXO_PHONE, 'inbound'],
			],
		);
		assert.deepEqual(
			(await ends.events()).map(({ type, source }) => [type, source]),
			[['terminal', 'v1-callback']],
		);
	});

	it('reads the form of captures, the older form without an event type, and the call events of Connect 1.1', async () => {
		const { url, events } = await listen({ events: ALL, filters: { direction: 'inbound', exoPhones: EXO_PHONE } });
		const parts = { agent: AGENTS.one, exoPhone: '08047115777' };
		const captured = { Direction: 'incoming', To: '08047115788', AgentEmail: 'agent@example.com' };
		await exotel.agentEvent(url, { ...parts, event: 'dial', call: 'captured', params: captured });
		for (const event of ['dial', 'terminal'] as const)
			await exotel.agentEvent(url, { ...parts, event, call: 'older', omit: ['EventType'] });
		for (const event of ['dial', 'terminal'] as const)
			await exotel.agentEvent(url, { ...parts, event, call: 'contact-centre', surface: 'call-event' });
		assert.deepEqual(
			(await events()).map(({ call, type, source, agentStep }) => [call.sid, type, source, agentStep]),
			[
				['captured', 'agent-busy', 'agent-passthru', 'dial'],
				['older', 'agent-busy', 'agent-passthru', null],
				['older', 'agent-free', 'agent-passthru', null],
				['contact-centre', 'agent-busy', 'call-event-passthru', 'dial'],
				['contact-centre', 'agent-free', 'call-event-passthru', 'terminal'],
			],
		);
	});

	it('starts for one source only when it is told to', async () => {
		const { url, events } = await listen({ events: ALL, filters: { sources: ['call-event-passthru'] } });
		await exotel.agentEvent(url, { event: 'dial', agent: AGENTS.one, call: 'filtered' });
		await exotel.agentEvent(url, { event: 'dial', agent: AGENTS.other, call: 'filtered', surface: 'call-event' });
		assert.deepEqual(
			(await events()).map(({ source }) => source),
			['call-event-passthru'],
		);
	});
});
