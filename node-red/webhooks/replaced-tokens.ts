/**
 * The webhook token an account had before it was given a new one. Calls under way report to addresses with the old
 * token, and those pasted into Exotel are replaced by hand; so the old one is accepted for a day more, by this Node-RED
 * and until it restarts. The editor cannot keep it for the user: it never sees a saved token again.
 */

/** Longer than the longest call, long enough to paste a few addresses. */
const STILL_ACCEPTED_MS = 24 * 60 * 60 * 1000;

interface Tokens {
	present: string;
	replaced: string;
	/** ms since 1970. */
	until: number;
}

/** The tokens of all accounts of one Node-RED, by account id. */
export class ReplacedTokens {
	readonly #byAccount = new Map<string, Tokens>();

	/**
	 * Notes the token an account has now; the function returned gives the one it had before while that is still
	 * accepted, else blank.
	 */
	note(accountId: string, present: string): () => string {
		const last = this.#byAccount.get(accountId);
		let tokens = last ?? { present, replaced: '', until: 0 };
		if (tokens.present !== present) {
			tokens = { present, replaced: tokens.present, until: Date.now() + STILL_ACCEPTED_MS };
		}
		this.#byAccount.set(accountId, tokens);
		// Whoever takes the token away wants the old one to open nothing either.
		return () => (present !== '' && Date.now() < tokens.until ? tokens.replaced : '');
	}

	/** The account was deleted. */
	forget(accountId: string): void {
		this.#byAccount.delete(accountId);
	}
}
