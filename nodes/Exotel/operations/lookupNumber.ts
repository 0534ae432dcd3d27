/**
 * Number → Lookup.
 */

import { lookupNumber, perform } from '../../../exotel';
import { asObject, parameter } from '../../host/parameters';
import { property } from '../../host/property';
import type { ReadingOperation } from './operation';
import { showFor } from './operation';

/** Operator, circle, kind and do-not-disturb state of a number. */
export const lookupNumberOperation: ReadingOperation = {
	resource: 'number',
	value: 'lookup',
	name: 'Lookup',
	action: 'Look up a number',
	description: 'Find the operator, region (circle), kind and do-not-disturb state of an Indian phone number',
	properties: [property(lookupNumber.fields, 'number', { displayOptions: showFor('number', 'lookup') })],
	options: [],
	async run(functions, { account, options }, itemIndex) {
		const input = { number: parameter(functions, 'number', itemIndex) };
		const { result } = await perform(lookupNumber, account, input, options);
		return [{ json: asObject(result) }];
	},
};
