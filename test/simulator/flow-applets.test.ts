/**
 * Every applet of a flow and every branch, over the control API with a raw receiver: what is requested, what the caller
 * hears, which way the call goes. Gather: support article 3000084635; Greeting: 48285, 84548; Switch Case: 3000052018;
 * Voicemail: seed 002.
 */
import assert from 'node:assert/strict';
import { ACCOUNT, CREDENTIALS, type Answerer } from './telephone-line';
import { agent, FlowStage, json, numbers } from './flow-stage';
import { must } from './must';

const say = (text: string) => ({ type: 'greeting', text });
/** The beginning of a WAV file. */
const WAV = 'RIFF\u0024\u0000\u0000\u0000WAVEfmt ';
const wav = json(WAV, 'audio/wav');

describe('simulator: applets and branches', () => {
	let stage: FlowStage;
	const url = (path: string) => `${stage.receiver.url}${path}`;

	beforeEach(async () => {
		stage = await FlowStage.open();
	});
	afterEach(() => stage.close());

	/** Rings the flow and tells what the caller heard and which branches were taken. */
	async function ring(applets: unknown[], fields: Record<string, unknown> = {}): Promise<any> {
		stage.receiver.received.length = 0;
		await stage.setFlow(applets);
		const view = await stage.ringIn(fields);
		return {
			...view,
			lines: view.heard.map(({ line }: any) => line),
			branches: view.timeline.filter(({ type }: any) => type === 'branch').map(({ detail }: any) => detail),
			moments: view.timeline.map(({ type }: any) => type),
		};
	}

	describe('Greeting', () => {
		it('plays a sound that is there, and silence for one that is not', async () => {
			stage.answers['/hello.wav'] = wav;
			stage.answers['/hello.mp3'] = json('ID3', 'audio/mpeg');
			stage.answers['/gone.wav'] = json('', 'text/plain', 404);
			const greeting = (path: string) => [{ type: 'greeting', audioUrl: url(path) }, say('next')];
			assert.deepEqual((await ring(greeting('/hello.wav'))).lines, [`the sound ${url('/hello.wav')}`, '"next"']);
			assert.deepEqual((await ring(greeting('/gone.wav'))).lines, [
				`silence, because ${url('/gone.wav')} answers 404; it must answer 200`,
				'"next"',
			]);
			assert.match((await ring(greeting('/hello.mp3'))).lines[0], /^silence, because .* is not a WAV file/);
		});

		it('asks a URL with HEAD and GET and says the text', async () => {
			stage.answers['/hello'] = json('Good morning\n', 'text/plain; charset=utf-8');
			const { lines, questions, call } = await ring([{ type: 'greeting', url: url('/hello?x=1') }, say('next')]);
			assert.deepEqual(lines, ['"Good morning"', '"next"']);
			const asked = stage.at('/hello');
			assert.deepEqual(
				asked.map(({ method }) => method),
				['HEAD', 'GET'],
			);
			for (const { query } of asked)
				assert.deepEqual(
					['x', 'CallSid', 'From', 'To', 'DialWhomNumber'].map((name) => query.get(name)),
					['1', call.sid, '09812345670', '08047115777', ''],
				);
			assert.deepEqual(
				questions.map(({ applet, method, accepted, hears }: any) => [applet, method, accepted, hears]),
				[
					['greeting', 'HEAD', true, []],
					['greeting', 'GET', true, ['"Good morning"']],
				],
			);
		});

		it('plays the sounds that the answer of a URL names, one a line', async () => {
			stage.answers['/a.wav'] = wav;
			stage.answers['/b.wav'] = wav;
			stage.answers['/list'] = json(`${url('/a.wav')}\r\n${url('/b.wav')}\n`, 'text/plain');
			const { lines } = await ring([{ type: 'greeting', url: url('/list') }]);
			assert.deepEqual(lines, [`the sound ${url('/a.wav')}`, `the sound ${url('/b.wav')}`]);
		});

		it('says nothing when HEAD or GET cannot be used, and goes on', async () => {
			const onlyGet: Answerer = ({ method }, response) =>
				response.writeHead(method === 'HEAD' ? 405 : 200, { 'Content-Type': 'text/plain' }).end('hello');
			const wrong: [Answerer, RegExp][] = [
				[onlyGet, /the status is 405; it must be 200/],
				[json('hello', 'text/html'), /the Content-Type is text\/html; it must be text\/plain/],
				[json('no', 'text/plain', 500), /the status is 500/],
				[json(' ', 'text/plain'), /the body is empty/],
				[json('http://127.0.0.1:9/gone.wav', 'text/plain'), /^line 1: .*must answer 200/],
			];
			for (const [answer, reason] of wrong) {
				stage.answers['/hello'] = answer;
				const { lines, questions } = await ring([{ type: 'greeting', url: url('/hello') }, say('next')]);
				assert.deepEqual(lines, ['"next"']);
				assert.match(questions.at(-1).reasons.join(), reason);
				assert.equal(questions.at(-1).accepted, false);
			}
		});
	});

	describe('Gather', () => {
		const menu = (more: Record<string, unknown> = {}) => [
			{
				type: 'gather',
				prompt: 'Press 1 or 2',
				keys: { 1: [say('sales')], 2: [], 42: [say('forty-two')] },
				noInput: [say('nothing')],
				...more,
			},
			say('next in order'),
		];

		it('branches by the keys, by no keys, and goes on otherwise', async () => {
			const after = async (digits: string, more = {}) => {
				const { lines, branches } = await ring(menu(more), { digits });
				return [lines.at(-1), ...branches];
			};
			assert.deepEqual(await after('1'), ['"sales"', 'keys 1']);
			assert.deepEqual(await after('42'), ['"forty-two"', 'keys 42']);
			assert.deepEqual(await after('2'), ['"Press 1 or 2"', 'keys 2'], 'an empty branch ends the call');
			assert.deepEqual(await after('3'), ['"next in order"'], 'no such branch');
			assert.deepEqual(await after(''), ['"nothing"', 'noInput']);
			assert.deepEqual(await after('', { noInput: undefined }), ['"next in order"']);
			assert.deepEqual(await after('1', { keys: undefined }), ['"next in order"']);
		});

		it('takes as many keys as it wants, up to the finishing key', async () => {
			const taken = async (digits: string, more: Record<string, unknown>) =>
				(await ring([{ type: 'gather', prompt: 'Keys', ...more }], { digits })).call.digits;
			assert.deepEqual(await taken('4711#9', {}), ['4711']);
			assert.deepEqual(await taken('4711#9', { finishOnKey: '' }), ['4711#9']);
			assert.deepEqual(await taken('4711#9', { finishOnKey: '7' }), ['4']);
			assert.deepEqual(await taken('4711', { maxDigits: 2 }), ['47']);
			assert.deepEqual(await taken('#', {}), [], 'the finishing key alone is no input');
		});

		it('repeats the prompt while nothing is pressed', async () => {
			stage.answers['/again.wav'] = wav;
			const gather = { type: 'gather', prompt: 'Keys', repeats: 2, timeoutSeconds: 7, noInput: [] };
			const again = { ...gather, repeatPrompt: 'Once more' };
			const nothing = await ring([again], { digits: ['', '', '', '1'] });
			assert.deepEqual(nothing.lines, ['"Keys"', '"Once more"', '"Once more"']);
			assert.equal(nothing.timeline.find(({ type }: any) => type === 'branch').second, 21);
			const second = await ring([again, say('next')], { digits: ['', '5'] });
			assert.deepEqual([second.lines, second.call.digits], [['"Keys"', '"Once more"', '"next"'], ['5']]);
			const sound = await ring([{ ...gather, repeats: 1, repeatPromptAudioUrl: url('/again.wav') }]);
			assert.deepEqual(sound.lines, ['"Keys"', `the sound ${url('/again.wav')}`]);
			assert.deepEqual((await ring([gather])).lines, ['"Keys"', '"Keys"', '"Keys"']);
		});

		it('plays a sound as its prompt', async () => {
			stage.answers['/menu.wav'] = wav;
			const { lines } = await ring([{ type: 'gather', promptAudioUrl: url('/menu.wav'), digits: '1' }]);
			assert.deepEqual(lines, [`the sound ${url('/menu.wav')}`]);
		});

		it('takes prompt, keys, time and repetitions from the answer of its URL', async () => {
			stage.answers['/again.wav'] = wav;
			stage.answers['/menu'] = json({
				gather_prompt: { text: 'Your PIN' },
				max_input_digits: 4,
				finish_on_key: '*',
				input_timeout: 9,
				repeat_menu: 1,
				repeat_gather_prompt: { audio_url: url('/again.wav') },
			});
			const gather = { type: 'gather', url: url('/menu'), keys: { 47: [say('right')] }, noInput: [] };
			const nothing = await ring([gather]);
			assert.deepEqual(nothing.lines, ['"Your PIN"', `the sound ${url('/again.wav')}`]);
			assert.equal(nothing.timeline.find(({ type }: any) => type === 'branch').second, 18);
			assert.equal(stage.at('/menu').length, 1, 'asked once, whatever is repeated');
			assert.equal(must(stage.at('/menu')[0]).headers['exotel-version'], '1.0');
			const pressed = await ring([gather], { digits: '47*11' });
			assert.deepEqual([pressed.call.digits, pressed.lines.at(-1)], [['47'], '"right"']);
			assert.deepEqual((await ring([gather], { digits: '123456' })).call.digits, ['1234']);
		});

		it('takes noInput when no usable answer comes, after the fallback URL', async () => {
			stage.answers['/fallback'] = json({ gather_prompt: { text: 'Fallback' } });
			const good = { gather_prompt: { text: 'x' } };
			const wrong: [Answerer, RegExp][] = [
				[json('gone', 'text/plain', 500), /the status is 500/],
				[json(good, 'text/plain'), /the Content-Type is text\/plain; it must be application\/json/],
				[json([]), /the body must be a JSON object/],
				[json({}), /gather_prompt is mandatory/],
				[json({ gather_prompt: {} }), /gather_prompt must have text or audio_url/],
				[json({ gather_prompt: 'Press 1' }), /gather_prompt must be an object/],
				[json({ gather_prompt: { audio_url: 'x.wav' } }), /gather_prompt\.audio_url must be an http/],
				[
					json({ gather_prompt: { audio_url: 'http://127.0.0.1:9/x.wav' } }),
					/gather_prompt\.audio_url: .*must answer 200/,
				],
				[json({ ...good, max_input_digits: 0 }), /max_input_digits must be a whole number from 1 to 255/],
				[json({ ...good, finish_on_key: '##' }), /finish_on_key must be/],
				[json({ ...good, input_timeout: '5' }), /input_timeout must be/],
				[json({ ...good, repeat_menu: -1 }), /repeat_menu must be a whole number from 0/],
				[json({ ...good, repeat_gather_prompt: 5 }), /repeat_gather_prompt must be an object/],
			];
			const gather = { type: 'gather', url: url('/menu'), noInput: [say('nothing')] };
			for (const [answer, reason] of wrong) {
				stage.answers['/menu'] = answer;
				const { lines, questions } = await ring([gather], { digits: '1' });
				assert.deepEqual(lines, ['"nothing"'], reason.source);
				assert.equal(questions[0].accepted, false);
				assert.match(questions[0].reasons.join('; '), reason);
				const saved = await ring([{ ...gather, fallbackUrl: url('/fallback') }], { digits: '1' });
				assert.deepEqual([saved.lines, saved.call.digits], [['"Fallback"'], ['1']]);
				assert.deepEqual(
					saved.questions.map(({ source, accepted }: any) => [source, accepted]),
					[
						['primary', false],
						['fallback', true],
					],
				);
			}
		});
	});

	describe('Connect', () => {
		for (const version of ['1.0', '1.1'])
			it(`takes each branch of version ${version}, or goes on`, async () => {
				const answer = (...list: string[]) =>
					json(
						version === '1.0'
							? numbers(...list)
							: { destination: list.map((contact) => ({ contact_uri: contact })) },
					);
				const after = async (answered: Answerer, ...names: string[]) => {
					stage.answers['/connect'] = answered;
					const branches = Object.fromEntries(names.map((name) => [name, [say(name)]]));
					const connect = stage.connect('/connect', { version, ...branches });
					const run = await ring([connect, say('next in order')]);
					return [run.lines.at(-1), ...run.branches];
				};
				const all = ['afterConversation', 'nobodyAnswers', 'didNotDial'];
				assert.deepEqual(await after(answer(agent('10')), ...all), [
					'"afterConversation"',
					'afterConversation',
				]);
				assert.deepEqual(await after(answer(agent('01')), ...all), ['"nobodyAnswers"', 'nobodyAnswers']);
				assert.deepEqual(await after(answer(), ...all), ['"didNotDial"', 'didNotDial']);
				assert.deepEqual(await after(json('no', 'text/plain', 500), ...all), ['"didNotDial"', 'didNotDial']);
				assert.deepEqual(await after(answer(), 'nobodyAnswers'), ['"nobodyAnswers"', 'nobodyAnswers']);
				for (const list of [[agent('10')], [agent('01')], []])
					assert.deepEqual(await after(answer(...list)), ['"next in order"']);
			});
	});

	describe('Passthru and Switch Case', () => {
		const cases = { vip: [say('vip')], empty: [] };
		const flow = (more: Record<string, unknown> = {}) => [
			{ type: 'passthru', url: url('/pass'), ...more },
			{ type: 'switch-case', cases },
			say('next in order'),
		];

		it('takes the case that the answer selects, by its exact name', async () => {
			const after = async (answer: Answerer) => {
				stage.answers['/pass'] = answer;
				const { lines, branches, questions } = await ring(flow());
				return [lines.at(-1), branches, questions[0].notes];
			};
			assert.deepEqual(await after(json('{"select":"vip"}', 'text/plain')), ['"vip"', ['case vip'], []]);
			assert.deepEqual(await after(json('{"select":"empty"}', 'text/plain')), [undefined, ['case empty'], []]);
			assert.deepEqual(await after(json('{"select":"VIP"}', 'text/plain')), [
				'"next in order"',
				[],
				['there is no case "VIP"; names must match exactly'],
			]);
			assert.deepEqual(await after(json('{"select":"vip"}')), [
				'"vip"',
				['case vip'],
				['the Content-Type is application/json; a Switch Case wants text/plain'],
			]);
			assert.deepEqual(await after(json('vip', 'text/plain')), [
				'"next in order"',
				[],
				['a Switch Case follows, but the body is not {"select":"<name of a case>"}'],
			]);
			assert.deepEqual(await after(json('{"select":"vip"}', 'text/plain', 500)), ['"next in order"', [], []]);
			assert.deepEqual(await after(json('{"select":"vip"}', 'text/plain', 302)), ['"next in order"', [], []]);
		});

		it('selects nothing without a synchronous Passthru before it, and looks at the last one', async () => {
			stage.answers['/pass'] = json('{"select":"vip"}', 'text/plain');
			assert.equal((await ring(flow({ async: true }))).lines.at(-1), '"next in order"');
			assert.equal((await ring([{ type: 'switch-case', cases }, say('next')])).lines.at(-1), '"next"');
			const inBranch = [{ type: 'passthru', url: url('/pass'), onTrue: [{ type: 'switch-case', cases }] }];
			assert.deepEqual((await ring(inBranch)).branches, ['onTrue', 'case vip']);
			const second = [{ type: 'passthru', url: url('/pass') }, ...flow()];
			let asked = 0;
			stage.answers['/pass'] = (received, response) =>
				json(asked++ === 0 ? '{"select":"vip"}' : '{"select":"empty"}', 'text/plain')(received, response);
			assert.deepEqual((await ring(second)).branches, ['case empty']);
		});

		it('names the branch of a Passthru in the story', async () => {
			const branches = { onTrue: [say('yes')], onFalse: [say('no')] };
			const passthru = { type: 'passthru', url: url('/pass'), ...branches };
			assert.deepEqual((await ring([passthru])).branches, ['onTrue']);
			stage.answers['/pass'] = json('', 'text/plain', 302);
			assert.deepEqual((await ring([passthru])).branches, ['onFalse']);
		});
	});

	describe('Voicemail', () => {
		const after = () => ({ type: 'passthru', url: url('/after') });
		const asked = () => must(stage.at('/after')[0]).query;

		it('records a message that the next request names and that can be downloaded', async () => {
			const { call, lines, moments, timeline } = await ring([
				{ type: 'voicemail', text: 'Leave a message', messageSeconds: 20 },
				after(),
			]);
			assert.deepEqual(lines, ['"Leave a message"', 'a beep']);
			assert.ok(moments.includes('voicemail'));
			assert.equal(timeline.find(({ type }: any) => type === 'voicemail').detail, 'a message of 20 s');
			const { origin } = new URL(stage.line.simulator.url);
			const recording = `${origin}/exotelrecordings/${ACCOUNT}/${String(call.sid)}.mp3`;
			assert.deepEqual([asked().get('CallType'), asked().get('RecordingUrl')], ['voicemail', recording]);
			assert.equal(call.recording.url, recording);
			const sound = await fetch(recording, { headers: { Authorization: CREDENTIALS } });
			assert.equal(sound.status, 200);
			// 72 bytes for 576 samples at 8 kHz
			assert.equal((await sound.arrayBuffer()).byteLength, Math.ceil((20 * 8000) / 576) * 72);
			const details = (await stage.line.v1('GET', `/Calls/${String(call.sid)}.json`)).json;
			assert.equal(details.Call.RecordingUrl, recording);
		});

		it('names the message in the record of the call only when the details are filled in', async () => {
			await stage.line.control('PUT', '/quirks', { detailsDelaySeconds: 3_600 });
			const { call } = await ring([{ type: 'voicemail', text: 'Leave a message', messageSeconds: 20 }]);
			const record = async () => (await stage.line.v1('GET', `/Calls/${String(call.sid)}.json`)).json.Call;
			assert.deepEqual([(await record()).Status, (await record()).RecordingUrl], ['completed', '']);
			await stage.line.simulator.advance(3_600);
			assert.equal((await record()).RecordingUrl, call.recording.url);
		});

		it('has no recording when no message is left', async () => {
			stage.answers['/hello.wav'] = wav;
			const { call, lines } = await ring([
				{ type: 'voicemail', audioUrl: url('/hello.wav'), messageSeconds: 0 },
				after(),
			]);
			assert.deepEqual(lines, [`the sound ${url('/hello.wav')}`, 'a beep']);
			assert.deepEqual([asked().get('CallType'), asked().get('RecordingUrl')], ['voicemail', null]);
			assert.equal(call.recording, null);
		});

		it('follows a Connect that nobody answered; the outcome stays', async () => {
			stage.answers['/connect'] = json(numbers(agent('01')));
			const voicemail = { type: 'voicemail' };
			const { call, branches } = await ring([stage.connect('/connect', { nobodyAnswers: [voicemail, after()] })]);
			assert.deepEqual([call.outcome, branches], ['no-answer', ['nobodyAnswers']]);
			assert.deepEqual([asked().get('CallType'), asked().get('DialCallStatus')], ['voicemail', 'no-answer']);
			assert.ok(call.recording);
		});
	});

	it('ends the call with Hang up, in a branch as well', async () => {
		const { lines, moments, call } = await ring([say('hello'), { type: 'hangup' }, say('unheard')]);
		assert.deepEqual([lines, call.outcome, call.state], [['"hello"'], 'answered', 'ended']);
		assert.deepEqual(moments.slice(-4), ['greeting', 'hangup', 'hang-up', 'terminal']);
		const branch = await ring(
			[{ type: 'gather', prompt: 'Keys', keys: { 9: [{ type: 'hangup' }] } }, say('unheard')],
			{ digits: '9' },
		);
		assert.deepEqual(branch.lines, ['"Keys"']);
	});

	it('runs Passthru, Switch Case and Hang up after the caller has hung up, and nothing else', async () => {
		stage.answers['/connect'] = json(numbers(agent('04')));
		stage.answers['/pass'] = json('{"select":"log"}', 'text/plain');
		const { lines, branches } = await ring([
			stage.connect(),
			say('unheard'),
			{ type: 'voicemail' },
			{ type: 'gather', prompt: 'unheard' },
			{ type: 'passthru', url: url('/pass') },
			{
				type: 'switch-case',
				cases: { log: [{ type: 'passthru', url: url('/log') }, { type: 'hangup' }] },
			},
		]);
		assert.ok(!lines.some((line: string) => /unheard|beep/.test(line)));
		assert.deepEqual(branches, ['case log']);
		assert.equal(must(stage.at('/log')[0]).query.get('CallType'), 'client-hangup');
	});
});
