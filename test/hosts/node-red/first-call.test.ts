/**
 * The first call on real hosts: the packed package in Node-RED 5 (on the Node that runs the tests) and in Node-RED 4.1
 * on Node 20 (the floor), each with both admin roots – the two worlds of parsed and unparsed webhook bodies.
 */
import assert from 'node:assert/strict';
import { account, callFlow } from './flows';
import { openStage, press, SID, type NodeRed, type Stage } from './stage';

const worlds = [
	{ name: 'Node-RED 5, default roots', version: 5, settings: '', adminRoot: '' },
	{
		name: "Node-RED 5, httpAdminRoot '/admin'",
		version: 5,
		settings: "httpAdminRoot: '/admin',",
		adminRoot: '/admin',
	},
	{ name: 'Node-RED 4.1 on Node 20, default roots', version: 4, settings: '', adminRoot: '' },
	{
		name: "Node-RED 4.1 on Node 20, httpAdminRoot '/admin' and httpNodeRoot '/hooks'",
		version: 4,
		settings: "httpAdminRoot: '/admin', httpNodeRoot: '/hooks',",
		adminRoot: '/admin',
	},
] as const;

for (const world of worlds) {
	describe(`the first call in ${world.name}`, function () {
		this.timeout(180_000);
		let stage: Stage;
		let nodeRed: NodeRed;

		before(async () => {
			stage = await openStage();
			nodeRed = await stage.start({ version: world.version, settings: world.settings });
			await stage.deploy(nodeRed, callFlow(account(stage.simulator.url, nodeRed.url), stage.sink.url), {
				adminRoot: world.adminRoot,
			});
		});
		after(() => stage?.close());

		it('all nodes of the package are loaded', async () => {
			const response = await fetch(`${nodeRed.url}${world.adminRoot}/nodes`, {
				headers: { accept: 'application/json' },
			});
			const sets = (
				(await response.json()) as { module: string; types: string[]; enabled: boolean; err?: unknown }[]
			).filter((set) => set.module === '@exonodes/node-red-exotel');
			assert.ok(sets.length >= 4, `${sets.length} sets`);
			for (const set of sets) assert.deepEqual([set.enabled, set.err], [true, undefined], set.types.join());
		});

		it('is placed, rings, is answered on both sides and ends with outcome, talk time and recording', async () => {
			await press(nodeRed, 'go', world.adminRoot);
			const placed = await stage.sink.next('placed');
			assert.equal(placed['payload'].state, 'active');
			assert.equal(placed['topic'], 'kept', 'what came in with the message stays');
			const { sid } = placed['payload'];
			assert.ok(sid);

			const ended = await stage.sink.next('ended', (msg) => msg['payload'].sid === sid);
			assert.equal(ended['payload'].outcome, 'answered');
			assert.equal(ended['payload'].state, 'ended');
			assert.ok(ended['payload'].talkSeconds >= 5, `talked ${ended['payload'].talkSeconds} s`);
			assert.match(ended['payload'].recordingUrl, /^https?:\/\/\S+\.mp3/);
			assert.equal(ended['payload'].from, '+919876543210');
			assert.equal(ended['payload'].to, '+919812345678');
			assert.match(ended['payload'].endedAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+05:30$/);
			assert.equal(ended['topic'], 'kept');
			assert.ok(ended['exotel'].attemptId, 'the attempt can be traced');

			const answeredParties = stage.sink
				.seen('progress')
				.filter(({ msg }) => msg['exotel'].event?.type === 'answered')
				.map(({ msg }) => msg['exotel'].event.party);
			assert.deepEqual(answeredParties.sort(), ['from', 'to']);
			assert.deepEqual(stage.sink.seen('caught'), []);

			const { calls } = await stage.control('GET', 'calls');
			assert.equal(calls.length, 1, 'one press, one call');
			assert.equal(calls[0].sid, sid);
		});

		it('every callback was answered with 200 at the first attempt', async () => {
			const { calls } = await stage.control('GET', 'calls');
			const { deliveries } = await stage.control('GET', `calls/${calls[0].sid}`);
			assert.ok(deliveries.length >= 3, `${deliveries.length} deliveries`);
			for (const delivery of deliveries)
				assert.deepEqual([delivery.status, delivery.attempt], [200, 1], JSON.stringify(delivery));
			assert.ok(
				deliveries.every((delivery: { url: string }) => !delivery.url.includes(SID)),
				'the address tells nothing about the account',
			);
		});

		it('reads no body before the token, and names no folder of the machine', async () => {
			const root = world.settings.includes('/hooks') ? '/hooks' : '';
			for (const body of ['{"broken', '['.repeat(50_000)]) {
				const response = await fetch(`${nodeRed.url}${root}/exotel/make-call/call`, {
					...{ method: 'POST', body, headers: { 'content-type': 'application/json' } },
				});
				const text = await response.text();
				assert.deepEqual([response.status, text.split('\n').length], [401, 1], text);
			}
		});

		it('a number that is busy ends with that outcome, and says who did not answer', async () => {
			stage.sink.clear();
			await stage.deploy(
				nodeRed,
				callFlow(account(stage.simulator.url, nodeRed.url), stage.sink.url, { to: '+919812345602' }),
				{ adminRoot: world.adminRoot },
			);
			await press(nodeRed, 'go', world.adminRoot);
			const ended = await stage.sink.next('ended');
			assert.deepEqual([ended['payload'].outcome, ended['payload'].unansweredBy], ['busy', 'to']);
		});
	});
}
