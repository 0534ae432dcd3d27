/** Signals that are joined for one request. */
import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { joinSignals } from '../../../exotel/http/join-signals';

describe('joined signals', () => {
	it('are aborted with the first of them, for its reason', () => {
		const [node, timeout] = [new AbortController(), new AbortController()];
		const { signal } = joinSignals(node.signal, undefined, timeout.signal);
		assert.equal(signal.aborted, false);
		timeout.abort(new Error('too late'));
		node.abort(new Error('deleted'));
		assert.equal((signal.reason as Error).message, 'too late');
	});

	it('are aborted at once where one of them is', () => {
		assert.equal(joinSignals(AbortSignal.abort('gone')).signal.reason, 'gone');
	});

	it('leave nothing behind on a signal that outlives the request', () => {
		const node = new AbortController();
		for (let count = 0; count < 100; count += 1) joinSignals(node.signal).release();
		assert.equal(getEventListeners(node.signal, 'abort').length, 0);
		const kept = Object.getOwnPropertySymbols(node.signal).map(
			(symbol) => Reflect.get(node.signal, symbol) as unknown,
		);
		assert.ok(kept.every((value) => !(value instanceof Set) || value.size === 0));
	});
});
