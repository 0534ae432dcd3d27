/**
 * Webhook → Get Address. The panel of a trigger shows its URL but cannot read a credential; a node that runs can. So
 * the token of a trigger's URL is added here.
 */

import {
	callbackUrl,
	inputError,
	isUsableToken,
	MIN_TOKEN_LENGTH,
	pathToken,
	publicUrlFault,
	TOKEN_PARAMETER,
} from '../../../exotel';
import { isToolCall } from '../../host/tool';
import { textParameter } from '../../host/parameters';
import { triggerPaths } from '../../host/webhooks';
import { webhookPathOf } from '../../host/webhookToken';
import type { LocalOperation } from './operation';
import { showFor } from './operation';

const label = 'Webhook URL';
const endings = Object.values(triggerPaths).map((path) => `/${path}`);

/** Adds to the URL of a trigger the token that is valid for it alone. */
export const getAddressOperation: LocalOperation = {
	resource: 'webhook',
	value: 'getAddress',
	name: 'Get Address',
	action: 'Get the address of a trigger',
	description: 'Get the finished address of an Exotel trigger, with a token that is valid for this address alone',
	properties: [
		{
			displayName: label,
			name: 'webhookUrl',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. https://n8n.example.com/webhook/1b4e28ba-2fa1-4d5c-9b1c-3f0c5a1d2e3f/exotel',
			displayOptions: showFor('webhook', 'getAddress'),
			description: 'The production URL or test URL, copied from the trigger that Exotel is to call',
		},
	],
	options: [],
	async run(functions, itemIndex) {
		if (isToolCall(functions))
			throw refused('tool', 'Get Address cannot be used as a tool: the address is a secret.');
		const address = addressIn(textParameter(functions, 'webhookUrl', itemIndex));
		const { token } = await functions.getCredentials('exotelWebhookTokenApi', itemIndex);
		if (typeof token !== 'string' || !isUsableToken(token)) {
			const message = `Token of the credential must have at least ${MIN_TOKEN_LENGTH} characters.`;
			throw inputError([{ field: 'token', rule: 'token', message }]);
		}
		const finished = callbackUrl(address.href, { token: pathToken(token, webhookPathOf(address)) });
		const warning = warningsAbout(address).join(' ');
		return [{ json: { address: finished, ...(warning === '' ? {} : { warning }) } }];
	},
};

/** Why Exotel could not use the address in real use. */
function warningsAbout({ origin, pathname, protocol }: URL): string[] {
	const isPrivate = publicUrlFault(origin) === 'private';
	return [
		...(isPrivate
			? ['Only this machine or its network reaches this address. Give n8n a public address first.']
			: []),
		...(!isPrivate && protocol === 'http:'
			? ['The address is not encrypted. Exotel needs one with https://.']
			: []),
		...(/\/webhook-test\//.test(pathname)
			? ['This is a test URL: it works for one request after each click. Real use needs the production URL.']
			: []),
	];
}

/** The URL without a token that is in it already. */
function addressIn(written: string): URL {
	const address = URL.canParse(written.trim()) ? new URL(written.trim()) : null;
	if (
		address === null ||
		!/^https?:$/.test(address.protocol) ||
		!endings.some((ending) => address.pathname.endsWith(ending))
	) {
		const message = `${label} must be the URL of an Exotel trigger: it ends in /exotel, /applet or /fallback.`;
		throw refused('url', message);
	}
	address.searchParams.delete(TOKEN_PARAMETER);
	address.hash = '';
	return address;
}

function refused(rule: string, message: string) {
	return inputError([{ field: 'webhookUrl', rule, message }]);
}
