/** Runs a call into a flow: rings the first number, then the applets. */
import { end } from '../calls/two-numbers';
import { hangUp, ring } from '../calls/ring';
import type { Call, CallOutcome } from '../calls/call';
import type { Exchange } from '../exchange';

export async function runFlowCall(exchange: Exchange, call: Call): Promise<void> {
	const [first] = call.legs;
	if (!(await ring(exchange, call, first))) return end(exchange, call, first.status as CallOutcome, first.status as CallOutcome);
	call.startedAt = call.time;
	await exchange.pass(call, 6);
	hangUp(call, first);
	return end(exchange, call, 'completed', 'answered');
}
