/**
 * A call between two numbers (v1) or an agent and a customer (v2): the first leg is rung, then the second, then they
 * talk. Final status: leg 1 not answered → leg 1's; else leg 2's (Exotel fact sheet 2.4).
 */
import { detach } from './detach';
import { endCall } from './end-call';
import { hangUp, ring } from './ring';
import { note, seconds } from '../model/call';
import { notify } from './notify';
import { outcomeOf } from '../model/outcomes';
import type { RunningCall } from './running-call';

/** Runs the call to its end. */
export async function runTwoNumbers(running: RunningCall): Promise<void> {
	const { call } = running;
	const [first, second] = call.legs;

	const firstUnanswered = await ring(running, first, { onRinging: () => notify(running, 'ringing', 'from') });
	if (firstUnanswered) return endCall(running, firstUnanswered, firstUnanswered);
	// seed 000: StartTime moves to the moment leg 1 answered; Duration then includes the ringing of leg 2
	call.startedAt = call.time;
	detach(running, notify(running, 'answered', 'from'));

	const secondUnanswered = await ring(running, second, {
		limitSeconds: Math.min(call.ringLimitSeconds, call.timeLimitSeconds),
		onRinging: () => notify(running, 'ringing', 'to'),
	});
	if (secondUnanswered) {
		hangUp(call, first);
		// the agent gave up while the customer rang: overall failed, second leg canceled (Exotel fact sheet 2.4)
		return endCall(running, secondUnanswered === 'canceled' ? 'failed' : secondUnanswered, secondUnanswered);
	}
	detach(running, notify(running, 'answered', 'to'));

	const planned = Math.min(outcomeOf(call.from).talkSeconds, outcomeOf(call.to).talkSeconds);
	const left = Math.max(0, call.timeLimitSeconds - seconds(call.startedAt, call.time));
	await running.pass(Math.min(planned, left));
	if (left < planned) note(call, 'time-limit', null, `cut after ${call.timeLimitSeconds} s`);
	hangUp(call, second);
	hangUp(call, first);
	call.conversationSeconds = second.onCallSeconds;
	return endCall(running, 'completed', 'answered');
}
