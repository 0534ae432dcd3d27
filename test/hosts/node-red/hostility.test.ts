/**
 * A hostile world: dead, hung and rude hosts, nonsense on every route, redeploys under load. Node-RED never ends by
 * itself, never hangs when it is stopped, and answers everybody. `NIGHTLY=1` sends 10,000 random bodies to each route
 * instead of 150.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import net, { type AddressInfo, type Server } from 'node:net';
import { account, button, callFlow, catcher, tab, tap } from './flows';
import { openStage, press, SECRETS, type FlowNode, type NodeRed, type Stage } from './stage';

const isNightly = process.env['NIGHTLY'] === '1';
const BODIES = isNightly ? 10_000 : 150;

/** A server that treats every connection like this. */
async function rudeServer(
	treat: (socket: net.Socket) => void,
): Promise<{ url: string; server: Server; connections: () => number }> {
	let connections = 0;
	const server = net.createServer((socket) => {
		connections += 1;
		socket.on('error', () => undefined);
		treat(socket);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		server,
		connections: () => connections,
	};
}

describe('a hostile world', function () {
	this.timeout(isNightly ? 1_800_000 : 240_000);
	let stage: Stage;
	let nodeRed: NodeRed;

	before(async () => {
		stage = await openStage({ speed: 50 });
		nodeRed = await stage.start();
	});
	after(async () => {
		await stage?.close();
	});
	afterEach(() => {
		assert.equal(nodeRed.process.exitCode, null, 'Node-RED runs');
		assert.ok(!/Uncaught Exception|Close timed out/.test(nodeRed.log()), nodeRed.log());
		stage.sink.clear();
	});

	/** A call, a lookup and a list against `server`; Catch nodes report. */
	const flowsAgainst = (server: string): FlowNode[] => [
		...callFlow(account(server, nodeRed.url), stage.sink.url),
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
			y: 200,
			wires: [['looked']],
		},
		...tap('looked', 'looked', stage.sink.url),
	];

	it('a dead host: an error that says so, for the call and for the lookup', async () => {
		const dead = await rudeServer(() => undefined);
		await new Promise((resolve) => dead.server.close(resolve));
		await stage.deploy(nodeRed, flowsAgainst(dead.url));
		await Promise.all([press(nodeRed, 'go'), press(nodeRed, 'look')]);
		for (const source of ['call', 'lookup']) {
			const caught = await stage.sink.next('caught', (msg) => msg['error'].source.id === source);
			assert.equal(caught['exotel'].error.kind, 'network', source);
		}
	});

	it('a host that hangs up: the call ends as unknown after one request, nothing is dialled twice', async () => {
		const rude = await rudeServer((socket) => socket.once('data', () => socket.destroy()));
		await stage.deploy(nodeRed, flowsAgainst(rude.url));
		await press(nodeRed, 'go');
		const ended = await stage.sink.next('ended');
		assert.deepEqual([ended['payload'].outcome, ended['exotel'].error.kind], ['unknown', 'unknown-outcome']);
		assert.equal(rude.connections(), 1);
		await new Promise((resolve) => rude.server.close(resolve));
	});

	it('a hung host: deploys and the next calls go on as if nothing were', async () => {
		const sockets: net.Socket[] = [];
		const hung = await rudeServer((socket) => void sockets.push(socket));
		await stage.deploy(nodeRed, flowsAgainst(hung.url));
		await Promise.all([press(nodeRed, 'go'), press(nodeRed, 'look'), press(nodeRed, 'look')]);
		await stage.deploy(nodeRed, callFlow(account(stage.simulator.url, nodeRed.url), stage.sink.url));
		await press(nodeRed, 'go');
		const ended = await stage.sink.next('ended', (msg) => msg['payload'].outcome === 'answered');
		assert.ok(ended);
		for (const socket of sockets) socket.destroy();
		await new Promise((resolve) => hung.server.close(resolve));
	});

	/** All three kinds of webhooks in one flow. */
	const webhooks = (name = ''): FlowNode[] => [
		tab(),
		account(stage.simulator.url, nodeRed.url),
		{
			id: 'call',
			type: 'exotel-make-call',
			z: 'tab',
			name,
			account: 'account',
			mode: 'numbers',
			from: '',
			to: '',
			exoPhone: '',
			follow: true,
			callbackPath: 'followed',
			x: 300,
			y: 100,
			wires: [[], [], []],
		},
		{
			id: 'events',
			type: 'exotel-call-events',
			z: 'tab',
			name,
			account: 'account',
			path: 'calls',
			events: ['dial', 'ringing', 'answered', 'terminal'],
			split: 'one',
			x: 300,
			y: 200,
			wires: [['event']],
		},
		...tap('event', 'event', stage.sink.url),
		{
			id: 'applet',
			type: 'exotel-applet',
			z: 'tab',
			name,
			account: 'account',
			path: 'who',
			x: 300,
			y: 300,
			wires: [['answer']],
		},
		{
			id: 'answer',
			type: 'exotel-applet-answer',
			z: 'tab',
			name,
			answer: 'connect',
			destinations: '+919812345678',
			destinationsType: 'str',
			x: 500,
			y: 300,
			wires: [],
		},
		...catcher(stage.sink.url),
	];
	const address = (path: string): string => `${nodeRed.url}/exotel/${path}?token=${SECRETS.webhookToken}`;

	it(`${BODIES} random bodies on each route: everybody is answered, and calls go on`, async () => {
		await stage.deploy(nodeRed, webhooks());
		const types = [
			'application/json',
			'application/x-www-form-urlencoded',
			'multipart/form-data; boundary=x',
			'multipart/form-data',
			'text/plain',
			'application/xml',
			'\u00ff',
			'',
		];
		const bodies = [
			() => randomBytes(Math.floor(Math.random() * 2000)),
			() => Buffer.from('{"CallSid":'),
			() =>
				Buffer.from(
					JSON.stringify({
						CallSid: { nested: [1, null, { deep: 'x' }] },
						Legs: 'no',
						__proto__: { polluted: true },
					}),
				),
			() => Buffer.from('[]'),
			() => Buffer.from('--x\r\nContent-Disposition: form-data; name="CallSid"\r\n\r\n'),
			() => Buffer.from('Legs[0][Status]=a&Legs[99999999]=b&CallSid[]=1&a[__proto__][b]=c'),
			() => Buffer.from(`CallSid=${'a'.repeat(32)}&EventType=terminal&Status=completed`),
		];
		const answers = new Map<number, number>();
		for (const path of ['followed', 'calls', 'who']) {
			for (let sent = 0; sent < BODIES; sent += 1) {
				const wrong = sent % 10 === 0;
				const url = `${wrong ? `${nodeRed.url}/exotel/${path}?token=wrong` : address(path)}&${encodeURIComponent(randomBytes(4).toString('latin1'))}=${sent}`;
				const headers: Record<string, string> = {};
				const type = types[sent % types.length] as string;
				if (type !== '') headers['content-type'] = type;
				if (sent % 3 === 0) headers['exotel-version'] = sent % 2 === 0 ? '1.0' : '1.1';
				const response =
					sent % 7 === 6
						? await fetch(url, { headers, redirect: 'manual' })
						: await fetch(url, {
								method: 'POST',
								headers,
								redirect: 'manual',
								body: new Uint8Array((bodies[sent % bodies.length] as () => Buffer)()),
							});
				await response.arrayBuffer();
				if (wrong && response.status !== 400 && response.status !== 413)
					assert.equal(response.status, 401, path);
				assert.ok(
					[200, 302, 400, 401, 413, 415].includes(response.status),
					`${path} answered ${response.status}`,
				);
				answers.set(response.status, (answers.get(response.status) ?? 0) + 1);
			}
		}
		assert.ok((answers.get(400) ?? 0) > 0 && (answers.get(401) ?? 0) > 0, JSON.stringify([...answers]));
		await stage.deploy(nodeRed, callFlow(account(stage.simulator.url, nodeRed.url), stage.sink.url));
		await press(nodeRed, 'go');
		await stage.sink.next('ended', (msg) => msg['payload'].outcome === 'answered');
	});

	it('redeploys under load: every caller gets an answer Exotel takes, no event comes twice', async () => {
		await stage.deploy(nodeRed, webhooks());
		let asking = true;
		let answered = 0;
		const callers = Array.from({ length: 4 }, async (_, lane) => {
			for (let turn = 0; asking; turn += 1) {
				const sid = `${lane}${turn}`.padStart(32, '0');
				const response = await fetch(
					`${address('who')}&CallSid=${sid}&From=09876543210&To=08047112345&Direction=incoming`,
					{ headers: { 'exotel-version': '1.0' } },
				);
				const body = (await response.json()) as { destination: { numbers: string[] } };
				assert.equal(response.status, 200);
				assert.ok(Array.isArray(body.destination.numbers));
				answered += 1;
			}
		});
		let turn = 0;
		const tell = async (): Promise<string> => {
			const sid = `e${turn++}`.padStart(32, '0');
			const legs = [
				{ Status: 'completed', OnCallDuration: 5 },
				{ Status: 'completed', OnCallDuration: 3 },
			];
			const body = JSON.stringify({
				CallSid: sid,
				EventType: 'terminal',
				Status: 'completed',
				DateUpdated: '2026-01-15 10:00:00',
				Direction: 'outbound-api',
				Legs: legs,
			});
			const response = await fetch(address('calls'), {
				method: 'POST',
				headers: { 'content-type': 'application/json' },
				body,
			});
			assert.equal(response.status, 200, await response.text());
			return sid;
		};
		const events = (async () => {
			while (asking) await tell();
		})();
		for (const [round, type] of (['nodes', 'full', 'flows', 'full', 'nodes'] as const).entries())
			await stage.deploy(nodeRed, webhooks(`deploy ${round}`), { type });
		asking = false;
		await Promise.all([...callers, events]);
		assert.ok(answered > 0 && turn > 0, `${answered} answered, ${turn} told`);
		// A message on its way between two nodes is dropped when Node-RED stops them; what comes afterwards is not.
		const afterwards = await Promise.all(Array.from({ length: 20 }, tell));
		for (const sid of afterwards) await stage.sink.next('event', (msg) => msg['payload'].call.sid === sid);
		const seen = stage.sink.seen('event').map(({ msg }) => msg['payload'].call.sid as string);
		assert.equal(new Set(seen).size, seen.length, 'no event twice');
	});

	it('stopped while requests hang, Node-RED ends by itself', async () => {
		const hung = await rudeServer(() => undefined);
		await stage.deploy(nodeRed, flowsAgainst(hung.url));
		await Promise.all([press(nodeRed, 'go'), press(nodeRed, 'look')]);
		assert.notEqual(await nodeRed.stop(), null, 'it was not killed');
		assert.ok(!/Close timed out/.test(nodeRed.log()));
		await new Promise((resolve) => {
			hung.server.close(resolve);
			hung.server.unref();
			resolve(undefined);
		});
		nodeRed = await stage.start();
	});
});
