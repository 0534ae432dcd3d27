/**
 * Which comes first, the make-call answer or the first callback. Usually the answer: callbacks wait until it has been
 * handed over. The other way round for number 09 and the chaos switch `early`: such a call runs ahead
 * without waiting until there is something to send, is then dated back to the present, and only after that delivery
 * does the API answer. Nothing of it ever lies in the future.
 */
import type { ServerResponse } from 'node:http';
import type { Call } from '../model/call';

const waitingAnswers = new WeakMap<Call, () => void>();

/** Lets the call run ahead; resolves when its first callback has been delivered (or it has ended without one). */
export function hurry(call: Call): Promise<void> {
	call.hurried = true;
	return new Promise((resolve) => waitingAnswers.set(call, resolve));
}

/** Dates everything that has happened back, so that the call's present is the clock's `now`. */
export function catchUp(call: Call, now: number): void {
	const lead = call.time - now;
	call.hurried = false;
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

const answersUnderWay = new WeakMap<Call, Promise<void>>();

/** Callbacks of the call wait until this answer has been sent (or its connection is gone). */
export function afterAnswer(call: Call, response: ServerResponse): void {
	answersUnderWay.set(
		call,
		new Promise((resolve) => {
			response.once('finish', resolve);
			response.once('close', resolve);
		}),
	);
}

/** Resolves when the make-call answer is out of the way. */
export function answerSent(call: Call): Promise<void> {
	return answersUnderWay.get(call) ?? Promise.resolve();
}

/** Lets the API answer at last. */
export function releaseAnswer(call: Call): void {
	waitingAnswers.get(call)?.();
	waitingAnswers.delete(call);
}
