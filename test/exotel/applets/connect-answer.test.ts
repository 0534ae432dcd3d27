/** Answers to Connect questions: documented samples, every range and rule at its borders, all violations at once. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ConnectVersion } from '../../../exotel';
import { checkAnswer } from '../../../exotel/applets/check-answer';
import { connectAnswer, type ConnectAnswerInput } from '../../../exotel/applets/connect-answer';
import { account, DESTINATION, build, refusal, refusedWith } from './connect-answers';

const folder = join(__dirname, '../../fixtures/exotel/applets');

interface AnswerFixture {
	source: string;
	note: string;
	version: ConnectVersion;
	input: ConnectAnswerInput;
	answer: unknown;
}

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

	it('may be many: seeds 002 and 003 name no limit', () => {
		const many = Array.from({ length: 300 }, () => DESTINATION);
		assert.equal((numbers(many) as { numbers: unknown[] }).numbers.length, 300);
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
