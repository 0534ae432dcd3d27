/**
 * Rings the agents of a Connect applet, one after the other or several at once, and lets the first who answers talk to
 * the caller. The number table decides who answers; a number ending in 04 means here that the caller gives up.
 */
import { e164, sameLine } from '../model/phone-numbers';
import { GIVE_UP_SECONDS, outcomeOf } from '../model/outcomes';
import { hangUp, NETWORK_SECONDS, ring } from './ring';
import { hears, newLeg, note, seconds, type Call, type Leg } from '../model/call';
import { tellAgentEvent, type AgentEvent } from './agent-events';
import { agentObstacle, type Agent } from '../model/accounts';
import type { ConnectPlan } from '../wire/connect-answer';
import type { Exchange } from './simulation';
import type { FlowRun } from '../model/flow-run';

/** What came of one round of ringing. */
export type DialResult = 'talked' | 'nobody-answered' | 'nobody-dialled' | 'caller-gone';

/** Rings those who can be rung; resolves when the talk is over or nobody is left. */
export async function dial(
	exchange: Exchange,
	run: FlowRun,
	plan: ConnectPlan,
	version: '1.0' | '1.1',
): Promise<DialResult> {
	const { call } = run;
	const reachable = plan.rings.filter((number) => mayRing(exchange, call, number, plan));
	if (reachable.length === 0) return 'nobody-dialled';
	hearsWhileWaiting(call, plan);
	for (let start = 0; start < reachable.length; start += plan.atOnce) {
		const batch = reachable.slice(start, start + plan.atOnce);
		const answered =
			batch.length === 1
				? await ringOne(exchange, run, plan, version, batch[0])
				: await ringTogether(exchange, run, plan, version, batch);
		if (answered) return talk(exchange, run, plan, version);
		if (run.callerGone) return 'caller-gone';
	}
	return 'nobody-answered';
}

/** Known agents are looked at whatever the answer says; with state management everybody becomes one (seed 003). */
function mayRing(exchange: Exchange, call: Call, number: string, plan: ConnectPlan): boolean {
	const agent = agentFor(exchange, call, number, plan);
	const obstacle = agent && agentObstacle(agent);
	if (!obstacle) return true;
	note(call, 'not-dialled', 'to', `${number}: error ${obstacle}`);
	return false;
}

function agentFor(exchange: Exchange, call: Call, number: string, plan: ConnectPlan): Agent | null {
	const account = exchange.accounts.find(call.accountSid);
	const known = account?.agents.find((agent) => sameLine(agent.contact, number)) ?? null;
	return known ?? (plan.stateManagement ? (account?.agentByContact(number) ?? null) : null);
}

function hearsWhileWaiting(call: Call, plan: ConnectPlan): void {
	const { type, value } = plan.musicOnHold;
	const music =
		type === 'operator_tone'
			? "the operator's ringing tone"
			: type === 'custom_tone'
				? `music on hold from ${value}`
				: "Exotel's music on hold";
	hears(call, music);
}

async function ringOne(
	exchange: Exchange,
	run: FlowRun,
	plan: ConnectPlan,
	version: '1.0' | '1.1',
	number: string,
): Promise<boolean> {
	const { call } = run;
	const leg = startLeg(exchange, call, number, plan);
	const tell = teller(exchange, call, plan, version);
	tell('Dial', number);
	const answered = await ring(exchange, call, leg, {
		limitSeconds: plan.ringSeconds,
		onRinging: () => tell('Ringing', number),
	});
	if (answered) {
		tell('Answered', number);
		return true;
	}
	release(exchange, call, number, plan);
	tell('Terminal', number);
	run.callerGone = leg.status === 'canceled';
	run.dialled = {
		status: leg.status ?? 'failed',
		number,
		seconds: seconds(leg.dialledAt as number, call.time),
		talkSeconds: 0,
	};
	return false;
}

/** All of a batch ring; the first to answer gets the caller, the others stop ringing. */
async function ringTogether(
	exchange: Exchange,
	run: FlowRun,
	plan: ConnectPlan,
	version: '1.0' | '1.1',
	batch: string[],
): Promise<boolean> {
	const { call } = run;
	const tell = teller(exchange, call, plan, version);
	const dialledAt = call.time;
	const courses = batch.map((number) => ({ number, ...courseOf(number, plan.ringSeconds) }));
	// while several ring, the first of them stands for the second leg
	const shown = Object.assign(newLeg('to', batch[0]), { dialledAt, status: 'in-progress' } satisfies Partial<Leg>);
	call.legs[1] = shown;
	for (const { number } of courses) {
		agentFor(exchange, call, number, plan);
		markBusy(exchange, call, number, plan);
		note(call, 'dial', 'to', number);
		tell('Dial', number);
	}
	await exchange.pass(call, NETWORK_SECONDS);
	for (const { number, rings } of courses) {
		if (!rings) continue;
		shown.ringingAt = call.time;
		note(call, 'ringing', 'to', number);
		tell('Ringing', number);
	}
	exchange.announce('call', call);
	const winner = courses.filter(({ answers }) => answers).sort((one, other) => one.after - other.after)[0];
	const last = winner ?? courses.reduce((latest, course) => (course.after > latest.after ? course : latest));
	await exchange.pass(call, last.after - NETWORK_SECONDS);
	const leg = newLeg('to', last.number);
	call.legs[1] = Object.assign(leg, {
		dialledAt,
		ringingAt: last.rings ? dialledAt + NETWORK_SECONDS * 1000 : null,
		ringingSeconds: last.rings ? last.after - NETWORK_SECONDS : 0,
	} satisfies Partial<Leg>);
	for (const course of courses) {
		if (course === winner) continue;
		note(call, winner && course.rings ? 'canceled' : course.ends, 'to', course.number);
		release(exchange, call, course.number, plan);
		tell('Terminal', course.number);
	}
	if (winner) {
		leg.status = 'in-progress';
		leg.answeredAt = call.time;
		note(call, 'answered', 'to', winner.number);
		tell('Answered', winner.number);
		return true;
	}
	leg.status = last.ends as Leg['status'];
	leg.endedAt = call.time;
	leg.onCallSeconds = 0;
	run.dialled = { status: last.ends, number: last.number, seconds: seconds(dialledAt, call.time), talkSeconds: 0 };
	return false;
}

/** What one of several agents does, and after how many seconds from dialling. */
function courseOf(number: string, limit: number): { rings: boolean; answers: boolean; after: number; ends: string } {
	const outcome = outcomeOf(number);
	if (outcome.leg === 'busy' || outcome.leg === 'failed')
		return { rings: false, answers: false, after: NETWORK_SECONDS, ends: outcome.leg };
	const answers = outcome.leg === 'answers' && outcome.ringSeconds <= limit;
	if (answers) return { rings: true, answers, after: NETWORK_SECONDS + outcome.ringSeconds, ends: 'completed' };
	const givesUp = outcome.leg === 'canceled' && GIVE_UP_SECONDS < limit;
	return { rings: true, answers, after: NETWORK_SECONDS + (givesUp ? GIVE_UP_SECONDS : limit), ends: 'no-answer' };
}

async function talk(exchange: Exchange, run: FlowRun, plan: ConnectPlan, version: '1.0' | '1.1'): Promise<'talked'> {
	const { call } = run;
	const leg = call.legs[1];
	if (plan.playback) {
		const what = plan.playback.type === 'text' ? `"${plan.playback.value}"` : `the sound ${plan.playback.value}`;
		hears(
			call,
			plan.playback.to === 'both'
				? `${what} (the agent hears it too)`
				: `a short silence while the agent hears ${what}`,
		);
	}
	hears(call, `${leg.number} speaking`);
	const wanted = Math.min(outcomeOf(leg.number).talkSeconds, outcomeOf(call.from).talkSeconds);
	const spent = seconds(call.startedAt, call.time);
	const allowed = Math.max(0, Math.min(plan.conversationSeconds, call.timeLimitSeconds - spent));
	await exchange.pass(call, Math.min(wanted, allowed));
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
		seconds: seconds(leg.dialledAt as number, call.time),
		talkSeconds,
	};
	release(exchange, call, leg.number, plan);
	teller(exchange, call, plan, version)('Terminal', leg.number);
	return 'talked';
}

function startLeg(exchange: Exchange, call: Call, number: string, plan: ConnectPlan): Leg {
	const leg = newLeg('to', number);
	call.legs[1] = leg;
	markBusy(exchange, call, number, plan);
	return leg;
}

function markBusy(exchange: Exchange, call: Call, number: string, plan: ConnectPlan): void {
	const agent = agentFor(exchange, call, number, plan);
	call.agent = agent ?? call.agent;
	if (agent) agent.busyWith = call.sid;
}

function release(exchange: Exchange, call: Call, number: string, plan: ConnectPlan): void {
	const agent = agentFor(exchange, call, number, plan);
	if (agent?.busyWith === call.sid) agent.busyWith = null;
}

function teller(
	exchange: Exchange,
	call: Call,
	plan: ConnectPlan,
	version: '1.0' | '1.1',
): (event: AgentEvent, agent: string) => void {
	const { eventUrl } = plan;
	return (event, agent) => {
		if (eventUrl !== null) tellAgentEvent(exchange, call, version, eventUrl, event, e164(agent));
	};
}
