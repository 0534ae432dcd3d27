/** How long the answer of a flow is expected for a request that does not wait any more, on a clock moved by hand. */
import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { mock } from 'node:test';
import type { AppletAnswer } from '../../../exotel/index';
import { PendingRequests, type PendingRequest, type WaitingCaller } from '../../../node-red/applets/pending-requests';

const ANSWER: AppletAnswer = { httpStatus: 200, headers: {}, body: '' };

describe('a request that was settled without an answer of its flow', () => {
	let now = 0;
	let id = 0;
	beforeEach(() => {
		mock.timers.enable({ apis: ['setTimeout'] });
		mock.method(performance, 'now', () => now);
	});
	afterEach(() => {
		mock.timers.reset();
		mock.restoreAll();
	});

	/** The response has no connection behind it. */
	function ask(all: PendingRequests, nodeId: string, sid: string): PendingRequest {
		const response = Object.assign(new EventEmitter(), { writeHead: () => undefined, end: () => undefined });
		return all.add(String((id += 1)), {
			nodeId,
			request: { call: { sid } },
			response: response as unknown as ServerResponse,
			timeoutMs: 4000,
			fallback: () => ANSWER,
			onFallback: () => undefined,
			onSettled: () => undefined,
		} as unknown as WaitingCaller);
	}

	for (const [name, settle] of [
		['hung up', (pending) => pending.caller.response.emit('close')],
		['at its deadline', () => mock.timers.tick(4000)],
	] as [string, (pending: PendingRequest) => void][])
		it(`keeps another node's caller from its answer for ten seconds: ${name}`, () => {
			const all = new PendingRequests();
			settle(ask(all, 'b', 'call'));
			const caller = ask(all, 'a', 'call');
			assert.equal(all.byCall('call'), caller);
			assert.equal(all.isAskedElsewhere(caller), true);
			assert.equal(all.isAskedElsewhere(ask(all, 'b', 'other call')), false);
			now += 9_999;
			assert.equal(all.isAskedElsewhere(caller), true);
			now += 1;
			assert.equal(all.isAskedElsewhere(caller), false);
		});

	it('does not keep a caller who moves on from an applet that was answered, or stays at one', () => {
		const all = new PendingRequests();
		ask(all, 'a', 'call').answer(ANSWER);
		ask(all, 'b', 'call').close();
		assert.equal(all.isAskedElsewhere(ask(all, 'b', 'call')), false);
	});

	it('is forgotten, the oldest first, beyond 50,000 calls', () => {
		const all = new PendingRequests();
		for (let index = 0; index <= 50_000; index += 1) ask(all, 'b', `call${index}`).close();
		assert.equal(all.isAskedElsewhere(ask(all, 'a', 'call0')), false);
		assert.equal(all.isAskedElsewhere(ask(all, 'a', 'call1')), true);
	});
});
