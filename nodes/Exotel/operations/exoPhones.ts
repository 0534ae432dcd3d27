/**
 * The account's ExoPhones, as items and as the list of the ExoPhone field.
 */

import type { IDataObject, ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { listExoPhones, perform } from '../../../exotel';
import { nodeFailure } from '../../host/failure';
import { openSession } from '../../host/session';
import type { Operation } from './operation';

/** All ExoPhones, or the first ones. */
export const getManyExoPhones: Operation = async (functions, { account, options }, itemIndex) => {
	const limit = functions.getNodeParameter('returnAll', itemIndex, false) ? Infinity : (functions.getNodeParameter('limit', itemIndex, 50) as number);
	const { result } = await perform(listExoPhones, account, {}, options);
	return result.slice(0, limit).map((exoPhone) => ({ json: { ...exoPhone } as unknown as IDataObject }));
};

/** Fills the list of the ExoPhone field; `filter` is what the user types. */
export async function searchExoPhones(this: ILoadOptionsFunctions, filter = ''): Promise<INodeListSearchResult> {
	try {
		const { account, options } = await openSession(this);
		const { result } = await perform(listExoPhones, account, {}, { ...options, deadlineMs: 20_000 });
		const entries = result.map(({ number, friendlyName }) => ({
			name: friendlyName === null || friendlyName === number ? number : `${friendlyName} (${number})`,
			value: number,
		}));
		return { results: entries.filter(({ name }) => name.toLowerCase().includes(filter.toLowerCase())) };
	} catch (error) {
		throw nodeFailure(this.getNode(), error);
	}
}
