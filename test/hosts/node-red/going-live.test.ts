/**
 * docs/going-live-node-red.md, step by step: from a folder without the package to the first call that is reported, on a real
 * Node-RED behind a tunnel. Exotel is the double; its region is "custom", since the real servers are not reached here.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { Finding } from '../../../exotel/index';
import { startDouble, type Double } from '../../double/index';
import { read, root } from '../../house/pages';
import { openTunnel, stepsOf, type Tunnel } from '../tunnel';
import { tap } from './flows';
import { eventually, openStage, press, SECRETS, SID, type FlowNode, type NodeRed, type Stage } from './stage';

const guide = read('docs/going-live-node-red.md');
const EXO_PHONE = '+918047112233';
const OWN_PHONE = '+919812345678';
const SECOND_PHONE = '+918012345678';

describe('going live with Node-RED, as the guide says', function () {
	this.timeout(180_000);
	let stage: Stage;
	let exotel: Double;
	let tunnel: Tunnel;
	let nodeRed: NodeRed & { userDir: string };
	/** The account as it stands in its form. */
	const account = { id: 'live', type: 'exotel-account', region: 'custom', baseUrl: '', sid: SID, publicUrl: '' };
	let flow: FlowNode[] = [];

	before(async () => {
		exotel = await startDouble({ sid: SID, key: SECRETS.apiKey, token: SECRETS.apiToken, exoPhones: [EXO_PHONE] });
		tunnel = await openTunnel(['/exotel/']);
		stage = await openStage();
		account.baseUrl = exotel.origin;
	});
	after(async () => {
		await stage?.close();
		await tunnel?.close();
		await exotel?.close();
	});

	/** A button of the account's form, or of a form with an address. */
	async function button<Answer>(route: string, more: Record<string, unknown> = {}): Promise<Answer> {
		const { apiKey, apiToken, webhookToken } = SECRETS;
		const response = await fetch(`${nodeRed.url}/exotel-account/${account.id}/${route}`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ ...account, apiKey, apiToken, webhookToken, ...more }),
		});
		assert.equal(response.status, 200);
		return (await response.json()) as Answer;
	}
	const test = async (more?: Record<string, unknown>): Promise<Finding[]> =>
		(await button<{ findings: Finding[] }>('test', more)).findings;
	const ofPublicUrl = async (): Promise<Finding | undefined> =>
		(await test()).find(({ key }) => key.startsWith('public-url'));

	const steps: [step: string, walk: () => Promise<void>][] = [
		['1. Make the account ready', async () => assert.deepEqual(exotel.account.exoPhones, [EXO_PHONE])],
		[
			'2. Enter key and region',
			async () => {
				const [, tarball = ''] = /`(artifacts\/exonodes-node-red-exotel-[\d.]+\.tgz)`/.exec(guide) ?? [];
				assert.ok(fs.existsSync(path.join(root, tarball)), 'npm run pack has made it');
				nodeRed = await stage.start({ environment: tunnel.environment });
				tunnel.leadTo(nodeRed.url);
				const wrong = await test({ apiToken: 'not-the-token' });
				assert.deepEqual([wrong[0]?.level, wrong[0]?.key], ['fault', 'key-or-token']);
				assert.deepEqual((await test())[0], { about: 'account', level: 'good', key: 'works' });
			},
		],
		[
			'3. Give Node-RED a public address',
			async () => {
				account.publicUrl = 'https://127.0.0.1:1';
				assert.equal((await ofPublicUrl())?.level, 'fault', 'an address that leads nowhere');
				account.publicUrl = tunnel.url;
				assert.equal((await ofPublicUrl())?.level, 'good', 'The public URL leads to this Node-RED');
				assert.equal((await fetch(`${tunnel.url}/flows`)).status, 404, 'the editor is not published');
			},
		],
		[
			'4. The token',
			async () => {
				await stage.deploy(nodeRed, [account]);
				const { url } = await button<{ url: string }>('webhook-address', { path: 'calls' });
				assert.match(url, new RegExp(`^${tunnel.url}/exotel/calls\\?token=.{16,}$`));
			},
		],
		[
			'5. Paste the addresses at Exotel',
			async () => {
				const listening = {
					id: 'listen',
					type: 'exotel-call-events',
					z: 'own',
					account: account.id,
					path: 'calls',
				};
				const nodes = [
					{ id: 'own', type: 'tab', label: 'Own' },
					account,
					{ ...listening, events: ['terminal'], split: 'one', outputs: 1, x: 100, y: 100, wires: [['told']] },
					...tap('told', 'told', stage.sink.url).map((node) => ({ ...node, z: 'own' })),
				];
				await stage.deploy(nodeRed, nodes);
				const { url, probe } = await button<{ url: string; probe: { reached: boolean } }>('webhook-address', {
					path: 'calls',
					probe: true,
				});
				assert.equal(probe.reached, true, 'Test the address');
				const inbound = exotel.addCall({ from: OWN_PHONE, exoPhone: EXO_PHONE });
				assert.equal((await exotel.report(inbound.sid, 'terminal', { to: url })).status, 200);
				assert.equal((await stage.sink.next('told'))['payload'].type, 'terminal');
			},
		],
		[
			'6. The first call, to your own phone',
			async () => {
				const { exoPhones } = await button<{ exoPhones: unknown[] }>('exophones');
				assert.ok(JSON.stringify(exoPhones).includes(EXO_PHONE.slice(-10)), 'the list has the ExoPhone');
				const file = path.join(root, 'node-red', 'examples', '1 Start here', '1 First call.json');
				const example = JSON.parse(fs.readFileSync(file, 'utf8')) as FlowNode[];
				const filledIn = example.map((node): FlowNode => {
					if (node.type === 'inject')
						return { ...node, props: [{ p: 'payload', v: SECOND_PHONE, vt: 'str' }] };
					if (node.type !== 'exotel-make-call') return node;
					return { ...node, account: account.id, from: OWN_PHONE, exoPhone: EXO_PHONE };
				});
				const z = filledIn.find(({ type }) => type === 'tab')?.id;
				flow = filledIn.flatMap((node) =>
					node.type === 'debug'
						? tap(node.id, String(node['name']), stage.sink.url).map((one) => ({ ...one, z }))
						: [node],
				);
				await stage.deploy(nodeRed, [account, ...flow]);
				exotel.nextCall({ liveReads: 'until-told' });
				await press(nodeRed, flow.find(({ type }) => type === 'inject')?.id ?? assert.fail());
				const placed = await stage.sink.next('placed');
				const { sid } = placed['payload'];
				assert.deepEqual([exotel.rings.get(OWN_PHONE), exotel.calls.at(-1)?.sid], [1, sid]);
				await exotel.report(sid, 'answered');
				assert.equal((await stage.sink.next('progress'))['payload'].type, 'answered');
				await exotel.report(sid, 'terminal');
				assert.equal((await stage.sink.next('ended'))['payload'].outcome, 'answered');
				assert.ok(
					tunnel.seen.some((one) => one.startsWith('POST /exotel/')),
					'through the tunnel',
				);
				const found = await test();
				assert.deepEqual(
					found.filter(({ level }) => level === 'fault'),
					[],
				);
				assert.ok(
					found.some(({ key }) => key === 'callback.seen'),
					'Test account says when the last callback came',
				);
			},
		],
		[
			'7. Ask for what is missing',
			async () => {
				exotel.nextCall({ liveReads: 'until-told' });
				stage.sink.clear();
				await press(nodeRed, flow.find(({ type }) => type === 'inject')?.id ?? assert.fail());
				const { sid } = (await stage.sink.next('placed'))['payload'];
				await exotel.report(sid, 'ringing');
				assert.equal((await stage.sink.next('progress'))['payload'].type, 'ringing');
				await exotel.report(sid, 'terminal');
				const count = await eventually(async () => exotel.rings.get(OWN_PHONE) === 2, 'the second call');
				assert.ok(count);
			},
		],
	];

	it('has the steps that are walked here', () =>
		assert.deepEqual(
			stepsOf(guide),
			steps.map(([step]) => step),
		));
	for (const [step, walk] of steps) it(step, walk);
});
