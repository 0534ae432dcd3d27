/** The small answers, the check of a raw answer, and the limits that schemas and forms share. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectAnswerFields, ExotelError } from '../../../exotel';
import { checkAnswer } from '../../../exotel/applets/check-answer';
import { connectLimits } from '../../../exotel/applets/limits';
import { nobodyAnswer, passthruAnswer, switchCaseAnswer } from '../../../exotel/applets/answer';

describe('a Passthru verdict', () => {
	it('is 200 or 302, the 302 leading nowhere', () => {
		assert.deepEqual(passthruAnswer(true), {
			httpStatus: 200,
			headers: { 'content-type': 'text/plain' },
			body: '',
		});
		assert.deepEqual(passthruAnswer(false), {
			httpStatus: 302,
			headers: { 'content-type': 'text/plain', location: 'about:blank' },
			body: '',
		});
	});
});

describe('a Switch Case choice', () => {
	it('is JSON under text/plain', () => {
		assert.deepEqual(switchCaseAnswer(' sales '), {
			httpStatus: 200,
			headers: { 'content-type': 'text/plain' },
			body: '{"select":"sales"}',
		});
		assert.equal(switchCaseAnswer('say "hi"').body, '{"select":"say \\"hi\\""}');
		assert.equal(JSON.parse(switchCaseAnswer('x'.repeat(200)).body).select.length, 200);
	});

	it('may be named by a number', () => {
		assert.equal(switchCaseAnswer(7).body, '{"select":"7"}');
	});

	it('needs a name', () => {
		const rule = (name: unknown): string => {
			try {
				switchCaseAnswer(name as string);
			} catch (error) {
				assert.ok(
					error instanceof ExotelError && error.kind === 'input' && error.violations[0]?.field === 'caseName',
				);
				return error.violations[0].rule;
			}
			return 'accepted';
		};
		assert.deepEqual(['', '  ', undefined, {}].map(rule), ['required', 'required', 'required', 'required']);
		assert.equal(rule('x'.repeat(201)), 'max');
	});
});

describe('the answer that rings nobody', () => {
	it('is valid in both versions', () => {
		assert.equal(nobodyAnswer('1.0').body, '{"destination":{"numbers":[]}}');
		assert.equal(nobodyAnswer('1.1').body, '{"destination":[]}');
		for (const version of ['1.0', '1.1'] as const) {
			const { httpStatus, headers, body } = nobodyAnswer(version);
			assert.deepEqual(
				[httpStatus, headers, checkAnswer(version, body)],
				[200, { 'content-type': 'application/json' }, []],
			);
		}
	});
});

describe('checkAnswer', () => {
	const found = (version: '1.0' | '1.1', body: unknown): string[] =>
		checkAnswer(version, body).map(({ field, rule }) => `${field}: ${rule}`);
	const numbers = { numbers: ['+919812345678'] };
	const destination = [{ contact_uri: 'sip:a' }];

	it('takes text or the object, and lets unknown keys through', () => {
		assert.deepEqual(found('1.0', JSON.stringify({ destination: numbers, distribute_calls: 'equally' })), []);
		assert.deepEqual(found('1.1', { destination, extra: 1 }), []);
	});

	it('names what is missing or no JSON', () => {
		assert.deepEqual(checkAnswer('1.0', '{'), [
			{ field: 'answer', rule: 'json', message: 'The answer is not valid JSON. Check the quotes and commas.' },
		]);
		assert.deepEqual(checkAnswer('1.0', {}), [
			{ field: 'destination', rule: 'required', message: '“destination” is missing.' },
		]);
		assert.deepEqual(found('1.0', { destination: {} }), ['destination.numbers: required']);
		assert.deepEqual(found('1.1', { destination: [{}] }), ['destination[0].contact_uri: required']);
		for (const body of ['[]', '7', 'null', undefined]) assert.deepEqual(found('1.1', body), ['answer: type']);
	});

	it('tells the versions apart', () => {
		assert.deepEqual(checkAnswer('1.0', { destination }), [
			{ field: 'destination', rule: 'type', message: '“destination” must be of the type object.' },
		]);
		assert.deepEqual(found('1.1', { destination: numbers }), ['destination: type']);
		assert.deepEqual(found('1.0', { destination: { numbers: ['sip:a', '09812345678', '+0123456'] } }), [
			'destination.numbers[0]: pattern',
			'destination.numbers[1]: pattern',
			'destination.numbers[2]: pattern',
		]);
		assert.deepEqual(found('1.1', { destination: [{ contact_uri: '09812345678' }, { contact_uri: 'sip:' }] }), [
			'destination[0].contact_uri: pattern',
			'destination[1].contact_uri: pattern',
		]);
	});

	it('knows every range and word, in both versions', () => {
		for (const [version, base] of [
			['1.0', { destination: numbers }],
			['1.1', { destination }],
		] as const) {
			const check = (more: object): string[] => found(version, { ...base, ...more });
			for (const [key, max] of [
				['max_ringing_duration', 60],
				['max_conversation_duration', 4500],
			] as const) {
				assert.deepEqual(
					[
						check({ [key]: 1 }),
						check({ [key]: max }),
						check({ [key]: 0 }),
						check({ [key]: max + 1 }),
						check({ [key]: 1.5 }),
						check({ [key]: '5' }),
					],
					[[], [], [`${key}: minimum`], [`${key}: maximum`], [`${key}: type`], [`${key}: type`]],
				);
			}
			const parallel = (attempts: number) =>
				check({ parallel_ringing: { activate: true, max_parallel_attempts: attempts } });
			assert.deepEqual(
				[parallel(1), parallel(10), parallel(0), parallel(11)],
				[
					[],
					[],
					['parallel_ringing.max_parallel_attempts: minimum'],
					['parallel_ringing.max_parallel_attempts: maximum'],
				],
			);
			assert.deepEqual(check({ parallel_ringing: {} }), ['parallel_ringing.activate: required']);
			assert.deepEqual(check({ music_on_hold: { type: 'custom_tone' } }), ['music_on_hold.value: required']);
			assert.deepEqual(check({ music_on_hold: { type: 'custom_tone', value: 'x.wav' } }), [
				'music_on_hold.value: pattern',
			]);
			assert.deepEqual(check({ music_on_hold: { type: 'jazz' } }), ['music_on_hold.type: enum']);
			assert.deepEqual(check({ music_on_hold: {} }), ['music_on_hold.type: required']);
			assert.deepEqual(check({ start_call_playback: { type: 'audio_url', value: 'x' } }), [
				'start_call_playback.value: pattern',
			]);
			assert.deepEqual(check({ start_call_playback: { type: 'text', value: ' ' } }), [
				'start_call_playback.value: pattern',
			]);
			assert.deepEqual(check({ start_call_playback: { type: 'text', value: 'x' } }), []);
			assert.deepEqual(check({ start_call_playback: { value: 'x' } }), ['start_call_playback.type: required']);
			assert.deepEqual(check({ start_call_playback: { type: 'text' } }), ['start_call_playback.value: required']);
			assert.deepEqual(check({ fetch_after_attempt: 'true' }), ['fetch_after_attempt: type']);
			assert.deepEqual(check({ outgoing_phone_number: 'x' }), ['outgoing_phone_number: pattern']);
		}
		assert.deepEqual(
			found('1.0', {
				destination: numbers,
				record: 1,
				recording_channels: 'x',
				dial_passthru_event_url: 'x',
				start_call_playback: { playback_to: 'caller', type: 'text', value: 'x' },
			}),
			[
				'record: type',
				'recording_channels: enum',
				'dial_passthru_event_url: pattern',
				'start_call_playback.playback_to: enum',
			],
		);
		assert.deepEqual(
			found('1.1', {
				destination,
				recording: { record: 1, channels: 'x' },
				state_management: 1,
				sticky_agent: 'x',
				call_event_passthru_url: 'x',
			}).sort(),
			[
				'call_event_passthru_url: pattern',
				'recording.channels: enum',
				'recording.record: type',
				'state_management: type',
				'sticky_agent: type',
			],
		);
		assert.deepEqual(
			found('1.1', { destination, outgoing_phone_number: '9087612345' }),
			[],
			'the sample’s national form',
		);
	});

	it('says what to write instead', () => {
		const message = (version: '1.0' | '1.1', body: object): string => checkAnswer(version, body)[0]?.message ?? '';
		assert.equal(
			message('1.0', { destination: { numbers: ['x'] } }),
			'“destination.numbers[0]” does not have the form Exotel expects: a number in E.164, for ' +
				'example +919876543210.',
		);
		assert.equal(
			message('1.0', { destination: numbers, dial_passthru_event_url: 'x' }),
			'“dial_passthru_event_url” does not have the form Exotel expects: a web address that starts ' +
				'with http:// or https://.',
		);
		assert.equal(
			message('1.0', { destination: numbers, start_call_playback: { type: 'text', value: ' ' } }),
			'“start_call_playback.value” does not have the form Exotel expects.',
		);
		assert.equal(
			message('1.0', { destination: numbers, max_ringing_duration: 0 }),
			'“max_ringing_duration” must be at least 1.',
		);
		assert.equal(
			message('1.0', { destination: numbers, max_ringing_duration: 61 }),
			'“max_ringing_duration” must be at most 60.',
		);
		assert.equal(
			message('1.0', { destination: numbers, recording_channels: 'x' }),
			'“recording_channels” must be one of: single, dual.',
		);
		assert.equal(
			message('1.1', { destination: [{ contact_uri: 'x' }] }),
			'“destination[0].contact_uri” does not have the form Exotel expects: a number in E.164, for ' +
				'example +919876543210.',
		);
		assert.equal(
			message('1.1', { destination, music_on_hold: { type: 'custom_tone', value: 'x' } }),
			'“music_on_hold.value” does not have the form Exotel expects: a web address that starts with ' +
				'http:// or https://.',
		);
	});
});

describe('the limits', () => {
	it('are the documented ones, in the schemas and in the forms', () => {
		assert.deepEqual(connectLimits, {
			ringTimeSeconds: { min: 1, max: 60, default: 30 },
			conversationTimeSeconds: { min: 1, max: 4500, default: 900 },
			parallelAttempts: { min: 1, max: 10, default: 5 },
		});
		for (const version of ['1.0', '1.1']) {
			const { properties } = JSON.parse(
				readFileSync(join(__dirname, `../../../exotel/schemas/connect-${version}.json`), 'utf8'),
			);
			const inSchema = {
				ringTimeSeconds: properties.max_ringing_duration,
				conversationTimeSeconds: properties.max_conversation_duration,
				parallelAttempts: properties.parallel_ringing.properties.max_parallel_attempts,
			};
			for (const [name, { min, max }] of Object.entries(connectLimits)) {
				const { minimum, maximum } = inSchema[name as keyof typeof connectLimits];
				assert.deepEqual([minimum, maximum], [min, max]);
			}
		}
		for (const [name, limit] of Object.entries(connectLimits)) {
			const field = connectAnswerFields[name as keyof typeof connectLimits];
			assert.deepEqual({ min: field.min, max: field.max, default: field.default }, limit);
		}
	});
});
