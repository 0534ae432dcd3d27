/**
 * All operations of the Exotel node: the form made of them, and the one that the user chose.
 */

import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { failedItem, nodeFailure, workflowFailure } from '../../host/failure';
import { switchOf } from '../../host/parameters';
import { openSession } from '../../host/session';
import { isToolCall } from '../../host/tool';
import { goOnWaiting, placeAndWait } from './waiting';
import { hasStoredWait } from './waitSteps';
import { waitingFields } from './callOperation';
import { checkAccountOperation } from './checkAccount';
import { connectAgentOperation } from './connectAgent';
import { connectFlowOperation } from './connectFlow';
import { connectNumbersOperation } from './connectNumbers';
import { getAddressOperation } from './getAddress';
import { getCallOperation } from './getCall';
import { getHealthOperation } from './getHealth';
import { getManyCallsOperation } from './getManyCalls';
import { getManyExoPhonesOperation } from './getManyExoPhones';
import { getRecordingOperation } from './getRecording';
import { lookupNumberOperation } from './lookupNumber';
import { CutShort } from './operation';
import type { LocalOperation, OperationForm, ReadingOperation, Resource } from './operation';
import { splitField } from './outcomeOutputs';
import { placeCalls } from './placeCalls';

const callOperations = [connectNumbersOperation, connectFlowOperation, connectAgentOperation];
const readingOperations: ReadingOperation[] = [
	getCallOperation,
	getManyCallsOperation,
	getRecordingOperation,
	getHealthOperation,
	getManyExoPhonesOperation,
	lookupNumberOperation,
];
const localOperations: LocalOperation[] = [checkAccountOperation, getAddressOperation];
const operations: OperationForm[] = [...callOperations, ...readingOperations, ...localOperations];

const defaults: Record<Resource, string> = {
	account: checkAccountOperation.value,
	call: connectNumbersOperation.value,
	exoPhone: getManyExoPhonesOperation.value,
	number: lookupNumberOperation.value,
	webhook: getAddressOperation.value,
};

function operationField(resource: Resource): INodeProperties {
	const preselected = defaults[resource];
	const options = operations
		.filter((operation) => operation.resource === resource)
		.map(({ name, value, action, description }) => ({ name, value, action, description }))
		.sort((a, b) => (a.name < b.name ? -1 : 1));
	return {
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: [resource] } },
		options,
		default: preselected,
	};
}

/** Operations whose output is a call. */
const callGivers = operations.filter(({ givesCalls }) => givesCalls === true).map(({ value }) => value);

const simplifyField: INodeProperties = {
	displayName: 'Simplify',
	name: 'simplify',
	type: 'boolean',
	default: true,
	displayOptions: {
		show: {
			resource: ['call'],
			operation: callGivers,
		},
	},
	description: 'Whether to return a simplified version of the response instead of the raw data',
};

function propertiesOf(resource: Resource): INodeProperties[] {
	const own = operations.filter((operation) => operation.resource === resource);
	const waiting = resource === 'call' ? waitingFields(callOperations.map(({ value }) => value)) : [];
	return [
		operationField(resource),
		...own.flatMap(({ properties }) => properties),
		...waiting,
		...(resource === 'call' ? [simplifyField, splitField(callGivers)] : []),
		...own.flatMap(({ options }) => options),
	];
}

/** The fields of all operations. */
export const operationProperties: INodeProperties[] = [
	...propertiesOf('account'),
	...propertiesOf('call'),
	...propertiesOf('exoPhone'),
	...propertiesOf('number'),
	...propertiesOf('webhook'),
];

/** Runs the chosen operation for all items of this run. */
export async function runOperation(functions: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const resource = String(functions.getNodeParameter('resource', 0));
	const name = String(functions.getNodeParameter('operation', 0));
	const isChosen = (operation: OperationForm) => operation.resource === resource && operation.value === name;
	const callOperation = callOperations.find(isChosen);
	if (callOperation !== undefined) {
		// Whatever the settings give by now: its phone has rung.
		if (hasStoredWait(functions)) return await goOnWaiting(functions, callOperation);
		if (waitsForOutcome(functions)) return await placeAndWait(functions, callOperation);
		return await placeCalls(functions, callOperation);
	}
	const localOperation = localOperations.find(isChosen);
	if (localOperation !== undefined) {
		return await forEachItem(functions, async (itemIndex) => await localOperation.run(functions, itemIndex));
	}
	const operation = readingOperations.find(isChosen);
	if (operation === undefined) {
		throw workflowFailure(functions.getNode(), `The operation '${name}' of '${resource}' is not known`, {
			description: 'Choose an operation from the list, or update this package.',
		});
	}
	return await forEachItem(functions, async (itemIndex) => {
		const session = await openSession(functions, itemIndex);
		return await operation.run(functions, session, itemIndex);
	});
}

async function forEachItem(
	functions: IExecuteFunctions,
	run: (itemIndex: number) => Promise<INodeExecutionData[]>,
): Promise<INodeExecutionData[]> {
	const results: INodeExecutionData[] = [];
	const count = functions.getInputData().length;
	for (let itemIndex = 0; itemIndex < count; itemIndex += 1) {
		try {
			const items = await run(itemIndex);
			results.push(...items.map((item) => ({ ...item, pairedItem: { item: itemIndex } })));
		} catch (error) {
			const handsErrorsOut = functions.continueOnFail() || isToolCall(functions);
			const { items, reason, content } =
				error instanceof CutShort ? error : { items: [], reason: error, content: '' };
			const read = `${items.length} ${content}`;
			if (!handsErrorsOut) {
				const failure = nodeFailure(functions.getNode(), reason, itemIndex);
				throw items.length === 0 ? failure : stopped(failure, read);
			}
			results.push(...items.map((item) => ({ ...item, pairedItem: { item: itemIndex } })));
			results.push(failedItem(functions.getNode(), reason, itemIndex));
			if (items.length > 0) warnOfShortList(functions, read, reason);
		}
	}
	return results;
}

/** A part of a list must not pass for the whole: with On Error: Stop the node fails, and says how to get that part. */
function stopped(failure: ReturnType<typeof nodeFailure>, read: string): ReturnType<typeof nodeFailure> {
	const way = `${read} were read before. To get them, set On Error in the settings of this node to continue.`;
	failure.description = [failure.description, way].filter((line) => line !== undefined && line !== null).join(' ');
	return failure;
}

function warnOfShortList(functions: IExecuteFunctions, read: string, reason: unknown): void {
	const { message } = nodeFailure(functions.getNode(), reason);
	functions.addExecutionHints({
		message: `The list is not complete. It ended early, after ${read}: ${message}`,
		type: 'warning',
		location: 'outputPane',
	});
}

function waitsForOutcome(functions: IExecuteFunctions): boolean {
	if (isToolCall(functions)) return false;
	try {
		return switchOf(functions, { field: 'waitForOutcome', label: 'Wait for Outcome' }, 0);
	} catch (error) {
		throw nodeFailure(functions.getNode(), error, 0);
	}
}
