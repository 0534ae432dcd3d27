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
import { clock } from './clock';
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

/**
 * How long a token that was read lets senders in without being read again, ms. n8n starts an isolated JavaScript engine
 * for each reading of a credential (decision 060).
 */
export const TOKEN_REMEMBERED_MS = 10_000;
/** Credentials that are remembered at a time. */
const MAX_REMEMBERED = 500;

interface RememberedTokens {
	tokens: string[];
	/** On the clock that only goes forward, ms. */
	until: number;
}

/** The tokens last read, by workflow and credential. */
const remembered = new Map<string, RememberedTokens>();

/** Under which name the tokens of a node are remembered; null while it is tried out, and when it has no credential. */
function nameOf(functions: IWebhookFunctions): string | null {
	const id = functions.getNode().credentials?.exotelWebhookTokenApi?.id;
	if (functions.getMode() === 'manual' || typeof id !== 'string') return null;
	return `${functions.getWorkflow().id ?? ''} ${id}`;
}

/** `readAt`: when reading began, as a token may be taken away meanwhile. */
function remember(name: string, tokens: string[], readAt: number): void {
	remembered.delete(name);
	remembered.set(name, { tokens, until: readAt + TOKEN_REMEMBERED_MS });
	const [oldest] = remembered.keys();
	if (remembered.size > MAX_REMEMBERED && oldest !== undefined) remembered.delete(oldest);
}

/** Decides by the node's settings whether a sender may call. Rejects only when the credential cannot be read. */
export async function verifySender(functions: IWebhookFunctions): Promise<SenderCheck> {
	const options = asObject(functions.getNodeParameter('options', {}));
	const allowedAddresses = String(options.allowedAddresses ?? '');
	const incoming = incomingOf(functions);
	const path = webhookPathOf({ pathname: incoming.path ?? '' });
	const verify = (secrets: string[] | 'anyone'): SenderCheck => {
		const tokens = secrets === 'anyone' ? secrets : acceptedTokens(secrets, path);
		return parseSenderRules({ tokens, allowedAddresses }).verify(incoming);
	};
	if (functions.getNodeParameter('authentication', 'token') === 'none') return verify('anyone');

	const name = nameOf(functions);
	const last = name === null ? undefined : remembered.get(name);
	const now = clock.elapsed();
	// Nobody is refused by what is remembered: a new token lets in at once.
	if (last !== undefined && now < last.until && verify(last.tokens).allowed) return { allowed: true };
	const { token, previousToken } = await functions.getCredentials('exotelWebhookTokenApi');
	const secrets = [token, previousToken].filter((text): text is string => typeof text === 'string' && text !== '');
	if (name !== null) remember(name, secrets, now);
	return verify(secrets);
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
