/** Starts a call that the API has accepted, and settles which comes first: the API's answer or the first callback. */
import { inBackground } from './detach';
import { afterAnswer, hurry } from './run-ahead';
import { callbackManner } from '../model/outcomes';
import { dialled } from './notify';
import { runFlowCall } from './flow-call';
import { runTwoNumbers } from './two-numbers';
import type { Call } from '../model/call';
import type { Exchange } from './simulation';
import type { ServerResponse } from 'node:http';

/**
 * Starts the call. Its callbacks wait until the answer has been handed over, however fast the clock – unless the first
 * one has to come before the answer: then the answer waits.
 * @param response the make-call answer; null if nothing has to wait for it
 */
export async function place(exchange: Exchange, call: Call, response: ServerResponse | null): Promise<void> {
	const listened = call.statusCallback !== null || call.eventCallbacks.length > 0;
	const early = listened && (callbackManner(dialled(call)) === 'early' || exchange.chaos.strikes('early', call));
	const delivered = early ? hurry(call) : Promise.resolve();
	if (!early && response !== null) afterAnswer(call, response);
	inBackground(
		call,
		call.kind === 'numbers' || call.kind === 'agent' ? runTwoNumbers(exchange, call) : runFlowCall(exchange, call),
	);
	await delivered;
}
