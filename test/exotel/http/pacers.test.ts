/** One pacer for each account in a process, whatever its rate. */
import assert from 'node:assert/strict';
import { readAccount, type Account } from '../../../exotel/index';
import { pacerOf } from '../../../exotel/http/pacers';
import { HandClock } from '../hand-clock';

let accounts = 0;

/** Pacers live as long as the process: every test needs accounts of its own. */
function freshAccount(more: object = {}): Account {
	return readAccount({ sid: `pacers${(accounts += 1)}`, ...more });
}

/** How many turns are free at once. */
async function freeTurns(take: () => Promise<void>, most: number): Promise<number> {
	let free = 0;
	for (let turn = 0; turn < most; turn += 1)
		await take().then(
			() => (free += 1),
			() => undefined,
		);
	return free;
}

describe('the pacer of an account', () => {
	it('is the same one for every node of the account', () => {
		const account = freshAccount();
		const clock = new HandClock();
		assert.equal(pacerOf(account, 'key', clock), pacerOf({ ...account, timeZone: 'UTC' }, 'key', clock));
		assert.equal(pacerOf(account, 'key', clock), pacerOf(account, 'key', clock, 200));
	});

	it('is another one for another SID, key, region or server', () => {
		const clock = new HandClock();
		const account = freshAccount();
		const pacers = [
			pacerOf(account, 'key', clock),
			pacerOf({ ...account, region: 'mumbai' }, 'key', clock),
			pacerOf({ ...account, region: 'custom', baseUrl: 'http://127.0.0.1:4010' }, 'key', clock),
			pacerOf({ ...account, region: 'custom', baseUrl: 'http://127.0.0.1:4011' }, 'key', clock),
			pacerOf(freshAccount(), 'key', clock),
			pacerOf(account, 'made-up-key', clock),
		];
		assert.equal(new Set(pacers).size, pacers.length);
	});

	it('keeps the turns of the last minute when its rate changes', async () => {
		const account = freshAccount();
		const clock = new HandClock();
		const until = clock.now();
		const turns = (perMinute: number) =>
			freeTurns(() => pacerOf(account, 'key', clock, perMinute).take(undefined, { until }), 20);
		assert.equal(await turns(5), 5);
		assert.equal(await turns(8), 3, 'five of the eight are used up');
		assert.equal(await turns(4), 0, 'more than four were used');
		assert.equal(await turns(10), 2, 'eight of ten are used up');
	});

	it('keeps a pause that Exotel asked for when its rate changes', async () => {
		const account = freshAccount();
		const clock = new HandClock();
		pacerOf(account, 'key', clock, 10).pause(300_000);
		const until = clock.now();
		await assert.rejects(pacerOf(account, 'key', clock, 20).take(undefined, { until }), { kind: 'rate-limit' });
	});

	it('lets those who wait already through by the new rate', async () => {
		const admitted = async (first: number, then: number) => {
			const account = freshAccount();
			const clock = new HandClock();
			const start = clock.elapsed();
			const at: number[] = [];
			for (let request = 0; request < 100; request += 1)
				void pacerOf(account, 'key', clock, first)
					.take()
					.then(() => at.push(clock.elapsed() - start));
			await Promise.resolve();
			pacerOf(account, 'key', clock, then);
			await clock.finish();
			return { at, most: (from: number) => at.filter((time) => time > from && time <= from + 60_000).length };
		};
		const slower = await admitted(20, 5);
		const afterTheChange = slower.at.slice(20);
		assert.equal(slower.at.length, 100);
		for (const time of afterTheChange)
			assert.ok(slower.most(time - 1) <= 5, `${slower.most(time - 1)} from ${time} on`);
		assert.ok((afterTheChange[0] ?? 0) >= 60_000, 'the twenty of the minute before count');
		const faster = await admitted(5, 100);
		assert.equal(faster.most(-1), 100, 'nobody goes on waiting for the old rate');
	});

	it('gives a full minute after the last turns have passed', async () => {
		const account = freshAccount();
		const clock = new HandClock();
		await pacerOf(account, 'key', clock, 1).take();
		const pacer = pacerOf(account, 'key', clock, 2);
		await pacer.take();
		let admitted = false;
		const waiting = pacer.take().then(() => (admitted = true));
		await clock.finish();
		await waiting;
		assert.deepEqual([admitted, clock.slept], [true, [60_000]]);
	});

	it('is forgotten for the oldest of more than 200 accounts only', () => {
		const clock = new HandClock();
		const first = freshAccount();
		const second = freshAccount();
		const pacers = [pacerOf(first, 'key', clock), pacerOf(second, 'key', clock)];
		for (let n = 0; n < 198; n += 1) pacerOf(freshAccount(), 'key', clock);
		assert.deepEqual([pacerOf(first, 'key', clock), pacerOf(second, 'key', clock)], pacers, '200 accounts fit');
		pacerOf(freshAccount(), 'key', clock);
		assert.equal(pacerOf(second, 'key', clock), pacers[1]);
		assert.notEqual(pacerOf(first, 'key', clock), pacers[0]);
	});
});
