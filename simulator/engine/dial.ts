/**
 * Rings the agents of a Connect applet, one after the other or several at once, and connects the caller to the first
 * who answers. The number table decides who answers; a number ending in 04 means here that the caller gives up.
 */
import { hangUp, ring } from './ring';
import { markBusy, mayRing, release } from './agents';
import { musicOnHold, playbackText } from './connect-consequence';
import { newLeg, noteHeard, seconds } from '../model/call';
import { talkSecondsOf } from '../model/outcomes';
import { ringTogether } from './ring-together';
import { sendAgentEvent } from './agent-events';
import type { Dialling } from './dialling';

/** What came of one round of ringing. */
export type DialResult = 'talked' | 'nobody-answered' | 'nobody-dialled' | 'caller-gone';

/** Rings those who can be rung; resolves when the conversation is over or nobody is left. */
export async function dial(dialling: Dialling): Promise<DialResult> {
	const { running, run, plan } = dialling;
	const reachable = plan.rings.filter((number) => mayRing(dialling, number));
	if (reachable.length === 0) return 'nobody-dialled';
	noteHeard(running.call, musicOnHold(plan, 'music on hold'));
	for (let start = 0; start < reachable.length; start += plan.atOnce) {
		const [first, ...others] = reachable.slice(start, start + plan.atOnce);
		if (first === undefined) break;
		const answered =
			others.length === 0 ? await ringOne(dialling, first) : await ringTogether(dialling, [first, ...others]);
		if (answered) return talk(dialling);
		if (run.callerGone) return 'caller-gone';
	}
	return 'nobody-answered';
}

async function ringOne(dialling: Dialling, number: string): Promise<boolean> {
	const { running, run, plan } = dialling;
	const { call } = running;
	const leg = newLeg('to', number);
	const dialledAt = call.time;
	call.legs[1] = leg;
	markBusy(dialling, number);
	sendAgentEvent(dialling, 'Dial', number);
	const unanswered = await ring(running, leg, {
		limitSeconds: plan.ringSeconds,
		onRinging: () => sendAgentEvent(dialling, 'Ringing', number),
	});
	if (!unanswered) {
		sendAgentEvent(dialling, 'Answered', number);
		return true;
	}
	release(dialling, number);
	sendAgentEvent(dialling, 'Terminal', number);
	run.callerGone = unanswered === 'canceled';
	run.dialled = { status: unanswered, number, seconds: seconds(dialledAt, call.time), talkSeconds: 0 };
	return false;
}

async function talk(dialling: Dialling): Promise<'talked'> {
	const { running, run, plan } = dialling;
	const { call } = running;
	const leg = call.legs[1];
	if (plan.playback) {
		const what = playbackText(plan.playback);
		const both = plan.playback.to === 'both';
		noteHeard(call, both ? `${what} (the agent hears it too)` : `a short silence while the agent hears ${what}`);
	}
	noteHeard(call, `${leg.number} speaking`);
	const planned = talkSecondsOf(leg.number, call.from, running.simulation.settings.quirks.talkSeconds);
	const spent = seconds(call.startedAt, call.time);
	const allowed = Math.max(0, Math.min(plan.conversationSeconds, call.timeLimitSeconds - spent));
	await running.pass(Math.min(planned, allowed));
	if (plan.record) {
		call.record = true;
		call.recordingChannels = plan.recordingChannels;
	}
	hangUp(call, leg);
	const talkSeconds = leg.onCallSeconds ?? 0;
	call.conversationSeconds = (call.conversationSeconds ?? 0) + talkSeconds;
	run.dialled = {
		status: 'completed',
		number: leg.number,
		seconds: seconds(leg.dialledAt ?? call.time, call.time),
		talkSeconds,
	};
	if (plan.stickyAgent) running.simulation.accounts.find(call.accountSid)?.setStickyAgent(call.from, leg.number);
	release(dialling, leg.number);
	sendAgentEvent(dialling, 'Terminal', leg.number);
	return 'talked';
}
