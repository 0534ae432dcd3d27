/** Parallel ringing: all of a batch ring; the first to answer gets the caller, the others stop ringing. */
import { markBusy, release } from './agents';
import { courseOf } from './course';
import { NETWORK_SECONDS } from './ring';
import { newLeg, note, seconds, type Leg, type LegEndStatus } from '../model/call';
import { sendAgentEvent } from './agent-events';
import type { Dialling } from './dialling';

/** What one of several agents does. */
interface AgentCourse {
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
	const courses = batch.map((number) => agentCourse(number, plan.ringSeconds));
	await startRinging(dialling, courses);
	const winner = courses.filter(({ answers }) => answers).sort((one, other) => one.after - other.after)[0];
	const last = winner ?? courses.reduce((latest, course) => (course.after > latest.after ? course : latest));
	await passUntil(dialling, courses, last);
	const leg: Leg = {
		...newLeg('to', last.number),
		dialledAt,
		ringingAt: last.rings ? dialledAt + NETWORK_SECONDS * 1000 : null,
		ringingSeconds: last.rings ? last.after - NETWORK_SECONDS : 0,
	};
	call.legs[1] = leg;
	for (const course of courses) {
		if (course === winner || course.after < last.after) continue;
		endCourse(dialling, course, winner ? 'canceled' : course.ends);
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

/** Lets the time pass until the last of them is done; whoever ends before is free from then on. */
async function passUntil(dialling: Dialling, courses: AgentCourse[], last: AgentCourse): Promise<void> {
	let passed = NETWORK_SECONDS;
	const earlier = courses.filter(({ after }) => after < last.after).sort((one, other) => one.after - other.after);
	for (const course of earlier) {
		await dialling.running.pass(course.after - passed);
		passed = course.after;
		endCourse(dialling, course, course.ends);
	}
	await dialling.running.pass(last.after - passed);
}

function endCourse(dialling: Dialling, { number, rings, ends }: AgentCourse, how: LegEndStatus): void {
	note(dialling.running.call, rings ? how : ends, 'to', number);
	release(dialling, number);
	sendAgentEvent(dialling, 'Terminal', number);
}

async function startRinging(dialling: Dialling, courses: AgentCourse[]): Promise<void> {
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

/** An agent who declines a call has not answered it, as far as Exotel tells. */
function agentCourse(number: string, limitSeconds: number): AgentCourse {
	const { rings, ringingSeconds, ends: seen } = courseOf(number, limitSeconds);
	const ends = seen === 'canceled' ? 'no-answer' : (seen ?? 'completed');
	return { number, rings, answers: seen === null, after: NETWORK_SECONDS + ringingSeconds, ends };
}
