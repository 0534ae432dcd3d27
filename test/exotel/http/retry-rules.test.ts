/** Which requests are repeated after which wait, and the error of one that never arrived. */
import assert from 'node:assert/strict';
import { failureOf, mayRetryAfterStatus, networkError, retryAfter, retryDelay } from '../../../exotel/http/retry';
import { connectNumbers, getCall } from '../../../exotel/index';
import { answer, singapore } from '../samples';
import { platform, axios } from './platform-errors';

describe('repeating', () => {
	it('follows the status', () => {
		const read = getCall.request(singapore, { sid: 'b6cfaf5f5cef3ca0fc937749ef960e25' });
		const call = connectNumbers.request(singapore, {
			from: '+919413740001',
			to: '+918867990002',
			exoPhone: '01130830003',
		});
		const statuses = [400, 401, 403, 404, 408, 409, 429, 500, 501, 502, 503, 504, 505];
		assert.deepEqual(
			statuses.filter((status) => mayRetryAfterStatus(read, status)),
			[429, 502, 503, 504],
		);
		assert.deepEqual(
			statuses.filter((status) => mayRetryAfterStatus(call, status)),
			[429],
		);
	});

	it('waits with full jitter under a bound that doubles from 1 s to 30 s', () => {
		assert.deepEqual(
			[1, 2, 3, 4, 5, 6, 7].map((tries) => retryDelay(tries, null, () => 1)),
			[1000, 2000, 4000, 8000, 16_000, 30_000, 30_000],
		);
		assert.equal(
			retryDelay(3, null, () => 0),
			0,
		);
		assert.equal(
			retryDelay(1, null, () => 0.25),
			250,
		);
		assert.equal(
			retryDelay(1, 700, () => 0.25),
			700,
		);
		assert.equal(
			retryDelay(1, 100, () => 0.25),
			250,
		);
		assert.equal(
			retryDelay(1, 90_000, () => 1),
			90_000,
		);
	});

	it('reads Retry-After of anything that claims to be an answer', () => {
		assert.equal(retryAfter(answer('', 429, { 'retry-after': '7' })), 7000);
		assert.equal(retryAfter({ status: 429, body: '' } as never), null);
		assert.equal(retryAfter(answer('', 429, { 'retry-after': 7 as never })), null);
		assert.equal(retryAfter(answer('', 429, { 'retry-after': '2026-11-21T10:00:00Z' }), 0), null);
	});
});

describe('the error of a request that never arrived', () => {
	it('quotes the platform and tells what to check', () => {
		const error = networkError(
			platform('ECONNREFUSED', 'connect', 'connect ECONNREFUSED 127.0.0.1:9'),
			failureOf(platform('ECONNREFUSED', 'connect')),
		);
		assert.deepEqual(
			[error.kind, error.message, error.code, error.retryable, error.httpStatus],
			['network', 'Exotel could not be reached: connect ECONNREFUSED 127.0.0.1:9', 'ECONNREFUSED', true, null],
		);
		assert.match(error.hint, /internet connection.*region or base URL/);
		assert.equal(
			networkError(platform('EPIPE', 'write', ''), failureOf(platform('EPIPE', 'write'))).message,
			'Exotel could not be reached: EPIPE',
		);
		assert.equal(networkError(null, failureOf(null)).message, 'Exotel could not be reached: no reason given');
		assert.equal(
			networkError(new Error('GET http://127.0.0.1:4010/v1/x?y#z'), failureOf(null)).message,
			'Exotel could not be reached: GET http://127.0.0.1:4010',
		);
		assert.equal(
			networkError(undefined, failureOf(undefined)).message,
			'Exotel could not be reached: no reason given',
		);
		assert.equal(
			networkError('plain words', failureOf('plain words')).message,
			'Exotel could not be reached: plain words',
		);
		assert.equal(
			networkError(new Error('x'.repeat(1000)), failureOf(null)).message.length,
			'Exotel could not be reached: '.length + 300,
		);
	});

	it('holds no secret, no path and no number, not even in its cause', () => {
		const thrown = axios(
			Object.assign(
				platform(
					'ECONNRESET',
					'read',
					'GET https://key:tok3n@api.exotel.com/v1/Accounts/a/Numbers/%2B919812345678.json?x=1 with ' +
						'Authorization: Basic c2VjcmV0OnRvazNu failed',
				),
				{ config: { headers: { Authorization: 'Basic c2VjcmV0OnRvazNu' } } },
			),
		);
		const error = networkError(thrown, failureOf(thrown));
		assert.equal(
			error.message,
			'Exotel could not be reached: GET https://api.exotel.com with Authorization: Basic *** failed',
		);
		assert.equal(error.cause, undefined);
		assert.ok(!JSON.stringify({ ...error, stack: error.stack }).match(/tok3n|c2VjcmV0|98123/));
	});
});
