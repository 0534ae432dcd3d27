/**
 * Call → Get Many.
 */

import type { INodeExecutionData } from 'n8n-workflow';

import { callsBetween, listCalls, namesOf } from '../../../exotel';
import type { CallsBetweenFilters } from '../../../exotel';
import { withExoPhoneList } from '../../host/exoPhone';
import { collection, limitOf } from '../../host/parameters';
import { optionalProperties } from '../../host/property';
import { callJson } from './output';
import type { ReadingOperation } from './operation';
import { CutShort, limitFields, optionalFields } from './operation';

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
		const items: INodeExecutionData[] = [];
		const pages = callsBetween(account, input, options);
		try {
			for await (const page of pages) {
				for (const [index, call] of page.calls.entries()) {
					items.push({ json: callJson(call, simplify, page.raw[index]) });
				}
				if (items.length >= limit) break;
			}
		} catch (error) {
			throw items.length === 0 ? error : new CutShort(items, error);
		}
		return items.slice(0, limit);
	},
};
