/** The v2 (CCM) API: agents' calls, envelopes, callbacks, error codes, users (seed 001). */
import assert from 'node:assert/strict';
import { ACCOUNT, EXOPHONE, Line, Receiver } from './telephone-line';
import { assertLikeSample } from './samples';
import { v2Errors } from '../../simulator/wire/v2-errors';
import { must } from './must';

const AGENT = '+919953120010';
const CUSTOMER = '+919953120020';

describe('simulator: v2 (CCM)', () => {
	let line: Line;
	let receiver: Receiver;

	beforeEach(async () => {
		line = await Line.open();
		receiver = await Receiver.open();
		line.simulator.setAgents(ACCOUNT, [
			{ contact: AGENT, name: 'Sarthak XXXX' },
			{ contact: 'sip:asha', email: 'Asha@example.com', id: 'a'.repeat(32) },
		]);
	});
	afterEach(async () => {
		await line.close();
		await receiver.close();
	});

	const call = (fields: Record<string, unknown> = {}) =>
		line.v2('POST', '/calls', {
			from: { user_contact_uri: AGENT },
			to: { customer_contact_uri: CUSTOMER },
			virtual_number: '+918047112233',
			recording: true,
			custom_field: '12130y124b2f142',
			status_callback: [
				{ event: 'answered', url: `${receiver.url}/answered` },
				{ event: 'terminal', url: `${receiver.url}/terminal` },
			],
			...fields,
		});

	it('answers, calls back and shows details like the samples of seed 001', async () => {
		const answer = await call();
		assert.equal(answer.status, 200, answer.text);
		assertLikeSample(answer.json, 'v2-make-call-answer');
		await line.simulator.advance(60);
		assert.deepEqual(
			receiver.received.map(({ path, method }) => `${method} ${path}`),
			['POST /answered', 'POST /answered', 'POST /terminal'],
		);
		const bodies = receiver.bodies();
		['v2-callback-answered-agent', 'v2-callback-answered-customer', 'v2-callback-terminal'].forEach((name, index) =>
			assertLikeSample(bodies[index], name),
		);
		assertLikeSample((await line.v2('GET', `/calls/${answer.json.response.data.call_sid}`)).json, 'v2-details');
	});

	it('shows a call as active until its data is processed', async () => {
		const slow = await Line.open({ quirks: { detailsDelaySeconds: 120 } });
		try {
			const placed = await slow.v2('POST', '/calls', {
				from: { user_contact_uri: AGENT },
				to: { customer_contact_uri: CUSTOMER },
				virtual_number: '+918047112233',
				recording: true,
				status_callback: [{ event: 'terminal', url: receiver.url }],
			});
			const path = `/calls/${placed.json.response.data.call_sid}`;
			const shown = async () => {
				const { data } = (await slow.v2('GET', path)).json.response;
				return [data.call_state, data.call_status, data.end_time !== null, data.recordings !== null];
			};
			await slow.simulator.advance(60);
			assert.deepEqual(await shown(), ['active', null, false, false]);
			const [terminal] = receiver.bodies() as any[];
			assert.equal(terminal.call_details.call_state, 'terminal');
			await slow.simulator.advance(120);
			assert.deepEqual(await shown(), ['terminal', 'completed', true, true]);
		} finally {
			await slow.close();
		}
	});

	it('sends callbacks to web addresses only', async () => {
		const answer = await call({ status_callback: [{ event: 'terminal', url: 'ftp://example.com/x' }] });
		assert.equal(answer.status, 400, answer.text);
	});

	it('words how a call ended', async () => {
		const status = async (fields: Record<string, unknown>) => {
			const { call_sid: sid } = (await call(fields)).json.response.data;
			await line.simulator.advance(120);
			const { data } = (await line.v2('GET', `/calls/${sid}`)).json.response;
			return [
				data.call_status,
				data.assigned_agent_details.status,
				data.customer_details.status,
				data.total_talk_time,
			];
		};
		line.simulator.setAgents(ACCOUNT, [
			{ contact: AGENT },
			{ contact: '+919953120001' },
			{ contact: '+919953120002' },
		]);
		assert.deepEqual(await status({}), ['completed', 'completed', 'completed', 6]);
		assert.deepEqual(await status({ from: { user_contact_uri: '+919953120001' } }), [
			'agent_unanswered',
			'no-answer',
			null,
			0,
		]);
		assert.deepEqual(await status({ from: { user_contact_uri: '+919953120002' } }), [
			'agent_unanswered',
			'busy',
			null,
			0,
		]);
		assert.deepEqual(await status({ to: { customer_contact_uri: '+919953120001' } }), [
			'customer_unanswered',
			'completed',
			'no-answer',
			0,
		]);
		assert.deepEqual(await status({ to: { customer_contact_uri: '+919953120003' } }), [
			'customer_unanswered',
			'completed',
			'failed',
			0,
		]);
		assert.deepEqual(await status({ to: { customer_contact_uri: '+919953120004' } }), [
			'agent_canceled',
			'completed',
			'no-answer',
			0,
		]);
	});

	it('finds the agent by id as well, and marks them busy until the call is over', async () => {
		const byId = await call({ from: { user_id: 'a'.repeat(32) } });
		assert.equal(byId.json.response.data.assigned_agent_details.contact_uri, 'sip:asha');
		const busy = await call({ from: { user_contact_uri: 'sip:asha' } });
		assert.deepEqual([busy.status, busy.json.response.error_data.code], [409, 10706]);
		await line.simulator.advance(60);
		assert.equal((await call({ from: { user_contact_uri: 'sip:asha' } })).status, 200);
	});

	it('knows everybody as an agent while no agents are configured', async () => {
		const open = await Line.open();
		try {
			const body = {
				from: { user_contact_uri: '09953120010' },
				to: { customer_contact_uri: CUSTOMER },
				virtual_number: EXOPHONE,
			};
			const answer = await open.v2('POST', '/calls', body);
			assert.equal(answer.status, 200);
			assert.match(answer.json.response.data.assigned_agent_details.user_id, /^[0-9a-f]{32}$/);
			assert.equal(
				(await open.v2('POST', '/calls', { ...body, from: { user_id: 'unknown' } })).json.response.error_data
					.code,
				10731,
			);
		} finally {
			await open.close();
		}
	});

	it('refuses agents who cannot be rung, with the codes of seed 001', async () => {
		const cases: [Record<string, unknown>, number, number][] = [
			[{ device: false }, 404, 10806],
			[{ deviceKnown: false }, 404, 10702],
			[{ available: false }, 404, 10703],
			[{ verified: false }, 409, 10705],
			[{ reachable: false }, 409, 1012],
			[{ contact: 'sip:bob', voipAllowed: false }, 405, 10712],
		];
		for (const [settings, status, code] of cases) {
			const agent = { contact: AGENT, ...settings };
			assert.equal((await line.control('PUT', `/accounts/${ACCOUNT}/agents`, { agents: [agent] })).status, 200);
			const answer = await call({ from: { user_contact_uri: agent.contact } });
			assert.deepEqual([answer.status, answer.json.response.error_data.code], [status, code]);
			assert.equal(answer.json.response.data, null);
			assert.equal(answer.json.response.status, 'failure');
			assert.equal(answer.json.response.error_data.description, must(v2Errors[code]).description);
		}
		assert.equal(
			(await call({ from: { user_contact_uri: '+919999999999' } })).json.response.error_data.code,
			10731,
		);
	});

	it('refuses incomplete and wrong requests', async () => {
		const cases: [unknown, number, number][] = [
			[{ recording_channels: 'triple' }, 400, 1002],
			[{ from: {} }, 400, 400],
			[{ to: {} }, 400, 400],
			[{ to: { customer_contact_uri: 'nobody' } }, 400, 400],
			[{ virtual_number: undefined }, 400, 400],
			[{ status_callback: 'http://x' }, 400, 400],
			[{ status_callback: [{ event: 'ringing', url: 'http://x' }] }, 400, 400],
			[{ max_time_limit: 'long' }, 400, 400],
		];
		for (const [fields, status, code] of cases) {
			const answer = await call(fields as Record<string, unknown>);
			assert.deepEqual(
				[answer.status, answer.json.response.error_data.code],
				[status, code],
				JSON.stringify(fields),
			);
		}
		assert.match(
			(await call({ to: {} })).json.response.error_data.description,
			/to\.contact_uri/,
			"the real message names the key without 'customer_'",
		);
		assert.equal(
			(await line.request('POST', `/v2/accounts/${ACCOUNT}/calls`, '{', { 'Content-Type': 'application/json' }))
				.status,
			400,
		);
		const own = await Line.open({
			accounts: [{ sid: ACCOUNT, key: 'key', token: 'token', exoPhones: [EXOPHONE] }],
		});
		try {
			const answer = await own.v2('POST', '/calls', {
				from: { user_contact_uri: AGENT },
				to: { customer_contact_uri: CUSTOMER },
				virtual_number: '+918099999999',
			});
			assert.deepEqual([answer.status, answer.json.response.error_data.code], [404, 10716]);
			assert.deepEqual(
				await own
					.request('GET', '/v2/accounts/nobody/calls/x')
					.then(({ status, json }) => [status, json.response.error_data.code]),
				[404, 1017],
			);
		} finally {
			await own.close();
		}
		const stranger = await line.request('POST', `/v2/accounts/${ACCOUNT}/calls`, '{}', { Authorization: '' });
		assert.deepEqual(
			[stranger.status, stranger.json.response.error_data.code, stranger.json.http_code],
			[401, 1010, 401],
		);
	});

	it('refuses what public clients send as text, and flags it as seen in the field', async () => {
		const body = {
			from: { user_contact_uri: AGENT },
			to: { customer_contact_uri: CUSTOMER },
			virtual_number: EXOPHONE,
			max_time_limit: '60',
			recording: 'true',
		};
		assert.equal((await line.v2('POST', '/calls', body)).status, 400);
		const lenient = await Line.open({ strictness: 'as-seen-in-the-field' });
		try {
			assert.equal((await lenient.v2('POST', '/calls', body)).status, 200);
			assert.equal(must(lenient.simulator.calls()[0]).flags.length, 2);
		} finally {
			await lenient.close();
		}
	});

	it('does not know calls of v1, or of nobody', async () => {
		const sid = await line.placed();
		assert.deepEqual(
			await line.v2('GET', `/calls/${sid}`).then(({ status, json }) => [status, json.response.error_data.code]),
			[404, 3044],
		);
		assert.deepEqual(
			await line.v2('GET', '/calls/nothing').then(({ status, json }) => [status, json.response.error_data.code]),
			[404, 3043],
		);
	});

	it('reaches every error code of seed 001 by a chaos switch', async () => {
		for (const [code, { http, description }] of Object.entries(v2Errors)) {
			line.simulator.setChaos({ v2ErrorCode: Number(code) });
			for (const answer of [await call(), await line.v2('GET', '/calls/x')]) {
				assert.deepEqual(
					[answer.status, answer.json.response.error_data.code, answer.json.response.error_data.description],
					[http, Number(code), description],
				);
			}
		}
	});

	it('fails by number as v1 does, in its own envelope', async () => {
		const status = async (digits: string) => {
			const answer = await call({ to: { customer_contact_uri: `+9199531200${digits}` } });
			return [answer.status, answer.json?.response?.status];
		};
		assert.deepEqual(await status('91'), [429, 'failure']);
		assert.deepEqual(await status('92'), [503, 'failure']);
		assert.deepEqual(await status('94'), [403, 'failure']);
		assert.deepEqual(await status('95'), [502, undefined]);
		assert.deepEqual(await status('93'), [504, 'failure']);
		assert.equal(line.simulator.calls().length, 1, '93 dials');
	});

	it('lists users, with devices only when asked for', async () => {
		const users = (await line.v2('GET', '/users?fields=devices&limit=1&offset=1')).json;
		assert.deepEqual(users.metadata, { total: 2, count: 1, offset: 1, limit: 1 });
		assert.equal(users.response[0].data.devices[0].contact_uri, 'sip:asha');
		assert.equal(users.response[0].data.devices[0].type, 'sip');
		assert.equal((await line.v2('GET', '/users')).json.response[0].data.devices, undefined);
		assert.equal((await line.v2('GET', '/users?email=asha@EXAMPLE.com')).json.response[0].data.id, 'a'.repeat(32));
	});
});
