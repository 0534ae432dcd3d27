/**
 * The table of faults on n8n in queue mode: all cells at once on one double of Exotel, each an execution of its own. The
 * faults are those of test/faults; here the time is real, and the processes are killed and stopped for all cells that
 * want it together.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
	completedCalls,
	fieldsOf,
	modes,
	ONE,
	toldOf,
	waitingNode,
	type Host,
	type Mode,
	type Told,
} from '../../faults/call';
import { callOnDouble, connects, openDouble, type FaultyExotel, type People } from '../../faults/exotel';
import { faults, playFault, type Fault } from '../../faults/faults';
import type { Result } from '../../faults/result';
import type { Double } from '../../double/index';
import type { Data } from '../../recorded/case';
import type { Queue } from './queue-stage';
import { begin } from './runs';
import type { Execution, Json, Stored } from './stage';
import { line, node, ours, start, type CredentialReference } from './workflows';

/** What is longer than this is no moment of a call, but time for n8n to tell its end. */
const LONGEST_MOMENT_SECONDS = 60;
/** A second of a call takes so long here. */
const SECOND_MS = 100;
/** n8n's time to tell what became of a call: a job whose worker died is given up after two minutes. */
const PATIENCE_SECONDS = 300;
/** Executions that are being started at once: more would time out on a busy machine. */
const STARTING = 4;
/** One step of a wait: Exotel is asked once, at its end. */
const WAIT_MINUTES = 1.25;

/** One cell of the column. */
export interface Cell {
	fault: Fault;
	mode: Mode;
}

/** Something that is done once, when all cells it is for have come to it. */
class Together {
	/** Resolves when it was done. */
	readonly done: Promise<void>;
	/** One of them will not come. */
	fail: (error: unknown) => void = () => undefined;
	#missing: number;
	#act: () => void = () => undefined;

	constructor(count: number, act: () => Promise<void>) {
		this.#missing = count;
		this.done = new Promise((resolve, reject) => {
			this.fail = reject;
			this.#act = () => void act().then(resolve, reject);
		});
		// Whoever waits hears of it.
		this.done.catch(() => undefined);
	}

	reach(): Promise<void> {
		this.#missing -= 1;
		if (this.#missing === 0) this.#act();
		return this.done;
	}
}

/** Runs work, so much of it at a time. */
function inTurns(count: number): (work: () => Promise<void>) => Promise<void> {
	const lanes = Array.from({ length: count }, () => Promise.resolve());
	let next = 0;
	return (work) => {
		const lane = next % count;
		next += 1;
		const done = (lanes[lane] ?? Promise.resolve()).then(work);
		lanes[lane] = done.catch(() => undefined);
		return done;
	};
}

/** One of the three workflows that place calls. */
interface Placing {
	workflow: Stored;
	path: string;
}

/** What the executions of the workflows have come to; asked for all of them at once. */
class Executions {
	readonly #status = new Map<string, string>();
	#found: Told[] = [];
	#stopped = false;
	#running: Promise<void> = Promise.resolve();

	constructor(
		readonly queue: Queue,
		readonly placing: readonly Placing[],
		readonly trigger: Stored,
	) {}

	start(): void {
		const turn = async (): Promise<void> => {
			while (!this.#stopped) {
				// The main process is stopped for some time.
				await this.look().catch(() => undefined);
				await sleep(500);
			}
		};
		this.#running = turn();
	}

	async stop(): Promise<void> {
		this.#stopped = true;
		await this.#running;
	}

	async look(): Promise<void> {
		const { client } = this.queue;
		for (const { workflow } of this.placing)
			for (const { id, status } of await client.executions(workflow)) this.#status.set(id, status);
		const states = [...this.#status.values()];
		if (!states.some((status) => isGivenUp(status))) return;
		const events: Json[] = [];
		for (const { id, status } of await client.executions(this.trigger))
			if (status === 'success') events.push(...outputsOf(await client.execution(id), 'Trigger'));
		this.#found = events.map(({ call }) =>
			toldOf(call as Data, { by: 'Completed Calls Trigger', order: null, at: 0 }),
		);
	}

	status(id: string | null): string | null {
		return id === null ? null : (this.#status.get(id) ?? null);
	}

	/** The ends of this call that the trigger found. */
	found(sid: string | null): Told[] {
		return this.#found.filter((told) => told.sid === sid);
	}
}

/** The states of an execution that is not parked and not over, and of one that is not over; null: not seen yet. */
const UNPARKED: readonly (string | null)[] = ['new', 'running', null];
const UNFINISHED: readonly (string | null)[] = [...UNPARKED, 'waiting'];

const isGivenUp = (status: string): boolean => ['crashed', 'error', 'canceled'].includes(status);

/** All that a node gave out, in each of its runs. */
const outputsOf = (execution: Execution, name: string): Json[] =>
	(execution.runData[name] ?? []).flatMap(({ data }) => (data?.main?.[0] ?? []).map(({ json }) => json));

/** What one cell needs of the column. */
interface Board {
	queue: Queue;
	double: Double;
	executions: Executions;
	placing: Record<Mode, Placing>;
	/** Runs this when its turn has come. */
	starting: (work: () => Promise<void>) => Promise<void>;
	down: Record<'kill' | 'stop', Together>;
	up: Record<'kill' | 'stop', Together>;
}

/** One execution. */
class QueueCell implements Host {
	readonly name = 'n8n';
	readonly exotel: FaultyExotel;
	#told: Told[] = [];
	#problems: string[] = [];
	#how: 'kill' | 'stop' | null = null;

	constructor(
		readonly board: Board,
		readonly cell: Cell,
		readonly people: People,
	) {
		this.exotel = callOnDouble(board.double, people, () => Promise.resolve());
	}

	async play(): Promise<Result> {
		const { fault, mode } = this.cell;
		const { exotel } = this;
		try {
			await playFault(fault, {
				host: this,
				exotel,
				mode,
				pass: (seconds) => this.#pass(seconds),
				place: () => this.place(),
			});
		} catch (error) {
			for (const gates of [this.board.down, this.board.up])
				for (const gate of Object.values(gates)) if (fault.stopsHost !== undefined) gate.fail(error);
			throw error;
		}
		return {
			rings: exotel.rings(),
			sid: exotel.sid(),
			told: this.told(),
			progress: this.progress(),
			problems: this.problems(),
			repeatsReports: exotel.repeatsReports,
			// On a busy machine n8n may take longer than a second.
			reportedAt: null,
		};
	}

	/** Reads again what came of it: by now everything has happened. */
	async read(): Promise<Told[]> {
		await this.#read();
		return this.told();
	}

	open(): Promise<void> {
		return Promise.resolve();
	}

	async place(): Promise<void> {
		const { queue, placing } = this.board;
		const { fault, mode } = this.cell;
		await this.board.starting(() => begin(queue, placing[mode].path, [{ ...ONE, ...fieldsOf(mode, this.people) }]));
		await queue.until(() => this.exotel.received(), `the request of ${fault.name}, ${mode} came`, PATIENCE_SECONDS);
		if (fault.trouble.answer === 'none') return;
		// On a busy machine the node may not get to read the call before it waits; then its end is told a step later.
		const under = fault.trouble.reports === 'before-answer' ? UNFINISHED : UNPARKED;
		await queue.until(
			() => !under.includes(this.#status()),
			`the execution of ${fault.name}, ${mode} waits`,
			PATIENCE_SECONDS,
		);
		await this.#read();
	}

	async down(how: 'stop' | 'kill'): Promise<void> {
		this.#how = how;
		await this.board.down[how].reach();
	}

	async up(): Promise<void> {
		if (this.#how !== null) await this.board.up[this.#how].reach();
	}

	wakesAt(): null {
		return null;
	}

	wake(): Promise<void> {
		return Promise.resolve();
	}

	/** The trigger searches by itself, every minute. */
	async search(): Promise<void> {
		if (isGivenUp(this.#status() ?? ''))
			await this.board.queue.until(
				() => this.board.executions.found(this.exotel.sid()).length > 0,
				`${this.cell.fault.name}, ${this.cell.mode}: the trigger finds the end`,
				150,
			);
		await this.#read();
	}

	told(): Told[] {
		return this.#told;
	}

	progress(): string[] {
		return [];
	}

	problems(): string[] {
		return this.#problems;
	}

	close(): Promise<void> {
		return Promise.resolve();
	}

	async #pass(seconds: number): Promise<void> {
		if (seconds <= LONGEST_MOMENT_SECONDS) return void (await sleep(seconds * SECOND_MS));
		const isOver = (): boolean => !UNFINISHED.includes(this.#status());
		const { fault, mode } = this.cell;
		await this.board.queue.until(isOver, `${fault.name}, ${mode}: n8n has told an end`, PATIENCE_SECONDS);
	}

	async #read(): Promise<void> {
		const id = this.#id();
		const status = this.#status();
		if (id === null || status === null) return;
		const execution = await this.board.queue.client.execution(id);
		if (isGivenUp(status)) {
			// What was worked on when its process was killed is given up; anything else that failed is an error.
			if (this.cell.fault.stopsHost !== 'killed') this.#problems = [JSON.stringify(execution.error ?? status)];
			this.#told = this.board.executions.found(this.exotel.sid()).map((told) => ({ ...told, ...ONE }));
			return;
		}
		this.#told = outputsOf(execution, 'After').map((json) =>
			toldOf(json, { by: 'the calling node', order: Number(json['order']), at: 0 }),
		);
	}

	/** The execution, which is in the address for reports. */
	#id(): string | null {
		const call = this.board.double.calls.find((one) => connects(one, this.people));
		const address = call?.subscriptions[0]?.url ?? call?.defaultCallback ?? '';
		return /\/webhook-waiting\/(\d+)\//.exec(address)?.[1] ?? null;
	}

	#status(): string | null {
		return this.board.executions.status(this.#id());
	}
}

/** A published workflow that places the call it is told to, waits, and says which message that was. */
async function placingWorkflow(queue: Queue, mode: Mode, account: CredentialReference): Promise<Placing> {
	const { path, nodes } = start();
	const names = Object.keys(fieldsOf(mode, { from: '', to: '', agent: '' }));
	const fields = Object.fromEntries(names.map((name) => [name, `={{ $json.${name} }}`]));
	const settings = { ...waitingNode(mode, fields), waitMinutes: WAIT_MINUTES };
	const order = { id: randomUUID(), name: 'order', type: 'number', value: "={{ $('Items').item.json.order }}" };
	const workflow = await queue.live(
		line(`Faults: ${mode}`, [
			...nodes,
			ours('Exotel', 'exotel', settings, { exotelVoiceApi: account }),
			node('After', 'n8n-nodes-base.set', 3.4, {
				includeOtherFields: true,
				assignments: { assignments: [order] },
				options: {},
			}),
		]),
	);
	return { workflow, path };
}

/** Numbers that no other cell has; a search of the output for numbers finds them. */
const peopleOf = (index: number): People => {
	const digits = String(index).padStart(2, '0');
	return { from: `+9198123101${digits}`, to: `+9198123102${digits}`, agent: `+9198123103${digits}` };
};

/** The name of a cell within the column. */
export const cellKey = ({ fault, mode }: Cell): string => `${fault.name} · ${mode}`;

/** Plays the whole column; what came of each cell, or the error that kept it from its end. */
export async function playColumn(queue: Queue): Promise<Map<string, Result | Error>> {
	const double = await openDouble();
	const { sid, key, token } = double.account;
	const account = await queue.client.createCredential('exotelVoiceApi', 'The double', {
		region: 'custom',
		baseUrl: double.origin,
		sid,
		apiKey: key,
		apiToken: token,
		timeZone: 'Asia/Kolkata',
		defaultCountry: 'IN',
	});
	const placing: Record<Mode, Placing> = {
		numbers: await placingWorkflow(queue, 'numbers', account),
		flow: await placingWorkflow(queue, 'flow', account),
		agent: await placingWorkflow(queue, 'agent', account),
	};
	const polling = { ...completedCalls.settings, pollTimes: { item: [{ mode: 'everyMinute' }] } };
	const trigger = await queue.live(
		line('Faults: ended calls', [
			ours('Trigger', completedCalls.node, polling, { exotelVoiceApi: account }),
			node('After', 'n8n-nodes-base.noOp', 1),
		]),
	);
	const executions = new Executions(queue, Object.values(placing), trigger);
	const each = modes.length;
	const board: Board = {
		queue,
		double,
		executions,
		placing,
		starting: inTurns(STARTING),
		down: {
			kill: new Together(each, () => queue.killWorkers()),
			stop: new Together(each, () => queue.stopAll()),
		},
		up: {
			kill: new Together(each, async () => {
				await Promise.all([queue.startWorker(), queue.startWorker()]);
			}),
			stop: new Together(each, () => queue.startAll()),
		},
	};
	const cells = faults.flatMap((fault) => modes.map((mode) => ({ fault, mode })));
	const all = cells.map((cell, index) => {
		const people = peopleOf(index);
		double.account.agents.push({
			userId: `agent ${index}`,
			name: null,
			contactUri: people.agent,
			device: 'free',
		});
		return new QueueCell(board, cell, people);
	});
	const results = new Map<string, Result | Error>();
	const playAll = (playing: QueueCell[]): Promise<unknown> =>
		Promise.all(
			playing.map(async (one) => {
				const result = await one
					.play()
					.catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
				results.set(cellKey(one.cell), result);
			}),
		);
	const of = (stopsHost: Fault['stopsHost']): QueueCell[] =>
		all.filter(({ cell }) => cell.fault.stopsHost === stopsHost);
	executions.start();
	try {
		// Nothing else is worked on while processes are stopped or killed.
		const restarted = playAll(of('restarted'));
		await board.up.stop.done;
		const killed = playAll(of('killed'));
		await board.up.kill.done;
		await Promise.all([restarted, killed, playAll(of(undefined))]);
		await executions.look();
		for (const one of all) {
			const result = results.get(cellKey(one.cell));
			if (result !== undefined && !(result instanceof Error))
				Object.assign(result, { told: await one.read(), rings: one.exotel.rings() });
		}
	} finally {
		await executions.stop();
		await double.close();
	}
	return results;
}
