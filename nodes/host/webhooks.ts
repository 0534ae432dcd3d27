/** What the descriptions of the triggers that Exotel calls have in common. */

import type { IWebhookDescription } from 'n8n-workflow';

/** How the addresses of the triggers end; Get Address knows them by it. */
export const triggerPaths = { events: 'exotel', applet: 'applet', fallback: 'fallback' } as const;

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
