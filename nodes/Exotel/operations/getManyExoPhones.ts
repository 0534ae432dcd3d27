/**
 * ExoPhone → Get Many.
 */

import { allExoPhones } from '../../../exotel';
import { asObject, limitOf } from '../../host/parameters';
import type { ReadingOperation } from './operation';
import { limitFields } from './operation';

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
		const exoPhones = await allExoPhones(account, options, limitOf(functions, itemIndex));
		return exoPhones.map((exoPhone) => ({ json: asObject(exoPhone) }));
	},
};
