/** The end of every call. */
import { note, type CallOutcome } from '../model/call';
import { notify } from './notify';
import type { RunningCall } from './running-call';

/**
 * Ends the call and notifies the subscribers.
 * @param status Exotel's word for it
 */
export async function endCall(running: RunningCall, status: string, outcome: CallOutcome): Promise<void> {
	const { call } = running;
	call.endedAt = call.time;
	call.updatedAt = call.time;
	call.status = status;
	call.outcome = outcome;
	call.conversationSeconds ??= 0;
	if (call.agent?.busyWith === call.sid) call.agent.busyWith = null;
	running.simulation.accounts.peek(call.accountSid)?.free(call.sid);
	note(call, 'terminal', null);
	running.announce();
	await notify(running, 'terminal', null);
	running.releaseAnswer();
}
