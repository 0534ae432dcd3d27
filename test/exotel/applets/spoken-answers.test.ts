/** The answers to Gather and Greeting: what goes out, what is refused, and what a caller hears without an answer. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
	ExotelError,
	fallbackAnswer,
	fallbackViolations,
	headAnswer,
	type AnswerInput,
	type Fallback,
} from '../../../exotel';
import { buildAnswer, checkedAnswer } from '../../../exotel/applets/build-answer';
import { checkAnswer } from '../../../exotel/applets/check-answer';
import { refused, runs } from '../samples';

const account = { defaultCountry: 'IN' };
const gather = { kind: 'gather', version: '1.0' } as const;
const greeting = { kind: 'greeting', version: null } as const;
const connect = { kind: 'connect', version: '1.0' } as const;
const passthru = { kind: 'passthru', version: null } as const;

const asks = (input: Record<string, unknown>) => buildAnswer(gather, { kind: 'gather', gather: input }, account);
const says = (input: Record<string, unknown>) => buildAnswer(greeting, { kind: 'greeting', greeting: input }, account);
const rulesOf = (error: ExotelError): string[] => error.violations.map(({ field, rule }) => `${field}: ${rule}`);
const json = (own: unknown) => checkedAnswer(gather, { httpStatus: 200, body: own });
const text = (own: unknown) => checkedAnswer(greeting, { httpStatus: 200, body: own });

describe('the answer to a Gather', () => {
	it('is the prompt as JSON, with what was filled in', () => {
		assert.deepEqual(asks({ promptText: 'Press 1.' }), {
			httpStatus: 200,
			headers: { 'content-type': 'application/json' },
			body: '{"gather_prompt":{"text":"Press 1."}}',
		});
		const every = {
			promptUrl: 'https://example.com/menu.wav',
			maxDigits: '4',
			finishOnKey: '*',
			keyTimeoutSeconds: 6,
			repeats: 2,
			repeatText: 'Again.',
		};
		assert.deepEqual(JSON.parse(asks(every).body), {
			gather_prompt: { audio_url: 'https://example.com/menu.wav' },
			max_input_digits: 4,
			finish_on_key: '*',
			input_timeout: 6,
			repeat_menu: 2,
			repeat_gather_prompt: { text: 'Again.' },
		});
		assert.equal(JSON.parse(asks({ promptText: 'a', finishOnKey: 'None' }).body).finish_on_key, '');
	});

	const wrong: [string, Record<string, unknown>, string[]][] = [
		['no prompt', {}, ['promptText: required']],
		['two prompts', { promptText: 'a', promptUrl: 'https://a.example/a.wav' }, ['promptUrl: one-of']],
		['a sound that is no address', { promptUrl: 'menu.wav' }, ['promptUrl: url']],
		['a sound that is no wav', { promptUrl: 'https://a.example/menu.mp3' }, ['promptUrl: audio']],
		['no keys', { promptText: 'a', maxDigits: 0 }, ['maxDigits: min']],
		['too many keys', { promptText: 'a', maxDigits: 256 }, ['maxDigits: max']],
		['two finish keys', { promptText: 'a', finishOnKey: '#*' }, ['finishOnKey: pattern']],
		['a finish key no phone has', { promptText: 'a', finishOnKey: 'A' }, ['finishOnKey: pattern']],
		['no time', { promptText: 'a', keyTimeoutSeconds: 0 }, ['keyTimeoutSeconds: min']],
		['fewer than no repeats', { promptText: 'a', repeats: -1 }, ['repeats: min']],
		['a repeated prompt without repeats', { promptText: 'a', repeatText: 'b' }, ['repeatText: depends-on']],
		[
			'two repeated prompts',
			{ promptText: 'a', repeats: 1, repeatText: 'b', repeatUrl: 'https://a.example/a.wav' },
			['repeatUrl: one-of'],
		],
		['an address as words', { promptText: 'https://a.example/a.wav' }, ['promptText: words']],
		['an address among words', { promptText: 'Hello\n HTTPS://a.example/a.wav' }, ['promptText: words']],
		[
			'an address as repeated words',
			{ promptText: 'a', repeats: 1, repeatText: 'http://a.example/a.wav' },
			['repeatText: words'],
		],
		['a field of another answer', { promptText: 'a', destinations: '9812345678' }, ['destinations: unknown']],
	];
	for (const [what, input, expected] of wrong) {
		it(`is refused with ${what}`, () => assert.deepEqual(rulesOf(refused(() => asks(input))), expected));
	}

	it('may be written by hand, with keys nobody knows and limits nobody states', () => {
		const own = { gather_prompt: { text: 'Bye.' }, max_input_digits: 0, voice: 'hi-IN' };
		assert.deepEqual(JSON.parse(json(own).body), own);
		assert.equal(json(JSON.stringify(own)).body, JSON.stringify(own));
		for (const [faulty, rules] of [
			[{}, ['gather_prompt: required']],
			[{ gather_prompt: {} }, ['gather_prompt: anyOf']],
			[{ gather_prompt: { text: ' ' } }, ['gather_prompt.text: pattern']],
			[{ gather_prompt: { text: 'Hello\nhttps://a.example/a.wav' } }, ['gather_prompt.text: not']],
			[{ gather_prompt: { audio_url: 'x' } }, ['gather_prompt.audio_url: pattern']],
			[{ gather_prompt: { text: 'a' }, finish_on_key: '12' }, ['finish_on_key: pattern']],
			[{ gather_prompt: { text: 'a' }, max_input_digits: '1' }, ['max_input_digits: type']],
			[{ destination: { numbers: [] } }, ['gather_prompt: required']],
		] as const) {
			assert.deepEqual(rulesOf(refused(() => json(faulty))), rules);
		}
		assert.match(refused(() => json({ gather_prompt: {} })).message, /needs a text or an audio_url/);
		const late = refused(() => checkedAnswer(gather, { httpStatus: 503, body: own }));
		assert.match(late.message, /A Gather applet takes an answer with the status 200 only/);
	});
});

describe('the answer to a Greeting', () => {
	it('is a text, or the address of a sound, under text/plain and nothing else', () => {
		const answer = { httpStatus: 200, headers: { 'content-type': 'text/plain' } };
		assert.deepEqual(says({ greetingText: ' नमस्ते. ' }), { ...answer, body: 'नमस्ते.' });
		const sound = 'https://example.com/welcome.wav';
		assert.deepEqual(says({ greetingUrl: sound }), { ...answer, body: sound });
	});

	it('is refused without words, or with what cannot be played', () => {
		assert.deepEqual(rulesOf(refused(() => says({}))), ['greetingText: required']);
		assert.deepEqual(rulesOf(refused(() => says({ greetingUrl: 'ftp://a/a.wav' }))), ['greetingUrl: url']);
		assert.deepEqual(rulesOf(refused(() => says({ greetingUrl: 'https://a.example/a.ogg' }))), [
			'greetingUrl: audio',
		]);
		assert.match(
			refused(() => says({})).message,
			/^Greeting \(text\) is missing\. Fill in a text or a sound file\. Example: /,
		);
	});

	it('is decided alike in a form and by hand', () => {
		const sound = 'https://a.example/1.wav';
		for (const [written, rule] of [
			[`Hello\n${sound}`, 'one-of'],
			['https://a.example/1.mp3', 'url'],
			[`${sound}\nhttps://a.example/2.ogg`, 'url'],
		] as const) {
			assert.deepEqual(rulesOf(refused(() => says({ greetingText: written }))), [`greetingText: ${rule}`]);
			assert.deepEqual(rulesOf(refused(() => text(written))), [`own: ${rule}`]);
		}
		for (const written of ['Hello,\nworld.', 'See https://a.example/1.mp3', ` ${sound} \n ${sound}`])
			assert.equal(says({ greetingText: written }).body, text(written).body);
	});

	it('may be written by hand: a text, or several sounds in a line each', () => {
		assert.equal(text('Hello,\nworld.').body, 'Hello,\nworld.');
		assert.equal(text(Buffer.from('Hello')).body, 'Hello');
		assert.equal(text(42).body, '42');
		const sounds = 'https://a.example/1.wav\n https://a.example/2.wav \n';
		assert.equal(text(sounds).body, 'https://a.example/1.wav\nhttps://a.example/2.wav');
		for (const [own, rules] of [
			['', ['own: required']],
			[null, ['own: required']],
			[{ text: 'a' }, ['own: text']],
			['https://a.example/1.wav\nHello', ['own: one-of']],
			['https://a.example/1.mp3', ['own: url']],
		] as const) {
			assert.deepEqual(rulesOf(refused(() => text(own))), rules, String(own));
		}
	});
});

describe('an answer of another kind', () => {
	it('is refused, with what the applet wants', () => {
		const kinds = ['connect', 'nobody', 'gather', 'greeting', 'branch', 'case'];
		const fitting = {
			connect: ['connect', 'nobody'],
			gather: ['gather'],
			greeting: ['greeting'],
			passthru: ['branch', 'case'],
		};
		for (const request of [connect, gather, greeting, passthru]) {
			for (const kind of kinds.filter((one) => !fitting[request.kind].includes(one))) {
				const error = refused(() => buildAnswer(request, { kind }, account));
				assert.deepEqual(rulesOf(error), ['answer: applet'], `${kind} to ${request.kind}`);
				assert.match(error.message, new RegExp(`from a ${request.kind} applet`, 'i'));
			}
		}
	});
});

describe('what a caller hears without an answer', () => {
	const usual: Fallback = { connect: 'nobody', numbers: '', branch: 'second' };
	const heard = (more: Partial<Fallback>) => [
		JSON.parse(fallbackAnswer({ ...usual, ...more }, gather, account).body),
		fallbackAnswer({ ...usual, ...more }, greeting, account).body,
	];

	it('is the usual words, or those of the form, once', () => {
		assert.deepEqual(heard({}), [{ gather_prompt: { text: 'Please press a key.' } }, 'One moment, please.']);
		assert.deepEqual(heard({ gather: ' Press 1. ', greeting: 'Hello.' }), [
			{ gather_prompt: { text: 'Press 1.' } },
			'Hello.',
		]);
		const sound = 'https://a.example/a.wav';
		assert.deepEqual(heard({ gather: sound, greeting: sound }), [{ gather_prompt: { audio_url: sound } }, sound]);
		// What is set for Connect is nothing these applets understand.
		assert.deepEqual(heard({ connect: 'url' }), heard({}));
	});

	it('is checked when it is saved, and never silence', () => {
		const fields = (more: Partial<Fallback>) =>
			fallbackViolations({ ...usual, ...more }, account).map(({ field }) => field);
		assert.deepEqual(fields({ gather: 'Press 1.', greeting: '' }), []);
		assert.deepEqual(fields({ greeting: 'https://a.example/1.wav\nhttps://a.example/2.wav' }), []);
		const mixed = 'Hello\nhttps://a.example/a.wav';
		assert.deepEqual(fields({ gather: mixed, greeting: mixed }), ['fallbackGather', 'fallbackGreeting']);
		const other = 'https://a.example/a.mp3';
		assert.deepEqual(fields({ gather: other, greeting: other }), ['fallbackGather', 'fallbackGreeting']);
		assert.deepEqual(heard({ gather: other, greeting: other }), heard({}));
	});

	it('is something Exotel accepts, whatever was saved', () => {
		const words = fc.oneof(
			fc.anything(),
			fc.string(),
			fc.constantFrom('https://x', 'https://a.example/a.wav', 'https:// '),
		);
		const property = fc.property(words, (said) => {
			const fallback = { ...usual, gather: said, greeting: said };
			assert.deepEqual(checkAnswer('gather', fallbackAnswer(fallback, gather, account).body), []);
			assert.notEqual(fallbackAnswer(fallback, greeting, account).body.trim(), '');
		});
		fc.assert(property, runs);
	});
});

it('the headers before a Greeting are those of its answer, without a text', () => {
	for (const [request, answer] of [
		[greeting, says({ greetingText: 'a' })],
		[gather, asks({ promptText: 'a' })],
		[connect, buildAnswer(connect, { kind: 'nobody' }, account)],
		[passthru, buildAnswer(passthru, { kind: 'branch', branch: 'first' } satisfies AnswerInput, account)],
	] as const) {
		assert.deepEqual(headAnswer(request), { ...answer, body: '' });
	}
});
