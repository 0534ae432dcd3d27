/**
 * The random token in the URLs that Exotel calls. Exotel signs nothing, so this token is how a request proves that it
 * comes from somebody who was given the URL. Two are valid at once, so that the token can be changed without losing a
 * call.
 */

import type { ICredentialType, Icon, INodeProperties } from 'n8n-workflow';

/** Exotel Webhook Token API. */
export class ExotelWebhookTokenApi implements ICredentialType {
	name = 'exotelWebhookTokenApi';

	displayName = 'Exotel Webhook Token API';

	icon: Icon = { light: 'file:../icons/exotel.svg', dark: 'file:../icons/exotel.dark.svg' };

	documentationUrl = 'https://github.com/exonodes/exonodes/blob/main/docs/n8n.md#webhook-token';

	properties: INodeProperties[] = [
		{
			displayName:
				'Make up a long random text of at least 16 characters. From it, the Exotel node (resource Webhook, ' +
				'operation Get Address) makes a token for each URL that you give to Exotel.',
			name: 'how',
			type: 'notice',
			default: '',
		},
		{
			displayName: 'Token',
			name: 'token',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			placeholder: 'e.g. 9d1c0b7a5e3f48c2a6d4',
			description: 'At least 16 letters and digits, for example from a password manager',
		},
		{
			displayName: 'Previous Token',
			name: 'previousToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description: 'Stays valid while you change the URLs at Exotel. Empty it afterwards.',
		},
	];
}
