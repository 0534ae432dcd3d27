/**
 * The programmatic entry of the Exotel simulator.
 *
 * ```ts
 * const simulator = await startSimulator({ port: 0, speed: 0 });
 * // … point a client at simulator.url, then:
 * await simulator.advance(60);
 * await simulator.close();
 * ```
 */
import * as controls from './engine/controls';
import { callRow, callView } from './api/control/views';
import { DataFile, readDataFile } from './engine/data-file';
import { restore } from './engine/restore';
import { settingsFrom, type AgentSettings, type SimulatorOptions } from './model/options';
import { Simulation } from './engine/simulation';
import { startServer } from './api/server';
import type { CallRow, CallView } from './api/control/shapes';
import type { ChaosSettings } from './engine/chaos';
import type { Flow } from './model/flow';

export type { SimulatorOptions, AccountOptions, AgentSettings, FlowOptions, Strictness } from './model/options';
export type { Quirks } from './model/quirks';
export type { ChaosSettings, ChaosRule } from './engine/chaos';
export type { Applet, Flow } from './model/flow';
export type { CallRow, CallStage, CallView, DeliveryView, LegView, RecordingView } from './api/control/shapes';
export { OUTCOMES, OTHERWISE, type Outcome } from './model/outcomes';

/** A running simulator. All methods do what the control endpoint of the same name does. */
export interface Simulator {
	/** Origin, e.g. `http://127.0.0.1:4010`; serves v1, v2, recordings, control API and page. */
	readonly url: string;
	readonly port: number;
	/** Simulated time, epoch milliseconds. */
	now(): number;
	/** Moves the simulated time on; resolves when everything due on the way has happened, deliveries included. */
	advance(seconds: number): Promise<void>;
	/** 0 = manual. */
	setSpeed(speed: number): void;
	/** Waits until no delivery is under way. */
	settle(): Promise<void>;
	/** Newest first; the rows of `GET /_simulator/api/calls`. */
	calls(account?: string): CallRow[];
	/** `{ call, timeline, deliveries, questions, heard }` of one call, or null. */
	call(sid: string): CallView | null;
	/**
	 * Replaces all switches, or – with an account – that account's only; @throws RangeError naming a switch that does
	 * not exist
	 */
	setChaos(settings: ChaosSettings, account?: string): void;
	/** Every flow, as `setFlows` and `addFlows` take them. */
	flows(): { flows: Flow[] };
	/** The flow of one account, or – without an account – of all; @throws RangeError if there is none. */
	flow(id: string, account?: string): Flow;
	/** @throws RangeError naming what is wrong */
	setFlow(id: string, definition: { applets: unknown[] }, account?: string): Flow;
	/**
	 * Replaces all flows: `{ flows: [{ id, account?, applets }, …] }`, or one flow with its id. If one of them is wrong
	 * nothing changes; @throws RangeError naming what is wrong
	 */
	setFlows(document: unknown): Flow[];
	/** As `setFlows`, but flows that the document does not name stay. */
	addFlows(document: unknown): Flow[];
	/** @throws RangeError if the account does not exist */
	setAgents(account: string, agents: AgentSettings[]): void;
	/** A customer rings an ExoPhone; @throws RangeError naming what is wrong. */
	inbound(call: { from: string; to: string; flow: string; account?: string; digits?: string | string[] }): string;
	reset(account?: string): void;
	close(): Promise<void>;
}

/**
 * Starts a simulator.
 * @throws RangeError for an option or a data file that cannot be used; the listening error (EADDRINUSE, …) if the port
 *   is not free
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
	const settings = settingsFrom(options);
	const saved = settings.dataFile === null ? null : readDataFile(settings.dataFile);
	// the time never goes back behind what has been saved, unless the caller says where it begins
	if (saved && options.startTime === undefined) settings.startTime = Math.max(settings.startTime, saved.now);
	const simulation = new Simulation(settings);
	const server = await startServer(simulation);
	simulation.url = settings.publicUrl ?? server.url;
	if (saved) restore(simulation, saved);
	controls.setFlows(simulation, { flows: settings.flows }, 'keep');
	const dataFile = settings.dataFile === null ? null : new DataFile(simulation, settings.dataFile);
	return {
		url: server.url,
		port: server.port,
		now: () => simulation.clock.now(),
		advance: (seconds) => controls.advance(simulation, seconds),
		setSpeed: (speed) => controls.setSpeed(simulation, speed),
		settle: () => simulation.clock.settle(),
		calls: (account) =>
			simulation.calls
				.list(account)
				.reverse()
				.map((call) => callRow(call)),
		call: (sid) => {
			const call = simulation.calls.find(sid);
			return call && callView(simulation.wire, call);
		},
		setChaos: (settings, account) => controls.setChaos(simulation, settings, account),
		setFlow: (id, definition, account) => controls.setFlow(simulation, id, definition, account),
		flows: () => ({ flows: simulation.flows.list() }),
		flow: (id, account) => controls.getFlow(simulation, id, account),
		setFlows: (document) => controls.setFlows(simulation, document, 'remove'),
		addFlows: (document) => controls.setFlows(simulation, document, 'keep'),
		setAgents: (account, agents) => void controls.setAgents(simulation, account, agents),
		inbound: (call) => controls.startInbound(simulation, call, call.account).sid,
		reset: (account) => simulation.reset(account),
		close: async () => {
			await dataFile?.close();
			simulation.close();
			await server.close();
		},
	};
}
