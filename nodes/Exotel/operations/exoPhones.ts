/**
 * The account's ExoPhones, as items and as the list of the ExoPhone field.
 */

import type { IDataObject, ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { listExoPhones, perform, samePhone } from '../../../exotel';
import type { ExoPhone } from '../../../exotel';
import { nodeFailure } from '../../host/failure';
import { openSession } from '../../host/session';
import type { Session } from '../../host/session';
import type { Operation } from './operation';

/** ExoPhones on one page of Exotel's list. */
const pageSize = 50;
/** An end for a list that would have none. */
const mostPages = 100;

/** All ExoPhones, or the first ones. */
export const getManyExoPhones: Operation = async (functions, { account, options }, itemIndex) => {
	const limit = functions.getNodeParameter('returnAll', itemIndex, false)
		? Infinity
		: (functions.getNodeParameter('limit', itemIndex, 50) as number);
	const exoPhones = await exoPhonesOf({ account, options }, limit);
	return exoPhones.map((exoPhone) => ({ json: { ...exoPhone } as unknown as IDataObject }));
};

/** Exotel sends them page by page; a page that is not full, or brings nothing new, is the last. */
async function exoPhonesOf({ account, options }: Session, limit: number): Promise<ExoPhone[]> {
	const found = new Map<string, ExoPhone>();
	for (let page = 0; page < mostPages && found.size < limit; page += 1) {
		const before = found.size;
		const { result } = await perform(listExoPhones, account, { page }, options);
		for (const exoPhone of result) found.set(exoPhone.number, exoPhone);
		if (result.length < pageSize || found.size === before) break;
	}
	return [...found.values()].slice(0, limit);
}

/** Fills the list of the ExoPhone field; `filter` is what the user types. */
export async function searchExoPhones(this: ILoadOptionsFunctions, filter = ''): Promise<INodeListSearchResult> {
	try {
		const { account, options } = await openSession(this);
		const exoPhones = await exoPhonesOf({ account, options: { ...options, deadlineMs: 20_000 } }, Infinity);
		const entries = exoPhones.map(({ number, friendlyName }) => ({
			name:
				friendlyName === null || samePhone(friendlyName, number, account.defaultCountry)
					? number
					: `${friendlyName} (${number})`,
			value: number,
		}));
		return { results: entries.filter(({ name }) => name.toLowerCase().includes(filter.toLowerCase())) };
	} catch (error) {
		throw nodeFailure(this.getNode(), error);
	}
}
