/**
 * The hosts of the table, in this process on a virtual clock: a Node-RED with a context store on the disk, and n8n's
 * contexts. Both can be stopped, killed and started again with exactly what they had stored.
 */
import type { Case, Data } from '../recorded/case';
import { reloadNodes, Run as N8nRun } from '../recorded/n8n';
import { Door, Run as NodeRedRun, stopNodeRed } from '../recorded/node-red';
import type { PlaysExotel, Stage } from '../recorded/stage';
import { EXO_PHONE, PEOPLE, SID, type FaultyExotel } from './exotel';

/** The three ways to place a call. */
export const modes = ['numbers', 'flow', 'agent'] as const;
export type Mode = (typeof modes)[number];

/** What a flow or workflow was told about how the call went. */
export interface Told {
	sid: string | null;
	outcome: string;
	reason: string | null;
	/** Which node told it. */
	by: 'the calling node' | 'Completed Calls Trigger';
	/** True when the message that placed the call came along, where the host does that. */
	kept: boolean;
}

/** A host with one node that places a call and follows it. */
export interface Host {
	readonly name: 'Node-RED' | 'n8n';
	open(mode: Mode): Promise<void>;
	/** The message that makes the node place the call. */
	place(): Promise<void>;
	/** Stops the host; `kill` leaves it no time to write anything. */
	down(how: 'stop' | 'kill'): Promise<void>;
	/** Starts the host with what it had stored. */
	up(): Promise<void>;
	/** When a workflow is to be woken, milliseconds since 1970; null when none is. */
	wakesAt(): number | null;
	wake(): Promise<void>;
	/** Looks for ends that no report brought, where the host has a node of its own for that. */
	search(): Promise<void>;
	told(): Told[];
	/** Progress of the call as `type party`, in its order. */
	progress(): string[];
	/** Errors, and runs that ended without saying anything. */
	problems(): string[];
	close(): Promise<void>;
}

const KEPT = { order: 4711 };

/** Exotel as the drivers want it. */
const asPlayed = ({ url }: FaultyExotel): PlaysExotel => ({
	url,
	requests: [],
	bodies: [],
	callbackOf: () => '',
});

function toldOf(payload: Data, by: Told['by'], kept: boolean): Told {
	const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
	return {
		sid: text(payload['sid']),
		outcome: String(payload['outcome']),
		reason: text(payload['reason']),
		by,
		kept,
	};
}

const values = {
	numbers: { from: PEOPLE.from, to: PEOPLE.to },
	flow: { from: PEOPLE.from, flowId: '926' },
	agent: { agentContact: PEOPLE.agent, to: PEOPLE.to },
} as const;

type Messages = Record<string, Data[]>;

/** What has been written to a context store: value in JSON by scope and key. It outlives the Node-RED that wrote it. */
type Disk = Map<string, Map<string, string>>;
type Done = (error: Error | null, value?: unknown) => void;

/** A context store of Node-RED that writes through, as one on a disk without a cache does. */
const contextStoreOn = (disk: Disk) => (): object => ({
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

/** A Node-RED. */
export class FaultyNodeRed implements Host {
	readonly name = 'Node-RED';
	readonly #door = new Door();
	readonly #before: Messages[] = [];
	#disk: Disk = new Map();
	#run: NodeRedRun | null = null;
	#url = '';
	#test: Case | null = null;

	constructor(
		readonly stage: Stage,
		readonly exotel: FaultyExotel,
	) {}

	async open(mode: Mode): Promise<void> {
		this.#url = await this.#door.open();
		const fields: Data = { ...values[mode], exoPhone: EXO_PHONE };
		const types = Object.fromEntries(Object.keys(fields).map((name) => [`${name}Type`, 'str']));
		this.#test = {
			name: 'fault',
			host: 'node-red',
			node: 'exotel-make-call',
			account: { publicUrl: this.#url, sid: SID },
			settings: { mode, follow: true, store: 'disk', ...fields, ...types },
			steps: [],
		};
		await this.up();
	}

	async place(): Promise<void> {
		await this.#run?.take({ input: { payload: 'go', ...KEPT } });
	}

	async down(how: 'stop' | 'kill'): Promise<void> {
		if (how === 'kill') {
			// What is on the disk at this moment is all that the next start finds.
			this.#disk = structuredClone(this.#disk);
			this.#before.push(structuredClone(this.#messages()));
			this.#run = null;
		}
		this.#door.app = (request) => void request.socket.destroy();
		await stopNodeRed();
		if (how === 'stop') this.#before.push(this.#messages());
		this.#run = null;
	}

	async up(): Promise<void> {
		if (this.#test === null) throw new Error('Node-RED was not opened');
		const run = new NodeRedRun(this.stage, asPlayed(this.exotel), this.#door, this.#url, this.#test);
		run.contextStorage = { default: { module: 'memory' }, disk: { module: contextStoreOn(this.#disk) } };
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
		return this.#all('output 3').map((message) =>
			toldOf(message['payload'] as Data, 'the calling node', message['order'] === KEPT.order),
		);
	}

	progress(): string[] {
		return this.#all('output 2').map(({ payload }) => {
			const { type, party } = payload as Data;
			return `${String(type)} ${String(party)}`;
		});
	}

	problems(): string[] {
		return this.#all('caught').map(({ error }) => String((error as Data)['message']));
	}

	async close(): Promise<void> {
		await stopNodeRed();
		this.#door.close();
	}

	#messages(): Messages {
		return (this.#run?.recording(null)['messages'] ?? {}) as Messages;
	}

	#all(output: string): Data[] {
		return [...this.#before, this.#messages()].flatMap((messages) => messages[output] ?? []);
	}
}

const operations = { numbers: 'connectNumbers', flow: 'connectFlow', agent: 'connectAgent' } as const;

/** An n8n: one process. */
export class FaultyN8n implements Host {
	readonly name = 'n8n';
	#run: N8nRun | null = null;
	#trigger: N8nRun | null = null;
	/** The execution was worked on when n8n was killed: n8n gives it up. */
	#crashed = false;

	constructor(
		readonly stage: Stage,
		readonly exotel: FaultyExotel,
	) {}

	async open(mode: Mode): Promise<void> {
		// What one cell leaves in the memory of the nodes must not matter to the next.
		reloadNodes();
		const common = { name: 'fault', host: 'n8n' as const, account: { sid: SID }, steps: [] };
		const settings: Data = {
			resource: 'call',
			operation: operations[mode],
			...values[mode],
			exoPhone: { __rl: true, mode: 'number', value: EXO_PHONE },
			waitForOutcome: true,
		};
		const test: Case = { ...common, node: 'exotel', settings };
		const exotel = asPlayed(this.exotel);
		this.#run = new N8nRun(this.stage, exotel, test);
		this.#run.refusesEarly = true;
		this.#run.timesOut = true;
		test.resumeUrl = `${await this.#run.open()}/webhook-waiting/1042?signature=0123456789abcdef`;
		this.#trigger = new N8nRun(this.stage, exotel, {
			...common,
			node: 'exotelCompletedCallsTrigger',
			settings: {},
		});
		await this.search();
	}

	async place(): Promise<void> {
		await this.#run?.take({ input: KEPT });
	}

	async down(how: 'stop' | 'kill'): Promise<void> {
		if (this.#run === null) return;
		this.#run.isDown = true;
		// A waiting execution is stored; one that is being worked on is not.
		this.#crashed = how === 'kill' && this.#run.wakesAt === null;
		await Promise.resolve();
	}

	async up(): Promise<void> {
		if (this.#run === null) return;
		reloadNodes();
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

	async search(): Promise<void> {
		await this.#trigger?.take({ poll: 'trigger' });
		await this.stage.settle();
	}

	told(): Told[] {
		const own = this.#crashed
			? []
			: this.#finished(this.#run).map((json) => toldOf(json, 'the calling node', true));
		// The trigger finds every ended call; it is counted where nothing else can tell the end.
		if (!this.#crashed) return own;
		return this.#finished(this.#trigger).map(({ call }) => toldOf(call as Data, 'Completed Calls Trigger', true));
	}

	progress(): string[] {
		return [];
	}

	problems(): string[] {
		if (this.#crashed) return [];
		return this.#runs(this.#run).flatMap(({ error }) => (error === undefined ? [] : [JSON.stringify(error)]));
	}

	close(): Promise<void> {
		this.#run?.close();
		return Promise.resolve();
	}

	#runs(run: N8nRun | null): Data[] {
		return (run?.recording()['runs'] ?? []) as Data[];
	}

	/** What left the node for good. */
	#finished(run: N8nRun | null): Data[] {
		return this.#runs(run).flatMap((one) => {
			if ('waitsUntil' in one) return [];
			const [items = []] = (one['items'] ?? []) as { json: Data }[][];
			return items.map(({ json }) => json);
		});
	}
}
