/** The inputs of the requests about phone numbers. Sources: seed 004 (number metadata), Exotel fact sheet 4. */

import type { FieldDescription } from './description';

/** Inputs of `lookupNumber`. */
export const lookupNumberFields: FieldDescription[] = [
	{
		name: 'number',
		label: 'Phone number',
		description:
			'An Indian phone number, with country code or as it is dialled in India; a landline with its area code.',
		kind: 'phone',
		example: '+919812345678',
		required: true,
	},
];

/** Inputs of `listExoPhones`. */
export const listExoPhonesFields: FieldDescription[] = [
	{
		name: 'page',
		label: 'Page',
		description: 'Exotel sends 50 ExoPhones at a time; the first page is 0.',
		kind: 'integer',
		min: 0,
		default: 0,
		example: 1,
		required: false,
	},
];
