/**
 * The Call resource: its operations and their forms.
 */

import type { INodeProperties } from 'n8n-workflow';

import { placingOperations, placingOptions, placingProperties } from './placingCalls';
import { readingOptions, readingProperties } from './readingCalls';

/** Fields of the Call resource. */
export const callProperties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['call'] } },
		options: [
			{
				name: 'Connect Agent',
				value: 'connectAgent',
				action: 'Connect an agent and a customer',
				description:
					'Ring an agent of the account first, then a customer, and connect the two. Real phones ring.',
			},
			{
				name: 'Connect Flow',
				value: 'connectFlow',
				action: 'Call a number and run a flow',
				description:
					'Call one phone number and play an Exotel flow (app) to whoever answers. A real phone rings.',
			},
			{
				name: 'Connect Numbers',
				value: 'connectNumbers',
				action: 'Connect two numbers',
				description:
					'Ring one phone number first, then a second one, and connect the two people. Real phones ring.',
			},
			{
				name: 'Get',
				value: 'get',
				action: 'Get a call',
				description: 'Read one call by its SID: status, outcome, times, price and recording',
			},
			{
				name: 'Get Many',
				value: 'getMany',
				action: 'Get many calls',
				description: 'List ended calls by number, time, status, direction, duration or price',
			},
			{
				name: 'Get Recording',
				value: 'getRecording',
				action: 'Get a recording',
				description: 'Download the recording of a call as a file',
			},
		],
		default: 'connectNumbers',
	},
	...placingProperties,
	...readingProperties,
	{
		displayName: 'Simplify',
		name: 'simplify',
		type: 'boolean',
		default: true,
		displayOptions: { show: { resource: ['call'], operation: [...placingOperations, 'get', 'getMany'] } },
		description: 'Whether to return a simplified version of the response instead of the raw data',
	},
	...placingOptions,
	...readingOptions,
];
