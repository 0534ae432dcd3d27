/** The polling trigger against the simulator: filters, a failing request, more calls than fit into one poll. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { ExotelCompletedCallsTrigger } from '../../nodes/ExotelCompletedCallsTrigger/ExotelCompletedCallsTrigger.node.js';
import { startSimulator } from '../../simulator/index';
import { pollHost, type PollHost } from './hosted';

type Simulator = Awaited<ReturnType<typeof startSimulator>>;

describe('the completed calls trigger', () => {
	let simulator: Simulator;
	beforeEach(async () => {
		simulator = await startSimulator({ port: 0, speed: 0, callsPerMinute: 0 });
	});
	afterEach(() => simulator.close());

	const trigger = new ExotelCompletedCallsTrigger();
	const poll = async ({ functions }: PollHost) =>
		((await trigger.poll.call(functions)) ?? [[]])[0]!.map(
			({ json }) => json as { call: { sid: string; outcome: string } },
		);

	async function place(to: string): Promise<string> {
		const authorization = `Basic ${Buffer.from('key:token').toString('base64')}`;
		const response = await fetch(`${simulator.url}/v1/Accounts/demo1/Calls/connect.json`, {
			method: 'POST',
			headers: { authorization },
			body: new URLSearchParams({ From: '+919812345678', To: to, CallerId: '08047112233' }),
		});
		return ((await response.json()) as { Call: { Sid: string } }).Call.Sid;
	}

	/** A trigger that began an hour ago, so that the simulator's recent calls are its business. */
	function begun(options: Parameters<typeof pollHost>[1] = {}): PollHost {
		const host = pollHost(simulator.url, options);
		const began = Date.now() - 3_600_000;
		Object.assign(host.staticData, { since: began, readUntil: began, fullScanAt: began, emitted: {} });
		return host;
	}

	it('hands out nothing at its first poll', async () => {
		await place('+918012345602');
		await simulator.advance(60);
		const host = pollHost(simulator.url);
		await poll(host);
		assert.equal(typeof host.staticData['since'], 'number');
	});

	it('hands out each call once', async () => {
		const sid = await place('+918012345602');
		await simulator.advance(60);
		const host = begun();
		assert.deepEqual(
			(await poll(host)).map(({ call }) => [call.sid, call.outcome]),
			[[sid, 'busy']],
		);
		assert.deepEqual(await poll(host), []);
	});

	it('gives out the call first, whose outcome is its first field', async () => {
		await place('+918012345602');
		await simulator.advance(60);
		const [event = {}] = (await trigger.poll.call(begun().functions))?.[0]?.map(({ json }) => json) ?? [];
		assert.equal(Object.keys(event)[0], 'call');
		assert.equal(Object.keys(event['call'] ?? {})[0], 'outcome');
	});

	it('hands out only what passes the filters', async () => {
		await place('+918012345602');
		const missed = await place('+918012345601');
		await simulator.advance(120);
		assert.deepEqual(
			(await poll(begun({ filters: { outcomes: ['no-answer'] } }))).map(({ call }) => call.sid),
			[missed],
		);
		assert.equal((await poll(begun({ filters: { direction: 'inbound' } }))).length, 0);
		const picked = (value: string) => begun({ filters: { exoPhone: { __rl: true, mode: 'list', value } } });
		assert.equal((await poll(picked('+918047112233'))).length > 0, true);
		assert.equal((await poll(picked('+918047119999'))).length, 0);
	});

	it('says how long the two spoke unless it is told not to ask for both legs', async () => {
		await place('+918012345605');
		await simulator.advance(120);
		const talkOf = async (filters: Record<string, unknown>) =>
			(await trigger.poll.call(begun({ filters: filters as never }).functions))![0]!.map(
				({ json }) => (json['call'] as { talkSeconds: number | null }).talkSeconds,
			);
		assert.deepEqual(await talkOf({}), [2]);
		assert.deepEqual(await talkOf({ details: false }), [null]);
	});

	it('loses nothing when Exotel cannot be reached', async () => {
		const sid = await place('+918012345602');
		await simulator.advance(60);
		const host = begun();
		const before = structuredClone(host.staticData);
		host.failNext(Object.assign(new Error('certificate has expired'), { code: 'CERT_HAS_EXPIRED' }));
		await assert.rejects(poll(host));
		assert.deepEqual(host.staticData, before);
		assert.deepEqual(
			(await poll(host)).map(({ call }) => call.sid),
			[sid],
		);
	});

	describe('when n8n does not store the run', () => {
		const isFull = new Error('SQLITE_FULL: database or disk is full');
		const sidsOf = (output: INodeExecutionData[][] | null) =>
			(output ?? [[]])[0]!.map(({ json }) => (json['call'] as { sid: string }).sid);

		it('hands the calls out again, and no call twice whose run was stored', async () => {
			const host = begun();
			const first = await place('+918012345602');
			const second = await place('+918012345602');
			await simulator.advance(60);
			const hidden = new Set([second]);
			host.rewrite((body) => {
				const list = JSON.parse(body) as { Calls: Array<{ Sid: string }> };
				return JSON.stringify({ ...list, Calls: list.Calls.filter(({ Sid }) => !hidden.has(Sid)) });
			});
			const lost = (await trigger.poll.call(host.functions))!;
			const lostRun = host.emit(lost);
			// n8n says so only after the next poll.
			hidden.clear();
			const kept = (await trigger.poll.call(host.functions))!;
			assert.deepEqual([sidsOf(lost), sidsOf(kept)], [[first], [second]]);
			await host.emit(kept).stored();
			await lostRun.failed(isFull);
			assert.match(host.log.join(), /could not start a run for 1 ended calls/);

			const again = (await trigger.poll.call(host.functions))!;
			assert.deepEqual(sidsOf(again), [first]);
			await host.emit(again).failed(isFull);
			const third = (await trigger.poll.call(host.functions))!;
			assert.deepEqual(sidsOf(third), [first]);
			await host.emit(third).stored();
			assert.equal(await trigger.poll.call(host.functions), null);
		});

		it('reads again what that run had, also when the next poll has gone on behind it meanwhile', async () => {
			const placed = new Set<string>();
			for (let count = 0; count < 130; count += 1) placed.add(await place('+918012345602'));
			await simulator.advance(60);
			const host = begun({ budgetMs: 0 });
			const realNow = Date.now;
			// n8n was off since they ended: longer than a usual window reaches back.
			let later = 8 * 3_600_000;
			Date.now = () => realNow() + later;
			try {
				const first = (await trigger.poll.call(host.functions))!;
				const run = host.emit(first);
				const second = trigger.poll.call(host.functions);
				await run.failed(isFull);
				const came: string[] = [];
				for (let output = await second, polls = 0; polls < 8; polls += 1) {
					if (output !== null) {
						came.push(...sidsOf(output));
						await host.emit(output).stored();
					}
					later += 11 * 60_000;
					output = await trigger.poll.call(host.functions);
				}
				assert.equal(sidsOf(first).length, 100, 'a page');
				assert.deepEqual(new Set(came), placed);
			} finally {
				Date.now = realNow;
			}
		});

		it('hands nothing out again after a run that was stored, and then stopped or already over', async () => {
			class ManualExecutionCancelledError extends Error {}
			class ExecutionNotFoundError extends Error {}
			for (const error of [new ManualExecutionCancelledError(), new ExecutionNotFoundError()]) {
				const host = begun();
				await place('+918012345602');
				await simulator.advance(60);
				await host.emit((await trigger.poll.call(host.functions))!).failed(error);
				assert.equal(await trigger.poll.call(host.functions), null);
			}
		});
	});

	it('hands out nothing old when the filter for outcomes is taken off', async () => {
		await place('+918012345602');
		await simulator.advance(60);
		const filters: IDataObject = { outcomes: ['answered'] };
		const host = begun({ filters });
		assert.deepEqual(await poll(host), []);
		delete filters['outcomes'];
		assert.deepEqual(await poll(host), []);
	});

	it('goes on at the next poll when one poll is not enough', async () => {
		const sids = new Set<string>();
		for (let index = 0; index < 130; index += 1) sids.add(await place('+918012345602'));
		await simulator.advance(60);
		const host = begun({ budgetMs: 0 });
		const first = await poll(host);
		assert.ok(host.staticData['unfinished'], 'there is more to read');
		const second = await poll(host);
		const third = await poll(host);
		const handed = [...first, ...second, ...third].map(({ call }) => call.sid);
		assert.equal(handed.length, 130);
		assert.deepEqual(new Set(handed), sids);
	}).timeout(60_000);

	it('asks no more for a page that Exotel no longer knows, and hands out what was on it', async () => {
		for (let index = 0; index < 130; index += 1) await place('+918012345602');
		await simulator.advance(60);
		const host = begun({ budgetMs: 0 });
		const first = await poll(host);
		const position = () => (host.staticData['unfinished'] as IDataObject)['position'];
		assert.equal(typeof position(), 'string');
		host.failNext(Object.assign(new Error('gone'), { code: 'CERT_HAS_EXPIRED' }));
		await assert.rejects(poll(host));
		assert.equal(position(), undefined);
		const rest = [...(await poll(host)), ...(await poll(host))];
		assert.equal(new Set([...first, ...rest].map(({ call }) => call.sid)).size, 130);
	}).timeout(60_000);

	it('hands out a call that the filter left out once its record tells the outcome', async () => {
		const began = new Date(Date.now() - 1_200_000 + 5.5 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
		const ended = {
			Sid: 's'.repeat(32),
			Direction: 'inbound',
			Status: 'completed',
			StartTime: began,
			EndTime: began,
		};
		const call: Record<string, unknown> = { ...ended, DateCreated: began, DateUpdated: began, Duration: 30 };
		const exotel = createServer((_request, response) => {
			const Metadata = { Total: 1, PageSize: 100, NextPageUri: null };
			response.end(JSON.stringify({ Metadata, Calls: [call] }));
		}).listen(0, '127.0.0.1');
		try {
			await once(exotel, 'listening');
			const host = pollHost(`http://127.0.0.1:${(exotel.address() as AddressInfo).port}`, {
				filters: { outcomes: ['answered'] },
			});
			const start = Date.now() - 3_600_000;
			Object.assign(host.staticData, { since: start, readUntil: start, fullScanAt: start, emitted: {} });
			assert.deepEqual(await poll(host), []);
			call['Details'] = { ConversationDuration: 20, Leg1Status: 'completed', Leg2Status: 'completed' };
			assert.deepEqual(
				(await poll(host)).map(({ call: { outcome } }) => outcome),
				['answered'],
			);
		} finally {
			exotel.closeAllConnections();
			exotel.close();
		}
	});

	it('shows the latest calls in the editor and remembers nothing', async () => {
		for (let index = 0; index < 7; index += 1) await place('+918012345602');
		await simulator.advance(60);
		const host = pollHost(simulator.url, { mode: 'manual' });
		assert.equal((await poll(host)).length, 5);
		assert.deepEqual(host.staticData, {});
	});

	describe('tried out in the editor with a filter by outcome', () => {
		let exotel: Server;
		afterEach(() => void exotel?.close());

		/** A trigger at an Exotel with endless calls, latest first: all busy but those of `statuses`. */
		async function busy(statuses: readonly string[] = []): Promise<PollHost> {
			let [page, call] = [0, 0];
			exotel = createServer((_request, response) => {
				page += 1;
				const calls = Array.from({ length: 100 }, () => ({
					Sid: (call += 1).toString(16).padStart(32, '0'),
					Status: statuses[call - 1] ?? 'busy',
					Direction: 'outbound-api',
					DateCreated: '2026-11-20 10:00:00',
					From: '09812345678',
					To: '09812345602',
					PhoneNumber: '08047112233',
				}));
				const body = { Metadata: { NextPageUri: `/v1/x?After=${page}` }, Calls: calls };
				response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
			}).listen(0, '127.0.0.1');
			await once(exotel, 'listening');
			const { port } = exotel.address() as AddressInfo;
			return manual(`http://127.0.0.1:${port}`);
		}
		const manual = (baseUrl: string): PollHost =>
			pollHost(baseUrl, { mode: 'manual', filters: { outcomes: ['failed'] } });

		it('looks through three pages in the editor, and says that none of their calls passes the filter', async () => {
			const host = await busy();
			await assert.rejects(poll(host), (error: Error & { description?: string }) => {
				assert.equal(error.message, 'None of the latest 300 calls passes the filter Outcomes');
				assert.match(error.description ?? '', /^Take the filter off to see calls here\./);
				return true;
			});
			// One page is fetched ahead.
			assert.ok(host.requests() <= 4, `${host.requests()} requests`);
		});

		it('gives out what was found on these pages', async () => {
			const host = await busy([...Array<string>(250).fill('busy'), 'failed']);
			assert.deepEqual(
				(await poll(host)).map(({ call }) => call.outcome),
				['failed'],
			);
			assert.ok(host.requests() <= 4, `${host.requests()} requests`);
		});

		it('says nothing about a filter where there is no call at all', async () => {
			assert.deepEqual(await poll(manual(simulator.url)), []);
		});
	});
});
