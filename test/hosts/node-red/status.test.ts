/** What open editors of a real Node-RED are sent about the status of our nodes, over the editor's own WebSocket. */
import assert from 'node:assert/strict';
import { account, tab } from './flows';
import { eventually, openStage, type DeployType, type FlowNode, type NodeRed, type Stage } from './stage';

/** Node's own; the types of Node 20 lack it. */
const { WebSocket } = globalThis as unknown as {
	WebSocket: new (url: string) => EventTarget & { send(text: string): void; close(): void };
};

describe('the status of nodes on a real Node-RED', function () {
	this.timeout(180_000);
	let stage: Stage;
	let nodeRed: NodeRed;
	let editor: InstanceType<typeof WebSocket>;
	/** The last text of each node. */
	const shown = new Map<string, string>();

	before(async () => {
		stage = await openStage();
		nodeRed = await stage.start();
		editor = new WebSocket(`${nodeRed.url.replace('http', 'ws')}/comms`);
		editor.addEventListener('message', (event) => {
			const sent = JSON.parse((event as Event & { data: string }).data) as unknown;
			for (const { topic, data } of [sent].flat() as { topic: string; data: { text?: string } }[])
				if (topic.startsWith('status/')) shown.set(topic.slice('status/'.length), data.text ?? '');
		});
		await new Promise((resolve) => editor.addEventListener('open', resolve, { once: true }));
		editor.send(JSON.stringify({ subscribe: 'status/#' }));
	});
	after(async () => {
		editor?.close();
		await stage?.close();
	});

	const listener = (id: string): FlowNode => ({
		id,
		type: 'exotel-call-events',
		z: 'tab',
		name: '',
		configVersion: 1,
		account: 'account',
		path: id,
		x: 200,
		y: 100,
		wires: [[]],
	});
	const deploy = (type: DeployType, more: Record<string, unknown> = {}, ofTab: Record<string, unknown> = {}) =>
		stage.deploy(
			nodeRed,
			[
				{ ...tab(), ...ofTab },
				account(stage.simulator.url, nodeRed.url),
				listener('one'),
				{ ...listener('two'), ...more },
			],
			{ type },
		);
	const becomes = (id: string, wanted: RegExp): Promise<boolean> =>
		eventually(async () => wanted.test(shown.get(id) ?? ''), `the status of ${id} becomes ${String(wanted)}`);

	for (const type of ['full', 'flows', 'nodes'] as const)
		it(`a node that is disabled shows no status any more: deploy ${type}`, async () => {
			await deploy('full');
			await becomes('two', /listening$/);
			await deploy(type, { d: true });
			await becomes('two', /^$/);
			await becomes('one', /listening$/);
		});

	it('nor does a node whose tab is disabled, until that is enabled', async () => {
		await deploy('full');
		await becomes('two', /listening$/);
		await deploy('flows', {}, { disabled: true });
		await becomes('one', /^$/);
		await becomes('two', /^$/);
		await deploy('flows');
		await becomes('one', /listening$/);
		assert.match(shown.get('two') ?? '', /listening$/);
	});
});
