/**
 * Placing calls. Real phones ring: every item is checked before the first request is made, and once a phone may have
 * rung no error leaves this node in a way that lets n8n's "Retry On Fail" run it again.
 */

import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { ExotelError, newAttemptId, perform } from '../../../exotel';
import type { Call, FieldSet, OutcomeReason, RawInput } from '../../../exotel';
import { failedItem, nodeFailure } from '../../host/failure';
import { asObject } from '../../host/parameters';
import { openSession } from '../../host/session';
import type { Session } from '../../host/session';
import { callJson } from './output';
import type { CallOperation } from './callOperation';

/** A call that Exotel accepted. */
export interface PlacedCall {
	call: Call;
	raw: unknown;
	attemptId: string;
}

/** Places one call per item and does not wait for its end. */
export async function placeCalls(
	functions: IExecuteFunctions,
	operation: CallOperation,
): Promise<INodeExecutionData[]> {
	const items = functions.getInputData();
	const node = functions.getNode();
	const session = await openCallSession(functions);
	if (!functions.continueOnFail()) checkAll(functions, operation, session, items.length);

	const results: INodeExecutionData[] = [];
	let mayHaveRung = false;
	for (let itemIndex = 0; itemIndex < items.length; itemIndex += 1) {
		try {
			// Read before the phone rings: an expression that fails afterwards would make a placed call look like a
			// failed one.
			const simplify = functions.getNodeParameter('simplify', itemIndex, true) === true;
			const placed = await placeCall(operation, operation.inputOf(functions, itemIndex), session);
			mayHaveRung = true;
			const json = { ...callJson(placed.call, simplify, placed.raw), attemptId: placed.attemptId };
			results.push({ json, pairedItem: { item: itemIndex } });
		} catch (error) {
			mayHaveRung = mayHaveRung || isUnknownOutcome(error);
			const wouldRepeat = node.retryOnFail === true && mayHaveRung;
			if (!functions.continueOnFail() && !wouldRepeat) throw nodeFailure(node, error, itemIndex);
			results.push(failedItem(node, error, itemIndex));
		}
	}
	return node.retryOnFail === true && mayHaveRung ? preventRetry(functions, results) : results;
}

/** The session, with an error in n8n's words when the credential is incomplete. */
async function openCallSession(functions: IExecuteFunctions): Promise<Session> {
	try {
		return await openSession(functions, 0);
	} catch (error) {
		throw nodeFailure(functions.getNode(), error, 0);
	}
}

/**
 * "Retry On Fail" runs the whole node again when it throws or when its first item has a field `error`: phones that rang
 * would ring again. Failed items are therefore given other fields, except on the error output, which n8n fills after
 * that check.
 */
function preventRetry(functions: IExecuteFunctions, results: INodeExecutionData[]): INodeExecutionData[] {
	const node = functions.getNode();
	if (results.every(({ json }) => json.error === undefined)) return results;
	functions.addExecutionHints({
		message:
			'Retry On Fail is switched on. It would have run the whole node again and rung phones a second time, so ' +
			'it was prevented. Look at the items whose outcome is "unknown" or "not-attempted".',
		type: 'warning',
		location: 'outputPane',
	});
	return results.map((item) => {
		const { error: message, details } = item.json;
		if (message === undefined) return item;
		const doubtful = asObject(details).kind === 'unknown-outcome';
		const outcome = doubtful ? 'unknown' : 'not-attempted';
		const reason: OutcomeReason = doubtful ? 'no-response' : 'refused';
		const marked = { ...item, json: { sid: null, outcome, reason, message, details } };
		const toErrorOutput = node.onError === 'continueErrorOutput';
		return toErrorOutput ? { ...marked, error: new NodeOperationError(node, String(message)) } : marked;
	});
}

/**
 * One attempt. The attempt's id is known before the request leaves, and is in every error about it.
 * @throws ExotelError
 */
export async function placeCall(
	{ operation }: CallOperation,
	input: RawInput<FieldSet>,
	session: Session,
	attemptId = newAttemptId(),
): Promise<PlacedCall> {
	const options = { ...session.options, attemptId };
	const { result, raw } = await perform(operation, session.account, input, options);
	return { call: result, raw, attemptId };
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
