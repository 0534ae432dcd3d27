/**
 * Placing calls. Real phones ring: every item is checked before the first request is made, and once a phone may have
 * rung no error leaves this node in a way that lets n8n's "Retry On Fail" run it again.
 */

import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { connectAgent, connectFlow, connectNumbers, ExotelError, newAttemptId, perform } from '../../../exotel';
import type { Operation, Call } from '../../../exotel';
import { failedItem, nodeFailure } from '../../host/failure';
import { openSession } from '../../host/session';
import type { Session } from '../../host/session';
import { callJson } from '../output';

/** An operation that makes a phone ring, and how the form's values become its input. */
export interface Placing {
	call: Operation<never, Call>;
	/** How to read the call again. */
	api: 'v1' | 'v2';
	inputOf(functions: IExecuteFunctions, itemIndex: number): IDataObject;
	/** The inputs that make Exotel report the end of the call to `url`. */
	reportTo(url: string): IDataObject;
}

const exoPhoneOf = (functions: IExecuteFunctions, itemIndex: number) =>
	functions.getNodeParameter('exoPhone', itemIndex, '', { extractValue: true }) as string;

function valuesOf(functions: IExecuteFunctions, itemIndex: number, names: string[]): IDataObject {
	const values: IDataObject = { ...(functions.getNodeParameter('options', itemIndex, {}) as IDataObject) };
	for (const name of names) values[name] = functions.getNodeParameter(name, itemIndex, '') as string;
	values.exoPhone = exoPhoneOf(functions, itemIndex);
	return values;
}

/** The operations of this file by the name the form gives them. */
export const placings: Record<string, Placing> = {
	connectNumbers: {
		call: connectNumbers as Operation<never, Call>,
		api: 'v1',
		inputOf: (functions, itemIndex) => valuesOf(functions, itemIndex, ['from', 'to']),
		reportTo: (url) => ({
			statusCallbackUrl: url,
			statusCallbackEvents: ['terminal'],
			statusCallbackContentType: 'application/json',
		}),
	},
	connectFlow: {
		call: connectFlow as Operation<never, Call>,
		api: 'v1',
		inputOf: (functions, itemIndex) => valuesOf(functions, itemIndex, ['from', 'flowId']),
		reportTo: (url) => ({ statusCallbackUrl: url, statusCallbackContentType: 'application/json' }),
	},
	connectAgent: {
		call: connectAgent as Operation<never, Call>,
		api: 'v2',
		inputOf: (functions, itemIndex) =>
			valuesOf(functions, itemIndex, [
				functions.getNodeParameter('agentBy', itemIndex, 'agentContact') as string,
				'to',
			]),
		reportTo: (url) => ({ statusCallbackUrl: url, statusCallbackEvents: ['terminal'] }),
	},
};

/** Places one call per item and does not wait for its end. */
export async function placeCalls(functions: IExecuteFunctions, placing: Placing): Promise<INodeExecutionData[]> {
	const items = functions.getInputData();
	const node = functions.getNode();
	const session = await openSession(functions, 0);
	if (!functions.continueOnFail()) checkAll(functions, placing, session, items.length);

	const results: INodeExecutionData[] = [];
	let mayHaveRung = false;
	for (let itemIndex = 0; itemIndex < items.length; itemIndex += 1) {
		try {
			// Read before the phone rings: an expression that fails afterwards would make a placed call look like a
			// failed one.
			const simplify = functions.getNodeParameter('simplify', itemIndex, true) as boolean;
			const { call, raw, attemptId } = await placeOne(placing, placing.inputOf(functions, itemIndex), session);
			mayHaveRung = true;
			results.push({ json: { ...callJson(call, simplify, raw), attemptId }, pairedItem: { item: itemIndex } });
		} catch (error) {
			mayHaveRung = mayHaveRung || isUnknownOutcome(error);
			const wouldRepeat = node.retryOnFail === true && mayHaveRung;
			if (!functions.continueOnFail() && !wouldRepeat) throw nodeFailure(node, error, itemIndex);
			results.push(failedItem(node, error, itemIndex));
		}
	}
	return node.retryOnFail === true && mayHaveRung ? withoutRepeating(functions, results) : results;
}

/**
 * "Retry On Fail" runs the whole node again when it throws or when its first item has a field `error`: phones that rang
 * would ring again. Failed items are therefore told in other words, except on the error output, which n8n fills after
 * that check.
 */
function withoutRepeating(functions: IExecuteFunctions, results: INodeExecutionData[]): INodeExecutionData[] {
	const node = functions.getNode();
	const failed = results.filter(({ json }) => json.error !== undefined);
	if (failed.length === 0) return results;
	functions.addExecutionHints({
		message:
			'Retry On Fail is switched on. It would have run the whole node again and rung phones a ' +
			'second time, so it was kept from doing so. Look at the items whose outcome is "unknown" or ' +
			'"not-placed".',
		type: 'warning',
		location: 'outputPane',
	});
	return results.map((item) => {
		if (!failed.includes(item)) return item;
		const { error: message, details } = item.json as { error: string; details: IDataObject };
		const outcome = details.kind === 'unknown-outcome' ? 'unknown' : 'not-placed';
		const told = { ...item, json: { sid: null, outcome, reason: details.kind ?? null, message, details } };
		return node.onError === 'continueErrorOutput'
			? { ...told, error: new NodeOperationError(node, message) }
			: told;
	});
}

/**
 * One attempt. The attempt's id is known before the request leaves, and is in every error about it.
 * @throws ExotelError
 */
export async function placeOne(
	placing: Placing,
	input: IDataObject,
	session: Session,
	attemptId = newAttemptId(),
): Promise<{ call: Call; raw: unknown; attemptId: string }> {
	const { result, raw } = await perform(placing.call, session.account, input as never, {
		...session.options,
		attemptId,
	});
	return { call: result, raw, attemptId };
}

/** True when the call may have been placed although there is no answer that says so. */
export function isUnknownOutcome(error: unknown): error is ExotelError {
	return error instanceof ExotelError && error.kind === 'unknown-outcome';
}

/** Finds what is wrong with any item before the first phone rings. */
function checkAll(functions: IExecuteFunctions, placing: Placing, session: Session, count: number): void {
	for (let itemIndex = 0; itemIndex < count; itemIndex += 1) {
		try {
			placing.call.request(session.account, placing.inputOf(functions, itemIndex) as never);
		} catch (error) {
			throw nodeFailure(functions.getNode(), error, itemIndex);
		}
	}
}
