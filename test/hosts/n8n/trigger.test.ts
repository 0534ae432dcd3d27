/**
 * The Exotel Trigger on a real n8n: every source in every encoding through the real webhook address; filters that start
 * no execution, tokens, addresses, damaged requests, repeats.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { outputOf, runExotel } from './runs';
import {
	changeDatabase,
	EXO_PHONE,
	refusedRuns,
	SECRETS,
	sharedStage,
	type Json,
	type SqliteStage,
	type Stored,
} from './stage';
import { line, node, ours } from './workflows';

const json = (body: unknown) => ({ headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
const newSid = () => randomUUID().replaceAll('-', '');

/** A v1 report with the extended fields (seed 000). */
const v1 = (sid: string, more: Json = {}): Json => ({
	CallSid: sid,
	EventType: 'terminal',
	Status: 'completed',
	Direction: 'outbound-api',
	From: '09812345678',
	To: '08012345610',
	PhoneNumberSid: EXO_PHONE,
	DateUpdated: '2026-11-21 08:00:00',
	ConversationDuration: 6,
	'Legs[0][Status]': 'completed',
	'Legs[0][OnCallDuration]': 9,
	'Legs[1][Status]': 'completed',
	'Legs[1][OnCallDuration]': 6,
	...more,
});

describe('the Exotel Trigger on n8n', function () {
	this.timeout(120_000);
	let stage: SqliteStage;
	before(async () => {
		stage = await sharedStage();
	});

	interface Listening {
		workflow: Stored;
		/** With the token. */
		url: string;
		path: string;
		/** The events handed out so far, oldest first. */
		events(): Promise<Json[]>;
	}

	async function listen(parameters: Json, more: { withoutToken?: boolean } = {}): Promise<Listening> {
		const trigger = ours(
			'Trigger',
			'exotelTrigger',
			parameters,
			more.withoutToken ? {} : { exotelWebhookTokenApi: stage.token },
		);
		const workflow = await stage.live(line('Listens', [trigger, node('After', 'n8n-nodes-base.noOp', 1)]));
		const path = `/webhook/${trigger.webhookId}/exotel`;
		return {
			workflow,
			path,
			url: `${path}?token=${SECRETS.webhookToken}`,
			events: async () => {
				await stage.until(
					async () => (await stage.client.executions(workflow)).every(({ status }) => status === 'success'),
					'all executions are over',
				);
				const found = await Promise.all(
					(await stage.client.executions(workflow)).map(({ id }) => stage.client.execution(id)),
				);
				return found.reverse().flatMap((execution) => outputOf(execution, 'Trigger'));
			},
		};
	}

	it('reads every source in every encoding, by POST and by GET', async () => {
		const { url, events } = await listen({
			events: ['terminal', 'answered', 'ringing', 'dial', 'agent-busy', 'agent-free'],
		});
		const sids = Array.from({ length: 7 }, newSid) as [string, string, string, string, string, string, string];
		const form = new FormData();
		for (const [name, value] of Object.entries(v1(sids[0]))) form.set(name, String(value));
		const agent = {
			CallSid: sids[5],
			CallFrom: '09812345678',
			CallTo: EXO_PHONE,
			Direction: 'incoming',
			DialWhomNumber: '09811112222',
			Status: 'busy',
			EventType: ' Dial',
		};
		const answers = [
			await stage.hit('POST', url, { body: form }),
			await stage.hit('POST', url, { body: new URLSearchParams(v1(sids[1])) }),
			await stage.hit(
				'POST',
				url,
				json({ CallSid: sids[2], Status: 'busy', DateUpdated: '2026-11-21 08:00:00', RecordingUrl: null }),
			),
			await stage.hit('GET', `${url}&${new URLSearchParams(v1(sids[3])).toString()}`),
			await stage.hit(
				'POST',
				url,
				json({
					event_details: { event_type: 'terminal' },
					call_details: {
						call_sid: sids[4],
						direction: 'outbound',
						call_state: 'terminal',
						call_status: 'customer_unanswered',
						virtual_number: '+918047112345',
						customer_details: { contact_uri: '+918012345610', status: 'no-answer' },
					},
				}),
			),
			await stage.hit('GET', `${url}&${new URLSearchParams(agent).toString()}`),
			await stage.hit(
				'POST',
				url,
				json({
					event_details: { event_type: 'answered' },
					call_details: {
						call_sid: sids[6],
						direction: 'incoming',
						from: '09812345678',
						virtual_number: '08047112345',
						status: 'busy',
					},
				}),
			),
		];
		assert.deepEqual(
			answers.map(({ status, text }) => [status, text]),
			answers.map(() => [200, '{"ok":true}']),
		);
		assert.deepEqual(
			(await events()).map(({ call, type, source }) => [call.sid, type, source, call.outcome]),
			[
				[sids[0], 'terminal', 'v1-callback', 'answered'],
				[sids[1], 'terminal', 'v1-callback', 'answered'],
				[sids[2], 'terminal', 'v1-callback', 'busy'],
				[sids[3], 'terminal', 'v1-callback', 'answered'],
				[sids[4], 'terminal', 'v2-callback', 'no-answer'],
				[sids[5], 'agent-busy', 'agent-passthru', null],
				[sids[6], 'agent-busy', 'call-event-passthru', null],
			],
		);
	});

	it('lets in the token of its own address, and that of no other trigger', async () => {
		const [first, second] = [await listen({}), await listen({})];
		const parameters = { resource: 'webhook', operation: 'getAddress', webhookUrl: stage.n8n.url + first.path };
		const { items } = await runExotel(stage, parameters, { credentials: { exotelWebhookTokenApi: stage.token } });
		const { pathname, search } = new URL(String(items[0]!['address']));
		assert.equal(pathname, first.path);
		assert.ok(!search.includes(SECRETS.webhookToken));
		assert.equal((await stage.hit('POST', `${pathname}${search}`, json(v1(newSid())))).status, 200);
		assert.equal((await stage.hit('POST', `${second.path}${search}`, json(v1(newSid())))).status, 401);
		assert.equal((await first.events()).length, 1);
	});

	it('is not published with a setting that cannot be used, and the sentence names it', async () => {
		const refused = (options: Json) => listen({ authentication: 'none', options }, { withoutToken: true });
		await assert.rejects(refused({ timeZone: 'Asia/Calcuta' }), /Time zone must be/i);
		await assert.rejects(refused({ defaultCountry: 'India' }), /Default country must be/i);
		await assert.rejects(refused({ allowedAddresses: '203.0.113.0/240' }), /Allowed IP Addresses: /);
	});

	it("hears the simulator's calls: both legs and the end, once each", async () => {
		const { url, events } = await listen({ events: ['terminal', 'answered', 'ringing'] });
		const body = new URLSearchParams({
			From: '+919812345678',
			To: '+918077770007',
			CallerId: EXO_PHONE,
			StatusCallback: `${stage.n8n.url}${url}`,
			'StatusCallbackEvents[0]': 'terminal',
			'StatusCallbackEvents[1]': 'answered',
		});
		const authorization = `Basic ${Buffer.from(`${SECRETS.apiKey}:${SECRETS.apiToken}`).toString('base64')}`;
		assert.equal(
			(
				await stage.hit('POST', `${stage.simulator.url}/v1/Accounts/stage1/Calls/connect.json`, {
					headers: { authorization },
					body,
				})
			).status,
			200,
		);
		await stage.simulator.advance(60);
		await stage.simulator.settle();
		assert.deepEqual(
			(await events()).map(({ type, party }) => [type, party]),
			[
				['answered', 'from'],
				['answered', 'to'],
				['terminal', null],
			],
		);
	});

	it('starts nothing for events, directions, ExoPhones and outcomes nobody asked for', async () => {
		const { url, workflow, events } = await listen({
			events: ['terminal'],
			filters: { direction: 'outbound', exoPhones: '+91 80471 12345', outcomes: ['no-answer', 'busy'] },
		});
		const refused = [
			v1(newSid(), { EventType: 'answered' }),
			v1(newSid(), { Status: 'busy', Direction: 'inbound' }),
			v1(newSid(), { Status: 'busy', PhoneNumberSid: '08099999999' }),
			v1(newSid()),
		];
		for (const body of refused) {
			const { status, text } = await stage.hit('POST', url, json(body));
			assert.deepEqual([status, JSON.parse(text)], [200, { ok: true, reason: 'Event filtered out' }]);
		}
		assert.equal((await stage.client.executions(workflow)).length, 0);
		const wanted = newSid();
		await stage.hit(
			'POST',
			url,
			json(v1(wanted, { Status: 'busy', 'Legs[1][Status]': 'busy', ConversationDuration: 0 })),
		);
		assert.deepEqual(
			(await events()).map(({ call }) => call.sid),
			[wanted],
		);
	});

	it('lets in both valid tokens and nobody else, with real status codes', async () => {
		const { url, path, workflow } = await listen({ events: ['terminal'] });
		const post = async (address: string) => (await stage.hit('POST', address, json(v1(newSid())))).status;
		assert.deepEqual([await post(url), await post(`${path}?token=${SECRETS.previousToken}`)], [200, 200]);
		assert.deepEqual(
			[await post(path), await post(`${path}?token=wrong`), await post(`${path}?token=`)],
			[401, 401, 401],
		);
		await stage.until(async () => (await stage.client.executions(workflow)).length === 2, 'two executions');
	});

	it('obeys the list of allowed addresses', async () => {
		const local = await listen(
			{ events: ['terminal'], authentication: 'none', options: { allowedAddresses: '127.0.0.0/8' } },
			{ withoutToken: true },
		);
		const other = await listen(
			{
				events: ['terminal'],
				authentication: 'none',
				options: { allowedAddresses: '203.0.113.7, 198.51.100.0/24' },
			},
			{ withoutToken: true },
		);
		assert.equal((await stage.hit('POST', local.path, json(v1(newSid())))).status, 200);
		assert.equal((await stage.hit('POST', other.path, json(v1(newSid())))).status, 403);
	});

	it('answers damaged requests with a 4xx and a reason, and starts nothing', async () => {
		const { url, workflow } = await listen({ events: ['terminal'] });
		assert.equal(
			(await stage.hit('POST', url, { headers: { 'content-type': 'application/json' }, body: '{"CallSid":' }))
				.status,
			422,
		);
		const bodies = [
			json({}),
			json([1, 2]),
			json({ CallSid: '{{CallSid}}' }),
			json({ CallSid: { $ne: 1 } }),
			{ body: 'CallSid', headers: { 'content-type': 'text/plain' } },
		];
		for (const body of bodies) {
			const { status, text } = await stage.hit('POST', url, body);
			assert.equal(status, 400, text);
			assert.match(JSON.parse(text).reason, /Unrecognised Exotel request/);
			assert.ok(!text.includes(' at '), 'no stack trace');
		}
		assert.equal((await stage.hit('PUT', url, json(v1(newSid())))).status, 404);
		assert.equal((await stage.client.executions(workflow)).length, 0);
	});

	it(
		'starts once for repeats, one after the other or at the same moment, and drops late progress ' +
			'of an ended call',
		async () => {
			const { url, events } = await listen({ events: ['terminal', 'answered'] });
			const sid = newSid();
			for (let repeat = 0; repeat < 3; repeat += 1) await stage.hit('POST', url, json(v1(sid)));
			const together = newSid();
			await Promise.all(Array.from({ length: 8 }, () => stage.hit('POST', url, json(v1(together)))));
			const late = await stage.hit('POST', url, json(v1(sid, { EventType: 'answered' })));
			assert.deepEqual([late.status, JSON.parse(late.text).reason], [200, 'Repeated or overtaken event']);
			assert.deepEqual(
				(await events()).map(({ call, type }) => [call.sid, type]),
				[
					[sid, 'terminal'],
					[together, 'terminal'],
				],
			);
		},
	);

	it('remembers over a restart of n8n what it has told', async () => {
		const { url, events } = await listen({ events: ['terminal'] });
		const sid = newSid();
		await stage.hit('POST', url, json(v1(sid)));
		assert.equal((await events()).length, 1);
		await stage.restart();
		assert.equal((await stage.hit('POST', url, json(v1(sid)))).status, 200);
		assert.equal((await events()).length, 1);
	});

	it('starts for a repeated event whose run n8n could not store the first time', async () => {
		const { url, events } = await listen({ events: ['terminal'] });
		const sid = newSid();
		const post = async () => (await stage.hit('POST', url, { body: new URLSearchParams(v1(sid)) })).status;
		try {
			changeDatabase(stage.database, refusedRuns);
			assert.equal(await post(), 500);
		} finally {
			changeDatabase(stage.database, 'DROP TRIGGER IF EXISTS full');
		}
		assert.equal(await post(), 200);
		assert.equal(await post(), 200);
		assert.deepEqual(
			(await events()).map(({ call }) => call.sid),
			[sid],
		);
	});

	it('remembers over a restart every end of those that came at once', async () => {
		const { url, events } = await listen({ events: ['terminal'] });
		const sids = Array.from({ length: 10 }, newSid);
		const post = async (sid: string) => (await stage.hit('POST', url, json(v1(sid)))).status;
		assert.deepEqual(new Set(await Promise.all(sids.map(post))), new Set([200]));
		await stage.restart();
		for (const sid of sids) await post(sid);
		assert.deepEqual((await events()).map(({ call }) => call.sid).sort(), sids.sort());
	});

	it('passes repeats on when told to', async () => {
		const { url, events } = await listen({ events: ['terminal'], options: { repeated: 'pass' } });
		const sid = newSid();
		for (let repeat = 0; repeat < 2; repeat += 1) await stage.hit('POST', url, json(v1(sid)));
		assert.equal((await events()).length, 2);
	});
});
