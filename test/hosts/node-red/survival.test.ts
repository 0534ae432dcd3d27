/**
 * Calls that outlive what carries them: redeploys, a killed Node-RED, a restart with a persistent context store,
 * several Node-REDs behind one address. However it happens, the end of a call comes out once.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { read } from '../../house/pages';
import { account, callFlow, tap } from './flows';
import { openBalancer, type Balancer } from './round-robin';
import {
	eventually,
	freePort,
	openStage,
	press,
	userDirectory,
	type FlowNode,
	type NodeRed,
	type Stage,
} from './stage';

/** Without a cache: what is written is on the disk, and the store offers the callback form only. */
const storeIn = (folder: string): string =>
	`contextStorage: { default: { module: 'memory' }, disk: { module: 'localfilesystem', config: ` +
	`{ dir: '${folder}', cache: false } } },`;
/** Where followed calls live, and after how long without a callback Exotel is asked (3 s). */
const persistent = { store: 'disk', patienceMinutes: '0.05' };

const typesOf = (stage: Stage): string[] =>
	stage.sink.seen('progress').map(({ msg }) => `${msg['payload'].type} ${msg['payload'].party}`);

describe('calls survive', function () {
	this.timeout(180_000);
	let stage: Stage;
	const folders: string[] = [];

	beforeEach(async () => {
		stage = await openStage({ speed: 0 });
	});
	afterEach(async () => {
		await stage.close();
		for (const folder of folders.splice(0)) await fs.rm(folder, { recursive: true, force: true });
	});

	const folder = async (): Promise<string> => {
		const made = await fs.mkdtemp(path.join(os.tmpdir(), 'exonodes-context-'));
		folders.push(made);
		return made;
	};

	/** Presses the button and lets the first phone be answered. */
	const untilFirstAnswer = async (nodeRed: NodeRed): Promise<string> => {
		await press(nodeRed, 'go');
		const { payload } = await stage.sink.next('placed');
		await stage.simulator.advance(4);
		await stage.sink.next('progress', (msg) => msg['payload'].type === 'answered');
		return payload.sid;
	};

	it('keeps calls in the store that Going live adds to settings.js', async () => {
		const [, settings = ''] =
			/^```js\n(contextStorage:[\s\S]*?)^```$/m.exec(read('docs/going-live-node-red.md')) ?? [];
		assert.match(settings, /localfilesystem/);
		const userDir = await userDirectory();
		folders.push(userDir);
		const nodeRed = await stage.start({ userDir, settings });
		const flows = callFlow(account(stage.simulator.url, nodeRed.url), stage.sink.url, { store: 'file' });
		await stage.deploy(nodeRed, flows);
		const sid = await untilFirstAnswer(nodeRed);
		const written = await fs.readdir(path.join(userDir, 'context'), { recursive: true });
		const files = written
			.filter((name) => name.endsWith('.json'))
			.map((name) => path.join(userDir, 'context', name));
		const kept = await Promise.all(files.map((file) => fs.readFile(file, 'utf8')));
		assert.ok(kept.some((text) => text.includes(sid)));
		assert.doesNotMatch(nodeRed.log(), /writes its file only every|context store .* failed/i);
	});

	it('redeploys of every kind while a call runs: nothing is lost, nothing comes twice', async () => {
		const nodeRed = await stage.start();
		const flows = (name: string): FlowNode[] =>
			callFlow(account(stage.simulator.url, nodeRed.url), stage.sink.url, { name });
		await stage.deploy(nodeRed, flows('before'));
		const sid = await untilFirstAnswer(nodeRed);
		await stage.deploy(nodeRed, flows('nodes'), { type: 'nodes' });
		await stage.simulator.advance(4);
		await stage.deploy(nodeRed, flows('flows'), { type: 'flows' });
		await stage.deploy(nodeRed, flows('full'), { type: 'full' });
		await stage.simulator.advance(60);
		const ended = await stage.sink.next('ended');
		assert.deepEqual([ended['payload'].sid, ended['payload'].outcome, ended['topic']], [sid, 'answered', 'kept']);
		assert.deepEqual(typesOf(stage), ['answered from', 'answered to']);
		assert.equal(stage.sink.seen('ended').length, 1);
	});

	it('kill -9 while a call runs, its end while Node-RED is down: a persistent store takes it up again', async () => {
		const settings = storeIn(await folder());
		const userDir = await userDirectory();
		const port = await freePort();
		const first = await stage.start({ userDir, port, settings });
		await stage.deploy(first, callFlow(account(stage.simulator.url, first.url), stage.sink.url, persistent));
		const sid = await untilFirstAnswer(first);
		first.process.kill('SIGKILL');
		await first.exited;
		await stage.simulator.advance(60);
		assert.deepEqual(stage.sink.seen('ended'), []);
		await stage.start({ userDir, port, settings });
		const ended = await stage.sink.next('ended');
		assert.deepEqual(
			[ended['payload'].sid, ended['payload'].outcome, ended['topic'], ended['exotel'].event.source],
			[sid, 'answered', 'kept', 'sweep'],
		);
		await stage.simulator.advance(1200);
		assert.equal(stage.sink.seen('ended').length, 1, "Exotel's late repeats change nothing");
	});

	it('kill -9 without a store: a callback that comes afterwards is still told', async () => {
		const userDir = await userDirectory();
		const port = await freePort();
		const first = await stage.start({ userDir, port });
		await stage.deploy(first, callFlow(account(stage.simulator.url, first.url), stage.sink.url));
		const sid = await untilFirstAnswer(first);
		first.process.kill('SIGKILL');
		await first.exited;
		await stage.start({ userDir, port });
		await stage.simulator.advance(60);
		const ended = await stage.sink.next('ended');
		assert.deepEqual([ended['payload'].sid, ended['payload'].outcome], [sid, 'answered']);
	});

	describe('two Node-REDs behind one address', () => {
		let balancer: Balancer;
		let replicas: NodeRed[];

		beforeEach(async () => {
			const settings = storeIn(await folder());
			balancer = await openBalancer([]);
			replicas = await Promise.all([stage.start({ settings }), stage.start({ settings })]);
			balancer.targets.push(...replicas.map((replica) => replica.url));
		});
		afterEach(() => balancer.close());

		const deployBoth = async (flows: FlowNode[]): Promise<void> => {
			for (const replica of replicas) await stage.deploy(replica, flows);
		};

		it('either can hear of a call the other one placed; its end comes out once', async () => {
			await deployBoth(callFlow(account(stage.simulator.url, balancer.url), stage.sink.url, { store: 'disk' }));
			for (const [turn, replica] of [...replicas, ...replicas].entries()) {
				stage.sink.clear();
				await press(replica, 'go');
				const { payload } = await stage.sink.next('placed');
				// As in life some seconds lie between two events: a store has no way to order two writes of the same
				// moment.
				for (const party of ['from', 'to']) {
					await stage.simulator.advance(4);
					await stage.sink.next(
						'progress',
						(msg) => msg['payload'].type === 'answered' && msg['payload'].party === party,
					);
				}
				await stage.simulator.advance(60);
				const ended = await stage.sink.next('ended', (msg) => msg['payload'].sid === payload.sid);
				assert.deepEqual([ended['payload'].outcome, ended['topic']], ['answered', 'kept'], `call ${turn}`);
				await stage.simulator.settle();
				assert.equal(stage.sink.seen('ended').length, 1, `call ${turn}`);
				assert.deepEqual(typesOf(stage).sort(), ['answered from', 'answered to'], `call ${turn}`);
			}
			assert.ok(
				balancer.served().every((count) => count > 0),
				`${balancer.served().join()} callbacks served`,
			);
		});

		it('either answers a caller', async () => {
			const applet: FlowNode = {
				id: 'applet',
				type: 'exotel-applet',
				z: 'tab',
				name: '',
				account: 'account',
				path: 'who',
				x: 100,
				y: 100,
				wires: [['answer', 'asked']],
			};
			const answer: FlowNode = {
				id: 'answer',
				type: 'exotel-applet-answer',
				z: 'tab',
				name: '',
				answer: 'connect',
				destinations: '+919812345678',
				destinationsType: 'str',
				x: 300,
				y: 100,
				wires: [],
			};
			await deployBoth([
				{ id: 'tab', type: 'tab', label: 'Applet' },
				account(stage.simulator.url, balancer.url),
				applet,
				answer,
				...tap('asked', 'asked', stage.sink.url),
			]);
			const url = `${balancer.url}/exotel/who?token=stage-webhook-Hy72wCdS`;
			await stage.control('PUT', 'flows/f1', { applets: [{ type: 'connect', version: '1.1', url }] });
			for (let turn = 0; turn < 4; turn += 1) {
				const { sid } = await stage.control('POST', 'inbound', {
					from: '+919876543210',
					to: '08047112345',
					flow: 'f1',
				});
				await stage.simulator.advance(120);
				const view = await eventually(async () => {
					const seen = await stage.control('GET', `calls/${sid}`);
					return seen.call.state === 'ended' ? seen : null;
				}, 'the call ended');
				assert.equal(view.call.outcome, 'answered', JSON.stringify(view.questions));
			}
			assert.ok(
				balancer.served().every((count) => count > 0),
				`${balancer.served().join()} questions answered`,
			);
		});
	});
});
