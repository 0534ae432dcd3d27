/** Call flows: Connect 1.0 and 1.1, fallback, transitions, ringing, Passthru, Gather, agent events (seeds 000, 002, 003). */
import assert from 'node:assert/strict';
import { ACCOUNT, EXOPHONE, Line, Receiver, subscribe, type Received } from './telephone-line';
import { assertLikeSample, fixture } from './samples';
import type http from 'node:http';

const CUSTOMER = '+919812345670';
const agent = (digits: string) => `+9198123457${digits}`;

describe('simulator: flows and applets', () => {
	let line: Line;
	let receiver: Receiver;
	/** path → what our server answers */
	let answers: Record<string, (received: Received, response: http.ServerResponse) => void>;

	beforeEach(async () => {
		line = await Line.open();
		receiver = await Receiver.open();
		answers = {};
		receiver.answer = (received, response) => (answers[received.path] ?? ((_: Received, plain: http.ServerResponse) => plain.end('ok')))(received, response);
	});
	afterEach(async () => {
		await line.close();
		await receiver.close();
	});

	const json = (body: unknown, type = 'application/json', status = 200) => (_received: Received, response: http.ServerResponse) => response.writeHead(status, { 'Content-Type': type }).end(typeof body === 'string' ? body : JSON.stringify(body));
	const numbers = (...list: string[]) => ({ destination: { numbers: list } });
	const setFlow = async (applets: unknown[]) => assert.equal((await line.control('PUT', '/flows/926', { applets })).status, 200);
	const ringIn = async (fields: Record<string, unknown> = {}) => {
		const answer = await line.control('POST', '/inbound', { from: CUSTOMER, to: EXOPHONE, flow: '926', account: ACCOUNT, ...fields });
		assert.equal(answer.status, 200, answer.text);
		await line.simulator.advance(200);
		return line.view(answer.json.sid as string);
	};
	const connect = (path = '/connect', more: Record<string, unknown> = {}) => ({ type: 'connect', version: '1.0', url: `${receiver.url}${path}`, ...more });
	const at = (path: string) => receiver.received.filter((received) => received.path === path);

	it('asks Connect 1.0 with the parameters and peculiarities of seed 002', async () => {
		answers['/connect'] = json(numbers(agent('10')));
		await setFlow([{ type: 'gather', prompt: 'Press 1' }, connect('/connect?key=a%2Bb')]);
		await ringIn({ digits: '89' });
		const [asked] = at('/connect');
		const sample = fixture('connect-1.0-parameters').sample as { always: string[] };
		assert.equal(asked.method, 'GET');
		assert.ok(asked.rawHeaders.includes('Exotel-Version'), 'the header as documented');
		assert.equal(asked.headers['exotel-version'], '1.0');
		for (const name of sample.always) assert.ok(asked.query.has(name), name);
		assert.equal(asked.query.get('key'), 'a+b', "the URL's own parameters stay");
		assert.equal(asked.query.get('digits'), '"89"', 'in quotation marks');
		assert.equal(asked.query.get('EndTime'), '1970-01-01 05:30:00');
		assert.equal(asked.query.get('Created'), 'Sat, 21 Nov 2026 10:00:00');
		assert.equal(asked.query.get('CurrentTime'), '2026-11-21 10:00:03');
		assert.deepEqual(['Direction', 'CallType', 'DialCallDuration', 'DialWhomNumber', 'flow_id', 'CallFrom', 'To'].map((name) => asked.query.get(name)), ['incoming', 'call-attempt', '0', '', '926', '09812345670', EXOPHONE]);
		assert.equal(asked.query.has('DialCallStatus'), false, 'only after a Connect applet');
		assert.equal(asked.query.has('CustomField'), false, 'only for calls made over the API');
	});

	it('asks only documented parameters, and a raw plus, when told so', async () => {
		const other = await Line.open({ quirks: { undocumentedQuestionFields: false, numberForm: 'as-sent', plusInQuestions: 'raw' } });
		try {
			other.simulator.setFlow('1', { applets: [connect()] });
			answers['/connect'] = json(numbers());
			other.simulator.inbound({ from: CUSTOMER, to: EXOPHONE, flow: '1' });
			await other.simulator.advance(10);
			const [asked] = at('/connect');
			const { always } = fixture('connect-1.0-parameters').sample as { always: string[] };
			assert.deepEqual([...asked.query.keys()].sort(), [...always].sort());
			assert.match(asked.rawQuery, /CallFrom=\+919812345670/);
		} finally {
			await other.close();
		}
	});

	it('accepts the sample answers of seeds 002 and 003', async () => {
		for (const [version, name] of [['1.0', 'connect-1.0-answer'], ['1.1', 'connect-1.1-answer']]) {
			const { json: checked } = await line.control('POST', '/check-answer', { version, body: fixture(name).sample });
			assert.equal(checked.accepted, true, checked.reasons?.join());
			assert.ok(checked.rings.length > 0);
		}
	});

	it('rings the numbers in order until one answers, and lets them talk', async () => {
		answers['/connect'] = json({ ...numbers(agent('02'), agent('01'), agent('10'), agent('11')), max_ringing_duration: 20, record: true });
		await setFlow([connect()]);
		const { call, timeline, questions, heard } = await ringIn();
		assert.deepEqual([call.outcome, call.status, call.talkSeconds], ['answered', 'completed', 6]);
		assert.deepEqual(timeline.filter(({ type }: any) => type === 'dial').map(({ detail }: any) => detail), [agent('02'), agent('01'), agent('10')]);
		assert.deepEqual(questions[0].rings, [agent('02'), agent('01'), agent('10'), agent('11')]);
		assert.equal(questions[0].accepted, true);
		assert.ok(heard.some(({ line: heardLine }: any) => heardLine === `${agent('10')} speaking`));
		assert.ok(call.recording);
		const { Call: record } = (await line.v1('GET', `/Calls/${call.sid}.json?details=true`)).json;
		assert.deepEqual([record.Direction, record.To, record.Details.Leg1Status, record.Details.Leg2Status], ['inbound', EXOPHONE, 'completed', 'completed']);
	});

	it('tells the three transitions apart', async () => {
		const branches = { afterConversation: [{ type: 'greeting', text: 'ended' }], nobodyAnswers: [{ type: 'greeting', text: 'nobody' }], didNotDial: [{ type: 'greeting', text: 'not dialled' }] };
		const heardAfter = async (body: unknown, more: Record<string, unknown> = branches) => {
			answers['/connect'] = json(body);
			await setFlow([connect('/connect', more), { type: 'greeting', text: 'next in order' }]);
			const { heard, call } = await ringIn();
			return [heard.at(-1).line, call.outcome];
		};
		assert.deepEqual(await heardAfter(numbers(agent('10'))), ['"ended"', 'answered']);
		assert.deepEqual(await heardAfter(numbers(agent('01'))), ['"nobody"', 'no-answer']);
		assert.deepEqual(await heardAfter(numbers(agent('02'))), ['"nobody"', 'busy']);
		assert.deepEqual(await heardAfter(numbers()), ['"not dialled"', 'no-answer']);
		assert.deepEqual(await heardAfter(numbers('hello')), ['"not dialled"', 'no-answer']);
		assert.deepEqual(await heardAfter(numbers(), { ...branches, didNotDial: undefined }), ['"nobody"', 'no-answer']);
		assert.deepEqual(await heardAfter(numbers(), {}), ['"next in order"', 'no-answer']);
	});

	it('asks the fallback URL when the answer is unusable, and says why', async () => {
		const unusable: [(received: Received, response: http.ServerResponse) => void, RegExp][] = [
			[json(numbers(agent('10')), 'application/json', 500), /status is 500/],
			[json(numbers(agent('10')), 'application/json', 201), /status is 201/],
			[json(numbers(agent('10')), 'text/plain'), /Content-Type is text\/plain/],
			[json('{"destination":'), /not valid JSON/],
			[json('[]'), /must be a JSON object/],
			[json({}), /destination.numbers is mandatory/],
			[json({ destination: [{ contact_uri: agent('10') }] }), /destination.numbers is mandatory/],
			[json({ ...numbers(agent('10')), record: 'true' }), /record must be true or false/],
			[json({ ...numbers(agent('10')), recording_channels: 'mono' }), /recording_channels must be single or dual/],
			[json({ ...numbers(agent('10')), max_ringing_duration: '45' }), /max_ringing_duration must be a whole number/],
			[json({ ...numbers(agent('10')), music_on_hold: { type: 'custom_tone' } }), /music_on_hold.value is needed/],
			[json({ ...numbers(agent('10')), music_on_hold: { type: 'jazz' } }), /music_on_hold.type/],
			[json({ ...numbers(agent('10')), parallel_ringing: { activate: 'yes' } }), /parallel_ringing.activate/],
			[json({ ...numbers(agent('10')), start_call_playback: { type: 'song', value: 'x' } }), /start_call_playback.type/],
			[json({ ...numbers(agent('10')), start_call_playback: { type: 'audio_url', value: `${receiver.url}/missing.wav` } }), /missing.wav answers 404/],
			[json({ ...numbers(agent('10')), dial_passthru_event_url: 'x' }), /dial_passthru_event_url must be/],
			[(_received, response) => response.destroy(), /no answer/],
		];
		answers['/missing.wav'] = json('', 'text/plain', 404);
		answers['/fallback'] = json(numbers(agent('12')));
		await setFlow([connect('/connect', { fallbackUrl: `${receiver.url}/fallback` })]);
		for (const [answer, reason] of unusable) {
			answers['/connect'] = answer;
			const { questions, call } = await ringIn();
			assert.deepEqual(questions.map((question: any) => [question.source, question.accepted]), [['primary', false], ['fallback', true]], String(reason));
			assert.match(questions[0].reasons.join('; '), reason);
			assert.equal(call.outcome, 'answered');
		}
	});

	it('gives an answer 5 s, then falls back', async () => {
		const hasty = await Line.open({ answerTimeoutMs: 50 });
		try {
			answers['/connect'] = () => undefined;
			answers['/fallback'] = json(numbers(agent('10')));
			hasty.simulator.setFlow('1', { applets: [connect('/connect', { fallbackUrl: `${receiver.url}/fallback` })] });
			const sid = hasty.simulator.inbound({ from: CUSTOMER, to: EXOPHONE, flow: '1' });
			await hasty.simulator.advance(60);
			const { questions } = await hasty.view(sid);
			assert.match(questions[0].reasons[0], /no answer within 0.05 s/);
			assert.equal(questions[1].accepted, true);
		} finally {
			await hasty.close();
		}
	});

	it('clips what is too long and says so', async () => {
		const { json: checked } = await line.control('POST', '/check-answer', { body: { ...numbers(agent('10')), max_ringing_duration: 75, max_conversation_duration: 9000, parallel_ringing: { activate: true, max_parallel_attempts: 20 } } });
		assert.equal(checked.accepted, true);
		assert.deepEqual([checked.plan.ringSeconds, checked.plan.conversationSeconds, checked.plan.atOnce, checked.notes.length], [60, 4500, 10, 3]);
	});

	it('rings several at once; the first who answers gets the caller', async () => {
		answers['/connect'] = json({ ...numbers(agent('02'), agent('01'), agent('10'), agent('11')), parallel_ringing: { activate: true, max_parallel_attempts: 4 }, dial_passthru_event_url: `${receiver.url}/agents` });
		await setFlow([connect()]);
		const { call, timeline } = await ringIn();
		const dials = timeline.filter(({ type }: any) => type === 'dial');
		assert.deepEqual(dials.map(({ second, detail }: any) => [second, detail]), [agent('02'), agent('01'), agent('10'), agent('11')].map((number) => [0, number]));
		assert.deepEqual([call.outcome, call.legs[1].number, call.legs[1].answeredAt.slice(11, 19)], ['answered', agent('10'), '10:00:04']);
		const told = at('/agents').map(({ query }) => `${query.get('DialWhomNumber')?.slice(-2)} ${query.get('EventType')?.trim()}`);
		assert.deepEqual(told.filter((entry) => entry.startsWith('11')), ['11 Dial', '11 Ringing', '11 Terminal']);
		assert.deepEqual(told.filter((entry) => entry.startsWith('10')), ['10 Dial', '10 Ringing', '10 Answered', '10 Terminal']);
	});

	it('rings batch after batch when there are more numbers than may ring at once', async () => {
		answers['/connect'] = json({ ...numbers(agent('01'), agent('04'), agent('02'), agent('03'), agent('10')), max_ringing_duration: 20, parallel_ringing: { activate: true, max_parallel_attempts: 2 } });
		await setFlow([connect()]);
		const { call, timeline } = await ringIn();
		const dials = timeline.filter(({ type }: any) => type === 'dial').map(({ second, detail }: any) => [second, detail.slice(-2)]);
		assert.deepEqual(dials, [[0, '01'], [0, '04'], [21, '02'], [21, '03'], [22, '10']]);
		assert.equal(call.outcome, 'answered');
	});

	it('plays what the answer wants played, and cuts the conversation at its limit', async () => {
		answers['/connect'] = json({ ...numbers(agent('10')), max_conversation_duration: 4, music_on_hold: { type: 'custom_tone', value: `${receiver.url}/hold.mp3` }, start_call_playback: { playback_to: 'both', type: 'text', value: 'This call is recorded' } });
		await setFlow([connect()]);
		const { call, heard, questions } = await ringIn();
		assert.equal(call.talkSeconds, 4);
		const lines = heard.map(({ line: heardLine }: any) => heardLine);
		assert.ok(lines.includes(`music on hold from ${receiver.url}/hold.mp3`), lines.join());
		assert.ok(lines.some((heardLine: string) => heardLine.startsWith('"This call is recorded"')), lines.join());
		assert.deepEqual(questions[0].hears, [`music from ${receiver.url}/hold.mp3`, '"This call is recorded"', 'the first who answers']);
	});

	it('goes on without digits when the prompt cannot be had, or nothing is pressed', async () => {
		answers['/connect'] = json(numbers());
		for (const answer of [json('gone', 'text/plain', 500), json('{}'), json('no json', 'application/json'), json({ gather_prompt: { audio_url: 'http://x/a.wav' } })]) {
			receiver.received.length = 0;
			answers['/prompt'] = answer;
			await setFlow([{ type: 'gather', url: `${receiver.url}/prompt` }, connect()]);
			const { call } = await ringIn();
			assert.deepEqual(call.digits, []);
			assert.ok(['""', null].includes(at('/connect')[0].query.get('digits')));
		}
	});

	it('asks again after a failed attempt, and stops at the same numbers twice in a row', async () => {
		const lists = [[agent('02')], [agent('01')], [agent('01')], [agent('10')]];
		let asked = 0;
		answers['/connect'] = (received, response) => json({ ...numbers(...lists[asked++]), fetch_after_attempt: true })(received, response);
		await setFlow([connect()]);
		const { questions, timeline, call } = await ringIn();
		assert.equal(questions.length, 3);
		assert.equal(call.outcome, 'no-answer');
		assert.ok(timeline.some(({ type }: any) => type === 'fetch-stopped'));
		const [first, second, third] = at('/connect').map(({ query }) => [query.get('DialCallStatus'), query.get('DialWhomNumber')]);
		assert.deepEqual([first, second, third], [[null, ''], ['busy', '09812345702'], ['no-answer', '09812345701']]);
	});

	it('asks once only without fetch_after_attempt', async () => {
		answers['/connect'] = json(numbers(agent('02')));
		await setFlow([connect()]);
		assert.equal((await ringIn()).questions.length, 1);
	});

	it('asks Connect 1.1 with its header, and sends call events as seed 003 prints them', async () => {
		answers['/connect'] = json({ destination: [{ contact_uri: agent('10') }], call_event_passthru_url: `${receiver.url}/events`, recording: { record: true, channels: 'dual' } });
		await setFlow([connect('/connect', { version: '1.1' })]);
		const { call } = await ringIn();
		assert.ok(at('/connect')[0].rawHeaders.includes('exotel-version'));
		assert.equal(at('/connect')[0].headers['exotel-version'], '1.1');
		const events = at('/events').map(({ body, method, headers }) => ({ body: JSON.parse(body) as any, method, type: headers['content-type'] }));
		assert.deepEqual(events.map(({ body }) => [body.event_details.event_type, body.call_details.status]), [['dial', 'busy'], ['ringing', 'busy'], ['answered', 'busy'], ['terminal', 'free']]);
		assertLikeSample(events[3].body, 'call-event');
		assert.deepEqual([events[0].method, events[0].type], ['POST', 'application/json']);
		assert.ok(call.recording);
		const { data } = (await line.v2('GET', `/calls/${call.sid}`)).json.response;
		assert.deepEqual([data.direction, data.call_status, data.app_id, data.total_talk_time], ['inbound', 'completed', '926', 6]);
		assert.deepEqual([data.assigned_agent_details.contact_uri, data.customer_details.contact_uri, data.customer_details.status], [agent('10'), CUSTOMER, 'completed']);
	});

	it('manages the state of agents in Connect 1.1', async () => {
		await line.control('PUT', `/accounts/${ACCOUNT}/agents`, { agents: [{ contact: agent('10') }, { contact: agent('11'), available: false }, { contact: agent('12'), verified: false }] });
		const rung = async (state: boolean, ...contacts: string[]) => {
			answers['/connect'] = json({ destination: contacts.map((contact) => ({ contact_uri: contact })), state_management: state });
			await setFlow([connect('/connect', { version: '1.1' })]);
			const { timeline, call } = await ringIn();
			return [timeline.filter(({ type }: any) => type === 'dial').length, call.outcome];
		};
		assert.deepEqual(await rung(true, agent('11'), agent('12')), [0, 'no-answer'], 'off and unverified: nobody is dialled');
		assert.deepEqual(await rung(false, agent('11'), agent('10')), [1, 'answered'], 'known agents are looked at whatever the answer says');
		line.simulator.inbound({ from: CUSTOMER, to: EXOPHONE, flow: '926', account: ACCOUNT });
		await line.simulator.advance(6);
		assert.deepEqual(await rung(true, agent('10')), [0, 'no-answer'], 'busy on another call');
		assert.deepEqual(await rung(true, agent('10')), [1, 'answered'], 'free again');
	});

	it('tells about each agent as seed 000 describes the pass-through', async () => {
		answers['/connect'] = json({ ...numbers(agent('02'), agent('10')), dial_passthru_event_url: `${receiver.url}/agents?x=1` });
		await setFlow([connect()]);
		await ringIn();
		const told = at('/agents');
		assert.ok(told.every(({ method }) => method === 'GET'));
		assert.deepEqual(told.map(({ query }) => [query.get('EventType'), query.get('Status'), query.get('DialWhomNumber')]), [
			[' Dial', 'busy', '09812345702'],
			['Terminal', 'free', '09812345702'],
			[' Dial', 'busy', '09812345710'],
			['Ringing', 'busy', '09812345710'],
			['Answered', 'busy', '09812345710'],
			['Terminal', 'free', '09812345710'],
		]);
		assert.deepEqual([...told[0].query.keys()].filter((name) => name !== 'x'), fixture('agent-passthru-parameters').sample);
	});

	it('lets a caller give up: number 04', async () => {
		answers['/connect'] = json(numbers(agent('04'), agent('10')));
		await setFlow([connect(), { type: 'greeting', text: 'unheard' }, { type: 'passthru', url: `${receiver.url}/log`, async: true }]);
		const { call, heard } = await ringIn();
		assert.equal(call.outcome, 'canceled');
		assert.ok(!heard.some(({ line: heardLine }: any) => heardLine.includes('unheard')));
		const [log] = at('/log');
		assert.deepEqual(['CallType', 'DialCallStatus', 'Legs[0][CauseCode]', 'ForwardedFrom'].map((name) => log.query.get(name)), ['client-hangup', 'canceled', 'RING_TIMEOUT', 'null']);
	});

	it('branches a synchronous Passthru by 200, 302 and Switch Case', async () => {
		const branches = { onTrue: [{ type: 'greeting', text: 'yes' }], onFalse: [{ type: 'greeting', text: 'no' }], cases: { vip: [{ type: 'greeting', text: 'vip' }] } };
		const heardAfter = async (answer: (received: Received, response: http.ServerResponse) => void, more: Record<string, unknown> = branches) => {
			answers['/pass'] = answer;
			await setFlow([{ type: 'passthru', url: `${receiver.url}/pass`, ...more }, { type: 'greeting', text: 'next in order' }]);
			const { heard, questions } = await ringIn();
			return [heard.at(-1).line, questions[0].accepted];
		};
		assert.deepEqual(await heardAfter(json('ok', 'text/plain')), ['"yes"', true]);
		assert.deepEqual(await heardAfter((_received, response) => response.writeHead(302, { Location: `${receiver.url}/elsewhere` }).end()), ['"no"', true]);
		assert.deepEqual(await heardAfter(json('{"select":"vip"}', 'text/plain')), ['"vip"', true]);
		assert.deepEqual(await heardAfter(json('{"select":"VIP"}', 'text/plain')), ['"next in order"', true]);
		assert.deepEqual(await heardAfter(json('oops', 'text/plain', 500)), ['"next in order"', false]);
		assert.deepEqual(await heardAfter(json('ok', 'text/plain'), {}), ['"next in order"', true]);
		assert.equal(at('/elsewhere').length, 0, 'the 302 is a verdict, not a redirect');
	});

	it('does not wait for an asynchronous Passthru and ignores its answer', async () => {
		answers['/log'] = json('no', 'text/plain', 500);
		answers['/connect'] = json({ ...numbers(agent('10')), record: true });
		await setFlow([connect(), { type: 'passthru', url: `${receiver.url}/log`, async: true }, { type: 'greeting', text: 'bye' }]);
		const { heard, deliveries } = await ringIn();
		await line.simulator.advance(3600);
		assert.equal(heard.at(-1).line, '"bye"');
		assert.equal(at('/log').length, 1, 'not repeated');
		assert.deepEqual(deliveries.map(({ kind, status }: any) => [kind, status]), [['passthru', 500]]);
		const { query } = at('/log')[0];
		assert.deepEqual(['CallType', 'DialCallStatus', 'DialCallDuration', 'Legs[0][OnCallDuration]'].map((name) => query.get(name)), ['completed', 'completed', '10', '6']);
		assert.match(query.get('RecordingUrl') ?? '', /\.mp3$/);
	});

	it('gathers digits, one entry per Gather, with a prompt of its own or from a URL', async () => {
		answers['/prompt'] = json({ gather_prompt: { text: 'Your PIN' }, max_input_digits: 2 });
		answers['/connect'] = json(numbers());
		await setFlow([{ type: 'gather', prompt: 'Press 1 or 2' }, { type: 'gather', url: `${receiver.url}/prompt` }, connect()]);
		const { call, heard } = await ringIn({ digits: ['1', '4711'] });
		assert.deepEqual(call.digits, ['1', '47']);
		assert.deepEqual(heard.slice(0, 2).map(({ line: heardLine }: any) => heardLine), ['Press 1 or 2', '"Your PIN"']);
		assert.equal(at('/prompt')[0].headers['exotel-version'], '1.0');
		assert.equal(at('/connect')[0].query.get('digits'), '"47"');
		assert.equal((await line.control('POST', '/inbound', { from: CUSTOMER, to: EXOPHONE, flow: '926', digits: 'abc' })).status, 400);
	});

	it('runs the same applets when the API calls a number into the flow', async () => {
		answers['/connect'] = json(numbers(agent('10')));
		await setFlow([connect(), { type: 'passthru', url: `${receiver.url}/log`, async: true }]);
		const sid = await line.placed({ ...subscribe(`${receiver.url}/status`, []), To: '', Url: 'http://my.exotel.com/Exotel/exoml/start_voice/926', CustomField: 'order 7' });
		await line.simulator.advance(60);
		const { query } = at('/connect')[0];
		assert.deepEqual(['Direction', 'CustomField', 'CallSid', 'CallType'].map((name) => query.get(name)), ['outbound-dial', 'order 7', sid, 'call-attempt']);
		assert.equal(at('/log')[0].query.get('DialCallStatus'), 'completed');
		assert.deepEqual(Object.keys(JSON.parse(at('/status')[0].body)), ['CallSid', 'DateUpdated', 'Status', 'RecordingUrl']);
	});

	it('says what is wrong with a flow, or with an inbound call', async () => {
		const wrong: [unknown, RegExp][] = [
			[{}, /applets must be an array/],
			[{ applets: [{ type: 'dance' }] }, /applets\[0\]\.type/],
			[{ applets: [{ type: 'connect', url: 'x' }] }, /applets\[0\]\.url/],
			[{ applets: [{ type: 'connect', url: 'http://x', version: '2' }] }, /version/],
			[{ applets: [{ type: 'passthru', url: 'http://x', onTrue: [{ type: 'connect' }] }] }, /applets\[0\]\.onTrue\[0\]\.url/],
		];
		for (const [body, message] of wrong) {
			const answer = await line.control('PUT', '/flows/1', body);
			assert.equal(answer.status, 400);
			assert.match(answer.json.error, message);
		}
		assert.equal((await line.control('POST', '/inbound', { from: CUSTOMER, to: EXOPHONE, flow: 'none' })).status, 404);
		assert.match((await line.control('POST', '/inbound', { from: 'x', to: EXOPHONE, flow: '1' })).json.error, /^from/);
	});

	it('cuts a flow that never ends', async () => {
		const endless = Array.from({ length: 50 }, () => ({ type: 'greeting', text: 'again' }));
		await setFlow([{ type: 'passthru', url: receiver.url, onTrue: [...endless.slice(0, 49), { type: 'passthru', url: receiver.url, onTrue: [...endless.slice(0, 49), { type: 'passthru', url: receiver.url, onTrue: endless }] }] }]);
		const sid = line.simulator.inbound({ from: CUSTOMER, to: EXOPHONE, flow: '926', account: ACCOUNT });
		await line.simulator.advance(1000);
		assert.ok((await line.view(sid)).timeline.some(({ type }: any) => type === 'flow-cut'));
	});
});
