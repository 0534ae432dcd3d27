/**
 * The user's Exotel account: where it lives, who may use it, and the two settings without which Exotel's answers cannot
 * be read (time zone of its stamps, country of national numbers).
 */

import type {
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	Icon,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';

import { defaultRegion, inputError, mayCarryKey, readAccount, readAccountKey, testAccount } from '../exotel';
import type { Region } from '../exotel';

const sidMark = 'account-sid';

/** The core's own test request for a region, with a mark where the account SID goes. */
function testUrl(region: Region, baseUrl?: string): string {
	const account = { region, baseUrl, sid: sidMark, timeZone: 'Asia/Kolkata', defaultCountry: 'IN' };
	return testAccount.request(account, {}).url;
}

const customOrigin = 'https://custom.invalid';
const testPath = testUrl('custom', customOrigin).slice(customOrigin.length);
const originOf = (region: Region) => testUrl(region).slice(0, -testPath.length);

/** What n8n shows when the test of the credential gets this status. */
const refusal = (value: number, message: string) => ({
	type: 'responseCode' as const,
	properties: { value, message: `${message} The Exotel node, Account → Check, says more.` },
});

/** A request as n8n hands it over: of nodes, or of the HTTP Request node, which has words of its own. */
type SentRequest = IHttpRequestOptions & { uri?: unknown; rejectUnauthorized?: boolean };

/**
 * Where a request may go: n8n's HTTP Request node writes `uri`, its credential test a relative `url` with `baseURL`.
 * Null when an address is missing or cannot be read.
 */
function addressesOf({ baseURL, url, uri }: SentRequest): URL[] | null {
	const written = [url, uri].filter((address) => address !== undefined).map(String);
	if (written.length === 0 || !written.every((address) => URL.canParse(address, baseURL))) return null;
	return written.map((address) => new URL(address, baseURL));
}

function foreignServer() {
	const message =
		'URL must lead to Exotel by https://, or to the server of the Exotel account: the API key goes nowhere else.';
	return inputError([{ field: 'url', rule: 'key', message }], 'Correct the address of the request.');
}

/**
 * Refuses a request on whose way somebody could read the key: who may use a credential may set a proxy of theirs, and
 * certificates that it shows.
 */
function refuseReadable(request: SentRequest, urls: readonly URL[]): void {
	const { proxy, agentOptions = {}, skipSslCertificateValidation, rejectUnauthorized } = request;
	const isUnchecked = skipSslCertificateValidation === true || rejectUnauthorized === false;
	if (isUnchecked || Object.keys(agentOptions).length > 0) {
		const message =
			'Certificates must be checked by the usual rules, or the API key would be readable: switch off Ignore ' +
			'SSL Issues and SSL Certificates.';
		throw inputError([{ field: 'options', rule: 'certificate', message }], 'Correct the options of the request.');
	}
	if (proxy && urls.some(({ protocol }) => protocol === 'http:')) {
		const message = 'Proxy cannot be used with http://: it would read the API key.';
		throw inputError([{ field: 'options', rule: 'proxy', message }], 'Correct the options of the request.');
	}
}

/** Exotel Voice API. */
export class ExotelVoiceApi implements ICredentialType {
	name = 'exotelVoiceApi';

	displayName = 'Exotel Voice API';

	icon: Icon = { light: 'file:../icons/exotel.svg', dark: 'file:../icons/exotel.dark.svg' };

	documentationUrl = 'https://github.com/exonodes/exonodes/blob/main/docs/n8n.md#credentials';

	properties: INodeProperties[] = [
		{
			displayName: 'You find all of this in your Exotel dashboard under Settings → API Settings',
			name: 'where',
			type: 'notice',
			default: '',
		},
		{
			displayName: 'Region',
			name: 'region',
			type: 'options',
			options: [
				{ name: 'Singapore', value: 'singapore', description: 'Your dashboard is my.exotel.com' },
				{ name: 'Mumbai', value: 'mumbai', description: 'Your dashboard is my.in.exotel.com' },
				{
					name: 'Custom',
					value: 'custom',
					description: 'An address of your own, such as the Exotel simulator',
				},
			],
			default: defaultRegion,
			description: 'Where your account lives. The wrong region looks like a wrong key.',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			displayOptions: { show: { region: ['custom'] } },
			default: 'http://127.0.0.1:4010',
			placeholder: 'e.g. http://127.0.0.1:4010',
			description: 'The address that plays Exotel, without a slash at the end',
		},
		{
			displayName: 'Account SID',
			name: 'sid',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. acme1',
			description: 'The name of your account as the dashboard shows it',
		},
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description: 'The long text named API key. It is not the account SID.',
		},
		{
			displayName: 'API Token',
			name: 'apiToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description: 'The long text named API token, beside the key',
		},
		{
			displayName: 'Time Zone',
			name: 'timeZone',
			type: 'string',
			default: 'Asia/Kolkata',
			placeholder: 'e.g. Asia/Kolkata',
			description:
				"Time zone of the times in Exotel's responses. Leave Asia/Kolkata unless Exotel has confirmed " +
				'another one.',
		},
		{
			displayName: 'Default Country',
			name: 'defaultCountry',
			type: 'string',
			default: 'IN',
			placeholder: 'e.g. IN',
			description: 'Two letters. Numbers without + and country code are read as numbers of this country.',
		},
	];

	/**
	 * Adds the key to a request, also to the test of the credential and to n8n's HTTP Request node.
	 * @throws ExotelError of kind `input` when the account cannot be used, or the key would go to another server or
	 * leave this network unencrypted.
	 */
	authenticate = async (
		credentials: ICredentialDataDecryptedObject,
		request: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> => {
		const account = readAccount(credentials);
		const urls = addressesOf(request);
		if (urls?.every((url) => mayCarryKey(url, account)) !== true) throw foreignServer();
		refuseReadable(request, urls);
		const { key, token } = readAccountKey(account, { key: credentials.apiKey, token: credentials.apiToken });
		const auth = { username: key, password: token };
		return await Promise.resolve({ ...request, sendCredentialsOnCrossOriginRedirect: false, auth });
	};

	test: ICredentialTestRequest = {
		request: {
			baseURL:
				`={{ $credentials.region === 'custom' ? $credentials.baseUrl.replace(/\\/+$/, '') : ` +
				`$credentials.region === 'mumbai' ? '${originOf('mumbai')}' : '${originOf('singapore')}' }}`,
			url: `=${testPath.replace(sidMark, '{{ encodeURIComponent($credentials.sid) }}')}`,
		},
		// Without these n8n shows the bare word of the status.
		rules: [
			refusal(401, 'Exotel did not accept API Key and API Token. Copy both again, and check Region.'),
			refusal(402, 'A limit of the plan or the balance of the Exotel account is reached.'),
			refusal(403, 'Exotel does not allow this. Is KYC complete, and the IP address of this server allowed?'),
			refusal(404, 'Exotel does not know this Account SID. Check it, and Region or Base URL.'),
			refusal(429, 'Exotel received too many requests of this account. Try again in a minute.'),
		],
	};
}
