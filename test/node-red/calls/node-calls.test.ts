/** The calls of a node over redeploys, and the context store they may be kept in. */
import assert from 'node:assert/strict';
import { emptyCall } from '../../../exotel/call/call';
import { type CallEvent, type StoredRecord } from '../../../exotel/index';
import { eventFromCall } from '../../../exotel/call/timeline';
import { newEntry } from '../../../exotel/tracking/records';
import { CallsByNode } from '../../../node-red/calls/calls-by-node';
import { ContextStore, contextStoreOf, forgottenSeconds, MAX_CALLS } from '../../../node-red/calls/context-store';
import {
	type CallsInstance,
	type NodeAnnouncement,
	NodeCalls,
	ResponseDetails,
} from '../../../node-red/calls/node-calls';
import type { Deploys } from '../../../node-red/deploys';
import type { Message, Red, RedNode } from '../../../node-red/host';
import { NodeScope } from '../../../node-red/node-scope';

const SID = '492205107c5fb48f4ac25d1f77759339';
const call = emptyCall(SID, 'v1');
const start = { attemptId: 'a1', api: 'v1', context: { order: 4711 } } as const;
const details: ResponseDetails = { msg: { _msgid: 'm1' } as Message, exotel: {} };

function end(): CallEvent {
	const event = eventFromCall({ ...call, state: 'ended', outcome: 'answered' }, {}, '2026-11-21T10:00:00+05:30');
	assert.ok(event !== null);
	return { ...event, source: 'v1-callback' };
}

/** Node context as an asynchronous store offers it: callbacks only, values copied as JSON. Kept outside the nodes. */
class SharedContext {
	readonly values = new Map<string, string>();
	/** Hears which key is read, right after its value was taken. */
	onRead: (key: string) => void = () => undefined;
	node(id = 'n1'): RedNode {
		const context = {
			get: (key: string, _store: string, done: (error: Error | null, value?: unknown) => void) => {
				if (typeof done !== 'function') throw new Error('Callback must be a function');
				const value = this.values.get(key);
				this.onRead(key);
				setImmediate(() => done(null, value === undefined ? undefined : JSON.parse(value)));
			},
			set: (key: string, value: unknown, _store: string, done: (error: Error | null) => void) => {
				if (typeof done !== 'function') throw new Error('Callback must be a function');
				if (value === undefined) this.values.delete(key);
				else this.values.set(key, JSON.stringify(value));
				setImmediate(() => done(null));
			},
			keys: (_store: string, done: (error: Error | null, keys: string[]) => void) =>
				setImmediate(() => done(null, [...this.values.keys()])),
		};
		return { id, context: () => context } as unknown as RedNode;
	}
}

const recordUntil = (expiresAt: number): StoredRecord => ({
	kind: 'sid',
	attemptId: 'x',
	polled: true,
	timeline: null,
	expiresAt,
	revision: 1,
});

/** Flows that are deployed by hand, and the nodes in them. */
class HandRed {
	running = true;
	readonly live = new Map<string, RedNode>();
	readonly saved = new Set<string>();
	/** What the nodes in a subflow are named there. */
	readonly inSubflow = new Set<string>();
	readonly #afterStart = new Set<() => void>();
	readonly calls: CallsByNode;

	constructor() {
		const deploys = this as unknown as Deploys;
		const nodes = {
			getNode: (id: string) => this.live.get(id) ?? null,
			eachNode: (visit: (node: { id: string; type: string; z?: string }) => void) => {
				visit({ id: 'sub', type: 'subflow' });
				for (const id of this.saved) visit({ id, type: 'any', z: this.inSubflow.has(id) ? 'sub' : 'tab' });
			},
		};
		this.calls = new CallsByNode({ nodes, log: { error: assert.fail } } as unknown as Red, deploys);
	}
	afterStart(work: () => void): () => void {
		this.#afterStart.add(work);
		return () => void this.#afterStart.delete(work);
	}
	onStopping(): () => void {
		return () => undefined;
	}
	started(): void {
		this.running = false;
		const ready = [...this.#afterStart];
		this.#afterStart.clear();
		for (const work of ready) work();
	}

	/** Makes a node; `close` closes it as Node-RED does. */
	node(id: string, path: string | null): { calls: NodeCalls; sent: string[]; close(removed?: boolean): void } {
		let closing: (removed: boolean | undefined, done: () => void) => void = assert.fail;
		const node = {
			id,
			type: 'exotel-call-events',
			on: (_: string, listener: typeof closing) => void (closing = listener),
		};
		this.live.set(id, node as unknown as RedNode);
		this.saved.add(id);
		const sent: string[] = [];
		const instance = {
			shared: null,
			send: ({ type }: NodeAnnouncement) => void sent.push(type),
			receivers: () => [],
			receiver: () => null,
			poll: () => Promise.resolve(null),
			pollAfterMs: () => 3_600_000,
			warn: assert.fail,
		} as unknown as CallsInstance;
		const scope = new NodeScope({ log: { error: assert.fail } } as unknown as Red, node as unknown as RedNode);
		const calls = this.calls.attach(scope, path, instance);
		return {
			calls,
			sent,
			close: (removed) => {
				this.running = true;
				this.live.delete(id);
				if (removed !== false) this.saved.delete(id);
				closing(removed, () => undefined);
			},
		};
	}
}

describe('the calls of a node', () => {
	it('come out of the next instance when the node is redeployed', async () => {
		const red = new HandRed();
		const old = red.node('n1', '/exotel/x');
		red.started();
		await old.calls.tracker.begin(start);
		old.close(false);
		await old.calls.tracker.placed('a1', call, details);
		await old.calls.tracker.received(end(), 'a1');
		const next = red.node('n1', '/exotel/x');
		red.started();
		assert.deepEqual([old.sent, next.sent], [[], ['placed', 'ended']]);
		assert.equal(old.calls.signal.aborted, false);
		next.close(true);
		red.started();
		assert.equal(next.calls.signal.aborted, true);
	});

	it('come out of the node that takes its place: same type, same path, same deploy', async () => {
		const red = new HandRed();
		const old = red.node('n1', '/exotel/x');
		red.started();
		old.close(true);
		await old.calls.tracker.received(end(), null);
		const other = red.node('n2', '/exotel/y');
		const successor = red.node('n3', '/exotel/x');
		red.started();
		assert.deepEqual([other.sent, successor.sent], [[], ['ended']]);
		await successor.calls.tracker.received(end(), null);
		assert.deepEqual(successor.sent, ['ended'], 'and it knows what was announced before');
		for (const node of [other, successor]) node.close(true);
		red.started();
	});

	it('are forgotten after a deploy when nothing took the place of their node', () => {
		const red = new HandRed();
		const old = red.node('n1', '/exotel/x');
		red.started();
		old.close(true);
		red.started();
		assert.equal(old.calls.signal.aborted, true);
	});

	it('are forgotten with a deleted subflow, whose nodes are closed as if they came back, not with a disabled node', () => {
		const red = new HandRed();
		red.saved.add('instance').add('inner');
		red.inSubflow.add('inner');
		const [inner, disabled] = [red.node('instance-inner', '/exotel/x'), red.node('n2', '/exotel/y')];
		red.saved.delete('instance-inner');
		red.started();
		inner.close(undefined);
		disabled.close(false);
		red.started();
		assert.deepEqual([inner.calls.signal.aborted, disabled.calls.signal.aborted], [false, false]);
		red.saved.delete('instance');
		red.started();
		assert.deepEqual([inner.calls.signal.aborted, disabled.calls.signal.aborted], [true, false]);
	});

	it('are not placed any more once their node was deleted, whatever instance comes then', () => {
		const calls = new NodeCalls(new HandRed() as unknown as Deploys);
		const instance = { shared: null, sharedName: null, lost: () => undefined } as unknown as CallsInstance;
		calls.prepare(instance);
		calls.disable();
		calls.prepare(instance);
		assert.equal(calls.requestSignal.aborted, false);
		calls.dispose();
		calls.prepare(instance);
		assert.equal(calls.requestSignal.aborted, true);
	});

	it('are written to the context of a node that was moved, or has another store, and to no other', async () => {
		const calls = new NodeCalls(new HandRed() as unknown as Deploys);
		const stored = (sharedName: string | null): Map<string, unknown> => {
			const values = new Map<string, unknown>();
			const shared = {
				get: (key: string) => Promise.resolve(values.get(key) ?? null),
				set: (key: string, value: unknown) => Promise.resolve(void values.set(key, value)),
				delete: (key: string) => Promise.resolve(void values.delete(key)),
				entries: () => Promise.resolve([...values]),
			};
			calls.prepare({ shared: sharedName === null ? null : shared, sharedName } as unknown as CallsInstance);
			return values;
		};
		stored(null);
		await calls.tracker.begin({ attemptId: 'a1', api: 'v1' });
		const first = stored('t1 call disk');
		const redeployed = stored('t1 call disk');
		const moved = stored('t2 call disk');
		await new Promise((resolve) => setTimeout(resolve, 50));
		assert.deepEqual(
			[first, redeployed, moved].map(({ size }) => size),
			[0, 0, 1],
		);
		const again = stored('t2 call disk');
		await new Promise((resolve) => setTimeout(resolve, 50));
		assert.equal(again.size, 0);
		calls.dispose();
	});

	it('go back and forth between two nodes of a path, one of them disabled: an end comes out once, and none is lost', async () => {
		const red = new HandRed();
		const other = (letter: string): CallEvent => {
			const event = end();
			return { ...event, id: event.id + letter, call: { ...event.call, sid: letter.repeat(32) } };
		};
		const first = red.node('n1', '/exotel/x');
		red.started();
		first.close(true);
		red.saved.add('n1');
		red.started();
		const second = red.node('n2', '/exotel/x');
		red.started();
		await second.calls.tracker.received(other('a'), null);
		second.close(true);
		await second.calls.tracker.received(other('b'), null);
		const again = red.node('n1', '/exotel/x');
		red.started();
		await again.calls.tracker.received(other('a'), null);
		assert.deepEqual([second.sent, again.sent], [['ended'], ['ended']]);
		again.close(true);
		red.started();
	});

	it('without a path stay with their node', () => {
		const red = new HandRed();
		const [one, two] = [red.node('n1', null), red.node('n2', null)];
		red.started();
		one.close(true);
		two.close(true);
		const next = red.node('n2', null);
		red.started();
		assert.deepEqual([next.calls === two.calls, one.calls.signal.aborted], [true, true]);
		next.close(true);
		red.started();
	});

	it('are kept while their node is disabled, but nothing more is placed; forgotten when it is deleted then', async () => {
		const red = new HandRed();
		red.saved.add('n1');
		const before = red.node('n1', '/exotel/x');
		red.started();
		const requests = before.calls.requestSignal;
		before.close(true);
		red.saved.add('n1');
		red.started();
		assert.deepEqual([requests.aborted, before.calls.signal.aborted], [true, false]);
		assert.equal(before.calls.requestSignal.aborted, true, 'nor what was being prepared');
		await before.calls.tracker.received(end(), null);
		const enabled = red.node('n1', '/exotel/x');
		red.started();
		assert.deepEqual([enabled.sent, enabled.calls === before.calls], [['ended'], true]);
		assert.equal(enabled.calls.requestSignal.aborted, false);
		enabled.close(true);
		red.saved.add('n1');
		red.started();
		red.saved.delete('n1');
		red.started();
		assert.equal(enabled.calls.signal.aborted, true);
	});
});

describe('the context store', () => {
	it('clears what has expired', async () => {
		const shared = new SharedContext();
		const store = new ContextStore(shared.node(), 'shared', () => undefined);
		await store.set('old', recordUntil(Date.now() - 1));
		await store.set('new', recordUntil(Date.now() + 60_000));
		assert.deepEqual(
			(await store.entries(Date.now())).map(([key]) => key),
			['new'],
		);
		assert.deepEqual([...shared.values.keys()], ['new']);
	});

	it('says how many calls had to make room', async () => {
		const shared = new SharedContext();
		const dropped: number[] = [];
		const store = new ContextStore(shared.node(), 'shared', (count) => dropped.push(count));
		const record = recordUntil(Date.now() + 60_000);
		for (let i = 0; i < MAX_CALLS + 3; i += 1) shared.values.set(`k${i}`, JSON.stringify(record));
		await store.entries(Date.now());
		assert.deepEqual([dropped, shared.values.size], [[3], MAX_CALLS]);
	});

	it('keeps open calls and ends that are being sent before calls that have ended', async () => {
		const shared = new SharedContext();
		const store = new ContextStore(shared.node(), 'shared', () => undefined);
		const until = (ms: number): object => ({ ...recordUntil(Date.now() + ms), kind: 'sid', attemptId: null });
		const ended = { timeline: { position: 5, ended: true, seen: [] }, revision: 1 };
		const call = { sid: 's1', state: 'ended' };
		const unsent = { type: 'ended', attemptId: null, context: {}, event: { call } };
		shared.values.set('open', JSON.stringify({ ...until(1_000_000), timeline: null, revision: 1 }));
		shared.values.set('unsent', JSON.stringify({ ...until(1_000_000), ...ended, unsent }));
		const record = JSON.stringify({ ...until(2_000_000), ...ended });
		for (let i = 0; i < MAX_CALLS; i += 1) shared.values.set(`k${i}`, record);
		await store.entries(Date.now());
		assert.deepEqual(
			[shared.values.size, shared.values.has('open'), shared.values.has('unsent')],
			[MAX_CALLS, true, true],
		);
	});

	it('keeps calls that were placed here before those that somebody reported, which may be made up', async () => {
		const shared = new SharedContext();
		const store = new ContextStore(shared.node(), 'shared', () => undefined);
		const until = (ms: number): object => ({ expiresAt: Date.now() + ms, revision: 1, timeline: null });
		const attempt = newEntry({ attemptId: 'a1', api: 'v1' }, Date.now() - 1_000);
		const open = { ...attempt, phase: 'open', sid: 's1' };
		const link = { ...until(1_000), kind: 'sid', attemptId: 'a1', polled: true };
		shared.values.set('attempt_a1', JSON.stringify(open));
		shared.values.set('call_s1', JSON.stringify(link));
		const madeUp = JSON.stringify({ ...until(200_000_000), kind: 'sid', attemptId: null, polled: false });
		const named = JSON.stringify({ ...open, attemptId: 'x', polled: false, expiresAt: Date.now() + 200_000_000 });
		for (let i = 0; i < MAX_CALLS; i += 2) {
			shared.values.set(`call_x${i}`, madeUp);
			shared.values.set(`attempt_x${i}`, named);
		}
		await store.entries(Date.now());
		assert.deepEqual(
			[shared.values.size, shared.values.has('attempt_a1'), shared.values.has('call_s1')],
			[MAX_CALLS, true, true],
		);
	});

	it('is not filled by calls that somebody reported, however fast and long; those placed here stay', async () => {
		const shared = new SharedContext();
		const dropped: number[] = [];
		const store = new ContextStore(shared.node(), 'shared', (count) => dropped.push(count), {
			maxReportedLength: 100_000,
		});
		const placed = newEntry({ attemptId: 'a1', api: 'v1', context: { text: 'y'.repeat(200_000) } }, Date.now());
		await store.set('attempt_a1', placed);
		for (let i = 0; i < 200; i += 1) {
			const attemptId = 'x'.repeat(10_000) + String(i);
			await store.set(`attempt_x${i}`, { ...newEntry({ attemptId, api: 'v1' }, Date.now()), polled: false });
		}
		await store.entries(Date.now());
		assert.ok(dropped.reduce((sum, count) => sum + count, 0) > 180);
		assert.ok(dropped.length > 5, 'also between two clearings of the tracker');
		assert.ok(shared.values.has('attempt_a1') && shared.values.size < 12);
	});

	it('keeps a call that is written while others make room, and counts once what went', async () => {
		const shared = new SharedContext();
		const dropped: number[] = [];
		const store = new ContextStore(shared.node(), 'shared', (count) => dropped.push(count), {
			maxReportedLength: 100_000,
		});
		const reported = (i: number) => newEntry({ attemptId: 'x'.repeat(10_000) + String(i), api: 'v1' }, Date.now());
		for (let i = 0; i < 30; i += 1)
			shared.values.set(`attempt_x${i}`, JSON.stringify({ ...reported(i), polled: false }));
		// The first would make room first; it is written when all have been read, and none has made room.
		let written: Promise<void> | undefined;
		shared.onRead = (key) => {
			if (key === 'attempt_x29') written ??= store.set('attempt_x0', reported(0));
		};
		await Promise.all([store.entries(0), store.entries(0)]);
		await written;
		assert.ok(written !== undefined && shared.values.has('attempt_x0'));
		assert.deepEqual(dropped, [31 - shared.values.size - 1]);
	});

	it('of Node-RED forgets what its file does not have yet, unless it has no cache', () => {
		const file = (config: object) => ({ module: 'localfilesystem', config });
		const contextStorage = {
			default: 'usual',
			usual: { module: 'localfilesystem' },
			slow: file({ flushInterval: 60 }),
			direct: file({ cache: false }),
			memory: { module: 'memory' },
		};
		const red = { settings: { contextStorage } } as unknown as Red;
		const seconds = ['default', 'usual', 'slow', 'direct', 'memory', ''].map((name) => forgottenSeconds(red, name));
		assert.deepEqual(seconds, [30, 30, 60, 0, 0, 0]);
	});

	it('is not used without a name, or when Node-RED has no context storage configured', () => {
		const ignore = (): void => undefined;
		const configured = { settings: { contextStorage: { shared: {} } } } as unknown as Red;
		assert.notEqual(contextStoreOf(configured, new SharedContext().node(), 'shared', ignore), null);
		assert.equal(contextStoreOf(configured, { id: 'n1' } as RedNode, '', ignore), null);
		assert.equal(
			contextStoreOf({ settings: {} } as unknown as Red, { id: 'n1' } as RedNode, 'default', ignore),
			null,
		);
	});
});
