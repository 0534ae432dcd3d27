/** An answer goes out without what is optional and wrong in it; what it is about is never left out (decision 055). */
import assert from 'node:assert/strict';
import { ExotelError, usableAnswer, usableOwnAnswer } from '../../../exotel';
import { counted, withFields } from '../counted';
import { refused } from '../samples';

const account = { defaultCountry: 'IN' };
const connect = { kind: 'connect', version: '1.0' } as const;
const gather = { kind: 'gather', version: '1.0' } as const;
const greeting = { kind: 'greeting', version: null } as const;
const passthru = { kind: 'passthru', version: null } as const;
const one = { destinations: '+919812345678' };
const destination = { numbers: ['+919812345678'] };

const connected = (input: Record<string, unknown>) =>
	usableAnswer(connect, { kind: 'connect', connect: { ...one, ...input } }, account);
const fieldsOf = (error: ExotelError | null): string[] => (error?.violations ?? []).map(({ field }) => field);

describe('an answer with a field that is wrong', () => {
	it('goes out whole when nothing is wrong', () => {
		const { answer, refused: none } = connected({ ringTimeSeconds: 20 });
		assert.deepEqual([JSON.parse(answer.body), none], [{ destination, max_ringing_duration: 20 }, null]);
	});

	const left: [string, Record<string, unknown>, object, string[]][] = [
		[
			'a time out of range',
			{ ringTimeSeconds: 61, record: true },
			{ destination, record: true },
			['ringTimeSeconds'],
		],
		['an ExoPhone that is none', { outgoingExoPhone: 'x' }, { destination }, ['outgoingExoPhone']],
		['music without its address', { musicOnHold: 'custom_tone' }, { destination }, ['musicOnHoldUrl']],
		[
			'a field that is only in the other version',
			{ stickyAgent: true, ringTimeSeconds: 20 },
			{ destination, max_ringing_duration: 20 },
			['stickyAgent'],
		],
		['a field nobody knows', { colour: 'red' }, { destination }, ['colour']],
		[
			'an announcement: then nobody is recorded either',
			{ playbackUrl: 'x', record: true },
			{ destination },
			['playbackUrl'],
		],
	];
	for (const [what, input, body, fields] of left) {
		it(`goes out without ${what}`, () => {
			const { answer, refused: error } = connected(input);
			assert.deepEqual(JSON.parse(answer.body), body);
			assert.deepEqual(fieldsOf(error), fields);
			assert.match(error?.hint ?? '', /The caller got the answer without it/);
		});
	}

	it('is refused when what it is about is wrong', () => {
		for (const destinations of ['x', '', '+919812345678, x', '+919812345678, sip:agent1']) {
			assert.ok(fieldsOf(refused(() => connected({ destinations, ringTimeSeconds: 61 }))).length > 0);
		}
		assert.deepEqual(
			fieldsOf(refused(() => usableAnswer(gather, { kind: 'gather', gather: { maxDigits: 0 } }, account))),
			['maxDigits', 'promptText'],
		);
		assert.deepEqual(fieldsOf(refused(() => usableAnswer(connect, { kind: 'branch', branch: 'first' }, account))), [
			'answer',
		]);
		assert.deepEqual(
			fieldsOf(refused(() => usableAnswer(passthru, { kind: 'branch', branch: 'third' }, account))),
			['branch'],
		);
		assert.deepEqual(fieldsOf(refused(() => usableAnswer(connect, { kind: 'whoever' }, account))), ['answer']);
	});

	it('is refused with two prompts or two greetings: neither is left out', () => {
		const sound = 'https://a.example/a.wav';
		const prompts = { promptText: 'a', promptUrl: sound };
		assert.deepEqual(fieldsOf(refused(() => usableAnswer(gather, { kind: 'gather', gather: prompts }, account))), [
			'promptUrl',
		]);
		const greetings = { greetingText: 'a', greetingUrl: sound };
		assert.deepEqual(
			fieldsOf(refused(() => usableAnswer(greeting, { kind: 'greeting', greeting: greetings }, account))),
			['greetingUrl'],
		);
		const odd = { greetingText: 'Hello.', colour: 'red' };
		const { answer, refused: error } = usableAnswer(greeting, { kind: 'greeting', greeting: odd }, account);
		assert.deepEqual([answer.body, fieldsOf(error)], ['Hello.', ['colour']]);
	});

	it('asks for keys without what is wrong beside the prompt', () => {
		const input = { promptText: 'Press 1.', maxDigits: 1, finishOnKey: 'x' };
		const { answer, refused: error } = usableAnswer(gather, { kind: 'gather', gather: input }, account);
		assert.deepEqual(JSON.parse(answer.body), { gather_prompt: { text: 'Press 1.' }, max_input_digits: 1 });
		assert.deepEqual(fieldsOf(error), ['finishOnKey']);
	});
});

describe('an answer written by hand with a key that is wrong', () => {
	const own = (body: unknown, httpStatus = 200) => usableOwnAnswer(connect, { httpStatus, body });

	it('goes out without the key', () => {
		const faulty = { destination, max_ringing_duration: 61, music_on_hold: { type: 'custom_tone' }, extra: 1 };
		for (const body of [faulty, JSON.stringify(faulty), Buffer.from(JSON.stringify(faulty))]) {
			const { answer, refused: error } = own(body);
			assert.deepEqual(JSON.parse(answer.body), { destination, extra: 1 });
			assert.deepEqual(fieldsOf(error), ['max_ringing_duration', 'music_on_hold.value']);
		}
		const recorded = own({ destination, record: true, recording_channels: 'dual', start_call_playback: {} });
		assert.deepEqual(JSON.parse(recorded.answer.body), { destination });
	});

	it('is refused without a destination, as no JSON, and under another status', () => {
		for (const [body, status] of [
			[{ destination: { numbers: ['x'] }, record: 'x' }, 200],
			['{', 200],
			['7', 200],
			[[destination], 200],
			[{ destination, record: 'x' }, 503],
		] as const) {
			assert.notDeepEqual(fieldsOf(refused(() => own(body, status))), []);
		}
		assert.equal(usableOwnAnswer(passthru, { httpStatus: 302, body: '' }).answer.httpStatus, 302);
		assert.deepEqual(fieldsOf(refused(() => usableOwnAnswer(passthru, { httpStatus: 404, body: '' }))), [
			'httpStatus',
		]);
	});
});

describe('an answer written by hand that nests deeper than any', () => {
	const tower = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
	const written = `{"destination":{"numbers":["+919812345678"]},"x":${tower}}`;
	for (const [how, body] of [
		['as text', written],
		['as an object', JSON.parse(written) as unknown],
		['as text in a text', JSON.stringify(written)],
		['in bytes', new TextEncoder().encode(written)],
	] as const)
		it(`is refused in a sentence, ${how}`, () => {
			const error = refused(() => usableOwnAnswer(connect, { httpStatus: 200, body }));
			assert.equal(error.kind, 'input');
			assert.doesNotMatch(error.message, /stack/);
		});

	it('is counted before it is written as JSON, and once', () => {
		for (const kind of ['connect', 'gather'] as const) {
			const { value, looks } = counted(withFields(100_000));
			refused(() => usableOwnAnswer({ kind, version: '1.0' }, { httpStatus: 200, body: value }));
			assert.ok(looks() < 101_000, String(looks()));
		}
		const date = { toJSON: () => '2026-01-01', ...withFields(100_000) };
		assert.ok(usableOwnAnswer(connect, { httpStatus: 200, body: { destination, x: date } }));
	});

	it('says so', () => {
		const { message } = refused(() => usableOwnAnswer(connect, { httpStatus: 200, body: written }));
		assert.equal(message, 'Own answer is nested too deep, or has too many values.');
	});
});
