/**
 * One pacer for each account in this process, shared by all workflows and nodes: Exotel's limit counts for the account
 * (facts 1.3). The account is its API host, SID and API key, so that a made-up key uses up nobody's turns.
 */
import { createHash } from 'crypto';
import { accountId, type Account } from '../account';
import { keepForAccount } from '../newest-entries';
import { createPacer, DEFAULT_REQUESTS_PER_MINUTE, type Pacer } from './pacing';
import type { Clock } from './transport';

/** A process that uses more accounts than are kept gives the oldest a fresh minute. */
const pacers = new Map<string, Pacer>();

function digest(apiKey: unknown): string {
	return createHash('sha256')
		.update(typeof apiKey === 'string' ? apiKey.trim() : '')
		.digest('base64url');
}

/**
 * The pacer of an account and its API key. `perMinute` is the user's setting, which counts for all who use the account;
 * without one, Exotel's limit of 200.
 */
export function pacerOf(
	account: Account,
	apiKey: unknown,
	clock: Clock,
	perMinute = DEFAULT_REQUESTS_PER_MINUTE,
): Pacer {
	const key = `${accountId(account)} ${digest(apiKey)}`;
	const known = pacers.get(key);
	if (known !== undefined) {
		known.setRate(perMinute);
		return known;
	}
	const pacer = createPacer({ perMinute, clock });
	keepForAccount(pacers, key, pacer);
	return pacer;
}
