/** Sending: a call is never placed twice, reading is repeated within its limits, and everything ends as one kind of error. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
	connectAgent, connectNumbers, createPacer, downloadRecording, ExotelError, getCall, newAttemptId, perform, send,
	type HttpRequest, type HttpResponse, type SendOptions, type Transport, type TransportOptions,
} from '../../exotel/index';
import { HandClock, settle } from './hand-clock';
import { answer, runs, sample, singapore } from './samples';

const placing = connectNumbers.request(singapore, { from: '+919413740001', to: '+918867990002', exoPhone: '01130830003' });
const reading = getCall.request(singapore, { sid: 'b6cfaf5f5cef3ca0fc937749ef960e25' });

/** One thing a transport may do. */
type Step = HttpResponse | Error | (() => never);

function failing(code: string, syscall?: string): Error {
	return Object.assign(new Error(`${syscall ?? ''} ${code}`), { code }, syscall === undefined ? {} : { syscall });
}
const refusedConnection = failing('ECONNREFUSED', 'connect');
const reset = failing('ECONNRESET', 'read');

/** A transport that goes through its steps, the last one for ever. */
function scripted(...steps: Step[]) {
	const sent: { request: HttpRequest; options: TransportOptions }[] = [];
	const transport: Transport = async (request, options) => {
		sent.push({ request, options });
		const step = steps[Math.min(sent.length, steps.length) - 1];
		if (step instanceof Error) throw step;
		return typeof step === 'function' ? step() : (step as HttpResponse);
	};
	return { transport, sent };
}

function options(transport: Transport, more: Partial<SendOptions> = {}): SendOptions & { clock: HandClock } {
	return { transport, clock: new HandClock(), account: singapore, random: () => 0.5, ...more } as SendOptions & { clock: HandClock };
}

/** Sends, lets time run, and hands back what came out. */
async function outcome(request: HttpRequest, steps: Step[], more: Partial<SendOptions> = {}) {
	const { transport, sent } = scripted(...steps);
	const given = options(transport, more);
	const ending = send(request, given).then((response) => ({ response, error: undefined }), (error: unknown) => ({ response: undefined, error }));
	await given.clock.finish();
	const { response, error } = await ending;
	if (error !== undefined) assert.ok(error instanceof ExotelError, `not an ExotelError: ${String(error)}`);
	return { response, error: error as ExotelError | undefined, sent, slept: given.clock.slept };
}

describe('placing a call', () => {
	it('is sent once when all goes well', async () => {
		const good = answer('{"Call":{"Sid":"x"}}');
		const { response, sent, slept } = await outcome(placing, [good]);
		assert.equal(response, good);
		assert.equal(sent.length, 1);
		assert.equal(sent[0]?.request, placing);
		assert.deepEqual(sent[0]?.options, { timeoutMs: 30_000 });
		assert.deepEqual(slept, []);
	});

	const doubtful: [string, Step, RegExp, string | null][] = [
		['reset after writing', reset, /the connection ended without an answer \(ECONNRESET\)/, 'ECONNRESET'],
		['broken pipe', failing('EPIPE', 'write'), /\(EPIPE\)/, 'EPIPE'],
		['time-out', failing('ETIMEDOUT'), /no answer came within 30 s/, 'ETIMEDOUT'],
		['aborted connection', failing('ECONNABORTED'), /no answer came within 30 s/, 'ECONNABORTED'],
		['an error without a code', new Error('boom'), /the connection ended without an answer\.$/, null],
		['something thrown that is no error', () => { throw 'oops' as unknown as Error; }, /the connection ended without an answer\.$/, null],
		['no answer at all', undefined as unknown as HttpResponse, /the connection ended without an answer\.$/, null],
		['an answer without a status', { body: '' } as unknown as HttpResponse, /without an answer\.$/, null],
		['an interim status', answer('', 100), /without an answer\.$/, null],
		['a status no server sends', answer('', 600), /without an answer\.$/, null],
		['500', answer('', 500), /Exotel answered HTTP 500/, null],
		['502 with a page', answer('<html>', 502), /Exotel answered HTTP 502.*It answered a web page/, null],
		['503 in Exotel\'s words', answer('{"RestException":{"Status":503,"Message":"Service Unavailable; ","Code":35008}}', 503), /HTTP 503\. Exotel refused: Service Unavailable; \(HTTP 503, code 35008\)/, '35008'],
		['504', answer('', 504), /Exotel answered HTTP 504/, null],
		['408', answer('', 408), /HTTP 408/, null],
		['499', answer('', 499), /HTTP 499/, null],
		['an internal error under 200', answer('{"RestException":{"Status":500,"Message":"oops"}}', 200), /HTTP 200.*oops/, null],
	];
	for (const [name, step, message, code] of doubtful) {
		it(`is sent once and ends as unknown: ${name}`, async () => {
			const { error, sent, slept } = await outcome(placing, [step, answer('{}')], { attemptId: 'a1' });
			assert.equal(sent.length, 1);
			assert.deepEqual(slept, []);
			assert.deepEqual([error?.kind, error?.retryable, error?.attemptId, error?.code], ['unknown-outcome', false, 'a1', code]);
			assert.match(error?.message ?? '', /^It is not known whether the call was placed \(outcome "unknown"\): /);
			assert.match(error?.message ?? '', message);
			assert.match(error?.hint ?? '', /Do not call again right away.*dashboard.*status callback/);
		});
	}

	it('keeps what was answered in an unknown outcome', async () => {
		const { error } = await outcome(placing, [answer('{"RestException":{"Status":503,"Message":"m"}}', 503)]);
		assert.deepEqual([error?.httpStatus, error?.raw], [503, { RestException: { Status: 503, Message: 'm' } }]);
		assert.deepEqual([(await outcome(placing, [reset])).error?.httpStatus, (await outcome(placing, [reset])).error?.raw], [null, null]);
	});

	it('is repeated when it surely never arrived, then placed once', async () => {
		const { response, sent, slept } = await outcome(placing, [refusedConnection, failing('ENOTFOUND', 'getaddrinfo'), answer('{}')]);
		assert.equal(response?.status, 200);
		assert.equal(sent.length, 3);
		assert.deepEqual(slept, [500, 1000]);
	});

	it('is repeated after 429, after as long as Exotel asked, then placed once', async () => {
		const { response, sent, slept } = await outcome(placing, [answer('', 429, { 'retry-after': '7' }), answer('{}')]);
		assert.deepEqual([response?.status, sent.length, slept], [200, 2, [7000]]);
	});

	it('waits until the date a Retry-After names', async () => {
		const { sent, slept } = await outcome(placing, [answer('', 429, { 'retry-after': 'Sat, 21 Nov 2026 10:00:09 GMT' }), answer('{}')]);
		assert.deepEqual([sent.length, slept], [2, [9000]]);
	});

	it('gives up after four tries, with the reason of the last', async () => {
		const never = await outcome(placing, [refusedConnection], { attemptId: 'a2' });
		assert.deepEqual([never.error?.kind, never.sent.length, never.error?.attemptId, never.error?.retryable], ['network', 4, 'a2', true]);
		assert.deepEqual(never.slept, [500, 1000, 2000]);
		const limited = await outcome(placing, [answer('{"RestException":{"Status":429,"Message":"Max 200 requests per minute"}}', 429)]);
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
		const before: Step[] = [refusedConnection, failing('ENOTFOUND', 'getaddrinfo'), failing('ETIMEDOUT', 'connect'), failing('EHOSTUNREACH', 'connect')];
		const arrived: Step[] = [reset, failing('EPIPE', 'write'), failing('ETIMEDOUT'), failing('ECONNABORTED'), new Error('?'), answer('', 500), answer('', 502), answer('', 503), answer('', 504), answer('<html>', 200), answer('', 200), answer('{}', 201), answer('{}', 400), answer('{}', 403), answer('', 302)];
		const limited: Step[] = [answer('', 429), answer('', 429, { 'retry-after': '3' }), answer('', 429, { 'retry-after': 'Sat, 21 Nov 2026 10:00:30 GMT' })];
		await fc.assert(fc.asyncProperty(fc.array(fc.constantFrom(...before, ...arrived, ...limited), { minLength: 1, maxLength: 6 }), fc.integer({ min: 1, max: 9 }), fc.double({ min: 0, max: 1, noNaN: true }), async (steps, maxTries, chance) => {
			const { sent, error } = await outcome(placing, [...steps, answer('{}')], { maxTries, random: () => chance });
			const happened = sent.map((_, n) => steps[n] ?? answer('{}'));
			const reached = happened.filter((step) => !before.includes(step) && !limited.includes(step));
			assert.ok(reached.length <= 1);
			assert.ok(reached.length === 0 || reached[0] === happened.at(-1) || !steps.includes(reached[0] as Step), 'something was sent after the call may have been placed');
			assert.ok(sent.length <= Math.min(4, maxTries));
			if (error === undefined) assert.equal(reached.length, 1);
			if (error?.kind === 'network' || error?.kind === 'rate-limit') assert.equal(reached.length, 0);
		}), runs);
	});
});

describe('reading', () => {
	it('is repeated after everything that may pass, within four tries', async () => {
		for (const step of [answer('', 429), answer('', 502), answer('<html>', 503), answer('', 504), reset, refusedConnection, failing('ETIMEDOUT'), new Error('?')]) {
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
		const { error } = await outcome(reading, [answer('{"RestException":{"Status":404,"Message":"No matching results"}}', 404)]);
		assert.deepEqual([error?.kind, error?.attemptId], ['not-found', null]);
	});

	it('tries as often as told, from 1 to 4 times', async () => {
		for (const [maxTries, expected] of [[0, 1], [1, 1], [2, 2], [4, 4], [9, 4], [Number.NaN, 4]] as const) {
			assert.equal((await outcome(reading, [reset], { maxTries })).sent.length, expected);
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
		const ending = send(reading, { transport, clock, account: singapore, random: () => 1, deadlineMs: 70_000, timeoutMs: 30_000 });
		const failed = assert.rejects(ending, { kind: 'network' });
		await clock.finish();
		await failed;
		assert.deepEqual(given, [30_000, 30_000, 7000]);
		assert.equal(clock.now() - Date.parse('2026-11-21T10:00:00Z'), 70_000);
	});

	it('has 120 s by default', async () => {
		const { error, sent, slept } = await outcome(reading, [answer('', 503, { 'retry-after': '119' }), answer('', 503, { 'retry-after': '1' })]);
		assert.deepEqual([sent.length, slept, error?.httpStatus], [2, [119_000], 503]);
		assert.deepEqual((await outcome(reading, [answer('', 503, { 'retry-after': '120' })])).slept, []);
	});

	it('gives up at once when Exotel asks for a longer wait than there is, and says for how long', async () => {
		const { error, sent, slept } = await outcome(reading, [answer('', 429, { 'retry-after': '300' })]);
		assert.deepEqual([error?.kind, error?.retryAfterMs, sent.length, slept], ['rate-limit', 300_000, 1, []]);
	});

	it('sends nothing when there is no time at all', async () => {
		const { error, sent } = await outcome(reading, [answer('{}')], { deadlineMs: 0, attemptId: 'z' });
		assert.deepEqual([error?.kind, error?.code, error?.retryable, error?.attemptId, sent.length], ['network', 'DEADLINE', true, 'z', 0]);
		assert.match(error?.message ?? '', /time for this request was over before it could be sent/);
		assert.match(error?.hint ?? '', /Nothing reached Exotel/);
	});

	it('tells before it waits', async () => {
		const told: unknown[] = [];
		await outcome(reading, [reset, reset, answer('{}')], { onWait: (wait) => told.push(wait) });
		assert.deepEqual(told, [{ reason: 'retry', ms: 500 }, { reason: 'retry', ms: 1000 }]);
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
		for (const [request, kind, message] of [[placing, 'unknown-outcome', /it was stopped while waiting for the answer/], [reading, 'network', /stopped/]] as const) {
			const stop = new AbortController();
			const { error, sent } = await outcome(request, [() => { stop.abort(); throw failing('ERR_CANCELED'); }, answer('{}')], { signal: stop.signal });
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
		const failed = assert.rejects(send(placing, { transport, clock, account: singapore, pacer, signal: stop.signal }), { kind: 'network', code: 'ABORTED' });
		await settle();
		stop.abort();
		await failed;
		assert.deepEqual([sent.length, pacer.waiting], [0, 0]);
	});
});

describe('pacing what is sent', () => {
	it('takes a turn for every try, and tells when it waits', async () => {
		const clock = new HandClock();
		const told: unknown[] = [];
		const { transport, sent } = scripted(refusedConnection, answer('{}'));
		const ending = send(placing, { transport, clock, account: singapore, random: () => 0.5, pacer: createPacer({ perMinute: 1, clock }), onWait: (wait) => told.push(wait) });
		await clock.finish();
		await ending;
		assert.equal(sent.length, 2);
		assert.deepEqual(told, [{ reason: 'retry', ms: 500 }, { reason: 'pacing', ms: 59_500 }]);
	});

	it('refuses at once when the turn would come after the deadline', async () => {
		const clock = new HandClock();
		const pacer = createPacer({ perMinute: 1, clock });
		await pacer.take();
		const { transport, sent } = scripted(answer('{}'));
		await assert.rejects(send(placing, { transport, clock, account: singapore, pacer, deadlineMs: 59_999, attemptId: 'q' }), { kind: 'rate-limit', attemptId: 'q' });
		assert.equal(sent.length, 0);
	});

	it('waits as long as the queue is when no deadline was given, and has its 120 s from then on', async () => {
		const clock = new HandClock();
		const pacer = createPacer({ perMinute: 1, clock });
		const ahead = Array.from({ length: 10 }, () => pacer.take());
		const { transport, sent } = scripted(answer('', 503, { 'retry-after': '119' }), answer('{}'));
		const ending = send(reading, { transport, clock, account: singapore, pacer });
		await clock.finish();
		await Promise.all([...ahead, ending]);
		assert.equal(sent.length, 2);
		assert.equal(clock.now() - Date.parse('2026-11-21T10:00:00Z'), 719_000);
	});

	it('asks for no call that it has no time to hear about', async () => {
		const busy = answer('', 429, { 'retry-after': '10' });
		const late = await outcome(placing, [busy, answer('{}')], { deadlineMs: 14_999, attemptId: 'a' });
		assert.deepEqual([late.sent.length, late.error?.kind, late.error?.attemptId], [1, 'rate-limit', 'a']);
		const intime = await outcome(placing, [busy, answer('{}')], { deadlineMs: 15_000 });
		assert.deepEqual([intime.sent.length, intime.sent[1]?.options.timeoutMs], [2, 5_000]);
		assert.equal((await outcome(placing, [answer('{}')], { deadlineMs: 4_999 })).error?.code, 'DEADLINE');
		assert.equal((await outcome(placing, [answer('{}')], { deadlineMs: 2_000, timeoutMs: 2_000 })).sent.length, 1, 'a host may want it shorter');
		assert.equal((await outcome(reading, [answer('{}')], { deadlineMs: 1 })).sent.length, 1, 'reading harms nobody');
	});

	it('does not stop the account for days because one answer asks for it', async () => {
		const { transport } = scripted(answer('', 429, { 'retry-after': '999999' }), answer('{}'));
		const given = options(transport);
		const pacer = createPacer({ clock: given.clock });
		await assert.rejects(send(reading, { ...given, pacer }), { kind: 'rate-limit', retryAfterMs: 999_999_000 });
		const waits: number[] = [];
		const next = send(reading, { ...given, pacer, onWait: ({ ms }) => waits.push(ms) });
		await given.clock.finish();
		await next;
		assert.deepEqual(waits, [300_000]);
	});

	it('lets the whole account wait when Exotel asked for a pause', async () => {
		const clock = new HandClock();
		const pacer = createPacer({ clock });
		const first = scripted(answer('', 429, { 'retry-after': '9' }), answer('{}'));
		const one = send(placing, { transport: first.transport, clock, account: singapore, pacer });
		await settle();
		const other = scripted(answer('{}'));
		const two = send(reading, { transport: other.transport, clock, account: singapore, pacer });
		await clock.advance(8999);
		assert.deepEqual([first.sent.length, other.sent.length], [1, 0]);
		await clock.advance(1);
		await clock.finish();
		await Promise.all([one, two]);
		assert.deepEqual([first.sent.length, other.sent.length], [2, 1]);
	});

	it('does not let the account wait for a 503', async () => {
		const clock = new HandClock();
		const pacer = createPacer({ clock });
		const { transport } = scripted(answer('', 503, { 'retry-after': '9' }), answer('{}'));
		const ending = send(reading, { transport, clock, account: singapore, pacer });
		await settle();
		await pacer.take();
		assert.equal(clock.now(), Date.parse('2026-11-21T10:00:00Z'));
		await clock.finish();
		await ending;
	});

	it('takes no turn for a recording that lies elsewhere, but one for the CCM host', async () => {
		const clock = new HandClock();
		const pacer = createPacer({ perMinute: 1, clock });
		const { transport, sent } = scripted(answer(new Uint8Array([1, 2])));
		const recording = downloadRecording.request(singapore, { url: 'https://s3-ap-southeast-1.amazonaws.com/exotelrecordings/acme1/x.mp3' });
		await send(recording, { transport, clock, account: singapore, pacer });
		await send(recording, { transport, clock, account: singapore, pacer });
		assert.equal(sent.length, 2);
		const agent = connectAgent.request(singapore, { agentId: 'a', to: '+919413740001', exoPhone: '01130830003' });
		await send(agent, { transport, clock, account: singapore, pacer });
		const second = send(agent, { transport, clock, account: singapore, pacer });
		await settle();
		assert.equal(pacer.waiting, 1);
		await clock.finish();
		await second;
	});
});

describe('performing', () => {
	const input = { from: '+919413740001', to: '+918867990002', exoPhone: '01130830003' };

	it('brings the call, what Exotel sent, and how often it was tried', async () => {
		const { transport } = scripted(refusedConnection, answer(sample('seed-004-connect-numbers.json'), 201));
		const given = options(transport);
		const ending = perform(connectNumbers, singapore, input, given);
		await given.clock.finish();
		const { result, raw, httpStatus, attempts } = await ending;
		assert.deepEqual([result.sid, httpStatus, attempts], ['c5797dcbaaeed7678c4062a4a3ed2f8a', 201, 2]);
		assert.deepEqual(raw, JSON.parse(sample('seed-004-connect-numbers.json')));
	});

	it('sends nothing when the input is wrong', async () => {
		const { transport, sent } = scripted(answer('{}'));
		await assert.rejects(perform(connectNumbers, singapore, { ...input, to: 'x' }, options(transport)), { kind: 'input' });
		assert.equal(sent.length, 0);
	});

	it('does not know what became of a call whose answer it cannot read', async () => {
		for (const body of ['', '<html>', '{"Call":null}', 'ok', '{"Call":{"Sid":""}}']) {
			const { transport, sent } = scripted(answer(body));
			await assert.rejects(perform(connectNumbers, singapore, input, options(transport, { attemptId: 'p' })), (error: ExotelError) => {
				assert.deepEqual([error.kind, error.attemptId, error.httpStatus], ['unknown-outcome', 'p', 200]);
				assert.match(error.message, /its answer could not be read\. Exotel answered .* instead of a call/);
				return true;
			});
			assert.equal(sent.length, 1);
		}
		const { transport } = scripted(answer(''));
		await assert.rejects(perform(getCall, singapore, { sid: 'b6cfaf5f5cef3ca0fc937749ef960e25' }, options(transport)), { kind: 'exotel' });
	});

	it('believes a refusal that comes with 200', async () => {
		const { transport, sent } = scripted(answer('{"http_code":200,"response":{"code":409,"status":"failure","error_data":{"code":10706,"description":"User device is currently busy"}}}'));
		await assert.rejects(perform(connectAgent, singapore, { agentId: 'a', to: '+919413740001', exoPhone: '01130830003' }, options(transport, { attemptId: 'b' })), { kind: 'busy', code: '10706', attemptId: 'b' });
		assert.equal(sent.length, 1);
	});

	it('keeps a reader\'s verdict that is certain, also for a call', async () => {
		const certain = { ...connectNumbers, read: () => { throw new ExotelError('busy', 'on another call'); } };
		await assert.rejects(perform(certain, singapore, input, options(scripted(answer('{}')).transport, { attemptId: 'c' })), { kind: 'busy', attemptId: 'c' });
	});

	it('turns a reader\'s own failure into an ExotelError', async () => {
		const broken = { ...connectNumbers, read: () => { throw new TypeError('bug'); } };
		const { transport } = scripted(answer('{"a":1}'));
		await assert.rejects(perform(broken, singapore, input, options(transport)), { kind: 'unknown-outcome', raw: { a: 1 } });
		await assert.rejects(perform({ ...broken, request: () => reading }, singapore, input, options(transport)), { kind: 'exotel', message: 'Exotel\'s answer could not be read.', httpStatus: 200 });
	});

	it('uses chance of its own when none is handed in', async () => {
		const { transport, sent } = scripted(reset, answer('{}'));
		const clock = new HandClock();
		const ending = send(reading, { transport, clock, account: singapore });
		await clock.finish();
		await ending;
		assert.equal(sent.length, 2);
		assert.ok((clock.slept[0] ?? -1) >= 0 && (clock.slept[0] ?? 1001) <= 1000);
	});
});

describe('an attempt id', () => {
	it('is 22 characters that need no escaping, never the same', () => {
		const ids = new Set(Array.from({ length: 1000 }, newAttemptId));
		assert.equal(ids.size, 1000);
		for (const id of ids) assert.match(id, /^[A-Za-z0-9_-]{22}$/);
	});
});
