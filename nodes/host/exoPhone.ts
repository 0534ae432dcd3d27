/**
 * Fields for an ExoPhone: picked from the account's list, typed, or given by an expression.
 */

import type { ILoadOptionsFunctions, INodeListSearchResult, INodeProperties } from 'n8n-workflow';

import { allExoPhones, samePhone } from '../../exotel';
import { nodeFailure } from './failure';
import { openSession } from './session';

/** A person waits for the list. */
const searchDeadlineMs = 20_000;

/** The field as a list to pick from, where it is an ExoPhone. The node has `searchExoPhones` among its methods. */
export function withExoPhoneList(property: INodeProperties): INodeProperties {
	if (property.name !== 'exoPhone' && property.name !== 'exoPhones') return property;
	const { placeholder, ...field } = property;
	return {
		...field,
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: 'Select an ExoPhone …',
				typeOptions: { searchListMethod: 'searchExoPhones', searchable: true },
			},
			{ displayName: 'By Number', name: 'number', type: 'string', placeholder },
		],
	};
}

/** Fills the list; `filter` is what the user types. */
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
