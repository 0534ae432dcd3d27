/** What the descriptions of the triggers that Exotel calls have in common. */

import type { INodeCredentialDescription, IWebhookDescription } from 'n8n-workflow';

/** The webhook token, for a trigger that is set to ask for one. */
export const tokenCredential: INodeCredentialDescription = {
	name: 'exotelWebhookTokenApi',
	required: true,
	testedBy: 'testWebhookToken',
	displayOptions: { show: { authentication: ['token'] } },
};

/** One address for several methods; the form shows it once. */
export function webhooksFor(
	methods: readonly ('GET' | 'POST' | 'HEAD')[],
	webhook: Pick<IWebhookDescription, 'name' | 'path' | 'responseMode' | 'responseData'>,
): IWebhookDescription[] {
	return methods.map((httpMethod, index) => ({
		...webhook,
		httpMethod,
		...(index === 0 ? {} : { ndvHideUrl: true }),
	}));
}
