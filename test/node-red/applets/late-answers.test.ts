/** How long the answer of a flow is expected for a request that does not wait any more, on a clock moved by hand. */
import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { mock } from 'node:test';
import type { AppletAnswer } from '../../../exotel/index';
import { PendingRequests, type PendingRequest, type WaitingCaller } from '../../../node-red/applets/pending-requests';

const ANSWER: AppletAnswer = { httpStatus: 200, headers: {}, body: '' };

describe('a request that was settled without an answer of its flow', () => {
	let id = 0;
	beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
	afterEach(() => mock.timers.reset());

	/** The response has no connection behind it. */
	function ask(
		all: PendingRequests,
		nodeId: string,
		sid: string,
		timeoutMs = 60_000,
		onFallback: WaitingCaller['onFallback'] = () => undefined,
		destroyed = false,
	): PendingRequest {
		const response = Object.assign(new EventEmitter(), {
			writeHead: () => undefined,
			end: () => undefined,
			destroyed,
		});
		return all.add(String((id += 1)), {
			nodeId,
			request: { call: { sid } },
			response: response as unknown as ServerResponse,
			timeoutMs,
			fallback: () => ANSWER,
			onFallback,
			onSettled: () => undefined,
		} as unknown as WaitingCaller);
	}

	for (const [name, settle] of [
		['hung up', (pending) => pending.caller.response.emit('close')],
		['at its deadline', () => mock.timers.tick(4000)],
	] as [string, (pending: PendingRequest) => void][])
		it(`keeps another node's caller from its answer for ten seconds: ${name}`, () => {
			const all = new PendingRequests();
			settle(ask(all, 'b', 'call', 4000));
			const caller = ask(all, 'a', 'call');
			assert.equal(all.byCall('call'), caller);
			assert.equal(all.isAskedElsewhere(caller), true);
			assert.equal(all.isAskedElsewhere(ask(all, 'b', 'other call')), false);
			mock.timers.tick(9_999);
			assert.equal(all.isAskedElsewhere(caller), true);
			mock.timers.tick(1);
			assert.equal(all.isAskedElsewhere(caller), false);
		});

	it('does not keep a caller who moves on from an applet that was answered, or stays at one', () => {
		const all = new PendingRequests();
		ask(all, 'a', 'call').answer(ANSWER);
		ask(all, 'b', 'call').close();
		assert.equal(all.isAskedElsewhere(ask(all, 'b', 'call')), false);
	});

	it('is one of at most 50,000 that are remembered', () => {
		const all = new PendingRequests();
		for (let index = 0; index <= 50_000; index += 1) ask(all, 'b', `call${index}`).close();
		assert.equal(all.isAskedElsewhere(ask(all, 'a', 'call49999')), true);
		assert.equal(all.isAskedElsewhere(ask(all, 'a', 'call50000')), false);
		mock.timers.tick(10_000);
		ask(all, 'b', 'call50000').close();
		assert.equal(all.isAskedElsewhere(ask(all, 'a', 'call50000')), true);
	});

	it('that hung up before it was taken in does not wait, and gets nothing', () => {
		const all = new PendingRequests();
		const reasons: string[] = [];
		const gone = ask(all, 'a', 'call', 4000, (reason) => reasons.push(reason), true);
		assert.deepEqual([gone.isOpen, all.count('a'), all.byCall('call')], [false, 0, null]);
		mock.timers.tick(5000);
		assert.deepEqual(reasons, []);
	});

	it('waits beside 4,999 others; one more gets the fallback at once, until one has gone', () => {
		const all = new PendingRequests();
		const reasons: string[] = [];
		const one = (): PendingRequest => ask(all, 'a', 'call', 60_000, (reason) => reasons.push(reason));
		const callers = Array.from({ length: 5000 }, one);
		assert.ok(callers.every(({ isOpen }) => isOpen));
		assert.deepEqual([one().isOpen, reasons, all.count('a')], [false, ['too-many'], 5000]);
		callers[0]?.close();
		assert.deepEqual([one().isOpen, reasons], [true, ['too-many']]);
	});
});
