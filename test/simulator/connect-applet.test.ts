/**
 * The Connect applet: question, answer, fallback, transitions, ringing in turn and at once, asking again (seeds 002 and
 * 003).
 */
import assert from 'node:assert/strict';
import { EXOPHONE, Line, type Answerer } from './telephone-line';
import { CUSTOMER, agent, json, numbers, FlowStage } from './flow-stage';
import { fixture } from './samples';
import { must } from './must';

describe('simulator: Connect applet', () => {
	let stage: FlowStage;

	beforeEach(async () => {
		stage = await FlowStage.open();
	});
	afterEach(() => stage.close());

	it('asks Connect 1.0 with the parameters and peculiarities of seed 002', async () => {
		stage.answers['/connect'] = json(numbers(agent('10')));
		await stage.setFlow([{ type: 'gather', prompt: 'Press 1' }, stage.connect('/connect?key=a%2Bb')]);
		await stage.ringIn({ digits: '89' });
		const [asked] = stage.at('/connect');
		const sample = fixture('connect-1.0-parameters').sample as { always: string[] };
		assert.equal(must(asked).method, 'GET');
		assert.ok(must(asked).rawHeaders.includes('Exotel-Version'), 'the header as documented');
		assert.equal(must(asked).headers['exotel-version'], '1.0');
		for (const name of sample.always) assert.ok(must(asked).query.has(name), name);
		assert.equal(must(asked).query.get('key'), 'a+b', "the URL's own parameters stay");
		assert.equal(must(asked).query.get('digits'), '"89"', 'in quotation marks');
		assert.equal(must(asked).query.get('EndTime'), '1970-01-01 05:30:00');
		assert.equal(must(asked).query.get('Created'), '2026-11-21 10:00:00');
		assert.equal(must(asked).query.get('CurrentTime'), '2026-11-21 10:00:03');
		assert.deepEqual(
			['Direction', 'CallType', 'DialCallDuration', 'DialWhomNumber', 'flow_id', 'CallFrom', 'To'].map((name) =>
				must(asked).query.get(name),
			),
			['incoming', 'call-attempt', '0', '', '926', '09812345670', EXOPHONE],
		);
		assert.equal(must(asked).query.has('DialCallStatus'), false, 'only after a Connect applet');
		assert.equal(must(asked).query.has('CustomField'), false, 'only for calls made over the API');
	});

	it('asks only documented parameters; with numbers as sent and a raw plus when told so', async () => {
		const other = await Line.open({
			quirks: { numberForm: 'as-sent', plusInQuestions: 'raw' },
		});
		try {
			other.simulator.setFlow('1', { applets: [stage.connect()] });
			stage.answers['/connect'] = json(numbers());
			other.simulator.inbound({ from: CUSTOMER, to: EXOPHONE, flow: '1' });
			await other.simulator.advance(10);
			const [asked] = stage.at('/connect');
			const { always } = fixture('connect-1.0-parameters').sample as { always: string[] };
			assert.deepEqual([...must(asked).query.keys()].sort(), [...always].sort());
			assert.match(must(asked).rawQuery, /CallFrom=\+919812345670/);
		} finally {
			await other.close();
		}
	});

	it('accepts the sample answers of seeds 002 and 003', async () => {
		for (const [version, name] of [
			['1.0', 'connect-1.0-answer'],
			['1.1', 'connect-1.1-answer'],
		]) {
			const { json: checked } = await stage.line.control('POST', '/check-answer', {
				version,
				body: fixture(must(name)).sample,
			});
			assert.equal(checked.accepted, true, checked.reasons?.join());
			assert.ok(checked.rings.length > 0);
		}
	});

	it('rings the numbers in order until one answers, and lets them talk', async () => {
		stage.answers['/connect'] = json({
			...numbers(agent('02'), agent('01'), agent('10'), agent('11')),
			max_ringing_duration: 20,
			record: true,
		});
		await stage.setFlow([stage.connect()]);
		const { call, timeline, questions, heard } = await stage.ringIn();
		assert.deepEqual([call.outcome, call.status, call.talkSeconds], ['answered', 'completed', 6]);
		assert.deepEqual(
			timeline.filter(({ type }: any) => type === 'dial').map(({ detail }: any) => detail),
			[agent('02'), agent('01'), agent('10')],
		);
		assert.deepEqual(questions[0].rings, [agent('02'), agent('01'), agent('10'), agent('11')]);
		assert.equal(questions[0].accepted, true);
		assert.ok(heard.some(({ line: heardLine }: any) => heardLine === `${agent('10')} speaking`));
		assert.ok(call.recording);
		const { Call: record } = (await stage.line.v1('GET', `/Calls/${call.sid}.json?details=true`)).json;
		assert.deepEqual(
			[record.Direction, record.To, record.Details.Leg1Status, record.Details.Leg2Status],
			['inbound', agent('10').replace('+91', '0'), 'completed', 'completed'],
		);
	});

	it('records the ExoPhone as To of an incoming call that nobody took', async () => {
		stage.answers['/connect'] = json(numbers(agent('02')));
		await stage.setFlow([stage.connect()]);
		const { call } = await stage.ringIn();
		const { Call: record } = (await stage.line.v1('GET', `/Calls/${call.sid}.json`)).json;
		assert.deepEqual([record.Direction, record.To], ['inbound', EXOPHONE]);
	});

	it('tells the three transitions apart', async () => {
		const branches = {
			afterConversation: [{ type: 'greeting', text: 'ended' }],
			nobodyAnswers: [{ type: 'greeting', text: 'nobody' }],
			didNotDial: [{ type: 'greeting', text: 'not dialled' }],
		};
		const heardAfter = async (body: unknown, more: Record<string, unknown> = branches) => {
			stage.answers['/connect'] = json(body);
			await stage.setFlow([stage.connect('/connect', more), { type: 'greeting', text: 'next in order' }]);
			const { heard, call } = await stage.ringIn();
			return [heard.at(-1).line, call.outcome];
		};
		assert.deepEqual(await heardAfter(numbers(agent('10'))), ['"ended"', 'answered']);
		assert.deepEqual(await heardAfter(numbers(agent('01'))), ['"nobody"', 'no-answer']);
		assert.deepEqual(await heardAfter(numbers(agent('02'))), ['"nobody"', 'busy']);
		assert.deepEqual(await heardAfter(numbers()), ['"not dialled"', 'no-answer']);
		assert.deepEqual(await heardAfter(numbers('hello')), ['"not dialled"', 'no-answer']);
		assert.deepEqual(await heardAfter(numbers(), { ...branches, didNotDial: undefined }), [
			'"nobody"',
			'no-answer',
		]);
		assert.deepEqual(await heardAfter(numbers(), {}), ['"next in order"', 'no-answer']);
	});

	it('asks the fallback URL when the answer is unusable, and says why', async () => {
		const unusable: [Answerer, RegExp][] = [
			[json(numbers(agent('10')), 'application/json', 500), /status is 500/],
			[json(numbers(agent('10')), 'application/json', 201), /status is 201/],
			[json(numbers(agent('10')), 'text/plain'), /Content-Type is text\/plain/],
			[json('{"destination":'), /not valid JSON/],
			[json('[]'), /must be a JSON object/],
			[json({}), /destination.numbers is mandatory/],
			[json({ destination: [{ contact_uri: agent('10') }] }), /destination.numbers is mandatory/],
			[json({ ...numbers(agent('10')), record: 'true' }), /record must be true or false/],
			[
				json({ ...numbers(agent('10')), recording_channels: 'mono' }),
				/recording_channels must be single or dual/,
			],
			[
				json({ ...numbers(agent('10')), max_ringing_duration: '45' }),
				/max_ringing_duration must be a whole number/,
			],
			[
				json({ ...numbers(agent('10')), music_on_hold: { type: 'custom_tone' } }),
				/music_on_hold.value is needed/,
			],
			[json({ ...numbers(agent('10')), music_on_hold: { type: 'jazz' } }), /music_on_hold.type/],
			[json({ ...numbers(agent('10')), parallel_ringing: { activate: 'yes' } }), /parallel_ringing.activate/],
			[
				json({ ...numbers(agent('10')), start_call_playback: { type: 'song', value: 'x' } }),
				/start_call_playback.type/,
			],
			[
				json({
					...numbers(agent('10')),
					start_call_playback: { type: 'audio_url', value: `${stage.receiver.url}/missing.wav` },
				}),
				/missing.wav answers 404/,
			],
			[json({ ...numbers(agent('10')), dial_passthru_event_url: 'x' }), /dial_passthru_event_url must be/],
			[(_received, response) => response.destroy(), /no answer/],
		];
		stage.answers['/missing.wav'] = json('', 'text/plain', 404);
		stage.answers['/fallback'] = json(numbers(agent('12')));
		await stage.setFlow([stage.connect('/connect', { fallbackUrl: `${stage.receiver.url}/fallback` })]);
		for (const [answer, reason] of unusable) {
			stage.answers['/connect'] = answer;
			const { questions, call } = await stage.ringIn();
			assert.deepEqual(
				questions.map((question: any) => [question.source, question.accepted]),
				[
					['primary', false],
					['fallback', true],
				],
				String(reason),
			);
			assert.match(questions[0].reasons.join('; '), reason);
			assert.equal(call.outcome, 'answered');
		}
	});

	it('gives an answer 5 s, then falls back', async () => {
		const hasty = await Line.open({ answerTimeoutMs: 50 });
		try {
			stage.answers['/connect'] = () => undefined;
			stage.answers['/fallback'] = json(numbers(agent('10')));
			hasty.simulator.setFlow('1', {
				applets: [stage.connect('/connect', { fallbackUrl: `${stage.receiver.url}/fallback` })],
			});
			const sid = hasty.simulator.inbound({ from: CUSTOMER, to: EXOPHONE, flow: '1' });
			await hasty.simulator.advance(60);
			const { questions } = await hasty.view(sid);
			assert.match(questions[0].reasons[0], /no answer within 0.05 s/);
			assert.equal(questions[1].accepted, true);
		} finally {
			await hasty.close();
		}
	});

	it('rings no SIP address in version 1.0, but in 1.1 (seeds 002, 003)', async () => {
		const check = async (version: string, body: unknown) =>
			(await stage.line.control('POST', '/check-answer', { version, body })).json;
		const old = await check('1.0', { destination: { numbers: ['sip:asha', '+919812345670'] } });
		assert.deepEqual([old.accepted, old.rings], [true, ['+919812345670']]);
		assert.match(old.notes.join(), /"sip:asha" is a SIP address, which version 1.0 does not ring/);
		const ccm = await check('1.1', { destination: [{ contact_uri: 'sip:asha' }] });
		assert.deepEqual([ccm.rings, ccm.notes], [['sip:asha'], []]);
	});

	it('clips what is too long and says so', async () => {
		const { json: checked } = await stage.line.control('POST', '/check-answer', {
			body: {
				...numbers(agent('10')),
				max_ringing_duration: 75,
				max_conversation_duration: 9000,
				parallel_ringing: { activate: true, max_parallel_attempts: 20 },
			},
		});
		assert.equal(checked.accepted, true);
		assert.deepEqual(
			[checked.plan.ringSeconds, checked.plan.conversationSeconds, checked.plan.atOnce, checked.notes.length],
			[60, 4500, 10, 3],
		);
	});

	it('rings several at once; the first who answers gets the caller', async () => {
		stage.answers['/connect'] = json({
			...numbers(agent('02'), agent('01'), agent('10'), agent('11')),
			parallel_ringing: { activate: true, max_parallel_attempts: 4 },
			dial_passthru_event_url: `${stage.receiver.url}/agents`,
		});
		await stage.setFlow([stage.connect()]);
		const { call, timeline } = await stage.ringIn();
		const dials = timeline.filter(({ type }: any) => type === 'dial');
		assert.deepEqual(
			dials.map(({ second, detail }: any) => [second, detail]),
			[agent('02'), agent('01'), agent('10'), agent('11')].map((number) => [0, number]),
		);
		assert.deepEqual(
			[call.outcome, call.legs[1].number, call.legs[1].answeredAt.slice(11, 19)],
			['answered', agent('10'), '10:00:04'],
		);
		const told = stage
			.at('/agents')
			.map(({ query }) => `${query.get('DialWhomNumber')?.slice(-2)} ${query.get('EventType')?.trim()}`);
		assert.deepEqual(
			told.filter((entry) => entry.startsWith('11')),
			['11 Dial', '11 Ringing', '11 Terminal'],
		);
		assert.deepEqual(
			told.filter((entry) => entry.startsWith('10')),
			['10 Dial', '10 Ringing', '10 Answered', '10 Terminal'],
		);
	});

	it('shows a call as ringing while several ring', async () => {
		stage.answers['/connect'] = json({
			...numbers(agent('01'), agent('04')),
			parallel_ringing: { activate: true },
		});
		await stage.setFlow([stage.connect()]);
		const { json: placed } = await stage.line.control('POST', '/inbound', {
			from: CUSTOMER,
			to: EXOPHONE,
			flow: '926',
		});
		await stage.line.simulator.advance(10);
		const ringing = await stage.line.view(placed.sid);
		assert.deepEqual(
			[ringing.call.stage, ringing.questions[0].branch],
			['ringing', '2 numbers are rung all at once, each up to 30 s'],
		);
		await stage.line.simulator.advance(60);
		assert.deepEqual(
			[(await stage.line.view(placed.sid)).call.stage, (await stage.line.view(placed.sid)).call.outcome],
			[null, 'no-answer'],
		);
	});

	it('rings batch after batch when there are more numbers than may ring at once', async () => {
		stage.answers['/connect'] = json({
			...numbers(agent('01'), agent('04'), agent('02'), agent('03'), agent('10')),
			max_ringing_duration: 20,
			parallel_ringing: { activate: true, max_parallel_attempts: 2 },
		});
		await stage.setFlow([stage.connect()]);
		const { call, timeline } = await stage.ringIn();
		const dials = timeline
			.filter(({ type }: any) => type === 'dial')
			.map(({ second, detail }: any) => [second, detail.slice(-2)]);
		assert.deepEqual(dials, [
			[0, '01'],
			[0, '04'],
			[21, '02'],
			[21, '03'],
			[22, '10'],
		]);
		assert.equal(call.outcome, 'answered');
	});

	it('plays what the answer wants played, and cuts the conversation at its limit', async () => {
		stage.answers['/connect'] = json({
			...numbers(agent('10')),
			max_conversation_duration: 4,
			music_on_hold: { type: 'custom_tone', value: `${stage.receiver.url}/hold.mp3` },
			start_call_playback: { playback_to: 'both', type: 'text', value: 'This call is recorded' },
		});
		await stage.setFlow([stage.connect()]);
		const { call, heard, questions } = await stage.ringIn();
		assert.equal(call.talkSeconds, 4);
		const lines = heard.map(({ line: heardLine }: any) => heardLine);
		assert.ok(lines.includes(`music on hold from ${stage.receiver.url}/hold.mp3`), lines.join());
		assert.ok(
			lines.some((heardLine: string) => heardLine.startsWith('"This call is recorded"')),
			lines.join(),
		);
		assert.deepEqual(questions[0].hears, [
			`music from ${stage.receiver.url}/hold.mp3`,
			'"This call is recorded"',
			'the first who answers',
		]);
	});

	it('asks again after a failed attempt, and stops at the same numbers twice in a row', async () => {
		const lists = [[agent('02')], [agent('01')], [agent('01')], [agent('10')]];
		let asked = 0;
		stage.answers['/connect'] = (received, response) =>
			json({ ...numbers(...must(lists[asked++])), fetch_after_attempt: true })(received, response);
		await stage.setFlow([stage.connect()]);
		const { questions, timeline, call } = await stage.ringIn();
		assert.equal(questions.length, 3);
		assert.equal(call.outcome, 'no-answer');
		assert.ok(timeline.some(({ type }: any) => type === 'fetch-stopped'));
		assert.deepEqual(
			questions.map(({ rings, branch }: any) => [rings, branch]),
			[
				[[agent('02')], '1 number is rung, up to 30 s'],
				[[agent('01')], '1 number is rung, up to 30 s'],
				[[], 'nobody answers'],
			],
		);
		assert.deepEqual(questions[2].hears, ['nobody is rung: the same destinations twice in a row']);
		const [first, second, third] = stage
			.at('/connect')
			.map(({ query }) => [query.get('DialCallStatus'), query.get('DialWhomNumber')]);
		assert.deepEqual(
			[first, second, third],
			[
				[null, ''],
				['busy', '09812345702'],
				['no-answer', '09812345701'],
			],
		);
	});

	it('asks once only without fetch_after_attempt', async () => {
		stage.answers['/connect'] = json(numbers(agent('02')));
		await stage.setFlow([stage.connect()]);
		assert.equal((await stage.ringIn()).questions.length, 1);
	});
});
