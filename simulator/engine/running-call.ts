/** A call that runs in a simulation: it has its own time, which follows the clock. */
import { CallState } from './call-state';
import { newCall, note, type Call, type CallStart } from '../model/call';
import type { Simulation } from './simulation';

/** A call and the simulation it runs in. */
export class RunningCall extends CallState {
	constructor(
		readonly simulation: Simulation,
		call: Call,
	) {
		super(call);
	}

	/**
	 * Lets simulated time pass for the call.
	 * @param seconds whole or broken seconds
	 * @throws the reason of the call's signal if it is forgotten meanwhile
	 */
	async pass(seconds: number): Promise<void> {
		const { call, signal } = this;
		call.time += seconds * 1000;
		if (!this.aheadOfClock) await this.simulation.clock.until(call.time, signal, call.accountSid);
		signal.throwIfAborted();
	}

	/** After real waiting (an applet's answer): the call has got as far as the clock. */
	resume(): void {
		if (!this.aheadOfClock) this.call.time = Math.max(this.call.time, this.simulation.clock.now());
	}

	/** Ends everything that still runs for the call, and frees the numbers it keeps busy. */
	override forget(): void {
		this.simulation.accounts.peek(this.call.accountSid)?.free(this.call.sid);
		super.forget();
	}

	/** Publishes that the call changed. */
	announce(): void {
		this.simulation.announce('call', this.call);
	}
}

/** Opens a call under a fresh SID. */
export function openCall(simulation: Simulation, start: Omit<CallStart, 'sid' | 'createdAt'>): RunningCall {
	const account = simulation.accounts.find(start.accountSid);
	if (!account) throw new Error(`no account ${start.accountSid}`);
	const createdAt = simulation.clock.now();
	let sid = account.random.hex('call');
	// a pinned seed draws the SIDs of restored calls again
	while (simulation.calls.find(sid)) sid = account.random.hex('call');
	const running = new RunningCall(simulation, newCall({ ...start, sid, createdAt }));
	simulation.calls.add(running);
	note(running.call, 'created', null);
	running.announce();
	return running;
}
