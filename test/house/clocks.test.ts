/** The clocks that both hosts hand to the core. */
import assert from 'node:assert/strict';
import { processClock } from '../../node-red/clock';
import { clock } from '../../nodes/host/clock';

describe('the core', () => {
	it('has a monotonic clock for durations on both hosts', () => {
		const timeOfDay = Date.now;
		try {
			for (const { now, elapsed } of [processClock, clock]) {
				const start = elapsed();
				Date.now = () => timeOfDay() - 3_600_000;
				assert.ok(now() < timeOfDay() - 3_000_000, 'stamps follow the time of day');
				assert.ok(elapsed() >= start && elapsed() - start < 60_000, 'durations do not');
				assert.ok(Number.isInteger(start), 'timers take whole milliseconds');
				Date.now = timeOfDay;
			}
		} finally {
			Date.now = timeOfDay;
		}
	});
});
