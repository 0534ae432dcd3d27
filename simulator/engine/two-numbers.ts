/**
 * A call between two numbers (v1) or an agent and a customer (v2): the first leg is rung, then the second, then they
 * talk. Final status: leg 1 not answered → leg 1's; else leg 2's (facts 2.4).
 */
import { detach } from './detach';
import { endCall } from './end-call';
import { hangUp, ring } from './ring';
import { note, noteHeard, seconds } from '../model/call';
import { notify } from './notify';
import { talkSecondsOf } from '../model/outcomes';
import { playSound } from './sounds';
import { sameLine } from '../model/phone-numbers';
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
	if (call.waitUrl !== null) detach(running, playSound(running, call.waitUrl, 'the normal ringing tone'));

	const secondUnanswered = await ring(running, second, {
		limitSeconds: Math.min(call.ringLimitSeconds, call.timeLimitSeconds),
		// who calls their own number is on that line already; a placeholder of the documentation is no number
		inUse: sameLine(first.number, second.number) && !/X/i.test(first.number),
		onRinging: () => notify(running, 'ringing', 'to'),
	});
	if (secondUnanswered) {
		hangUp(call, first);
		// the agent gave up while the customer rang: overall failed, second leg canceled (facts 2.4)
		return endCall(running, secondUnanswered === 'canceled' ? 'failed' : secondUnanswered, secondUnanswered);
	}
	detach(running, notify(running, 'answered', 'to'));
	playAnnouncement(running);

	const planned = talkSecondsOf(call.from, call.to, running.simulation.settings.quirks.talkSeconds);
	const left = Math.max(0, call.timeLimitSeconds - seconds(call.startedAt, call.time));
	await running.pass(Math.min(planned, left));
	if (left < planned) note(call, 'time-limit', null, `cut after ${call.timeLimitSeconds} s`);
	hangUp(call, second);
	hangUp(call, first);
	call.conversationSeconds = second.onCallSeconds;
	return endCall(running, 'completed', 'answered');
}

/** The announcement at the start: the callee, or both, hear it before they talk. */
function playAnnouncement(running: RunningCall): void {
	const { call } = running;
	if (!call.startPlayback) return;
	const { to, url } = call.startPlayback;
	if (to === 'both') detach(running, playSound(running, url, 'nothing at the start'));
	else noteHeard(call, `a short silence while the other side hears the sound ${url}`);
}
