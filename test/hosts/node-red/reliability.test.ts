/**
 * The promises of the Node-RED package under faults, on a real Node-RED against the double that is written from the
 * documents alone: events do not wait for requests of ours, deploys lose nothing, a restart loses nothing that a store
 * keeps, many calls at once keep no caller waiting.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { startDouble, type Double, type DoubleCall } from '../../double';
import { account, button, callFlow, tab } from './flows';
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

	it("Node-RED's file store that writes later is named on the node", async () => {
		const disk = "{ module: 'localfilesystem' }";
		const settings = `contextStorage: { default: { module: 'memory' }, disk: ${disk} },`;
		const nodeRed = await stage.start({ settings });
		await stage.deploy(nodeRed, flowOn(nodeRed, { store: 'disk' }));
		await nodeRed.waitForLog('"disk" writes its file only every 30 s');
		assert.match(nodeRed.log(), /\[exotel-make-call:call\] .*cache: false/);
	});

	describe('httpNodeAuth', () => {
		const login = { webhookUser: 'me@home', webhookPassword: "p:a/s@s'w%ö#rd" };
		const hash = '$2b$08$kCSlp6wfPghU7N1/WnuJBOfuFgLgWTHTKTBYU7a.qDNWinEMdzDU6';
		const guarded = (): Promise<NodeRed> =>
			stage.start({ settings: `httpNodeAuth: { user: '${login.webhookUser}', pass: '${hash}' },` });
		const post = async (nodeRed: NodeRed, route: string, body: object = {}) => {
			const saved = { apiKey: '__PWRD__', apiToken: '__PWRD__', webhookToken: '__PWRD__' };
			const response = await fetch(`${nodeRed.url}/exotel-account/account/${route}`, {
				method: 'POST',
				headers: { 'content-type': 'application/json' },
				body: JSON.stringify({ ...account(exotel.origin, nodeRed.url), ...saved, ...body }),
			});
			return (await response.json()) as {
				findings: { key: string }[];
				url: string;
				probe: { reached: boolean; detail: string };
			};
		};
		const probed = { path: 'calls', probe: true };

		it('without user and password in the account: the log, its test and that of an address say what to do', async () => {
			const nodeRed = await guarded();
			await stage.deploy(nodeRed, flowOn(nodeRed));
			await nodeRed.waitForLog("so Exotel's requests get a 401");
			const { findings } = await post(nodeRed, 'test');
			assert.deepEqual(
				findings.map(({ key }) => key),
				['works', 'exophones', 'public-url.login-missing', 'callback.none'],
			);
			const { probe } = await post(nodeRed, 'webhook-address', probed);
			assert.deepEqual(probe, { reached: false, detail: 'login-missing' });
		});

		it('with them: Exotel gets in, and nobody else sees them', async () => {
			const nodeRed = await guarded();
			await stage.deploy(nodeRed, flowOn(nodeRed), { more: login });
			exotel.nextCall({ liveReads: 'until-told' });
			await press(nodeRed, 'go');
			const { sid } = await callOf();
			for (const event of ['answered', 'terminal'] as const)
				assert.equal((await exotel.report(sid, event)).status, 200);
			await stage.sink.next('ended', (msg) => msg['payload'].outcome === 'answered');
			const { findings } = await post(nodeRed, 'test');
			assert.deepEqual(
				findings.map(({ key }) => key),
				['works', 'exophones', 'public-url.reached', 'callback.seen'],
			);
			const { probe, url } = await post(nodeRed, 'webhook-address', probed);
			assert.deepEqual([probe.reached, new URL(url).username], [true, '***']);
			// Exotel repeats the whole request in a refusal.
			const request = exotel.requests.find(({ method }) => method === 'POST')?.text ?? '';
			assert.ok(request.includes(encodeURIComponent(encodeURIComponent(login.webhookUser))), request);
			const refusal = JSON.stringify({
				RestException: { Status: 403, Message: `No: ${request}`, Sent: request },
			});
			exotel.nextCall({ answer: { status: 403, headers: {}, body: refusal }, dialled: false });
			await press(nodeRed, 'go');
			await stage.sink.next('caught');
			const shown = nodeRed.log() + JSON.stringify(stage.sink.seen()) + JSON.stringify({ findings, url });
			for (const part of Object.values(login))
				for (const written of [part, encodeURIComponent(part).replace("'", '%27')])
					for (const form of [written, encodeURIComponent(written), Buffer.from(written).toString('base64')])
						assert.ok(!shown.includes(form), form);
		});
	});

	it('a message with msg.exotel.health asks how the tracking is doing, and places no call', async () => {
		const nodeRed = await stage.start();
		const ask = { ...button('ask', 'call'), props: [{ p: 'exotel', v: '{"health":true}', vt: 'json' }] };
		await stage.deploy(nodeRed, [...flowOn(nodeRed, { patienceMinutes: '0.02' }), ask]);
		const health = async (openCalls: number): Promise<Record<string, unknown>> => {
			stage.sink.clear();
			await press(nodeRed, 'ask');
			const { payload } = await stage.sink.next('progress', (msg) => msg['payload'].type === 'health');
			assert.equal(payload.openCalls, openCalls);
			return payload;
		};
		assert.deepEqual(await health(0), {
			type: 'health',
			openCalls: 0,
			unknownCalls: 0,
			oldestUnknownAt: null,
			lastCallbackAt: null,
			endsByCallback: 0,
			endsFound: 0,
			endsMissed: 0,
		});
		assert.equal(exotel.calls.length, 0);
		exotel.nextCall({ liveReads: 'until-told' });
		await press(nodeRed, 'go');
		await stage.sink.next('placed');
		await health(1);
		exotel.end((await callOf()).sid);
		await stage.sink.next('ended');
		const found = await health(0);
		assert.deepEqual([found['endsFound'], found['endsByCallback'], found['lastCallbackAt']], [1, 0, null]);
		exotel.nextCall({ liveReads: 'until-told' });
		await press(nodeRed, 'go');
		await exotel.report((await callOf(2)).sid, 'terminal');
		await stage.sink.next('ended');
		exotel.nextCall({ answer: { status: 504, headers: {}, body: '' }, dialled: false });
		await press(nodeRed, 'go');
		await stage.sink.next('ended', (msg) => msg['payload'].outcome === 'unknown');
		const { endsByCallback, endsFound, unknownCalls, lastCallbackAt, oldestUnknownAt } = await health(0);
		assert.deepEqual([endsByCallback, endsFound, unknownCalls], [1, 1, 1]);
		for (const at of [lastCallbackAt, oldestUnknownAt]) assert.match(String(at), /^\d{4}-.*Z$/);
	});

	it('a deleted subflow with a make call leaves nothing: no webhook, no request under way', async () => {
		const nodeRed = await stage.start();
		let [opened, closed] = [0, 0];
		// Takes the request to place a call and never answers.
		const hung = net.createServer((socket) => {
			opened += 1;
			socket.on('error', () => undefined).on('close', () => (closed += 1));
			socket.resume();
		});
		await new Promise<void>((resolve) => hung.listen(0, '127.0.0.1', resolve));
		const { port } = hung.address() as net.AddressInfo;
		const subflow = { id: 'sub', type: 'subflow', name: 'Calls', in: [{ wires: [{ id: 'call' }] }], out: [] };
		const inside = ['call', 'placed', 'placed-post', 'progress', 'progress-post', 'ended', 'ended-post'];
		const flow = callFlow(account(`http://127.0.0.1:${port}`, nodeRed.url), stage.sink.url, {
			callbackPath: 'inside',
		});
		const moved = flow.map((node) => ({
			...node,
			...(inside.includes(node.id) && { z: 'sub' }),
			...(node.id === 'go' && { wires: [['instance']] }),
		}));
		const instance = { id: 'instance', type: 'subflow:sub', z: 'tab', name: '', x: 300, y: 100, wires: [] };
		await stage.deploy(nodeRed, [subflow, ...moved, instance]);
		const status = async (): Promise<number> =>
			(await fetch(`${nodeRed.url}/exotel/inside?token=${SECRETS.webhookToken}`, { method: 'POST' })).status;
		assert.equal(await status(), 400);
		await press(nodeRed, 'go');
		await eventually(async () => opened === 1, 'the request is under way');
		await stage.deploy(nodeRed, [subflow, ...moved, instance], { type: 'full' });
		assert.equal(closed, 0, 'a deploy does not disturb it');
		const left = moved.filter((node) => node['z'] !== 'sub' && node.id !== 'go');
		await stage.deploy(nodeRed, left);
		assert.equal(await status(), 404);
		// It would hang for 30 s more.
		const deletedAt = Date.now();
		await eventually(async () => closed === 1, 'the request is given up');
		assert.ok(Date.now() - deletedAt < 20_000, 'by the deploy, not by its timeout');
		hung.close();
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
			assert.ok(load.taken.size > RATE / 5, `${load.taken.size} events`);
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

	describe('much at once, right after the start: callers get their fallback in time', () => {
		/** `busy.worst`: the CPU milliseconds of the longest time in which no timer ran, since it was last set. */
		const busy = `functionGlobalContext: { busy: (() => {
	const busy = { worst: 0 };
	let cpu = process.cpuUsage();
	setInterval(() => {
		const { user, system } = process.cpuUsage(cpu);
		busy.worst = Math.max(busy.worst, (user + system) / 1000);
		cpu = process.cpuUsage();
	}, 5);
	return busy;
})() },`;
		const step = (id: string, func: string, wires: string[]): FlowNode => {
			return { id, type: 'function', z: 'tab', name: '', func, outputs: 1, x: 200, y: 100, wires: [wires] };
		};
		const start = async (): Promise<NodeRed> => {
			const nodeRed = await stage.start({ settings: busy });
			const flow = flowOn(nodeRed).map((node) => (node.id === 'go' ? { ...node, wires: [['many']] } : node));
			const webhook = { z: 'tab', name: '', account: 'account', wires: [[]] };
			await stage.deploy(nodeRed, [
				...flow,
				step('many', 'for (let n = 0; n < 100; n += 1) node.send({ n }); return null;', ['call']),
				// Its flow drops the request: the fallback goes out after 4 s.
				{ id: 'applet', type: 'exotel-applet', path: 'who', ...webhook },
				{ id: 'events', type: 'exotel-call-events', path: 'calls', split: 'one', ...webhook },
				{ ...webhook, id: 'ask', type: 'http in', url: '/busy', method: 'get', wires: [['read']] },
				step('read', `const busy = global.get('busy'); msg.payload = busy; return msg;`, ['tell', 'reset']),
				{ ...webhook, id: 'tell', type: 'http response' },
				step('reset', `global.get('busy').worst = 0; return null;`, []),
			]);
			return nodeRed;
		};
		const busyMs = async (nodeRed: NodeRed): Promise<number> =>
			((await (await fetch(`${nodeRed.url}/busy`)).json()) as { worst: number }).worst;

		/**
		 * 40 callers ask, half of them before `work` begins; gives the longest time without a timer, which is what a
		 * fallback may be late by. The time of day would measure what else the machine does.
		 */
		const whileCallersWait = async (nodeRed: NodeRed, work: () => Promise<void>): Promise<number> => {
			const ask = () =>
				exotel.ask(`${nodeRed.url}/exotel/who?token=${SECRETS.webhookToken}`, {
					applet: 'connect-1.1',
					timeoutMs: 60_000,
				});
			const before = Array.from({ length: 20 }, ask);
			await busyMs(nodeRed);
			await work();
			const asked = await Promise.all([...before, ...Array.from({ length: 20 }, ask)]);
			assert.ok(asked.every(({ status }) => status === 200));
			return busyMs(nodeRed);
		};

		it('100 calls placed', async () => {
			const nodeRed = await start();
			const worst = await whileCallersWait(nodeRed, () => press(nodeRed, 'go'));
			await eventually(async () => exotel.calls.length === 100, 'all calls were placed');
			assert.ok(worst < 200, `no timer ran for ${worst} ms`);
		});

		it('1,000 callbacks', async () => {
			const nodeRed = await start();
			const agent = new http.Agent({ keepAlive: true, maxSockets: 250 });
			const send = (sid: number): Promise<unknown> =>
				new Promise((resolve, reject) => {
					const body = JSON.stringify({ CallSid: `call${sid}`, EventType: 'terminal', Status: 'completed' });
					const headers = { 'content-type': 'application/json', 'content-length': body.length };
					http.request(
						`${nodeRed.url}/exotel/calls?token=${SECRETS.webhookToken}`,
						{ method: 'POST', agent, headers },
						(response) => response.resume().on('end', () => resolve(response.statusCode)),
					)
						.on('error', reject)
						.end(body);
				});
			const worst = await whileCallersWait(nodeRed, async () => {
				const answers = await Promise.all(Array.from({ length: 1000 }, (_, sid) => send(sid)));
				assert.deepEqual([...new Set(answers)], [200]);
			});
			agent.destroy();
			// Half of it is what Node-RED itself takes to accept them.
			assert.ok(worst < 500, `no timer ran for ${worst} ms`);
		});
	});
});
