/**
 * Who may call our webhooks: the token of the credential, and the addresses the user allows. Shared by both triggers
 * that Exotel calls.
 */

import type {
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
	INodeProperties,
	IWebhookFunctions,
} from 'n8n-workflow';

import { acceptedTokens, isUsableToken, MIN_TOKEN_LENGTH, parseSenderRules } from '../../exotel';
import type { SenderCheck } from '../../exotel';
import { incomingOf } from './incoming';
import { asObject } from './parameters';

/** Token or none. */
export const authenticationProperty: INodeProperties = {
	displayName: 'Authentication',
	name: 'authentication',
	type: 'options',
	noDataExpression: true,
	options: [
		{ name: 'None', value: 'none', description: 'Anybody who knows the address can start this workflow' },
		{ name: 'Webhook Token', value: 'token', description: 'Only requests with your token are let in' },
	],
	default: 'token',
	description:
		'Exotel does not sign what it sends, so the URL you give it has to hold a token. The Exotel node gives you ' +
		'the URL with one: resource Webhook, operation Get Address.',
};

/** Who may call: entries of a trigger's options. */
export const senderOptions: INodeProperties[] = [
	{
		displayName: 'Allowed IP Addresses',
		name: 'allowedAddresses',
		type: 'string',
		default: '',
		placeholder: 'e.g. 203.0.113.7, 198.51.100.0/24',
		description:
			'Addresses or ranges (CIDR) that may call, separated by commas. Behind a reverse proxy, n8n ' +
			'must know it (N8N_PROXY_HOPS). Leave empty to allow all.',
	},
];

/** Decides by the node's settings whether a sender may call. Rejects only when the credential cannot be read. */
export async function verifySender(functions: IWebhookFunctions): Promise<SenderCheck> {
	const options = asObject(functions.getNodeParameter('options', {}));
	const allowedAddresses = String(options.allowedAddresses ?? '');
	if (functions.getNodeParameter('authentication', 'token') === 'none') {
		return parseSenderRules({ tokens: 'anyone', allowedAddresses }).verify(incomingOf(functions));
	}
	const { token, previousToken } = await functions.getCredentials('exotelWebhookTokenApi');
	const secrets = [token, previousToken].filter((text): text is string => typeof text === 'string' && text !== '');
	const incoming = incomingOf(functions);
	const tokens = acceptedTokens(secrets, webhookPathOf({ pathname: incoming.path ?? '' }));
	return parseSenderRules({ tokens, allowedAddresses }).verify(incoming);
}

/**
 * The part of an address that names the trigger, e.g. `<webhook ID>/exotel`. What n8n is set to put before it does not
 * count, so the production and the test URL have one token.
 */
export function webhookPathOf({ pathname }: Pick<URL, 'pathname'>): string {
	return pathname
		.split('/')
		.filter((segment) => segment !== '')
		.slice(-2)
		.join('/');
}

/** Tests the credential without any request: is the token long enough, and does it survive in a URL as it is? */
export async function testWebhookToken(
	this: ICredentialTestFunctions,
	credential: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	for (const [label, text] of [
		['Token', credential.data?.token],
		['Previous Token', credential.data?.previousToken || undefined],
	]) {
		if (text === undefined && label === 'Previous Token') continue;
		if (typeof text !== 'string' || !isUsableToken(text)) {
			return { status: 'Error', message: `${String(label)} must have at least ${MIN_TOKEN_LENGTH} characters.` };
		}
		if (!/^[\w.~-]+$/.test(text)) {
			return {
				status: 'Error',
				message:
					`${String(label)} may hold letters, digits, "-", "_", "." and "~" only, because it becomes ` +
					'part of a URL.',
			};
		}
	}
	return { status: 'OK', message: 'The token can be used.' };
}
