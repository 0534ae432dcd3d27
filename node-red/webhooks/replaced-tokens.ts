/**
 * The webhook token an account had before it was given a new one. Calls under way report to addresses with the old
 * token, and those pasted into Exotel are replaced by hand; so the old one is accepted for a day more, by this Node-RED
 * and until it restarts. The editor cannot keep it for the user: it never sees a saved token again. A token that has
 * leaked is revoked: it opens nothing from then on.
 */

import { isEnvironmentVariable } from '../account-form';

/** Longer than the longest call, long enough to paste a few addresses. */
const STILL_ACCEPTED_MS = 24 * 60 * 60 * 1000;

interface Tokens {
	present: string;
	/** The account's field "previous token"; blank once it has been revoked. */
	previous: string;
	/** As deployed: another one is not revoked. */
	deployedPrevious: string;
	replaced: string;
	/** ms since 1970. */
	until: number;
	/** The present token is invalid as soon as this one, announced with *revoke now*, takes its place; else blank. */
	successor: string;
}

/** What *revoke now* did. */
export type Revoked = 'revoked' | 'with-deploy' | 'none';

/** An environment variable stands for a token that is not known yet. */
const isAnnounced = ({ successor }: Tokens, token: string): boolean =>
	isEnvironmentVariable(successor) || (successor !== '' && successor === token.trim());

const isReplacedAccepted = ({ replaced, until }: Tokens): boolean => replaced !== '' && Date.now() < until;

/** The tokens of all accounts of one Node-RED, by account id. */
export class ReplacedTokens {
	readonly #byAccount = new Map<string, Tokens>();

	/**
	 * Notes the tokens an account has now; the function returned gives those that are accepted beside the present one:
	 * the one in the field "previous token", and the one the account had before.
	 */
	note(accountId: string, present: string, previous: string): () => string[] {
		const last = this.#byAccount.get(accountId);
		const hasSamePrevious = last?.deployedPrevious === previous;
		const tokens: Tokens = {
			present,
			previous: hasSamePrevious ? last.previous : previous,
			deployedPrevious: previous,
			replaced: last?.replaced ?? '',
			until: last?.until ?? 0,
			successor: last?.present === present ? last.successor : '',
		};
		if (last !== undefined && last.present !== present) {
			tokens.replaced = isAnnounced(last, present) ? '' : last.present;
			tokens.until = Date.now() + STILL_ACCEPTED_MS;
		}
		this.#byAccount.set(accountId, tokens);
		// Whoever takes the token away wants the old one to open nothing either.
		return () => [tokens.previous, present !== '' && isReplacedAccepted(tokens) ? tokens.replaced : ''];
	}

	/**
	 * Makes every token but the present one invalid at once. With `successor`, a token that is in the form and not
	 * deployed yet, the present one becomes invalid as soon as that one is deployed, without a day in between.
	 */
	revoke(accountId: string, successor: string): Revoked {
		const tokens = this.#byAccount.get(accountId);
		if (tokens === undefined) return 'none';
		const hadOthers = tokens.previous !== '' || isReplacedAccepted(tokens);
		tokens.previous = '';
		tokens.replaced = '';
		if (successor !== '' && successor !== tokens.present && tokens.present !== '') {
			tokens.successor = successor;
			return 'with-deploy';
		}
		return hadOthers ? 'revoked' : 'none';
	}

	/** The account was deleted. */
	forget(accountId: string): void {
		this.#byAccount.delete(accountId);
	}
}
