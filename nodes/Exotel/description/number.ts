/**
 * The operations of the Number resource.
 */

import type { INodeProperties } from 'n8n-workflow';

import { property } from '../../host/property';

const show = { resource: ['number'] };

/** Fields of the Number resource. */
export const numberProperties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show },
		options: [
			{
				name: 'Lookup',
				value: 'lookup',
				action: 'Look up a number',
				description:
					'Find the operator, region (circle), kind and do-not-disturb state of an Indian phone number',
			},
		],
		default: 'lookup',
	},
	property('lookupNumber', 'number', { displayOptions: { show: { ...show, operation: ['lookup'] } } }),
];
