/** Parallel ringing: all of a batch ring; the first to answer gets the caller, the others stop ringing. */
import { GIVE_UP_SECONDS, outcomeOf } from '../model/outcomes';
import { markBusy, release } from './agents';
import { NETWORK_SECONDS } from './ring';
import { newLeg, note, seconds, type Leg, type LegEndStatus } from '../model/call';
import { sendAgentEvent } from './agent-events';
import type { Dialling } from './dialling';

/** What one of several agents does. */
interface Course {
	number: string;
	rings: boolean;
	answers: boolean;
	/** Seconds from dialling to the answer, or to the end of ringing. */
	after: number;
	ends: LegEndStatus;
}

/** @returns true if one of them answered */
export async function ringTogether(dialling: Dialling, batch: [string, ...string[]]): Promise<boolean> {
	const { running, run, plan } = dialling;
	const { call } = running;
	const dialledAt = call.time;
	const courses = batch.map((number) => courseOf(number, plan.ringSeconds));
	await startRinging(dialling, courses);
	const winner = courses.filter(({ answers }) => answers).sort((one, other) => one.after - other.after)[0];
	const last = winner ?? courses.reduce((latest, course) => (course.after > latest.after ? course : latest));
	await running.pass(last.after - NETWORK_SECONDS);
	const leg: Leg = {
		...newLeg('to', last.number),
		dialledAt,
		ringingAt: last.rings ? dialledAt + NETWORK_SECONDS * 1000 : null,
		ringingSeconds: last.rings ? last.after - NETWORK_SECONDS : 0,
	};
	call.legs[1] = leg;
	for (const course of courses) {
		if (course === winner) continue;
		note(call, winner && course.rings ? 'canceled' : course.ends, 'to', course.number);
		release(dialling, course.number);
		sendAgentEvent(dialling, 'Terminal', course.number);
	}
	if (winner) {
		leg.status = 'in-progress';
		leg.answeredAt = call.time;
		note(call, 'answered', 'to', winner.number);
		sendAgentEvent(dialling, 'Answered', winner.number);
		return true;
	}
	leg.status = last.ends;
	leg.endedAt = call.time;
	leg.onCallSeconds = 0;
	run.dialled = { status: last.ends, number: last.number, seconds: seconds(dialledAt, call.time), talkSeconds: 0 };
	return false;
}

async function startRinging(dialling: Dialling, courses: Course[]): Promise<void> {
	const { running } = dialling;
	const { call } = running;
	// while several ring, the first of them stands for the second leg
	const shown: Leg = { ...newLeg('to', courses[0]?.number ?? ''), dialledAt: call.time, status: 'in-progress' };
	call.legs[1] = shown;
	for (const { number } of courses) {
		markBusy(dialling, number);
		note(call, 'dial', 'to', number);
		sendAgentEvent(dialling, 'Dial', number);
	}
	await running.pass(NETWORK_SECONDS);
	for (const { number, rings } of courses) {
		if (!rings) continue;
		shown.ringingAt = call.time;
		note(call, 'ringing', 'to', number);
		sendAgentEvent(dialling, 'Ringing', number);
	}
	running.announce();
}

function courseOf(number: string, limit: number): Course {
	const outcome = outcomeOf(number);
	if (outcome.leg === 'busy' || outcome.leg === 'failed')
		return { number, rings: false, answers: false, after: NETWORK_SECONDS, ends: outcome.leg };
	if (outcome.leg === 'answers' && outcome.ringSeconds <= limit)
		return { number, rings: true, answers: true, after: NETWORK_SECONDS + outcome.ringSeconds, ends: 'completed' };
	const ringing = outcome.leg === 'canceled' && GIVE_UP_SECONDS < limit ? GIVE_UP_SECONDS : limit;
	return { number, rings: true, answers: false, after: NETWORK_SECONDS + ringing, ends: 'no-answer' };
}
