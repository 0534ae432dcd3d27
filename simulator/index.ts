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
import { readAdvance, readSpeed } from './model/clock';
import { Exchange } from './engine/simulation';
import { settingsFrom, type AgentSettings, type SimulatorOptions } from './model/options';
import { startServer } from './api/server';
import { callRow, callView } from './api/control/views';
import { startInbound } from './engine/inbound';
import type { ChaosSettings } from './engine/chaos';
import type { Flow } from './model/flows';
import type { CallRow, CallView } from './api/control/shapes';

export type { SimulatorOptions, AccountOptions, AgentSettings, Strictness } from './model/options';
export type { Quirks } from './model/quirks';
export type { ChaosSettings, ChaosRule } from './engine/chaos';
export type { Applet, Flow } from './model/flows';
export type { CallRow, CallStage, CallView, DeliveryView, LegView, RecordingView } from './api/control/shapes';
export { OUTCOMES, OTHERWISE, type Outcome } from './model/outcomes';

/** A running simulator. All methods do what the control endpoint of the same name does. */
export interface Simulator {
	/** origin, e.g. `http://127.0.0.1:4010`; serves v1, v2, recordings, control API and page */
	readonly url: string;
	readonly port: number;
	/** simulated time, epoch milliseconds */
	now(): number;
	/** moves the simulated time on; resolves when everything due on the way has happened, deliveries included */
	advance(seconds: number): Promise<void>;
	/** 0 = manual */
	setSpeed(speed: number): void;
	/** waits until no delivery is under way */
	settle(): Promise<void>;
	/** newest first; the rows of `GET /_simulator/api/calls` */
	calls(account?: string): CallRow[];
	/** `{ call, timeline, deliveries, questions, heard }` of one call, or null */
	call(sid: string): CallView | null;
	/**
	 * replaces all switches, or – with an account – that account's only; @throws RangeError naming a switch that does
	 * not exist
	 */
	setChaos(settings: ChaosSettings, account?: string): void;
	/** @throws RangeError naming what is wrong */
	setFlow(id: string, definition: { applets: unknown[] }, account?: string): Flow;
	/** @throws RangeError if the account does not exist */
	setAgents(account: string, agents: AgentSettings[]): void;
	/** a customer rings an ExoPhone; @throws RangeError naming what is wrong */
	inbound(call: { from: string; to: string; flow: string; account?: string; digits?: string | string[] }): string;
	reset(account?: string): void;
	close(): Promise<void>;
}

/**
 * Starts a simulator.
 * @throws RangeError for an option that cannot be used; the listening error (EADDRINUSE, …) if the port is not free
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
	const exchange = new Exchange(settingsFrom(options));
	const server = await startServer(exchange);
	exchange.url = exchange.settings.publicUrl ?? server.url;
	return {
		url: server.url,
		port: server.port,
		now: () => exchange.clock.now(),
		advance: async (seconds) => {
			await exchange.clock.advance(readAdvance(seconds));
			exchange.tell('clock');
		},
		setSpeed: (speed) => {
			exchange.clock.setSpeed(readSpeed(speed));
			exchange.tell('clock');
		},
		settle: () => exchange.clock.settle(),
		calls: (account) =>
			exchange.calls
				.list(account)
				.reverse()
				.map((call) => callRow(call)),
		call: (sid) => {
			const call = exchange.calls.find(sid);
			return call && callView(exchange, call);
		},
		setChaos: (settings, account) => {
			exchange.chaos.set(settings, account);
			exchange.tell('chaos');
		},
		setFlow: (id, definition, account) => {
			const flow = exchange.flows.set(id, definition, account ?? null);
			exchange.tell('flows');
			return flow;
		},
		setAgents: (account, agents) => {
			const found = exchange.accounts.find(account);
			if (!found) throw new RangeError(`no account ${account}`);
			found.setAgents(agents);
		},
		inbound: (call) => {
			const answer = JSON.parse(String(startInbound(exchange, call, call.account).body)) as {
				sid?: string;
				error?: string;
			};
			if (!answer.sid) throw new RangeError(answer.error);
			return answer.sid;
		},
		reset: (account) => exchange.reset(account),
		close: async () => {
			exchange.close();
			await server.close();
		},
	};
}
