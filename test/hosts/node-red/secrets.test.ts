/**
 * Secrets stay secret: a full run – calls that work, calls that are refused, a dead host, forged callbacks, the
 * editor's questions – and then everything the host let out is searched for key, token and webhook token, in every form
 * they travel in.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { account, button, callFlow, tap } from './flows';
import { openStage, press, type FlowNode, type NodeRed, type Stage } from './stage';

/** Numbers that are called: the simulator refuses some in various ways; then one in the spellings people use. */
const numbers = [
	'+919812345678',
	'+919812345694',
	'+919812345693',
	'+919812345695',
	'+919812345696',
	'no number',
	'09812345694',
	'098123 45694',
	'९८१२३४५६९४',
	'%2B919812345694',
	'+91 98123 45694 98123',
];

describe('secrets on a real Node-RED', function () {
	this.timeout(180_000);
	let stage: Stage;
	let nodeRed: NodeRed & { userDir: string };

	before(async () => {
		stage = await openStage();
		// As talkative as Node-RED gets.
		nodeRed = await stage.start({
			settings:
				"logging: { console: { level: 'trace', metrics: true, audit: true } }, diagnostics: { enabled: true },",
		});
	});
	after(() => stage?.close());

	const search = () => import('../../../tools/test/leaks.mjs');

	it('are in no log, message, status, flow, export or admin answer of a full run', async () => {
		const flows: FlowNode[] = [
			...callFlow(account(stage.simulator.url, nodeRed.url), stage.sink.url, { to: 'payload', toType: 'msg' }),
			...numbers.map((to, index) => button(`to${index}`, 'call', to)),
			{
				id: 'status',
				type: 'status',
				z: 'tab',
				name: '',
				scope: ['call', 'lookup', 'dead'],
				x: 100,
				y: 500,
				wires: [['statuses']],
			},
			...tap('statuses', 'status', stage.sink.url),
			button('look', 'lookup', '+919812345678'),
			{
				id: 'lookup',
				type: 'exotel-lookup-number',
				z: 'tab',
				name: '',
				account: 'account',
				number: 'payload',
				numberType: 'msg',
				x: 300,
				y: 300,
				wires: [['looked']],
			},
			...tap('looked', 'looked', stage.sink.url),
			button('lost', 'dead', '+919812345678'),
			account('http://127.0.0.1:1', nodeRed.url, { id: 'nowhere' }),
			{
				id: 'dead',
				type: 'exotel-lookup-number',
				z: 'tab',
				name: '',
				account: 'nowhere',
				number: 'payload',
				numberType: 'msg',
				x: 300,
				y: 350,
				wires: [[]],
			},
		];
		await stage.deploy(nodeRed, flows);
		for (const index of numbers.keys()) await press(nodeRed, `to${index}`);
		await press(nodeRed, 'look');
		await press(nodeRed, 'lost');
		await stage.sink.next('ended', (msg) => msg['payload'].outcome === 'answered');
		await stage.sink.next('ended', (msg) => msg['payload'].outcome === 'unknown');
		for (const kind of ['forbidden', 'input', 'network'])
			await stage.sink.next('caught', (msg) => msg['exotel']?.error?.kind === kind);
		// The test's own http request nodes are caught as well; every failure of ours carries its facts.
		const ours = stage.sink.seen('caught').filter(({ msg }) => msg['error'].source.type.startsWith('exotel-'));
		for (const { msg } of ours)
			assert.equal(typeof msg['exotel']?.error?.kind, 'string', JSON.stringify(msg['error']));
		await stage.sink.next('looked');
		await fetch(`${nodeRed.url}/exotel/make-call/call?token=forged`, { method: 'POST', body: 'CallSid=x' });

		const post = async (below: string, form: object): Promise<string> =>
			(
				await fetch(`${nodeRed.url}/${below}`, {
					method: 'POST',
					headers: { 'content-type': 'application/json' },
					body: JSON.stringify(form),
				})
			).text();
		const form = {
			...account(stage.simulator.url, nodeRed.url),
			apiKey: '__PWRD__',
			apiToken: '__PWRD__',
			webhookToken: '__PWRD__',
			previousWebhookToken: '__PWRD__',
			path: 'calls',
			probe: true,
		};
		const get = async (below: string, headers: Record<string, string> = {}): Promise<string> =>
			(await fetch(`${nodeRed.url}/${below}`, { headers })).text();
		const test = await post('exotel-account/account/test', form);
		assert.match(test, /"level":"good","key":"works"/, 'the saved key works without being shown');
		const elsewhere = await post('exotel-account/account/test', { ...form, baseUrl: stage.sink.url });
		assert.match(elsewhere, /type-again/, 'a saved key is not sent to another server');

		const let_out: Record<string, string> = {
			log: nodeRed.log(),
			messages: JSON.stringify(stage.sink.seen()),
			flows: await get('flows', { 'Node-RED-API-Version': 'v2' }),
			tab: await get('flow/tab'),
			credentials: await get('credentials/exotel-account/account'),
			settings: await get('settings'),
			diagnostics: await get('diagnostics'),
			nodes: await get('nodes', { accept: 'text/html' }),
			test,
			elsewhere,
			address: await post('exotel-account/account/webhook-address', form),
			exoPhones: await post('exotel-account/account/exophones', form),
			flowFile: await fs.readFile(path.join(nodeRed.userDir, 'flows.json'), 'utf8'),
			credentialFile: await fs.readFile(path.join(nodeRed.userDir, 'flows_cred.json'), 'utf8'),
		};
		for (const [where, text] of Object.entries(let_out)) {
			assert.ok(text.length > 0, where);
			assert.deepEqual((await search()).secretsIn(text), [], where);
		}
		assert.match(let_out['credentials'] as string, /"has_apiToken":true/);
		assert.match(let_out['address'] as string, /token=[\w-]{22}/, 'the address carries a token of its own');
	});

	it('no telephone number of a caller is in the log', async () => {
		assert.equal((await search()).numberIn(nodeRed.log()), null);
	});
});
