/** Seed 002, Connect applet: each documented request, rule of the answer and limit, with the line it comes from. */
import assert from 'node:assert/strict';
import { ACCOUNT, EXOPHONE, Line } from '../telephone-line';
import { agent, CUSTOMER, FlowStage, json, numbers, wav } from '../flow-stage';
import { DocumentedLines } from './lines';
import { must } from '../must';
import { settingsFrom } from '../../../simulator/model/options';

const NAIVE = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/;

describe('simulator: seed 002 line by line', () => {
	let stage: FlowStage;
	beforeEach(async () => {
		stage = await FlowStage.open();
		await stage.setFlow([stage.connect(), { type: 'passthru', url: `${stage.receiver.url}/after` }]);
	});
	afterEach(() => stage.close());
	const lines = new DocumentedLines('seed 002');
	const documented = lines.case;

	/** One incoming call with this Connect answer. */
	const call = (answer: unknown, from = CUSTOMER): Promise<any> => {
		stage.answers['/connect'] = json(answer);
		return stage.ringIn({ from });
	};
	/** What the next applet was told after one call. */
	const after = async (answer: unknown, from = CUSTOMER): Promise<URLSearchParams> => {
		await call(answer, from);
		return must(stage.at('/after').at(-1)).query;
	};
	const asked = (index = 0): URLSearchParams => must(stage.at('/connect')[index]).query;
	const rung = (view: any): string[] =>
		view.timeline.filter(({ type }: any) => type === 'dial').map(({ detail }: any) => detail as string);
	const hears = (view: any): string => view.heard.map((entry: any) => entry.line as string).join('\n');
	/** The answer is refused for this reason, and nobody is rung. */
	const refused = async (answer: unknown, reason: RegExp): Promise<void> => {
		const view = await call(answer);
		assert.equal(view.questions[0].accepted, false, JSON.stringify(answer));
		assert.match(view.questions[0].reasons.join(), reason);
		assert.deepEqual(rung(view), []);
	};
	const noted = async (answer: unknown): Promise<string> => (await call(answer)).questions[0].notes.join();

	describe('request', () => {
		documented('with the call details as URL-encoded HTTP query parameters.', async () => {
			await call(numbers(agent('10')));
			assert.equal(must(stage.at('/connect')[0]).method, 'GET');
			assert.match(must(stage.at('/connect')[0]).rawQuery, /Created=2026-11-21\+10%3A00%3A00/);
		});
		documented('Current Version: 1.0', async () => {
			await call(numbers(agent('10')));
			assert.equal(must(stage.at('/connect')[0]).headers['exotel-version'], '1.0');
		});
		documented('Possible values: ‘incoming’ or ‘outbound-dial’', async () => {
			await call(numbers(agent('10')));
			assert.equal(asked().get('Direction'), 'incoming');
			await stage.line.placed({ To: '', Url: 'http://my.exotel.com/Exotel/exoml/start_voice/926' });
			await stage.line.simulator.advance(60);
			assert.equal(asked(1).get('Direction'), 'outbound-dial');
		});
		for (const [name, quote] of [
			['Created', 'Timestamp when the call is created'],
			['StartTime', 'Timestamp when the call is started'],
			['CurrentTime', 'Current server time'],
		] as const)
			documented(quote, async () => {
				await call(numbers(agent('10')));
				assert.match(asked().get(name) ?? '', NAIVE);
			});
		documented('till it is over (including conversation time).', async () => {
			assert.equal((await after(numbers(agent('10')))).get('DialCallDuration'), '10');
			assert.equal(asked().get('DialCallDuration'), '0');
		});
		documented('1970-01-01 05:30:00', async () => {
			await call(numbers(agent('10')));
			assert.equal(asked().get('EndTime'), '1970-01-01 05:30:00');
		});
		documented('IVR only, no connect applet', async () => {
			await stage.setFlow([
				{ type: 'gather', prompt: 'Press', digits: '1' },
				{ type: 'passthru', url: `${stage.receiver.url}/after` },
			]);
			await stage.ringIn();
			assert.equal(must(stage.at('/after')[0]).query.get('CallType'), 'call-attempt');
		});
		documented('Call conversation happened', async () =>
			assert.equal((await after(numbers(agent('10')))).get('CallType'), 'completed'),
		);
		documented('The client hung up during connect applet', async () =>
			assert.equal((await after(numbers(agent('04')))).get('CallType'), 'client-hangup'),
		);
		documented('Connect applet, no agent picked up', async () => {
			assert.equal((await after(numbers(agent('01')))).get('CallType'), 'incomplete');
			await call({ ...numbers(agent('01')), fetch_after_attempt: true });
			assert.deepEqual(
				stage
					.at('/connect')
					.slice(-2)
					.map(({ query }) => query.get('CallType')),
				['call-attempt', 'incomplete'],
				'also when it is fetched again after an attempt',
			);
		});
		documented('Shows the number of the agent who was dialed to last', async () => {
			const query = await after(numbers(agent('01'), agent('02')));
			assert.equal(query.get('DialWhomNumber'), '09812345702');
		});
		for (const [name, quote, value] of [
			['CallFrom', 'the number from which the call is received', '09812345670'],
			['CallTo', 'the number where the call landed.', EXOPHONE],
			['flow_id', 'Flow id associated with the call', '926'],
		] as const)
			documented(quote, async () => {
				await call(numbers(agent('10')));
				assert.equal(asked().get(name), value);
			});
		documented('it is the ExoPhone into which the call came.', async () => {
			await call(numbers(agent('10')));
			assert.deepEqual([asked().get('To'), asked().get('CallTo')], [EXOPHONE, EXOPHONE]);
			const elsewhere = { from: CUSTOMER, to: '08011112222', flow: '926', account: ACCOUNT };
			const answer = await stage.line.control('POST', '/inbound', elsewhere);
			assert.equal(answer.status, 400, 'no ExoPhone of the account');
			assert.match(answer.json.error, /^to must be an ExoPhone of account Exotel: 08047112233, /);
		});
		documented('what happened with the second leg of the call', async () => {
			const words: unknown[] = [];
			for (const digits of ['10', '02', '01', '03', '04'])
				words.push((await after(numbers(agent(digits)))).get('DialCallStatus'));
			assert.deepEqual(words, ['completed', 'busy', 'no-answer', 'failed', 'canceled']);
			assert.equal(asked().has('DialCallStatus'), false);
		});
		documented('comes with a double quote (") before and after the number.', async () => {
			await stage.setFlow([{ type: 'gather', prompt: 'Press', digits: '42' }, stage.connect()]);
			await call(numbers(agent('10')));
			assert.equal(asked().get('digits'), '"42"');
		});
		documented('the value that was passed in CustomField in the API call will be set here.', async () => {
			const Url = 'http://my.exotel.com/Exotel/exoml/start_voice/926';
			await stage.line.placed({ To: '', Url, CustomField: 'order 7' });
			await stage.line.simulator.advance(60);
			assert.equal(asked().get('CustomField'), 'order 7');
		});
	});

	describe('answer', () => {
		documented('dial attempt to happen based on the initial response.', async () => {
			await call({ ...numbers(agent('01')), fetch_after_attempt: false });
			await call(numbers(agent('01')));
			assert.equal(stage.at('/connect').length, 2);
			await refused({ ...numbers(agent('01')), fetch_after_attempt: 'no' }, /fetch_after_attempt/);
		});
		documented('should be fetched again (hit the configured URL again)', async () => {
			const rounds = ['01', '02', '10'];
			stage.answers['/connect'] = (received, response) => {
				const answer = { ...numbers(agent(rounds.shift() ?? '10')), fetch_after_attempt: true };
				json(answer)(received, response);
			};
			const view = await stage.ringIn();
			assert.deepEqual(rung(view), ['01', '02', '10'].map(agent));
			assert.equal(stage.at('/connect').length, 3);
		});
		documented('exactly the same set of destination numbers', async () => {
			const orders = [
				[agent('01'), agent('02')],
				[agent('02'), agent('01')],
			];
			stage.answers['/connect'] = (received, response) => {
				json({ ...numbers(...(orders.shift() ?? [])), fetch_after_attempt: true })(received, response);
			};
			const view = await stage.ringIn();
			assert.equal(rung(view).length, 2);
			assert.ok(view.timeline.some(({ type }: any) => type === 'fetch-stopped'));
		});
		documented('it’ll include <connect> params from the previous dial attempts.', async () => {
			await call({ ...numbers(agent('02')), fetch_after_attempt: true });
			assert.deepEqual([asked(1).get('DialCallStatus'), asked(1).get('DialWhomNumber')], ['busy', '09812345702']);
		});
		documented('The dial will happen in the order they appear in the array.', async () => {
			const order = [agent('02'), agent('01'), agent('10')];
			assert.deepEqual(rung(await call(numbers(...order))), order);
		});
		documented('The ExoPhone added should be present in your account.', async () => {
			assert.match(
				await noted({ ...numbers(agent('10')), outgoing_phone_number: '+918099999999' }),
				/no ExoPhone/,
			);
			assert.equal(await noted({ ...numbers(agent('10')), outgoing_phone_number: '+918047112233' }), '');
		});
		documented('another call can only be dial-ed out from the same telecom circle/region.', async () => {
			const exoPhones = [EXOPHONE, '01130801234'];
			const own = await FlowStage.open({ accounts: [{ sid: ACCOUNT, key: 'key', token: 'token', exoPhones }] });
			try {
				await own.setFlow([own.connect()]);
				own.answers['/connect'] = json({ ...numbers(agent('10')), outgoing_phone_number: '+911130801234' });
				const [request] = (await own.ringIn()).questions;
				assert.match(request.notes.join(), /circle DL, .* in KA; the incoming ExoPhone is used/);
			} finally {
				await own.close();
			}
		});
		documented('true/false; Record the call or not', async () => {
			const recorded = async (record?: boolean) =>
				Boolean((await call({ ...numbers(agent('10')), record })).call.recording);
			assert.deepEqual([await recorded(), await recorded(false), await recorded(true)], [false, false, true]);
			await refused({ ...numbers(agent('10')), record: 'yes' }, /record must be true or false/);
		});
		documented('To record the caller and callee in separate channels', () =>
			refused(
				{ ...numbers(agent('10')), recording_channels: 'triple' },
				/recording_channels must be single or dual/,
			),
		);
		const ringsFor = async (answer: Record<string, unknown>): Promise<number> =>
			(await call({ ...numbers(agent('01')), ...answer })).call.legs[1].ringingSeconds;
		documented('This can be increased up to 60 seconds.', async () => {
			assert.equal(await ringsFor({ max_ringing_duration: 60 }), 60);
			assert.equal(await ringsFor({ max_ringing_duration: 61 }), 60);
			assert.match(await noted({ ...numbers(agent('01')), max_ringing_duration: 61 }), /at most 60/);
			for (const max_ringing_duration of ['45', 0, 1.5])
				await refused({ ...numbers(agent('01')), max_ringing_duration }, /max_ringing_duration/);
		});
		documented('default = 30', async () => assert.equal(await ringsFor({}), 30));
		documented('This can be increased up to 75 minutes (4500 s).', async () => {
			const talked = async (max_conversation_duration: number) =>
				(await call({ ...numbers(agent('10')), max_conversation_duration })).call.talkSeconds;
			assert.equal(await talked(2), 2);
			const over = { ...numbers(agent('10')), max_conversation_duration: 4501 };
			const checked = await stage.line.control('POST', '/check-answer', { body: over });
			assert.equal(checked.json.plan.conversationSeconds, 4500);
			assert.match(await noted(over), /at most 4500/);
			await refused({ ...over, max_conversation_duration: 'long' }, /max_conversation_duration/);
		});
		documented('default = 900 (15 minutes)', async () => {
			const checked = await stage.line.control('POST', '/check-answer', { body: numbers(agent('10')) });
			assert.equal(checked.json.plan.conversationSeconds, 900);
		});
		const tone = (type: string, value?: string) => ({ ...numbers(agent('10')), music_on_hold: { type, value } });
		documented('custom_tone: Audio URL as provided in the response.', async () => {
			const url = `${stage.receiver.url}/tone.wav`;
			stage.answers['/tone.wav'] = (_received, response) => response.end(wav({ rate: 8000, channels: 1 }));
			assert.match(hears(await call(tone('custom_tone', url))), new RegExp(`music on hold from ${url}`));
			await refused(tone('custom_tone'), /music_on_hold\.value is needed/);
		});
		documented('operator_tone: Audio returned by the operator', async () => {
			assert.match(hears(await call(tone('operator_tone'))), /^the operator's ringing tone/);
			assert.match(hears(await call(numbers(agent('10')))), /^Exotel's music on hold/, 'default');
			await refused(tone('silence'), /music_on_hold\.type/);
		});
		const parallel = (max_parallel_attempts?: unknown) => ({
			...numbers(...Array.from({ length: 12 }, (_, index) => agent(String(30 + index)))),
			parallel_ringing: { activate: true, max_parallel_attempts },
		});
		const atOnce = async (given?: unknown) =>
			(await stage.line.control('POST', '/check-answer', { body: parallel(given) })).json.plan.atOnce;
		documented('This will dial all the numbers returned under the destination parameter.', async () => {
			assert.deepEqual(
				rung(await call({ ...numbers(agent('01'), agent('02')), ...{ parallel_ringing: { activate: true } } })),
				[agent('01'), agent('02')],
			);
		});
		documented('max_parallel_attempts value can be between 1-10. Default: 5', async () => {
			assert.deepEqual([await atOnce(), await atOnce(1), await atOnce(10), await atOnce(11)], [5, 1, 10, 10]);
			assert.match(await noted(parallel(11)), /at most 10/);
			for (const given of [0, '5']) await refused(parallel(given), /max_parallel_attempts/);
		});
		documented('will be requested for dial start and dial end events.', async () => {
			const dial_passthru_event_url = `${stage.receiver.url}/popup`;
			await call({ ...numbers(agent('10')), dial_passthru_event_url });
			const types = stage.at('/popup').map(({ query }) => query.get('EventType')?.trim());
			assert.deepEqual([types[0], types.at(-1)], ['Dial', 'Terminal']);
			await refused({ ...numbers(agent('10')), dial_passthru_event_url: 'popup' }, /dial_passthru_event_url/);
		});
		const playback = (fields: Record<string, unknown>) => ({
			...numbers(agent('10')),
			start_call_playback: fields,
		});
		documented('Play a recording to the number that is being called', async () => {
			const text = { type: 'text', value: 'hello, this is a sample text' };
			assert.match(hears(await call(playback({ ...text, playback_to: 'callee' }))), /a short silence/);
			assert.match(
				hears(await call(playback({ ...text, playback_to: 'both' }))),
				/"hello, this is a sample text"/,
			);
			await refused(playback({ ...text, playback_to: 'caller' }), /playback_to must be both or callee/);
			await refused(playback({ ...text, type: 'song' }), /type must be audio_url or text/);
			await refused(playback({ playback_to: 'both', type: 'text' }), /value is needed/);
		});
		documented('Sample Rate = 8 kHz', async () => {
			const value = `${stage.receiver.url}/hello.wav`;
			const sound = (rate: number, channels: number) =>
				(stage.answers['/hello.wav'] = (_received, response) => response.end(wav({ rate, channels })));
			sound(44_100, 2);
			assert.match(
				await noted(playback({ type: 'audio_url', value })),
				/44100 Hz, 16 bit, 2 channels; documented/,
			);
			sound(8000, 1);
			assert.equal(await noted(playback({ type: 'audio_url', value })), '');
		});
	});

	describe('fallback', () => {
		/** The primary URL answers so: the fallback is requested, and its number rung. */
		const fallsBack = async (reason: RegExp): Promise<void> => {
			stage.answers['/second'] = json(numbers(agent('10')));
			await stage.setFlow([stage.connect('/connect', { fallbackUrl: `${stage.receiver.url}/second` })]);
			const view = await stage.ringIn();
			assert.deepEqual(
				view.questions.map(({ source, accepted }: any) => [source, accepted]),
				[
					['primary', false],
					['fallback', true],
				],
			);
			assert.match(view.questions[0].reasons.join(), reason);
			assert.deepEqual(rung(view), [agent('10')]);
		};
		const good = numbers(agent('10'));
		documented('Primary URL does not return HTTP 200 OK', async () => {
			for (const status of [201, 404, 500]) {
				stage.answers['/connect'] = json(good, 'application/json', status);
				await fallsBack(new RegExp(`the status is ${status}`));
			}
		});
		documented('doesn’t return within the timeout period (5 seconds)', async () => {
			// the same limit, shorter: nobody waits 5 s for a test
			const hasty = await Line.open({ answerTimeoutMs: 50 });
			try {
				stage.answers['/connect'] = () => undefined;
				stage.answers['/second'] = json(good);
				const applets = [stage.connect('/connect', { fallbackUrl: `${stage.receiver.url}/second` })];
				hasty.simulator.setFlow('1', { applets });
				const sid = hasty.simulator.inbound({ from: CUSTOMER, to: EXOPHONE, flow: '1' });
				await hasty.simulator.advance(60);
				const view = await hasty.view(sid);
				assert.match(view.questions[0].reasons.join(), /no answer within 0\.05 s/);
				assert.deepEqual(rung(view), [agent('10')]);
			} finally {
				await hasty.close();
			}
			assert.equal(settingsFrom({}).answerTimeoutMs, 5000);
		});
		documented('Content-Type should be application/JSON', async () => {
			stage.answers['/connect'] = json(good, 'text/plain');
			await fallsBack(/Content-Type is text\/plain/);
		});
		documented('Mandatory parameters are present', async () => {
			for (const body of [{}, { destination: {} }, { destination: { numbers: agent('10') } }]) {
				stage.answers['/connect'] = json(body);
				await fallsBack(/destination\.numbers is mandatory/);
			}
		});
		documented('should be HTTP/HTTPS and returns 200 HTTP code', async () => {
			const sound = (value: string) => json({ ...good, start_call_playback: { type: 'audio_url', value } });
			stage.answers['/gone.wav'] = json('', 'text/plain', 404);
			stage.answers['/connect'] = sound(`${stage.receiver.url}/gone.wav`);
			await fallsBack(/answers 404; it must answer 200/);
			stage.answers['/connect'] = sound('ftp://example.com/hello.wav');
			await fallsBack(/must be an http or https URL/);
		});
	});

	describe('next applet', () => {
		/** Where the call goes on. */
		const goesOn = async (more: Record<string, unknown> = {}): Promise<string[]> => {
			stage.receiver.received.length = 0;
			const to = (path: string) => [{ type: 'passthru', url: `${stage.receiver.url}/${path}` }];
			const branches = {
				afterConversation: to('ends'),
				nobodyAnswers: to('nobody'),
				didNotDial: to('not-dialled'),
			};
			await stage.setFlow([stage.connect('/connect', { ...branches, ...more })]);
			await stage.ringIn();
			return stage.receiver.received.map(({ path }) => path).filter((path) => !/connect|second/.test(path));
		};
		documented('After the call conversation ends:', async () => {
			stage.answers['/connect'] = json(numbers(agent('10')));
			assert.deepEqual(await goesOn(), ['/ends']);
		});
		documented('If nobody answers:', async () => {
			stage.answers['/connect'] = json(numbers(agent('01')));
			assert.deepEqual(await goesOn(), ['/nobody']);
		});
		documented('If no applet is present in "we didn\'t dial anyone"', async () => {
			stage.answers['/connect'] = json(numbers());
			assert.deepEqual(await goesOn({ didNotDial: undefined }), ['/nobody']);
		});
		documented('times out or returns non-2xx response code.', async () => {
			stage.answers['/connect'] = stage.answers['/second'] = json('', 'text/plain', 503);
			assert.deepEqual(await goesOn({ fallbackUrl: `${stage.receiver.url}/second` }), ['/not-dialled']);
		});
		documented('doesn’t return a valid payload.', async () => {
			stage.answers['/connect'] = stage.answers['/second'] = json('{');
			assert.deepEqual(await goesOn({ fallbackUrl: `${stage.receiver.url}/second` }), ['/not-dialled']);
		});
		documented('If the number to dial returned is in invalid format.', async () => {
			for (const number of ['09812345710', 'nobody', 'sip:asha']) {
				stage.answers['/connect'] = json(numbers(number));
				assert.deepEqual(await goesOn(), ['/not-dialled'], number);
			}
		});
		documented('If an empty number (destination) is returned', async () => {
			for (const body of [numbers(), numbers('')]) {
				stage.answers['/connect'] = json(body);
				assert.deepEqual(await goesOn(), ['/not-dialled']);
			}
		});
	});

	lines.complete();
});
