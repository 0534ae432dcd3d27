/**
 * ExoPhone → Get Many, and the list of the ExoPhone field.
 */

import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { allExoPhones, samePhone } from '../../../exotel';
import { nodeFailure } from '../../host/failure';
import { asObject, limitOf } from '../../host/parameters';
import { openSession } from '../../host/session';
import type { ReadingOperation } from './operation';
import { limitFields } from './operation';

/** A person waits for the list. */
const searchDeadlineMs = 20_000;

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

/** Fills the list of the ExoPhone field; `filter` is what the user types. */
export async function searchExoPhones(this: ILoadOptionsFunctions, filter = ''): Promise<INodeListSearchResult> {
	try {
		const { account, options } = await openSession(this);
		const exoPhones = await allExoPhones(account, { ...options, deadlineMs: searchDeadlineMs });
		const results = exoPhones.map(({ number, friendlyName }) => {
			const unnamed = friendlyName === null || samePhone(friendlyName, number, account.defaultCountry);
			return { name: unnamed ? number : `${friendlyName} (${number})`, value: number };
		});
		return { results: results.filter(({ name }) => name.toLowerCase().includes(filter.toLowerCase())) };
	} catch (error) {
		throw nodeFailure(this.getNode(), error);
	}
}
