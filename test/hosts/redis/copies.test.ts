/**
 * Two copies of Node-RED behind one address, on a context store that they share in a real Redis: whichever hears of a
 * call tells its end once; a copy, or Redis, is killed while calls run, and nothing is lost.
 */
import assert from 'node:assert/strict';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { account, callFlow } from '../node-red/flows';
import { openBalancer, type Balancer } from '../node-red/round-robin';
import { eventually, openStage, press, type NodeRed, type Stage } from '../node-red/stage';

interface Redis {
	port: number;
	restart(): Promise<void>;
	stop(): Promise<void>;
}

interface Services {
	startRedis(options: { keeps: boolean }): Promise<Redis>;
}

interface Installing {
	installed(name: string): Promise<string>;
}

const root = path.resolve(__dirname, '..', '..', '..');
const tool = <Tools>(file: string): Promise<Tools> =>
	import(pathToFileURL(path.join(root, 'tools', file)).href) as Promise<Tools>;

describe('copies of Node-RED on one Redis', function () {
	this.timeout(300_000);
	let redis: Redis;
	let stage: Stage;
	let balancer: Balancer;
	let copies: NodeRed[];

	beforeEach(async () => {
		redis = await (await tool<Services>('n8n/services.mjs')).startRedis({ keeps: true });
		const client = path.join(
			await (await tool<Installing>('hosts/installed.mjs')).installed('redis'),
			'node_modules/redis',
		);
		const store = path.join(root, 'test', 'fixtures', 'redis-context', 'index.cjs');
		const config = JSON.stringify({ url: `redis://127.0.0.1:${redis.port}`, client });
		const settings =
			`contextStorage: { default: { module: 'memory' }, ` +
			`shared: { module: require(${JSON.stringify(store)}), config: ${config} } },`;
		stage = await openStage({ speed: 0 });
		balancer = await openBalancer([]);
		copies = await Promise.all([stage.start({ settings }), stage.start({ settings })]);
		balancer.targets.push(...copies.map(({ url }) => url));
		const flows = callFlow(account(stage.simulator.url, balancer.url), stage.sink.url, { store: 'shared' });
		for (const copy of copies) await stage.deploy(copy, flows);
	});
	afterEach(async () => {
		await balancer?.close();
		await stage?.close();
		await redis?.stop();
	});

	/** Places a call at each of these copies; their SIDs. */
	const callsAt = async (at: NodeRed[]): Promise<string[]> => {
		const sids: string[] = [];
		for (const copy of at) {
			await press(copy, 'go');
			const isNew = (msg: Record<string, any>): boolean => !sids.includes(msg['payload'].sid);
			sids.push((await stage.sink.next('placed', isNew))['payload'].sid);
		}
		return sids;
	};

	/** Lets all calls end and waits until each end was told; they must come once each. */
	const endsOf = async (sids: string[]): Promise<void> => {
		await stage.simulator.advance(60);
		const told = (): string[] => stage.sink.seen('ended').map(({ msg }) => msg['payload'].sid);
		await eventually(async () => sids.every((sid) => told().includes(sid)), 'every end was told');
		await stage.simulator.settle();
		assert.deepEqual(told().sort(), [...sids].sort());
		for (const { msg } of stage.sink.seen('ended'))
			assert.deepEqual([msg['payload'].outcome, msg['topic']], ['answered', 'kept']);
	};

	it('tell each end once, whichever copy placed the call', async () => {
		await endsOf(await callsAt([...copies, ...copies]));
		assert.ok(
			balancer.served().every((count) => count > 0),
			`${balancer.served().join()} callbacks served`,
		);
	});

	it('lose nothing when the copy that placed the calls is killed while they run', async () => {
		const [first] = copies as [NodeRed];
		const sids = await callsAt([first, first, first]);
		first.process.kill('SIGKILL');
		await first.exited;
		await endsOf(sids);
	});

	it('lose nothing when Redis is killed while calls run, and is back before they end', async () => {
		const sids = await callsAt([...copies, ...copies]);
		await redis.restart();
		await endsOf(sids);
	});
});
