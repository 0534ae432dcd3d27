/** The one way to an answer: every kind, what does not fit, and answers written by hand. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { answerKinds, buildAnswer, checkedAnswer } from '../../../exotel/applets/build-answer';
import { type AnswerInput, ExotelError } from '../../../exotel/index';
import { nobodyAnswer, passthruAnswer, switchCaseAnswer } from '../../../exotel/applets/answer';
import { isFirstBranch } from '../../../exotel/applets/build-answer';
import { checkAnswer } from '../../../exotel/applets/check-answer';
import { connectAnswer } from '../../../exotel/applets/connect-answer';
import { refused, runs } from '../samples';

const account = { defaultCountry: 'IN' };
const connect = { kind: 'connect', version: '1.0' } as const;
const connect11 = { kind: 'connect', version: '1.1' } as const;
const passthru = { kind: 'passthru', version: null } as const;
const build = (request: Parameters<typeof buildAnswer>[0], input: AnswerInput) => buildAnswer(request, input, account);
const refusal = (request: Parameters<typeof buildAnswer>[0], input: AnswerInput): string[] =>
	rulesOf(refused(() => build(request, input)));

/** The fields and rules of an input error; a path inside an answer may begin a sentence. */
function rulesOf(error: ExotelError): string[] {
	assert.equal(error.kind, 'input');
	for (const { message } of error.violations) assert.match(message, /^[A-Z“].{10,}/s);
	return error.violations.map(({ field, rule }) => `${field}: ${rule}`);
}

describe('building an answer', () => {
	it('connects, in the version of the request', () => {
		const input = { destinations: '9812345678', ringTimeSeconds: 20 };
		for (const request of [connect, connect11]) {
			const expected = connectAnswer(request.version, input, account);
			assert.deepEqual(build(request, { kind: 'connect', connect: input }), expected);
		}
		assert.deepEqual(
			build({ kind: 'connect', version: null }, { kind: 'connect', connect: input }),
			connectAnswer('1.0', input, account),
		);
		assert.deepEqual(refusal(connect, { kind: 'connect' }), ['destinations: required']);
	});

	it('dials nobody', () => {
		assert.deepEqual(build(connect, { kind: 'nobody' }), nobodyAnswer('1.0'));
		assert.deepEqual(build(connect11, { kind: 'nobody' }), nobodyAnswer('1.1'));
	});

	it('takes a branch of a Passthru', () => {
		assert.deepEqual(build(passthru, { kind: 'branch', branch: 'first' }), passthruAnswer(true));
		assert.deepEqual(build(passthru, { kind: 'branch', branch: 'second' }), passthruAnswer(false));
		assert.deepEqual(refusal(passthru, { kind: 'branch' }), ['branch: choice']);
	});

	it('takes a case of a Switch Case', () => {
		assert.deepEqual(build(passthru, { kind: 'case', caseName: 'sales' }), switchCaseAnswer('sales'));
		assert.deepEqual(refusal(passthru, { kind: 'case' }), ['caseName: required']);
	});

	it('knows no other kind', () => {
		for (const kind of [undefined, null, '', 'Connect', 'json', 7, {}, 'toString']) {
			assert.deepEqual(refusal(connect, { kind }), ['answer: choice'], String(kind));
		}
	});

	it('looks only at what belongs to its kind', () => {
		const others = { connect: { destinations: 'x' }, branch: 'x', caseName: '', own: '{' };
		assert.deepEqual(build(connect, { ...others, kind: 'nobody' }), nobodyAnswer('1.0'));
		assert.deepEqual(build(passthru, { ...others, kind: 'branch', branch: 'first' }), passthruAnswer(true));
	});

	it('refuses a kind that does not fit the applet', () => {
		for (const kind of ['branch', 'case']) assert.deepEqual(refusal(connect, { kind }), ['answer: applet']);
		for (const kind of ['connect', 'nobody']) assert.deepEqual(refusal(passthru, { kind }), ['answer: applet']);
		const error = refused(() => build(passthru, { kind: 'connect' }));
		assert.match(error.message, /^Answer must be a branch or a case/);
		assert.match(error.hint, /Switch node/);
	});

	it('leaves out switches that are off', () => {
		const off = { record: false, parallelRinging: 'false', fetchAfterAttempt: false, stickyAgent: false };
		const { body } = build(connect, { kind: 'connect', connect: { destinations: '9812345678', ...off } });
		assert.deepEqual(JSON.parse(body), { destination: { numbers: ['+919812345678'] } });
		const on = { record: true, parallelRinging: 'true' };
		const answer = JSON.parse(build(connect, { kind: 'connect', connect: { destinations: [], ...on } }).body);
		assert.deepEqual([answer.record, answer.parallel_ringing], [true, { activate: true }]);
	});

	it('gives an answer that Exotel accepts, or names what is wrong', () => {
		const input = fc.record({
			kind: fc.oneof(fc.constantFrom(...answerKinds), fc.anything()),
			connect: fc.oneof(fc.record({ destinations: fc.array(fc.constantFrom('9812345678', 'x')) }), fc.object()),
			branch: fc.anything(),
			caseName: fc.anything(),
			own: fc.oneof(fc.json(), fc.jsonValue(), fc.constant('{"destination":{"numbers":[]}}')),
		});
		const property = fc.property(input, fc.constantFrom(connect, connect11, passthru), (given, request) => {
			try {
				const { httpStatus, body } = build(request, given as AnswerInput);
				if (request.kind === 'connect') assert.deepEqual(checkAnswer(request.version, body), []);
				assert.ok(httpStatus === 200 || (httpStatus === 302 && request.kind === 'passthru'));
			} catch (thrown) {
				assert.ok(thrown instanceof ExotelError, String(thrown));
				assert.notDeepEqual(rulesOf(thrown), []);
			}
		});
		fc.assert(property, runs);
	});
});

describe('the word for a branch', () => {
	it('is first or second, true or false, yes or no, 1 or 0, or the status', () => {
		for (const word of ['first', 'FIRST', ' true ', true, 'yes', 1, '1', 200]) {
			assert.equal(isFirstBranch(word), true, String(word));
		}
		for (const word of ['second', 'Second', 'false', false, 'no', 0, '0', '302']) {
			assert.equal(isFirstBranch(word), false, String(word));
		}
		for (const word of ['', 'third', null, undefined, {}, [true], 2, 'on']) {
			assert.deepEqual(rulesOf(refused(() => isFirstBranch(word))), ['branch: choice'], String(word));
		}
	});
});

describe('an answer written by hand', () => {
	const json = '{ "destination": { "numbers": ["+919812345678"] }, "extra": 1 }';
	const bytes = new TextEncoder().encode(json);
	const given = (own: unknown) => build(connect, { kind: 'own', own });

	it('goes out as it is written: text, bytes or object', () => {
		assert.deepEqual(given(json), {
			httpStatus: 200,
			headers: { 'content-type': 'application/json' },
			body: json,
		});
		for (const own of [bytes, Buffer.from(json), JSON.parse(json)]) {
			assert.equal(given(own).body, JSON.stringify(JSON.parse(json)));
		}
	});

	it('is refused with everything that Exotel would refuse', () => {
		for (const own of ['{', Buffer.from('{'), 'hello']) {
			assert.deepEqual(rulesOf(refused(() => given(own))), ['own: json']);
		}
		const wrong = { destination: { numbers: ['x'] }, max_ringing_duration: 61 };
		for (const own of [wrong, JSON.stringify(wrong), Buffer.from(JSON.stringify(wrong))]) {
			assert.deepEqual(rulesOf(refused(() => given(own))), [
				'destination.numbers[0]: pattern',
				'max_ringing_duration: maximum',
			]);
		}
		assert.deepEqual(rulesOf(refused(() => given(undefined))), ['answer: type']);
		assert.match(refused(() => given(wrong)).hint, /this caller got the fallback/);
	});

	it('belongs to the version of the request', () => {
		const own = { destination: [{ contact_uri: 'sip:agent1' }] };
		assert.equal(build(connect11, { kind: 'own', own }).body, JSON.stringify(own));
		assert.deepEqual(refusal(connect, { kind: 'own', own }), ['destination: type']);
	});

	it('may be the body of a Passthru', () => {
		for (const [own, body] of [
			['{"select":"sales"}', '{"select":"sales"}'],
			[{ select: 'sales' }, '{"select":"sales"}'],
			[Buffer.from('{"select":"sales"}'), '{"select":"sales"}'],
			['', ''],
			[undefined, ''],
			[null, ''],
		]) {
			assert.deepEqual(build(passthru, { kind: 'own', own }), { ...passthruAnswer(true), body });
		}
	});

	it('has a status that the applet understands', () => {
		const status = (request: typeof connect | typeof passthru, httpStatus: number) =>
			checkedAnswer(request, { httpStatus, body: request.kind === 'connect' ? json : 'x' }).httpStatus;
		assert.deepEqual([status(connect, 200), status(passthru, 200), status(passthru, 302)], [200, 200, 302]);
		for (const [request, httpStatus] of [
			[connect, 201],
			[connect, 302],
			[connect, 503],
			[passthru, 204],
			[passthru, 404],
		] as const) {
			assert.deepEqual(rulesOf(refused(() => status(request, httpStatus))), ['httpStatus: choice']);
		}
	});
});
