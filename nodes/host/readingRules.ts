/**
 * The two settings by which a trigger reads what Exotel sends: the zone of its times and the country of its numbers. A
 * trigger places no requests, so it needs no account credential.
 */

import type { IHookFunctions, INodeProperties, IWebhookFunctions } from 'n8n-workflow';

import { defaultRules, readAccount } from '../../exotel';
import type { Account } from '../../exotel';
import { asObject } from './parameters';

const { defaultCountry: india, timeZone: indianTime } = defaultRules;

/** Entries of a trigger's options. */
export const readingOptions: INodeProperties[] = [
	{
		displayName: 'Default Country',
		name: 'defaultCountry',
		type: 'string',
		default: india,
		placeholder: 'e.g. IN',
		description: 'Two letters. Numbers without + and country code are read as numbers of this country.',
	},
	{
		displayName: 'Time Zone',
		name: 'timeZone',
		type: 'string',
		default: indianTime,
		placeholder: 'e.g. Asia/Kolkata',
		description: 'The zone of the times Exotel writes. Change it only if Exotel confirmed another zone.',
	},
];

/**
 * The account as far as reading needs it; its SID is a stand-in.
 * @throws ExotelError of kind `input` when a setting is not valid
 */
export function readingAccount(functions: IHookFunctions | IWebhookFunctions): Account {
	const { defaultCountry, timeZone } = asObject(functions.getNodeParameter('options', {}));
	return readAccount({ sid: 'webhook', defaultCountry, timeZone });
}
