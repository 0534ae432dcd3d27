/** Starts a call that the API has accepted, and settles which comes first: the API's answer or the first callback. */
import { callbackBehaviour } from '../model/outcomes';
import { detach } from './detach';
import { decidingNumbers } from './notify';
import { runAhead, waitForAnswer } from './run-ahead';
import { runFlowCall } from './flow-call';
import { runTwoNumbers } from './two-numbers';
import type { RunningCall } from './running-call';
import type { ServerResponse } from 'node:http';

/**
 * Starts the call. Its callbacks wait until the answer has been handed over, however fast the clock – unless the first
 * one has to come before the answer: then the answer waits.
 * @param response the make-call answer; null if nothing has to wait for it
 */
export async function place(running: RunningCall, response: ServerResponse | null): Promise<void> {
	const { call, simulation } = running;
	const subscribed = call.statusCallback !== null || call.eventCallbacks.length > 0;
	const early =
		subscribed && (callbackBehaviour(decidingNumbers(call)) === 'early' || simulation.chaos.strikes('early', call));
	const delivered = early ? runAhead(running) : Promise.resolve();
	if (!early && response !== null) waitForAnswer(running, response);
	const twoNumbers = call.kind === 'numbers' || call.kind === 'agent';
	detach(running, twoNumbers ? runTwoNumbers(running) : runFlowCall(running));
	await delivered;
}
