/**
 * "Split by Outcome": an output for each kind of outcome in place of a single one. Where n8n does not run a waiting
 * node again, it passes the parked item on at the first output, whatever became of the call; that is therefore the
 * output of the calls whose outcome is not known.
 */

import type { IExecuteFunctions, INodeExecutionData, INodeProperties, IWebhookFunctions } from 'n8n-workflow';

import type { Outcome } from '../../../exotel';
import { isToolCall } from '../../host/tool';

const unknownOutput = 0;
const answeredOutput = 1;
const notAnsweredOutput = 2;

/** The output of each outcome; of any other item, such as an active call, it is the first. */
const outputOf: Readonly<Record<Outcome, number>> = {
	unknown: unknownOutput,
	answered: answeredOutput,
	'no-answer': notAnsweredOutput,
	busy: notAnsweredOutput,
	failed: notAnsweredOutput,
	canceled: notAnsweredOutput,
	'not-attempted': notAnsweredOutput,
	skipped: notAnsweredOutput,
};

/** The node's outputs, as n8n works them out. */
export const outcomeOutputs: `={{${string}}}` = `={{ $parameter["splitByOutcome"] === true
	? ["Unknown", "Answered", "Not Answered"].map((displayName) => ({ type: "main", displayName }))
	: ["main"] }}`;

/** The setting, for operations that give out calls. Hidden in AI tools: a tool has one output. */
export function splitField(operations: string[]): INodeProperties {
	return {
		displayName: 'Split by Outcome',
		name: 'splitByOutcome',
		type: 'boolean',
		default: false,
		noDataExpression: true,
		displayOptions: { show: { resource: ['call'], operation: operations }, hide: { '@tool': [true] } },
		description:
			'Whether to have three outputs: Unknown (also calls that have not ended), Answered, and Not Answered ' +
			'(also busy, failed, canceled and not attempted)',
	};
}

/** Whether the items are split. To be read before a phone rings. */
export function isSplit(functions: IExecuteFunctions): boolean {
	return functions.getNodeParameter('splitByOutcome', 0, false) === true && !isToolCall(functions);
}

/** The same for a waiting node that a callback resumes. */
export function isSplitOnResume(functions: IWebhookFunctions): boolean {
	return functions.getNodeParameter('splitByOutcome', false) === true;
}

/** The items at their outputs. */
export function atOutputs(items: INodeExecutionData[], split: boolean): INodeExecutionData[][] {
	if (!split) return [items];
	const outputs: INodeExecutionData[][] = [[], [], []];
	for (const item of items) outputs[outputNumber(item.json.outcome)]?.push(item);
	return outputs;
}

function outputNumber(outcome: unknown): number {
	const isOutcome = (name: unknown): name is Outcome => typeof name === 'string' && Object.hasOwn(outputOf, name);
	return isOutcome(outcome) ? outputOf[outcome] : unknownOutput;
}
