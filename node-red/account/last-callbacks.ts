/** When Exotel last called a webhook of an account; known across deploys, until Node-RED restarts. */
import { accountId, keepForAccount, type Account } from '../../exotel/index';
import { processClock } from '../clock';

/** By account, ms since 1970. */
const lastCallbacks = new Map<string, number>();

/** Notes that a request to a webhook of the account was let in. */
export function noteCallback(account: Account): void {
	keepForAccount(lastCallbacks, accountId(account), processClock.now());
}

/** When that was last, ISO 8601; null when it has not been yet. */
export function lastCallbackOf(account: Account): string | null {
	const at = lastCallbacks.get(accountId(account));
	return at === undefined ? null : new Date(at).toISOString();
}
