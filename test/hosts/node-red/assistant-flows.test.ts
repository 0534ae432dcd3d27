/**
 * The flows that an assistant wrote from llms.txt, and the one that docs/flows-as-json.md shows, deployed as they are on a real
 * Node-RED against the simulator. Only the account is filled in.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startSimulator } from '../../../simulator/index';
import { codeBlocks, read, root } from '../../house/pages';
import { account, tap } from './flows';
import {
	eventually,
	EXO_PHONE,
	openStage,
	press,
	SECRETS,
	SID,
	type FlowNode,
	type NodeRed,
	type Stage,
} from './stage';
import { pathToken } from '../../../exotel';

const folder = path.join(root, 'test', 'fixtures', 'assistant', 'node-red');
const fixture = (name: string): FlowNode[] =>
	JSON.parse(fs.readFileSync(path.join(folder, `${name}.json`), 'utf8')) as FlowNode[];

describe('flows that an assistant wrote, on a real Node-RED', function () {
	this.timeout(180_000);
	let stage: Stage;
	let nodeRed: NodeRed & { userDir: string };
	const files = fs.mkdtempSync(path.join(os.tmpdir(), 'exonodes-files-'));

	before(async () => {
		stage = await openStage({ speed: 20 });
		nodeRed = await stage.start({ settings: `fileWorkingDirectory: ${JSON.stringify(files)},` });
	});
	after(async () => {
		await stage?.close();
		fs.rmSync(files, { recursive: true });
	});
	beforeEach(() => stage.sink.clear());

	/** Deploys a flow with a usable account; errors of its catch node are reported at "error". */
	async function deploy(nodes: FlowNode[], simulatorUrl = stage.simulator.url): Promise<FlowNode[]> {
		const flow = nodes.flatMap((node) => {
			if (node.type === 'exotel-account')
				return [{ ...node, ...account(simulatorUrl, nodeRed.url), id: node.id }];
			const tapped = node.type === 'debug' ? tap(node.id, String(node['name']), stage.sink.url) : [node];
			return tapped.map((one) => ({ ...one, z: node['z'] }));
		});
		await stage.deploy(nodeRed, flow as FlowNode[]);
		return nodes;
	}
	const click = (nodes: FlowNode[]): Promise<void> =>
		press(nodeRed, nodes.find(({ type }) => type === 'inject')?.id ?? assert.fail());
	/** The lines of a file that a flow writes, once there are some. */
	const lines = (name: string): Promise<string[]> =>
		eventually(async () => {
			const file = path.join(files, name);
			const text = fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trim() : '';
			return text === '' ? null : text.split('\n');
		}, `${name} has a line`);

	it('the flow of the guide places a call and shows its outcome', async () => {
		const [, shown] = codeBlocks(read('docs/flows-as-json.md'));
		const nodes = JSON.parse(shown?.content ?? '') as FlowNode[];
		const own = nodes.map((node) => ('exoPhone' in node ? { ...node, exoPhone: EXO_PHONE } : node));
		await click(await deploy(own));
		const { payload } = await stage.sink.next('outcome');
		assert.deepEqual([payload.outcome, payload.to], ['answered', '+918012345605']);
	});

	it('calls a customer and writes the outcome', async () => {
		await click(await deploy(fixture('call-a-customer')));
		const [line = ''] = await lines('outcomes.csv');
		assert.match(line, /^\+918012345605,order-1042,answered,\d+,\d{4}-\d\d-\d\dT[\d:]+\+05:30$/);
	});

	it('routes a caller by the hour', async () => {
		await deploy(fixture('route-by-hour'));
		const webhook = '/exotel/route-by-hour';
		const url = `${nodeRed.url}${webhook}?token=${pathToken(SECRETS.webhookToken, webhook)}`;
		stage.simulator.setFlow('hours', { applets: [{ type: 'connect', version: '1.0', url }] }, SID);
		const expected = new Set([dialledNow()]);
		const sid = stage.simulator.inbound({ from: '+919876543210', to: EXO_PHONE, flow: 'hours', account: SID });
		const ended = await eventually(async () => {
			const view = await stage.control('GET', `calls/${sid}`);
			return view.call.state === 'ended' ? view : null;
		}, 'the caller has hung up');
		expected.add(dialledNow());
		assert.equal(ended.call.outcome, 'answered');
		const text = JSON.stringify(ended);
		assert.ok([...expected].some((number) => text.includes(number)));
		assert.ok(!text.includes('9812340305'), 'not the fallback');
	});

	it('logs the calls of yesterday, and none of today', async () => {
		const day = 86_400_000;
		const past = await startSimulator({
			port: 0,
			speed: 0,
			seed: 7,
			callsPerMinute: 0,
			startTime: Date.now() - day,
			accounts: [{ sid: SID, key: SECRETS.apiKey, token: SECRETS.apiToken }],
		});
		try {
			const place = async (to: string): Promise<void> => {
				const authorization = `Basic ${Buffer.from(`${SECRETS.apiKey}:${SECRETS.apiToken}`).toString('base64')}`;
				const body = new URLSearchParams({ From: '+919812345678', To: to, CallerId: EXO_PHONE });
				const address = `${past.url}/v1/Accounts/${SID}/Calls/connect.json`;
				const { status } = await fetch(address, { method: 'POST', headers: { authorization }, body });
				assert.equal(status, 200);
				await past.advance(120);
			};
			await place('+918012345602');
			await past.advance(day / 1000);
			await place('+918012345605');
			await click(await deploy(fixture('log-yesterday'), past.url));
			const [line = '', ...others] = await lines('calls.csv');
			assert.match(line, /^\d{4}-\d\d-\d\dT[\d:]+\+05:30,outbound,\+919812345678,\+918012345602,busy,0$/);
			assert.deepEqual(others, []);
		} finally {
			await past.close();
		}
	});
});

/** Who is dialled at this hour, as the task says. */
function dialledNow(): string {
	const options = { hour: 'numeric', hourCycle: 'h23', timeZone: 'Asia/Kolkata' } as const;
	const hour = Number(new Intl.DateTimeFormat('en-GB', options).format(new Date()));
	return hour >= 9 && hour < 18 ? '9812340105' : '9812340405';
}
