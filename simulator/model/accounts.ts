/**
 * All accounts of a simulator. Everything a request can see belongs to exactly one account SID; two accounts never see
 * each other's calls.
 */
import { Account } from './account';
import type { AccountOptions } from './options';

/** Accounts that may appear without being configured. */
const MAX_ACCOUNTS = 500;

/** What a request authenticates with. */
export interface Credentials {
	key: string;
	token: string;
}

/** Whether credentials are good for an account. */
export type Admission = 'yes' | 'no' | 'other-account';

/** The accounts, by SID. */
export class Accounts {
	readonly #known = new Map<string, Account>();
	#uses = 0;

	readonly #configured: AccountOptions[];
	readonly #seed: string;
	readonly #startTime: number;

	constructor(configured: AccountOptions[], seed: string, startTime: number) {
		this.#configured = configured;
		this.#seed = seed;
		this.#startTime = startTime;
		this.reset();
	}

	/** True if only the configured accounts exist. */
	get closed(): boolean {
		return this.#configured.length > 0;
	}

	reset(sid?: string): void {
		if (sid === undefined) this.#known.clear();
		else this.#known.delete(sid);
		for (const options of this.#configured) {
			if (sid === undefined || sid === options.sid)
				this.#known.set(options.sid, new Account(options.sid, this.#seed, this.#startTime, options));
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
		const account = new Account(sid, this.#seed, this.#startTime);
		account.lastUse = ++this.#uses;
		this.#known.set(sid, account);
		return account;
	}

	/** Removes the least recently used account. */
	#forgetOldest(): void {
		const oldest = this.list().reduce((one, other) => (other.lastUse < one.lastUse ? other : one));
		this.#known.delete(oldest.sid);
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
