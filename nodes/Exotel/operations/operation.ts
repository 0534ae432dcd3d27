/**
 * What every operation of the Exotel node looks like: its entry in the list, its form and what it does, in one file
 * each.
 */

import type { IDisplayOptions, IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import type { Session } from '../../host/session';

/** The resources of the node. */
export type Resource = 'account' | 'call' | 'exoPhone' | 'number' | 'webhook';

/** The part of an operation that n8n's editor shows. */
export interface OperationForm {
	resource: Resource;
	/** Value of the form's "Operation". */
	value: string;
	/** Name in the list of operations. */
	name: string;
	/** What it does, as the list of nodes says it: "Get a call". */
	action: string;
	description: string;
	/** Fields that are always shown. */
	properties: INodeProperties[];
	/** Collections of optional fields, below everything else. */
	options: INodeProperties[];
	/** Whether the output is a call that can be simplified. */
	givesCalls?: boolean;
}

type ListContent = 'calls' | 'ExoPhones';

/** A list that Exotel did not give to its end. */
export class CutShort extends Error {
	/**
	 * @param items what was read before
	 * @param reason why it ended
	 * @param content what the list holds
	 */
	constructor(
		readonly items: INodeExecutionData[],
		readonly reason: unknown,
		readonly content: ListContent,
	) {
		super('The list ended early');
	}
}

/**
 * The items of a list, at most `limit`; pages are fetched as far as needed.
 * @throws CutShort when a page after the first one fails; what the first page rejects with.
 */
export async function listed(
	pages: AsyncIterable<INodeExecutionData[]>,
	limit: number,
	content: ListContent,
): Promise<INodeExecutionData[]> {
	const items: INodeExecutionData[] = [];
	try {
		for await (const page of pages) {
			items.push(...page);
			if (items.length >= limit) break;
		}
	} catch (error) {
		throw items.length === 0 ? error : new CutShort(items, error, content);
	}
	return items.slice(0, limit);
}

/** An operation that changes nothing at Exotel; runs for one item. Rejects with an ExotelError or `CutShort`. */
export interface ReadingOperation extends OperationForm {
	run(functions: IExecuteFunctions, session: Session, itemIndex: number): Promise<INodeExecutionData[]>;
}

/** An operation that needs no readable account; runs for one item. Rejects with an ExotelError. */
export interface LocalOperation extends OperationForm {
	run(functions: IExecuteFunctions, itemIndex: number): Promise<INodeExecutionData[]>;
}

/** Shows a field for one operation only. */
export function showFor(resource: Resource, operation: string): IDisplayOptions {
	return { show: { resource: [resource], operation: [operation] } };
}

/** A collection of optional fields ("Options", "Filters"). */
export function optionalFields(
	resource: Resource,
	operation: string,
	options: INodeProperties[],
	name: 'options' | 'filters' = 'options',
): INodeProperties {
	return {
		displayName: name === 'options' ? 'Options' : 'Filters',
		name,
		type: 'collection',
		placeholder: name === 'options' ? 'Add option' : 'Add filter',
		default: {},
		displayOptions: showFor(resource, operation),
		options,
	};
}

/** "Return All" and "Limit". */
export function limitFields(resource: Resource, operation: string): INodeProperties[] {
	return [
		{
			displayName: 'Return All',
			name: 'returnAll',
			type: 'boolean',
			displayOptions: showFor(resource, operation),
			default: false,
			description: 'Whether to return all results or only up to a given limit',
		},
		{
			displayName: 'Limit',
			name: 'limit',
			type: 'number',
			displayOptions: { show: { resource: [resource], operation: [operation], returnAll: [false] } },
			typeOptions: { minValue: 1 },
			default: 50,
			description: 'Max number of results to return',
		},
	];
}
