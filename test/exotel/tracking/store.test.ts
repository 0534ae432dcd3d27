/** The tracker's store while the host's store is down, and when it is back. */
import assert from 'node:assert/strict';
import { MemoryStore, TrackerStore, type StoredRecord } from '../../../exotel/index';
import { MissedWrites } from '../../../exotel/tracking/missed-writes';
import { SEARCH_KEY } from '../../../exotel/tracking/records';
import { SharedStore } from './stage';
import { settle, VirtualClock } from './virtual-clock';

const HOUR_MS = 3600_000;

/** A host's store that counts its accesses and refuses the keys it is told to. */
class CountingStore extends SharedStore {
	accesses = 0;
	readonly refused = new Set<string>();

	override get(key: string): Promise<unknown> {
		// How far the search has come is read before anything is dropped; these tests are about the calls.
		if (key !== SEARCH_KEY) this.accesses += 1;
		return super.get(key);
	}
	override set(key: string, record: StoredRecord): Promise<void> {
		this.accesses += 1;
		return this.refused.has(key) ? Promise.reject(new Error('refused')) : super.set(key, record);
	}
	override delete(key: string): Promise<void> {
		this.accesses += 1;
		return this.refused.has(key) ? Promise.reject(new Error('refused')) : super.delete(key);
	}
}

/** A time of day that can be set back, as a computer's. */
class SettableClock extends VirtualClock {
	setBackMs = 0;
	override now(): number {
		return super.now() - this.setBackMs;
	}
}

describe("the host's store", () => {
	let clock: SettableClock;
	let shared: CountingStore;
	let memory: MemoryStore;
	let store: TrackerStore;
	let failures: string[];
	let dropped: number;

	const record = (ms: number): StoredRecord => ({
		kind: 'sid',
		attemptId: null,
		polled: false,
		timeline: null,
		expiresAt: clock.now() + ms,
		revision: 1,
	});

	function make(maxBytes?: number): void {
		clock = new SettableClock();
		shared = new CountingStore();
		dropped = 0;
		failures = [];
		const onDropped = (count: number): void => void (dropped += count);
		memory = new MemoryStore({ clock, onDropped, ...(maxBytes !== undefined && { maxBytes }) });
		const now = (): CountingStore => shared;
		store = new TrackerStore({
			clock,
			memory,
			get shared() {
				return now();
			},
			onFailed: (reason) => void failures.push(String(reason)),
		});
	}
	beforeEach(() => make());

	for (const mode of ['hangs', 'fails'] as const) {
		it(`gets what it missed soon after it is back, without another event: it ${mode}`, async () => {
			shared.mode = mode;
			const writes = Array.from({ length: 120 }, (_, number) => store.set(`call_${number}`, record(HOUR_MS)));
			await clock.advance(1000);
			await Promise.all(writes);
			await clock.advance(20_000);
			assert.equal(shared.values.size, 0);
			shared.mode = 'works';
			await clock.advance(60_000);
			assert.equal(shared.values.size, 120);
			shared.accesses = 0;
			await clock.advance(HOUR_MS / 2);
			assert.equal(shared.accesses, 0, 'then it is left alone');
		});
	}

	it('that hangs for a day is asked for one record a minute at most', async () => {
		shared.mode = 'hangs';
		const writes = Array.from({ length: 120 }, (_, number) => store.set(`call_${number}`, record(48 * HOUR_MS)));
		await clock.advance(1000);
		await Promise.all(writes);
		shared.accesses = 0;
		await clock.advance(24 * HOUR_MS);
		assert.ok(shared.accesses > 1000 && shared.accesses <= 24 * 60 + 10, `${shared.accesses} accesses`);
	});

	it('gets what it missed when the host closes, also within the pause after it hung', async () => {
		shared.mode = 'hangs';
		const write = store.set('call_1', record(HOUR_MS));
		await clock.advance(300);
		await write;
		shared.mode = 'works';
		const flushed = store.flush();
		await clock.advance(1);
		await flushed;
		assert.deepEqual([...shared.values.keys()], ['call_1']);
	});

	it('gets the rest of what it missed when the host closes while it is being written', async () => {
		shared.mode = 'fails';
		for (let number = 0; number < 200; number += 1) await store.set(`call_${number}`, record(HOUR_MS));
		shared.mode = 'works';
		const set = shared.set.bind(shared);
		shared.set = async (key, value) => {
			await clock.sleep(40);
			return set(key, value);
		};
		const first = store.set('call_first', record(HOUR_MS));
		await clock.advance(41);
		await first;
		const late = store.set('call_late', record(HOUR_MS));
		shared.refused.add('call_refused');
		const refused = store.set('call_refused', record(HOUR_MS));
		await clock.advance(41);
		await refused;
		shared.refused.clear();
		let size = 0;
		void store.flush().then(() => (size = shared.values.size));
		await clock.advance(1);
		assert.equal(size, 0);
		await clock.advance(1000);
		await late;
		assert.equal(size, 203);
	});

	it('keeps what another process wrote to it while a record that was missed cannot be compared with that', async () => {
		shared.mode = 'fails';
		await store.set('call_1', record(HOUR_MS));
		shared.mode = 'works';
		await shared.set('call_1', { ...record(HOUR_MS), revision: 5 });
		const get = shared.get.bind(shared);
		shared.get = () => Promise.reject(new Error('no reading now'));
		await store.tidy();
		shared.get = get;
		await clock.advance(120_000);
		await store.tidy();
		assert.equal((JSON.parse(shared.values.get('call_1') ?? '{}') as StoredRecord).revision, 5);
	});

	it('that hangs holds up the closing of the host for less than a second', async () => {
		shared.mode = 'hangs';
		const write = store.set('call_1', record(HOUR_MS));
		await clock.advance(300);
		await write;
		let isClosed = false;
		void store.flush().then(() => (isClosed = true));
		await clock.advance(900);
		assert.equal(isClosed, true);
	});

	it('is not asked to write what has expired while it was down', async () => {
		shared.mode = 'fails';
		await store.delete('attempt_refused');
		for (let i = 0; i < 3000; i += 1) await store.set(`call_${i}`, record(1000));
		await clock.advance(30 * HOUR_MS);
		shared.mode = 'works';
		shared.accesses = 0;
		await store.tidy();
		assert.deepEqual([shared.accesses, shared.values.size], [0, 0]);
	});

	it('brings nothing back that was deleted while it was down', async () => {
		await store.set('attempt_refused', record(HOUR_MS));
		shared.mode = 'fails';
		await store.delete('attempt_refused');
		shared.mode = 'works';
		assert.equal(await store.get('attempt_refused'), null);
		assert.deepEqual(await store.entries(), []);
		await store.set('attempt_refused', record(HOUR_MS));
		assert.notEqual(await store.get('attempt_refused'), null, 'unless it is written again');
	});

	it('gets what it missed, also behind a key that it refuses', async () => {
		shared.mode = 'fails';
		shared.refused.add('attempt_refused').add('call_3');
		await store.delete('attempt_refused');
		for (let i = 0; i < 200; i += 1) await store.set(`call_${i}`, record(HOUR_MS));
		shared.mode = 'works';
		await store.tidy();
		assert.equal(shared.values.size, 199);
		shared.refused.clear();
		await store.tidy();
		assert.equal(shared.values.size, 200);
		shared.accesses = 0;
		await store.tidy();
		assert.equal(shared.accesses, 0, 'nothing is left to be written');
	});

	it('is not asked for records that memory had no room for while it was down', async () => {
		make(100_000);
		shared.mode = 'fails';
		for (let i = 0; i < 12_000; i += 1) await store.set(`call_${i}`, record(HOUR_MS));
		shared.mode = 'works';
		shared.accesses = 0;
		await store.tidy();
		assert.ok(dropped > 0, 'memory says what it dropped');
		assert.ok(memory.size > 0 && memory.size < 1000);
		assert.equal(shared.accesses, 2 * memory.size, 'each record that is left: one read, one write');
		assert.equal(shared.values.size, memory.size);
	});

	it('gets everything that memory has when it is another one from now on, also what is just being written', async () => {
		for (let i = 0; i < 120; i += 1) await store.set(`call_${i}`, record(HOUR_MS));
		const earlier = shared;
		earlier.mode = 'hangs';
		const writing = store.set('call_120', record(HOUR_MS));
		shared = new CountingStore();
		const replaced = store.replaced();
		for (let step = 0; step < 100; step += 1) await clock.advance(100);
		await Promise.all([writing, replaced]);
		assert.equal(shared.values.size, 121);
		assert.deepEqual([...earlier.values.keys()].includes('call_120'), false);
	});

	it('gets what it has not taken at once when it is another one and down', async () => {
		for (let i = 0; i < 3; i += 1) await store.set(`call_${i}`, record(HOUR_MS));
		shared = new CountingStore();
		shared.mode = 'fails';
		await store.replaced();
		shared.mode = 'works';
		await clock.advance(60_000);
		assert.equal(shared.values.size, 3);
	});

	it('leaves no more behind than memory holds, and some deletions, between two times of tidying', () => {
		const missed = new MissedWrites({
			clock,
			memory: { has: () => false, size: 5 },
			onForgotten: () => assert.fail(),
		});
		for (let i = 0; i < 50_000; i += 1) missed.add(`call_${i}`, 'set');
		assert.ok(missed.size <= 10_005, `${missed.size} keys`);
	});

	it('is told of when it was down so long that deletions were forgotten, the oldest first', async () => {
		for (const key of ['attempt_0', 'attempt_10999']) await store.set(key, record(HOUR_MS));
		shared.mode = 'fails';
		for (let i = 0; i < 11_000; i += 1) await store.delete(`attempt_${i}`);
		const told = failures.filter((failure) => failure.includes('refused may come out as unknown'));
		assert.deepEqual([told.length, told[0]?.includes('1002 calls')], [1, true], failures.join('\n'));
		shared.mode = 'works';
		await store.tidy();
		assert.deepEqual([...shared.values.keys()], ['attempt_0']);
	});

	it('forgets no deletion that it can still be told of', async () => {
		for (let i = 0; i < 10_000; i += 1) await store.set(`attempt_${i}`, record(HOUR_MS));
		shared.mode = 'fails';
		for (let i = 0; i < 10_000; i += 1) await store.delete(`attempt_${i}`);
		shared.mode = 'works';
		await store.tidy();
		assert.deepEqual([...shared.values.keys()], []);
	});

	it('is used again after it hung, and reported again, when the time of day is set back', async () => {
		shared.mode = 'hangs';
		void store.get('call_1');
		await clock.advance(1000);
		clock.setBackMs = HOUR_MS;
		shared.mode = 'works';
		await clock.advance(60_000);
		shared.accesses = 0;
		await store.get('call_1');
		assert.equal(shared.accesses, 1);
		shared.mode = 'fails';
		await store.get('call_1');
		await settle();
		assert.equal(failures.length, 2);
	});
});
