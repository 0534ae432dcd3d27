/**
 * Every example flow of the package, deployed as it is on a real Node-RED, against the simulator: each button does what
 * its name says.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { tap } from './flows';
import { eventually, openStage, press, type FlowNode, type NodeRed, type Stage } from './stage';

const folder = path.resolve(__dirname, '..', '..', '..', 'node-red', 'examples');

/** The flows as shipped, with the ports of the stage, and a tap in place of every debug node. */
function readExample(file: string, simulatorUrl: string, nodeRedUrl: string, sinkUrl: string): FlowNode[] {
	const text = fs
		.readFileSync(path.join(folder, file), 'utf8')
		.replaceAll('http://127.0.0.1:4010', simulatorUrl)
		.replaceAll('http://127.0.0.1:1880', nodeRedUrl);
	const nodes = JSON.parse(text) as FlowNode[];
	return nodes.flatMap((node) =>
		node.type === 'debug'
			? tap(node.id, String(node['name']), sinkUrl).map((one) => ({ ...one, z: node['z'] }))
			: [node],
	);
}

const buttonOf = (flows: FlowNode[], name: string): string => {
	const found = flows.find((node) => node.type === 'inject' && node['name'] === name);
	assert.ok(found, `there is a button "${name}"`);
	return found.id;
};

describe('the example flows on a real Node-RED', function () {
	this.timeout(180_000);
	let stage: Stage;
	let nodeRed: NodeRed & { userDir: string };

	before(async () => {
		stage = await openStage({ speed: 20 });
		nodeRed = await stage.start();
	});
	after(() => stage?.close());

	/** Deploys one example; the account takes any key, and has no webhook token, like one that was just imported. */
	const show = async (file: string): Promise<FlowNode[]> => {
		stage.sink.clear();
		const flows = readExample(file, stage.simulator.url, nodeRed.url, stage.sink.url);
		for (const node of flows) if (node.type === 'exotel-account') node['sid'] = 'stage1';
		await stage.deploy(nodeRed, flows, { webhookToken: false });
		return flows;
	};

	it('are all tried here', () => {
		const tried = [
			'applet.json',
			'ask-for-a-key.json',
			'call-events.json',
			'first-call.json',
			'get-call.json',
			'get-recording.json',
			'list-calls.json',
			'log-calls-of-yesterday.json',
			'lookup-number.json',
			'missed-call-ring-back.json',
			'route-by-time.json',
		];
		assert.deepEqual(fs.readdirSync(folder).sort(), tried);
	});

	it('first-call: a call from placed to ended', async () => {
		const flows = await show('first-call.json');
		await press(nodeRed, buttonOf(flows, 'Ring a customer'));
		const { payload } = await stage.sink.next('ended');
		assert.equal(payload.outcome, 'answered');
	});

	it('lookup-number: says what is known, and whether the number may be called', async () => {
		const flows = await show('lookup-number.json');
		await press(nodeRed, buttonOf(flows, '+91 98123 45678'));
		const { payload } = await Promise.any([
			stage.sink.next('may be called'),
			stage.sink.next('do not disturb: leave alone'),
		]);
		assert.equal(payload.number, '+919812345678');
		assert.equal(payload.type, 'mobile');
	});

	it('get-recording: the sound of a call that just ended', async () => {
		const flows = await show('get-recording.json');
		await press(nodeRed, buttonOf(flows, 'Ring a customer'));
		const { payload, exotel } = await stage.sink.next('recording');
		assert.equal(payload.type, 'Buffer');
		assert.equal(payload.data.length, exotel.bytes);
		assert.match(exotel.contentType, /^audio\//);
	});

	it('list-calls: one message per call; pages only when the last one came back', async () => {
		const flows = await show('list-calls.json');
		await press(nodeRed, buttonOf(flows, 'calls of today'));
		const last = await stage.sink.next('a call', (msg) => msg['exotel'].list.last);
		assert.equal(stage.sink.seen('a call').length, last['parts'].count);
		await press(nodeRed, buttonOf(flows, 'pages of a week'));
		const page = await stage.sink.next('a page', (msg) => msg['exotel'].list.last);
		assert.equal(page['payload'].length, last['parts'].count);
	});

	it('applet: a caller is put through to the numbers of the answer', async () => {
		const flows = await show('applet.json');
		await press(nodeRed, buttonOf(flows, 'Let a customer ring'));
		const { payload } = await stage.sink.next('the request');
		assert.deepEqual([payload.kind, payload.call.from], ['connect', '+919876543210']);
		const ended = await endedCall(stage, payload.call.sid);
		assert.deepEqual([ended.call.outcome, ended.call.recording !== null], ['answered', true]);
	});

	it('ask-for-a-key: the key of the first answer decides the second', async () => {
		const flows = await show('ask-for-a-key.json');
		await press(nodeRed, buttonOf(flows, 'A customer rings and presses 2'));
		const { payload } = await stage.sink.next('the request');
		assert.deepEqual([payload.kind, payload.digits], ['gather', null]);
		const ended = await endedCall(stage, payload.call.sid);
		assert.equal(ended.call.outcome, 'answered');
		assert.ok(JSON.stringify(ended.heard).includes('For sales press 1, for service press 2.'));
		assert.match(JSON.stringify(ended), /\+?919812345679|09812345679/);
		assert.deepEqual(stage.sink.seen('error'), []);
	});

	it('route-by-time: the branch of the digits, then the numbers of the hour', async () => {
		const flows = await show('route-by-time.json');
		await press(nodeRed, buttonOf(flows, 'A customer presses 2 and is put through'));
		const sid = await newestInbound(stage);
		const ended = await endedCall(stage, sid);
		assert.equal(ended.call.outcome, 'answered');
		assert.ok(
			JSON.stringify(ended.heard).includes('You are put through to our service.'),
			JSON.stringify(ended.heard),
		);
		assert.deepEqual(stage.sink.seen('error'), []);
	});

	it('missed-call-ring-back: nobody answered, so the agent and then the customer are rung', async () => {
		const flows = await show('missed-call-ring-back.json');
		await press(nodeRed, buttonOf(flows, 'A customer rings in vain'));
		const { payload } = await stage.sink.next('rung back');
		assert.deepEqual(
			[payload.direction, payload.from, payload.to, payload.outcome],
			['outbound', '+919812345600', '+919876543210', 'answered'],
		);
	});

	it('log-calls-of-yesterday: a table with a line per call', async () => {
		const flows = await show('log-calls-of-yesterday.json');
		await press(nodeRed, buttonOf(flows, 'now, calls of today'));
		const { payload } = await stage.sink.next('the table');
		const lines = String(payload).trim().split('\n');
		assert.match(lines[0] ?? '', /^started,direction,from,to,outcome,seconds,price,recording,sid/);
		const today = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Kolkata' }).format(new Date());
		const { calls } = await stage.control('GET', 'calls');
		assert.equal(
			lines.length - 1,
			calls.filter(
				(call: { state: string; createdAt: string }) =>
					call.state === 'ended' && call.createdAt.startsWith(today),
			).length,
		);
	});

	it('get-call and call-events show their call as well', async () => {
		for (const [file, taps] of [
			['get-call.json', 'payload'],
			['call-events.json', 'payload'],
		] as const) {
			const flows = await show(file);
			const buttons = flows.filter((node) => node.type === 'inject');
			assert.ok(buttons.length > 0, file);
			await press(nodeRed, (buttons[0] as FlowNode).id);
			const names = flows
				.filter((node) => String(node['name']).startsWith('tap ') && node['name'] !== 'tap error')
				.map((node) => String(node['name']).slice(4));
			const seen = await Promise.any(names.map((name) => stage.sink.next(name)));
			assert.ok(seen[taps], file);
		}
	});
});

/** The newest call a customer placed, once there is one. */
async function newestInbound(stage: Stage): Promise<string> {
	const before = (await stage.control('GET', 'calls')).calls.length;
	return eventually(async () => {
		const { calls } = await stage.control('GET', 'calls');
		return calls.length > before && calls[0].direction === 'inbound' ? (calls[0].sid as string) : null;
	}, 'a customer rang');
}

/** A call of the simulator once it has ended. */
async function endedCall(stage: Stage, sid: string): Promise<{ call: Record<string, any>; heard: unknown }> {
	return eventually(async () => {
		const view = await stage.control('GET', `calls/${sid}`);
		return view.call.state === 'ended' ? view : null;
	}, `call ${sid} ended`);
}
