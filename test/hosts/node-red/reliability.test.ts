/**
 * The promises of the Node-RED package under faults, on a real Node-RED against the double that is written from the
 * documents alone: events do not wait for requests of ours, deploys lose nothing, a restart loses nothing that a store
 * keeps, many calls at once keep no caller waiting.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { startDouble, type Double, type DoubleCall } from '../../double';
import { account, callFlow, tab } from './flows';
import {
	eventually,
	freePort,
	openStage,
	press,
	SECRETS,
	SID,
	userDirectory,
	type DeployType,
	type FlowNode,
	type NodeRed,
	type Stage,
} from './stage';

const isNightly = process.env['NIGHTLY'] === '1';
/** Deploys of each kind under load. */
const DEPLOYS = Number(process.env['DEPLOYS'] ?? (isNightly ? 27 : 3));
/** Far longer than a test waits for a message: a request that hangs this long never answers. */
const NEVER_MS = 300_000;

describe('Node-RED under faults, against the double of Exotel', function () {
	this.timeout(isNightly ? 1_200_000 : 240_000);
	let stage: Stage;
	let exotel: Double;
	const folders: string[] = [];

	beforeEach(async () => {
		stage = await openStage({ speed: 0 });
		exotel = await startDouble({
			sid: SID,
			key: SECRETS.apiKey,
			token: SECRETS.apiToken,
			exoPhones: ['+918047112345'],
		});
	});
	afterEach(async () => {
		await exotel.close();
		await stage.close();
		for (const folder of folders.splice(0)) await fs.rm(folder, { recursive: true, force: true });
	});

	const callOf = (count = 1): Promise<DoubleCall> =>
		eventually(async () => exotel.calls[count - 1], `call ${count} was placed`);
	const flowOn = (nodeRed: NodeRed, more: Record<string, unknown> = {}): FlowNode[] =>
		callFlow(account(exotel.origin, nodeRed.url), stage.sink.url, more);
	const outcomes = (): unknown[] => stage.sink.seen('ended').map(({ msg }) => msg['payload'].outcome);
	/** Every phone rang once. */
	const assertRangOnce = (): void => assert.deepEqual([...exotel.rings.values()], [1, 1]);

	describe('events do not wait for a request of ours', () => {
		it('a poll that hangs', async () => {
			const nodeRed = await stage.start();
			await stage.deploy(nodeRed, flowOn(nodeRed, { patienceMinutes: '0.01' }));
			exotel.failNext('GET', 100, { delay: NEVER_MS });
			await press(nodeRed, 'go');
			const { sid } = await callOf();
			await eventually(
				async () => exotel.requests.some(({ method, path: asked }) => method === 'GET' && asked.includes(sid)),
				'Exotel is polled',
			);
			await exotel.report(sid, 'terminal');
			await stage.sink.next('ended', (msg) => msg['payload'].outcome === 'answered');
			assert.equal(exotel.requests.filter(({ method }) => method === 'GET').length, 1, 'the poll still hangs');
		});

		it('a request to place a call that gets no response: no "unknown" while the end is known', async () => {
			const nodeRed = await stage.start();
			await stage.deploy(nodeRed, flowOn(nodeRed));
			exotel.nextCall({ answer: 'timeout', dialled: true });
			await press(nodeRed, 'go');
			const { sid } = await callOf();
			for (const event of ['answered', 'terminal'] as const) await exotel.report(sid, event);
			const placed = await stage.sink.next('placed');
			assert.deepEqual([placed['payload'].sid, placed['exotel'].learntFrom], [sid, 'callback']);
			await stage.sink.next('progress');
			await stage.sink.next('ended');
			// The request ends now, without a response: there is nothing left to announce.
			await exotel.close();
			await press(nodeRed, 'go');
			await stage.sink.next('caught');
			assert.deepEqual(outcomes(), ['answered']);
			assertRangOnce();
		});
	});

	describe('a restart', () => {
		const settings = async (): Promise<string> => {
			const dir = await fs.mkdtemp(path.join(os.tmpdir(), 'exonodes-context-'));
			folders.push(dir);
			const disk = `{ module: 'localfilesystem', config: { dir: '${dir}', cache: false } }`;
			return `contextStorage: { default: { module: 'memory' }, disk: ${disk} },`;
		};

		it('a call without response that Exotel has named: its end is found although its callback is lost', async () => {
			const options = { userDir: await userDirectory(), port: await freePort(), settings: await settings() };
			const first = await stage.start(options);
			await stage.deploy(first, flowOn(first, { store: 'disk' }));
			exotel.nextCall({ answer: { status: 504, headers: {}, body: '' }, dialled: true, liveReads: 'until-told' });
			await press(first, 'go');
			const { sid } = await callOf();
			await exotel.report(sid, 'answered');
			await stage.sink.next('progress', (msg) => msg['payload'].type === 'answered');
			first.process.kill('SIGKILL');
			await first.exited;
			exotel.end(sid);
			await stage.start(options);
			const ended = await stage.sink.next('ended', (msg) => msg['payload'].outcome === 'answered');
			assert.deepEqual([ended['payload'].sid, ended['topic']], [sid, 'kept']);
			assertRangOnce();
		});
	});

	describe('deploys under load', () => {
		/** Events a second that are sent to the node. */
		const RATE = 250;

		/** The *call events* node `id` and its tap; every event counts once. */
		const eventsFlow = (nodeRed: NodeRed, id: string, name: string): FlowNode[] => [
			tab(),
			account(exotel.origin, nodeRed.url),
			{
				id,
				type: 'exotel-call-events',
				z: 'tab',
				name,
				account: 'account',
				path: 'calls',
				events: ['terminal'],
				split: 'one',
				x: 300,
				y: 100,
				wires: [['count']],
			},
			{
				id: 'count',
				type: 'function',
				z: 'tab',
				name,
				func: `const seen = global.get('seen') || {};
const sid = msg.payload.call.sid;
seen[sid] = (seen[sid] || 0) + 1;
global.set('seen', seen);`,
				outputs: 0,
				x: 500,
				y: 100,
				wires: [],
			},
			{
				id: 'ask',
				type: 'http in',
				z: 'tab',
				name: '',
				url: '/seen',
				method: 'get',
				x: 100,
				y: 300,
				wires: [['read']],
			},
			{
				id: 'read',
				type: 'function',
				z: 'tab',
				name: '',
				func: `msg.payload = global.get('seen') || {}; return msg;`,
				outputs: 1,
				x: 300,
				y: 300,
				wires: [['tell']],
			},
			{ id: 'tell', type: 'http response', z: 'tab', name: '', x: 500, y: 300, wires: [] },
		];

		/** Sends ends of calls at a steady rate until it is stopped; gives the SIDs that were answered with 200. */
		const steadyLoad = (nodeRed: NodeRed) => {
			const taken = new Set<string>();
			const refused: number[] = [];
			const pending = new Set<Promise<void>>();
			const startedAt = Date.now();
			let sent = 0;
			const send = async (): Promise<void> => {
				const sid = `e${sent++}`.padStart(32, '0');
				const body = JSON.stringify({ CallSid: sid, EventType: 'terminal', Status: 'completed' });
				const response = await fetch(`${nodeRed.url}/exotel/calls?token=${SECRETS.webhookToken}`, {
					method: 'POST',
					headers: { 'content-type': 'application/json' },
					body,
				});
				await response.arrayBuffer();
				if (response.status === 200) taken.add(sid);
				else refused.push(response.status);
			};
			const timer = setInterval(() => {
				const due = ((Date.now() - startedAt) / 1000) * RATE;
				while (sent < due) {
					const one = send().finally(() => pending.delete(one));
					pending.add(one);
				}
			}, 4);
			return {
				taken,
				refused,
				sent: () => sent,
				stop: async () => {
					clearInterval(timer);
					await Promise.all(pending);
				},
			};
		};

		const seenBy = async (nodeRed: NodeRed): Promise<Record<string, number>> => {
			const response = await fetch(`${nodeRed.url}/seen`);
			return (await response.json()) as Record<string, number>;
		};

		/** Deploys again and again under load; every event that was answered with 200 comes out once. */
		const deployUnderLoad = async (
			nodeRed: NodeRed,
			deploys: readonly { type: DeployType; id: string; name: string }[],
		): Promise<void> => {
			await stage.deploy(nodeRed, eventsFlow(nodeRed, 'events', 'before'));
			const load = steadyLoad(nodeRed);
			for (const { type, id, name } of deploys) {
				const before = load.sent();
				await stage.deploy(nodeRed, eventsFlow(nodeRed, id, name), { type });
				await eventually(async () => load.sent() >= before + RATE / 5, 'events come after the deploy');
			}
			await load.stop();
			const seen = await eventually(async () => {
				const found = await seenBy(nodeRed);
				return Object.keys(found).length >= load.taken.size ? found : null;
			}, `all of ${load.taken.size} events come out`).catch(() => seenBy(nodeRed));
			const lost = [...load.taken].filter((sid) => seen[sid] === undefined);
			const twice = Object.keys(seen).filter((sid) => seen[sid] !== 1);
			if (isNightly) console.log(`      ${load.taken.size} events, ${lost.length} lost, ${twice.length} twice`);
			assert.deepEqual({ refused: load.refused, lost, twice }, { refused: [], lost: [], twice: [] });
		};

		it('of every kind lose nothing and repeat nothing', async () => {
			const nodeRed = await stage.start();
			const kinds = ['nodes', 'flows', 'full'] as const;
			const deploys = Array.from({ length: DEPLOYS }, () => kinds).flat();
			await deployUnderLoad(
				nodeRed,
				deploys.map((type, turn) => ({ type, id: 'events', name: `deploy ${turn}` })),
			);
		});

		it('lose nothing when a node is replaced by one with the same path', async () => {
			const nodeRed = await stage.start();
			const kinds = ['full', 'nodes', 'flows'] as const;
			const deploys = Array.from({ length: DEPLOYS }, () => kinds).flat();
			await deployUnderLoad(
				nodeRed,
				deploys.map((type, turn) => ({ type, id: `events-${turn}`, name: `deploy ${turn}` })),
			);
		});
	});
});
