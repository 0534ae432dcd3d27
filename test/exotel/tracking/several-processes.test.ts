/** What a store shared by several processes, slow or refusing for a moment, must not do to a call. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import {
	MemoryStore,
	readCallEvent,
	readAccount,
	TrackerStore,
	type CallEvent,
	type Clock,
} from '../../../exotel/index';
import { isStoredRecord, RESPONSE_WAIT_MS } from '../../../exotel/tracking/records';
import { EndSearch } from '../../../exotel/tracking/end-search';
import { eventOf, placedCall, polledEnd, SharedStore, stage, typesOf } from './stage';
import { VirtualClock } from './virtual-clock';

const HOUR = 3_600_000;

describe('a tracker beside another one', () => {
	let clock: VirtualClock;
	let shared: SharedStore;
	beforeEach(() => {
		clock = new VirtualClock();
		shared = new SharedStore();
	});

	it('takes a request that was put off for lost only when its turn has passed', async () => {
		const one = stage({ clock, shared });
		const other = stage({ clock, shared });
		await one.tracker.start();
		await one.tracker.begin({ attemptId: 'a1', api: 'v1' });
		await other.tracker.start();
		await one.tracker.delayed('a1', 15 * 60_000);
		await clock.advance(RESPONSE_WAIT_MS + 60_000);
		assert.deepEqual(typesOf(other), []);
		await one.tracker.placed('a1', placedCall('s1'), 'response');
		await one.tracker.received(eventOf('s1', 'terminal'), 'a1');
		assert.deepEqual([typesOf(one), typesOf(other)], [['placed', 'ended'], []]);
	});

	it('announces no end again after a restart because a slow store was tidied meanwhile', async () => {
		const one = stage({ clock, shared, pollAfterMs: () => HOUR });
		await one.tracker.start();
		await one.tracker.begin({ attemptId: 'a1', api: 'v1' });
		shared.mode = 'fails';
		await one.tracker.placed('a1', placedCall('s1'), 'response');
		shared.mode = 'works';
		const [get, set] = [shared.get.bind(shared), shared.set.bind(shared)];
		shared.get = async (key) => {
			const value = await get(key);
			await clock.sleep(100);
			return value;
		};
		shared.set = async (key, record) => {
			await set(key, record);
			await clock.sleep(100);
		};
		await clock.advance(600_000 - 150);
		const received = one.tracker.received(eventOf('s1', 'terminal'), 'a1');
		for (let step = 0; step < 200; step += 1) await clock.advance(10);
		await received;
		one.tracker.stop();
		const later = stage({ clock, shared, poll: (sid) => Promise.resolve(polledEnd(sid)) });
		void later.tracker.start();
		await clock.advance(60_000);
		assert.deepEqual([typesOf(one), typesOf(later)], [['placed', 'ended'], []]);
	});

	it('announces an end twice when two copies take its callback in the same moment, once when one takes it later', async () => {
		for (const [gapMs, count] of [
			[0, 2],
			[50, 1],
		] as const) {
			clock = new VirtualClock();
			shared = new SharedStore();
			// As long as a store on another machine takes.
			const [get, set] = [shared.get.bind(shared), shared.set.bind(shared)];
			shared.get = (key) => clock.sleep(5).then(() => get(key));
			shared.set = (key, record) => clock.sleep(5).then(() => set(key, record));
			const [one, other] = [stage({ clock, shared }), stage({ clock, shared })];
			const received = [one.tracker.received(eventOf('s1', 'terminal'), null)];
			await clock.advance(gapMs);
			received.push(other.tracker.received(eventOf('s1', 'terminal'), null));
			await clock.advance(1000);
			await Promise.all(received);
			assert.equal([...typesOf(one), ...typesOf(other)].length, count, `${gapMs} ms apart`);
		}
	});

	it('follows a call no longer whose end another one took while Exotel was asked about it', async () => {
		const hasEnded = new Set<string>();
		const poll = async (sid: string): Promise<CallEvent | null> => {
			const end = hasEnded.has(sid) ? polledEnd(sid) : null;
			await clock.sleep(300);
			return end;
		};
		const [one, other] = [stage({ clock, shared, poll }), stage({ clock, shared, poll })];
		await one.tracker.start();
		await other.tracker.start();
		await one.tracker.begin({ attemptId: 'a1', api: 'v1' });
		await one.tracker.placed('a1', placedCall('s1'), 'response');
		await clock.advance(60_100);
		assert.equal(one.polls.length, 1, 'asked, and not answered yet');
		hasEnded.add('s1');
		await other.tracker.received(eventOf('s1', 'terminal'), 'a1');
		await clock.advance(HOUR);
		assert.deepEqual([typesOf(one), typesOf(other)], [['placed'], ['ended']]);
		assert.deepEqual([one.tracker.openCalls, other.tracker.openCalls], [0, 0]);
	});

	it('takes no unfinished record for the end of a call that another one follows, or that only callbacks named', async () => {
		const start = clock.now();
		const poll = (sid: string): Promise<CallEvent> => {
			const end = polledEnd(sid);
			Object.assign(end.call, { updatedAt: new Date(start).toISOString(), talkSeconds: 0 });
			const isFinished = clock.now() >= start + 150_000;
			if (isFinished)
				Object.assign(end.call, { endedAt: end.call.updatedAt, durationSeconds: 60, talkSeconds: 50 });
			return Promise.resolve(end);
		};
		const [one, other] = [stage({ clock, shared, poll }), stage({ clock, shared, poll })];
		await one.tracker.start();
		await other.tracker.start();
		await one.tracker.begin({ attemptId: 'a1', api: 'v1' });
		await one.tracker.placed('a1', placedCall('s1'), 'response');
		await other.tracker.received(eventOf('s1', 'dial', { source: 'passthru' }), null);
		await other.tracker.received(eventOf('s2', 'answered'), 'a2');
		await other.tracker.received(eventOf('s2', 'dial', { source: 'passthru' }), null);
		await clock.advance(HOUR);
		const ends = [...one.announced, ...other.announced].flatMap((told) =>
			told.type === 'ended'
				? [[told.attemptId, told.event.call.talkSeconds, told.event.call.durationSeconds]]
				: [],
		);
		assert.deepEqual(ends.sort(), [
			['a1', 50, 60],
			['a2', 50, 60],
		]);
		assert.deepEqual([one.tracker.openCalls, other.tracker.openCalls], [0, 0]);
	});

	it('reads and writes a record three times at most for an event', async () => {
		const counts = { get: 0, set: 0 };
		const [get, set] = [shared.get.bind(shared), shared.set.bind(shared)];
		shared.get = (key) => ((counts.get += 1), get(key));
		shared.set = (key, record) => ((counts.set += 1), set(key, record));
		const one = stage({ clock, shared, pollAfterMs: () => HOUR });
		await one.tracker.start();
		await one.tracker.begin({ attemptId: 'a1', api: 'v1' });
		await one.tracker.placed('a1', placedCall('s1'), 'response');
		const most = { get: 0, set: 0 };
		for (const [sid, attemptId] of [
			['s1', 'a1'],
			['s2', null],
		] as const)
			for (const type of ['ringing', 'answered', 'terminal', 'terminal'] as const) {
				Object.assign(counts, { get: 0, set: 0 });
				await one.tracker.received(eventOf(sid, type), attemptId);
				await clock.advance(10);
				assert.ok(counts.get > 0);
				most.get = Math.max(most.get, counts.get);
				most.set = Math.max(most.set, counts.set);
			}
		assert.deepEqual(most, { get: 3, set: 3 });
	});

	it('announces an end twice when another copy writes over it what it read before', async () => {
		const poll = (sid: string): Promise<CallEvent> => Promise.resolve(polledEnd(sid));
		const [one, other] = [stage({ clock, shared, poll }), stage({ clock, shared, poll })];
		await one.tracker.start();
		await one.tracker.begin({ attemptId: 'a1', api: 'v1' });
		await one.tracker.placed('a1', placedCall('s1'), 'response');
		const [get, set] = [shared.get.bind(shared), shared.set.bind(shared)];
		shared.get = (key) => clock.sleep(5).then(() => get(key));
		// The callback before the last takes longer to be written than the last.
		shared.set = (key, record) =>
			clock.sleep('phase' in record && record.phase === 'open' ? 40 : 5).then(() => set(key, record));
		const received = [
			one.tracker.received(eventOf('s1', 'answered'), 'a1'),
			other.tracker.received(eventOf('s1', 'terminal'), 'a1'),
		];
		await clock.advance(HOUR);
		await Promise.all(received);
		assert.deepEqual([one, other].map(typesOf), [['placed', 'progress', 'ended'], ['ended']]);
	});

	it('takes a call that another copy is placing for lost when its own clock is minutes ahead', async () => {
		const one = stage({ clock, shared });
		await one.tracker.start();
		await one.tracker.begin({ attemptId: 'a1', api: 'v1' });
		const ahead: Clock = {
			now: () => clock.now() + RESPONSE_WAIT_MS,
			elapsed: () => clock.elapsed(),
			sleep: (ms, signal) => clock.sleep(ms, signal),
		};
		const sameTime = stage({ clock, shared });
		await sameTime.tracker.start();
		await clock.advance(60_000);
		assert.deepEqual(typesOf(sameTime), []);
		const restarted = stage({ clock: ahead, shared });
		await restarted.tracker.start();
		await clock.advance(60_000);
		assert.deepEqual(typesOf(restarted), ['unknown']);
	});

	it('takes no record of another version for its own', async () => {
		const one = stage({ clock, shared });
		await one.tracker.begin({ attemptId: 'a1', api: 'v1' });
		const kept = JSON.parse(shared.values.get('attempt_a1') ?? '{}') as Record<string, unknown>;
		assert.ok(isStoredRecord(kept));
		for (const name of ['requestedAt', 'pollCount', 'announced', 'revision', 'expiresAt']) {
			assert.ok(!isStoredRecord({ ...kept, [name]: undefined }), name);
		}
	});

	it('gets what it missed with the next call, as soon as it works again', async () => {
		const one = stage({ clock, shared });
		await one.tracker.start();
		shared.mode = 'fails';
		await one.tracker.begin({ attemptId: 'a1', api: 'v1' });
		assert.equal(shared.values.has('attempt_a1'), false);
		shared.mode = 'works';
		await one.tracker.begin({ attemptId: 'a2', api: 'v1' });
		await clock.advance(1);
		assert.deepEqual([...shared.values.keys()].filter((key) => key.startsWith('attempt')).sort(), [
			'attempt_a1',
			'attempt_a2',
		]);
	});

	it('does not take a store for hanging while the process itself is busy', async () => {
		// 100 calls that are placed at once keep a small machine busy for longer than a store may take.
		const holdUp = (): void => {
			const until = performance.now() + 450;
			while (performance.now() < until);
		};
		shared.set = (key, record) => {
			holdUp();
			return new Promise((resolve) => {
				setImmediate(() => {
					shared.values.set(key, JSON.stringify(record));
					resolve();
				});
			});
		};
		const real: Clock = {
			now: () => Date.now(),
			elapsed: () => performance.now(),
			sleep: (ms, signal) => sleep(ms, undefined, { signal }),
		};
		const busy = stage({ clock: real, shared });
		await busy.tracker.begin({ attemptId: 'a1', api: 'v1' });
		assert.deepEqual(busy.warnings, []);
		assert.ok(shared.values.has('attempt_a1'));
	});

	for (const mode of ['fails', 'hangs'] as const) {
		it(`searches the time it was down also when the store ${mode} once at its start`, async () => {
			const search = () => {
				const memory = new MemoryStore({ clock, onDropped: () => undefined });
				return new EndSearch(new TrackerStore({ clock, memory, shared, onFailed: () => undefined }), clock);
			};
			const before = search();
			const began = await before.start();
			await before.done({ ...began, fullScanAt: clock.now() });
			await clock.advance(4 * HOUR);
			const after = search();
			shared.mode = mode;
			const reading = after.start();
			await clock.advance(1_000);
			shared.mode = 'works';
			const blind = await reading;
			await clock.advance(10_000);
			await after.done({ ...blind, fullScanAt: clock.now() });
			await clock.advance(300_000);
			const next = await after.start();
			assert.deepEqual([next.since, next.fullScanAt], [began.since, began.since]);
		});
	}
});

describe('a tracker that is sent a great deal', () => {
	it('keeps its own call, however long the words of others are', async () => {
		const clock = new VirtualClock();
		const account = readAccount({ sid: 'acme1' });
		const one = stage({ clock });
		await one.tracker.start();
		await one.tracker.begin({ attemptId: 'a1', api: 'v1' });
		await one.tracker.placed('a1', placedCall('real'), 'response');
		const Status = 'x'.repeat(50_000);
		const Legs = Array.from({ length: 10 }, () => ({ OnCallDuration: '3', Status, AnsweredBy: Status }));
		for (let n = 0; n < 60; n += 1) {
			const fields = { CallSid: `sid${n}`, EventType: 'answered', DateUpdated: '2026-11-21 10:00:00', Legs };
			const headers = { 'content-type': 'application/json' };
			const request = { method: 'POST', headers, receivedAt: clock.now(), body: JSON.stringify(fields) };
			await one.tracker.received(readCallEvent(request, account), `made-up-${n}`);
		}
		assert.notEqual(await one.memory.get('attempt_a1'), null);
	});

	it('forgets the end of a call no sooner than who placed it', async () => {
		const clock = new VirtualClock();
		const one = stage({ clock, maxBytes: 200_000 });
		await one.tracker.start();
		const repeats: number[] = [];
		for (let n = 0; n < 500; n += 1) {
			await one.tracker.begin({ attemptId: `attempt${n}`, api: 'v1' });
			await one.tracker.placed(`attempt${n}`, placedCall(`call${n}`), 'response');
			await one.tracker.received(eventOf(`call${n}`, 'terminal'), `attempt${n}`);
			const announced = one.announced.length;
			if (n >= 5) await one.tracker.received(eventOf(`call${n - 5}`, 'terminal'), `attempt${n - 5}`);
			if (one.announced.length > announced) repeats.push(n);
		}
		assert.deepEqual(repeats, []);
	});
});
