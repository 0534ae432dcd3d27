/** Following over restarts and on several Node-REDs: what a shared or saved context store is for. */
import assert from 'node:assert/strict';
import { readCallEvent, type Call, type CallEvent } from '../../../exotel/index';
import {
	CallFollower,
	type FollowedCall,
	type FollowingNode,
	type Output,
} from '../../../node-red/following/call-follower';
import {
	ContextCallStore,
	forgetMemory,
	KEPT_MS,
	MemoryCallStore,
	MOST_CALLS,
	storeKey,
	storeOf,
	type CallStore,
	type Kept,
} from '../../../node-red/following/call-store';
import type { Message, OutMessage, Red, RedNode } from '../../../node-red/host';

const ACCOUNT = {
	region: 'custom',
	baseUrl: 'http://127.0.0.1:1',
	sid: 'acme1',
	timeZone: 'Asia/Kolkata',
	defaultCountry: 'IN',
} as const;
const SID = '492205107c5fb48f4ac25d1f77759339';

function event(type: string, sid = SID): CallEvent {
	const body = {
		CallSid: sid,
		EventType: type,
		Status: type === 'terminal' ? 'completed' : 'in-progress',
		From: '+919413740000',
		To: '+918867990000',
		Direction: 'outbound-api',
		DateUpdated: '2026-11-21 10:00:00',
		Legs: [
			{ Status: 'completed', OnCallDuration: 9 },
			{ Status: 'completed', OnCallDuration: 5 },
		],
	};
	return readCallEvent(
		{ method: 'POST', headers: { 'content-type': 'application/json' }, body, receivedAt: 0 },
		ACCOUNT,
	);
}
const call = { ...event('answered').call, state: 'active', outcome: null } as Call;
const message = { _msgid: 'm1', order: 4711, payload: 'gone' } as unknown as Message;

/** Node context as an asynchronous store offers it: callbacks only, values copied as JSON. Kept outside the nodes. */
class SharedContext {
	readonly values = new Map<string, string>();
	failing = false;
	node(): RedNode {
		const failed = (): Error | null => (this.failing ? new Error('store is down') : null);
		const context = {
			get: (key: string, _store: string, done: (error: Error | null, value?: unknown) => void) => {
				if (typeof done !== 'function') throw new Error('Callback must be a function');
				const value = this.values.get(key);
				setImmediate(() => done(failed(), value === undefined ? undefined : JSON.parse(value)));
			},
			set: (key: string, value: unknown, _store: string, done: (error: Error | null) => void) => {
				if (typeof done !== 'function') throw new Error('Callback must be a function');
				if (!this.failing && value === undefined) this.values.delete(key);
				else if (!this.failing) this.values.set(key, JSON.stringify(value));
				setImmediate(() => done(failed()));
			},
			keys: (_store: string, done: (error: Error | null, keys: string[]) => void) =>
				setImmediate(() => done(failed(), [...this.values.keys()])),
		};
		return { context: () => context } as unknown as RedNode;
	}
	store(): CallStore<FollowedCall> {
		return new ContextCallStore<FollowedCall>(this.node(), 'shared');
	}
}

/** A node instance that writes down what it is told. */
function instance(
	store: CallStore<FollowedCall>,
	more: Partial<FollowingNode> = {},
): FollowingNode & { sent: [Output, OutMessage][]; asked: string[]; warnings: unknown[] } {
	const sent: [Output, OutMessage][] = [];
	const asked: string[] = [];
	const warnings: unknown[] = [];
	return {
		store,
		sent,
		asked,
		warnings,
		send: (output, out) => void sent.push([output, out]),
		ask: (sid) => {
			asked.push(sid);
			return Promise.resolve({ call, event: null });
		},
		pause: () => 3_600_000,
		happened: () => undefined,
		report: () => undefined,
		warn: (reason) => void warnings.push(reason),
		...more,
	};
}

async function attached(node: FollowingNode): Promise<CallFollower> {
	const follower = new CallFollower();
	follower.prepare(node);
	await follower.attach(node);
	return follower;
}

describe('following calls', () => {
	it('lets another Node-RED with the same store take the callbacks, and ends the call once on both', async () => {
		const shared = new SharedContext();
		const one = instance(shared.store());
		const two = instance(shared.store());
		const [first, second] = [await attached(one), await attached(two)];
		await first.begin('attempt-1', message, 'v1');
		await first.placed('attempt-1', call, () => undefined);
		await second.received(event('answered'), 'attempt-1');
		await second.received(event('terminal'), 'attempt-1');
		await first.received(event('terminal'), 'attempt-1');
		assert.deepEqual(
			two.sent.map(([output]) => output),
			['progress', 'ended'],
		);
		assert.equal(two.sent[1]?.[1]['order'], 4711, 'what the placing message carried is known here as well');
		assert.deepEqual(one.sent, []);
		first.detach(one, true);
		second.detach(two, true);
	});

	it('asks on no copy about a call that has ended on another', async () => {
		const shared = new SharedContext();
		const one = instance(shared.store(), { pause: () => 30 });
		const two = instance(shared.store());
		const [first, second] = [await attached(one), await attached(two)];
		await first.begin('attempt-1', message, 'v1');
		await second.received(event('terminal'), 'attempt-1');
		await first.placed('attempt-1', call, () => undefined);
		await new Promise((resolve) => setTimeout(resolve, 120));
		assert.deepEqual([one.asked, one.sent], [[], []]);
		assert.equal(two.sent.length, 1);
		first.detach(one, true);
		second.detach(two, true);
	});

	it('leaves the asking to the copy that placed the call', async () => {
		const shared = new SharedContext();
		const one = instance(shared.store(), { pause: () => 40 });
		const two = instance(shared.store(), { pause: () => 1 });
		const [first, second] = [await attached(one), await attached(two)];
		await first.begin('attempt-1', message, 'v1');
		await first.placed('attempt-1', call, () => undefined);
		await second.received(event('answered'), 'attempt-1');
		await new Promise((resolve) => setTimeout(resolve, 150));
		assert.ok(one.asked.length > 0);
		assert.equal(two.asked.length, 0);
		first.detach(one, true);
		second.detach(two, true);
	});

	it('asks for the end of a call of unknown outcome as soon as a callback names it', async () => {
		const end = event('terminal');
		let ended!: () => void;
		const done = new Promise<void>((resolve) => (ended = resolve));
		const node = instance(new MemoryCallStore<FollowedCall>(), {
			pause: () => 20,
			ask: () => Promise.resolve({ call: end.call, event: { ...end, source: 'sweep' } }),
		});
		const send = node.send;
		node.send = (output, out) => {
			send(output, out);
			if (output === 'ended') ended();
		};
		const follower = await attached(node);
		await follower.begin('attempt-1', message, 'v1');
		await follower.unknown('attempt-1', () => undefined);
		await follower.received(event('answered'), 'attempt-1');
		await done;
		assert.deepEqual(
			node.sent.map(([output]) => output),
			['progress', 'ended'],
		);
		follower.detach(node, true);
	});

	it('takes open calls up again after a restart', async () => {
		const shared = new SharedContext();
		const before = instance(shared.store(), { pause: () => 20 });
		const follower = await attached(before);
		await follower.begin('attempt-1', message, 'v1');
		await follower.placed('attempt-1', call, () => undefined);
		follower.detach(before, false);

		const end = event('terminal');
		const after = instance(shared.store(), {
			pause: () => 20,
			ask: () => Promise.resolve({ call: end.call, event: { ...end, source: 'sweep' } }),
		});
		const ended = new Promise<void>((resolve) => {
			const send = after.send;
			after.send = (output, out) => {
				send(output, out);
				resolve();
			};
		});
		const restarted = await attached(after);
		await ended;
		assert.equal(after.sent[0]?.[0], 'ended');
		assert.equal(after.sent[0]?.[1]['order'], 4711);
		restarted.detach(after, true);
	});

	it('sends what happened while the node was being redeployed through the new instance', async () => {
		const store = new MemoryCallStore<FollowedCall>();
		const old = instance(store);
		const follower = await attached(old);
		await follower.begin('attempt-1', message, 'v1');
		follower.detach(old, false);
		await follower.placed('attempt-1', call, () => follower.emit('placed', message));
		await follower.received(event('terminal'), 'attempt-1');
		const fresh = instance(store);
		follower.prepare(fresh);
		await follower.attach(fresh);
		assert.deepEqual(
			fresh.sent.map(([output]) => output),
			['placed', 'ended'],
		);
		assert.deepEqual(old.sent, []);
		follower.detach(fresh, true);
	});

	it('holds callbacks that overtake the answer until placed has been announced', async () => {
		const node = instance(new MemoryCallStore<FollowedCall>());
		const follower = await attached(node);
		await follower.begin('attempt-1', message, 'v1');
		await follower.received(event('answered'), 'attempt-1');
		await follower.received(event('terminal'), 'attempt-1');
		assert.equal(node.sent.length, 0);
		await follower.placed('attempt-1', call, () => follower.emit('placed', message));
		assert.deepEqual(
			node.sent.map(([output]) => output),
			['placed', 'progress', 'ended'],
		);
		follower.detach(node, true);
	});

	it('follows calls it never heard of', async () => {
		const node = instance(new MemoryCallStore<FollowedCall>());
		const follower = await attached(node);
		await follower.received(event('answered'), null);
		await follower.received(event('terminal'), null);
		await follower.received(event('terminal'), null);
		assert.deepEqual(
			node.sent.map(([output]) => output),
			['progress', 'ended'],
		);
		follower.detach(node, true);
	});

	it('reports an unknown end when Exotel never says how a call ended', async () => {
		const store = new MemoryCallStore<FollowedCall>();
		const longAgo = Date.now() - 25 * 3_600_000;
		await store.set(storeKey('attempt', 'old'), {
			attemptId: 'old',
			sid: SID,
			api: 'v1',
			kept: { order: 1 },
			timeline: null,
			ended: false,
			placedAt: longAgo,
			askAt: Date.now(),
			asked: 9,
			expiresAt: longAgo + KEPT_MS,
		});
		const node = instance(store, { pause: () => 20 });
		const ended = new Promise<OutMessage>((resolve) => (node.send = (_output, out) => resolve(out)));
		const follower = await attached(node);
		const out = await ended;
		assert.deepEqual(
			[(out.payload as { outcome: string }).outcome, (out.payload as { sid: string }).sid, out['order']],
			['unknown', SID, 1],
		);
		assert.deepEqual(node.asked, []);
		follower.detach(node, true);
	});

	it(
		'reports an unknown outcome when a restart came before Exotel answered; a late callback ' + 'settles it',
		async () => {
			const shared = new SharedContext();
			const store = shared.store();
			const minutesAgo = Date.now() - 10 * 60_000;
			await store.set(storeKey('attempt', 'cut'), {
				attemptId: 'cut',
				sid: null,
				api: 'v1',
				kept: { order: 2 },
				timeline: null,
				ended: false,
				placedAt: minutesAgo,
				askAt: null,
				asked: 0,
				expiresAt: minutesAgo + KEPT_MS,
			});
			const node = instance(store, { pause: () => 20 });
			const told = new Promise<void>((resolve) => {
				const send = node.send;
				node.send = (output, out) => {
					send(output, out);
					resolve();
				};
			});
			const follower = await attached(node);
			await told;
			assert.deepEqual(
				[
					node.sent[0]?.[0],
					(node.sent[0]?.[1].payload as { outcome: string }).outcome,
					node.sent[0]?.[1]['order'],
				],
				['ended', 'unknown', 2],
			);
			await follower.received(event('terminal'), 'cut');
			assert.deepEqual(
				[node.sent.length, (node.sent[1]?.[1].payload as Call).outcome, node.sent[1]?.[1]['order']],
				[2, 'answered', 2],
			);
			follower.detach(node, true);
			const again = instance(shared.store());
			const third = await attached(again);
			assert.equal(again.sent.length, 0);
			third.detach(again, true);
		},
	);

	it('forgets a refused attempt, and everything when the node is deleted', async () => {
		const store = new MemoryCallStore<FollowedCall>();
		const node = instance(store);
		const follower = await attached(node);
		await follower.begin('attempt-1', message, 'v1');
		await follower.refused('attempt-1');
		assert.equal((await store.entries()).length, 0);
		follower.detach(node, true);
		assert.equal(follower.signal.aborted, true);
		follower.emit('ended', message);
		const next = instance(store);
		await follower.attach(next);
		assert.deepEqual(next.sent, []);
		follower.detach(next, true);
	});
});

describe('the call store', () => {
	it('in memory is bounded: the oldest make room', async () => {
		const store = new MemoryCallStore<Kept>();
		const expiresAt = Date.now() + 60_000;
		for (let i = 0; i < MOST_CALLS + 10; i += 1) await store.set(`k${i}`, { expiresAt });
		assert.equal((await store.entries()).length, MOST_CALLS);
		assert.equal(await store.get('k0'), null);
		assert.notEqual(await store.get(`k${MOST_CALLS + 9}`), null);
	});

	it('forgets what has expired, in memory and in a context store', async () => {
		const shared = new SharedContext();
		for (const store of [new MemoryCallStore<Kept>(), new ContextCallStore<Kept>(shared.node(), 'shared')]) {
			await store.set('old', { expiresAt: Date.now() - 1 });
			await store.set('new', { expiresAt: Date.now() + 60_000 });
			assert.equal(await store.get('old'), null);
			assert.deepEqual(
				(await store.entries()).map(([key]) => key),
				['new'],
			);
		}
		assert.deepEqual([...shared.values.keys()], ['new'], 'expired entries are deleted from the store');
	});

	it('follows in memory while the context store is down, and says so once', async () => {
		const shared = new SharedContext();
		const failures: unknown[] = [];
		const RED = { settings: { contextStorage: { shared: {} } }, httpNode: {} } as unknown as Red;
		const node = { ...shared.node(), id: 'n1' } as RedNode;
		const store = storeOf<Kept>(RED, node, 'shared', (reason) => void failures.push(reason));
		shared.failing = true;
		const entry = { expiresAt: Date.now() + 60_000 };
		await store.set('k', entry);
		assert.deepEqual(await store.get('k'), entry);
		assert.deepEqual(await store.entries(), [['k', entry]]);
		assert.equal(failures.length, 1);
		shared.failing = false;
		await store.set('k', entry);
		assert.ok(shared.values.has('k'));
	});

	it(
		'is memory of ours when Node-RED has no context storage configured: its own is emptied at ' + 'every redeploy',
		async () => {
			const RED = { settings: {}, httpNode: {} } as unknown as Red;
			const store = storeOf<Kept>(RED, { id: 'n1' } as RedNode, 'default', () => assert.fail('not reached'));
			await store.set('k', { expiresAt: Date.now() + 60_000 });
			const again = storeOf<Kept>(RED, { id: 'n1' } as RedNode, '', () => assert.fail('not reached'));
			assert.notEqual(await again.get('k'), null);
			forgetMemory(RED, 'n1');
			assert.equal(
				await storeOf<Kept>(RED, { id: 'n1' } as RedNode, '', () => assert.fail('not reached')).get('k'),
				null,
			);
		},
	);

	it('keeps a context store bounded while calls pour in', async () => {
		const shared = new SharedContext();
		const store = new ContextCallStore<Kept>(shared.node(), 'shared');
		for (let i = 0; i < 4000; i += 1)
			await store.set(`k${i}`, { expiresAt: Date.now() + (i < 3000 ? -1 : 60_000) });
		assert.ok(shared.values.size <= 2000, `${shared.values.size} entries are left`);
		assert.ok(shared.values.has('k3999'));
	});

	it('writes keys every context store accepts', () => {
		assert.equal(storeKey('call', SID), `call_${SID}`);
		for (const id of ['a.b', 'x-y', 'sip:1', '__proto__', "'", 'ü', 'x'.repeat(999)])
			assert.match(storeKey('attempt', id), /^attempt_[0-9a-f]{64}$/);
	});
});
