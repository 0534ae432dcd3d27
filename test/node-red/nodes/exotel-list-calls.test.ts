/**
 * *list calls*: ranges by name, what one message carries, and the pace of a flow that works slower than Exotel answers.
 */
import assert from 'node:assert/strict';
import { mock } from 'node:test';
import type { CallsBetweenPage } from '../../../exotel/index';
import { dayRange } from '../../../node-red/nodes/exotel-list-calls/day-range';
import { deliveries, MAX_IN_ONE_ARRAY, type DeliveryKind } from '../../../node-red/nodes/exotel-list-calls/deliveries';
import { startSimulator, type Simulator } from '../../../simulator/index';
import { reservePort, startNodeRed, type FlowNode, type RunningNodeRed } from '../running-node-red';

describe('ranges by name', () => {
	const now = Date.parse('2026-03-29T00:30:00+05:30');
	it('days begin at midnight of the account', () => {
		assert.deepEqual(dayRange('today', now, 'Asia/Kolkata'), {
			createdAfter: '2026-03-28T18:30:00.000Z',
			createdBefore: '2026-03-29T18:29:59.000Z',
		});
		assert.deepEqual(dayRange('yesterday', now, 'Asia/Kolkata'), {
			createdAfter: '2026-03-27T18:30:00.000Z',
			createdBefore: '2026-03-28T18:29:59.000Z',
		});
		assert.equal(dayRange('last7', now, 'Asia/Kolkata')?.createdAfter, '2026-03-21T18:30:00.000Z');
	});
	it('a night in which the clocks change is no day lost or doubled', () => {
		const afterChange = Date.parse('2026-03-30T10:00:00+02:00');
		assert.deepEqual(dayRange('yesterday', afterChange, 'Europe/Berlin'), {
			createdAfter: '2026-03-28T23:00:00.000Z',
			createdBefore: '2026-03-29T21:59:59.000Z',
		});
	});
	it('a day follows on the other also where the clocks change at midnight', () => {
		const hour = 3_600_000;
		for (const [night, zone] of [
			['2022-03-26T22:00:00Z', 'Asia/Beirut'],
			['2022-10-29T21:00:00Z', 'Asia/Beirut'],
			['2012-03-20T20:30:00Z', 'Asia/Tehran'],
			['2021-10-28T22:00:00Z', 'Asia/Amman'],
			['2018-11-04T03:00:00Z', 'America/Sao_Paulo'],
			['2023-11-05T05:00:00Z', 'America/Havana'],
			['2011-12-30T10:00:00Z', 'Pacific/Apia'],
		] as const)
			for (let past = -30; past <= 30; past += 0.5) {
				const instant = Date.parse(night) + past * hour;
				const [today, yesterday] = [dayRange('today', instant, zone), dayRange('yesterday', instant, zone)];
				assert.ok(today !== null && yesterday !== null);
				const [start, end] = [Date.parse(today.createdAfter), Date.parse(today.createdBefore) + 1000];
				const where = `${new Date(instant).toISOString()} ${zone}`;
				assert.ok(start <= instant && instant < end, where);
				assert.ok(end - start >= 23 * hour && end - start <= 25 * hour, where);
				assert.equal(Date.parse(yesterday.createdBefore) + 1000, start, where);
			}
	});
	it('a range of ones own has no name', () => assert.equal(dayRange('custom', now, 'Asia/Kolkata'), null));
});

describe('what one message carries', () => {
	async function* pages(...sizes: number[]): AsyncGenerator<CallsBetweenPage> {
		let sid = 0;
		for (const size of sizes) {
			const calls = Array.from({ length: size }, () => ({ sid: `c${sid++}` }));
			yield { calls: calls as never, raw: calls, position: `after c${sid - 1}` };
			await Promise.resolve();
		}
	}
	const collect = async (kind: DeliveryKind, limit: number | undefined, ...sizes: number[]) => {
		const all = [];
		for await (const delivery of deliveries(pages(...sizes), kind, limit)) all.push(delivery);
		return all;
	};

	it('calls one by one; the last one says so', async () => {
		const all = await collect('call', undefined, 2, 2);
		assert.deepEqual(
			all.map(({ payload, index, last }) => [(payload as { sid: string }).sid, index, last]),
			[
				['c0', 0, false],
				['c1', 1, false],
				['c2', 2, false],
				['c3', 3, true],
			],
		);
		assert.deepEqual(
			all.map(({ position }) => position),
			[null, 'after c1', null, 'after c3'],
		);
	});
	it('pages, and everything at once', async () => {
		assert.deepEqual(
			(await collect('page', undefined, 3, 1)).map(({ payload, last, calls }) => [
				(payload as unknown[]).length,
				last,
				calls,
			]),
			[
				[3, false, 3],
				[1, true, 4],
			],
		);
		assert.deepEqual(
			(await collect('all', undefined, 3, 1)).map(({ payload, last }) => [(payload as unknown[]).length, last]),
			[[4, true]],
		);
	});
	it('stops after so many calls', async () => {
		assert.deepEqual(
			(await collect('page', 4, 3, 3, 3)).map(({ payload, last }) => [(payload as unknown[]).length, last]),
			[
				[3, false],
				[1, true],
			],
		);
		assert.equal((await collect('call', 3, 3, 3)).length, 3);
	});
	it('goes on before a page that was cut, not behind calls that were not sent', async () => {
		const positions = async (...input: Parameters<typeof collect>) =>
			(await collect(...input)).map(({ position }) => position);
		assert.deepEqual(await positions('page', 4, 3, 3, 3), ['after c2', 'after c2']);
		assert.deepEqual(await positions('call', 4, 3, 3), [null, null, 'after c2', 'after c2']);
		assert.deepEqual(await positions('all', 2, 3, 3), [null]);
		assert.deepEqual(await positions('all', 6, 3, 3, 3), ['after c5']);
		for await (const { position } of deliveries(pages(3), 'page', 2, 'begun')) assert.equal(position, 'begun');
	});
	it('nothing: one empty array, or no message', async () => {
		assert.deepEqual(
			[
				(await collect('all', undefined)).length,
				(await collect('page', undefined)).length,
				(await collect('call', undefined)).length,
			],
			[1, 1, 0],
		);
	});
	it('more than one array should hold is refused, not cut off', async () => {
		await assert.rejects(collect('all', undefined, MAX_IN_ONE_ARRAY, 1), /too many for one array/);
	});
});

describe('exotel-list-calls', function () {
	this.timeout(20_000);
	let simulator: Simulator;
	let running: RunningNodeRed;
	let flow: FlowNode[] = [];
	let port: Awaited<ReturnType<typeof reservePort>>;

	beforeEach(async () => {
		// Yesterday at noon in India, so that all calls fall on one day.
		const day = 86_400_000;
		const india = 5.5 * 3_600_000;
		const midnight = Math.floor((Date.now() + india) / day) * day - india;
		simulator = await startSimulator({
			port: 0,
			speed: 0,
			startTime: new Date(midnight - day / 2),
			callsPerMinute: 0,
		});
		port = await reservePort();
		const authorization = `Basic ${Buffer.from('key:token').toString('base64')}`;
		for (let call = 0; call < 7; call += 1) {
			const body = new URLSearchParams({
				From: '+919812345600',
				To: `+9198123456${String(call + 20)}`,
				CallerId: '08047112233',
			});
			const response = await fetch(`${simulator.url}/v1/Accounts/acme1/Calls/connect.json`, {
				method: 'POST',
				headers: { authorization },
				body,
			});
			assert.equal(response.status, 200);
			await simulator.advance(120);
		}
	});
	afterEach(async () => {
		await running.stop();
		await simulator.close();
	});

	const start = async (list: Record<string, unknown>, wires: string[] = ['out']): Promise<void> => {
		flow = [
			{ id: 'tab', type: 'tab' },
			{
				id: 'account',
				type: 'exotel-account',
				region: 'custom',
				baseUrl: simulator.url,
				sid: 'acme1',
				timeZone: 'Asia/Kolkata',
				defaultCountry: 'IN',
				requestsPerMinute: '6000',
				configVersion: 1,
			},
			{
				id: 'list',
				z: 'tab',
				type: 'exotel-list-calls',
				account: 'account',
				range: 'yesterday',
				output: 'call',
				pace: 'flow',
				pageSize: '3',
				sortBy: 'oldest',
				...list,
				wires: [wires],
			},
			{ id: 'out', z: 'tab', type: 'helper' },
			{ id: 'catcher', z: 'tab', type: 'catch', wires: [['caught']] },
			{ id: 'caught', z: 'tab', type: 'helper' },
			{ id: 'whole', z: 'tab', type: 'complete', scope: ['list'], wires: [['finished']] },
			{ id: 'finished', z: 'tab', type: 'helper' },
		];
		running = await startNodeRed(port, flow, { credentials: { account: { apiKey: 'key', apiToken: 'token' } } });
	};
	type Out = {
		payload: any;
		parts: { id: string; index: number; count?: number; parts?: object };
		exotel: Record<string, any>;
		topic: string;
	};
	const out = async (count: number): Promise<Out[]> =>
		(await running.until('out', (all) => all.length >= count)) as unknown as Out[];

	it('one message per call, in order, with parts a Join node understands; what came in stays', async () => {
		await start({});
		running.node('list').receive({ topic: 'kept', payload: 'large', parts: { id: 'outer' } } as never);
		await running.until('finished', (all) => all.length === 1);
		const messages = await out(7);
		assert.equal(messages.length, 7);
		assert.deepEqual(
			messages.map(({ parts }) => [parts.index, parts.count]),
			[0, 1, 2, 3, 4, 5, 6].map((index) => [index, index === 6 ? 7 : undefined]),
		);
		assert.equal(new Set(messages.map(({ payload }) => payload.sid)).size, 7);
		assert.deepEqual(
			messages.map(({ payload }) => payload.createdAt),
			messages.map(({ payload }) => payload.createdAt).sort(),
		);
		assert.deepEqual([messages[0]?.topic, messages[0]?.parts.parts], ['kept', { id: 'outer' }]);
		assert.equal(messages[0]?.exotel['raw'].Sid, messages[0]?.payload.sid);
	});

	it('one array; filters of the message go before those of the form', async () => {
		await start({ output: 'all' });
		running.node('list').receive({ exotel: { to: '+919812345623' } } as never);
		const [all] = await out(1);
		assert.deepEqual(
			all?.payload.map((call: { to: string }) => call.to),
			['+919812345623'],
		);
		assert.equal(all?.parts, undefined);
	});

	it('when asked: nothing goes out before the last message came back; the end is said, and is quiet', async () => {
		await start({ output: 'page', pace: 'ask' });
		running.node('list').receive({} as never);
		const [first] = await out(1);
		await running.until('finished', (all) => all.length === 1);
		assert.equal(running.received('out').length, 1);
		running.node('list').receive(first as never);
		await out(2);
		running.node('list').receive(running.received('out')[1] as never);
		const pages = await out(3);
		assert.deepEqual(
			pages.map(({ payload, exotel }) => [payload.length, exotel['list'].last]),
			[
				[3, false],
				[3, false],
				[1, true],
			],
		);
		assert.equal(pages[2]?.parts.count, 3);
		running.node('list').receive(pages[2] as never);
		await running.until('finished', (all) => all.length === 4);
		assert.equal(running.received('out').length, 3, 'the last message of a list starts no new one');
	});

	it('a loop in the flow works a list off by itself; two lists do not mix', async () => {
		await start({ pace: 'ask' }, ['out', 'list']);
		running.node('list').receive({ topic: 'one' } as never);
		running.node('list').receive({ topic: 'two' } as never);
		const all = await out(14);
		for (const topic of ['one', 'two']) {
			const mine = all.filter((msg) => msg.topic === topic);
			assert.deepEqual(
				mine.map(({ parts }) => parts.index),
				[0, 1, 2, 3, 4, 5, 6],
			);
			assert.equal(new Set(mine.map(({ parts }) => parts.id)).size, 1);
		}
	});

	it('a list is ended on request', async () => {
		await start({ pace: 'ask' });
		running.node('list').receive({} as never);
		const [first] = await out(1);
		running.node('list').receive({ ...first, exotel: { stop: true } } as never);
		running.node('list').receive(first as never);
		await running.until('finished', (all) => all.length === 3);
		assert.equal(running.received('out').length, 1);
	});

	it('the request to end the list of another node begins none', async () => {
		await start({ pace: 'ask' });
		running.node('list').receive({ parts: { id: 'another.1' }, exotel: { stop: true } } as never);
		await running.until('finished', (all) => all.length === 1);
		assert.equal(running.received('out').length, 0);
		running.node('list').receive({ parts: { id: 'another.1' } } as never);
		await out(1);
	});

	it('a list cut by a number of calls goes on without losing one', async () => {
		await start({ limit: '4' });
		running.node('list').receive({} as never);
		const four = await out(4);
		const { position } = four[3]?.exotel['list'] ?? {};
		running.node('list').receive({ exotel: { position, limit: 100 } } as never);
		const all = await out(8);
		assert.equal(new Set(all.map(({ payload }) => payload.sid)).size, 7);
	});

	it('a list cut below the size of a page goes on behind it, so that a flow that repeats it comes to its end', async () => {
		await start({ limit: '2', output: 'page' });
		const sids = new Set<unknown>();
		let position: unknown;
		for (let turn = 1; turn <= 4; turn += 1) {
			running.node('list').receive({ exotel: { position } } as never);
			const page = (await out(turn))[turn - 1];
			for (const { sid } of page?.payload as unknown as { sid: string }[]) sids.add(sid);
			position = page?.exotel['list'].position;
		}
		assert.equal(sids.size, 7);
	});

	type Caught = { error: { message: string } }[];
	const redeploy = async (list: FlowNode): Promise<void> =>
		running.deploy(
			flow.map((node) => (node.id === 'list' ? list : node)),
			'nodes',
			{ account: { apiKey: 'key', apiToken: 'token' } },
		);

	it('when asked: a message that comes back after a deploy says that its list was given up, and where to go on', async () => {
		await start({ output: 'page', pace: 'ask' });
		running.node('list').receive({} as never);
		const [first] = await out(1);
		await redeploy({ ...(flow.find(({ id }) => id === 'list') as FlowNode), name: 'renamed' });
		running.node('list').receive(structuredClone(first) as never);
		const [caught] = (await running.until('caught', (all) => all.length === 1)) as unknown as Caught;
		assert.match(caught?.error.message ?? '', /given up before its end/);
		assert.ok(caught?.error.message.includes(`"${first?.exotel['list'].position}"`), caught?.error.message);
		running.node('list').receive({ exotel: { position: first?.exotel['list'].position } } as never);
		const [, second] = await out(2);
		running.node('list').receive(second as never);
		const [, , last] = await out(3);
		assert.equal(last?.exotel['list'].last, true);
		await redeploy({ ...(flow.find(({ id }) => id === 'list') as FlowNode), name: 'again' });
		running.node('list').receive(last as never);
		await running.until('finished', (all) => all.length >= 4);
		assert.equal(running.received('caught').length, 1, 'the end of a list is no failure');
	});

	it('when asked: a list that gets no message for an hour is dropped', async () => {
		await start({ output: 'page', pace: 'ask', pageSize: '2' });
		const begun = Date.now();
		try {
			mock.timers.enable({ apis: ['Date'], now: begun });
			running.node('list').receive({} as never);
			const [first] = await out(1);
			mock.timers.setTime(begun + 3_600_000);
			running.node('list').receive(structuredClone(first) as never);
			await out(2);
			mock.timers.setTime(begun + 7_200_001);
			running.node('list').receive(first as never);
			await running.until('caught', (all) => all.length === 1);
			assert.equal(running.received('out').length, 2);
		} finally {
			mock.timers.reset();
		}
	});

	it('when asked: 20 lists wait; one more, and the one that waited longest is dropped with a warning', async () => {
		await start({ output: 'page', pace: 'ask' });
		for (let list = 0; list < 20; list += 1) {
			running.node('list').receive({ topic: String(list) } as never);
			await out(list + 1);
		}
		assert.doesNotMatch(running.log(), /More than 20 lists|given-up/);
		const [oldest, next] = running.received('out') as unknown as Out[];
		running.node('list').receive({ topic: '20' } as never);
		await out(21);
		assert.match(running.log(), /More than 20 lists|given-up/);
		running.node('list').receive(oldest as never);
		await running.until('caught', (all) => all.length === 1);
		running.node('list').receive(next as never);
		assert.equal((await out(22))[21]?.topic, '1');
	});

	it('goes on from a position, in another node or after a restart', async () => {
		await start({ output: 'page' });
		running.node('list').receive({} as never);
		const [first] = await out(3);
		running.node('list').receive({ exotel: { position: first?.exotel['list'].position } } as never);
		const rest = (await out(5)).slice(3);
		assert.deepEqual(rest.flatMap(({ payload }) => payload.map((call: { sid: string }) => call.sid)).length, 4);
	});

	it('broken filters are named before Exotel is asked', async () => {
		await start({ range: 'custom', createdAfter: 'some day', limit: '-1' });
		running.node('list').receive({} as never);
		const [caught] = (await running.until('caught', (all) => all.length === 1)) as unknown as {
			error: { cause: { kind: string } };
		}[];
		assert.equal(caught?.error.cause.kind, 'input');
	});
});
