/** Nothing goes silent: call SIDs never come twice, and what a number does depends on nothing but the number. */
import assert from 'node:assert/strict';
import { Line } from './telephone-line';

/** Places calls for two accounts and resets, again and again; the SIDs in order. */
async function sids(options: { seed?: number; resets: number; calls: number }): Promise<string[]> {
	const line = await Line.open({ seed: options.seed, callsPerMinute: 0 });
	const other = new URLSearchParams({ From: '+919812345670', To: '+919812345680', CallerId: '08047112233' });
	const found: string[] = [];
	try {
		for (let reset = 0; reset <= options.resets; reset++) {
			for (let call = 0; call < options.calls; call++) {
				found.push(await line.placed());
				const answer = await line.request('POST', '/v1/Accounts/other/Calls/connect.json', other);
				found.push(answer.json.Call.Sid as string);
			}
			await line.control('POST', '/reset', reset % 2 === 0 ? {} : { account: 'other' });
		}
	} finally {
		await line.close();
	}
	return found;
}

/** How a call to each number ends, with that seed. */
async function outcomes(seed?: number): Promise<unknown[]> {
	const line = await Line.open({ seed });
	try {
		for (let digits = 1; digits <= 20; digits++)
			await line.placed({ To: `+9198123456${String(digits).padStart(2, '0')}` });
		await line.simulator.advance(300);
		return line.simulator.calls().map(({ to, outcome, talkSeconds }) => [to, outcome, talkSeconds]);
	} finally {
		await line.close();
	}
}

describe('simulator: nothing goes silent', () => {
	it('gives 1,000 calls of two accounts over ten resets and two restarts no SID twice', async () => {
		const all = [
			...(await sids({ resets: 10, calls: 46 })),
			...(await sids({ resets: 0, calls: 10 })),
			...(await sids({ resets: 0, calls: 10 })),
		];
		assert.ok(all.length >= 1000);
		assert.equal(new Set(all).size, all.length);
		assert.ok(all.every((sid) => /^[0-9a-f]{32}$/.test(sid)));
	});

	it('repeats them after a restart with a pinned seed, and not after a reset', async () => {
		const first = await sids({ seed: 7, resets: 3, calls: 5 });
		assert.equal(new Set(first).size, first.length);
		assert.deepEqual(await sids({ seed: 7, resets: 3, calls: 5 }), first);
	});

	it('does with a number the same, whatever the seed', async () => {
		const expected = await outcomes();
		assert.deepEqual(await outcomes(1), expected);
		assert.deepEqual(await outcomes(4711), expected);
	});
});
