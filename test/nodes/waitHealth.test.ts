/** What a process knows of the waits of an account. */
import assert from 'node:assert/strict';
import { AccountWaits } from '../../nodes/Exotel/operations/waitHealth';

describe('the waits of an account', () => {
	it('are forgotten by time, also where every end reaches another process and nobody asks for the health', () => {
		const waits = new AccountWaits();
		const startedAt = Date.now() - 24 * 3_600_000;
		const wait = { startedAt, deadline: startedAt + 3_600_000, step: 0 };
		for (let count = 0; count < 10_000; count += 1) waits.waits({ ...wait, attemptId: `a${count}` }, true);
		assert.ok(waits.size <= 1_000, `${waits.size} waits`);
	});
});
