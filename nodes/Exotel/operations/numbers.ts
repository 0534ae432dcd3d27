/**
 * Looking up a phone number.
 */

import type { IDataObject } from 'n8n-workflow';

import { lookupNumber, perform } from '../../../exotel';
import type { Operation } from './operation';

/** Operator, circle, kind and do-not-disturb state of a number. */
export const lookup: Operation = async (functions, { account, options }, itemIndex) => {
	const number = functions.getNodeParameter('number', itemIndex) as string;
	const { result } = await perform(lookupNumber, account, { number }, options);
	return [{ json: { ...result } as unknown as IDataObject }];
};
