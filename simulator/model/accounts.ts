/**
 * All accounts of a simulator. Everything a request can see belongs to exactly one account SID; two accounts never see
 * each other's calls.
 */
import { Account } from './account';
import { RandomStream } from './random';
import type { AccountOptions, Settings } from './options';

/** Accounts that may appear without being configured. */
const MAX_ACCOUNTS = 500;

/** The account that is used where none is named; all examples use it. */
export const DEFAULT_ACCOUNT = 'acme1';

/** What a request authenticates with. */
export interface Credentials {
	key: string;
	token: string;
}

/** Whether credentials are good for an account. */
export type Admission = 'yes' | 'no' | 'other-account';

/** What the accounts depend on. */
type AccountSettings = Pick<Settings, 'accounts' | 'seed' | 'startTime' | 'strictness'>;

/** The accounts, by SID. */
export class Accounts {
	readonly #known = new Map<string, Account>();
	#uses = 0;
	/** Accounts dropped because of the limit. */
	#dropped = 0;

	readonly #configured: AccountOptions[];
	readonly #seed: string | null;
	readonly #startTime: number;
	readonly #adoptsExoPhones: boolean;

	constructor({ accounts, seed, startTime, strictness }: AccountSettings) {
		this.#configured = accounts;
		this.#seed = seed;
		this.#startTime = startTime;
		this.#adoptsExoPhones = strictness === 'as-seen-in-the-field';
		for (const options of accounts)
			this.#known.set(options.sid, this.#create(options.sid, this.#newStream(options.sid), options));
	}

	/** True if only the configured accounts exist. */
	get closed(): boolean {
		return this.#configured.length > 0;
	}

	/** Forgets what accounts have collected; their streams of random values go on, so that no SID comes twice. */
	reset(sid?: string): void {
		for (const account of this.list()) {
			if (sid !== undefined && sid !== account.sid) continue;
			this.#known.set(account.sid, this.#create(account.sid, account.random, this.#optionsOf(account.sid)));
		}
	}

	/** The account if it exists already. */
	peek(sid: string): Account | null {
		return this.#known.get(sid) ?? null;
	}

	/** The account; with an open simulator it is created by being named. Null if there is no such account. */
	find(sid: string): Account | null {
		const known = this.#known.get(sid);
		if (known) {
			known.lastUse = ++this.#uses;
			return known;
		}
		if (this.closed || !/^[\w.-]{1,64}$/.test(sid)) return null;
		if (this.#known.size >= MAX_ACCOUNTS) this.#forgetOldest();
		const account = this.#create(sid, this.#newStream(sid));
		account.lastUse = ++this.#uses;
		this.#known.set(sid, account);
		return account;
	}

	#optionsOf(sid: string): AccountOptions | undefined {
		return this.#configured.find((options) => options.sid === sid);
	}

	#create(sid: string, random: RandomStream, options?: AccountOptions): Account {
		return new Account(sid, random, this.#startTime, { ...options, adoptsExoPhones: this.#adoptsExoPhones });
	}

	/** An account that was dropped and comes back gets another stream than before, so that no SID comes twice. */
	#newStream(sid: string): RandomStream {
		if (this.#seed === null) return new RandomStream(null);
		return new RandomStream(this.#dropped === 0 ? `${this.#seed}|${sid}` : `${this.#seed}|${sid}|${this.#dropped}`);
	}

	/** Removes the least recently used account. */
	#forgetOldest(): void {
		const oldest = this.list().reduce((one, other) => (other.lastUse < one.lastUse ? other : one));
		this.#known.delete(oldest.sid);
		this.#dropped++;
	}

	list(): Account[] {
		return [...this.#known.values()];
	}

	/**
	 * Checks an API key and token.
	 * @returns whether they belong to some account, and whether to this one
	 */
	admits(credentials: Credentials, sid: string): Admission {
		if (!this.closed) return 'yes';
		const owned = this.#configured.filter(
			({ key, token }) => key === credentials.key && token === credentials.token,
		);
		if (owned.length === 0) return 'no';
		return owned.some((account) => account.sid === sid) ? 'yes' : 'other-account';
	}
}
