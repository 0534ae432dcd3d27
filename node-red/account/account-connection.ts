/**
 * The account as the nodes use it: the settings and secrets of an `exotel-account` node, read once, and one axios
 * instance.
 */
import {
	acceptedTokens,
	authorization,
	canReceiveCallbacks,
	downloadRecording,
	hasSameHosts,
	inputError,
	isOnThisMachine,
	isUsableToken,
	pacerOf,
	parseSenderRules,
	perform,
	readAccount,
	readApiKey,
	type Account,
	type FieldSet,
	type Operation,
	type Performed,
	type RawInput,
	type Recording,
	type SenderRules,
	type SendOptions,
} from '../../exotel/index';
import { processClock } from '../clock';
import { amount, settingOf, text, ticked, type Config, type Red, type RedNode } from '../host';
import { webhookBase, webhookUrl } from '../webhooks/address';
import { webhookTokenOf } from '../webhooks/local-token';
import type { RecordingFile } from './recording-file';
import { openTransport, type AccountTransport } from './transport';

/** The secrets of an account node. All are `password` credentials: Node-RED never sends them back to the editor. */
export interface AccountSecrets {
	apiKey?: string;
	apiToken?: string;
	webhookToken?: string;
	/** Still accepted while addresses with the old token are being replaced. */
	previousWebhookToken?: string;
}

/** What a node may set for one request. */
export type RequestOptions = Pick<SendOptions, 'signal' | 'attemptId' | 'onWait' | 'deadlineMs' | 'timeoutMs'>;

interface CachedRules {
	rules: SenderRules;
	/** The replaced token that was accepted when the rules were parsed. */
	replaced: string;
}

/** The account of a saved or typed form, or what is wrong with it. */
export function parseAccount({
	region,
	baseUrl,
	sid,
	timeZone,
	defaultCountry,
}: Config): { read: Account } | { fault: unknown } {
	try {
		return { read: readAccount({ region, baseUrl, sid, timeZone, defaultCountry }) };
	} catch (fault) {
		return { fault };
	}
}

/**
 * One account, ready for requests and webhooks. Nothing here throws before it is used: a flow starts without
 * credentials too.
 */
export class AccountConnection {
	readonly #red: Red;
	readonly #config: Config;
	readonly #secrets: AccountSecrets;
	readonly #transport: AccountTransport;

	readonly #replacedToken: () => string;
	readonly #webhookToken: string;
	/** Parsed once; what is wrong with the settings is thrown when they are used. */
	readonly #account: { read: Account } | { fault: unknown };
	readonly #rules = new Map<string, CachedRules>();

	/**
	 * `noteToken` is told the webhook token in use; its function gives one that is still accepted although this one has
	 * taken its place.
	 */
	constructor(
		RED: Red,
		config: Config,
		secrets: AccountSecrets,
		noteToken: (present: string) => () => string = () => () => '',
	) {
		this.#red = RED;
		this.#config = config;
		this.#secrets = secrets;
		this.#transport = openTransport(() =>
			authorization(readApiKey({ key: secrets.apiKey, token: secrets.apiToken })),
		);
		this.#account = parseAccount(config);
		const account = 'read' in this.#account ? this.#account.read : null;
		this.#webhookToken = webhookTokenOf(RED, account, secrets.webhookToken);
		this.#replacedToken = noteToken(this.#webhookToken);
	}

	/**
	 * The account's settings.
	 * @throws ExotelError of kind `input` that names every bad one.
	 */
	get account(): Account {
		if ('fault' in this.#account) throw this.#account.fault;
		return this.#account.read;
	}

	/** The address of this Node-RED as deployed, environment variables put in. */
	get publicUrl(): string {
		return text(this.#config, 'publicUrl');
	}

	/** True when this account can be read and sends its requests to the servers of the other one. */
	hasServersOf(other: Account): boolean {
		return 'read' in this.#account && hasSameHosts(this.#account.read, other);
	}

	/**
	 * Checks settings and secrets without a request.
	 * @throws ExotelError of kind `input`.
	 */
	check(): void {
		void this.account;
		readApiKey({ key: this.#secrets.apiKey, token: this.#secrets.apiToken });
	}

	/**
	 * Options for the core's functions that send requests.
	 * @throws ExotelError of kind `input` when settings or secrets are missing or wrong.
	 */
	sendOptions(options: RequestOptions = {}): SendOptions {
		this.check();
		const { account } = this;
		const perMinute = amount(this.#config, 'requestsPerMinute', { fallback: 200, min: 1, max: 6000 });
		return {
			transport: (request, how) => this.#transport.send(request, how),
			clock: processClock,
			account,
			pacer: pacerOf(account, this.#secrets.apiKey, processClock, perMinute),
			...options,
		};
	}

	/**
	 * Makes one call of Exotel's API.
	 * @throws ExotelError
	 */
	async perform<Fields extends FieldSet, Result>(
		operation: Operation<Fields, Result>,
		input: RawInput<Fields>,
		options: RequestOptions = {},
	): Promise<Performed<Result>> {
		return perform(operation, this.account, input, this.sendOptions(options));
	}

	/**
	 * Fetches a recording: into memory, or into `file`; then `bytes` only holds how it begins.
	 * @throws ExotelError
	 */
	async fetchRecording(url: string, options: RequestOptions, file?: RecordingFile): Promise<Recording> {
		const sendOptions = this.sendOptions(options);
		const transport: SendOptions['transport'] = (request, how) => this.#transport.send(request, how, file);
		return (await perform(downloadRecording, this.account, { url }, { ...sendOptions, transport })).result;
	}

	/** True when the user chose that webhooks need no token. */
	get #isOpen(): boolean {
		return ticked(this.#config, 'anyoneMayCall');
	}

	/**
	 * True when callbacks can reach this Node-RED and are let in; false while the account cannot be read or has no
	 * webhook token.
	 */
	get canReceiveCallbacks(): boolean {
		const letsIn = this.#isOpen || isUsableToken(this.#webhookToken);
		return letsIn && 'read' in this.#account && canReceiveCallbacks(this.publicUrl, this.#account.read.region);
	}

	/** The address of a webhook for Exotel; null without a usable public URL or webhook token. */
	webhookUrl(path: string, attemptId?: string): string | null {
		if (!this.canReceiveCallbacks) return null;
		const root = settingOf(this.#red, 'httpNodeRoot');
		return webhookUrl(webhookBase(this.publicUrl, root), path, this.#isOpen ? '' : this.#webhookToken, attemptId);
	}

	/** The address of a webhook when the account's server is on this machine, like the simulator; else null. */
	localWebhookUrl(path: string): string | null {
		return 'read' in this.#account && isOnThisMachine(this.#account.read) ? this.webhookUrl(path) : null;
	}

	/** Who may call a webhook of this account. Parsed once per path, and again when a replaced token expires. */
	senderRules(path: string): SenderRules {
		const replaced = this.#replacedToken();
		const cached = this.#rules.get(path);
		if (cached !== undefined && cached.replaced === replaced) return cached.rules;
		const { previousWebhookToken = '' } = this.#secrets;
		const tokens = acceptedTokens([this.#webhookToken, previousWebhookToken, replaced], path);
		const rules = parseSenderRules({
			tokens: this.#isOpen ? 'anyone' : tokens,
			allowedAddresses: text(this.#config, 'allowedAddresses'),
			trustedProxies: text(this.#config, 'trustedProxies'),
		});
		this.#rules.set(path, { rules, replaced });
		return rules;
	}

	close(): void {
		this.#transport.close();
	}
}

/** An `exotel-account` node at run time. */
export interface AccountNode extends RedNode<AccountSecrets> {
	connection?: AccountConnection;
}

/**
 * The account a node was given.
 * @throws ExotelError of kind `input` when there is none: it was never chosen, was deleted or is disabled.
 */
export function connectionOf(RED: Red, accountId: unknown): AccountConnection {
	const node =
		typeof accountId === 'string' && accountId !== '' ? (RED.nodes.getNode(accountId) as AccountNode | null) : null;
	if (node?.connection === undefined) {
		throw inputError(
			[
				{
					field: 'account',
					rule: 'required',
					message: 'Account: none is chosen, or the chosen one is missing or disabled.',
				},
			],
			'Open the node and choose an Exotel account.',
		);
	}
	return node.connection;
}
