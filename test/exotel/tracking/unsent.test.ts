/** A process that is killed between noting an end and sending it must not lose it. */
import assert from 'node:assert/strict';
import type { StoredRecord } from '../../../exotel/index';
import { eventOf, placedCall, SharedStore, stage, typesOf, type Stage } from './stage';
import { VirtualClock } from './virtual-clock';

/** A store whose process is killed at a write: nothing is written any more, and no write is answered. */
class KillingStore extends SharedStore {
	writes = 0;
	/** The write at which the process is killed: before or after the value is there; null for none. */
	killsAt: { when: 'before' | 'after'; write(record: StoredRecord): boolean } | null = null;
	#killed = false;

	override set(key: string, record: StoredRecord): Promise<void> {
		const kills = this.killsAt?.write(record) === true;
		if (this.#killed || (kills && this.killsAt?.when === 'before')) {
			this.#killed = true;
			return new Promise(() => undefined);
		}
		this.writes += 1;
		const written = super.set(key, record);
		this.#killed = kills;
		return kills ? new Promise(() => undefined) : written;
	}

	/** What the next process finds. */
	survivor(): KillingStore {
		const next = new KillingStore();
		for (const [key, text] of this.values) next.values.set(key, text);
		return next;
	}
}

const hasUnsent = (record: StoredRecord): boolean => record.unsent !== undefined;
const isNoted = (record: StoredRecord): boolean =>
	record.kind === 'attempt' && record.phase === 'ended' && record.unsent === undefined;

describe('the end of a call while the process is killed', () => {
	let clock: VirtualClock;
	let store: KillingStore;
	beforeEach(() => {
		clock = new VirtualClock();
		store = new KillingStore();
	});

	/** A call of ours up to its end. */
	async function play(one: Stage): Promise<void> {
		await one.tracker.start();
		await one.tracker.begin({ attemptId: 'a1', api: 'v1', context: { order: 7 } });
		await one.tracker.placed('a1', placedCall('s1'), 'response');
		await one.tracker.received(eventOf('s1', 'answered'), 'a1');
		void one.tracker.received(eventOf('s1', 'terminal'), 'a1');
		await clock.advance(0);
	}

	/** The process that is started after the kill. */
	async function restarted(): Promise<Stage> {
		const next = stage({ clock, shared: store.survivor() });
		await next.tracker.start();
		await clock.advance(60_000);
		return next;
	}

	it('announces the end after the restart, whole, when the kill came after the write and before the message', async () => {
		store.killsAt = { when: 'after', write: hasUnsent };
		const one = stage({ clock, shared: store });
		await play(one);
		assert.deepEqual(typesOf(one), ['placed', 'progress']);
		const next = await restarted();
		assert.deepEqual(typesOf(next), ['ended']);
		const [ended] = next.announced;
		assert.ok(ended?.type === 'ended');
		assert.deepEqual(ended.context, { order: 7 });
		assert.equal(ended.attemptId, 'a1');
		assert.deepEqual([ended.event.call.outcome, ended.event.call.customField], ['answered', 'order 1']);
		assert.deepEqual(ended.event.raw, { sid: 's1', type: 'terminal' });
		assert.deepEqual(next.polls, []);
	});

	it('announces it again when the kill came after the message and before that was noted', async () => {
		store.killsAt = { when: 'before', write: isNoted };
		const one = stage({ clock, shared: store });
		await play(one);
		assert.deepEqual(typesOf(one), ['placed', 'progress', 'ended']);
		const next = await restarted();
		const [ended] = next.announced;
		assert.ok(ended?.type === 'ended');
		const { time: _again, ...again } = ended;
		const { time: _first, ...first } = one.announced[2] ?? ended;
		assert.deepEqual(again, first);
	});

	it('announces nothing again once that was noted, and takes a repeated report for what it is', async () => {
		await play(stage({ clock, shared: store }));
		const next = await restarted();
		await next.tracker.received(eventOf('s1', 'terminal'), 'a1');
		assert.deepEqual(typesOf(next), []);
	});

	it('announces an end once more, not at every start', async () => {
		store.killsAt = { when: 'after', write: hasUnsent };
		await play(stage({ clock, shared: store }));
		const next = await restarted();
		assert.deepEqual(typesOf(next), ['ended']);
		next.tracker.stop();
		await next.tracker.start();
		await clock.advance(60_000);
		assert.deepEqual(typesOf(next), ['ended']);
	});

	it('announces it, and asks about open calls, also when the store cannot be read while the process starts', async () => {
		store.killsAt = { when: 'after', write: hasUnsent };
		await play(stage({ clock, shared: store }));
		const later = store.survivor();
		const open = stage({ clock, shared: later });
		await open.tracker.begin({ attemptId: 'a2', api: 'v1' });
		await open.tracker.placed('a2', placedCall('s2'), 'response');
		later.mode = 'fails';
		const next = stage({ clock, shared: later });
		await next.tracker.start();
		await clock.advance(60_000);
		assert.deepEqual([typesOf(next), next.polls.length], [[], 0]);
		later.mode = 'works';
		await clock.advance(11 * 60_000);
		assert.deepEqual(typesOf(next), ['ended']);
		assert.deepEqual(next.polls[0]?.sid, 's2');
	});

	it('keeps an end that waits for a deploy, also when the process ends before', async () => {
		await play(stage({ clock, shared: store, sends: false }));
		assert.deepEqual(typesOf(await restarted()), ['ended']);
	});

	it('keeps the end of a call that was placed elsewhere', async () => {
		store.killsAt = { when: 'after', write: hasUnsent };
		const one = stage({ clock, shared: store });
		await one.tracker.start();
		void one.tracker.received(eventOf('s1', 'terminal'), null);
		await clock.advance(0);
		assert.deepEqual(typesOf(one), []);
		const next = await restarted();
		assert.deepEqual(typesOf(next), ['ended']);
		await next.tracker.received(eventOf('s1', 'terminal'), null);
		assert.deepEqual(typesOf(next), ['ended']);
	});

	it('keeps that an outcome is unknown, and the end that follows before it was sent instead', async () => {
		const one = stage({ clock, shared: store, sends: false });
		await one.tracker.start();
		await one.tracker.begin({ attemptId: 'a1', api: 'v1' });
		await one.tracker.unknown({ attemptId: 'a1', api: 'v1' }, 'response');
		const unknown = stage({ clock, shared: store.survivor() });
		await unknown.tracker.start();
		await clock.advance(0);
		assert.deepEqual(typesOf(unknown), ['unknown']);
		await one.tracker.received(eventOf('s1', 'terminal'), 'a1');
		assert.deepEqual(typesOf(await restarted()), ['ended']);
	});

	it('writes once more for an end, and nothing more without a store that outlives the process', async () => {
		await play(stage({ clock, shared: store }));
		// The attempt: begun, placed, answered, ended, noted. The call by its SID: placed, ended.
		assert.equal(store.writes, 7);
		const alone = stage({ clock });
		const writes: StoredRecord[] = [];
		const set = alone.memory.set.bind(alone.memory);
		alone.memory.set = (key, record) => {
			writes.push(record);
			return set(key, record);
		};
		await play(alone);
		assert.equal(writes.length, 6);
		assert.equal(writes.some(hasUnsent), false);
	});
});
