/**
 * Sending: a call is never placed twice, reading is repeated within its limits, and everything ends as one kind of
 * error.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type HttpResponse, type Transport } from '../../../exotel/index';
import { createPacer } from '../../../exotel/http/pacing';
import { send } from '../../../exotel/http/send';
import { HandClock, settle } from '../hand-clock';
import { answer, runs, singapore } from '../samples';
import {
	failing,
	options,
	outcome,
	placing,
	reading,
	refusedConnection,
	reset,
	scripted,
	type Step,
} from '../scripted-transport';

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

describe('reading', () => {
	it('is repeated after everything that may pass, within four tries', async () => {
		for (const step of [
			answer('', 429),
			answer('', 502),
			answer('<html>', 503),
			answer('', 504),
			reset,
			refusedConnection,
			failing('ETIMEDOUT'),
			new Error('?'),
		]) {
			const once = await outcome(reading, [step, answer('{}')]);
			assert.deepEqual([once.response?.status, once.sent.length, once.slept], [200, 2, [500]]);
			const always = await outcome(reading, [step]);
			assert.deepEqual([always.error?.retryable, always.sent.length, always.slept], [true, 4, [500, 1000, 2000]]);
			assert.notEqual(always.error?.kind, 'unknown-outcome');
		}
	});

	it('is not repeated after a refusal or an internal error', async () => {
		for (const status of [301, 400, 401, 403, 404, 408, 409, 500, 501]) {
			const { error, sent } = await outcome(reading, [answer('', status), answer('{}')]);
			assert.deepEqual([sent.length, error?.httpStatus], [1, status]);
		}
		const { error } = await outcome(reading, [
			answer('{"RestException":{"Status":404,"Message":"No matching results"}}', 404),
		]);
		assert.deepEqual([error?.kind, error?.attemptId], ['not-found', null]);
	});

	it('tries as often as told, from 1 to 4 times', async () => {
		for (const [maxAttempts, expected] of [
			[0, 1],
			[1, 1],
			[2, 2],
			[4, 4],
			[9, 4],
			[Number.NaN, 4],
		] as const) {
			assert.equal((await outcome(reading, [reset], { maxAttempts })).sent.length, expected);
		}
	});

	it('keeps to the deadline: the last try gets what is left, no wait goes past it', async () => {
		const clock = new HandClock();
		const given: number[] = [];
		const transport: Transport = async (_, { timeoutMs }) => {
			given.push(timeoutMs);
			await clock.sleep(timeoutMs);
			throw failing('ETIMEDOUT');
		};
		const ending = send(reading, {
			transport,
			clock,
			account: singapore,
			random: () => 1,
			deadlineMs: 70_000,
			timeoutMs: 30_000,
		});
		const failed = assert.rejects(ending, { kind: 'network' });
		await clock.finish();
		await failed;
		assert.deepEqual(given, [30_000, 30_000, 7000]);
		assert.equal(clock.now() - Date.parse('2026-11-21T10:00:00Z'), 70_000);
	});

	it('has 120 s by default', async () => {
		const { error, sent, slept } = await outcome(reading, [
			answer('', 503, { 'retry-after': '119' }),
			answer('', 503, { 'retry-after': '1' }),
		]);
		assert.deepEqual([sent.length, slept, error?.httpStatus], [2, [119_000], 503]);
		assert.deepEqual((await outcome(reading, [answer('', 503, { 'retry-after': '120' })])).slept, []);
	});

	it('gives up at once when Exotel asks for a longer wait than there is, and says for how long', async () => {
		const { error, sent, slept } = await outcome(reading, [answer('', 429, { 'retry-after': '300' })]);
		assert.deepEqual([error?.kind, error?.retryAfterMs, sent.length, slept], ['rate-limit', 300_000, 1, []]);
	});

	it('sends nothing when there is no time at all', async () => {
		const { error, sent } = await outcome(reading, [answer('{}')], { deadlineMs: 0, attemptId: 'z' });
		assert.deepEqual(
			[error?.kind, error?.code, error?.retryable, error?.attemptId, sent.length],
			['network', 'DEADLINE', true, 'z', 0],
		);
		assert.match(error?.message ?? '', /time for this request was over before it could be sent/);
		assert.match(error?.hint ?? '', /Nothing reached Exotel/);
	});

	it('tells before it waits', async () => {
		const told: unknown[] = [];
		await outcome(reading, [reset, reset, answer('{}')], { onWait: (wait) => told.push(wait) });
		assert.deepEqual(told, [
			{ reason: 'retry', ms: 500 },
			{ reason: 'retry', ms: 1000 },
		]);
	});

	it('takes every status up to 599 for an answer', async () => {
		assert.equal((await outcome(reading, [answer('', 599)])).error?.httpStatus, 599);
	});

	it('mends an answer without headers', async () => {
		const { response } = await outcome(reading, [{ status: 200, body: '{}' } as HttpResponse]);
		assert.deepEqual(response, { status: 200, headers: {}, body: '{}' });
	});
});

describe('stopping', () => {
	it('sends nothing when it was stopped before', async () => {
		const { error, sent } = await outcome(placing, [answer('{}')], { signal: AbortSignal.abort(), attemptId: 'x' });
		assert.deepEqual([error?.kind, error?.code, error?.attemptId, sent.length], ['network', 'ABORTED', 'x', 0]);
		assert.match(error?.message ?? '', /stopped before it was sent/);
		assert.match(error?.hint ?? '', /Nothing reached Exotel/);
	});

	it('ends a call that was already sent as unknown, and a reading as stopped', async () => {
		for (const [request, kind, message] of [
			[placing, 'unknown-outcome', /the request was stopped while waiting for the response/],
			[reading, 'network', /stopped/],
		] as const) {
			const stop = new AbortController();
			const { error, sent } = await outcome(
				request,
				[
					() => {
						stop.abort();
						throw failing('ERR_CANCELED');
					},
					answer('{}'),
				],
				{ signal: stop.signal },
			);
			assert.deepEqual([error?.kind, sent.length], [kind, 1]);
			assert.match(error?.message ?? '', message);
			assert.equal(sent[0]?.options.signal, stop.signal);
		}
	});

	it('wakes from the wait between two tries', async () => {
		const stop = new AbortController();
		const { transport, sent } = scripted(refusedConnection, answer('{}'));
		const given = options(transport, { signal: stop.signal, attemptId: 'y' });
		const failed = assert.rejects(send(placing, given), { kind: 'network', code: 'ABORTED', attemptId: 'y' });
		await settle();
		stop.abort();
		await failed;
		assert.equal(sent.length, 1);
		assert.equal(given.clock.sleeping, 0);
	});

	it('wakes from the wait for a turn', async () => {
		const stop = new AbortController();
		const clock = new HandClock();
		const pacer = createPacer({ perMinute: 1, clock });
		await pacer.take();
		const { transport, sent } = scripted(answer('{}'));
		const failed = assert.rejects(
			send(placing, { transport, clock, account: singapore, pacer, signal: stop.signal }),
			{ kind: 'network', code: 'ABORTED' },
		);
		await settle();
		stop.abort();
		await failed;
		assert.deepEqual([sent.length, pacer.waiting], [0, 0]);
	});
});
