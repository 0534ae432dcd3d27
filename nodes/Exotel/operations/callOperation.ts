/**
 * What the three operations that place a call share: the ExoPhone field, the optional fields, and waiting for the
 * outcome.
 */

import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { ApiVersion, Call, Field, FieldName, FieldSet, Operation, PlacingInput } from '../../../exotel';
import { withExoPhoneList } from '../../host/exoPhone';
import { collection, parameters } from '../../host/parameters';
import { optionalNames, optionalProperties, property } from '../../host/property';
import type { OperationForm } from './operation';
import { optionalFields, showFor } from './operation';

/** An operation that makes a phone ring. */
export interface CallOperation extends OperationForm {
	operation: Operation<FieldSet, Call>;
	/** Which API the call can be read in again. */
	api: ApiVersion;
	/** The input of the operation, from the form's values. */
	inputOf(functions: IExecuteFunctions, itemIndex: number): PlacingInput;
	/** The input that makes Exotel report the end of the call to `url`. */
	callbackInput(url: string): PlacingInput;
}

/** The parts that are particular to one operation. */
export interface CallOperationParts<Fields extends FieldSet> extends Pick<
	OperationForm,
	'name' | 'action' | 'description' | 'properties'
> {
	operation: Operation<Fields, Call>;
	api: ApiVersion;
	/** Names of the form's fields that are always shown, but the ExoPhone. */
	mainNames(functions: IExecuteFunctions, itemIndex: number): FieldName<Fields>[];
	/** Fields that are not among the options although the core calls them optional. */
	notOptional?: FieldName<Fields>[];
	/** The events the end of the call is reported by, and in which format, where the operation knows such fields. */
	callback: { [Name in FieldName<Fields>]?: unknown };
}

/** What the node fills in itself. */
type OwnFields = Readonly<Record<'exoPhone' | 'statusCallbackUrl', Field<string>>>;
type CallFields = FieldSet & OwnFields;

/** Makes an operation of its parts. */
export function callOperation<Fields extends CallFields>(parts: CallOperationParts<Fields>): CallOperation {
	const { operation, notOptional = [] } = parts;
	const { name: value, fields } = operation;
	const optional = optionalNames(fields).filter((name) => !notOptional.includes(name));
	return {
		...parts,
		operation,
		resource: 'call',
		value,
		givesCalls: true,
		properties: [
			...parts.properties,
			withExoPhoneList(property(fields, 'exoPhone', { displayOptions: showFor('call', value) })),
		],
		options: [optionalFields('call', value, optionalProperties(fields, optional).map(hiddenWhileWaiting))],
		inputOf(functions, itemIndex) {
			const options = { extractValue: true };
			const own = {
				exoPhone: functions.getNodeParameter('exoPhone', itemIndex, '', options),
			} satisfies PlacingInput;
			const main = parameters(functions, parts.mainNames(functions, itemIndex), itemIndex);
			return { ...collection(functions, 'options', itemIndex), ...main, ...own };
		},
		callbackInput(url) {
			const own = { statusCallbackUrl: url } satisfies PlacingInput;
			return { ...own, ...parts.callback };
		},
	};
}

/** Callback settings make no sense while the node itself listens for the end of the call. */
function hiddenWhileWaiting(field: INodeProperties): INodeProperties {
	if (!field.name.startsWith('statusCallback')) return field;
	return { ...field, displayOptions: { show: { '/waitForOutcome': [false] } } };
}

/** "Wait for Outcome". Hidden in AI tools: a tool call cannot be continued by a callback. */
export function waitingFields(operations: string[]): INodeProperties[] {
	const show = { resource: ['call'], operation: operations };
	const hide = { '@tool': [true] };
	const whileWaiting = { show: { ...show, waitForOutcome: [true] }, hide };
	return [
		{
			displayName: 'Wait for Outcome',
			name: 'waitForOutcome',
			type: 'boolean',
			default: false,
			noDataExpression: true,
			displayOptions: { show, hide },
			description:
				'Whether to pause the workflow until the call has ended. It goes on with the outcome: ' +
				'answered, no-answer, busy, failed or canceled.',
		},
		{
			displayName:
				'One call per run: with several items, put this node behind a <i>Loop Over Items</i> node. ' +
				'Exotel must be able to reach this n8n from the internet, because it reports the end of the call ' +
				'with a callback. If no callback arrives, the node polls Exotel for the end: first after 75 seconds, ' +
				'or after 15 minutes if more than twenty calls are waiting shortly after a start of n8n.',
			name: 'waitNotice',
			type: 'notice',
			default: '',
			displayOptions: whileWaiting,
		},
		{
			displayName: 'Wait at Most (Minutes)',
			name: 'waitMinutes',
			type: 'number',
			typeOptions: { minValue: 0.1, maxValue: 1440 },
			default: 60,
			placeholder: 'e.g. 60',
			displayOptions: whileWaiting,
			description:
				'After this time the workflow goes on with the outcome "unknown". Choose longer than your ' +
				'longest call; n8n may be up to a minute late.',
		},
		{
			displayName: 'Confirm the End by Asking Exotel',
			name: 'confirmEnd',
			type: 'boolean',
			default: false,
			displayOptions: whileWaiting,
			description: 'Whether to go on after a report of the end only when the call, read from Exotel, has ended',
		},
	];
}
