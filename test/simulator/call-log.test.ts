/** The simulator remembers as many calls as fit: in number and in bytes. */
import assert from 'node:assert/strict';
import { CallLog } from '../../simulator/engine/call-log';
import { CallState } from '../../simulator/engine/call-state';
import { newCall, type Call } from '../../simulator/model/call';
import { weightOf } from '../../simulator/model/weight';

function callOf(index: number, ended = true): CallState {
	const from = '09812345600';
	const call = newCall({
		sid: `call${index}`,
		accountSid: 'acme1',
		api: 'v1',
		kind: 'numbers',
		from,
		to: from,
		exoPhone: from,
		createdAt: 0,
	});
	if (ended) call.endedAt = 1;
	return new CallState(call);
}

const sids = (log: CallLog): string[] => log.list().map(({ sid }) => sid);
const grow = (call: Call, bytes: number): void => void call.flags.push('x'.repeat(bytes));
const MEGABYTE = 1024 ** 2;

describe('the calls that the simulator remembers', () => {
	it('are bounded in bytes: the oldest ended ones make room', () => {
		const log = new CallLog(5_000, 10 * MEGABYTE);
		const states = [0, 1, 2, 3, 4].map((index) => callOf(index, index !== 0));
		for (const { call } of states) grow(call, 2 * MEGABYTE);
		for (const state of states) log.add(state);
		assert.deepEqual(sids(log), ['call0', 'call2', 'call3', 'call4']);
		assert.equal(log.dropped, 1);
		assert.ok(states[1]?.signal.aborted, 'nothing happens to a call that was dropped');
		assert.ok(log.bytes > 8 * MEGABYTE && log.bytes < 8.1 * MEGABYTE, String(log.bytes));
	});

	it('are weighed again when they have grown', () => {
		const log = new CallLog(5_000, 10 * MEGABYTE);
		const states = [0, 1, 2].map((index) => callOf(index, index === 1));
		for (const state of states) log.add(state);
		const last = states[2]?.call as Call;
		for (let change = 0; change < 100; change += 1) {
			grow(last, 0.095 * MEGABYTE);
			log.changed(last);
		}
		assert.deepEqual(sids(log), ['call0', 'call1', 'call2']);
		grow(last, MEGABYTE);
		for (let change = 0; change < 50; change += 1) log.changed(last);
		assert.deepEqual(sids(log), ['call2'], 'running ones go when no other has ended; the last one stays');
	});

	it('leave no weight behind', () => {
		const log = new CallLog(2, 10 * MEGABYTE);
		for (let index = 0; index < 50; index += 1) {
			const state = callOf(index);
			log.add(state);
			grow(state.call, 1_000);
			log.changed(state.call);
		}
		assert.equal(sids(log).length, 2);
		assert.ok(log.bytes < 10_000, String(log.bytes));
		log.clear();
		assert.equal(log.bytes, 0);
	});

	it('weigh what their texts and parts weigh', () => {
		assert.equal(weightOf('x'.repeat(1_000)), 1_016);
		assert.equal(weightOf([]), 16);
		assert.ok(weightOf({ a: 'x'.repeat(1_000), b: [1, { c: 'y'.repeat(500) }] }) > 1_500);
	});
});
