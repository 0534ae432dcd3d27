/** When a waiting call is asked about, and what happens on an n8n that does not run a waiting node again. */
import assert from 'node:assert/strict';
import { WakingTimes } from '../../nodes/Exotel/operations/waitSteps';

const minute = 60_000;
const hour = 60 * minute;
const waits = (attemptId = '1', step = 0) => ({ deadline: hour, step, attemptId });

describe('the steps of a wait', () => {
	it('come first after 75 s, then less and less often, and never after the end of the wait', () => {
		const times = new WakingTimes();
		times.hasWoken();
		const gaps = [0, 1, 2, 3, 4, 5].map((step) => times.next(waits('1', step), 0) / 1_000);
		assert.deepEqual(gaps, [75, 150, 300, 600, 900, 900]);
		assert.equal(times.next(waits('1'), hour - 1), hour);
	});

	it('are tried early by one wait at a time until one has worked: all others come first after 15 minutes', () => {
		const times = new WakingTimes();
		assert.equal(times.next(waits('1'), 0), 75_000);
		for (const attemptId of ['2', '3']) assert.equal(times.next(waits(attemptId), minute), 16 * minute);
		assert.equal(times.next({ ...waits('3'), deadline: 5 * minute }, minute), 5 * minute);
		times.hasWoken();
		assert.equal(times.next(waits('4'), minute), minute + 75_000);
	});

	it('are tried by the next wait when a callback ended the trial', () => {
		const times = new WakingTimes();
		times.next(waits('1'), 0);
		times.hasEnded('2');
		assert.equal(times.next(waits('3'), 0), 15 * minute);
		times.hasEnded('1');
		assert.equal(times.next(waits('4'), 0), 75_000);
	});

	it('are not tried early again for an hour on an n8n where they have no effect', () => {
		const times = new WakingTimes();
		const long = (attemptId: string) => ({ ...waits(attemptId), deadline: 24 * hour });
		times.next(long('1'), 0);
		assert.equal(times.next(long('2'), 59 * minute), 74 * minute);
		assert.equal(times.next(long('3'), hour), hour + 75_000);
	});
});
