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
	isConfirming,
	isOnThisMachine,
	isUsableToken,
	pacerOf,
	parseSenderRules,
	perform,
	readAccountKey,
	type Account,
	type ApiKey,
	type FieldSet,
	type Operation,
	type Performed,
	type RawInput,
	type Recording,
	type SenderRules,
	type SendOptions,
	type Violation,
} from '../../exotel/index';
import { processClock } from '../clock';
import { amount, settingOf, text, ticked, type Config, type OwnProperties, type Red, type RedNode } from '../host';
import { ranges } from '../ranges';
import { loginOf, repeatsFolder, webhookBase, webhookUrl, withLogin, type WebhookLogin } from '../webhooks/address';
import { webhookTokenOf } from '../webhooks/local-token';
import { noteCallback } from './last-callbacks';
import { parseAccount, parseSecrets, type AccountSecrets } from './parse-account';
import type { RecordingFile } from './recording-file';
import { openTransport, type AccountTransport } from './transport';

/** What a node may set for one request. */
export type RequestOptions = Pick<
	SendOptions,
	'signal' | 'waitSignal' | 'hold' | 'attemptId' | 'onWait' | 'deadlineMs' | 'timeoutMs'
>;

interface CachedRules {
	rules: SenderRules;
	/** The further tokens that were accepted when the rules were parsed. */
	others: string;
}

/**
 * One account, ready for requests and webhooks. Nothing here throws before it is used: a flow starts without
 * credentials too.
 */
export class AccountConnection {
	readonly #red: Red;
	readonly #config: Config<'exotel-account'>;
	readonly #secrets: AccountSecrets;
	/** Secrets that are no text. */
	readonly #violations: Violation[];
	readonly #transport: AccountTransport;

	readonly #otherTokens: () => readonly string[];
	readonly #webhookToken: string;
	/** Parsed once; what is wrong with the settings is thrown when they are used. */
	readonly #account: { read: Account } | { fault: unknown };
	readonly #rules = new Map<string, CachedRules>();
	#closed = false;

	/**
	 * `noteTokens` is told the webhook token in use and the previous one of the form; its function gives those that are
	 * accepted beside the first.
	 */
	constructor(
		RED: Red,
		config: Config<'exotel-account'>,
		deployed: Readonly<Partial<Record<keyof AccountSecrets, unknown>>>,
		noteTokens: (present: string, previous: string) => () => readonly string[] = (_, previous) => () => [previous],
	) {
		this.#red = RED;
		this.#config = config;
		const { secrets, violations } = parseSecrets(deployed);
		this.#secrets = secrets;
		this.#violations = violations;
		this.#transport = openTransport(() => authorization(this.#readKey()));
		this.#account = parseAccount(config);
		this.#webhookToken = webhookTokenOf(RED, this.#readable, secrets.webhookToken);
		this.#otherTokens = noteTokens(this.#webhookToken, secrets.previousWebhookToken ?? '');
	}

	/**
	 * The account's settings.
	 * @throws ExotelError of kind `input` that names every bad one.
	 */
	get account(): Account {
		if ('fault' in this.#account) throw this.#account.fault;
		return this.#account.read;
	}

	/** A setting as deployed, environment variables put in. */
	setting(name: OwnProperties['exotel-account']): unknown {
		return this.#config[name];
	}

	/** The address of this Node-RED as deployed, environment variables put in. */
	get publicUrl(): string {
		return text(this.#config, 'publicUrl');
	}

	/** What Exotel has to log in with before a request reaches a webhook; null without. */
	get #login(): WebhookLogin | null {
		return loginOf(this.#secrets);
	}

	/** True when the addresses given to Exotel hold a user name and a password. */
	get hasLogin(): boolean {
		return this.#login !== null;
	}

	/** True when this account can be read and sends its requests to the servers of the other one. */
	hasServersOf(other: Account): boolean {
		return this.#readable !== null && hasSameHosts(this.#readable, other);
	}

	/** Checks settings and secrets without a request. @throws ExotelError of kind `input`. */
	check(): void {
		void this.account;
		if (this.#violations.length > 0) throw inputError(this.#violations);
		this.#readKey();
	}

	#readKey(): ApiKey {
		const { apiKey, apiToken } = this.#secrets;
		return readAccountKey(this.account, { key: apiKey, token: apiToken });
	}

	/**
	 * Options for the core's functions that send requests.
	 * @throws ExotelError of kind `input` when settings or secrets are missing or wrong.
	 */
	sendOptions(options: RequestOptions = {}): SendOptions {
		this.check();
		const { account } = this;
		const perMinute = amount(this.#config, 'requestsPerMinute', ranges.requestsPerMinute);
		return {
			transport: (request, how) => this.#transport.send(request, how),
			clock: processClock,
			account,
			pacer: pacerOf(account, this.#secrets.apiKey, processClock, perMinute),
			secrets: [this.#secrets.apiKey, this.#secrets.apiToken],
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

	/** True when reported ends are believed only after Exotel was asked. */
	get confirmsEnds(): boolean {
		return isConfirming(this.#config['confirmEnds'] ?? false);
	}

	/**
	 * True when callbacks can reach this Node-RED and are let in; false while the account cannot be read, has no
	 * webhook token or a public URL whose addresses lead nowhere, or Node-RED has no node routes.
	 */
	get canReceiveCallbacks(): boolean {
		const letsIn = this.#isOpen || isUsableToken(this.#webhookToken);
		const root = settingOf(this.#red, 'httpNodeRoot');
		if (root === false || repeatsFolder(this.publicUrl, root)) return false;
		return letsIn && this.#readable !== null && canReceiveCallbacks(this.publicUrl, this.#readable.region);
	}

	/** The address of a webhook for Exotel, with its login; null without a usable public URL or webhook token. */
	webhookUrl(path: string, attemptId?: string): string | null {
		const url = this.#urlWithoutLogin(path, attemptId);
		return url === null ? null : withLogin(url, this.#login);
	}

	#urlWithoutLogin(path: string, attemptId?: string): string | null {
		if (!this.canReceiveCallbacks) return null;
		const root = settingOf(this.#red, 'httpNodeRoot');
		return webhookUrl(webhookBase(this.publicUrl, root), path, this.#isOpen ? '' : this.#webhookToken, attemptId);
	}

	/**
	 * The address of a webhook when the account's server is on this machine, like the simulator; else null. Flows get
	 * to see it: it has no login.
	 */
	localWebhookUrl(path: string): string | null {
		return this.localServer === null ? null : this.#urlWithoutLogin(path);
	}

	/** The address of the account's server when that is on this machine, like the simulator; else null. */
	get localServer(): string | null {
		const account = this.#readable;
		return account !== null && isOnThisMachine(account) ? (account.baseUrl ?? null) : null;
	}

	get #readable(): Account | null {
		return 'read' in this.#account ? this.#account.read : null;
	}

	/** Notes that a request to a webhook was let in. */
	noteCallback(): void {
		if (this.#readable !== null) noteCallback(this.#readable);
	}

	/** Who may call a webhook of this account. Parsed once per path, and again when a token expires or is revoked. */
	senderRules(path: string): SenderRules {
		const accepted = this.#otherTokens();
		const others = accepted.join('\n');
		const cached = this.#rules.get(path);
		if (cached !== undefined && cached.others === others) return cached.rules;
		const tokens = acceptedTokens([this.#webhookToken, ...accepted], path);
		const rules = parseSenderRules({
			tokens: this.#isOpen ? 'anyone' : tokens,
			allowedAddresses: text(this.#config, 'allowedAddresses'),
			trustedProxies: text(this.#config, 'trustedProxies'),
		});
		this.#rules.set(path, { rules, others });
		return rules;
	}

	/** True when the account was redeployed or deleted: another connection has taken its place, or none. */
	get isClosed(): boolean {
		return this.#closed;
	}

	close(): void {
		this.#closed = true;
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

/**
 * The account a node was given, for every request: looked up once, and again when the account was redeployed. Its
 * function throws as `connectionOf` does.
 */
export function accountReader(RED: Red, accountId: unknown): () => AccountConnection {
	let found: AccountConnection | null = null;
	return () => {
		if (found === null || found.isClosed) found = connectionOf(RED, accountId);
		return found;
	};
}
