/** Polls of calls whose account has more to place than it may send: by the core's own request, through the pacer. */
import assert from 'node:assert/strict';
import { createPacer, type Pacer } from '../../../exotel/http/pacing';
import { readAccount, readEnd, type ApiVersion } from '../../../exotel/index';
import { placedCall, stage } from './stage';
import { VirtualClock } from './virtual-clock';

const account = readAccount({ region: 'singapore', sid: 'acme1' });

/** Reads a call of an Exotel whose calls have ended a minute after the start. */
function pollThrough(pacer: Pacer, clock: VirtualClock) {
	const endsAt = clock.elapsed() + 60_000;
	const transport = ({ url }: { url: string }) => {
		const ended = clock.elapsed() >= endsAt;
		const Call = {
			Sid: /Calls\/(\w+)/.exec(url)?.[1],
			Status: ended ? 'completed' : 'in-progress',
			Direction: 'outbound-api',
			...(ended ? { StartTime: '2026-11-21 15:00:00', EndTime: '2026-11-21 15:00:40', Duration: '40' } : {}),
		};
		return Promise.resolve({ status: 200, headers: {}, body: JSON.stringify({ Call }) });
	};
	return (sid: string, api: ApiVersion, signal?: AbortSignal) =>
		readEnd(account, { sid, api }, { transport, clock, account, pacer, ...(signal && { signal }) });
}

describe('an account with more calls to place than it may send', () => {
	for (const [perMinute, backlog, minutes] of [
		[200, 320, 3],
		[60, 100, 4],
		[5, 30, 6],
	] as const)
		it(`hears how its calls end: ${perMinute} a minute, ${backlog} waiting all the time`, async () => {
			const clock = new VirtualClock();
			const pacer = createPacer({ clock, perMinute });
			const one = stage({ clock, poll: pollThrough(pacer, clock), pollAfterMs: () => 4000 });
			await one.tracker.start();
			await one.tracker.begin({ attemptId: 'a1', api: 'v1' });
			await pacer.take();
			await one.tracker.placed('a1', placedCall('s1'), 'details');
			const placing = async (): Promise<void> => {
				await pacer.take();
				void placing();
			};
			for (let count = 0; count < backlog; count += 1) void placing();
			for (let second = 0; second < minutes * 60; second += 1) await clock.advance(1000);
			assert.deepEqual(
				one.announced.map(({ type }) => type),
				['placed', 'ended'],
			);
			assert.deepEqual(one.warnings, []);
		});
});
