/**
 * The hosts of the table, in this process on a virtual clock: a Node-RED with a context store on the disk, and n8n's
 * contexts. Both can be stopped, killed and started again with exactly what they had stored.
 */
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import type { Case, Data } from '../recorded/case';
import { reloadNodes, Run as N8nRun } from '../recorded/n8n';
import { Door, Run as NodeRedRun, stopNodeRed } from '../recorded/node-red';
import { forgetSources } from '../recorded/sources';
import type { PlaysExotel, Stage } from '../recorded/stage';
import {
	completedCalls,
	fieldsOf,
	ONE,
	toldOf,
	waitingNode,
	type Host,
	type Mode,
	type Order,
	type Told,
} from './call';
import { EXO_PHONE, PEOPLE, SID, type FaultyExotel } from './exotel';

/** What a host knows of Exotel. */
type Address = Pick<FaultyExotel, 'url'>;

/** Exotel as the drivers want it. */
const asPlayed = ({ url }: Address): PlaysExotel => ({
	url,
	requests: [],
	bodies: [],
	callbackOf: () => '',
});

/** Messages by output, with the times they came at. */
interface Heard {
	messages: Record<string, Data[]>;
	times: Record<string, number[]>;
}

/** What has been written to a context store: value in JSON by scope and key. It outlives the Node-RED that wrote it. */
type Disk = Map<string, Map<string, string>>;
type Done = (error: Error | null, value?: unknown) => void;

/** A context store of Node-RED that writes through, as one on a disk without a cache does. */
const contextStoreOn = (disk: Disk) => ({
	open: () => Promise.resolve(),
	close: () => Promise.resolve(),
	// Node-RED calls these when a node or a flow is deleted; here none ever is.
	delete: () => Promise.resolve(),
	clean: () => Promise.resolve(),
	get(scope: string, key: string, done: Done): void {
		const text = disk.get(scope)?.get(key);
		setImmediate(() => done(null, text === undefined ? undefined : JSON.parse(text)));
	},
	set(scope: string, key: string, value: unknown, done: Done): void {
		const kept = disk.get(scope) ?? new Map<string, string>();
		disk.set(scope, kept);
		if (value === undefined) kept.delete(key);
		else kept.set(key, JSON.stringify(value));
		setImmediate(() => done(null));
	},
	keys(scope: string, done: Done): void {
		setImmediate(() => done(null, [...(disk.get(scope)?.keys() ?? [])]));
	},
});

/** Where a Node-RED keeps its calls: in memory, in a store that writes through, or in files without a cache. */
export const storeNames = ['memory', 'disk', 'files'] as const;
export type StoreName = (typeof storeNames)[number];

/** What is changed of Node-RED's stores. */
interface ContextStore {
	set(scope: string, key: string, value: unknown, done: Done): void;
	clean(nodes: string[]): Promise<unknown>;
}
type StoreModule = (config: object) => ContextStore;

const fileStore = createRequire(createRequire(__filename).resolve('node-red'))(
	'@node-red/runtime/lib/nodes/context/localfilesystem',
) as StoreModule;

/** A write at which Node-RED is killed: before it is done, or after it and before it is acknowledged. */
export interface KillingWrite {
	when: 'before' | 'after';
	/** Looks at the record that is being written. */
	is(record: Data): boolean;
}

/** A Node-RED. */
export class FaultyNodeRed implements Host {
	readonly name = 'Node-RED';
	/** The next write at which it is killed. */
	killsAt: KillingWrite | null = null;
	/** The process: from the moment it is killed nothing is written or heard. */
	#life = { over: false };
	readonly #door = new Door();
	readonly #before: Heard[] = [];
	#disk: Disk = new Map();
	#run: NodeRedRun | null = null;
	#url = '';
	#test: Case | null = null;
	#folder: string | null = null;

	constructor(
		readonly stage: Stage,
		readonly exotel: Address,
		readonly store: StoreName = 'disk',
	) {}

	async open(mode: Mode): Promise<void> {
		this.#url = await this.#door.open();
		if (this.store === 'files') this.#folder = fs.mkdtempSync(path.join(os.tmpdir(), 'exonodes-context-'));
		const fields: Data = { ...fieldsOf(mode, PEOPLE), exoPhone: EXO_PHONE };
		const types = Object.fromEntries(Object.keys(fields).map((name) => [`${name}Type`, 'str']));
		this.#test = {
			name: 'fault',
			host: 'node-red',
			node: 'exotel-make-call',
			account: { publicUrl: this.#url, sid: SID },
			settings: { mode, follow: true, store: this.store === 'memory' ? '' : this.store, ...fields, ...types },
			steps: [],
		};
		await this.up();
	}

	async place({ order, fields }: Order = ONE): Promise<void> {
		await this.#run?.take({ input: { payload: 'go', order, ...(fields !== undefined && { exotel: fields }) } });
	}

	async down(how: 'stop' | 'kill'): Promise<void> {
		if (how === 'kill') {
			this.#kill();
			// What is on the disk at this moment is all that the next start finds.
			this.#disk = structuredClone(this.#disk);
			this.#run = null;
		}
		this.#door.app = (request) => void request.socket.destroy();
		await stopNodeRed();
		if (how === 'stop') this.#before.push(this.#heard());
		this.#run = null;
	}

	async up(): Promise<void> {
		if (this.#test === null) throw new Error('Node-RED was not opened');
		forgetSources();
		this.#life = { over: false };
		const run = new NodeRedRun(this.stage, asPlayed(this.exotel), this.#door, this.#url, this.#test);
		run.contextStorage = {
			default: { module: 'memory' },
			disk: { module: () => this.#mortal(contextStoreOn(this.#disk)) },
			...(this.#folder !== null && {
				files: {
					module: (config: object) => this.#mortal(fileStore(config)),
					config: { dir: this.#folder, cache: false },
				},
			}),
		};
		await run.start();
		this.#run = run;
	}

	wakesAt(): null {
		return null;
	}

	async wake(): Promise<void> {
		// Node-RED's nodes have timers of their own.
	}

	async search(): Promise<void> {
		// The node asks Exotel by itself.
	}

	told(): Told[] {
		return this.#all('output 3').map(({ message: { payload, order }, at }) =>
			toldOf(payload as Data, { by: 'the calling node', order: typeof order === 'number' ? order : null, at }),
		);
	}

	progress(): string[] {
		return this.#all('output 2').map(({ message: { payload, order } }) => {
			const { type, party } = payload as Data;
			return `${order === ONE.order ? '' : `${String(order)} `}${String(type)} ${String(party)}`;
		});
	}

	problems(): string[] {
		return this.#all('caught').map(({ message: { error } }) => String((error as Data)['message']));
	}

	async close(): Promise<void> {
		await stopNodeRed();
		this.#door.close();
		if (this.#folder !== null) fs.rmSync(this.#folder, { recursive: true, force: true });
	}

	/** Nothing more is heard, written or answered. */
	#kill(): void {
		if (this.#life.over) return;
		this.#life.over = true;
		this.#door.cut();
		this.#before.push(structuredClone(this.#heard()));
	}

	/** The store, as long as the Node-RED that opened it lives. */
	#mortal<Store extends ContextStore>(store: Store): Store {
		const set = store.set.bind(store);
		const life = this.#life;
		store.set = (scope, key, value, done) => {
			if (life.over) return;
			// A record is one text; several are written as lists of keys and values.
			const records = [value].flat().map((text) => JSON.parse(String(text ?? '{}')) as Data);
			const kills = records.some((record) => this.killsAt?.is(record)) ? (this.killsAt?.when ?? null) : null;
			if (kills !== null) this.killsAt = null;
			if (kills === 'before') return this.#kill();
			set(scope, key, value, (error) => (kills === 'after' ? this.#kill() : done(error)));
		};
		// The test helper empties all stores when it stops; Node-RED does not.
		store.clean = () => Promise.resolve();
		return store;
	}

	#heard(): Heard {
		const messages = (this.#run?.recording(null)['messages'] ?? {}) as Heard['messages'];
		return { messages, times: this.#run?.times ?? {} };
	}

	#all(output: string): { message: Data; at: number }[] {
		return [...this.#before, this.#heard()].flatMap(({ messages, times }) =>
			(messages[output] ?? []).map((message, index) => ({ message, at: times[output]?.[index] ?? 0 })),
		);
	}
}

/** An n8n: one process. */
export class FaultyN8n implements Host {
	readonly name = 'n8n';
	#run: N8nRun | null = null;
	#trigger: N8nRun | null = null;
	/** The execution was worked on when n8n was killed: n8n gives it up. */
	#crashed = false;
	#order = ONE.order;

	/** `alone`: false when several of these are executions of one n8n, whose nodes somebody else reloads. */
	constructor(
		readonly stage: Stage,
		readonly exotel: Address,
		readonly alone = true,
	) {}

	/** `fields` differ from those of the usual call. */
	async open(mode: Mode, fields: Data = {}): Promise<void> {
		// What one cell leaves in the memory of the nodes must not matter to the next.
		if (this.alone) reloadNodes();
		const common = { name: 'fault', host: 'n8n' as const, account: { sid: SID }, steps: [] };
		const settings = waitingNode(mode, { ...fieldsOf(mode, PEOPLE), ...fields });
		const test: Case = { ...common, node: 'exotel', settings };
		const exotel = asPlayed(this.exotel);
		this.#run = new N8nRun(this.stage, exotel, test);
		this.#run.refusesEarly = true;
		this.#run.timesOut = true;
		test.resumeUrl = `${await this.#run.open()}/webhook-waiting/1042?signature=0123456789abcdef`;
		if (!this.alone) return;
		this.#trigger = new N8nRun(this.stage, exotel, { ...common, ...completedCalls });
		await this.search();
	}

	async place({ order }: Order = ONE): Promise<void> {
		this.#order = order;
		await this.#run?.take({ input: { order } });
	}

	async down(how: 'stop' | 'kill'): Promise<void> {
		if (this.#run === null) return;
		this.#run.isDown = true;
		// A waiting execution is stored; one that is being worked on is not.
		this.#crashed ||= how === 'kill' && this.#run.wakesAt === null && finished(this.#run).length === 0;
		await Promise.resolve();
	}

	async up(): Promise<void> {
		if (this.#run === null) return;
		if (this.alone) reloadNodes();
		this.#run.restarted();
		this.#run.isDown = false;
		this.#trigger?.restarted();
		await Promise.resolve();
	}

	wakesAt(): number | null {
		return this.#run === null || this.#run.isDown || this.#crashed ? null : this.#run.wakesAt;
	}

	async wake(): Promise<void> {
		await this.#run?.wake();
	}

	/** True when n8n gave the execution up. */
	get crashed(): boolean {
		return this.#crashed;
	}

	async search(): Promise<void> {
		await this.#trigger?.take({ poll: 'trigger' });
		await this.stage.settle();
	}

	told(): Told[] {
		const order = this.#order;
		if (!this.#crashed)
			return finished(this.#run).map(({ json, at }) => toldOf(json, { by: 'the calling node', order, at }));
		// The trigger finds every ended call; it is counted where nothing else can tell the end.
		return toldByTrigger(this.#trigger).map((told) => ({ ...told, order }));
	}

	progress(): string[] {
		return [];
	}

	problems(): string[] {
		if (this.#crashed) return [];
		return runsOf(this.#run).flatMap(({ error }) => (error === undefined ? [] : [JSON.stringify(error)]));
	}

	close(): Promise<void> {
		this.#run?.close();
		return Promise.resolve();
	}
}

const runsOf = (run: N8nRun | null): Data[] => (run?.recording()['runs'] ?? []) as Data[];

/** What left the node for good. */
function finished(run: N8nRun | null): { json: Data; at: number }[] {
	return runsOf(run).flatMap((one) => {
		if ('waitsUntil' in one) return [];
		const [items = []] = (one['items'] ?? []) as { json: Data }[][];
		return items.map(({ json }) => ({ json, at: run?.endOf(one) ?? 0 }));
	});
}

/** The ends that the Completed Calls Trigger found. */
export function toldByTrigger(trigger: N8nRun | null): Told[] {
	return finished(trigger).map(({ json: { call }, at }) =>
		toldOf(call as Data, { by: 'Completed Calls Trigger', order: null, at }),
	);
}
