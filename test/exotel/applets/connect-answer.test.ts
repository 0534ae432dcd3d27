/** Answers to Connect questions: documented samples, every range and rule at its borders, all violations at once. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { type ConnectVersion, ExotelError } from '../../../exotel';
import { checkAnswer } from '../../../exotel/applets/check-answer';
import { connectAnswer, type ConnectAnswerInput } from '../../../exotel/applets/connect-answer';
import { propertyRuns as numRuns } from '../samples';

const account = { defaultCountry: 'IN' };
const folder = join(__dirname, '../../fixtures/exotel/applets');
const DESTINATION = '+919812345678';

interface AnswerFixture {
	source: string;
	note: string;
	version: ConnectVersion;
	input: ConnectAnswerInput;
	answer: unknown;
}

const build = (version: ConnectVersion, input: object): Record<string, unknown> =>
	JSON.parse(
		connectAnswer(version, { destinations: [DESTINATION], ...input } as ConnectAnswerInput, account).body,
	) as Record<string, unknown>;

/** `field: rule` of every violation. */
function refusal(version: ConnectVersion, input: unknown): string[] {
	try {
		connectAnswer(version, input as ConnectAnswerInput, account);
	} catch (error) {
		assert.ok(error instanceof ExotelError && error.kind === 'input');
		for (const violation of error.violations)
			assert.ok(violation.message.length > 10 && !/98123/.test(violation.message.replace(/Example: .*/, '')));
		return error.violations.map((violation) => `${violation.field}: ${violation.rule}`);
	}
	throw new Error('was accepted');
}
const refusedWith = (version: ConnectVersion, input: object): string[] =>
	refusal(version, { destinations: [DESTINATION], ...input });

describe('documented answers', () => {
	for (const file of readdirSync(folder).filter((name) => name.startsWith('answer-'))) {
		const fixture = JSON.parse(readFileSync(join(folder, file), 'utf8')) as AnswerFixture;
		it(`${file.replace('.json', '')} (${fixture.source})`, () => {
			const answer = connectAnswer(fixture.version, fixture.input, account);
			assert.deepEqual(JSON.parse(answer.body), fixture.answer);
			assert.equal(answer.httpStatus, 200);
			assert.deepEqual(answer.headers, { 'content-type': 'application/json' });
			assert.deepEqual(checkAnswer(fixture.version, fixture.answer), []);
		});
	}
});

describe('destinations', () => {
	const numbers = (destinations: unknown, version: ConnectVersion = '1.0'): unknown =>
		build(version, { destinations })['destination'];

	it('are read in every form, in their order', () => {
		assert.deepEqual(numbers(['09812345678', { contact: '98123 45679' }, '+1 415 555 2671']), {
			numbers: ['+919812345678', '+919812345679', '+14155552671'],
		});
		assert.deepEqual(numbers('09812345678, 09812345679,\n09812345670,'), {
			numbers: ['+919812345678', '+919812345679', '+919812345670'],
		});
		assert.deepEqual(numbers(9812345678), { numbers: ['+919812345678'] });
		assert.deepEqual(numbers([9812345678], '1.1'), [{ contact_uri: '+919812345678' }]);
		assert.deepEqual(numbers(['SIP:agent'], '1.1'), [{ contact_uri: 'sip:agent' }]);
	});

	it('may be nobody', () => {
		assert.deepEqual(numbers([]), { numbers: [] });
		assert.deepEqual(numbers([], '1.1'), []);
	});

	it('are named one by one when wrong', () => {
		assert.deepEqual(refusal('1.0', { destinations: ['x', DESTINATION, '', { contact: 'sip:a' }, {}, null, 7] }), [
			'destinations[0]: phone',
			'destinations[2]: required',
			'destinations[4]: required',
			'destinations[5]: required',
			'destinations[6]: phone',
			'destinations[3]: version',
		]);
		assert.deepEqual(refusal('1.1', { destinations: ['sip:', [DESTINATION]] }), [
			'destinations[0]: phone',
			'destinations[1]: text',
		]);
	});

	it('must be a list', () => {
		for (const input of [{}, { destinations: null }, { destinations: '' }, null, 'text', []])
			assert.deepEqual(refusal('1.0', input), ['destinations: required']);
		assert.deepEqual(refusal('1.0', { destinations: { contact: DESTINATION } }), ['destinations[0]: text']);
		assert.deepEqual(refusal('1.0', { destinations: true }), ['destinations[0]: phone']);
	});

	it('are at most a hundred', () => {
		const many = (count: number) => Array.from({ length: count }, () => DESTINATION);
		assert.equal((numbers(many(100)) as { numbers: unknown[] }).numbers.length, 100);
		assert.deepEqual(refusal('1.0', { destinations: many(101) }), ['destinations: max-items']);
	});
});

describe('ranges of a Connect answer', () => {
	const ranges: [keyof ConnectAnswerInput, string, number, number, object][] = [
		['ringTimeSeconds', 'max_ringing_duration', 1, 60, {}],
		['conversationTimeSeconds', 'max_conversation_duration', 1, 4500, {}],
	];
	for (const [field, key, min, max, more] of ranges) {
		it(`${field} from ${min} to ${max}`, () => {
			for (const version of ['1.0', '1.1'] as const) {
				for (const value of [min, max, String(max)])
					assert.equal(build(version, { [field]: value, ...more })[key], Number(value));
				assert.deepEqual(refusedWith(version, { [field]: min - 1, ...more }), [`${field}: min`]);
				assert.deepEqual(refusedWith(version, { [field]: max + 1, ...more }), [`${field}: max`]);
				for (const value of [1.5, 'soon', {}, true])
					assert.deepEqual(refusedWith(version, { [field]: value, ...more }), [`${field}: number`]);
				assert.equal(key in build(version, { [field]: '' }), false);
			}
		});
	}

	it('parallelAttempts from 1 to 10, only with parallel ringing', () => {
		for (const version of ['1.0', '1.1'] as const) {
			assert.deepEqual(build(version, { parallelRinging: true, parallelAttempts: 1 })['parallel_ringing'], {
				activate: true,
				max_parallel_attempts: 1,
			});
			assert.deepEqual(build(version, { parallelRinging: 'true', parallelAttempts: 10 })['parallel_ringing'], {
				activate: true,
				max_parallel_attempts: 10,
			});
			assert.deepEqual(build(version, { parallelRinging: true })['parallel_ringing'], { activate: true });
			assert.deepEqual(build(version, { parallelRinging: false })['parallel_ringing'], { activate: false });
			assert.equal('parallel_ringing' in build(version, {}), false);
			assert.deepEqual(refusedWith(version, { parallelRinging: true, parallelAttempts: 0 }), [
				'parallelAttempts: min',
			]);
			assert.deepEqual(refusedWith(version, { parallelRinging: true, parallelAttempts: 11 }), [
				'parallelAttempts: max',
			]);
			assert.deepEqual(refusedWith(version, { parallelAttempts: 3 }), ['parallelAttempts: depends-on']);
		}
	});
});

describe('words of a Connect answer', () => {
	it('recording', () => {
		assert.deepEqual(
			[
				build('1.0', { record: true })['record'],
				build('1.0', { record: true, recordingChannels: 'dual' })['recording_channels'],
			],
			[true, 'dual'],
		);
		assert.deepEqual(build('1.1', { record: true, recordingChannels: 'dual' })['recording'], {
			record: true,
			channels: 'dual',
		});
		assert.deepEqual(build('1.1', { record: false })['recording'], { record: false });
		assert.equal('recording' in build('1.1', {}), false);
		assert.deepEqual(refusedWith('1.0', { record: true, recordingChannels: 'stereo' }), [
			'recordingChannels: choice',
		]);
		assert.deepEqual(refusedWith('1.0', { record: 'perhaps' }), ['record: boolean']);
		assert.deepEqual(refusedWith('1.0', { recordingChannels: 'dual' }), ['recordingChannels: depends-on']);
	});

	it('music on hold', () => {
		for (const type of ['default_tone', 'operator_tone'])
			assert.deepEqual(build('1.0', { musicOnHold: type })['music_on_hold'], { type });
		assert.deepEqual(
			build('1.1', { musicOnHold: 'custom_tone', musicOnHoldUrl: 'https://a.example/h.wav' })['music_on_hold'],
			{ type: 'custom_tone', value: 'https://a.example/h.wav' },
		);
		assert.deepEqual(refusedWith('1.0', { musicOnHold: 'custom_tone' }), ['musicOnHoldUrl: required']);
		assert.deepEqual(refusedWith('1.0', { musicOnHold: 'custom_tone', musicOnHoldUrl: 'h.wav' }), [
			'musicOnHoldUrl: url',
		]);
		assert.deepEqual(
			refusedWith('1.0', { musicOnHold: 'default_tone', musicOnHoldUrl: 'https://a.example/h.wav' }),
			['musicOnHoldUrl: depends-on'],
		);
		assert.deepEqual(refusedWith('1.0', { musicOnHoldUrl: 'https://a.example/h.wav' }), [
			'musicOnHoldUrl: depends-on',
		]);
		assert.deepEqual(refusedWith('1.0', { musicOnHold: 'jazz' }), ['musicOnHold: choice']);
		assert.deepEqual(refusedWith('1.0', { musicOnHold: { type: 'operator_tone' } }), ['musicOnHold: text']);
		assert.deepEqual(refusedWith('1.0', { musicOnHold: 'operator_tone', musicOnHoldVolume: 3 }), [
			'musicOnHoldVolume: unknown',
		]);
		for (const nothing of [undefined, null, ''])
			assert.equal('music_on_hold' in build('1.0', { musicOnHold: nothing }), false);
	});

	it('playback', () => {
		assert.deepEqual(build('1.0', { playbackText: 'Hello' })['start_call_playback'], {
			playback_to: 'both',
			type: 'text',
			value: 'Hello',
		});
		assert.deepEqual(
			build('1.0', { playbackTo: 'callee', playbackUrl: 'HTTP://a.example/a.mp3' })['start_call_playback'],
			{ playback_to: 'callee', type: 'audio_url', value: 'HTTP://a.example/a.mp3' },
		);
		assert.deepEqual(build('1.1', { playbackText: 'Hello' })['start_call_playback'], {
			type: 'text',
			value: 'Hello',
		});
		assert.equal('start_call_playback' in build('1.0', { playbackTo: 'callee' }), false);
		assert.deepEqual(refusedWith('1.0', { playbackUrl: 'hello' }), ['playbackUrl: url']);
		assert.deepEqual(refusedWith('1.0', { playbackUrl: 'x http://a.example' }), ['playbackUrl: url']);
		assert.deepEqual(refusedWith('1.0', { playbackText: 'Hello', playbackUrl: 'https://a.example/a.wav' }), [
			'playbackUrl: one-of',
		]);
		assert.deepEqual(refusedWith('1.0', { playbackTo: 'caller', playbackText: 'x' }), ['playbackTo: choice']);
		assert.deepEqual(refusedWith('1.0', { playback: 'Hello' }), ['playback: unknown']);
	});

	it('other fields', () => {
		assert.equal(
			build('1.0', { eventUrl: 'https://a.example/e' })['dial_passthru_event_url'],
			'https://a.example/e',
		);
		assert.equal(
			build('1.1', { eventUrl: 'https://a.example/e' })['call_event_passthru_url'],
			'https://a.example/e',
		);
		assert.deepEqual(refusedWith('1.0', { eventUrl: 'a.example' }), ['eventUrl: url']);
		assert.equal(build('1.0', { outgoingExoPhone: '080 4711 5777' })['outgoing_phone_number'], '+918047115777');
		assert.deepEqual(refusedWith('1.1', { outgoingExoPhone: 'sip:a' }), ['outgoingExoPhone: phone']);
		assert.equal(build('1.0', { fetchAfterAttempt: 'yes' })['fetch_after_attempt'], true);
		assert.deepEqual(build('1.1', { stateManagement: true, stickyAgent: true })['sticky_agent'], true);
	});
});

describe('what a version has no words for', () => {
	it('is refused, not dropped', () => {
		assert.deepEqual(refusedWith('1.0', { stateManagement: true, stickyAgent: true }), [
			'stateManagement: version',
			'stickyAgent: version',
		]);
		assert.deepEqual(refusedWith('1.1', { playbackTo: 'callee', playbackText: 'x' }), ['playbackTo: version']);
	});

	it('may be left at its default', () => {
		const answer = build('1.0', { stateManagement: false, stickyAgent: false });
		assert.deepEqual(answer, { destination: { numbers: [DESTINATION] } });
		assert.deepEqual(build('1.1', { playbackTo: 'both', playbackText: 'x' })['start_call_playback'], {
			type: 'text',
			value: 'x',
		});
	});
});

describe('violations', () => {
	it('come all at once', () => {
		const input = {
			destinations: ['sip:a', 'x'],
			outgoingExoPhone: 'y',
			record: 'z',
			ringTimeSeconds: 61,
			conversationTimeSeconds: 4501,
			musicOnHold: 'custom_tone',
			parallelRinging: true,
			parallelAttempts: 11,
			playbackTo: 'nobody',
			playbackUrl: 'x',
			eventUrl: 'x',
			stateManagement: true,
			ringTime: 5,
		};
		assert.deepEqual(
			refusal('1.0', input).sort(),
			[
				'conversationTimeSeconds: max',
				'destinations[0]: version',
				'destinations[1]: phone',
				'eventUrl: url',
				'musicOnHoldUrl: required',
				'outgoingExoPhone: phone',
				'parallelAttempts: max',
				'playbackTo: choice',
				'playbackUrl: url',
				'record: boolean',
				'ringTime: unknown',
				'ringTimeSeconds: max',
				'stateManagement: version',
			].sort(),
		);
	});

	it('name unknown fields, also hostile ones', () => {
		assert.deepEqual(refusedWith('1.0', { colour: 'red', empty: '' }), ['colour: unknown']);
		assert.deepEqual(refusal('1.0', JSON.parse(`{"destinations":["${DESTINATION}"],"__proto__":{"record":"x"}}`)), [
			'__proto__: unknown',
		]);
	});

	it('say which destination, which version and what to do', () => {
		const messages = (version: ConnectVersion, input: object): string[] => {
			try {
				connectAnswer(version, input as ConnectAnswerInput, account);
			} catch (error) {
				return (error as ExotelError).violations.map((violation) => violation.message);
			}
			return [];
		};
		assert.deepEqual(messages('1.0', { destinations: ['sip:a', '', 'x'], stickyAgent: true }), [
			'Connect to (value 2) is blank.',
			'Connect to (value 3) is not a phone number. Write it with country code, or as it is dialled in your country. ' +
				'Example: +919812345678, +918012345678',
			'Same agent as last time only exists in Connect 1.1; this request is from Connect 1.0. Leave it empty.',
			'Connect to (value 1), a SIP address, only exists in Connect 1.1; this request is from Connect 1.0. ' +
				'Leave it empty.',
		]);
		assert.match(
			messages('1.1', { destinations: [], playbackTo: 'callee', playbackText: 'x' }).join(),
			/only exists in Connect 1\.0; this request is from Connect 1\.1/,
		);
		assert.match(
			messages('1.0', { destinations: [], x: 1 }).join(),
			/no field "x".*destinations, outgoingExoPhone, record/,
		);
		assert.deepEqual(refusal('1.0', { destinations: 7 }), ['destinations[0]: phone'], 'nothing else is wrong');
		assert.deepEqual(build('1.0', { destinations: ' , 09812345678 , ' })['destination'], {
			numbers: [DESTINATION],
		});
	});

	it('name a version that does not exist', () => {
		assert.deepEqual(refusal('2.0' as ConnectVersion, { destinations: [] }), ['version: choice']);
	});
});

describe('any input', () => {
	const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
	const sane = fc.record({
		destinations: fc.array(
			fc.oneof(
				fc.constantFrom('09812345678', '+6561234567', 'sip:agent1', '080 2345 6789', 'x'),
				fc.stringMatching(/^[6-9]\d{9}$/),
			),
			{ maxLength: 4 },
		),
		outgoingExoPhone: maybe(fc.constantFrom('08047115777', 'x')),
		record: maybe(fc.boolean()),
		recordingChannels: maybe(fc.constantFrom('single', 'dual')),
		ringTimeSeconds: maybe(fc.integer({ min: -1, max: 62 })),
		conversationTimeSeconds: maybe(fc.integer({ min: 4490, max: 4510 })),
		musicOnHold: maybe(fc.constantFrom('default_tone', 'operator_tone', 'custom_tone')),
		musicOnHoldUrl: maybe(fc.oneof(fc.webUrl(), fc.string())),
		parallelRinging: maybe(fc.boolean()),
		parallelAttempts: maybe(fc.integer({ min: 0, max: 11 })),
		playbackTo: maybe(fc.constantFrom('both', 'callee')),
		playbackText: maybe(fc.string()),
		playbackUrl: maybe(fc.oneof(fc.webUrl(), fc.string())),
		eventUrl: maybe(fc.oneof(fc.webUrl(), fc.string())),
		stateManagement: maybe(fc.boolean()),
		stickyAgent: maybe(fc.boolean()),
	});

	it('gives an answer its schema accepts, or names the fields that are wrong', () => {
		fc.assert(
			fc.property(
				fc.oneof(sane, sane, fc.anything()),
				fc.constantFrom('1.0' as const, '1.1' as const),
				(input, version) => {
					try {
						const { body } = connectAnswer(version, input as ConnectAnswerInput, account);
						assert.deepEqual(checkAnswer(version, body), []);
					} catch (error) {
						assert.ok(
							error instanceof ExotelError && error.kind === 'input' && error.violations.length > 0,
							String(error),
						);
						for (const { field, rule } of error.violations)
							assert.ok(rule !== '' && (field !== '' || rule === 'unknown'));
					}
				},
			),
			{ numRuns: numRuns * 3 },
		);
	});

	it('says everything it was told, and nothing else', () => {
		const base = fc.record({
			destinations: fc.array(fc.stringMatching(/^\+91[6-9]\d{9}$/), { maxLength: 4 }),
			outgoingExoPhone: maybe(fc.constant('+918047115777')),
			record: maybe(fc.boolean()),
			ringTimeSeconds: maybe(fc.integer({ min: 1, max: 60 })),
			conversationTimeSeconds: maybe(fc.integer({ min: 1, max: 4500 })),
			parallelRinging: maybe(fc.boolean()),
			fetchAfterAttempt: maybe(fc.boolean()),
			eventUrl: maybe(fc.webUrl()),
		});
		const musicOnHold = fc.oneof(
			fc.constant({}),
			fc.record({ musicOnHold: fc.constantFrom('default_tone', 'operator_tone') }),
			fc.record({ musicOnHold: fc.constant('custom_tone'), musicOnHoldUrl: fc.webUrl() }),
		);
		const playback = fc.oneof(
			fc.constant({}),
			fc.record({ playbackText: fc.stringMatching(/^\S(.*\S)?$/) }),
			fc.record({ playbackUrl: fc.webUrl() }),
		);
		const told = fc.tuple(base, musicOnHold, playback).map((parts) => Object.assign({}, ...parts) as object);
		fc.assert(
			fc.property(told, fc.constantFrom('1.0' as const, '1.1' as const), (input, version) => {
				const body = connectAnswer(version, input as ConnectAnswerInput, account).body;
				assert.deepEqual(understood(JSON.parse(body), version), JSON.parse(JSON.stringify(input)));
			}),
			{ numRuns },
		);
	});
});

/** Reads an answer back into the input it says. */
function understood(answer: Record<string, any>, version: ConnectVersion): unknown {
	const playback = answer['start_call_playback'];
	const input = {
		destinations:
			version === '1.0'
				? answer['destination'].numbers
				: answer['destination'].map((item: { contact_uri: string }) => item.contact_uri),
		outgoingExoPhone: answer['outgoing_phone_number'],
		record: version === '1.0' ? answer['record'] : answer['recording']?.record,
		ringTimeSeconds: answer['max_ringing_duration'],
		conversationTimeSeconds: answer['max_conversation_duration'],
		musicOnHold: answer['music_on_hold']?.type,
		musicOnHoldUrl: answer['music_on_hold']?.value,
		parallelRinging: answer['parallel_ringing']?.activate,
		playbackText: playback?.type === 'text' ? playback.value : undefined,
		playbackUrl: playback?.type === 'audio_url' ? playback.value : undefined,
		fetchAfterAttempt: answer['fetch_after_attempt'],
		eventUrl: version === '1.0' ? answer['dial_passthru_event_url'] : answer['call_event_passthru_url'],
	};
	return JSON.parse(JSON.stringify(input));
}
