/**
 * Finds the function for what the user chose and runs it, item by item.
 */

import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { failedItem, nodeFailure } from '../../host/failure';
import { openSession } from '../../host/session';
import { placeAndWait } from '../waiting';
import { getManyExoPhones } from './exoPhones';
import { lookup } from './numbers';
import type { Operation } from './operation';
import { placeCalls, placings } from './placing';
import { get, getMany, getRecording } from './reading';

/** `resource.operation` → what it does. */
const operations: Record<string, Operation> = {
	'call.get': get,
	'call.getMany': getMany,
	'call.getRecording': getRecording,
	'number.lookup': lookup,
	'exoPhone.getMany': getManyExoPhones,
};

/** Runs the chosen operation for all items of this run. */
export async function runOperation(functions: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const resource = functions.getNodeParameter('resource', 0) as string;
	const name = functions.getNodeParameter('operation', 0) as string;
	const placing = resource === 'call' ? placings[name] : undefined;
	if (placing !== undefined) {
		const waits = functions.getNodeParameter('waitForOutcome', 0, false) === true && !isToolCall(functions);
		return waits ? await placeAndWait(functions, placing) : await placeCalls(functions, placing);
	}
	const operation = operations[`${resource}.${name}`];
	if (operation === undefined) {
		throw new NodeOperationError(functions.getNode(), `The operation '${name}' of '${resource}' is not known`, {
			description: 'Choose an operation from the list, or update this package.',
		});
	}
	return await forEachItem(functions, operation);
}

/**
 * An agent's tool call cannot be continued by a report. Older n8n versions do not say what it is; there the form does
 * not offer to wait.
 */
function isToolCall(functions: IExecuteFunctions): boolean {
	return typeof functions.isToolExecution === 'function' && functions.isToolExecution();
}

async function forEachItem(functions: IExecuteFunctions, operation: Operation): Promise<INodeExecutionData[]> {
	const results: INodeExecutionData[] = [];
	const count = functions.getInputData().length;
	for (let itemIndex = 0; itemIndex < count; itemIndex += 1) {
		try {
			const session = await openSession(functions, itemIndex);
			const items = await operation(functions, session, itemIndex);
			results.push(...items.map((item) => ({ ...item, pairedItem: { item: itemIndex } })));
		} catch (error) {
			if (!functions.continueOnFail()) throw nodeFailure(functions.getNode(), error, itemIndex);
			results.push(failedItem(functions.getNode(), error, itemIndex));
		}
	}
	return results;
}
