/**
 * The webhook tokens an account had before it was given a new one. Calls under way report to addresses with the old
 * token, and those pasted into Exotel are replaced by hand; so each is accepted for a day more, by this Node-RED and
 * until it restarts. The editor cannot keep it for the user: it never sees a saved token again. A token that has
 * leaked is revoked: it opens nothing from then on.
 */

import { isEnvironmentVariable } from '../account-form';

/** Longer than the longest call, long enough to paste a few addresses. */
const STILL_ACCEPTED_MS = 24 * 60 * 60 * 1000;

/** Whoever tries *Generate* out keeps the token that is pasted in Exotel. */
const MAX_REPLACED = 20;

interface Tokens {
	present: string;
	/** The account's field "previous token"; blank once it has been revoked. */
	previous: string;
	/** As deployed: another one is not revoked. */
	deployedPrevious: string;
	/** The latest first; each until a time, ms since 1970. */
	replaced: readonly { token: string; until: number }[];
	/** The present token is invalid as soon as this one, announced with *revoke now*, takes its place; else blank. */
	successor: string;
}

/** What *revoke now* did. */
export type Revoked = 'revoked' | 'with-deploy' | 'none';

/** An environment variable stands for a token that is not known yet. */
const isAnnounced = ({ successor }: Tokens, token: string): boolean =>
	isEnvironmentVariable(successor) || (successor !== '' && successor === token.trim());

const acceptedOf = ({ replaced }: Pick<Tokens, 'replaced'>): string[] =>
	replaced.flatMap(({ token, until }) => (Date.now() < until ? [token] : []));

/** The tokens of all accounts of one Node-RED, by account id. */
export class ReplacedTokens {
	readonly #byAccount = new Map<string, Tokens>();

	/**
	 * Notes the tokens an account has now; the function returned gives those that are accepted beside the present one:
	 * the one in the field "previous token", and those the account had within a day.
	 */
	note(accountId: string, present: string, previous: string): () => string[] {
		const last = this.#byAccount.get(accountId);
		const hasSamePrevious = last?.deployedPrevious === previous;
		const tokens: Tokens = {
			present,
			previous: hasSamePrevious ? last.previous : previous,
			deployedPrevious: previous,
			replaced: last?.replaced ?? [],
			successor: last?.present === present ? last.successor : '',
		};
		if (last !== undefined && last.present !== present && !isAnnounced(last, present)) {
			const replaced = { token: last.present, until: Date.now() + STILL_ACCEPTED_MS };
			tokens.replaced = [replaced, ...tokens.replaced].slice(0, MAX_REPLACED);
		}
		// Whoever takes the token away wants the old ones to open nothing either.
		if (present === '') tokens.replaced = [];
		this.#byAccount.set(accountId, tokens);
		return () => [tokens.previous, ...acceptedOf(tokens)];
	}

	/**
	 * Makes every token but the present one invalid at once. With `successor`, a token that is in the form and not
	 * deployed yet, the present one becomes invalid as soon as that one is deployed, without a day in between.
	 */
	revoke(accountId: string, successor: string): Revoked {
		const tokens = this.#byAccount.get(accountId);
		if (tokens === undefined) return 'none';
		const hadOthers = tokens.previous !== '' || acceptedOf(tokens).length > 0;
		tokens.previous = '';
		tokens.replaced = [];
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
