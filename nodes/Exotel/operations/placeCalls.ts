/**
 * Placing calls. Real phones ring: every item is checked before the first request is made, and once a phone may have
 * rung this node does not fail. A failed node hides the calls that were placed, and running it again (n8n's Retry, or
 * its setting "Retry On Fail") would ring their phones a second time.
 */

import type { IExecuteFunctions, INode, INodeExecutionData } from 'n8n-workflow';

import { ExotelError, newAttemptId, perform, requestedCall, withAttempt, withKnown } from '../../../exotel';
import type { Call, Outcome, OutcomeReason, PlacingInput } from '../../../exotel';
import { failedItem, nodeFailure } from '../../host/failure';
import { openSession } from '../../host/session';
import type { Session } from '../../host/session';
import { isToolCall } from '../../host/tool';
import { callJson } from './output';
import type { CallOperation } from './callOperation';

/** A call that Exotel accepted. */
export interface PlacedCall {
	call: Call;
	raw: unknown;
	attemptId: string;
}

/** What became of an item: the item to hand out, or why its call was not placed. */
type Result = INodeExecutionData | FailedCall;

interface FailedCall {
	itemIndex: number;
	error: unknown;
	/** With the setting Stop the items after the first failed one are not dialled. */
	because: 'itself' | 'earlier-item';
}

/** Places one call per item and does not wait for its end. */
export async function placeCalls(
	functions: IExecuteFunctions,
	operation: CallOperation,
): Promise<INodeExecutionData[]> {
	const items = functions.getInputData();
	const node = functions.getNode();
	// An agent's model reads what comes out; of an error that is thrown it reads nothing in some versions of n8n.
	const handsErrorsOut = functions.continueOnFail() || isToolCall(functions);
	let session: Session;
	try {
		session = await openSession(functions, 0);
	} catch (error) {
		if (!handsErrorsOut) throw nodeFailure(node, error, 0);
		return [...items.keys()].map((itemIndex) =>
			failedCallItem(node, { itemIndex, error, because: 'itself' }, false),
		);
	}
	if (!handsErrorsOut) checkAll(functions, operation, session, items.length);

	const results: Result[] = [];
	let mayHaveRung = false;
	let stoppedBy: unknown = null;
	for (let itemIndex = 0; itemIndex < items.length; itemIndex += 1) {
		if (stoppedBy !== null) {
			results.push({ itemIndex, error: stoppedBy, because: 'earlier-item' });
			continue;
		}
		try {
			results.push(await placeItem(functions, operation, session, itemIndex));
			mayHaveRung = true;
		} catch (error) {
			mayHaveRung = mayHaveRung || isUnknownOutcome(error);
			if (!handsErrorsOut && !mayHaveRung) throw nodeFailure(node, error, itemIndex);
			results.push({ itemIndex, error, because: 'itself' });
			if (!handsErrorsOut) stoppedBy = error;
		}
	}
	if (mayHaveRung) warnOfFailures(functions, results);
	return results.map((result) => ('json' in result ? result : failedCallItem(node, result, mayHaveRung)));
}

/** Places the call of one item. */
async function placeItem(
	functions: IExecuteFunctions,
	operation: CallOperation,
	session: Session,
	itemIndex: number,
): Promise<INodeExecutionData> {
	// Read before the phone rings: an expression that fails afterwards would make a placed call look failed.
	const simplify = functions.getNodeParameter('simplify', itemIndex, true) === true;
	const attemptId = newAttemptId();
	const { input, carriesAttempt } = withAttempt(operation.inputOf(functions, itemIndex), attemptId);
	const { call, raw } = await placeCall(operation, input, session, attemptId);
	const json = { ...callJson(call, simplify, raw), ...(carriesAttempt ? { attemptId } : {}) };
	return { json, pairedItem: { item: itemIndex } };
}

/**
 * The item of a call that was not placed, or perhaps: one shape with every error setting. n8n repeats a node whose
 * first item has a field `error`, so there is none where "Retry On Fail" could ring phones again. An item with
 * an error of n8n's own beside its fields goes to the error output, and n8n then puts a message in place of the fields
 * of an item that still has one; in between it copies the item. A property that is not copied is therefore seen by the
 * first step alone (tried on 2.41).
 */
export function failedCallItem(
	node: INode,
	{ itemIndex, error, because }: FailedCall,
	mayHaveRung: boolean,
): INodeExecutionData {
	const { json, pairedItem } = failedItem(node, error, itemIndex);
	const { error: message, details } = json;
	const { outcome, reason } = outcomeOfFailure(error, because);
	const wouldRepeat = node.retryOnFail === true && mayHaveRung;
	const visible = wouldRepeat ? { message, details } : { error: message, message, details };
	const item: INodeExecutionData = { json: { outcome, reason, ...visible, sid: null }, pairedItem };
	if (node.onError === 'continueErrorOutput') {
		Object.defineProperty(item, 'error', { value: nodeFailure(node, error, itemIndex), enumerable: false });
	}
	return item;
}

/** Whether the phone may have rung, and why it did not. */
function outcomeOfFailure(error: unknown, because: FailedCall['because']): { outcome: Outcome; reason: OutcomeReason } {
	if (because === 'earlier-item') return { outcome: 'not-attempted', reason: 'earlier-item-failed' };
	if (isUnknownOutcome(error)) return { outcome: 'unknown', reason: 'no-response' };
	return { outcome: 'not-attempted', reason: 'refused' };
}

/** The node has not failed, so the failed items have to be pointed at. */
function warnOfFailures(functions: IExecuteFunctions, results: readonly Result[]): void {
	const failures = results.filter((result) => 'because' in result);
	const [first] = failures;
	if (first === undefined) return;
	const placed = results.length - failures.length;
	const { message } = nodeFailure(functions.getNode(), first.error);
	const left = failures.filter(({ because }) => because === 'earlier-item').length;
	functions.addExecutionHints({
		message: [
			`${placed} of ${results.length} calls were placed.`,
			left === 0 ? '' : `The ${left} items after the failed one were not dialled.`,
			'This node does not fail once a phone may have rung, because running it again would ring phones a second',
			'time (also with Retry On Fail). Look at the items whose outcome is "unknown" or "not-attempted".',
			`Item ${first.itemIndex} failed: ${message}`,
		]
			.filter((line) => line !== '')
			.join(' '),
		type: 'warning',
		location: 'outputPane',
	});
}

/**
 * One attempt. The attempt's id is known before the request leaves, and is in every error about it.
 * @throws ExotelError
 */
export async function placeCall(
	{ operation }: CallOperation,
	input: PlacingInput,
	session: Session,
	attemptId = newAttemptId(),
): Promise<PlacedCall> {
	const options = { ...session.options, attemptId };
	const { result, raw } = await perform(operation, session.account, input, options);
	return { call: withKnown(result, requestedCall(input, session.account.defaultCountry)), raw, attemptId };
}

/** True when the call may have been placed although no response says so. */
export function isUnknownOutcome(error: unknown): error is ExotelError {
	return error instanceof ExotelError && error.kind === 'unknown-outcome';
}

/** Finds what is wrong with any item before the first phone rings. */
function checkAll(functions: IExecuteFunctions, callOperation: CallOperation, session: Session, count: number): void {
	for (let itemIndex = 0; itemIndex < count; itemIndex += 1) {
		try {
			callOperation.operation.request(session.account, callOperation.inputOf(functions, itemIndex));
		} catch (error) {
			throw nodeFailure(functions.getNode(), error, itemIndex);
		}
	}
}
