/** Reading through a transport: repeats, deadlines and stopping. */
import assert from 'node:assert/strict';
import { type HttpResponse, type Transport } from '../../../exotel/index';
import { createPacer } from '../../../exotel/http/pacing';
import { send } from '../../../exotel/http/send';
import { HandClock, settle } from '../hand-clock';
import { answer, singapore } from '../samples';
import { failing, options, outcome, placing, reading, refusedConnection, reset, scripted } from '../scripted-transport';

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

	it('is held before each attempt, and waits for another turn then', async () => {
		const { transport, sent } = scripted(answer('', 429, { 'retry-after': '7' }), answer('{}'));
		const given = options(transport);
		const pacer = createPacer({ perMinute: 3, clock: given.clock });
		const turns: number[] = [];
		let held = 0;
		const hold = (): Promise<void> | null => {
			turns.push(given.clock.elapsed());
			held += 1;
			return held % 2 === 1 ? given.clock.sleep(30_000) : null;
		};
		const ending = send(reading, { ...given, pacer, hold });
		await given.clock.finish();
		assert.equal((await ending).attempts, 2);
		assert.equal(sent.length, 2);
		const [first = 0] = turns;
		assert.deepEqual(
			turns.map((turn) => turn - first),
			[0, 30_000, 37_000, 67_000],
		);
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

	it('of what is held ends it, unsent', async () => {
		const waiting = new AbortController();
		const { error, sent } = await outcome(placing, [answer('{}')], {
			waitSignal: waiting.signal,
			hold: () => Promise.resolve().then(() => waiting.abort()),
		});
		assert.deepEqual([error?.code, sent.length], ['ABORTED', 0]);
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
