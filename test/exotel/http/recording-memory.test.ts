/** Recordings that are fetched at the same time share a bounded memory. */
import assert from 'node:assert/strict';
import { handedOn, readBody } from '../../../exotel/index';
import { MemoryBudget, recordingMemory } from '../../../exotel/http/recording-memory';
import { settle } from '../hand-clock';

const MEGABYTE = 1024 ** 2;
const request = { responseType: 'bytes' } as const;

/** A recording that arrives piece by piece, as far as it is let. */
class Arriving {
	readonly #wakers: (() => void)[] = [];
	#let = 0;
	sent = 0;

	constructor(readonly pieces: number) {}

	async arrive(pieces: number): Promise<void> {
		this.#let += pieces;
		for (const wake of this.#wakers.splice(0)) wake();
		for (let piece = 0; piece < 30; piece += 1) await settle();
	}

	async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
		for (; this.sent < this.pieces; this.sent += 1) {
			while (this.sent >= this.#let) await new Promise<void>((resolve) => this.#wakers.push(resolve));
			yield Buffer.alloc(MEGABYTE, 'x');
		}
	}
}

/** Reads a recording of so many megabytes, and says what became of it. */
function reading(budget: MemoryBudget, megabytes: number, more: { length?: unknown; signal?: AbortSignal } = {}) {
	const body = new Arriving(megabytes);
	const state: { bytes: Uint8Array | null; error: unknown } = { bytes: null, error: null };
	const done = readBody(body, request, { status: 200, length: megabytes * MEGABYTE, ...more }, budget).then(
		(bytes) => void (state.bytes = bytes as Uint8Array),
		(error: unknown) => void (state.error = error),
	);
	return { body, state, done };
}

describe('recordings that are fetched at the same time', () => {
	it('wait for their turn: each takes what it says it has, first come, first served', async () => {
		const budget = new MemoryBudget(20 * MEGABYTE);
		const [first, second, third] = [12, 12, 2].map((megabytes) => reading(budget, megabytes)) as [
			ReturnType<typeof reading>,
			ReturnType<typeof reading>,
			ReturnType<typeof reading>,
		];
		for (const { body } of [first, second, third]) await body.arrive(99);
		await first.done;
		assert.deepEqual([first.body.sent, second.body.sent, third.body.sent], [12, 0, 0]);
		assert.equal(budget.used, 12 * MEGABYTE, 'what was not handed on counts');
		handedOn({ bytes: first.state.bytes as Uint8Array });
		await Promise.all([second.done, third.done]);
		assert.deepEqual([second.state.bytes?.length, third.state.bytes?.length], [12 * MEGABYTE, 2 * MEGABYTE]);
		for (const { state } of [second, third, second]) handedOn({ bytes: state.bytes as Uint8Array });
		assert.equal(budget.used, 0);
	});

	it('are refused with what to do when the wait is too long', async () => {
		const budget = new MemoryBudget(10 * MEGABYTE, 1);
		const first = reading(budget, 8);
		await first.body.arrive(1);
		const second = reading(budget, 8);
		await second.body.arrive(8);
		await second.done;
		const { kind, retryable, message, help } = second.state.error as Record<string, unknown>;
		assert.deepEqual([kind, retryable, String(help).endsWith('#recording')], ['busy', true, true]);
		assert.equal(message, 'Recordings that are being fetched take 10 MB of memory already.');
		await first.body.arrive(7);
		await first.done;
		assert.equal(first.state.bytes?.length, 8 * MEGABYTE);
	});

	it('leave some memory to small ones, whatever length a slow server names', () => {
		const budget = new MemoryBudget(16 * MEGABYTE, 1, 2 * MEGABYTE);
		assert.deepEqual(
			[8, 8, 0.25].map((size) => budget.tryTake(size * MEGABYTE)),
			[true, false, true],
		);
	});

	it('take 512 MB at most, the last 64 MB of them only when they are below 16 MB', () => {
		// Recordings that other tests read and did not hand on count until they are collected: some bytes.
		const before = recordingMemory.used;
		const taken: number[] = [];
		const take = (megabytes: number): boolean => {
			const done = recordingMemory.tryTake(megabytes * MEGABYTE);
			if (done) taken.push(megabytes * MEGABYTE);
			return done;
		};
		try {
			assert.deepEqual([255.9, 175, 17].map(take), [true, true, true], 'all that large ones get');
			assert.deepEqual([17, 15, 15, 15, 17, 15].map(take), [false, true, true, true, false, true]);
			assert.deepEqual([5, 4, 1].map(take), [false, true, false]);
		} finally {
			for (const bytes of taken) recordingMemory.release(bytes);
		}
		assert.ok(recordingMemory.used <= before);
	});

	it('do not wait for what was stopped before', async () => {
		const budget = new MemoryBudget(10);
		assert.ok(budget.tryTake(10));
		const reason = new Error('stopped');
		await assert.rejects(budget.take(5, AbortSignal.abort(reason)), reason);
	});

	it('hold up nobody behind one that is stopped while it waits', async () => {
		const budget = new MemoryBudget(10 * MEGABYTE);
		const first = reading(budget, 8);
		await first.body.arrive(1);
		const stop = new AbortController();
		const second = reading(budget, 8, { signal: stop.signal });
		await second.body.arrive(8);
		const third = reading(budget, 2);
		await third.body.arrive(2);
		assert.equal(third.body.sent, 0);
		const reason = new Error('the node was closed');
		stop.abort(reason);
		await Promise.all([second.done, third.done]);
		assert.deepEqual([second.state.error, third.state.bytes?.length], [reason, 2 * MEGABYTE]);
	});

	for (const length of [undefined, '', 'nonsense', 100])
		it(`take as much as arrives when the answer says ${String(length)} of its length, while there is some`, async () => {
			const budget = new MemoryBudget(26 * MEGABYTE);
			const first = reading(budget, 18, { length });
			await first.body.arrive(10);
			assert.ok(budget.used >= 10 * MEGABYTE && budget.used < 20 * MEGABYTE, `${budget.used}`);
			const second = reading(budget, 18, { length });
			await second.body.arrive(18);
			await second.done;
			assert.equal((second.state.error as { kind?: unknown }).kind, 'busy');
			await first.body.arrive(8);
			await first.done;
			assert.equal(first.state.bytes?.length, 18 * MEGABYTE);
			assert.equal(budget.used, 18 * MEGABYTE);
		});

	it('give their memory back when they break off', async () => {
		const budget = new MemoryBudget(20 * MEGABYTE);
		async function* broken(): AsyncGenerator<Uint8Array> {
			yield await Promise.resolve(Buffer.alloc(MEGABYTE));
			throw new Error('ECONNRESET');
		}
		const length = 15 * MEGABYTE;
		await assert.rejects(readBody(broken(), request, { status: 200, length }, budget), /ECONNRESET/);
		assert.equal(budget.used, 0);
	});

	it('leave texts and errors alone', async () => {
		const budget = new MemoryBudget(1);
		const pieces = () => new Arriving(1);
		for (const [responseType, status] of [
			['text', 200],
			['bytes', 404],
		] as const) {
			const body = pieces();
			void body.arrive(1);
			assert.ok(await readBody(body, { responseType }, { status }, budget));
		}
	});
});
