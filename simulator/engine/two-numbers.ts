/**
 * A call between two numbers (v1) or an agent and a customer (v2): the first leg is rung, then the second, then they
 * talk. Final status: leg 1 not answered → leg 1's; else leg 2's (Exotel fact sheet 2.4).
 */
import { notify } from './notify';
import { outcomeOf } from '../model/outcomes';
import { hangUp, ring } from './ring';
import { inBackground } from './detach';
import { releaseAnswer } from './run-ahead';
import { note, seconds, type Call, type CallOutcome } from '../model/call';
import type { Exchange } from './simulation';

/** Runs the call to its end. */
export async function runTwoNumbers(exchange: Exchange, call: Call): Promise<void> {
	const [first, second] = call.legs;
	const tell = (event: 'ringing' | 'answered', party: 'from' | 'to') => notify(exchange, call, event, party);

	if (!(await ring(exchange, call, first, { onRinging: () => tell('ringing', 'from') }))) {
		return end(exchange, call, first.status as CallOutcome, first.status as CallOutcome);
	}
	// seed 000: StartTime moves to the moment leg 1 answered; Duration then includes the ringing of leg 2
	call.startedAt = call.time;
	inBackground(call, tell('answered', 'from'));

	const limit = Math.min(call.ringLimitSeconds, call.timeLimitSeconds);
	if (!(await ring(exchange, call, second, { limitSeconds: limit, onRinging: () => tell('ringing', 'to') }))) {
		const ended = second.status as CallOutcome;
		hangUp(call, first);
		// the agent gave up while the customer rang: overall failed, second leg canceled (Exotel fact sheet 2.4)
		return end(exchange, call, ended === 'canceled' ? 'failed' : ended, ended);
	}
	inBackground(call, tell('answered', 'to'));

	const wanted = Math.min(outcomeOf(call.from).talkSeconds, outcomeOf(call.to).talkSeconds);
	const left = Math.max(0, call.timeLimitSeconds - seconds(call.startedAt, call.time));
	await exchange.pass(call, Math.min(wanted, left));
	if (left < wanted) note(call, 'time-limit', null, `cut after ${call.timeLimitSeconds} s`);
	hangUp(call, second);
	hangUp(call, first);
	call.conversationSeconds = second.onCallSeconds;
	return end(exchange, call, 'completed', 'answered');
}

/** Ends the call and tells the subscribers. */
export async function end(exchange: Exchange, call: Call, status: string, outcome: CallOutcome): Promise<void> {
	call.endedAt = call.time;
	call.updatedAt = call.time;
	call.status = status;
	call.outcome = outcome;
	call.conversationSeconds ??= 0;
	if (call.agent?.busyWith === call.sid) call.agent.busyWith = null;
	note(call, 'terminal', null);
	exchange.announce('call', call);
	await notify(exchange, call, 'terminal', null);
	releaseAnswer(call);
}
