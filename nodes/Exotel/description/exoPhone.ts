/**
 * The ExoPhone field (a list of the account's numbers, or free text) and the operations of the ExoPhone resource.
 */

import type { INodeProperties } from 'n8n-workflow';

import { descriptionOf } from '../../host/property';

/** The number a call is made with: picked from the account, typed, or given by an expression. */
export function exoPhoneField(operation: string, displayOptions: INodeProperties['displayOptions']): INodeProperties {
	const { label, description, example } = descriptionOf(operation, 'exoPhone');
	return {
		displayName: label,
		name: 'exoPhone',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		required: true,
		displayOptions,
		description,
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: 'Select an ExoPhone …',
				typeOptions: { searchListMethod: 'searchExoPhones', searchable: true },
			},
			{
				displayName: 'By Number',
				name: 'number',
				type: 'string',
				placeholder: `e.g. ${String(example)}`,
			},
		],
	};
}

const show = { resource: ['exoPhone'] };

/** Fields of the ExoPhone resource. */
export const exoPhoneProperties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show },
		options: [
			{
				name: 'Get Many',
				value: 'getMany',
				action: 'Get many exophones',
				description: 'List the Exotel phone numbers (ExoPhones) that this account can call with',
			},
		],
		default: 'getMany',
	},
	{
		displayName: 'Return All',
		name: 'returnAll',
		type: 'boolean',
		displayOptions: { show: { ...show, operation: ['getMany'] } },
		default: false,
		description: 'Whether to return all results or only up to a given limit',
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		displayOptions: { show: { ...show, operation: ['getMany'], returnAll: [false] } },
		typeOptions: { minValue: 1 },
		default: 50,
		description: 'Max number of results to return',
	},
];
