/**
 * Which comes first, the make-call answer or the first callback. Usually the answer: callbacks wait until it has been
 * handed over. The other way round for number 09 and the chaos switch `early`: such a call runs ahead without waiting
 * until there is something to send, is then dated back to the present, and only after that delivery does the API
 * answer. Nothing of it ever lies in the future.
 */
import type { ServerResponse } from 'node:http';
import type { RunningCall } from './running-call';

/** Lets the call run ahead; resolves when its first callback has been delivered (or it has ended without one). */
export function runAhead(running: RunningCall): Promise<void> {
	running.aheadOfClock = true;
	return running.holdAnswer();
}

/** Dates everything that has happened back, so that the call's present is the clock's `now`. */
export function shiftToPresent(running: RunningCall): void {
	const { call, simulation } = running;
	const lead = call.time - simulation.clock.now();
	running.aheadOfClock = false;
	if (lead <= 0) return;
	const back = (time: number | null) => (time === null ? null : time - lead);
	call.createdAt -= lead;
	call.startedAt -= lead;
	call.updatedAt -= lead;
	call.time -= lead;
	call.endedAt = back(call.endedAt);
	for (const leg of call.legs) {
		leg.dialledAt = back(leg.dialledAt);
		leg.ringingAt = back(leg.ringingAt);
		leg.answeredAt = back(leg.answeredAt);
		leg.endedAt = back(leg.endedAt);
	}
	for (const moment of call.timeline) moment.at -= lead;
	for (const line of call.heard) line.at -= lead;
}

/** Callbacks of the call wait until this answer has been sent (or its connection is gone). */
export function waitForAnswer(running: RunningCall, response: ServerResponse): void {
	running.answerSent = new Promise((resolve) => {
		response.once('finish', resolve);
		response.once('close', resolve);
	});
}
