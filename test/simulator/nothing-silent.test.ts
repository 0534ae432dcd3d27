/** Nothing goes silent: call SIDs never come twice, and what a number does depends on nothing but the number. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startSimulator } from '../../simulator/index';
import { Line, Receiver, subscribe } from './telephone-line';

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

	it('keeps flows, agents and calls over a restart in one file', async () => {
		const folder = mkdtempSync(path.join(tmpdir(), 'exotel-simulator-'));
		const dataFile = path.join(folder, 'data.json');
		const receiver = await Receiver.open();
		try {
			const before = await Line.open({ dataFile, seed: 3 });
			await before.control('PUT', '/flows/926', {
				applets: [
					{ type: 'connect', url: `${receiver.url}/c`, nobodyAnswers: [{ type: 'greeting', text: 'sorry' }] },
				],
			});
			const agents = [{ contact: '+919812345710', name: 'Asha', available: false }];
			await before.control('PUT', `/accounts/${before.account}/agents`, { agents });
			const ended = await before.placed();
			await before.simulator.advance(60);
			const cut = await before.placed(subscribe(receiver.url, ['terminal']));
			await before.simulator.advance(5);
			const view = await before.view(ended);
			const flows = (await before.control('GET', '/flows')).json;
			const users = (await before.v2('GET', '/users?fields=devices')).text.replace(/"request_id":"\w+"/, '');
			const stopped = before.simulator.now();
			await before.close();
			assert.equal(receiver.received.length, 0);

			const after = await Line.open({ dataFile, seed: 3, startTime: new Date(stopped) });
			assert.deepEqual((await after.control('GET', '/flows')).json, flows);
			const again = (await after.v2('GET', '/users?fields=devices')).text.replace(/"request_id":"\w+"/, '');
			assert.equal(again, users);
			assert.deepEqual({ ...(await after.view(ended)), deliveries: [] }, { ...view, deliveries: [] });
			await after.simulator.settle();
			assert.deepEqual(
				receiver.bodies().map(({ CallSid, EventType, Status }) => [CallSid, EventType, Status]),
				[[cut, 'terminal', 'failed']],
				'who waits for the call that was cut is told',
			);
			assert.ok(![ended, cut].includes(await after.placed()), 'no SID twice although the seed is pinned');
			await after.close();
		} finally {
			await receiver.close();
			rmSync(folder, { recursive: true });
		}
	});

	it('refuses a data file it cannot use and leaves it alone; the time never goes back', async () => {
		const folder = mkdtempSync(path.join(tmpdir(), 'exotel-simulator-'));
		const dataFile = path.join(folder, 'data.json');
		try {
			for (const text of ['{', '[]', '{"version":2}', '{"version":1,"flows":[{"id":"x","applets":1}]}']) {
				writeFileSync(dataFile, text);
				await assert.rejects(startSimulator({ port: 0, dataFile }), /cannot be used/);
				assert.equal(readFileSync(dataFile, 'utf8'), text);
			}
			rmSync(dataFile);
			const first = await startSimulator({ port: 0, speed: 0, dataFile });
			await first.advance(86_400);
			const stopped = first.now();
			await first.close();
			const second = await startSimulator({ port: 0, speed: 0, dataFile });
			assert.equal(second.now(), stopped);
			await second.close();
		} finally {
			rmSync(folder, { recursive: true });
		}
	});
});
