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

	/** 20 waits that try whether steps work. */
	function trying(now = 0): WakingTimes {
		const times = new WakingTimes();
		for (let index = 1; index <= 20; index += 1) assert.equal(times.next(waits(`${index}`), now), now + 75_000);
		return times;
	}

	it('are tried early by twenty waits at a time until one has worked: all others come first after 15 minutes', () => {
		const times = trying();
		for (const attemptId of ['21', '22']) assert.equal(times.next(waits(attemptId), minute), 16 * minute);
		assert.equal(times.next({ ...waits('22'), deadline: 5 * minute }, minute), 5 * minute);
		times.hasWoken();
		for (let index = 30; index < 80; index += 1) {
			assert.equal(times.next(waits(`${index}`), minute), minute + 75_000);
		}
	});

	it('are tried by the next wait when a callback ended a trial', () => {
		const times = trying();
		times.hasEnded('no trial');
		assert.equal(times.next(waits('21'), 0), 15 * minute);
		times.hasEnded('7');
		assert.equal(times.next(waits('22'), 0), 75_000);
		assert.equal(times.next(waits('23'), 0), 15 * minute);
	});

	it('are not tried early again for an hour on an n8n where they have no effect', () => {
		const times = trying();
		const long = (attemptId: string) => ({ ...waits(attemptId), deadline: 24 * hour });
		assert.equal(times.next(long('21'), 59 * minute), 74 * minute);
		assert.equal(times.next(long('22'), hour), hour + 75_000);
	});
});
