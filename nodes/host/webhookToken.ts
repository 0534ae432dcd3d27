/**
 * Who may call our webhooks: the token of the credential, and the addresses the user allows. Shared by both triggers
 * that Exotel calls.
 */

import type {
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	IHookFunctions,
	INodeCredentialTestResult,
	INodeProperties,
	IWebhookFunctions,
} from 'n8n-workflow';

import {
	acceptedTokens,
	isUsableToken,
	keepNewest,
	listOrWritten,
	MIN_TOKEN_LENGTH,
	parseSenderRules,
	refuseWithoutToken,
} from '../../exotel';
import type { SenderCheck } from '../../exotel';
import { clock } from './clock';
import { incomingOf } from './incoming';
import { asObject } from './parameters';

/** Why the URL that the panel shows is not for Exotel: n8n lets no panel read a credential. */
const tokenNotice: INodeProperties = {
	displayName:
		'<b>Do not give Exotel the URL above:</b> it has no token, so requests to it are answered 401 and start ' +
		'nothing. Run an <b>Exotel</b> node, resource <b>Webhook</b>, operation <b>Get Address</b>, with the ' +
		'production URL, and give Exotel what comes out.',
	name: 'tokenNotice',
	type: 'notice',
	default: '',
	displayOptions: { show: { authentication: ['token'] } },
};

/** Token or none. */
const authenticationProperty: INodeProperties = {
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

/** Who may call: the first fields of a trigger. */
export const authenticationProperties: INodeProperties[] = [authenticationProperty, tokenNotice];

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
/** Within this time after it was read, a token also refuses senders: wrong ones do not cost a reading each, ms. */
export const TOKEN_FRESH_MS = 1_000;
/** Credentials that are remembered at a time. */
const MAX_REMEMBERED = 500;

/** A reading of a credential that is under way. */
interface Reading {
	/** When it began, on the clock that only goes forward, ms. */
	readAt: number;
	finished: Promise<string[]>;
}

/** `readAt`: when reading began, as a token may be taken away meanwhile. */
interface RememberedTokens extends Pick<Reading, 'readAt'> {
	tokens: string[];
}

/** The tokens last read, and the readings that are under way, by workflow and credential. */
const remembered = new Map<string, RememberedTokens>();
const underWay = new Map<string, Reading>();

/** Under which name the tokens of a node are remembered; null while it is tried out, and when it has no credential. */
function nameOf(functions: IWebhookFunctions): string | null {
	const id = functions.getNode().credentials?.exotelWebhookTokenApi?.id;
	if (functions.getMode() === 'manual' || typeof id !== 'string') return null;
	return `${functions.getWorkflow().id ?? ''} ${id}`;
}

function remember(name: string, read: RememberedTokens): void {
	const last = remembered.get(name);
	if (last !== undefined && last.readAt > read.readAt) return;
	keepNewest(remembered, name, read, MAX_REMEMBERED);
}

async function readTokens(functions: IWebhookFunctions): Promise<string[]> {
	const { token, previousToken } = await functions.getCredentials('exotelWebhookTokenApi');
	return [token, previousToken].filter((text): text is string => typeof text === 'string' && text !== '');
}

/** Reads the tokens; requests that come together share a reading, unless it hangs. */
async function sharedTokens(functions: IWebhookFunctions, name: string | null): Promise<string[]> {
	if (name === null) return await readTokens(functions);
	const now = clock.elapsed();
	const begun = underWay.get(name);
	if (begun !== undefined && now - begun.readAt < TOKEN_FRESH_MS) return await begun.finished;
	const reading: Reading = { readAt: now, finished: readTokens(functions) };
	underWay.set(name, reading);
	try {
		const tokens = await reading.finished;
		remember(name, { readAt: now, tokens });
		return tokens;
	} finally {
		if (underWay.get(name) === reading) underWay.delete(name);
	}
}

/** What decides about the sender of a request. */
interface Sender {
	name: string | null;
	/** The decision when the credential need not be read for it, else null. */
	known: SenderCheck | null;
	/** The decision by the tokens last read, however long ago; null when there are none. */
	last: SenderCheck | null;
	verify(tokens: string[]): SenderCheck;
}

/** The list of addresses that may call, of a trigger's options. */
export function allowedAddressesOf(functions: IHookFunctions | IWebhookFunctions): string {
	const options = asObject(functions.getNodeParameter('options', {}));
	const written = asObject(functions.getNode().parameters.options);
	return listOrWritten(options.allowedAddresses, written.allowedAddresses);
}

function senderOf(functions: IWebhookFunctions): Sender {
	const incoming = incomingOf(functions);
	const path = webhookPathOf({ pathname: incoming.path ?? '' });
	const verify = (secrets: string[] | 'anyone'): SenderCheck => {
		const tokens = secrets === 'anyone' ? secrets : acceptedTokens(secrets, path);
		const withoutList = parseSenderRules({ tokens }).verify(incoming);
		if (!withoutList.allowed) return withoutList;
		// Read for senders with a token only: its expression may fail, and then nothing is decided.
		const allowedAddresses = allowedAddressesOf(functions);
		return allowedAddresses === '' ? withoutList : parseSenderRules({ tokens, allowedAddresses }).verify(incoming);
	};
	const sender = { name: null, last: null, verify };
	if (functions.getNodeParameter('authentication', 'token') === 'none') return { ...sender, known: verify('anyone') };
	const refusal = refuseWithoutToken(incoming);
	if (refusal !== null) return { ...sender, known: refusal };

	const name = nameOf(functions);
	const read = name === null ? undefined : remembered.get(name);
	if (read === undefined) return { name, known: null, last: null, verify };
	const last = verify(read.tokens);
	const age = clock.elapsed() - read.readAt;
	// A new token lets in as soon as what is remembered refuses nobody any more.
	const known = age < (last.allowed ? TOKEN_REMEMBERED_MS : TOKEN_FRESH_MS) ? last : null;
	return { name, known, last, verify };
}

/**
 * Decides by the node's settings whether a sender may call. When the credential cannot be read, the tokens last read
 * decide, however old; they let in after a second, and refuse at the end of the time. Null when there are none. Never
 * rejects because of the credential.
 */
export async function verifySenderWithin(
	functions: IWebhookFunctions,
	milliseconds: number,
): Promise<SenderCheck | null> {
	const { known, last, name, verify } = senderOf(functions);
	if (known !== null) return known;
	const waitMs = last?.allowed === true ? Math.min(TOKEN_FRESH_MS, milliseconds) : milliseconds;
	const tokens = await Promise.race([
		sharedTokens(functions, name).catch(() => null),
		clock.sleep(waitMs).then(() => null),
	]);
	if (tokens !== null) return verify(tokens);
	functions.logger.warn('Exotel: the credential with the webhook token could not be read in time.');
	return last;
}

/** What n8n puts before the path of a trigger unless it is set otherwise. */
const ENDPOINTS: ReadonlySet<string> = new Set(['webhook', 'webhook-test']);
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/**
 * The part of an address that names the trigger: `<webhook ID>/exotel`, or `<workflow ID>/<node name>/exotel` of a node
 * without webhook ID. What n8n is set to put before it does not count, so the production and the test URL have one
 * token. Only with another N8N_ENDPOINT_WEBHOOK and a webhook ID that is no UUID, the last segment of the endpoint
 * counts as well.
 */
export function webhookPathOf({ pathname }: Pick<URL, 'pathname'>): string {
	const segments = pathname.split('/').filter((segment) => segment !== '');
	const [before = '', id = ''] = segments.slice(-3);
	return segments.slice(UUID.test(id) || ENDPOINTS.has(before) ? -2 : -3).join('/');
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
