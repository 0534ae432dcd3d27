/** Rings one leg: from dialling to the answer, or to the reason why there is none. The outcome table decides. */
import { detach } from './detach';
import { courseOf, type Unanswered } from './course';
import { note, seconds, type Call, type Leg } from '../model/call';
import type { RunningCall } from './running-call';

/** Seconds from dialling to the first ring (or the network's refusal). */
export const NETWORK_SECONDS = 1;

/** How one leg is to be rung. */
export interface RingOptions {
	/** Seconds the leg may ring; default the call's own limit. */
	limitSeconds?: number;
	/** The line is in use already, so it is busy whatever its number says. */
	inUse?: boolean;
	/** Called when the phone rings, before it is answered. */
	onRinging?: () => Promise<void> | void;
}

/**
 * Dials and rings.
 * @returns null if the leg was answered, else why not
 */
export async function ring(running: RunningCall, leg: Leg, options: RingOptions = {}): Promise<Unanswered | null> {
	const { call } = running;
	const course = courseOf(leg.number, options.limitSeconds ?? call.ringLimitSeconds);
	leg.dialledAt = call.time;
	leg.status = 'in-progress';
	note(call, 'dial', leg.party, leg.number);
	await running.pass(NETWORK_SECONDS);
	if (options.inUse) return endUnanswered(running, leg, 'busy');
	if (!course.rings) return endUnanswered(running, leg, course.ends);

	leg.ringingAt = call.time;
	note(call, 'ringing', leg.party);
	running.announce();
	// not awaited: the phone rings on while the user's server takes its time
	detach(running, options.onRinging?.());
	await running.pass(course.ringingSeconds);
	if (course.ends !== null) return endUnanswered(running, leg, course.ends);
	answer(running, leg, course.ringingSeconds);
	return null;
}

function answer(running: RunningCall, leg: Leg, ringingSeconds: number): void {
	const { call } = running;
	leg.answeredAt = call.time;
	leg.ringingSeconds = ringingSeconds;
	call.updatedAt = call.time;
	note(call, 'answered', leg.party);
	running.announce();
}

function endUnanswered(running: RunningCall, leg: Leg, status: Unanswered): Unanswered {
	giveUp(running.call, leg, status);
	running.announce();
	return status;
}

/** Ends a leg that was dialled and is not answered. */
export function giveUp(call: Call, leg: Leg, status: Unanswered): void {
	if (leg.status !== 'in-progress' || leg.answeredAt !== null) return;
	leg.status = status;
	leg.endedAt = call.time;
	leg.onCallSeconds = 0;
	leg.ringingSeconds = leg.ringingAt === null ? 0 : seconds(leg.ringingAt, call.time);
	call.updatedAt = call.time;
	note(call, status, leg.party);
}

/** Ends an answered leg. */
export function hangUp(call: Call, leg: Leg): void {
	if (leg.answeredAt === null || leg.endedAt !== null) return;
	leg.status = 'completed';
	leg.endedAt = call.time;
	leg.onCallSeconds = seconds(leg.answeredAt, call.time);
	note(call, 'hang-up', leg.party);
}
