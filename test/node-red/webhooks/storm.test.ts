/**
 * Webhooks under fire: thousands of random requests, and redeploys while callbacks pour in. Every caller is answered,
 * nothing crashes, nothing gets lost.
 */
import assert from 'node:assert/strict';
import { Agent, request as httpRequest } from 'node:http';
import type { Call, CallEvent } from '../../../exotel/index';
import { reservePort, startNodeRed, type FlowNode, type RunningNodeRed } from '../running-node-red';

/** On each route half of them, in each of the two ways of parsing: 10,000 per route at night. */
const RANDOM_REQUESTS = process.env['NIGHTLY'] === '1' ? 10_000 : 2_000;
const AT_ONCE = 40;
const CALLS = 600;

/** A small repeatable generator (mulberry32), so that a failure can be repeated. */
function generator(seed: number): () => number {
	return () => {
		seed = (seed + 0x6d2b79f5) | 0;
		let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
	};
}

const TYPES = [
	'application/json',
	'application/x-www-form-urlencoded',
	'multipart/form-data; boundary=b',
	'multipart/form-data',
	'text/plain',
	'application/xml',
	'',
	'application/json; charset=utf-16',
	'x',
];
const PIECES = [
	'CallSid',
	'EventType',
	'terminal',
	'=',
	'&',
	'[',
	']',
	'{',
	'}',
	'"',
	':',
	'\r\n',
	'--b',
	'--b--',
	'Legs[0][Status]',
	'Content-Disposition: form-data; name="',
	'__proto__',
	'constructor',
	'%',
	'%zz',
	'%2B',
	'\0',
	'1970-01-01 05:30:00',
	'null',
	'492205107c5fb48f4ac25d1f77759339',
	'CallSid=1&EventType=answered',
	'é',
	'😀',
	'['.repeat(200),
	'9'.repeat(400),
];

describe('webhooks under fire', function () {
	this.timeout(180_000);
	const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
	let nodeRed: RunningNodeRed;
	let port: Awaited<ReturnType<typeof reservePort>>;
	const unhandled: unknown[] = [];
	const note = (reason: unknown): void => void unhandled.push(reason);

	const flow = (name = ''): FlowNode[] => [
		{ id: 'tab', type: 'tab' },
		{
			id: 'account',
			type: 'exotel-account',
			region: 'custom',
			baseUrl: 'http://127.0.0.1:1',
			sid: 'acme1',
			publicUrl: 'http://127.0.0.1:1',
			anyoneMayCall: true,
		},
		{
			id: 'events',
			z: 'tab',
			type: 'exotel-call-events',
			name,
			account: 'account',
			path: 'calls',
			split: 'one',
			wires: [['out']],
		},
		{
			id: 'call',
			z: 'tab',
			type: 'exotel-make-call',
			name,
			account: 'account',
			mode: 'numbers',
			follow: true,
			callbackPath: 'placed',
			wires: [['out'], ['out'], ['out']],
		},
		{ id: 'out', z: 'tab', type: 'helper' },
	];
	beforeEach(async () => {
		port = await reservePort();
		process.on('unhandledRejection', note);
	});
	afterEach(async () => {
		await nodeRed.stop();
		process.removeListener('unhandledRejection', note);
	});
	after(() => agent.destroy());

	function send(method: string, path: string, type: string, body: string | Buffer): Promise<number> {
		return new Promise((resolve, reject) => {
			const sending = httpRequest(
				port.url + path,
				{ method, agent, headers: type === '' ? {} : { 'content-type': type } },
				(answer) => {
					answer.resume();
					answer.on('end', () => resolve(answer.statusCode ?? 0));
				},
			);
			sending.on('error', reject);
			sending.end(method === 'GET' ? undefined : body);
		});
	}
	async function inParallel(count: number, work: (index: number) => Promise<void>): Promise<void> {
		let next = 0;
		const worker = async (): Promise<void> => {
			for (let index = next++; index < count; index = next++) await work(index);
		};
		await Promise.all(Array.from({ length: AT_ONCE }, worker));
	}

	for (const usualRoots of [false, true]) {
		it(
			`answers ${RANDOM_REQUESTS} random requests over both routes ` +
				`(${usualRoots ? 'usual roots' : 'own admin root'})`,
			async () => {
				nodeRed = await startNodeRed(port, flow(), { usualRoots });
				const random = generator(4711);
				const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
				const statuses = new Map<number, number>();
				for (const route of ['/exotel/calls', '/exotel/placed']) {
					await inParallel(RANDOM_REQUESTS / 2, async () => {
						const pieces = Array.from({ length: Math.floor(random() * 12) }, () => pick(PIECES));
						const body =
							random() < 0.3
								? Buffer.from(
										Array.from({ length: Math.floor(random() * 300) }, () =>
											Math.floor(random() * 256),
										),
									)
								: pieces.join('');
						const query = random() < 0.3 ? `?${encodeURI(pieces.join('')).replace(/#/g, '')}` : '';
						const status = await send(
							pick(['GET', 'POST', 'POST', 'POST']),
							route + query,
							pick(TYPES),
							body,
						);
						statuses.set(status, (statuses.get(status) ?? 0) + 1);
					});
				}
				assert.equal(
					[...statuses.values()].reduce((sum, count) => sum + count, 0),
					RANDOM_REQUESTS,
				);
				for (const status of statuses.keys())
					assert.ok(
						[200, 400, 413, 415].includes(status),
						`status ${status}: ${JSON.stringify([...statuses])}`,
					);
				assert.deepEqual(unhandled, []);
				assert.equal(
					await send(
						'POST',
						'/exotel/calls',
						'application/x-www-form-urlencoded',
						'CallSid=aftermath&EventType=terminal&Status=completed',
					),
					200,
				);
				await nodeRed.until('out', (all) =>
					all.some((msg) => (msg.payload as CallEvent).call?.sid === 'aftermath'),
				);
			},
		);
	}

	it('loses no callback while flows are redeployed again and again', async () => {
		nodeRed = await startNodeRed(port, flow());
		const refused: number[] = [];
		let sending = true;
		const deploys = (async () => {
			// Not the collecting node: what is on a wire to a node that is being stopped is lost in Node-RED itself.
			for (let i = 0; sending; i += 1) await nodeRed.deploy(flow(`deploy ${i}`), 'nodes');
		})();
		await inParallel(CALLS, async (index) => {
			for (const type of ['answered', 'terminal']) {
				const status = await send(
					'POST',
					'/exotel/placed',
					'application/x-www-form-urlencoded',
					`CallSid=call${index}&EventType=${type}&Status=completed&Direction=outbound-api` +
						'&Legs[0][Status]=completed&Legs[1][Status]=completed',
				);
				if (status !== 200) refused.push(status);
			}
		});
		sending = false;
		await deploys;
		assert.deepEqual(refused, []);
		const ended = (
			await nodeRed.until(
				'out',
				(all) => all.filter((msg) => (msg.payload as Call).state === 'ended').length >= CALLS,
			)
		).filter((msg) => (msg.payload as Call).state === 'ended');
		assert.equal(new Set(ended.map((msg) => (msg.payload as Call).sid)).size, CALLS, 'every call ended');
		assert.equal(ended.length, CALLS, 'and once');
		assert.deepEqual(unhandled, []);
	});

	/** Sends the ends of calls to both nodes while `deploy` is done again and again; all are answered 200. */
	async function streamDuring(deploy: (round: number) => Promise<void>): Promise<string[]> {
		const statuses = new Set<number>();
		let sending = true;
		let rounds = 0;
		const deploys = (async () => {
			for (; sending; rounds += 1) await deploy(rounds);
		})();
		await inParallel(CALLS, async (index) => {
			for (const route of ['calls', 'placed']) {
				const type = 'application/x-www-form-urlencoded';
				const body = `CallSid=${route}${index}&EventType=terminal&Status=completed&Direction=outbound-api`;
				statuses.add(await send('POST', `/exotel/${route}`, type, body));
			}
		});
		sending = false;
		await deploys;
		assert.ok(rounds > 2, `${rounds} deploys`);
		assert.deepEqual([...statuses], [200]);
		const sids = (): string[] =>
			nodeRed.received('out').map(({ payload }) => {
				const ended = payload as Partial<Call> & Partial<CallEvent>;
				return ended.call?.sid ?? ended.sid ?? '';
			});
		await nodeRed.until('out', () => sids().length >= 2 * CALLS);
		return sids();
	}

	it('loses no event, and repeats none, while full deploys replace the receivers as well', async () => {
		nodeRed = await startNodeRed(port, flow());
		const sids = await streamDuring((round) => nodeRed.deploy(flow(`deploy ${round}`), 'full'));
		assert.deepEqual([new Set(sids).size, sids.length], [2 * CALLS, 2 * CALLS]);
		assert.deepEqual(unhandled, []);
	});

	it('loses no event when a node is replaced by another one with the same path', async () => {
		nodeRed = await startNodeRed(port, flow());
		const renewed = (round: number): FlowNode[] =>
			flow().map((node) => (node.id === 'events' ? { ...node, id: `events${round}` } : node));
		const sids = await streamDuring((round) => nodeRed.deploy(renewed(round), 'nodes'));
		assert.deepEqual([new Set(sids).size, sids.length], [2 * CALLS, 2 * CALLS]);
		assert.deepEqual(unhandled, []);
	});
});
