/** Performing a call of the API: requests wait for their turn, and what came back is read. */
import assert from 'node:assert/strict';
import {
	connectAgent,
	connectNumbers,
	downloadRecording,
	ExotelError,
	getCall,
	newAttemptId,
	perform,
} from '../../../exotel/index';
import { createPacer } from '../../../exotel/http/pacing';
import { send } from '../../../exotel/http/send';
import { HandClock, settle } from '../hand-clock';
import { answer, sample, singapore } from '../samples';
import { options, outcome, placing, reading, refusedConnection, reset, scripted } from '../scripted-transport';

describe('pacing what is sent', () => {
	it('takes a turn for every try, and tells when it waits', async () => {
		const clock = new HandClock();
		const told: unknown[] = [];
		const { transport, sent } = scripted(refusedConnection, answer('{}'));
		const ending = send(placing, {
			transport,
			clock,
			account: singapore,
			random: () => 0.5,
			pacer: createPacer({ perMinute: 1, clock }),
			onWait: (wait) => told.push(wait),
		});
		await clock.finish();
		await ending;
		assert.equal(sent.length, 2);
		assert.deepEqual(told, [
			{ reason: 'retry', ms: 500 },
			{ reason: 'pacing', ms: 59_500 },
		]);
	});

	it('refuses at once when the turn would come after the deadline', async () => {
		const clock = new HandClock();
		const pacer = createPacer({ perMinute: 1, clock });
		await pacer.take();
		const { transport, sent } = scripted(answer('{}'));
		await assert.rejects(
			send(placing, { transport, clock, account: singapore, pacer, deadlineMs: 59_999, attemptId: 'q' }),
			{ kind: 'rate-limit', attemptId: 'q' },
		);
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
		assert.equal(
			(await outcome(placing, [answer('{}')], { deadlineMs: 2_000, timeoutMs: 2_000 })).sent.length,
			1,
			'a host may want it shorter',
		);
		assert.equal(
			(await outcome(reading, [answer('{}')], { deadlineMs: 1 })).sent.length,
			1,
			'reading harms nobody',
		);
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
		const recording = downloadRecording.request(singapore, {
			url: 'https://s3-ap-southeast-1.amazonaws.com/exotelrecordings/acme1/x.mp3',
		});
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
		await assert.rejects(perform(connectNumbers, singapore, { ...input, to: 'x' }, options(transport)), {
			kind: 'input',
		});
		assert.equal(sent.length, 0);
	});

	it('does not know what became of a call whose answer it cannot read', async () => {
		for (const body of ['', '<html>', '{"Call":null}', 'ok', '{"Call":{"Sid":""}}']) {
			const { transport, sent } = scripted(answer(body));
			await assert.rejects(
				perform(connectNumbers, singapore, input, options(transport, { attemptId: 'p' })),
				(error: ExotelError) => {
					assert.deepEqual([error.kind, error.attemptId, error.httpStatus], ['unknown-outcome', 'p', 200]);
					assert.match(
						error.message,
						/its response could not be read\. Exotel returned .* instead of a call/,
					);
					return true;
				},
			);
			assert.equal(sent.length, 1);
		}
		const { transport } = scripted(answer(''));
		await assert.rejects(
			perform(getCall, singapore, { sid: 'b6cfaf5f5cef3ca0fc937749ef960e25' }, options(transport)),
			{ kind: 'exotel' },
		);
	});

	it('believes a refusal that comes with 200', async () => {
		const { transport, sent } = scripted(
			answer(
				'{"http_code":200,"response":{"code":409,"status":"failure","error_data":{"code":10706,' +
					'"description":"User ' +
					'device is currently busy"}}}',
			),
		);
		await assert.rejects(
			perform(
				connectAgent,
				singapore,
				{ agentId: 'a', to: '+919413740001', exoPhone: '01130830003' },
				options(transport, { attemptId: 'b' }),
			),
			{ kind: 'busy', code: '10706', attemptId: 'b' },
		);
		assert.equal(sent.length, 1);
	});

	it("keeps a reader's verdict that is certain, also for a call", async () => {
		const certain = {
			...connectNumbers,
			read: () => {
				throw new ExotelError('busy', 'on another call');
			},
		};
		await assert.rejects(
			perform(certain, singapore, input, options(scripted(answer('{}')).transport, { attemptId: 'c' })),
			{ kind: 'busy', attemptId: 'c' },
		);
	});

	it("turns a reader's own failure into an ExotelError", async () => {
		const broken = {
			...connectNumbers,
			read: () => {
				throw new TypeError('bug');
			},
		};
		const { transport } = scripted(answer('{"a":1}'));
		await assert.rejects(perform(broken, singapore, input, options(transport)), {
			kind: 'unknown-outcome',
			raw: { a: 1 },
		});
		await assert.rejects(perform({ ...broken, request: () => reading }, singapore, input, options(transport)), {
			kind: 'exotel',
			message: 'Exotel’s response could not be read.',
			httpStatus: 200,
		});
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
