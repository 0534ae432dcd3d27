/** Nothing goes silent: call SIDs never come twice, and what a number does depends on nothing but the number. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startSimulator } from '../../simulator/index';
import { Line, Receiver, subscribe } from './telephone-line';

/** Places calls for two accounts and resets, again and again; the SIDs in order. */
async function sids(options: { seed?: number; resets: number; calls: number; dataFile?: string }): Promise<string[]> {
	const { seed, dataFile } = options;
	const line = await Line.open({ seed, callsPerMinute: 0, ...(dataFile === undefined ? {} : { dataFile }) });
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

	it('gives none twice over resets and restarts with one data file either', async () => {
		const folder = mkdtempSync(path.join(tmpdir(), 'exotel-simulator-'));
		try {
			const options = { dataFile: path.join(folder, 'data.json'), resets: 3, calls: 5 };
			const all = [
				...(await sids(options)),
				...(await sids(options)),
				...(await sids({ ...options, resets: 0 })),
			];
			assert.equal(all.length, 90);
			assert.equal(new Set(all).size, all.length);
		} finally {
			rmSync(folder, { recursive: true });
		}
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

	it('ends calls that run when it stops there: as answered when both talk, else as failed', async () => {
		const folder = mkdtempSync(path.join(tmpdir(), 'exotel-simulator-'));
		const options = { dataFile: path.join(folder, 'data.json'), quirks: { talkSeconds: 1000 } };
		const receiver = await Receiver.open();
		try {
			const before = await Line.open(options);
			const talking = await before.placed(subscribe(receiver.url, ['terminal']));
			const agentCall = {
				from: { user_contact_uri: '+919812345690' },
				to: { customer_contact_uri: '+919812345680' },
				virtual_number: '+918047115777',
				status_callback: [{ event: 'terminal', url: receiver.url }],
			};
			const placed = await before.v2('POST', '/calls', agentCall);
			const agentSid: string = placed.json.response.data.call_sid;
			await before.simulator.advance(12);
			const ringing = await before.placed(subscribe(receiver.url, ['terminal']));
			await before.simulator.advance(5);
			const stopped = before.simulator.now();
			await before.close();

			const after = await Line.open({ ...options, startTime: stopped });
			await after.simulator.settle();
			const stoppedAt = '2026-11-21 10:00:17';
			const of = (sid: string): any =>
				receiver
					.bodies()
					.find(({ CallSid, call_details: details }: any) => (CallSid ?? details.call_sid) === sid);
			const { Status, EndTime, ConversationDuration, Legs } = of(talking);
			assert.deepEqual([Status, EndTime], ['completed', stoppedAt]);
			assert.deepEqual(
				Legs.map(({ OnCallDuration }: any) => OnCallDuration),
				[13, 9],
			);
			assert.equal(ConversationDuration, 9);
			const record = (await after.v1('GET', `/Calls/${ringing}.json?details=true`)).json.Call;
			assert.deepEqual(
				[record.Status, record.Details.Leg1Status, record.Details.Leg2Status],
				['failed', 'completed', 'canceled'],
			);
			for (const details of [
				of(agentSid).call_details,
				(await after.v2('GET', `/calls/${agentSid}`)).json.response.data,
			])
				assert.deepEqual(
					[details.call_state, details.call_status, details.customer_details.status, details.total_talk_time],
					['terminal', 'completed', 'completed', 9],
				);
			await after.close();
		} finally {
			await receiver.close();
			rmSync(folder, { recursive: true });
		}
	});

	describe('deliveries that are pending when it stops', () => {
		let folder: string;
		let receiver: Receiver;
		beforeEach(async () => {
			folder = mkdtempSync(path.join(tmpdir(), 'exotel-simulator-'));
			receiver = await Receiver.open();
		});
		afterEach(async () => {
			await receiver.close();
			rmSync(folder, { recursive: true });
		});
		const open = (startTime?: number) =>
			Line.open({ dataFile: path.join(folder, 'data.json'), ...(startTime === undefined ? {} : { startTime }) });
		/** Stops the simulator and starts it again, simulated seconds later. */
		const restarted = async (line: Line, secondsLater = 0) => {
			const stopped = line.simulator.now();
			await line.close();
			return open(stopped + secondsLater * 1000);
		};
		const attempts = async (line: Line, sid: string) =>
			(await line.view(sid)).deliveries.map((delivery: any) => [
				delivery.attempt,
				delivery.at.slice(11, 19),
				delivery.status ?? delivery.error,
			]);

		it('repeats a refused callback after the restart as planned before, with the same body', async () => {
			receiver.answer = (_received, response) =>
				response.writeHead(receiver.received.length < 3 ? 503 : 200).end();
			let line = await open();
			const sid = await line.placed(subscribe(receiver.url, ['terminal']));
			await line.simulator.advance(60);
			line = await restarted(line);
			assert.equal((await line.view(sid)).deliveries[0].retryAt, '2026-11-21T10:05:14+05:30');
			await line.simulator.advance(300);
			line = await restarted(line);
			await line.simulator.advance(3600);
			line = await restarted(line);
			await line.simulator.advance(3600);
			assert.deepEqual(await attempts(line, sid), [
				[1, '10:00:14', 503],
				[2, '10:05:14', 503],
				[3, '10:15:14', 200],
			]);
			assert.equal(new Set(receiver.received.map(({ body }) => body)).size, 1);
			await line.close();
		});

		it('repeats it at once when that fell due meanwhile', async () => {
			receiver.answer = (_received, response) =>
				response.writeHead(receiver.received.length < 2 ? 503 : 200).end();
			let line = await open();
			const sid = await line.placed(subscribe(receiver.url, ['terminal']));
			await line.simulator.advance(60);
			line = await restarted(line, 7200);
			await line.simulator.advance(0);
			assert.deepEqual(await attempts(line, sid), [
				[1, '10:00:14', 503],
				[2, '12:01:00', 200],
			]);
			await line.close();
		});

		it('tells of an attempt that was under way, and repeats it', async () => {
			let asked: () => void = () => undefined;
			const waiting = new Promise<void>((resolve) => (asked = resolve));
			receiver.answer = () => asked();
			let line = await open();
			const sid = await line.placed(subscribe(receiver.url, ['terminal']));
			const advanced = line.simulator.advance(30);
			await waiting;
			line = await restarted(line);
			await advanced;
			receiver.answer = (_received, response) => response.end();
			await line.simulator.advance(400);
			assert.deepEqual(await attempts(line, sid), [
				[1, '10:00:14', 'the simulator was stopped before there was an answer'],
				[2, '10:05:14', 200],
			]);
			await line.close();
		});

		it('sends what waited: late callbacks, and those held back of a call that was cut', async () => {
			let line = await open();
			await line.control('PUT', '/chaos', { delaySeconds: 100 });
			const late = await line.placed(subscribe(receiver.url, ['terminal']));
			await line.simulator.advance(60);
			await line.control('PUT', '/chaos', {});
			const cut = await line.placed({
				...subscribe(receiver.url, ['answered', 'terminal']),
				To: '+919812345608',
			});
			await line.simulator.advance(10);
			assert.equal(receiver.received.length, 0);
			line = await restarted(line);
			await line.simulator.advance(600);
			const sent = receiver.bodies().map(({ CallSid, EventType }) => [CallSid, EventType]);
			assert.deepEqual(
				sent.filter(([sid]) => sid === cut).map(([, event]) => event),
				['terminal', 'answered', 'answered'],
			);
			assert.deepEqual(
				sent.filter(([sid]) => sid === late).map(([, event]) => event),
				['terminal'],
			);
			assert.equal((await attempts(line, late))[0][1], '10:01:54');
			await line.close();
		});
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
