/**
 * What is kept of the answers of the servers of users. A call may have 200 deliveries and 100 applet requests, and the
 * simulator remembers thousands of calls: each call has a share of what all of them may keep.
 */
import { excerpt } from './outgoing';
import type { Call } from '../model/call';

/** Characters of all answers of one call. */
const MAX_OF_CALL = 64 * 1024;
/** Characters of the answers of all calls: with many of them each call keeps less. */
const MAX_OF_ALL = 32 * 1024 * 1024;
/** What is kept of every answer, however much there was before. */
const MIN_OF_ANSWER = 128;

/** The calls that are remembered. */
export interface CallCount {
	size: number;
}

/** The beginning of an answer, as much of it as the call may still keep; `length`: characters at most. */
export function keptAnswer(calls: CallCount, call: Call, text: string, length: number): string {
	if (text.length <= MIN_OF_ANSWER) return text;
	const share = Math.min(MAX_OF_CALL, Math.floor(MAX_OF_ALL / Math.max(1, calls.size)));
	return excerpt(text, Math.min(length, Math.max(MIN_OF_ANSWER, share - keptOf(call))));
}

/** Characters of the answers that a call has kept. */
function keptOf({ appletRequests, deliveries }: Call): number {
	let kept = 0;
	for (const { body } of appletRequests) kept += body?.length ?? 0;
	for (const { answer } of deliveries) kept += answer?.body.length ?? 0;
	return kept;
}
