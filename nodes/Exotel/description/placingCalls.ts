/**
 * The forms of the three operations that place a call, and the part they share: waiting for the outcome.
 */

import type { INodeProperties } from 'n8n-workflow';

import { optionalProperties, property } from '../../host/property';
import { exoPhoneField } from './exoPhone';

/** The operations that make a phone ring. */
export const placingOperations = ['connectNumbers', 'connectFlow', 'connectAgent'];

const showFor = (operation: string) => ({ show: { resource: ['call'], operation: [operation] } });

/** Names of the inputs that make no sense while the node itself listens for the end of the call. */
const callbackInputs = new Set(['statusCallbackUrl', 'statusCallbackEvents', 'statusCallbackContentType']);

function optionsField(operation: string, names: string[]): INodeProperties {
	return {
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: showFor(operation),
		options: optionalProperties(operation, names).map((option) =>
			callbackInputs.has(option.name)
				? { ...option, displayOptions: { show: { '/waitForOutcome': [false] } } }
				: option,
		),
	};
}

const connectNumbers: INodeProperties[] = [
	property('connectNumbers', 'from', { displayOptions: showFor('connectNumbers') }),
	property('connectNumbers', 'to', { displayOptions: showFor('connectNumbers') }),
	exoPhoneField('connectNumbers', showFor('connectNumbers')),
];

const connectFlow: INodeProperties[] = [
	property('connectFlow', 'from', { displayOptions: showFor('connectFlow') }),
	property('connectFlow', 'flowId', { displayOptions: showFor('connectFlow') }),
	exoPhoneField('connectFlow', showFor('connectFlow')),
];

const connectAgent: INodeProperties[] = [
	{
		displayName: 'Choose Agent By',
		name: 'agentBy',
		type: 'options',
		displayOptions: showFor('connectAgent'),
		options: [
			{ name: 'ID', value: 'agentId' },
			{ name: 'Phone', value: 'agentContact' },
		],
		default: 'agentContact',
	},
	property('connectAgent', 'agentContact', {
		required: true,
		displayOptions: { show: { ...showFor('connectAgent').show, agentBy: ['agentContact'] } },
	}),
	property('connectAgent', 'agentId', {
		required: true,
		displayOptions: { show: { ...showFor('connectAgent').show, agentBy: ['agentId'] } },
	}),
	property('connectAgent', 'to', { displayOptions: showFor('connectAgent') }),
	exoPhoneField('connectAgent', showFor('connectAgent')),
];

/** Hidden in AI tools: a tool call cannot be continued by a callback. */
const waiting: INodeProperties[] = [
	{
		displayName: 'Wait for Outcome',
		name: 'waitForOutcome',
		type: 'boolean',
		default: false,
		noDataExpression: true,
		displayOptions: { show: { resource: ['call'], operation: placingOperations }, hide: { '@tool': [true] } },
		description:
			'Whether to pause the workflow until the call has ended. It goes on with the outcome: ' +
			'answered, no-answer, busy, failed or canceled.',
	},
	{
		displayName:
			'One call per run: with several items, put this node behind a <i>Loop Over Items</i> node. ' +
			'Exotel must be able to reach this n8n from the internet. When no report comes in time, the ' +
			'outcome is <code>unknown</code>; read the call with <i>Call → Get</i> then.',
		name: 'waitNotice',
		type: 'notice',
		default: '',
		displayOptions: {
			show: { resource: ['call'], operation: placingOperations, waitForOutcome: [true] },
			hide: { '@tool': [true] },
		},
	},
	{
		displayName: 'Wait at Most (Minutes)',
		name: 'waitMinutes',
		type: 'number',
		typeOptions: { minValue: 0.1, maxValue: 1440 },
		default: 60,
		placeholder: 'e.g. 60',
		displayOptions: {
			show: { resource: ['call'], operation: placingOperations, waitForOutcome: [true] },
			hide: { '@tool': [true] },
		},
		description:
			'After this time the workflow goes on with the outcome "unknown". Take longer than your ' +
			'longest call; n8n may be up to a minute late.',
	},
];

const recording = ['record', 'recordingChannels'];
const limits = ['timeLimitSeconds', 'ringTimeSeconds', 'customField'];

/** Fields of the operations that place a call. */
export const placingProperties: INodeProperties[] = [...connectNumbers, ...connectFlow, ...connectAgent, ...waiting];

/** Rarer fields of the operations that place a call. */
export const placingOptions: INodeProperties[] = [
	optionsField('connectNumbers', [
		...recording,
		'recordingFormat',
		...limits,
		'waitAudioUrl',
		'playbackTo',
		'playbackUrl',
		'callType',
		...callbackInputs,
	]),
	optionsField('connectFlow', [
		'flowUrl',
		'record',
		...limits,
		'callType',
		'statusCallbackUrl',
		'statusCallbackContentType',
	]),
	optionsField('connectAgent', [
		...recording,
		...limits,
		'waitAudioUrl',
		'statusCallbackUrl',
		'statusCallbackEvents',
	]),
];
