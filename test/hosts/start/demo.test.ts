/** `npm start -- --demo`: a week of calls, as the simulator's page and the v1 API list them. */
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { startSimulator, type Simulator, type SimulatorOptions } from '../../../simulator/index';

const root = path.resolve(__dirname, '..', '..', '..');
/** A Wednesday. */
const NOW = '2026-11-18T15:00:00+05:30';
const AGENT = /^\+91981234561[1-4]$/;

interface Demo {
	playWeek(
		start: (options: SimulatorOptions) => Promise<Simulator>,
		options: { dataFile: string; now: number },
	): Promise<number>;
}

describe('the week of calls of --demo', function () {
	this.timeout(60_000);
	let folder: string;
	let simulator: Simulator;
	let count: number;

	async function played(name: string): Promise<Simulator> {
		const dataFile = path.join(folder, name);
		const { playWeek } = (await import(pathToFileURL(path.join(root, 'tools', 'start', 'demo.mjs')).href)) as Demo;
		count = await playWeek(startSimulator, { dataFile, now: Date.parse(NOW) });
		return await startSimulator({ port: 0, speed: 0, dataFile, startTime: NOW });
	}

	before(async () => {
		folder = await fs.mkdtemp(path.join(os.tmpdir(), 'exonodes-demo-'));
		simulator = await played('week.json');
	});

	after(async () => {
		await simulator.close();
		await fs.rm(folder, { recursive: true, force: true });
	});

	it('goes over seven days, in working hours, and all calls have ended', () => {
		const calls = simulator.calls();
		assert.equal(calls.length, count);
		assert.ok(calls.every(({ state }) => state === 'ended'));
		const days = new Set(calls.map(({ createdAt }) => createdAt.slice(0, 10)));
		assert.deepEqual(
			[...days].sort(),
			[11, 12, 13, 14, 15, 16, 17, 18].map((day) => `2026-11-${day}`),
		);
		const hours = calls.map(({ createdAt }) => Number(createdAt.slice(11, 13)));
		assert.ok(hours.every((hour) => hour >= 9 && hour < 20));
		const onSunday = calls.filter(({ createdAt }) => createdAt.startsWith('2026-11-15'));
		assert.ok(onSunday.length > 0 && onSunday.length < 10);
	});

	it('has calls in both directions, answered and missed, short and long', () => {
		const calls = simulator.calls();
		const kinds = new Set(calls.map(({ direction, outcome }) => `${direction} ${outcome}`));
		for (const kind of ['inbound answered', 'inbound no-answer', 'inbound canceled'])
			assert.ok(kinds.has(kind), `${kind}: ${[...kinds].join()}`);
		for (const kind of ['outbound answered', 'outbound no-answer', 'outbound busy', 'outbound failed'])
			assert.ok(kinds.has(kind), `${kind}: ${[...kinds].join()}`);
		const talks = calls.flatMap(({ outcome, talkSeconds }) => (outcome === 'answered' ? [talkSeconds ?? 0] : []));
		assert.ok(Math.min(...talks) < 30 && Math.max(...talks) > 300, talks.join());
	});

	it('is shared by four agents, none of whom is in two calls at once', () => {
		const answered = simulator.calls().flatMap(({ sid, outcome }) => {
			const call = simulator.call(sid)?.call;
			const agent = call?.legs.map(({ number }) => number).find((number) => AGENT.test(number ?? ''));
			return outcome === 'answered' && call && agent ? [{ ...call, agent }] : [];
		});
		const agents = new Map<string, number>();
		for (const { agent, createdAt, endedAt } of answered.reverse()) {
			assert.ok(Date.parse(createdAt) >= (agents.get(agent) ?? 0), `${agent} at ${createdAt}`);
			agents.set(agent, Date.parse(endedAt ?? ''));
		}
		assert.equal(agents.size, 4);
	});

	it('dials only numbers that the examples use as well', () => {
		for (const { from, to, direction } of simulator.calls()) {
			const persons = direction === 'inbound' ? [from] : [from, to];
			for (const number of persons) assert.match(number ?? '', /^\+91(98123456|98765432|99999123)\d\d$/);
		}
	});

	it('is listed by the v1 API', async () => {
		const headers = { authorization: `Basic ${Buffer.from('key:token').toString('base64')}` };
		const listed: string[] = [];
		let next: string | null = '/v1/Accounts/acme1/Calls.json?PageSize=100';
		while (next) {
			const response: Response = await fetch(`${simulator.url}${next}`, { headers });
			const page = (await response.json()) as {
				Calls: { Sid: string }[];
				Metadata: { NextPageUri: string | null };
			};
			listed.push(...page.Calls.map(({ Sid }) => Sid));
			next = page.Metadata.NextPageUri;
		}
		assert.deepEqual(
			listed.sort(),
			simulator
				.calls('acme1')
				.map(({ sid }) => sid)
				.sort(),
		);
	});

	it('is the same week each time, and keeps the flows that were there', async () => {
		const dataFile = path.join(folder, 'again.json');
		const drawn = await startSimulator({ port: 0, dataFile });
		drawn.setFlow('mine', { applets: [{ type: 'hangup' }] });
		await drawn.close();
		const again = await played('again.json');
		const facts = (one: Simulator) =>
			one.calls().map(({ sid, from, to, outcome, talkSeconds, createdAt }) => ({
				sid,
				from,
				to,
				outcome,
				talkSeconds,
				createdAt,
			}));
		assert.deepEqual(facts(again), facts(simulator));
		assert.deepEqual(
			again.flows().flows.map(({ id }) => id),
			['mine'],
		);
		await again.close();
	});
});
