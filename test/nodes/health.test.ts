/** Account → Get Health: what the Exotel node knows of the calls it waits for, and what it does not claim to know. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { EndCounts, readAccount } from '../../exotel';
import { waitsOf } from '../../nodes/Exotel/operations/waitHealth';
import { startSimulator } from '../../simulator/index';
import { callHost, resumed } from './hosted';

type Simulator = Awaited<ReturnType<typeof startSimulator>>;

describe('the health of waiting for calls', () => {
	let simulator: Simulator;
	beforeEach(async () => {
		simulator = await startSimulator({ port: 0, speed: 0, callsPerMinute: 0 });
	});
	afterEach(() => simulator.close());

	const waits = { waitForOutcome: true, waitMinutes: 30 };
	const healthOf = async () => {
		const { run } = callHost(simulator.url, { resource: 'account', operation: 'getHealth' });
		const [item] = await run();
		const { countedSince, ...figures } = item!.json;
		assert.ok(Date.parse(String(countedSince)) <= Date.now());
		return figures;
	};
	const none = new EndCounts().health(0, []);

	const callback = async (parked: Record<string, unknown>, body: object, attempt = parked['attemptId']) =>
		await resumed(simulator.url, parked, body, { attempt });

	it('has the shape that Node-RED has, and begins with nothing', async () => {
		assert.deepEqual(await healthOf(), none);
		const file = path.resolve(__dirname, '../../nodes/Exotel/__schema__/v1.0.0/account/getHealth.json');
		const { properties } = JSON.parse(fs.readFileSync(file, 'utf8')) as { properties: object };
		assert.deepEqual(Object.keys(properties), [...Object.keys(none), 'countedSince']);
	});

	it('counts a wait while it is open, and an end that was found by asking', async () => {
		const { run } = callHost(simulator.url, { ...waits, to: '+918012345602' });
		await run();
		assert.deepEqual(await healthOf(), { ...none, openCalls: 1 });
		await run();
		assert.deepEqual(await healthOf(), { ...none, openCalls: 1 }, 'asked, and active still');
		await simulator.advance(60);
		await run();
		assert.deepEqual(await healthOf(), { ...none, endsFound: 1 });
	});

	it('counts an end that a callback told', async () => {
		const [parked] = await callHost(simulator.url, waits).run();
		const { sid } = parked!.json;
		await callback(parked!.json, { CallSid: sid, EventType: 'terminal', Status: 'busy' });
		const { lastCallbackAt, ...figures } = await healthOf();
		assert.ok(typeof lastCallbackAt === 'string');
		assert.deepEqual({ ...figures, lastCallbackAt: null }, { ...none, endsByCallback: 1 });
	});

	it('counts an end that Exotel told after a callback without attempt as found, as Node-RED does', async () => {
		const [parked] = await callHost(simulator.url, { ...waits, to: '+918012345602' }).run();
		const body = { CallSid: parked!.json['sid'], EventType: 'terminal', Status: 'completed' };
		await callback(parked!.json, body, null);
		assert.deepEqual(await healthOf(), { ...none, openCalls: 1 }, 'anybody could have sent it');
		await simulator.advance(60);
		await callback(parked!.json, body, null);
		assert.deepEqual(await healthOf(), { ...none, endsFound: 1 });
	});

	it('is that of one account, however its base URL is written, and of 200 accounts', () => {
		const account = readAccount({ region: 'custom', baseUrl: 'http://127.0.0.1:1', sid: 'health0' });
		const waitsOfFirst = waitsOf(account);
		assert.equal(waitsOf({ ...account, baseUrl: 'http://127.0.0.1:1/' }), waitsOfFirst);
		assert.notEqual(waitsOf({ ...account, sid: 'health1' }), waitsOfFirst);
		for (let n = 1; n < 200; n += 1) waitsOf({ ...account, sid: `health${n}` });
		assert.equal(waitsOf(account), waitsOfFirst);
		waitsOf({ ...account, sid: 'health200' });
		assert.notEqual(waitsOf(account), waitsOfFirst);
	});

	it('counts a wait that ended without an end as missed', async () => {
		const { run } = callHost(simulator.url, { ...waits, waitMinutes: 0.0001 });
		await run();
		await new Promise((resolve) => setTimeout(resolve, 20));
		await run();
		assert.deepEqual(await healthOf(), { ...none, endsMissed: 1 });
	});

	it('says since when it is not known whether a call was placed', async () => {
		const before = Date.now();
		await callHost(simulator.url, waits, { lost: true }).run();
		const { oldestUnknownAt, ...figures } = await healthOf();
		assert.ok(Date.parse(String(oldestUnknownAt)) >= before);
		assert.deepEqual({ ...figures, oldestUnknownAt: null }, { ...none, unknownCalls: 1 });
	});

	it('asks Exotel nothing', async () => {
		const { run } = callHost('http://127.0.0.1:9', { resource: 'account', operation: 'getHealth' });
		assert.equal((await run()).length, 1);
	});
});
