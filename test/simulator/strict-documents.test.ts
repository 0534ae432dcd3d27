/** As strict as the documents: what Exotel would not ring, play or use is not rung, played or used here either. */
import assert from 'node:assert/strict';
import { agent, CUSTOMER, FlowStage, json, numbers, wav } from './flow-stage';
import { ACCOUNT, EXOPHONE, FROM, Line, Receiver, TO } from './telephone-line';

const WAV = `RIFF\0\0\0\0WAVEfmt `;

describe('simulator: Connect answers are taken as documented', () => {
	let stage: FlowStage;
	beforeEach(async () => {
		stage = await FlowStage.open({ quirks: { undocumentedQuestionFields: true } });
		await stage.setFlow([stage.connect(), { type: 'passthru', url: `${stage.receiver.url}/after` }]);
	});
	afterEach(() => stage.close());

	it('rings nobody for national numbers, and says why', async () => {
		stage.answers['/connect'] = json(numbers('09812345710', '9812345710'));
		const view = await stage.ringIn();
		assert.equal(view.questions[0].branch, "didn't dial anyone");
		assert.match(view.questions[0].notes.join('\n'), /"09812345710" is not a number in E\.164 format/);
		assert.equal(view.call.outcome, 'no-answer');
		const checked = await stage.line.control('POST', '/check-answer', {
			body: numbers('09812345710', agent('10')),
		});
		assert.deepEqual(checked.json.rings, [agent('10')]);
	});

	it('rings national numbers when lenient', async () => {
		const lenient = await Line.open({ strictness: 'as-seen-in-the-field' });
		try {
			const checked = await lenient.control('POST', '/check-answer', { body: numbers('09812345710') });
			assert.deepEqual(checked.json.rings, ['09812345710']);
		} finally {
			await lenient.close();
		}
	});

	it('says outbound-dial in the agent pass-through of an inbound call', async () => {
		const url = `${stage.receiver.url}/popup`;
		stage.answers['/connect'] = json({ ...numbers(agent('10')), dial_passthru_event_url: url });
		await stage.ringIn();
		assert.deepEqual(
			[...new Set(stage.at('/popup').map(({ query }) => query.get('Direction')))],
			['outbound-dial'],
		);
	});

	it('dials out with an ExoPhone of the account, else with the incoming one', async () => {
		const shown = () => stage.at('/after').at(-1)?.query;
		stage.answers['/connect'] = json({ ...numbers(agent('10')), outgoing_phone_number: '+918047112233' });
		await stage.ringIn();
		assert.equal(shown()?.get('OutgoingPhoneNumber'), '08047112233');
		assert.equal(shown()?.get('Legs[0][CallerId]'), '08047112233');
		stage.answers['/connect'] = json({ ...numbers(agent('10')), outgoing_phone_number: '+918099999999' });
		const view = await stage.ringIn();
		assert.equal(shown()?.get('OutgoingPhoneNumber'), '08047115777');
		assert.match(view.questions[0].notes.join(), /no ExoPhone of this account; the incoming ExoPhone is used/);
	});

	it('dials out from the same telecom circle only', async () => {
		const exoPhones = [EXOPHONE, '01130801234', '08022221234', '09513886363'];
		const own = await FlowStage.open({ accounts: [{ sid: ACCOUNT, key: 'key', token: 'token', exoPhones }] });
		const notesOf = async (outgoing_phone_number: string): Promise<string> => {
			own.answers['/connect'] = json({ ...numbers(agent('10')), outgoing_phone_number });
			return (await own.ringIn()).questions[0].notes.join();
		};
		try {
			await own.setFlow([own.connect()]);
			assert.match(
				await notesOf('+911130801234'),
				/is in telecom circle DL, the incoming ExoPhone in KA; the inc/,
			);
			assert.equal(await notesOf('+918022221234'), '', 'the same circle');
			assert.equal(await notesOf('+919513886363'), '', 'the circle of a mobile number is not known');
		} finally {
			await own.close();
		}
	});

	it('rings the agent first who talked to this caller before, with sticky_agent', async () => {
		const destination = [agent('10'), agent('11')].map((number) => ({ contact_uri: number }));
		const rungFirst = (view: any) => view.timeline.find(({ type }: any) => type === 'dial').detail;
		await stage.setFlow([stage.connect('/connect', { version: '1.1' })]);
		stage.answers['/connect'] = json({ destination: [...destination].reverse(), sticky_agent: true });
		assert.equal(rungFirst(await stage.ringIn()), agent('11'));
		stage.answers['/connect'] = json({ destination, sticky_agent: true });
		const again = await stage.ringIn();
		assert.equal(rungFirst(again), agent('11'));
		assert.ok(again.timeline.some(({ type }: any) => type === 'sticky-agent'));
		assert.equal(rungFirst(await stage.ringIn({ from: '+919812345671' })), agent('10'), 'another caller');
		stage.answers['/connect'] = json({ destination, sticky_agent: false });
		assert.equal(rungFirst(await stage.ringIn({ from: CUSTOMER })), agent('10'));
	});

	it('fetches a custom tone: it must be there, and should be a WAV file', async () => {
		const value = `${stage.receiver.url}/tone.wav`;
		stage.answers['/connect'] = json({ ...numbers(agent('10')), music_on_hold: { type: 'custom_tone', value } });
		stage.answers['/tone.wav'] = json(WAV, 'audio/wav');
		const good = await stage.ringIn();
		assert.deepEqual([good.questions[0].accepted, good.questions[0].notes], [true, []]);
		assert.ok(good.heard.some(({ line }: any) => line === `music on hold from ${value}`));
		stage.answers['/tone.wav'] = json('ID3', 'audio/mpeg');
		assert.match((await stage.ringIn()).questions[0].notes.join(), /music_on_hold\.value: .* is not a WAV file/);
		stage.answers['/tone.wav'] = (_received, response) => response.end(wav({ rate: 44_100, channels: 2 }));
		assert.match(
			(await stage.ringIn()).questions[0].notes.join(),
			/has 44100 Hz, 16 bit, 2 channels; documented is 8000 Hz, 16 bit, 1 channel/,
		);
		stage.answers['/tone.wav'] = (_received, response) => response.end(wav({ rate: 8000, channels: 1 }));
		assert.deepEqual((await stage.ringIn()).questions[0].notes, []);
		stage.answers['/tone.wav'] = json('', 'text/plain', 404);
		const gone = await stage.ringIn();
		assert.equal(gone.questions[0].accepted, false);
		assert.match(gone.questions[0].reasons.join(), /music_on_hold\.value: .* answers 404; it must answer 200/);
	});
});

describe('simulator: sounds of make-call requests', () => {
	let line: Line;
	let receiver: Receiver;
	beforeEach(async () => {
		line = await Line.open();
		receiver = await Receiver.open();
	});
	afterEach(async () => {
		await line.close();
		await receiver.close();
	});
	const heard = async (fields: Record<string, string>): Promise<string[]> => {
		const sid = await line.placed(fields);
		await line.simulator.advance(60);
		return (await line.view(sid)).heard.map((entry: any) => entry.line);
	};

	it('plays WaitUrl while the second leg rings, and the ringing tone where it cannot', async () => {
		receiver.answer = (_received, response) => response.end(WAV);
		const url = `${receiver.url}/wait.wav`;
		assert.deepEqual(await heard({ WaitUrl: url }), [`the sound ${url}`]);
		receiver.answer = (_received, response) => response.end('not a sound');
		assert.match((await heard({ WaitUrl: url })).join(), /the normal ringing tone, because .* is not a WAV file/);
		receiver.answer = (_received, response) => response.writeHead(500).end();
		assert.match((await heard({ WaitUrl: url })).join(), /the normal ringing tone, because .* answers 500/);
		receiver.answer = (_received, response) => response.end(WAV.padEnd(3 * 1024 * 1024, '0'));
		const sid = await line.placed({ WaitUrl: url });
		await line.simulator.advance(60);
		assert.match(JSON.stringify((await line.view(sid)).timeline), /larger than the advised 2 MB/);
	});

	it('plays StartPlayback to the callee, or to both', async () => {
		receiver.answer = (_received, response) => response.end(WAV);
		const url = `${receiver.url}/start.wav`;
		const playback = { StartPlaybackValue: url };
		assert.match((await heard(playback)).join(), /a short silence while the other side hears the sound/);
		assert.deepEqual(await heard({ ...playback, StartPlaybackTo: 'Both' }), [`the sound ${url}`]);
	});

	it('plays wait_audio_url of v2, and refuses one that is no URL', async () => {
		receiver.answer = (_received, response) => response.end(WAV);
		const body = (url: string) => ({
			from: { user_contact_uri: FROM },
			to: { customer_contact_uri: TO },
			virtual_number: '08047112233',
			wait_audio_url: url,
		});
		assert.equal((await line.v2('POST', '/calls', body('wait.wav'))).status, 400);
		const placed = await line.v2('POST', '/calls', body(`${receiver.url}/wait.wav`));
		await line.simulator.advance(60);
		const view = await line.view(placed.json.response.data.call_sid as string);
		assert.deepEqual(
			view.heard.map((entry: any) => entry.line),
			[`the sound ${receiver.url}/wait.wav`],
		);
	});
});
