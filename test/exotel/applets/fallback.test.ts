/** What a caller gets when the flow does not answer in time: always an answer that Exotel accepts. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fallbackAnswer, fallbackViolations, type Fallback } from '../../../exotel/index';
import { nobodyAnswer, passthruAnswer, switchCaseAnswer } from '../../../exotel/applets/answer';
import { checkAnswer } from '../../../exotel/applets/check-answer';
import { runs } from '../samples';

const account = { defaultCountry: 'IN' };
const usual: Fallback = { connect: 'nobody', numbers: '', branch: 'second' };
const connect = { kind: 'connect', version: '1.0' } as const;
const connect11 = { kind: 'connect', version: '1.1' } as const;
const passthru = { kind: 'passthru', version: null } as const;

function dialled(numbers: unknown, request: typeof connect | typeof connect11 = connect): unknown {
	const { body } = fallbackAnswer({ ...usual, connect: 'numbers', numbers }, request, account);
	const { destination } = JSON.parse(body);
	return request.version === '1.0'
		? destination.numbers
		: destination.map((item: { contact_uri: string }) => item.contact_uri);
}

describe('the fallback of a Connect applet', () => {
	it('dials nobody, in the version of the request', () => {
		assert.deepEqual(fallbackAnswer(usual, connect, account), nobodyAnswer('1.0'));
		assert.deepEqual(fallbackAnswer(usual, connect11, account), nobodyAnswer('1.1'));
		assert.deepEqual(fallbackAnswer(usual, { kind: 'connect', version: null }, account), nobodyAnswer('1.0'));
	});

	it('is no 200 when Exotel is to request the Fallback URL', () => {
		for (const request of [connect, connect11]) {
			assert.deepEqual(fallbackAnswer({ ...usual, connect: 'url', numbers: '9812345678' }, request, account), {
				httpStatus: 503,
				headers: { 'content-type': 'text/plain' },
				body: 'No answer from the flow; use the fallback URL.',
			});
		}
	});

	it('dials the destinations in their order, whatever separates them', () => {
		const expected = ['+919812345678', '+918012345678'];
		for (const numbers of [expected, '9812345678, 8012345678', '9812345678;8012345678', '9812345678\n8012345678']) {
			assert.deepEqual(dialled(numbers), expected);
			assert.deepEqual(dialled(numbers, connect11), expected);
		}
		assert.deepEqual(dialled(9812345678), ['+919812345678']);
	});

	it('keeps the usable destinations and drops the others', () => {
		const numbers = ['x', '9812345678', '', null, 'sip:agent1', {}, '8012345678'];
		assert.deepEqual(dialled(numbers), ['+919812345678', '+918012345678']);
		assert.deepEqual(dialled(numbers, connect11), ['+919812345678', 'sip:agent1', '+918012345678']);
	});

	it('dials nobody when no destination is usable', () => {
		for (const numbers of ['', 'x', 'sip:agent1', [], null, undefined, {}]) assert.deepEqual(dialled(numbers), []);
	});

	it('dials all of many', () => {
		const many = Array.from({ length: 130 }, (_, n) => `+9198123${45000 + n}`);
		assert.deepEqual(dialled(many), many);
	});
});

describe('the fallback of a Passthru', () => {
	it('is a branch or a case', () => {
		const answer = (more: Partial<Fallback>) => fallbackAnswer({ ...usual, ...more }, passthru, account);
		assert.deepEqual(answer({ branch: 'first' }), passthruAnswer(true));
		assert.deepEqual(answer({ branch: 'second' }), passthruAnswer(false));
		assert.deepEqual(answer({ branch: 'case', caseName: 'sales' }), switchCaseAnswer('sales'));
		assert.deepEqual(answer({ connect: 'url', branch: 'first' }), passthruAnswer(true));
	});

	it('is the second branch when the case has no name', () => {
		for (const caseName of ['', ' ', undefined, {}, 'x'.repeat(201)]) {
			const answer = fallbackAnswer({ ...usual, branch: 'case', caseName }, passthru, account);
			assert.deepEqual(answer, passthruAnswer(false));
		}
	});
});

describe('a fallback', () => {
	it('is checked when it is saved', () => {
		const fields = (more: Partial<Fallback>) =>
			fallbackViolations({ ...usual, ...more }, account).map(({ field }) => field);
		assert.deepEqual(fields({}), []);
		assert.deepEqual(fields({ connect: 'nobody', numbers: 'x' }), [], 'numbers that are not used');
		assert.deepEqual(fields({ connect: 'numbers', numbers: '9812345678; sip:agent1' }), []);
		assert.deepEqual(fields({ connect: 'numbers', numbers: 'x' }), ['fallbackNumbers']);
		assert.deepEqual(fields({ connect: 'numbers', numbers: '' }), ['fallbackNumbers']);
		assert.deepEqual(fields({ branch: 'case', caseName: 'sales' }), []);
		assert.deepEqual(fields({ branch: 'case' }), ['caseName']);
		assert.deepEqual(fields({ connect: 'numbers', numbers: 'x', branch: 'case', caseName: '' }), [
			'fallbackNumbers',
			'caseName',
		]);
		assert.match(
			fallbackViolations({ ...usual, connect: 'numbers', numbers: '9812345678, x' }, account)[0]?.message ?? '',
			/^Fallback destinations \(value 2\) is not a phone number\./,
		);
	});

	it('is an answer that Exotel accepts, whatever was saved', () => {
		const settings = fc.record({
			connect: fc.constantFrom('nobody' as const, 'numbers' as const),
			numbers: fc.oneof(fc.anything(), fc.string(), fc.array(fc.constantFrom('9812345678', 'sip:a', 'x', ''))),
			branch: fc.constantFrom('first' as const, 'second' as const, 'case' as const),
			caseName: fc.anything(),
		});
		const property = fc.property(settings, fc.constantFrom('1.0' as const, '1.1' as const), (fallback, version) => {
			const { httpStatus, body } = fallbackAnswer(fallback, { kind: 'connect', version }, account);
			assert.deepEqual([httpStatus, checkAnswer(version, body)], [200, []]);
			assert.ok([200, 302].includes(fallbackAnswer(fallback, passthru, account).httpStatus));
		});
		fc.assert(property, runs);
	});

	it('lets a saved destination through exactly when the check has no objection, or leaves it out', () => {
		const one = fc.constantFrom('9812345678', '+18005550100', 'x', '12', '080 4711 2233');
		const property = fc.property(fc.array(one, { minLength: 1, maxLength: 5 }), (numbers) => {
			const accepted = fallbackViolations({ ...usual, connect: 'numbers', numbers }, account).length === 0;
			assert.equal((dialled(numbers) as string[]).length === numbers.length, accepted);
		});
		fc.assert(property, runs);
	});
});
