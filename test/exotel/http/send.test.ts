/**
 * Sending: a call is never placed twice, reading is repeated within its limits, and everything ends as one kind of
 * error.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readAccount, type Account, type HttpResponse } from '../../../exotel/index';
import { answer, custom, runs, singapore } from '../samples';
import { failing, outcome, placing, reading, refusedConnection, reset, type Step } from '../scripted-transport';

describe('placing a call', () => {
	it('is sent once when all goes well', async () => {
		const good = answer('{"Call":{"Sid":"x"}}');
		const { response, sent, slept } = await outcome(placing, [good]);
		assert.deepEqual(response, good);
		assert.equal(sent.length, 1);
		assert.equal(sent[0]?.request, placing);
		assert.deepEqual(sent[0]?.options, { timeoutMs: 30_000 });
		assert.deepEqual(slept, []);
	});

	const doubtful: [string, Step, RegExp, string | null][] = [
		['reset after writing', reset, /the connection ended without a response \(ECONNRESET\)/, 'ECONNRESET'],
		['broken pipe', failing('EPIPE', 'write'), /\(EPIPE\)/, 'EPIPE'],
		['time-out', failing('ETIMEDOUT'), /no response came within 30 s/, 'ETIMEDOUT'],
		['aborted connection', failing('ECONNABORTED'), /no response came within 30 s/, 'ECONNABORTED'],
		['an error without a code', new Error('boom'), /the connection ended without a response\.$/, null],
		[
			'something thrown that is no error',
			() => {
				throw 'oops' as unknown as Error;
			},
			/the connection ended without a response\.$/,
			null,
		],
		['no answer at all', undefined as unknown as HttpResponse, /the connection ended without a response\.$/, null],
		['an answer without a status', { body: '' } as unknown as HttpResponse, /without a response\.$/, null],
		['an interim status', answer('', 100), /without a response\.$/, null],
		['a status no server sends', answer('', 600), /without a response\.$/, null],
		['500', answer('', 500), /Exotel responded with HTTP 500/, null],
		['502 with a page', answer('<html>', 502), /Exotel responded with HTTP 502.*It returned a web page/, null],
		[
			"503 in Exotel's words",
			answer('{"RestException":{"Status":503,"Message":"Service Unavailable; ","Code":35008}}', 503),
			/HTTP 503\. Exotel refused: Service Unavailable; \(HTTP 503, code 35008\)/,
			'35008',
		],
		['504', answer('', 504), /Exotel responded with HTTP 504/, null],
		['408', answer('', 408), /HTTP 408/, null],
		['499', answer('', 499), /HTTP 499/, null],
		[
			'an internal error under 200',
			answer('{"RestException":{"Status":500,"Message":"oops"}}', 200),
			/HTTP 200.*oops/,
			null,
		],
	];
	for (const [name, step, message, code] of doubtful) {
		it(`is sent once and ends as unknown: ${name}`, async () => {
			const { error, sent, slept } = await outcome(placing, [step, answer('{}')], { attemptId: 'a1' });
			assert.equal(sent.length, 1);
			assert.deepEqual(slept, []);
			assert.deepEqual(
				[error?.kind, error?.retryable, error?.attemptId, error?.code],
				['unknown-outcome', false, 'a1', code],
			);
			assert.match(error?.message ?? '', /^It is not known whether the call was placed \(outcome "unknown"\): /);
			assert.match(error?.message ?? '', message);
			assert.match(error?.hint ?? '', /Do not call again right away.*dashboard.*status callback/);
		});
	}

	it('keeps what was answered in an unknown outcome', async () => {
		const { error } = await outcome(placing, [answer('{"RestException":{"Status":503,"Message":"m"}}', 503)]);
		assert.deepEqual([error?.httpStatus, error?.raw], [503, { RestException: { Status: 503, Message: 'm' } }]);
		assert.deepEqual(
			[(await outcome(placing, [reset])).error?.httpStatus, (await outcome(placing, [reset])).error?.raw],
			[null, null],
		);
	});

	it('is repeated when it surely never arrived, then placed once', async () => {
		const { response, sent, slept } = await outcome(placing, [
			refusedConnection,
			failing('ENOTFOUND', 'getaddrinfo'),
			answer('{}'),
		]);
		assert.equal(response?.status, 200);
		assert.equal(sent.length, 3);
		assert.deepEqual(slept, [500, 1000]);
	});

	it('that does not arrive at a server on this machine says to start the simulator', async () => {
		const recording = 'https://s3-ap-southeast-1.amazonaws.com/exotelrecordings/acme1/x.mp3';
		const hintOf = async (
			account: Account,
			url = `${account.baseUrl ?? 'https://api.exotel.com'}/v1/x`,
			step = refusedConnection,
		) => (await outcome({ ...reading, url }, [step], { account, maxAttempts: 1 })).error?.hint ?? '';
		for (const baseUrl of ['http://127.0.0.1:4010', 'http://localhost:4010', 'http://[::1]:4010'])
			assert.match(
				await hintOf(readAccount({ baseUrl, sid: 'acme1' })),
				/^Start the simulator \(`npx @exonodes\/exotel-simulator`\), or correct the base URL of the account/,
			);
		for (const hint of [
			await hintOf(singapore),
			await hintOf(readAccount({ baseUrl: 'http://192.168.1.10:4010', sid: 'acme1' })),
			await hintOf(custom, recording),
		])
			assert.match(hint, /^Check the internet connection/);
		assert.match(await hintOf(custom, undefined, failing('CERT_HAS_EXPIRED')), /certificate was not accepted/);
	});

	it('is repeated after 429, after as long as Exotel asked, then placed once', async () => {
		const { response, sent, slept } = await outcome(placing, [
			answer('', 429, { 'retry-after': '7' }),
			answer('{}'),
		]);
		assert.deepEqual([response?.status, sent.length, slept], [200, 2, [7000]]);
	});

	it('waits until the date a Retry-After names', async () => {
		const { sent, slept } = await outcome(placing, [
			answer('', 429, { 'retry-after': 'Sat, 21 Nov 2026 10:00:09 GMT' }),
			answer('{}'),
		]);
		assert.deepEqual([sent.length, slept], [2, [9000]]);
	});

	it('gives up after four tries, with the reason of the last', async () => {
		const never = await outcome(placing, [refusedConnection], { attemptId: 'a2' });
		assert.deepEqual(
			[never.error?.kind, never.sent.length, never.error?.attemptId, never.error?.retryable],
			['network', 4, 'a2', true],
		);
		assert.deepEqual(never.slept, [500, 1000, 2000]);
		const limited = await outcome(placing, [
			answer('{"RestException":{"Status":429,"Message":"Max 200 requests per minute"}}', 429),
		]);
		assert.deepEqual([limited.error?.kind, limited.sent.length], ['rate-limit', 4]);
		assert.match(limited.error?.message ?? '', /Max 200 requests per minute/);
	});

	it('stops repeating the moment it becomes doubtful', async () => {
		const { error, sent } = await outcome(placing, [refusedConnection, answer('', 429), reset, answer('{}')]);
		assert.deepEqual([error?.kind, sent.length], ['unknown-outcome', 3]);
	});

	it('is doubtful after a redirect that may lead to what came of it', async () => {
		for (const status of [302, 303]) {
			const { error, sent } = await outcome(placing, [answer('', status), answer('{}')], { attemptId: 'a4' });
			assert.deepEqual([error?.kind, sent.length], ['unknown-outcome', 1], String(status));
		}
	});

	it('is not repeated after a refusal, nor for a certificate', async () => {
		for (const status of [301, 400, 401, 402, 403, 404, 409, 422]) {
			const { error, sent } = await outcome(placing, [answer('', status), answer('{}')], { attemptId: 'a3' });
			assert.equal(sent.length, 1, String(status));
			assert.notEqual(error?.kind, 'unknown-outcome', String(status));
			assert.equal(error?.attemptId, 'a3');
		}
		const { error, sent } = await outcome(placing, [failing('CERT_HAS_EXPIRED')]);
		assert.deepEqual([error?.kind, error?.code, sent.length], ['network', 'CERT_HAS_EXPIRED', 1]);
	});

	it('under any sequence of failures reaches Exotel at most once, except to be refused with 429', async () => {
		const before: Step[] = [
			refusedConnection,
			failing('ENOTFOUND', 'getaddrinfo'),
			failing('ETIMEDOUT', 'connect'),
			failing('EHOSTUNREACH', 'connect'),
		];
		const arrived: Step[] = [
			reset,
			failing('EPIPE', 'write'),
			failing('ETIMEDOUT'),
			failing('ECONNABORTED'),
			new Error('?'),
			answer('', 500),
			answer('', 502),
			answer('', 503),
			answer('', 504),
			answer('<html>', 200),
			answer('', 200),
			answer('{}', 201),
			answer('{}', 400),
			answer('{}', 403),
			answer('', 302),
		];
		const limited: Step[] = [
			answer('', 429),
			answer('', 429, { 'retry-after': '3' }),
			answer('', 429, { 'retry-after': 'Sat, 21 Nov 2026 10:00:30 GMT' }),
		];
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.constantFrom(...before, ...arrived, ...limited), { minLength: 1, maxLength: 6 }),
				fc.integer({ min: 1, max: 9 }),
				fc.double({ min: 0, max: 1, noNaN: true }),
				async (steps, maxAttempts, chance) => {
					const { sent, error } = await outcome(placing, [...steps, answer('{}')], {
						maxAttempts,
						random: () => chance,
					});
					const happened = sent.map((_, n) => steps[n] ?? answer('{}'));
					const reached = happened.filter((step) => !before.includes(step) && !limited.includes(step));
					assert.ok(reached.length <= 1);
					assert.ok(
						reached.length === 0 || reached[0] === happened.at(-1) || !steps.includes(reached[0] as Step),
						'something was sent after the call may have been placed',
					);
					assert.ok(sent.length <= Math.min(4, maxAttempts));
					if (error === undefined) assert.equal(reached.length, 1);
					if (error?.kind === 'network' || error?.kind === 'rate-limit') assert.equal(reached.length, 0);
				},
			),
			runs,
		);
	});
});
