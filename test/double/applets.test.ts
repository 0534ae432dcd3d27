/** The applets: what they ask (seeds 002, 003, 000) and what they make of an answer. */
import assert from 'node:assert/strict';
import { startDouble, type AskOptions, type Double } from './index';
import { people, startReceiver, type Receiver } from './client';
import { sampleJson, sampleText, shape } from './samples';

describe('double: applets', () => {
	let double: Double;
	let receiver: Receiver;
	beforeEach(async () => {
		double = await startDouble();
		receiver = await startReceiver();
	});
	afterEach(() => Promise.all([double.close(), receiver.close()]));

	const answer = (body: unknown, status = 200, type = 'application/json'): void => {
		receiver.answers.push({
			status,
			headers: { 'Content-Type': type },
			body: typeof body === 'string' ? body : JSON.stringify(body),
		});
	};
	const ask = (options: Partial<AskOptions> = {}): ReturnType<Double['ask']> =>
		double.ask(`${receiver.origin}/connect?t=1`, { applet: 'connect-1.0', ...options });
	const asked = (): URLSearchParams => new URLSearchParams(receiver.got.at(-1)?.query);

	it('asks for Connect 1.0 with the parameters of the table, in its order (seed 002)', async () => {
		await ask({ digits: '89', customField: 'order 7', dialCallStatus: 'no-answer' });
		const [request] = receiver.got;
		assert.equal(request?.method, 'GET');
		assert.equal(request?.rawHeaders[request.rawHeaders.indexOf('Exotel-Version') + 1], '1.0');
		assert.deepEqual(
			[...asked().keys()],
			[
				't',
				'CallSid',
				'CallFrom',
				'CallTo',
				'Direction',
				'Created',
				'DialCallDuration',
				'StartTime',
				'EndTime',
				'CallType',
				'DialWhomNumber',
				'flow_id',
				'From',
				'To',
				'CurrentTime',
				'DialCallStatus',
				'digits',
				'CustomField',
			],
		);
		assert.equal(asked().get('digits'), '"89"');
		assert.match(request?.query ?? '', /&digits=%2289%22&/);
		assert.equal(asked().get('EndTime'), '1970-01-01 05:30:00');
		assert.equal(asked().get('Direction'), 'incoming');
	});

	it('asks for Connect 1.1 with its header and without CallFrom and CallTo (seed 003)', async () => {
		await ask({ applet: 'connect-1.1' });
		assert.ok(receiver.got[0]?.rawHeaders.includes('exotel-version'));
		assert.equal(receiver.got[0]?.headers['exotel-version'], '1.1');
		assert.deepEqual([asked().has('CallFrom'), asked().has('From')], [false, true]);
	});

	it('asks about a call it knows, and as told', async () => {
		const call = double.addCall({
			from: people.agent,
			to: people.customer,
			exoPhone: '+918045680001',
			customField: 'c',
		});
		await ask({ call: call.sid, from: people.agent, params: { tenant_id: '1' }, omit: ['flow_id'], plus: 'raw' });
		assert.deepEqual(
			[asked().get('CallSid'), asked().get('Direction'), asked().get('CustomField')],
			[call.sid, 'outbound-dial', 'c'],
		);
		assert.match(receiver.got[0]?.query ?? '', /&From=\+919812300002&/);
		assert.deepEqual([asked().get('tenant_id'), asked().has('flow_id')], ['1', false]);
	});

	it('dials what the samples of the seeds answer', async () => {
		answer(sampleJson('002-answer.json'));
		assert.deepEqual((await ask()).dialled, ['+919812345678']);
		// The numbers of seed 003 are masked.
		answer(sampleText('003-answer.json').replace(/x{5}/g, '00000'));
		const verdict = await ask({ applet: 'connect-1.1' });
		assert.deepEqual(
			verdict.dialled,
			['+919876500000', 'sip:gauravjfb55d386', '+919786400000'],
			verdict.reasons.join(),
		);
	});

	const destination = { numbers: ['+919812345678'] };
	const nobody: Array<[string, unknown, RegExp, number?, string?]> = [
		['another status', { destination }, /HTTP 201/, 201],
		['another content type', { destination }, /Content-Type/, 200, 'text/html'],
		['no JSON', 'hello', /no JSON object/],
		['no destination', {}, /destination is mandatory/],
		['an empty destination', { destination: { numbers: [] } }, /empty/],
		['a national number', { destination: { numbers: ['09812345678'] } }, /E\.164/],
		['61 seconds of ringing', { destination, max_ringing_duration: 61 }, /max_ringing_duration/],
		['76 minutes of talk', { destination, max_conversation_duration: 4560 }, /max_conversation_duration/],
		['seconds as a text', { destination, max_ringing_duration: '30' }, /max_ringing_duration/],
		['record as a text', { destination, record: 'true' }, /record/],
		['three channels', { destination, recording_channels: 'triple' }, /recording_channels/],
		[
			'eleven attempts',
			{ destination, parallel_ringing: { activate: true, max_parallel_attempts: 11 } },
			/max_parallel/,
		],
		['music without an address', { destination, music_on_hold: { type: 'custom_tone' } }, /music_on_hold/],
		['a playback for nobody', { destination, start_call_playback: { type: 'text', value: 'a' } }, /playback_to/],
		['the destination of 1.1', { destination: [{ contact_uri: '+919812345678' }] }, /numbers must be an array/],
	];
	for (const [what, body, reason, status, type] of nobody) {
		it(`dials nobody after ${what}`, async () => {
			answer(body, status, type);
			const { dialled, reasons } = await ask();
			assert.deepEqual(dialled, []);
			assert.match(reasons.join('; '), reason);
		});
	}

	it('dials nobody when the answer is late, and asks the fallback (seed 002, "Fallback URL")', async () => {
		receiver.answers.push(null);
		answer({ destination });
		const verdict = await ask({ timeoutMs: 300, fallback: `${receiver.origin}/fallback` });
		assert.deepEqual([verdict.dialled, verdict.usedFallback], [destination.numbers, true]);
		assert.match(verdict.reasons[0] ?? '', /time-out/);
		answer({ destination: { numbers: [] } });
		assert.equal((await ask({ fallback: `${receiver.origin}/fallback` })).usedFallback, false);
	});

	it('takes an ExoPhone of the account only, wants the audio there and the numbers new', async () => {
		answer({ destination, outgoing_phone_number: '+911130830002', fetch_after_attempt: true });
		const owned = await ask();
		assert.deepEqual([owned.callerId, owned.fetchAfterAttempt], ['+911130830002', true]);
		answer({ destination, outgoing_phone_number: '+911130839999' });
		const foreign = await ask();
		assert.deepEqual([foreign.callerId, foreign.dialled], [null, destination.numbers]);
		answer({ destination, music_on_hold: { type: 'custom_tone', value: `${receiver.origin}/a.wav` } });
		receiver.answers.push({ status: 404 });
		assert.deepEqual((await ask()).dialled, []);
		answer({ destination });
		assert.deepEqual((await ask({ previous: destination.numbers })).dialled, []);
	});

	it('dials no agent whose device is off or busy (seed 003, "We didn\'t dial anyone")', async () => {
		const agent = double.account.agents[0];
		if (agent !== undefined) agent.device = 'off';
		answer({ destination: [{ contact_uri: '+919953100001' }, { contact_uri: '+919812345678' }] });
		assert.deepEqual((await ask({ applet: 'connect-1.1' })).dialled, ['+919812345678']);
	});

	it('reads the branch of a Passthru from the status, and follows no redirect', async () => {
		receiver.answers.push({ status: 302, headers: { Location: '/elsewhere' } });
		assert.equal((await ask({ applet: 'passthru' })).branch, 'B');
		answer('{"select":"sales"}', 200, 'text/plain');
		const first = await ask({ applet: 'passthru' });
		assert.deepEqual([first.branch, first.select, receiver.got.length], ['A', 'sales', 2]);
		assert.equal(receiver.got[0]?.headers['exotel-version'], undefined);
	});

	it('tells of an agent by GET with the parameters of the table (seed 000)', async () => {
		await double.agentEvent(receiver.origin, { event: 'dial', agent: people.agent, from: '09812300003' });
		assert.equal(receiver.got[0]?.method, 'GET');
		const told = Object.fromEntries(asked());
		assert.deepEqual(Object.keys(told), [
			'CallSid',
			'CallFrom',
			'CallTo',
			'Direction',
			'Created',
			'From',
			'To',
			'CurrentTime',
			'DialWhomNumber',
			'Status',
			'EventType',
		]);
		assert.deepEqual(
			[told.Direction, told.CallTo, told.To, told.DialWhomNumber, told.Status, told.EventType],
			['outbound-dial', '08045680001', '08045680001', people.agent, 'busy', ' Dial'],
		);
		await double.agentEvent(receiver.origin, { event: 'terminal', agent: people.agent });
		assert.deepEqual([asked().get('Status'), asked().get('EventType')], ['free', 'Terminal']);
	});

	it('tells of an agent by JSON as the sample (seed 003)', async () => {
		// The agent of the sample has ten bare digits.
		const { sent } = await double.agentEvent(receiver.origin, {
			surface: 'call-event',
			event: 'terminal',
			agent: '9968654311',
		});
		assert.equal(receiver.got[0]?.method, 'POST');
		assert.deepEqual(shape(JSON.parse(sent)), shape(sampleJson('003-call-event.json')));
	});
});
