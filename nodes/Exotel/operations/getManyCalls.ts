/**
 * Call → Get Many.
 */

import type { INodeExecutionData } from 'n8n-workflow';

import { callsBetween, listCalls, namesOf } from '../../../exotel';
import type { CallsBetweenFilters, CallsBetweenPage } from '../../../exotel';
import { withExoPhoneList } from '../../host/exoPhone';
import { collection, limitOf } from '../../host/parameters';
import { optionalProperties } from '../../host/property';
import { callJson } from './output';
import type { ReadingOperation } from './operation';
import { limitFields, listed, optionalFields } from './operation';

/** The node pages by itself. */
const filterNames = namesOf(listCalls.fields).filter((name) => name !== 'cursor' && name !== 'pageSize');

/** Lists ended calls, newest first unless the filter says otherwise; pages are fetched as far as needed. */
export const getManyCallsOperation: ReadingOperation = {
	resource: 'call',
	value: 'getMany',
	name: 'Get Many',
	action: 'Get many calls',
	description: 'List ended calls by number, time, status, direction, duration or price',
	givesCalls: true,
	properties: limitFields('call', 'getMany'),
	options: [
		optionalFields(
			'call',
			'getMany',
			optionalProperties(listCalls.fields, filterNames).map(withExoPhoneList),
			'filters',
		),
	],
	async run(functions, { account, options }, itemIndex) {
		const limit = limitOf(functions, itemIndex);
		const simplify = functions.getNodeParameter('simplify', itemIndex, true) === true;
		const filters = collection(functions, 'filters', itemIndex);
		const order = { sortBy: 'newest' } satisfies CallsBetweenFilters;
		const paging = { pageSize: Math.min(100, limit) } satisfies CallsBetweenFilters;
		const input = { ...order, ...filters, ...paging };
		return await listed(itemPages(callsBetween(account, input, options), simplify), limit, 'calls');
	},
};

async function* itemPages(
	pages: AsyncIterable<CallsBetweenPage>,
	simplify: boolean,
): AsyncGenerator<INodeExecutionData[], void> {
	for await (const { calls, raw } of pages) {
		yield calls.map((call, index) => ({ json: callJson(call, simplify, raw[index]) }));
	}
}
