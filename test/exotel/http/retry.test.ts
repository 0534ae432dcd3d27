/** What a failed transport means: never reached Exotel, or perhaps it did. In doubt it did. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { NodeApiError, type INode, type JsonObject } from 'n8n-workflow';
import { AxiosError } from 'axios';
import { failureOf, networkError } from '../../../exotel/http/retry';
import { runs } from '../samples';
import { platform, axios } from './platform-errors';

function n8n(error: unknown): Error {
	const node: INode = { id: '1', name: 'Exotel', type: 'exotel', typeVersion: 1, position: [0, 0], parameters: {} };
	return new NodeApiError(node, error as JsonObject);
}

function aggregate(code: string, errors: Error[]): Error {
	return Object.assign(new AggregateError(errors, ''), { code });
}

const surely: [string, unknown][] = [
	['name not found', platform('ENOTFOUND', 'getaddrinfo')],
	['name server silent', platform('EAI_AGAIN', 'getaddrinfo')],
	['refused', platform('ECONNREFUSED', 'connect')],
	['no route', platform('EHOSTUNREACH', 'connect')],
	['no network', platform('ENETUNREACH', 'connect')],
	['time-out while connecting', platform('ETIMEDOUT', 'connect')],
	[
		'time-out while connecting, undici',
		Object.assign(new TypeError('fetch failed'), { cause: platform('UND_ERR_CONNECT_TIMEOUT') }),
	],
	['refused, system call lost', platform('ECONNREFUSED')],
	['name not found, system call lost', platform('ENOTFOUND')],
	['c-ares', platform('ENODATA', 'queryA')],
	['axios around refused', axios(platform('ECONNREFUSED', 'connect'))],
	['axios around a connect time-out', axios(platform('ETIMEDOUT', 'connect'))],
	[
		'fetch around name not found',
		Object.assign(new TypeError('fetch failed'), { cause: platform('ENOTFOUND', 'getaddrinfo') }),
	],
	[
		'every address refused',
		axios(aggregate('ECONNREFUSED', [platform('ECONNREFUSED', 'connect'), platform('ECONNREFUSED', 'connect')])),
	],
	[
		'every address timed out',
		aggregate('ETIMEDOUT', [platform('ETIMEDOUT', 'connect'), platform('ENETUNREACH', 'connect')]),
	],
	[
		'n8n around axios around refused',
		n8n(axios(platform('ECONNREFUSED', 'connect', 'connect ECONNREFUSED 127.0.0.1:9'))),
	],
	[
		'n8n around axios around name not found',
		n8n(axios(platform('ENOTFOUND', 'getaddrinfo', 'getaddrinfo ENOTFOUND nope.invalid'))),
	],
	['only the message is left', new Error('connect ECONNREFUSED 127.0.0.1:4010')],
	['only the message with its name is left', 'Error: connect ECONNREFUSED 127.0.0.1:4010'],
	['only a list of messages is left', { messages: ['getaddrinfo EAI_AGAIN api.exotel.com'] }],
	['only a description is left', { description: 'connect EHOSTUNREACH 10.0.0.1:443' }],
	['under errorResponse', { errorResponse: { error: platform('ECONNREFUSED', 'connect') } }],
	[
		'a number that only begins like an HTTP status',
		Object.assign(platform('ECONNREFUSED', 'connect'), { status: 50_200, statusCode: '1502' }),
	],
	['under originalError', { originalError: platform('ECONNREFUSED', 'connect') }],
];

const perhaps: [string, unknown][] = [
	['reset', platform('ECONNRESET', 'read')],
	['reset while writing', platform('ECONNRESET', 'write')],
	['hung up', platform('ECONNRESET', undefined, 'socket hang up')],
	['reset, claimed by connect', platform('ECONNRESET', 'connect')],
	['pipe broken, claimed by connect', platform('EPIPE', 'connect')],
	[
		'one address refused, another reset while connecting',
		aggregate('ECONNREFUSED', [platform('ECONNREFUSED', 'connect'), platform('ECONNRESET', 'connect')]),
	],
	[
		'one address refused, another read',
		aggregate('ECONNREFUSED', [platform('ECONNREFUSED', 'connect'), platform('ECONNREFUSED', 'read')]),
	],
	[
		'n8n around a reset, nothing but its own code',
		{ httpCode: 'ECONNRESET', cause: platform('ECONNREFUSED', 'connect') },
	],
	['pipe broken', platform('EPIPE', 'write')],
	['no route, system call lost: an open connection can lose it, too', platform('EHOSTUNREACH')],
	['no network, system call lost', { cause: platform('ENETUNREACH') }],
	['host or network down, system call lost', aggregate('EHOSTDOWN', [platform('ENETDOWN')])],
	['time-out', platform('ETIMEDOUT')],
	['time-out of a read', platform('ETIMEDOUT', 'read')],
	['aborted', platform('ECONNABORTED')],
	['no route in the middle', platform('EHOSTUNREACH', 'read')],
	['refused in the middle', platform('ECONNREFUSED', 'write')],
	['axios time-out', new AxiosError('timeout of 30000ms exceeded', 'ETIMEDOUT')],
	['axios abort', new AxiosError('timeout of 30000ms exceeded', 'ECONNABORTED')],
	['axios around reset', axios(platform('ECONNRESET', 'read'))],
	['axios around a read time-out', axios(platform('ETIMEDOUT', 'read'))],
	['undici socket', Object.assign(new TypeError('fetch failed'), { cause: platform('UND_ERR_SOCKET') })],
	[
		'undici header time-out',
		Object.assign(new TypeError('fetch failed'), { cause: platform('UND_ERR_HEADERS_TIMEOUT') }),
	],
	[
		'fetch time-out',
		Object.assign(new Error('The operation was aborted due to timeout'), { name: 'TimeoutError', code: 23 }),
	],
	['protocol error', platform('HPE_INVALID_CONSTANT')],
	['n8n around reset', n8n(axios(platform('ECONNRESET', 'read', 'read ECONNRESET')))],
	['n8n around a time-out', n8n(new AxiosError('timeout of 400ms exceeded', 'ECONNABORTED'))],
	[
		'one address refused, another reset',
		aggregate('ECONNREFUSED', [platform('ECONNREFUSED', 'connect'), platform('ECONNRESET', 'read')]),
	],
	[
		'refused behind a reset',
		Object.assign(platform('ECONNRESET', 'read'), { cause: platform('ECONNREFUSED', 'connect') }),
	],
	[
		'a time-out whose cause is another',
		Object.assign(platform('ETIMEDOUT'), { cause: platform('ECONNREFUSED', 'connect') }),
	],
	['an answer inside', Object.assign(platform('ECONNREFUSED', 'connect'), { response: { status: 502 } })],
	[
		'an answer inside, statusCode',
		Object.assign(platform('ECONNREFUSED', 'connect'), { response: { statusCode: 502 } }),
	],
	['an answer, n8n', Object.assign(platform('ECONNREFUSED', 'connect'), { httpCode: '504' })],
	['an answer, statusCode', Object.assign(platform('ECONNREFUSED', 'connect'), { statusCode: 504 })],
	['an answer, status', Object.assign(platform('ECONNREFUSED', 'connect'), { status: 504 })],
	['a message that only mentions it', new Error('proxy said: connect ECONNREFUSED')],
	['no code', new Error('boom')],
	['nothing', undefined],
	['null', null],
	['a number', 42],
	['a text', 'ECONNREFUSED'],
	['an empty object', {}],
];

describe('what a failed transport means', () => {
	for (const [name, thrown] of surely) {
		it(`surely never reached Exotel: ${name}`, () => {
			const failure = failureOf(thrown);
			assert.deepEqual([failure.neverSent, failure.transient], [true, true]);
			assert.notEqual(failure.code, null);
		});
	}
	for (const [name, thrown] of perhaps) {
		it(`perhaps reached Exotel: ${name}`, () => {
			assert.deepEqual([failureOf(thrown).neverSent, failureOf(thrown).transient], [false, true]);
		});
	}

	it('names the outermost code', () => {
		assert.equal(failureOf(axios(platform('ECONNREFUSED', 'connect'), 'ERR_NETWORK')).code, 'ERR_NETWORK');
		assert.equal(failureOf(axios(platform('ECONNREFUSED', 'connect'), 'ERR_NETWORK')).neverSent, true);
		assert.equal(failureOf(Object.assign(new Error('x'), { name: 'TimeoutError', code: 23 })).code, 'ETIMEDOUT');
		assert.equal(failureOf(n8n(axios(platform('ECONNRESET', 'read')))).code, 'ECONNRESET');
		assert.equal(failureOf(new Error('boom')).code, null);
		for (const code of ['e', 'E1', 'xECONNREFUSED', 'ECONNREFUSED ', 7, { a: 1 }])
			assert.equal(failureOf({ code }).code, null, String(code));
		assert.equal(failureOf({ code: 'E2B' }).code, 'E2B');
		assert.equal(failureOf({ httpCode: 'ECONNABORTED' }).code, 'ECONNABORTED');
	});

	it('does not repeat for a certificate: nothing was sent, and nothing will change', () => {
		for (const code of [
			'CERT_HAS_EXPIRED',
			'CERT_NOT_YET_VALID',
			'DEPTH_ZERO_SELF_SIGNED_CERT',
			'SELF_SIGNED_CERT_IN_CHAIN',
			'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
			'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
			'ERR_TLS_CERT_ALTNAME_INVALID',
		]) {
			assert.deepEqual(failureOf(axios(platform(code))), { neverSent: true, transient: false, code });
		}
		assert.match(
			networkError(platform('CERT_HAS_EXPIRED'), failureOf(platform('CERT_HAS_EXPIRED'))).hint,
			/certificate/,
		);
	});

	it('finds its way through loops, getters that throw and endless chains', () => {
		const loop: { cause?: unknown; code: string } = { code: 'ECONNREFUSED' };
		loop.cause = loop;
		assert.equal(failureOf(loop).neverSent, true);
		const trap = Object.defineProperty({}, 'code', {
			get: () => {
				throw new Error('trap');
			},
		});
		assert.equal(failureOf(trap).neverSent, false);
		const endless = {
			get cause(): unknown {
				return endless;
			},
		};
		assert.equal(
			failureOf({
				get cause() {
					return { ...endless };
				},
			}).neverSent,
			false,
		);
		let chain: object = platform('ECONNREFUSED', 'connect');
		for (let n = 0; n < 100; n++) chain = { cause: chain };
		assert.equal(failureOf(chain).neverSent, false);
	});

	it('never throws, and never says "surely" of an error that names a reset anywhere', () => {
		fc.assert(
			fc.property(
				fc.anything(),
				fc.constantFrom('cause', 'error', 'errorResponse', 'originalError'),
				(thrown, wrapper) => {
					failureOf(thrown);
					assert.equal(
						failureOf({ code: 'ECONNREFUSED', more: thrown, [wrapper]: platform('ECONNRESET', 'read') })
							.neverSent,
						false,
					);
				},
			),
			runs,
		);
	});
});
