/** Gather and Greeting: what they request and what they make of an answer (the vendor's support pages). */
import assert from 'node:assert/strict';
import { startReceiver, type Receiver } from './client';
import { startDouble, type Double, type HearOptions } from './index';

describe('double: gather and greeting', () => {
	let double: Double;
	let receiver: Receiver;
	beforeEach(async () => {
		double = await startDouble();
		receiver = await startReceiver();
	});
	afterEach(() => Promise.all([double.close(), receiver.close()]));

	const answer = (body: unknown, type = 'application/json', status = 200): void =>
		void receiver.answers.push({
			status,
			headers: { 'Content-Type': type },
			body: typeof body === 'string' ? body : JSON.stringify(body),
		});
	const hear = (applet: HearOptions['applet'], more: Partial<HearOptions> = {}) =>
		double.hear(`${receiver.origin}/say?t=1`, { applet, ...more });

	it('requests a Gather by GET with the version of Connect', async () => {
		answer({ gather_prompt: { text: 'Press 1.' } });
		const { hears, maxDigits, finishOnKey, timeoutSeconds, repeats } = await hear('gather', { digits: '8' });
		assert.deepEqual([hears, maxDigits, finishOnKey, timeoutSeconds, repeats], [['Press 1.'], 255, '#', 5, 0]);
		const query = new URLSearchParams(receiver.got[0]?.query);
		assert.deepEqual([receiver.got.length, receiver.got[0]?.headers['exotel-version']], [1, '1.0']);
		assert.deepEqual([query.get('t'), query.get('digits'), query.get('CallStatus')], ['1', '"8"', 'in-progress']);
	});

	it('asks again as it is told', async () => {
		const prompt = { gather_prompt: { audio_url: 'https://a.example/a.wav' }, repeat_menu: 2, finish_on_key: '' };
		answer({ ...prompt, max_input_digits: 1, input_timeout: 8, repeat_gather_prompt: { text: 'Again.' } });
		const heard = await hear('gather');
		assert.deepEqual(heard.hears, ['https://a.example/a.wav', 'Again.', 'Again.']);
		assert.deepEqual([heard.maxDigits, heard.finishOnKey, heard.timeoutSeconds], [1, '', 8]);
	});

	it('takes no other answer to a Gather', async () => {
		for (const [body, type, reason] of [
			[{ destination: { numbers: [] } }, 'application/json', /gather_prompt/],
			[{ gather_prompt: { text: '' } }, 'application/json', /gather_prompt/],
			[{ gather_prompt: { text: 'a' }, max_input_digits: '1' }, 'application/json', /whole number/],
			[{ gather_prompt: { text: 'a' }, finish_on_key: '##' }, 'application/json', /finish_on_key/],
			[{ gather_prompt: { text: 'a' } }, 'text/plain', /Content-Type/],
			['{', 'application/json', /gather_prompt/],
		] as const) {
			answer(body, type);
			const { hears, reasons } = await hear('gather');
			assert.deepEqual(hears, []);
			assert.match(reasons.join(), reason);
		}
	});

	it('requests a Greeting by HEAD and then by GET, without a version', async () => {
		for (const body of ['', 'Welcome.']) answer(body, 'text/plain');
		const { hears, reasons } = await hear('greeting', { customField: 'order 7' });
		assert.deepEqual([hears, reasons], [['Welcome.'], []]);
		assert.deepEqual(
			receiver.got.map(({ method, headers }) => [method, headers['exotel-version']]),
			[
				['HEAD', undefined],
				['GET', undefined],
			],
		);
		const names = [...new URLSearchParams(receiver.got[1]?.query).keys()];
		assert.deepEqual(names, ['t', 'CallSid', 'DialWhomNumber', 'From', 'To', 'CustomField']);
	});

	it('plays the sounds of a Greeting one after the other', async () => {
		const sounds = ['https://a.example/1.wav', 'https://a.example/2.wav'];
		for (const body of ['', sounds.join('\n')]) answer(body, 'text/plain');
		assert.deepEqual((await hear('greeting')).hears, sounds);
	});

	it('takes no other answer to a Greeting', async () => {
		for (const [head, body, type, reason] of [
			['text/plain', 'a', 'text/plain; charset=utf-8', /nothing else/],
			['text/html', 'a', 'text/plain', /another Content-Type/],
			['text/plain', ' ', 'text/plain', /nothing to read out/],
		] as const) {
			answer('', head);
			answer(body, type);
			assert.match((await hear('greeting')).reasons.join(), reason);
		}
		answer('', 'text/plain', 405);
		answer('a', 'text/plain');
		assert.match((await hear('greeting')).reasons.join(), /HEAD is answered with 405/);
	});
});
