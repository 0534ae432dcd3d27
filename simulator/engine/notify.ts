/**
 * Decides which callbacks a moment of a call causes, and applies what the dialled numbers and the chaos switches do to
 * them: none, twice, late, in reverse order, before the make-call answer.
 */
import { callbackBehaviour } from '../model/outcomes';
import { shiftToPresent } from './run-ahead';
import { v1StatusCallback, type V1Event } from '../wire/v1-callback';
import { v2StatusCallback } from '../wire/v2-callback';
import type { Call, Party } from '../model/call';
import type { Message } from '../model/delivery';
import type { RunningCall } from './running-call';

/**
 * Notifies the subscribers. The bodies are written at once, so they show the state of this moment.
 * @returns resolves when the first attempts are over
 */
export async function notify(running: RunningCall, event: V1Event, party: Party | null): Promise<void> {
	const { call, simulation } = running;
	if (event === 'ringing' && simulation.chaos.strikes('missingRinging', call)) {
		const leg = call.legs.find((candidate) => candidate.party === party);
		if (leg) leg.ringingUnreported = true;
		return;
	}
	let message = statusCallback(running, event, party);
	if (message && running.aheadOfClock) {
		shiftToPresent(running);
		message = statusCallback(running, event, party);
	}
	if (message) {
		await dispatch(running, message);
		running.releaseAnswer();
	}
	if (event !== 'terminal') return;
	const held = call.heldBack.splice(0).reverse();
	await Promise.all(held.map((late) => send(running, late)));
}

function statusCallback({ call, simulation }: RunningCall, event: V1Event, party: Party | null): Message | null {
	if (call.api === 'v2') return v2StatusCallback(simulation.url, call, event);
	return v1StatusCallback(simulation.wire, call, { event, party, at: call.time });
}

async function dispatch(running: RunningCall, message: Message): Promise<void> {
	const { call, simulation } = running;
	const { chaos } = simulation;
	const behaviour = callbackBehaviour(decidingNumbers(call));
	if (behaviour === 'none' || chaos.strikes('drop', call)) return;
	if (behaviour === 'reversed' || chaos.isOn('reorder', call)) {
		call.heldBack.push(message);
		return;
	}
	const delay = chaos.amount('delaySeconds', call);
	if (delay === 0) return send(running, message);
	simulation.deliveries.later(running, message, { at: call.time + delay * 1000, send: () => send(running, message) });
}

async function send(running: RunningCall, message: Message): Promise<void> {
	const { call, simulation } = running;
	const { chaos, deliveries } = simulation;
	const id = running.nextMessageId();
	const twice = callbackBehaviour(decidingNumbers(call)) === 'twice' || chaos.strikes('duplicate', call);
	const copies = [deliveries.deliver(running, message, { id })];
	if (twice) copies.push(deliveries.deliver(running, message, { id, duplicate: true }));
	await Promise.all(copies);
}

/** The numbers whose digits decide about the callbacks: both of a two-number call, else the customer's. */
export function decidingNumbers(call: Call): string[] {
	return call.kind === 'numbers' || call.kind === 'agent' ? [call.from, call.to] : [call.from];
}
