/** Node-RED's own context stores, and stores that others wrote, with as many calls as a busy day leaves. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { emptyTimeline } from '../../../exotel/call/timeline';
import { CallTracker, MemoryStore, TrackerStore, type StoredRecord } from '../../../exotel/index';
import { ContextStore, contextStoreOf } from '../../../node-red/calls/context-store';
import type { Red, RedNode } from '../../../node-red/host';
import { processClock } from '../../../node-red/clock';

const load = createRequire(__filename);
const SCOPE = 'node:flow';

type Done = (error: Error | null | undefined, ...values: unknown[]) => void;

/** A store as Node-RED's stores are written. */
interface Plugin {
	open(): Promise<unknown>;
	close(): Promise<unknown>;
	get(scope: string, key: unknown, done: Done): void;
	set(scope: string, key: unknown, value: unknown, done: Done): void;
	keys(scope: string, done: Done): void;
}

function plugin(name: string, config: object): Plugin {
	return (load(`@node-red/runtime/lib/nodes/context/${name}`) as (config: object) => Plugin)(config);
}

/** A store that somebody else wrote: single keys, and a latency. */
function singleKeys(onList: (done: Done) => void): Plugin {
	const values = new Map<unknown, unknown>();
	const later = (work: () => void): void => void setTimeout(work, 3);
	return {
		open: () => Promise.resolve(),
		close: () => Promise.resolve(),
		get: (_scope, key, done) => (Array.isArray(key) ? onList(done) : later(() => done(null, values.get(key)))),
		set(_scope, key, value, done) {
			assert.ok(!Array.isArray(key), 'a list is written to a store that takes single keys');
			later(() => {
				if (value === undefined) values.delete(key);
				else values.set(key, value);
				done(null);
			});
		},
		keys: (_scope, done) => later(() => done(null, [...values.keys()])),
	};
}

/** The context of a node in a store, and how often the store was asked. */
class Context {
	gets = 0;
	sets = 0;
	constructor(readonly store: Plugin) {}
	node(): RedNode {
		const context = {
			get: (key: unknown, _store: string, done: Done) => {
				this.gets += 1;
				this.store.get(SCOPE, key, done);
			},
			set: (key: unknown, value: unknown, _store: string, done: Done) => {
				this.sets += 1;
				this.store.set(SCOPE, key, value, done);
			},
			keys: (_store: string, done: Done) => this.store.keys(SCOPE, done),
		};
		return { id: 'n1', context: () => context } as unknown as RedNode;
	}
}

function openCall(number: number): StoredRecord {
	const sid = `s${number}`;
	return {
		kind: 'attempt',
		attemptId: `a${number}`,
		api: 'v1',
		phase: 'open',
		sid,
		requested: {},
		context: { order: 'x'.repeat(500) },
		timeline: { ...emptyTimeline(sid), known: { from: '+919812345600', to: '+918012345678' } },
		announced: { placed: true, unknown: false, end: false },
		requestedAt: Date.now(),
		nextPollAt: Date.now() + 3_600_000,
		pollCount: 0,
		polled: true,
		expiresAt: Date.now() + 3_600_000,
		revision: 1,
	};
}

const fail = (): void => assert.fail();

const folders: string[] = [];

function folder(): string {
	const made = mkdtempSync(path.join(tmpdir(), 'context-'));
	folders.push(made);
	return made;
}

const stores: Record<string, () => Plugin> = {
	"Node-RED's file store without a cache": () => plugin('localfilesystem', { dir: folder(), cache: false }),
	"Node-RED's file store with a cache": () => plugin('localfilesystem', { dir: folder(), flushInterval: 1 }),
	"Node-RED's memory": () => plugin('memory', {}),
};
/** What stores that take single keys do with a list. */
const refusals: Record<string, (done: Done) => void> = {
	'throws at a list': () => {
		throw new TypeError('key.split is not a function');
	},
	'fails at a list': (done) => done(new Error('no such key')),
	'finds nothing under a list': (done) => done(null, undefined),
};

describe('a context store with the calls of a busy day', function () {
	this.timeout(120_000);
	let opened: Plugin[] = [];

	async function contextOf(make: () => Plugin): Promise<Context> {
		const store = make();
		await store.open();
		opened.push(store);
		return new Context(store);
	}

	/** A store with records, written before this process started. */
	async function filled(context: Context, count: number): Promise<ContextStore> {
		const store = new ContextStore(context.node(), 'disk', () => undefined);
		const keys = Array.from({ length: count }, (_, number) => `attempt_a${number}`);
		const values = keys.map((_, number) => JSON.stringify(openCall(number)));
		await new Promise<void>((resolve, reject) =>
			context.store.set(SCOPE, keys, values, (error) => (error ? reject(error) : resolve())),
		);
		return store;
	}

	afterEach(async () => {
		for (const store of opened) await store.close();
		opened = [];
		for (const made of folders.splice(0)) rmSync(made, { recursive: true, force: true });
	});

	for (const [name, make] of Object.entries(stores)) {
		it(`${name}: 1,000 records are read in a few accesses, and changed ones written together`, async () => {
			const context = await contextOf(make);
			const store = await filled(context, 1000);
			const entries = await store.entries(Date.now());
			assert.deepEqual([entries.length, entries[7]?.[0]], [1000, 'attempt_a7']);
			assert.ok(context.gets <= 3, `${context.gets} reads`);
			context.gets = 0;
			const changed = { ...openCall(7), revision: 8 };
			await Promise.all(Array.from({ length: 200 }, (_, number) => store.set(`attempt_a${number}`, changed)));
			await store.delete('attempt_a8');
			const read = await Promise.all([6, 8, 999].map((number) => store.get(`attempt_a${number}`)));
			assert.deepEqual([read[0], read[1]], [changed, null]);
			assert.ok(context.sets <= 5, `${context.sets} writes`);
			assert.ok(context.gets <= 3, `${context.gets} reads`);
			assert.equal((await store.entries(Date.now())).length, 999);
		});
	}

	it("Node-RED's file store without a cache: the first calls of an empty one are written together", async () => {
		const context = await contextOf(() => plugin('localfilesystem', { dir: folder(), cache: false }));
		const contextStorage = { default: 'disk', disk: { module: 'localfilesystem', config: { cache: false } } };
		const RED = { settings: { contextStorage } } as unknown as Red;
		const store = contextStoreOf(RED, context.node(), 'default', fail);
		assert.ok(store !== null);
		await Promise.all(
			Array.from({ length: 200 }, (_, number) => store.set(`attempt_a${number}`, openCall(number))),
		);
		assert.ok(context.sets <= 5, `${context.sets} writes`);
		assert.equal((await store.entries(Date.now())).length, 200);
	});

	it("Node-RED's file store without a cache: all 600 open calls are taken up after a restart", async () => {
		const context = await contextOf(() => plugin('localfilesystem', { dir: folder(), cache: false }));
		const shared = await filled(context, 600);
		const failed: unknown[] = [];
		const memory = new MemoryStore({ clock: processClock, onDropped: fail });
		const onFailed = (reason: unknown): void => void failed.push(reason);
		const store = new TrackerStore({ clock: processClock, memory, shared, onFailed });
		const tracker = new CallTracker(
			{
				clock: processClock,
				random: () => 1,
				poll: () => Promise.resolve(null),
				pollAfterMs: () => 3_600_000,
				emit: fail,
				warn: fail,
			},
			store,
		);
		await tracker.start();
		tracker.stop();
		assert.deepEqual([tracker.openCalls, failed], [600, []]);
	});

	for (const [name, onList] of Object.entries(refusals)) {
		it(`a store that ${name} is read and written key by key`, async () => {
			const context = await contextOf(() => singleKeys(onList));
			const store = new ContextStore(context.node(), 'own', () => undefined);
			await Promise.all(
				Array.from({ length: 120 }, (_, number) => store.set(`attempt_a${number}`, openCall(number))),
			);
			assert.equal((await store.entries(Date.now())).length, 120);
			await store.delete('attempt_a8');
			const read = await Promise.all(['attempt_a7', 'attempt_a8'].map((key) => store.get(key)));
			assert.deepEqual([(read[0] as StoredRecord).kind, read[1]], ['attempt', null]);
		});
	}

	it('a slow store is not taken for hanging, however much is written to it', async () => {
		const context = await contextOf(() => singleKeys((done) => done(null, undefined)));
		const shared = new ContextStore(context.node(), 'own', () => undefined);
		const numbers = Array.from({ length: 2500 }, (_, number) => number);
		await Promise.all(numbers.map((number) => shared.set(`attempt_old${number}`, openCall(number))));
		const failed: unknown[] = [];
		const onFailed = (reason: unknown): void => void failed.push(reason);
		const memory = new MemoryStore({ clock: processClock, onDropped: fail });
		const store = new TrackerStore({ clock: processClock, memory, shared, onFailed });
		context.gets = 0;
		for (let first = 0; first < 2000; first += 100)
			await Promise.all(
				numbers.slice(first, first + 100).map((at) => store.set(`attempt_new${at}`, openCall(at))),
			);
		assert.equal(context.gets, 0, 'a write reads nothing');
		assert.notEqual(await store.get('attempt_old5'), null);
		assert.deepEqual(failed, []);
	});

	it('an access that never comes back holds up no later one', async () => {
		const context = await contextOf(() => plugin('memory', {}));
		const store = await filled(context, 10);
		await store.entries(Date.now());
		const { get } = context.store;
		context.store.get = () => undefined;
		void store.get('attempt_a1');
		context.store.get = get;
		await processClock.sleep(300);
		assert.notEqual(await store.get('attempt_a2'), null);
	});
});
