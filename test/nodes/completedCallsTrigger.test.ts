/** The polling trigger against the simulator: filters, a failing request, more calls than fit into one poll. */
import assert from 'node:assert/strict';
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

	it('shows the latest calls in the editor and remembers nothing', async () => {
		for (let index = 0; index < 7; index += 1) await place('+918012345602');
		await simulator.advance(60);
		const host = pollHost(simulator.url, { mode: 'manual' });
		assert.equal((await poll(host)).length, 5);
		assert.deepEqual(host.staticData, {});
	});
});
