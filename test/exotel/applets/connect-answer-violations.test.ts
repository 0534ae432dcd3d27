/** Everything that is wrong with a Connect answer, at once; and any input at all. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type ConnectVersion, ExotelError } from '../../../exotel';
import { checkAnswer } from '../../../exotel/applets/check-answer';
import { connectAnswer, type ConnectAnswerInput } from '../../../exotel/applets/connect-answer';
import { propertyRuns as numRuns } from '../samples';
import { account, DESTINATION, build, refusal, refusedWith } from './connect-answers';

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
			'Connect to (value 3) is not a phone number. Write it with country code, or as it is dialled in your ' +
				'country. ' +
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
