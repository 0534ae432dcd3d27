/**
 * Every example flow of the package, deployed as it is on a real Node-RED, against the simulator: each button does what
 * its name says – once more after the simulator was reset or restarted, without a new deploy.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { account, tap } from './flows';
import { eventually, openStage, press, type FlowNode, type NodeRed, type Stage } from './stage';

const folder = path.resolve(__dirname, '..', '..', '..', 'node-red', 'examples');

/** The name of an example in this test. */
function keyOf(file: string): string {
	return path.basename(file, '.json');
}

/**
 * The flow as shipped, with a tap in place of every debug node, and one for what our nodes
 * show below themselves.
 */
function readExample(file: string, sinkUrl: string): FlowNode[] {
	const text = fs.readFileSync(path.join(folder, file), 'utf8');
	const nodes = JSON.parse(text) as FlowNode[];
	const z = nodes.find(({ type }) => type === 'tab')?.id;
	const tapped = (id: string, at: unknown): FlowNode[] =>
		tap(id, `${keyOf(file)}: ${String(at)}`, sinkUrl).map((one) => ({ ...one, z }));
	// Not of the taps: their own requests would be told without end.
	const scope = nodes.filter(({ type }) => type.startsWith('exotel-')).map(({ id }) => id);
	const status: FlowNode = { id: `${file}-status`, type: 'status', z, scope, wires: [[`${file}-shown`]] };
	return [
		...nodes.flatMap((node) => (node.type === 'debug' ? tapped(node.id, node['name']) : [node])),
		status,
		...tapped(`${file}-shown`, 'status'),
	];
}

describe('the example flows on a real Node-RED', function () {
	this.timeout(180_000);
	let stage: Stage;
	let nodeRed: NodeRed & { userDir: string };
	const flows = new Map<string, FlowNode[]>();

	/** All examples together; the accounts take any key and have no webhook token, as when they were just imported. */
	before(async () => {
		stage = await openStage({ speed: 20, dataFile: true });
		nodeRed = await stage.start();
		for (const file of fs.readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
			if (file.endsWith('.json')) flows.set(keyOf(file), readExample(file, stage.sink.url));
		}
		// The account that the editor makes with the first import.
		const shared = { ...account(stage.simulator.url, nodeRed.url), id: 'e000000000000001', sid: 'stage1' };
		const nodes = [shared, ...[...flows.values()].flat()];
		await stage.deploy(nodeRed, nodes, { webhookToken: false });
	});
	after(() => stage?.close());
	beforeEach(() => stage.sink.clear());

	/** Clicks a button of an example. */
	const click = async (example: string, button: string): Promise<void> => {
		const found = flows.get(example)?.find((node) => node.type === 'inject' && node['name'] === button);
		assert.ok(found, `${example} has a button "${button}"`);
		await press(nodeRed, found.id);
	};
	/** The next message at a debug node of an example. */
	const shown = (example: string, debug: string, fits?: (msg: Record<string, any>) => boolean) =>
		stage.sink.next(`${example}: ${debug}`, fits);
	const countShown = (example: string, debug: string): number => stage.sink.seen(`${example}: ${debug}`).length;

	/** What each button does, as often as one likes. */
	const examples: Record<string, () => Promise<void>> = {
		'1 First call': async () => {
			await click('1 First call', 'Ring a customer');
			assert.equal((await shown('1 First call', 'ended'))['payload'].outcome, 'answered');
		},
		'Get call': async () => {
			await click('Get call', 'Ring, then look up');
			const { payload } = await shown('Get call', 'the whole call');
			assert.deepEqual([payload.state, payload.outcome], ['ended', 'answered']);
		},
		'Call events': async () => {
			await click('Call events', 'Ring a customer');
			const { payload } = await shown('Call events', 'ended');
			assert.equal(payload.call.outcome, 'answered');
		},
		'Look up number': async () => {
			await click('Look up number', '+91 98123 45678');
			const { payload } = await Promise.any([
				shown('Look up number', 'may be called'),
				shown('Look up number', 'do not disturb: leave alone'),
			]);
			assert.deepEqual([payload.number, payload.type], ['+919812345678', 'mobile']);
		},
		'Get recording': async () => {
			await click('Get recording', 'Ring a customer');
			const { payload, exotel } = await shown('Get recording', 'recording');
			assert.deepEqual([payload.type, payload.data.length], ['Buffer', exotel.bytes]);
			assert.match(exotel.contentType, /^audio\//);
		},
		'List calls': async () => {
			await click('List calls', 'Ring a customer, then list');
			const last = await shown('List calls', 'a call', (msg) => msg['exotel'].list.last);
			assert.equal(countShown('List calls', 'a call'), last['parts'].count);
			await click('List calls', 'pages of a week');
			const page = await shown('List calls', 'a page', (msg) => msg['exotel'].list.last);
			assert.equal(page['exotel'].list.calls, last['parts'].count);
		},
		'2 Answer a caller': async () => {
			await click('2 Answer a caller', 'Let a customer ring');
			const { payload } = await shown('2 Answer a caller', 'the request');
			assert.deepEqual([payload.kind, payload.call.from], ['connect', '+919876543210']);
			const ended = await endedCall(stage, payload.call.sid);
			assert.deepEqual([ended.call.outcome, ended.call.recording !== null], ['answered', true]);
		},
		'Ask for a key': async () => {
			await click('Ask for a key', 'A customer rings and presses 2');
			const { payload } = await shown('Ask for a key', 'the request', (msg) => msg['payload'].kind === 'gather');
			assert.equal(payload.digits, null);
			const ended = await endedCall(stage, payload.call.sid);
			assert.equal(ended.call.outcome, 'answered');
			assert.ok(JSON.stringify(ended.heard).includes('For sales press 1, for service press 2.'));
			assert.match(JSON.stringify(ended), /\+?919812345679|09812345679/);
		},
		'Route by time': async () => {
			const before = await callsOf(stage);
			await click('Route by time', 'A customer presses 2 and is put through');
			const sid = await newInbound(stage, before);
			assert.match((await shown('Route by time', 'who is rung'))['destinations'][0], /^\+9198123456(?:78|70)$/);
			const ended = await endedCall(stage, sid);
			assert.equal(ended.call.outcome, 'answered');
			assert.ok(
				JSON.stringify(ended.heard).includes('You are put through to our service.'),
				JSON.stringify(ended.heard),
			);
		},
		'Ring back missed callers': async () => {
			await click('Ring back missed callers', 'A customer rings in vain');
			const { payload } = await shown('Ring back missed callers', 'rung back');
			assert.deepEqual(
				[payload.direction, payload.from, payload.to, payload.outcome],
				['outbound', '+919812345600', '+919876543210', 'answered'],
			);
		},
		'See which agent is busy': async () => {
			await click('See which agent is busy', 'A customer rings');
			for (const status of ['busy', 'free']) {
				const { payload } = await shown(
					'See which agent is busy',
					'busy or free',
					(msg) => msg['payload'].agentStatus === status,
				);
				assert.deepEqual([payload.type, payload.agentNumber], [`agent-${status}`, '+919812345678']);
			}
		},
		'Log the calls of yesterday': async () => {
			assert.deepEqual(await table(), await endedToday(stage));
		},
	};

	/** The SIDs of the table, from the button to the debug sidebar. */
	async function table(): Promise<string[]> {
		await click('Log the calls of yesterday', 'now, calls of today');
		const { payload } = await shown('Log the calls of yesterday', 'the table');
		const [header, ...rows] = String(payload).trim().split('\n');
		assert.equal(header, 'started,direction,from,to,outcome,seconds,price,recording,sid');
		return rows.map((row) => row.split(',').at(-1) ?? '').sort();
	}

	/** Every example does what it is for, and no node reports an error. */
	function allWork(): void {
		for (const [example, works] of Object.entries(examples)) {
			it(example, async () => {
				await works();
				assert.deepEqual(
					stage.sink.seen().filter(({ at }) => at.endsWith(': error')),
					[],
				);
			});
		}
	}

	it('are all tried here, and can be imported together', () => {
		assert.deepEqual([...flows.keys()].sort(), Object.keys(examples).sort());
		const ids = [...flows.values()].flat().map(({ id }) => id);
		assert.equal(new Set(ids).size, ids.length, 'no id comes twice');
	});

	describe('work as imported', allWork);

	describe('work again after a reset of the simulator', () => {
		before(async () => {
			await stage.control('POST', 'reset', {});
			assert.deepEqual(await callsOf(stage), []);
		});

		it('Log the calls of yesterday gives a table without rows as long as there are no calls', async () => {
			assert.deepEqual(await table(), []);
		});
		it('List calls gives one empty page, and tells below the node that there are 0 calls', async () => {
			const tells = (id: unknown) =>
				shown(
					'List calls',
					'status',
					({ status }) => status.source.id === id && status.text === '0 calls' && status.fill === 'green',
				);
			const lists = flows.get('List calls')?.filter(({ type }) => type === 'exotel-list-calls') ?? [];
			await click('List calls', 'pages of a week');
			assert.deepEqual((await shown('List calls', 'a page'))['payload'], []);
			await click('List calls', 'calls of today');
			await Promise.all(lists.map(({ id }) => tells(id)));
			assert.equal(countShown('List calls', 'a call'), 0);
		});
		allWork();
	});

	describe('work again after a restart of the simulator that keeps its data', () => {
		let kept: string[];
		before(async () => {
			kept = await callsOf(stage);
			await stage.restartSimulator();
			assert.deepEqual(await callsOf(stage), kept);
		});
		allWork();
		it('the calls from before are still listed', async () => {
			const listed = await table();
			for (const sid of kept) assert.ok(listed.includes(sid));
		});
	});

	describe('work again after a restart of the simulator without its data', () => {
		before(async () => {
			await stage.restartSimulator({ dataFile: false });
			assert.deepEqual(await callsOf(stage), []);
		});
		allWork();
	});

	describe('work again after a restart with a pinned seed', () => {
		before(() => stage.restartSimulator({ dataFile: false, seed: 7 }));
		allWork();
	});

	describe('work again after a reset with a pinned seed', () => {
		before(() => stage.control('POST', 'reset', {}));
		allWork();
	});
});

/** The SIDs of all calls of the simulator. */
async function callsOf(stage: Stage): Promise<string[]> {
	const { calls } = (await stage.control('GET', 'calls')) as { calls: { sid: string }[] };
	return calls.map(({ sid }) => sid);
}

/** The SIDs of the calls a list of today has. */
async function endedToday(stage: Stage): Promise<string[]> {
	const today = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Kolkata' }).format(new Date());
	const { calls } = (await stage.control('GET', 'calls')) as {
		calls: { sid: string; state: string; createdAt: string }[];
	};
	return calls
		.filter(({ state, createdAt }) => state === 'ended' && createdAt.startsWith(today))
		.map(({ sid }) => sid)
		.sort();
}

/** The call a customer placed since, once there is one. */
async function newInbound(stage: Stage, before: string[]): Promise<string> {
	return eventually(async () => {
		const { calls } = await stage.control('GET', 'calls');
		const found = calls.find(
			(call: { sid: string; direction: string }) => call.direction === 'inbound' && !before.includes(call.sid),
		);
		return found ? (found.sid as string) : null;
	}, 'a customer rang');
}

/** A call of the simulator once it has ended. */
async function endedCall(stage: Stage, sid: string): Promise<{ call: Record<string, any>; heard: unknown }> {
	return eventually(async () => {
		const view = await stage.control('GET', `calls/${sid}`);
		return view.call.state === 'ended' ? view : null;
	}, `call ${sid} ended`);
}
