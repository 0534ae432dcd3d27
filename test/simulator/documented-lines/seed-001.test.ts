/** Seed 001, agent calls (v2): each documented answer, error and limit, with the line it comes from. */
import assert from 'node:assert/strict';
import { ACCOUNT, EXOPHONE, Line, Receiver } from '../telephone-line';
import { DocumentedLines } from './lines';
import { must } from '../must';
import { v2Errors } from '../../../simulator/wire/v2-errors';
import { wav } from '../flow-stage';

const AGENT = '+919953120010';
const CUSTOMER = '+919953120020';
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+05:30$/;

describe('simulator: seed 001 line by line', () => {
	let line: Line;
	let receiver: Receiver;
	beforeEach(async () => {
		line = await Line.open();
		receiver = await Receiver.open();
		line.simulator.setAgents(ACCOUNT, [
			{ contact: AGENT, id: 'a'.repeat(32), name: 'Asha' },
			{ contact: '+919953120001', id: 'b'.repeat(32) },
		]);
	});
	afterEach(async () => {
		await line.close();
		await receiver.close();
	});
	const lines = new DocumentedLines('seed 001');
	const documented = lines.case;

	const call = (fields: Record<string, unknown> = {}) =>
		line.v2('POST', '/calls', {
			from: { user_contact_uri: AGENT },
			to: { customer_contact_uri: CUSTOMER },
			virtual_number: EXOPHONE,
			...fields,
		});
	const placed = async (fields: Record<string, unknown> = {}): Promise<any> => {
		const answer = await call(fields);
		assert.equal(answer.status, 200, answer.text);
		return answer.json.response.data;
	};
	const details = async (sid: string): Promise<any> => (await line.v2('GET', `/calls/${sid}`)).json.response.data;
	const ended = async (fields: Record<string, unknown> = {}): Promise<any> => {
		const { call_sid } = await placed(fields);
		await line.simulator.advance(120);
		return details(call_sid as string);
	};
	/** HTTP status and error code of a call that is refused. */
	const refused = async (fields: Record<string, unknown>): Promise<[number, number]> => {
		const before = line.simulator.calls().length;
		const { status, json } = await call(fields);
		assert.equal(json.response.status, 'failure');
		assert.equal(line.simulator.calls().length, before, 'nothing is dialled');
		return [status, json.response.error_data.code];
	};
	const to = (digits: string) => ({ to: { customer_contact_uri: `+9199531200${digits}` } });
	const subscribed = (...events: string[]) => ({
		status_callback: events.map((event) => ({ event, url: `${receiver.url}/${event}` })),
	});
	const hears = async ({ call_sid }: any): Promise<string> =>
		(await line.view(call_sid as string)).heard.map((entry: any) => entry.line).join();

	describe('make call', () => {
		documented('API will allow the call to made only if the user device is available', async () => {
			line.simulator.setAgents(ACCOUNT, [{ contact: AGENT, available: false }]);
			assert.deepEqual(await refused({}), [404, 10703]);
			line.simulator.setAgents(ACCOUNT, [{ contact: AGENT }]);
			await placed();
			assert.deepEqual(await refused({}), [409, 10706]);
			await line.simulator.advance(120);
			await placed();
		});
		documented('the first agent by default will be selected.', async () => {
			line.simulator.setAgents(ACCOUNT, [
				{ contact: AGENT, id: 'c'.repeat(32) },
				{ contact: AGENT, id: 'd'.repeat(32) },
			]);
			assert.equal((await placed()).assigned_agent_details.user_id, 'c'.repeat(32));
		});
		documented('user_id - UUID of the user (agent) as added in the account.', async () => {
			const { assigned_agent_details } = await placed({ from: { user_id: 'a'.repeat(32) } });
			assert.equal(assigned_agent_details.contact_uri, AGENT);
			assert.deepEqual(await refused({ from: { user_id: 'nobody' } }), [404, 10731]);
			assert.deepEqual(await refused({ from: {} }), [400, 400]);
		});
		documented('which will be dialed if Leg1 (agent) picks up.', async () => {
			const { customer_details } = await ended({ from: { user_id: 'b'.repeat(32) } });
			assert.equal(customer_details.status, null);
			for (const customer_contact_uri of [undefined, '', 'nobody', 'sip:asha'])
				assert.deepEqual(await refused({ to: { customer_contact_uri } }), [400, 400]);
		});
		documented('in E.164 format or local format for Indian virtual numbers.', async () => {
			for (const virtual_number of ['+918047115777', '08047115777']) await ended({ virtual_number });
			assert.deepEqual(await refused({ virtual_number: undefined }), [400, 400]);
			assert.deepEqual(await refused({ virtual_number: '+918011112222' }), [404, 10716]);
		});
		documented('false (default) - Call conversation will not be recorded.', async () => {
			assert.equal((await ended()).recordings, null);
			assert.deepEqual(await refused({ recording: 'yes' }), [400, 400]);
		});
		documented("if this is set to 'true' and the call conversation happens.", async () => {
			assert.match((await ended({ recording: true })).recordings[0].url, /\.mp3$/);
			assert.equal((await ended({ recording: true, ...to('01') })).recordings, null);
		});
		documented('single (default) - Record both legs of the call in a single channel', async () => {
			for (const recording_channels of ['single', 'dual']) await ended({ recording_channels });
			assert.deepEqual(await refused({ recording_channels: 'triple' }), [400, 1002]);
		});
		documented('the audio file specified in this parameter will be played.', async () => {
			receiver.answer = (_received, response) => response.end(wav({ rate: 8000, channels: 1 }));
			const wait_audio_url = `${receiver.url}/wait.wav`;
			assert.equal(await hears(await ended({ wait_audio_url })), `the sound ${wait_audio_url}`);
			assert.deepEqual(await refused({ wait_audio_url: 'wait.wav' }), [400, 400]);
		});
		documented('(wav is only supported)', async () => {
			receiver.answer = (_received, response) => response.end('ID3');
			assert.match(await hears(await ended({ wait_audio_url: receiver.url })), /ringing tone, because .* WAV/);
		});
		documented('The audio file size is recommended to be less than 2MB.', async () => {
			receiver.answer = (_received, response) =>
				response.end(Buffer.concat([wav({ rate: 8000, channels: 1 }), Buffer.alloc(2_100_000)]));
			const { call_sid } = await ended({ wait_audio_url: receiver.url });
			assert.match(
				JSON.stringify((await line.view(call_sid as string)).timeline),
				/larger than the advised 2 MB/,
			);
		});
		documented('The call will be cut after this time', async () => {
			assert.equal((await ended({ max_time_limit: 7 })).total_talk_time, 3);
			assert.deepEqual(await refused({ max_time_limit: 'long' }), [400, 400]);
		});
		documented('to ring the called parties (both first and second call leg)', async () => {
			assert.equal((await ended({ attempt_time_out: 2 })).call_status, 'agent_unanswered');
			const { call_sid } = await ended({ attempt_time_out: 10, ...to('01') });
			assert.equal((await line.view(call_sid as string)).call.legs[1].ringingSeconds, 10);
		});
		documented('that will be passed back as a parameter in StatusCallback', async () => {
			await ended({ custom_field: 'order 7', ...subscribed('terminal') });
			assert.equal((must(receiver.bodies()[0]).call_details as any).custom_field, 'order 7');
		});
		documented('Answered/Terminal or both events can be subscribed.', async () => {
			await ended(subscribed('answered'));
			await ended(subscribed('terminal'));
			assert.deepEqual(
				receiver.received.map(({ path }) => path),
				['/answered', '/answered', '/terminal'],
			);
			assert.deepEqual(await refused(subscribed('ringing')), [400, 400]);
			assert.deepEqual(await refused({ status_callback: receiver.url }), [400, 400]);
		});
		documented('This will be triggered for each leg (agent and customer)', async () => {
			await ended(subscribed('answered'));
			const statuses = receiver.bodies().map(({ call_details }: any) => call_details.customer_details.status);
			assert.deepEqual(statuses, [null, 'in-progress']);
			await ended({ ...subscribed('answered'), ...to('01') });
			assert.equal(receiver.received.length, 3, 'only the agent answered');
		});
		documented('terminal - This will be triggered once the call is over.', async () => {
			await placed(subscribed('terminal'));
			await line.simulator.advance(12);
			assert.equal(receiver.received.length, 0);
			await line.simulator.advance(60);
			assert.equal((must(receiver.bodies()[0]).call_details as any).call_state, 'terminal');
			assert.equal(receiver.received.length, 1);
		});
		documented('Please note that a 200 OK isn’t a confirmation', async () => {
			const { call_status, call_sid } = await placed(to('03'));
			assert.equal(call_status, null);
			await line.simulator.advance(60);
			assert.equal((await details(call_sid as string)).call_status, 'customer_unanswered');
		});
	});

	describe('responses', () => {
		documented('This indicates the unique id of the request.', async () => {
			const ids = [(await call()).json.request_id, (await call()).json.request_id];
			assert.match(ids[0], /^[0-9a-f]{32}$/);
			assert.notEqual(ids[0], ids[1]);
		});
		documented('the HTTP method for the request such as GET/POST/PUT etc.', async () => {
			assert.equal((await call()).json.method, 'POST');
			assert.equal((await line.v2('GET', '/calls/x')).json.method, 'GET');
		});
		documented('the HTTP code for the request such as 200, 400, 500 etc.', async () => {
			for (const answer of [await call(), await call({ from: {} }), await line.v2('GET', '/calls/x')])
				assert.deepEqual([answer.json.http_code, answer.json.response.code], [answer.status, answer.status]);
		});
		documented('This block will be null if there is no error', async () => {
			assert.equal((await call()).json.response.error_data, null);
			const { error_data, data } = (await line.v2('GET', '/calls/x')).json.response;
			assert.deepEqual(Object.keys(error_data as object), ['code', 'message', 'description']);
			assert.equal(data, null);
		});
		documented('status of the response (success/failure).', async () => {
			assert.equal((await call()).json.response.status, 'success');
			assert.equal((await line.v2('GET', '/calls/x')).json.response.status, 'failure');
		});
		documented('active: call is not yet over', async () => assert.equal((await placed()).call_state, 'active'));
		documented('terminal: call is over', async () => assert.equal((await ended()).call_state, 'terminal'));
		documented('completed - Call is completed and agent/customer had a conversation.', async () =>
			assert.equal((await ended()).call_status, 'completed'),
		);
		documented('agent_unanswered - Agent leg was unanswered', async () =>
			assert.equal((await ended({ from: { user_id: 'b'.repeat(32) } })).call_status, 'agent_unanswered'),
		);
		documented('customer_unanswered - Customer leg was unanswered', async () => {
			for (const digits of ['01', '02', '03'])
				assert.equal((await ended(to(digits))).call_status, 'customer_unanswered');
		});
		documented('agent_canceled - Agent canceled the call while customer was dialed.', async () =>
			assert.equal((await ended(to('04'))).call_status, 'agent_canceled'),
		);
		documented("Assigned agent is corresponding to user_contact_uri as provided in 'from'", async () => {
			const { assigned_agent_details, customer_details } = await ended();
			assert.deepEqual(
				[assigned_agent_details.contact_uri, assigned_agent_details.user_name, customer_details.contact_uri],
				[AGENT, 'Asha', CUSTOMER],
			);
		});
		/** A customer rings in; both agents are tried, the second answers. */
		const inbound = async (...rung: string[]): Promise<any> => {
			receiver.answer = (_received, response) =>
				response
					.setHeader('Content-Type', 'application/json')
					.end(JSON.stringify({ destination: rung.map((contact_uri) => ({ contact_uri })) }));
			const applets = [
				{ type: 'gather', prompt: 'Press', digits: '12' },
				{ type: 'gather', prompt: 'Press', digits: '3' },
				{ type: 'connect', version: '1.1', url: receiver.url },
			];
			line.simulator.setFlow('7', { applets });
			const sid = line.simulator.inbound({ from: CUSTOMER, to: EXOPHONE, flow: '7', account: ACCOUNT });
			await line.simulator.advance(200);
			return details(sid);
		};
		documented('the last agent that was attempted in the call flow', async () => {
			assert.equal((await inbound('+919953120001', AGENT)).assigned_agent_details.contact_uri, AGENT);
			const { assigned_agent_details } = await inbound('+919953120001');
			assert.deepEqual(
				[assigned_agent_details.contact_uri, assigned_agent_details.status],
				['+919953120001', 'no-answer'],
			);
		});
		documented('leg1 (inbound calls / outbound call connecting to flow)', async () => {
			const { customer_details, direction } = await inbound(AGENT);
			assert.deepEqual([customer_details.contact_uri, direction], [CUSTOMER, 'inbound']);
		});
		documented('inbound - Incoming call to a virtual number (Exophone)', async () =>
			assert.equal((await inbound(AGENT)).direction, 'inbound'),
		);
		documented('outbound - Outbound calls', async () => assert.equal((await placed()).direction, 'outbound'));
		documented('where the call landed (Incoming) or was used to initiate the call (Outgoing)', async () => {
			// As `+91…`, like every sample, whichever of the two forms the request has.
			assert.equal((await inbound(AGENT)).virtual_number, '+918047115777');
			for (const virtual_number of ['08047112233', '+918047112233'])
				assert.equal((await ended({ virtual_number })).virtual_number, '+918047112233');
		});
		documented('agent_no_dial - There was no dial initiated to agent', async () =>
			assert.equal((await inbound()).call_status, 'agent_no_dial'),
		);
		documented('group id of which agent was part of as per the call attempt else set to null', async () => {
			assert.equal((await ended()).assigned_agent_details.group_id, null);
			line.simulator.setAgents(ACCOUNT, [{ contact: AGENT, groupId: 'g1', groupName: 'Sales' }]);
			const groupOf = ({ assigned_agent_details: { group_id, group_name } }: any) => [group_id, group_name];
			assert.deepEqual(groupOf(await ended()), [null, null], '"in case of outgoing"');
			assert.deepEqual(groupOf(await inbound(AGENT)), ['g1', 'Sales']);
		});
		documented('otherwise set as null', async () =>
			assert.equal((await ended()).customer_details.contact_name, null),
		);
		documented('in-progress - The call was answered and is currently in progress', async () => {
			const { call_sid } = await placed();
			await line.simulator.advance(5);
			const { assigned_agent_details, customer_details } = await details(call_sid as string);
			assert.deepEqual([assigned_agent_details.status, customer_details.status], ['in-progress', null]);
		});
		for (const [quote, digits, word] of [
			['busy - The caller received a busy signal', '02', 'busy'],
			['no-answer - The call ended without being answered', '01', 'no-answer'],
			['failed - The call could not be completed as dialled', '03', 'failed'],
		] as const)
			documented(quote, async () => assert.equal((await ended(to(digits))).customer_details.status, word));
		documented("can be null for POST response as they'll be not set immediately", async () => {
			const { call_status, end_time, total_talk_time, recordings } = await placed({ recording: true });
			assert.deepEqual([call_status, end_time, total_talk_time, recordings], [null, null, null, null]);
		});
		documented('null - customer leg was not dialled or N/A', async () =>
			assert.equal((await ended({ from: { user_id: 'b'.repeat(32) } })).customer_details.status, null),
		);
		documented('DateTime as per ISO 8601 date format', async () => {
			const { created_time, updated_time, start_time, end_time } = await ended();
			for (const stamp of [created_time, updated_time, start_time, end_time]) assert.match(stamp, ISO);
		});
		documented('Total time a customer was on call.', async () => {
			assert.equal((await placed()).total_talk_time, null);
			await line.simulator.advance(120);
			assert.equal((await ended(to('05'))).total_talk_time, 2);
		});
		documented('Null if flow was not used.', async () => {
			assert.equal((await inbound(AGENT)).app_id, '7');
			assert.equal((await ended()).app_id, null);
		});
		documented('DTMF digits pressed during the call separated by “-”', async () =>
			assert.equal((await inbound(AGENT)).digits, '12-3'),
		);
		documented('It will contain all recordings associated with the call.', async () =>
			assert.equal((await ended({ recording: true })).recordings.length, 1),
		);
	});

	describe('errors', () => {
		const code = async (answer: Promise<{ status: number; json: any }>): Promise<[number, number, string]> => {
			const { status, json } = await answer;
			const { code: number, description } = json.response.error_data;
			return [status, number, description];
		};
		const becauseOf = (agent: Record<string, unknown>, contact = AGENT) => {
			line.simulator.setAgents(ACCOUNT, [{ contact, ...agent }]);
			return code(call({ from: { user_contact_uri: contact } }));
		};
		/** Codes whose cause the document, or the words of the code, name. */
		const causes: Readonly<Record<number, () => Promise<[number, number, string]>>> = {
			1001: () => code(line.request('POST', '/v2/accounts//calls', '{}')),
			1002: () => code(call({ recording_channels: 'triple' })),
			1010: () => code(line.request('GET', `/v2/accounts/${ACCOUNT}/calls/x`, undefined, { Authorization: '' })),
			1012: () => becauseOf({ reachable: false }),
			1017: async () => {
				const own = await Line.open({ accounts: [{ sid: ACCOUNT, key: 'key', token: 'token' }] });
				try {
					return await code(own.request('GET', '/v2/accounts/nobody/calls/x'));
				} finally {
					await own.close();
				}
			},
			3043: () => code(line.v2('GET', `/calls/${'0'.repeat(32)}`)),
			3044: async () => code(line.v2('GET', `/calls/${await line.placed()}`)),
			10702: () => becauseOf({ deviceKnown: false }),
			10703: () => becauseOf({ available: false }),
			10705: () => becauseOf({ verified: false }),
			10706: async () => {
				await call();
				return code(call());
			},
			10712: () => becauseOf({ voipAllowed: false }, 'sip:asha'),
			10716: () => code(call({ virtual_number: '+918011112222' })),
			10731: () => code(call({ from: { user_contact_uri: '+919999999999' } })),
			10806: () => becauseOf({ device: false }),
		};
		for (const number of Object.keys(v2Errors).map(Number)) {
			const quote = lines.quoteOf(new RegExp(`^\\d{3} ${number} `));
			documented(quote, async () => {
				const [status = '', , ...description] = quote.split(' ');
				const expected = [Number(status), number, description.join(' ')];
				const cause = causes[number];
				if (cause) assert.deepEqual(await cause(), expected);
				line.simulator.setChaos({ v2ErrorCode: number });
				assert.deepEqual(await code(call()), expected);
				assert.deepEqual(await code(line.v2('GET', '/calls/x')), expected);
			});
		}
		it('are 33', () => assert.equal(Object.keys(v2Errors).length, 33));
	});

	lines.complete();
});
