/** Flows: agents and their events, Connect 1.1, Passthru, Gather, outbound calls into a flow (seeds 000 and 003). */
import assert from 'node:assert/strict';
import { ACCOUNT, EXOPHONE, subscribe, type Answerer, multipartPairs } from './telephone-line';
import { CUSTOMER, agent, json, numbers, FlowStage } from './flow-stage';
import { assertLikeSample, fixture } from './samples';
import { must } from './must';

describe('simulator: flows', () => {
	let stage: FlowStage;

	beforeEach(async () => {
		stage = await FlowStage.open({ quirks: { undocumentedQuestionFields: true } });
	});
	afterEach(() => stage.close());

	it('goes on without digits when the prompt cannot be had, or nothing is pressed', async () => {
		stage.answers['/connect'] = json(numbers());
		for (const answer of [
			json('gone', 'text/plain', 500),
			json('{}'),
			json('no json', 'application/json'),
			json({ gather_prompt: { audio_url: 'http://x/a.wav' } }),
		]) {
			stage.receiver.received.length = 0;
			stage.answers['/prompt'] = answer;
			await stage.setFlow([{ type: 'gather', url: `${stage.receiver.url}/prompt` }, stage.connect()]);
			const { call } = await stage.ringIn();
			assert.deepEqual(call.digits, []);
			assert.ok(['""', null].includes(must(stage.at('/connect')[0]).query.get('digits')));
		}
	});

	it('asks Connect 1.1 with its header, and sends call events as seed 003 prints them', async () => {
		stage.answers['/connect'] = json({
			destination: [{ contact_uri: agent('10') }],
			call_event_passthru_url: `${stage.receiver.url}/events`,
			recording: { record: true, channels: 'dual' },
		});
		await stage.setFlow([stage.connect('/connect', { version: '1.1' })]);
		const { call } = await stage.ringIn();
		assert.ok(must(stage.at('/connect')[0]).rawHeaders.includes('exotel-version'));
		assert.equal(must(stage.at('/connect')[0]).headers['exotel-version'], '1.1');
		const events = stage.at('/events').map(({ body, method, headers }) => ({
			body: JSON.parse(body) as any,
			method,
			type: headers['content-type'],
		}));
		assert.deepEqual(
			events.map(({ body }) => [body.event_details.event_type, body.call_details.status]),
			[
				['dial', 'busy'],
				['ringing', 'busy'],
				['answered', 'busy'],
				['terminal', 'free'],
			],
		);
		assertLikeSample(must(events[3]).body, 'call-event');
		assert.deepEqual([must(events[0]).method, must(events[0]).type], ['POST', 'application/json']);
		assert.ok(call.recording);
		const { data } = (await stage.line.v2('GET', `/calls/${call.sid}`)).json.response;
		assert.deepEqual(
			[data.direction, data.call_status, data.app_id, data.total_talk_time],
			['inbound', 'completed', '926', 6],
		);
		assert.deepEqual(
			[data.assigned_agent_details.contact_uri, data.customer_details.contact_uri, data.customer_details.status],
			[agent('10'), CUSTOMER, 'completed'],
		);
	});

	it('manages the state of agents in Connect 1.1', async () => {
		await stage.line.control('PUT', `/accounts/${ACCOUNT}/agents`, {
			agents: [
				{ contact: agent('10') },
				{ contact: agent('11'), available: false },
				{ contact: agent('12'), verified: false },
			],
		});
		const rung = async (state: boolean, ...contacts: string[]) => {
			stage.answers['/connect'] = json({
				destination: contacts.map((contact) => ({ contact_uri: contact })),
				state_management: state,
			});
			await stage.setFlow([stage.connect('/connect', { version: '1.1' })]);
			const { timeline, call } = await stage.ringIn();
			return [timeline.filter(({ type }: any) => type === 'dial').length, call.outcome];
		};
		assert.deepEqual(
			await rung(true, agent('11'), agent('12')),
			[0, 'no-answer'],
			'off and unverified: nobody is dialled',
		);
		assert.deepEqual(
			await rung(false, agent('11'), agent('10')),
			[1, 'answered'],
			'known agents are looked at whatever the answer says',
		);
		stage.line.simulator.inbound({ from: CUSTOMER, to: EXOPHONE, flow: '926', account: ACCOUNT });
		await stage.line.simulator.advance(6);
		assert.deepEqual(await rung(true, agent('10')), [0, 'no-answer'], 'busy on another call');
		assert.deepEqual(await rung(true, agent('10')), [1, 'answered'], 'free again');
	});

	it('tells about each agent as seed 000 describes the pass-through', async () => {
		stage.answers['/connect'] = json({
			...numbers(agent('02'), agent('10')),
			dial_passthru_event_url: `${stage.receiver.url}/agents?x=1`,
		});
		await stage.setFlow([stage.connect()]);
		await stage.ringIn();
		const told = stage.at('/agents');
		assert.ok(told.every(({ method }) => method === 'GET'));
		assert.deepEqual(
			told.map(({ query }) => [query.get('EventType'), query.get('Status'), query.get('DialWhomNumber')]),
			[
				[' Dial', 'busy', '09812345702'],
				['Terminal', 'free', '09812345702'],
				[' Dial', 'busy', '09812345710'],
				['Ringing', 'busy', '09812345710'],
				['Answered', 'busy', '09812345710'],
				['Terminal', 'free', '09812345710'],
			],
		);
		assert.deepEqual(
			[...must(told[0]).query.keys()].filter((name) => name !== 'x'),
			fixture('agent-passthru-parameters').sample,
		);
	});

	it('lets a caller give up: number 04', async () => {
		stage.answers['/connect'] = json(numbers(agent('04'), agent('10')));
		await stage.setFlow([
			stage.connect(),
			{ type: 'greeting', text: 'unheard' },
			{ type: 'passthru', url: `${stage.receiver.url}/log`, async: true },
		]);
		const { call, heard } = await stage.ringIn();
		assert.equal(call.outcome, 'canceled');
		assert.ok(!heard.some(({ line: heardLine }: any) => heardLine.includes('unheard')));
		const [log] = stage.at('/log');
		assert.deepEqual(
			['CallType', 'DialCallStatus', 'Legs[0][CauseCode]', 'ForwardedFrom'].map((name) =>
				must(log).query.get(name),
			),
			['client-hangup', 'canceled', 'RING_TIMEOUT', 'null'],
		);
	});

	it('branches a synchronous Passthru by 200 and 302', async () => {
		const branches = {
			onTrue: [{ type: 'greeting', text: 'yes' }],
			onFalse: [{ type: 'greeting', text: 'no' }],
		};
		const heardAfter = async (answer: Answerer, more: Record<string, unknown> = branches) => {
			stage.answers['/pass'] = answer;
			await stage.setFlow([
				{ type: 'passthru', url: `${stage.receiver.url}/pass`, ...more },
				{ type: 'greeting', text: 'next in order' },
			]);
			const { heard, questions } = await stage.ringIn();
			return [heard.at(-1).line, questions[0].accepted];
		};
		assert.deepEqual(await heardAfter(json('ok', 'text/plain')), ['"yes"', true]);
		assert.deepEqual(
			await heardAfter((_received, response) =>
				response.writeHead(302, { Location: `${stage.receiver.url}/elsewhere` }).end(),
			),
			['"no"', true],
		);
		assert.deepEqual(await heardAfter(json('oops', 'text/plain', 500)), ['"next in order"', false]);
		assert.deepEqual(await heardAfter(json('ok', 'text/plain'), {}), ['"next in order"', true]);
		assert.equal(stage.at('/elsewhere').length, 0, 'the 302 is a verdict, not a redirect');
	});

	it('does not wait for an asynchronous Passthru and ignores its answer', async () => {
		stage.answers['/log'] = json('no', 'text/plain', 500);
		stage.answers['/connect'] = json({ ...numbers(agent('10')), record: true });
		await stage.setFlow([
			stage.connect(),
			{ type: 'passthru', url: `${stage.receiver.url}/log`, async: true },
			{ type: 'greeting', text: 'bye' },
		]);
		const { heard, deliveries } = await stage.ringIn();
		await stage.line.simulator.advance(3600);
		assert.equal(heard.at(-1).line, '"bye"');
		assert.equal(stage.at('/log').length, 1, 'not repeated');
		assert.deepEqual(
			deliveries.map(({ kind, status }: any) => [kind, status]),
			[['passthru', 500]],
		);
		const { query } = must(stage.at('/log')[0]);
		assert.deepEqual(
			['CallType', 'DialCallStatus', 'DialCallDuration', 'Legs[0][OnCallDuration]'].map((name) =>
				query.get(name),
			),
			['completed', 'completed', '10', '6'],
		);
		assert.match(query.get('RecordingUrl') ?? '', /\.mp3$/);
	});

	it('gathers digits, one entry per prompt, with a prompt of its own or from a URL', async () => {
		stage.answers['/prompt'] = json({ gather_prompt: { text: 'Your PIN' }, max_input_digits: 2 });
		stage.answers['/connect'] = json(numbers());
		await stage.setFlow([
			{ type: 'gather', prompt: 'Press 1 or 2' },
			{ type: 'gather', url: `${stage.receiver.url}/prompt` },
			stage.connect(),
		]);
		const { call, heard } = await stage.ringIn({ digits: ['1', '4711'] });
		assert.deepEqual(call.digits, ['1', '47']);
		assert.deepEqual(
			heard.slice(0, 2).map(({ line: heardLine }: any) => heardLine),
			['"Press 1 or 2"', '"Your PIN"'],
		);
		assert.equal(must(stage.at('/prompt')[0]).headers['exotel-version'], '1.0');
		assert.equal(must(stage.at('/connect')[0]).query.get('digits'), '"47"');
		assert.equal(
			(await stage.line.control('POST', '/inbound', { from: CUSTOMER, to: EXOPHONE, flow: '926', digits: 'abc' }))
				.status,
			400,
		);
	});

	it('runs the same applets when the API calls a number into the flow', async () => {
		stage.answers['/connect'] = json(numbers(agent('10')));
		await stage.setFlow([stage.connect(), { type: 'passthru', url: `${stage.receiver.url}/log`, async: true }]);
		const sid = await stage.line.placed({
			...subscribe(`${stage.receiver.url}/status`, [], ''),
			To: '',
			Url: 'http://my.exotel.com/Exotel/exoml/start_voice/926',
			CustomField: 'order 7',
		});
		await stage.line.simulator.advance(60);
		const { query } = must(stage.at('/connect')[0]);
		assert.deepEqual(
			['Direction', 'CustomField', 'CallSid', 'CallType'].map((name) => query.get(name)),
			['outbound-dial', 'order 7', sid, 'call-attempt'],
		);
		assert.equal(must(stage.at('/log')[0]).query.get('DialCallStatus'), 'completed');
		assert.deepEqual(
			multipartPairs(must(stage.at('/status')[0])).map(([name]) => name),
			['CallSid', 'DateUpdated', 'Status', 'RecordingUrl'],
		);
	});

	it('says what is wrong with a flow, or with an inbound call', async () => {
		const wrong: [unknown, RegExp][] = [
			[{}, /applets must be an array/],
			[{ applets: [{ type: 'dance' }] }, /applets\[0\]\.type/],
			[{ applets: [{ type: 'connect', url: 'x' }] }, /applets\[0\]\.url/],
			[{ applets: [{ type: 'connect', url: 'http://x', version: '2' }] }, /version/],
			[
				{ applets: [{ type: 'passthru', url: 'http://x', onTrue: [{ type: 'connect' }] }] },
				/applets\[0\]\.onTrue\[0\]\.url/,
			],
		];
		for (const [body, message] of wrong) {
			const answer = await stage.line.control('PUT', '/flows/1', body);
			assert.equal(answer.status, 400);
			assert.match(answer.json.error, message);
		}
		assert.equal(
			(await stage.line.control('POST', '/inbound', { from: CUSTOMER, to: EXOPHONE, flow: 'none' })).status,
			404,
		);
		assert.match(
			(await stage.line.control('POST', '/inbound', { from: 'x', to: EXOPHONE, flow: '1' })).json.error,
			/^from/,
		);
	});

	it('cuts a flow that never ends', async () => {
		const endless = Array.from({ length: 50 }, () => ({ type: 'greeting', text: 'again' }));
		await stage.setFlow([
			{
				type: 'passthru',
				url: stage.receiver.url,
				onTrue: [
					...endless.slice(0, 49),
					{
						type: 'passthru',
						url: stage.receiver.url,
						onTrue: [
							...endless.slice(0, 49),
							{ type: 'passthru', url: stage.receiver.url, onTrue: endless },
						],
					},
				],
			},
		]);
		const sid = stage.line.simulator.inbound({ from: CUSTOMER, to: EXOPHONE, flow: '926', account: ACCOUNT });
		await stage.line.simulator.advance(1000);
		assert.ok((await stage.line.view(sid)).timeline.some(({ type }: any) => type === 'flow-cut'));
	});
});
