/** Work that is begun in turns of the event loop. */
import assert from 'node:assert/strict';
import { Turns } from '../../node-red/turns';

/** Counts the turns of the event loop while it is open. */
function turnCounter(): { now(): number; close(): void } {
	let [turn, open] = [0, true];
	const next = (): void => {
		turn += 1;
		if (open) setImmediate(next);
	};
	setImmediate(next);
	return { now: () => turn, close: () => void (open = false) };
}

describe('work in turns of the event loop', () => {
	it('begins at once, and beyond the limit some in each turn, first come, first served', async () => {
		const turns = new Turns(3);
		const counter = turnCounter();
		const begun: [work: number, turn: number][] = [];
		const work = async (index: number): Promise<void> => {
			const turn = turns.take();
			if (turn !== null) await turn;
			begun.push([index, counter.now()]);
		};
		const first = Array.from({ length: 8 }, (_, index) => work(index));
		assert.deepEqual(begun, [
			[0, 0],
			[1, 0],
			[2, 0],
		]);
		await new Promise((resolve) => setImmediate(resolve));
		await Promise.all([...first, work(8)]);
		counter.close();
		assert.deepEqual(
			begun.map(([index]) => index),
			[0, 1, 2, 3, 4, 5, 6, 7, 8],
		);
		const inTurn = new Map<number, number>();
		for (const [, turn] of begun) inTurn.set(turn, (inTurn.get(turn) ?? 0) + 1);
		assert.deepEqual([...inTurn.values()], [3, 3, 3]);
	});

	it('begins at once again when there was a pause', async () => {
		const turns = new Turns(1);
		for (let i = 0; i < 3; i += 1) {
			assert.equal(turns.take(), null);
			await new Promise((resolve) => setImmediate(resolve));
		}
	});

	it('lets timers run in between', async () => {
		const turns = new Turns(1);
		let ran = false;
		const timer = new Promise<void>((resolve) => setTimeout(() => resolve(void (ran = true)), 1));
		const late: boolean[] = [];
		await Promise.all(
			Array.from({ length: 50 }, async () => {
				await turns.take();
				const until = performance.now() + 1;
				while (performance.now() < until);
				late.push(ran);
			}),
		);
		await timer;
		assert.deepEqual([late[0], late.at(-1)], [false, true]);
	});
});
