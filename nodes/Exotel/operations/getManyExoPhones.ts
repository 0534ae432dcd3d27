/**
 * ExoPhone → Get Many.
 */

import type { INodeExecutionData } from 'n8n-workflow';

import { exoPhonePages } from '../../../exotel';
import type { ExoPhone } from '../../../exotel';
import { asObject, limitOf } from '../../host/parameters';
import type { ReadingOperation } from './operation';
import { limitFields, listed } from './operation';

/** Lists the ExoPhones of the account. */
export const getManyExoPhonesOperation: ReadingOperation = {
	resource: 'exoPhone',
	value: 'getMany',
	name: 'Get Many',
	action: 'Get many exophones',
	description: 'List the Exotel phone numbers (ExoPhones) that this account can call with',
	properties: limitFields('exoPhone', 'getMany'),
	options: [],
	async run(functions, { account, options }, itemIndex) {
		const limit = limitOf(functions, itemIndex);
		return await listed(itemPages(exoPhonePages(account, options)), limit, 'ExoPhones');
	},
};

async function* itemPages(pages: AsyncIterable<ExoPhone[]>): AsyncGenerator<INodeExecutionData[], void> {
	for await (const page of pages) yield page.map((exoPhone) => ({ json: asObject(exoPhone) }));
}
